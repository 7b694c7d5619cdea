"""One made-up event for a subscription, to see what its receiver says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..core.errors import ConflictError, NotFoundError
from ..core.world import World
from ..resources.agent.model import Agent, AgentStatus, AgentSubscription
from ..resources.event.model import EventType, Subscription
from ..resources.extension.model import Extension, Type
from ..resources.phone_events.model import PhoneSubscription
from .delivery import Delivery
from .outbox import note
from .payload import Event, Party, agent_parameters
from .publish import data_of

_CALLER = "+79161112233"
_STATUS = {EventType.ANSWER: "ANSWER", EventType.HANGUP: "ANSWER"}


def send_sample(world: World, subscription_id: int) -> Delivery:
    """The subscription's receiver is sent an event of its type when the change ends.

    Raises:
        NotFoundError: there is no such subscription, or no phone that it could be about.
        ConflictError: a sample for it is under way, as when its url leads here.
    """
    for kind in (Subscription, PhoneSubscription, AgentSubscription):
        subscription: Any = world.store.find(kind, subscription_id)
        if subscription is not None:
            break
    else:
        raise NotFoundError((), f"there is no subscription {subscription_id}")
    _check_no_circle(world, subscription_id)
    extension, data = _about(world, subscription)
    delivery = Delivery.of(
        world, subscription, extension.id, EventType(subscription.event_type), data
    )
    delivery.sample = True
    world.send(delivery)
    return delivery


def _check_no_circle(world: World, subscription_id: int) -> None:
    """A sample that makes its receiver ask for another one goes round once."""
    for one in world.deliveries:
        if one.sample and not one.sent and one.subscription_id == subscription_id:
            text = f"a sample for subscription {subscription_id} is still under way"
            note(one, "DLV-1", text)
            raise ConflictError((), text)


def sample(world: World, extension: Extension, event_type: EventType) -> Event:
    """An event of that type, as a call that was answered for half a minute causes it."""
    out = event_type in (EventType.DIAL_OUT, EventType.MESSAGE_OUT)
    call_id = world.ids.hex32()
    return Event(
        type=event_type,
        at=world.clock.start + world.clock.tick(),
        extension=Party(extension.id, extension.name, extension.domain),
        role=extension.type,
        flow="out" if out else "in",
        call_id=call_id,
        leg_hex=call_id if out else world.ids.hex32(),
        api_id=world.ids.call_api_id(call_id),
        status=_STATUS.get(event_type, "CALLING"),
        caller_num=extension.name if out else _CALLER,
        called_number=_CALLER if out else extension.name,
        talked=timedelta(seconds=30),
        text="A test message",
    )


def _about(world: World, subscription: Any) -> tuple[Extension, tuple[tuple[str, str], ...]]:
    """Whose event is sent, and its data."""
    event_type = EventType(subscription.event_type)
    if isinstance(subscription, AgentSubscription):
        agent = world.store.get(Agent, subscription.agent_id)
        extension = world.store.get(Extension, agent.extension_id)
        logs_in = event_type is EventType.AGENT_LOGIN
        status = AgentStatus.AVAILABLE if logs_in else AgentStatus.LOGGED_OUT
        return extension, tuple(agent_parameters(agent.id, status.value, extension.name))
    if isinstance(subscription, PhoneSubscription):
        extension = _phone_of(world, subscription.client_id)
    else:
        extension = world.store.get(Extension, subscription.extension_id)
    return extension, data_of(world, sample(world, extension, event_type))


def _phone_of(world: World, client_id: int) -> Extension:
    for extension in world.store.of(Extension, "client_id", client_id):
        if extension.type == Type.PHONE:
            return extension
    raise NotFoundError((), f"client {client_id} has no phone")
