"""Public numbers, and the extension that each leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import InvalidError, not_found
from ...core.ids import parse_id
from ...core.paging import page_of
from ...core.store import altered
from ...core.world import World
from ..extension.model import Extension, Type


@dataclass(frozen=True, slots=True)
class Did:
    """A public number; `name` is its digits, without a plus.

    Source: DID-1
    """

    TABLE: ClassVar[str] = "did"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = "name"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    name: str
    create_date: str
    extension_id: int | None = None
    domain: str | None = None
    comment: str | None = None
    allow_message: bool = False
    message_extension_id: int | None = None


def named(world: World, number: str) -> Did | None:
    """The public number that somebody dialled, with a plus or without."""
    return world.store.named(Did, number.lstrip("+"))


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[Did]:
    """One page of the client's public numbers, by rising id.

    Source: DID-1, GEN-14
    """
    ids = world.store.ids(Did, "client_id", client.id)
    return page_of(ids, lambda key: world.store.get(Did, key), query["page"], query["per_page"])


def find(world: World, client: Client, text: str) -> Did:
    """The client's public number with that id.

    Raises:
        NotFoundError: it has none.

    Source: DID-1, ERR-6
    """
    found = world.store.find(Did, parse_id(text) or 0)
    if found is None or found.client_id != client.id:
        raise not_found(f"client {client.id} has no public number {text[:40]}", "DID-1")
    return found


def release(world: World, extension: Extension) -> None:
    """Let none of the client's public numbers lead to the extension.

    Source: DID-1, EXT-7
    """
    for did in world.store.of(Did, "client_id", extension.client_id):
        for name in ("extension_id", "message_extension_id"):
            if getattr(did, name) == extension.id:
                did = world.store.put(altered(did, **{name: None}))


def change(world: World, did: Did, fields: Mapping[str, Any]) -> Did:
    """The public number leads there; None is nowhere. What is left out is kept.

    Raises:
        InvalidError: an extension is not the client's, or messages lead to one that is no phone.

    Source: DID-1
    """
    for name in ("extension_id", "message_extension_id"):
        number = fields.get(name)
        if number is None:
            continue
        extension = world.store.find(Extension, number)
        if extension is None or extension.client_id != did.client_id:
            raise InvalidError("DID-1", f"{name}: client {did.client_id} has no extension {number}")
        if name == "message_extension_id" and extension.type != Type.PHONE:
            raise InvalidError("DID-1", f"{name}: {number} is {extension.type}, not a phone")
    return world.store.put(replace(did, **fields))
