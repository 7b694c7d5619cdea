"""Text messages that came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ...core.errors import not_found
from ...core.paging import page_in_time
from ...core.world import World
from ..extension.model import Extension, Type


@dataclass(frozen=True, slots=True)
class Message:
    """One text message as one phone has it.

    Source: MSG-1
    """

    TABLE: ClassVar[str] = "message"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "extension_id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    extension_id: int
    flow: str
    from_number: str
    to_number: str
    text: str
    at: datetime


def keep(
    world: World, extension: Extension, flow: str, sender: str, to: str, text: str, at: datetime
) -> Message:
    """The phone has the message; the oldest of its client goes when there are too many.

    Source: MSG-1
    """
    client_id = extension.client_id
    ids = world.store.ids(Message, "client_id", client_id)
    if len(ids) >= world.config.journal_limit:
        world.store.remove(world.store.get(Message, ids[0]))
    number = world.store.next_id(Message)
    return world.store.put(Message(number, client_id, extension.id, flow, sender, to, text, at))


def of_phone(world: World, extension: Extension) -> Extension:
    """The extension, which is a phone.

    Raises:
        NotFoundError: it is none, so it has no messages.

    Source: MSG-1, EVT-7
    """
    if extension.type != Type.PHONE:
        raise not_found(f"extension {extension.id} is {extension.type}, not a phone", "MSG-1")
    return extension


def listed(world: World, extension: Extension, query: Mapping[str, Any]) -> list[Message]:
    """One page of the phone's messages, the newest first unless the query says otherwise.

    Source: MSG-1, GEN-14
    """
    found = world.store.of(Message, "extension_id", extension.id)
    return page_in_time(found, lambda one: one.at, query)
