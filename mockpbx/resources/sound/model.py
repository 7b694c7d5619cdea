"""Sounds that are played to callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import not_found
from ...core.ids import parse_id
from ...core.paging import page_matching
from ...core.path import ID, PathParameter
from ...core.world import World
from ..record.sound import Sound, sound

#: A sound in a path.
SOUND_ID = PathParameter("sound", "sound_id", ID)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sound of the client, or with a `dealer_id` one that its dealer lends it.

    Source: SND-1
    """

    TABLE: ClassVar[str] = "sound"
    PARENTS: ClassVar[Mapping[str, str]] = {"owner_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    owner_id: int
    title: str
    filename: str
    length: timedelta
    dealer_id: int | None = None

    @property
    def client_id(self) -> int | None:
        """The client whose sound it is; None for one of the dealer."""
        return self.owner_id if self.dealer_id is None else None

    @property
    def sound(self) -> Sound:
        """The announcement's sound: a WAV file."""
        return sound("wav", stereo=False, length=self.length)


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[Announcement]:
    """One page of the sounds that the client has, of those that the filters let through.

    Source: SND-1, GEN-14
    """
    return page_matching(_matching(world, client, query), query["page"], query["per_page"])


def _matching(world: World, client: Client, query: Mapping[str, Any]) -> Iterator[Announcement]:
    for one in world.store.of(Announcement, "owner_id", client.id):
        if query.get("id") and one.id not in query["id"]:
            continue
        if query.get("title") and one.title not in query["title"]:
            continue
        if query["own_only"] and one.dealer_id is not None:
            continue
        yield one


def find(world: World, client: Client, text: str) -> Announcement:
    """The client's sound with that id.

    Raises:
        NotFoundError: it has none.

    Source: SND-1, ERR-6
    """
    found = world.store.find(Announcement, parse_id(text) or 0)
    if found is None or found.owner_id != client.id:
        raise not_found(f"client {client.id} has no sound {text[:40]}", "SND-1")
    return found
