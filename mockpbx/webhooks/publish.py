"""Finds the subscriptions to an event and sends it to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.world import World
from ..resources.agent.model import Agent, AgentSubscription, is_available
from ..resources.event.model import EventType, Subscription
from ..resources.extension.model import Extension, Type
from ..resources.phone_events.model import PhoneSubscription
from .delivery import Delivery
from .payload import Event, agent_parameters, parameters


def publish(world: World, event: Event) -> None:
    """Every subscription to that type of event of that extension gets it, once the change ends.

    Source: DLV-1, EVT-9, EVT-12
    """
    data: tuple[tuple[str, str], ...] | None = None
    for subscription in subscriptions(world, event):
        if data is None:
            data = data_of(world, event)
        world.send(Delivery.of(world, subscription, event.extension.id, event.type, data))


def data_of(world: World, event: Event) -> tuple[tuple[str, str], ...]:
    """What is sent of the event.

    Source: DAT-6
    """
    data = parameters(event)
    if world.readings.call_flow_case == "upper":
        data = [(name, value.upper() if name == "CallFlow" else value) for name, value in data]
    return tuple(data)


def subscriptions(world: World, event: Event) -> Iterator[Any]:
    """The extension's own subscriptions, then those on all phones of its client."""
    for own in world.store.of(Subscription, "extension_id", event.extension.id):
        if own.event_type == event.type:
            yield own
    extension = world.store.get(Extension, event.extension.id)
    if extension.type == Type.PHONE:
        for shared in world.store.of(PhoneSubscription, "client_id", extension.client_id):
            if shared.event_type == event.type:
                yield shared


def publish_agent(world: World, agent_id: int) -> None:
    """Every subscription to the login or the logout that gave the agent its status gets it.

    They are sent once the change ends.

    Source: AGT-1
    """
    agent = world.store.get(Agent, agent_id)
    event_type = EventType.AGENT_LOGIN if is_available(agent) else EventType.AGENT_LOGOUT
    extension = world.store.get(Extension, agent.extension_id)
    data = agent_parameters(agent.id, agent.status, extension.name)
    for subscription in world.store.of(AgentSubscription, "agent_id", agent.id):
        if subscription.event_type == event_type:
            world.send(Delivery.of(world, subscription, extension.id, event_type, data))
