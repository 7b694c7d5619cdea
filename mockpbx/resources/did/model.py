"""Public numbers, and the extension that each leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from ...core.world import World


@dataclass(frozen=True, slots=True)
class Did:
    """A public number; `name` is its digits, without a plus.

    Source: DID-1 (observed)
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
