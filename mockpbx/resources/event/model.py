"""Event subscriptions of one extension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import AccessDeniedError, InvalidError, not_found
from ...core.ids import parse_id
from ...core.world import World
from ..extension.model import Extension, Type


class EventType(str, Enum):
    """What an event tells of.

    Source: EVT-4, EVT-12, AGT-1
    """

    DIAL_IN = "dial-in"
    DIAL_OUT = "dial-out"
    HANGUP = "hangup"
    ANSWER = "answer"
    MESSAGE_IN = "message-in"
    MESSAGE_OUT = "message-out"
    VOICEMAIL = "voicemail"
    EXTENSION_CALL_STATUS = "extension-call-status"
    AGENT_LOGIN = "agent-login"
    AGENT_LOGOUT = "agent-logout"


#: The types of an extension's events.
TYPES = (
    EventType.DIAL_IN.value,
    EventType.DIAL_OUT.value,
    EventType.HANGUP.value,
    EventType.ANSWER.value,
    EventType.MESSAGE_IN.value,
    EventType.MESSAGE_OUT.value,
    EventType.VOICEMAIL.value,
)
METHODS = ("GET", "POST")

#: The tables of subscriptions, which share one sequence of ids (EVT-11).
TABLES = ("event", "phone_event", "agent_event")
#: Those that count against a client's limit (EVT-10).
_LIMITED = ("event", "phone_event")

#: The events of text messages.
MESSAGES = (EventType.MESSAGE_IN, EventType.MESSAGE_OUT)
_NOT_ON_IVR = (EventType.DIAL_OUT, EventType.ANSWER)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One url that is told about one type of event of one extension.

    Source: EVT-1, EVT-11
    """

    TABLE: ClassVar[str] = "event"
    PARENTS: ClassVar[Mapping[str, str]] = {"extension_id": "extension", "client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    extension_id: int
    client_id: int
    url: str
    method: str
    event_type: str


def find(world: World, extension: Extension, text: str) -> Subscription:
    """The extension's subscription with that id.

    Raises:
        NotFoundError: it has none.

    Source: EVT-3, ERR-6
    """
    number = parse_id(text)
    found = world.store.find(Subscription, number) if number is not None else None
    if found is None or found.extension_id != extension.id:
        raise not_found(f"extension {extension.id} has no event {text[:40]}")
    return found


def subscribe(world: World, extension: Extension, fields: Mapping[str, Any]) -> Subscription:
    """The url is told about that type of event from now on.

    Raises:
        InvalidError: the type does not exist on such an extension.
        AccessDeniedError: the client has as many subscriptions as it may.

    Source: EVT-1, EVT-9, EVT-10, EVT-11
    """
    check(extension, fields, world.readings.ivr_events)
    client = world.store.get(Client, extension.client_id)
    check_limit(world, client)
    number = new_id(world)
    return world.store.put(Subscription(number, extension.id, client.id, **fields))


def new_id(world: World) -> int:
    """An id that no subscription of any kind has or had.

    Source: EVT-11
    """
    kinds = [kind for kind in world.store.kinds if kind.TABLE in TABLES]
    number = max(world.store.next_id(kind) for kind in kinds)
    for kind in kinds:
        world.store.reserve_id(kind, number + 1)
    return number


def check_limit(world: World, client: Client) -> None:
    """Check that the client may have one more subscription.

    Raises:
        AccessDeniedError: it has as many as it may.

    Source: EVT-10
    """
    if used(world, client) >= client.event_limit:
        raise AccessDeniedError(
            "EVT-10", f"Event limit reached: client {client.id} may have {client.event_limit}"
        )


def change(
    world: World, extension: Extension, subscription: Subscription, fields: Mapping[str, Any]
) -> Subscription:
    """The subscription has that url, method and type; its id stays.

    Raises:
        InvalidError: as for a new one.

    Source: EVT-3
    """
    check(extension, fields, world.readings.ivr_events)
    return world.store.put(replace(subscription, **fields))


def unsubscribe_all(world: World, extension: Extension) -> None:
    """Delete all subscriptions of the extension.

    Source: EVT-2
    """
    for subscription in listed(world, extension):
        world.store.remove(subscription)


def listed(world: World, extension: Extension) -> list[Subscription]:
    """The extension's subscriptions, by rising id.

    Source: EVT-2, EVT-9
    """
    return world.store.of(Subscription, "extension_id", extension.id)


def used(world: World, client: Client) -> int:
    """How many subscriptions the client has, those on all its phones among them.

    Source: EVT-10, CLI-2
    """
    kinds = (kind for kind in world.store.kinds if kind.TABLE in _LIMITED)
    return sum(len(world.store.ids(kind, "client_id", client.id)) for kind in kinds)


def check(extension: Extension, fields: Mapping[str, Any], ivr_events: str) -> None:
    """That type of event exists on such an extension; on an ivr as the reading `ivr_events` says.

    Raises:
        InvalidError: it does not.

    Source: EVT-7, EVT-8
    """
    event_type = fields["event_type"]
    if event_type in MESSAGES and extension.type != Type.PHONE:
        text = f"event_type: {event_type} exists only on extensions of type phone"
        raise InvalidError("EVT-7", f"{text}, not {extension.type}")
    if event_type in _NOT_ON_IVR and extension.type == Type.IVR and ivr_events == "refuse":
        text = f"event_type: {event_type} does not exist on an ivr-type extension"
        raise InvalidError("EVT-8", text)
