"""One table of records: a shared base plus what changed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar, Protocol


class Record(Protocol):
    """What the store asks of a record; see `core/store.py`."""

    TABLE: ClassVar[str]
    PARENTS: ClassVar[Mapping[str, str]]
    NAME: ClassVar[str | None]
    SHARED: ClassVar[tuple[str, ...]]

    @property
    def id(self) -> int:
        """The record's key."""


Rows = Mapping[int, Any]
#: field -> value of that field -> ids in rising order
Children = Mapping[str, Mapping[Any, Sequence[int]]]

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class TableBase:
    """The part of a table that is shared and never changes."""

    rows: Rows = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    children: Children = field(default_factory=dict)
    next_id: int = 1


NO_ROWS = TableBase()


class Table:
    """One table of one world: the base, the rows changed since, and indexes over both."""

    __slots__ = ("base", "children", "entries", "kind", "names", "next_id", "parents", "rows")

    def __init__(self, kind: type[Record], base: TableBase) -> None:
        self.kind = kind
        self.base = base
        self.rows: dict[int, Any] = {}  # None: deleted here, still in the base
        self.names: dict[str, int | None] = {}
        self.parents = [name for name in kind.PARENTS if name != "id"]
        self.children: dict[str, dict[Any, list[int]]] = {name: {} for name in self.parents}
        #: What the indexes know of a row.
        self.entries = attrgetter("id", *self.parents, *filter(None, [kind.NAME]))
        self.next_id = base.next_id

    def find(self, key: int) -> Any:
        """The row with that id, or None."""
        row = self.rows.get(key, _ABSENT)
        return self.base.rows.get(key) if row is _ABSENT else row

    def named(self, name: str) -> Any:
        """The row with that name, or None."""
        key = self.names[name] if name in self.names else self.base.names.get(name)
        return None if key is None else self.find(key)

    def ids(self, name: str, value: Any) -> Sequence[int]:
        """Ids of the rows whose parent field has that value, rising."""
        if name == "id":
            return (value,) if self.find(value) is not None else ()
        own = self.children[name].get(value)
        return self.base.children.get(name, {}).get(value, ()) if own is None else own

    def all_ids(self) -> Iterable[int]:
        """Ids of all rows, rising."""
        kept = (key for key in self.base.rows if key not in self.rows)
        return sorted([*kept, *(key for key, row in self.rows.items() if row is not None)])

    def set(self, key: int, row: Any) -> Any:
        """Make `row` the record with that key (None: no record); answers the one before."""
        before = self.find(key)
        if before is not None and row is not None and self.entries(before) == self.entries(row):
            self.rows[key] = row
            return before
        if before is not None:
            self._unlist(before)
        if row is not None:
            self.rows[key] = row
            self._enlist(row)
        elif key in self.base.rows:
            self.rows[key] = None
        else:
            self.rows.pop(key, None)
        return before

    def copy(self) -> Table:
        """A table that shares the base and owns its changes."""
        twin = Table(self.kind, self.base)
        twin.rows, twin.names, twin.next_id = self.rows.copy(), self.names.copy(), self.next_id
        twin.children = {
            name: {value: ids.copy() for value, ids in lists.items()}
            for name, lists in self.children.items()
        }
        return twin

    def merged(self) -> TableBase:
        """All rows and indexes as a base."""
        rows = {key: self.find(key) for key in self.all_ids()}
        names = {**self.base.names, **self.names}
        children = {
            name: {
                **self.base.children.get(name, {}),
                **{value: tuple(ids) for value, ids in lists.items()},
            }
            for name, lists in self.children.items()
        }
        kept = {name: key for name, key in names.items() if key is not None}
        return TableBase(rows, kept, children, self.next_id)

    def _own(self, name: str, value: Any) -> list[int]:
        lists = self.children[name]
        if value not in lists:
            lists[value] = list(self.base.children.get(name, {}).get(value, ()))
        return lists[value]

    def _enlist(self, row: Any) -> None:
        for name in self.parents:
            if (value := getattr(row, name)) is not None:
                insort(self._own(name, value), row.id)
        if self.kind.NAME is not None:
            self.names[getattr(row, self.kind.NAME)] = row.id

    def _unlist(self, row: Any) -> None:
        for name in self.parents:
            if (value := getattr(row, name)) is not None:
                ids = self._own(name, value)
                del ids[bisect_left(ids, row.id)]
                if not ids and value not in self.base.children.get(name, {}):
                    del self.children[name][value]
        if self.kind.NAME is not None:
            text = getattr(row, self.kind.NAME)
            if text in self.base.names:
                self.names[text] = None
            else:
                del self.names[text]
