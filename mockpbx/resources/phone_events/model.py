"""Subscriptions to an event of all phones of a client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.world import World
from ..event.model import TYPES, EventType, check_limit, new_id

#: The types of an extension's events, and one more.
PHONE_TYPES = (*TYPES, EventType.EXTENSION_CALL_STATUS.value)


@dataclass(frozen=True, slots=True)
class PhoneSubscription:
    """One url that is told about one type of event of every phone of a client.

    Source: EVT-12
    """

    TABLE: ClassVar[str] = "phone_event"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    url: str
    method: str
    event_type: str


def subscribe(world: World, client: Client, fields: Mapping[str, Any]) -> PhoneSubscription:
    """The url is told about that type of event of every phone from now on.

    Raises:
        AccessDeniedError: the client has as many subscriptions as it may.

    Source: EVT-12, EVT-10, EVT-11
    """
    check_limit(world, client)
    return world.store.put(PhoneSubscription(new_id(world), client.id, **fields))


def listed(world: World, client: Client) -> list[PhoneSubscription]:
    """The client's subscriptions on all its phones, by rising id.

    Source: EVT-12
    """
    return world.store.of(PhoneSubscription, "client_id", client.id)
