"""What of a world file counts from the start of each world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from ..config import Config
from ..core.accounts import Client
from ..core.errors import RefusalError
from ..core.ids import Ids
from ..core.store import Base
from ..core.table import Record, TableBase
from ..core.world import Start, World
from .history import build as build_call
from .holdings import build as build_held
from .moments import DAYS, midnight, origins, resolved

#: Starts that are remembered; worlds that start in one second share what was made for it.
_STARTS = 16


class Item(NamedTuple):
    """One thing of a client's list, and where it stands in the file."""

    place: str
    client_id: int
    key: str
    values: Mapping[str, Any]


class Dated:
    """The calls and holdings with relative moments, on top of all the rest of the file.

    `faults` says what is wrong with them, each with its place; `tables` names those that hold them.
    """

    def __init__(
        self,
        kinds: Sequence[type[Record]],
        base: Base,
        ids: Ids,
        items: Sequence[Item],
        start: datetime,
    ) -> None:
        self._kinds, self._base, self._ids, self._items = tuple(kinds), base, ids, items
        self._by_day = all(origins(item.values) == {DAYS} for item in items)
        self._made = lru_cache(_STARTS)(self._make)
        self.faults: list[str] = []
        self.tables = frozenset(self._build(start, self.faults).store.changed())

    def at(self, start: datetime) -> Mapping[str, TableBase]:
        """Those tables, in a world that started then."""
        # Where only the day matters, all worlds of one day share what is made.
        return self._made(midnight(start) if self._by_day else start.replace(microsecond=0))

    def _make(self, start: datetime) -> Mapping[str, TableBase]:
        return self._build(start, []).store.changed()

    def _build(self, start: datetime, found: list[str]) -> World:
        world = World(Start("file", self._kinds, self._base), Config(freeze=False))
        world.ids = self._ids.copy()
        for item in self._items:
            client = world.store.find(Client, item.client_id)
            if client is None:
                continue  # told of where it stands
            try:
                build(world, client, item.key, resolved(item.values, start))
            except RefusalError as refusal:
                found.append(f"{item.place}: {refusal.message}")
        return world


def build(world: World, client: Client, key: str, values: Mapping[str, Any]) -> None:
    """One thing of the client's list of that name is there.

    Raises:
        InvalidError: it refers to what is not there, or stands there twice.
    """
    if key == "calls":
        build_call(world, client, values)
    else:
        build_held(world, client, key, values)
