"""A shipped world, built when its first record is asked for: a server is ready before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from ..core.store import Base
from ..core.table import TableBase

if TYPE_CHECKING:
    from ..core.world import Relative

#: The records of a world, and what of it depends on the moment at which it starts.
Parts = tuple[Base, "Relative | None"]


class Tables(Mapping[str, TableBase]):
    """The tables of a world that is not built yet, and what is in them by the start's moment.

    It stands for both parts, as what is relative is known when the rest is built.
    """

    def __init__(self, build: Callable[[], Parts]) -> None:
        self._build = build
        self._building = Lock()
        self._found: Parts | None = None

    @property
    def _parts(self) -> Parts:
        with self._building:  # for two who ask at once
            if self._found is None:
                self._found = self._build()
            return self._found

    @cached_property
    def tables(self) -> RelativeTables:
        """The names of the tables that depend on the start's moment."""
        return RelativeTables(lambda: self._parts[1])

    def at(self, start: datetime) -> Mapping[str, TableBase]:
        """Those tables, in a world that started then."""
        relative = self._parts[1]
        return {} if relative is None else relative.at(start)

    def __getitem__(self, name: str) -> TableBase:
        return self._parts[0].tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts[0].tables)

    def __len__(self) -> int:
        return len(self._parts[0].tables)


class RelativeTables:
    """Names that are known once the world is built."""

    def __init__(self, relative: Callable[[], Relative | None]) -> None:
        self._relative = relative

    def __contains__(self, name: object) -> bool:
        relative = self._relative()
        return relative is not None and name in relative.tables
