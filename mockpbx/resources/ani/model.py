"""The number that an extension shows outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...core.errors import InvalidError
from ...core.world import World
from ..did.model import named
from ..extension.model import Extension


@dataclass(frozen=True, slots=True)
class Ani:
    """The public number that an extension's calls show; it has the extension's id.

    Source: ANI-1
    """

    TABLE: ClassVar[str] = "ani"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    number: str


def of(world: World, extension_id: int) -> str | None:
    """The number that calls of the extension show, if one is set."""
    found = world.store.find(Ani, extension_id)
    return None if found is None else found.number


def shown(world: World, extension: Extension) -> dict[str, Any]:
    """The number as the API shows it.

    Source: ANI-1
    """
    return {"default": of(world, extension.id)}


def change(world: World, extension: Extension, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Calls of the extension show that number; None sets none.

    Raises:
        InvalidError: it is none of the client's public numbers.

    Source: ANI-1
    """
    number = fields["ani_number"]
    if number is None:
        found = world.store.find(Ani, extension.id)
        if found is not None:
            world.store.remove(found)
        return shown(world, extension)
    did = named(world, number)
    if did is None or did.client_id != extension.client_id:
        text = f"ani_number: client {extension.client_id} has no public number {number}"
        raise InvalidError("ANI-1", text)
    world.store.put(Ani(extension.id, did.name))
    return shown(world, extension)
