"""Tables of records: a base that worlds share, and what one world changed.

A record is a frozen dataclass with an integer `id` that declares, as class variables:

- `TABLE`: the name of its table;
- `PARENTS`: field name -> table; a record goes when one of its parents goes;
- `NAME`: the field by which it is looked up besides its id, unique in the table, or None;
- `SHARED`: the fields that a bundle keeps equal (BND-16).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from .table import NO_ROWS, Record, Table, TableBase

R = TypeVar("R", bound=Record)
T = TypeVar("T")


@cache
def _reader(kind: Hashable) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(item.name for item in fields(cast(Any, kind)))
    return names, attrgetter(*names)


def altered(record: T, **changes: Any) -> T:
    """The record with these changes: `dataclasses.replace` at half its cost."""
    names, read = _reader(cast(Hashable, type(record)))
    values = dict(zip(names, read(record), strict=True))
    values.update(changes)
    return type(record)(**values)


@lru_cache(maxsize=16)
def _by_table(kinds: tuple[type[Record], ...]) -> Mapping[str, type[Record]]:
    return {kind.TABLE: kind for kind in kinds}


@lru_cache(maxsize=16)
def _dependants(kinds: tuple[type[Record], ...]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """For each table the tables and fields whose records go with its own."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds:
        for name, parent in kind.PARENTS.items():
            found.setdefault(parent, []).append((kind.TABLE, name))
    return found


@dataclass(frozen=True, slots=True)
class Base:
    """The tables that fresh worlds of one start share."""

    tables: Mapping[str, TableBase]


@dataclass(frozen=True, slots=True)
class Late:
    """Tables that are made when one of them is first asked for."""

    names: Container[str]
    read: Callable[[], Mapping[str, TableBase]]


class _Tables(dict[str, Table]):
    """Tables by name, each made when it is asked for: a fresh world has touched none."""

    __slots__ = ("bases", "kinds", "late")

    def __init__(
        self, kinds: Mapping[str, type[Record]], bases: Mapping[str, TableBase], late: Late | None
    ) -> None:
        super().__init__()
        self.kinds = kinds
        self.bases = bases
        self.late = late

    def __missing__(self, name: str) -> Table:
        # Two that read at once get the same one.
        return self.setdefault(name, Table(self.kinds[name], self.base(name)))

    def base(self, name: str) -> TableBase:
        """The base of that table."""
        late = self.late
        if late is not None and name in late.names:
            self.bases, self.late = {**self.bases, **late.read()}, None
        return self.bases.get(name) or NO_ROWS

    def copy_for(self, late: Late | None) -> _Tables:
        """The same tables with changes of their own; what nobody read so far comes from `late`."""
        twin = _Tables(self.kinds, self.bases, None if self.late is None else late)
        twin.update((name, table.copy()) for name, table in self.items())
        return twin


class Store:
    """All tables of one world. Every change inside `transaction` is kept whole or not at all."""

    def __init__(
        self,
        kinds: Iterable[type[Record]],
        base: Base | None = None,
        late: Late | None = None,
    ) -> None:
        self._kinds = tuple(kinds)
        self._tables = _Tables(_by_table(self._kinds), base.tables if base else {}, late)
        #: The names of the tables changed since the transaction under way began.
        self.touched: set[str] = set()
        self._undo: list[Callable[[], object]] | None = None

    @property
    def kinds(self) -> tuple[type[Record], ...]:
        """The kinds of records that this store holds."""
        return self._kinds

    def find(self, kind: type[R], key: int) -> R | None:
        """The record with that id, or None."""
        return cast("R | None", self._tables[kind.TABLE].find(key))

    def get(self, kind: type[R], key: int) -> R:
        """The record with that id, which exists; a KeyError is an error of mockpbx."""
        row = self._tables[kind.TABLE].find(key)
        if row is None:
            raise KeyError(f"no {kind.TABLE} {key}")
        return cast(R, row)

    def named(self, kind: type[R], name: str) -> R | None:
        """The record with that name, or None."""
        return cast("R | None", self._tables[kind.TABLE].named(name))

    def ids(self, kind: type[R], field_name: str, value: Any) -> Sequence[int]:
        """Ids of the records whose parent field has that value, rising; do not change it."""
        return self._tables[kind.TABLE].ids(field_name, value)

    def of(self, kind: type[R], field_name: str, value: Any) -> list[R]:
        """The records whose parent field has that value, by rising id."""
        table = self._tables[kind.TABLE]
        rows, shared = table.rows, table.base.rows
        ids = table.ids(field_name, value)
        return [rows[key] if key in rows else shared[key] for key in ids]

    def all(self, kind: type[R]) -> Iterator[R]:
        """Every record of that kind, by rising id."""
        table = self._tables[kind.TABLE]
        return (table.find(key) for key in table.all_ids())

    def next_id(self, kind: type[Record]) -> int:
        """An id that no record of that kind has or had; ids rise."""
        return self._tables[kind.TABLE].next_id

    def reserve_id(self, kind: type[Record], at_least: int) -> None:
        """Let new ids of that kind begin at `at_least`, unless they are beyond it."""
        table = self._tables[kind.TABLE]
        before = table.next_id
        if at_least > before:
            table.next_id = at_least
            self._remember(lambda: setattr(table, "next_id", before))

    def put(self, record: R) -> R:
        """Add the record, or replace the one with its id."""
        table = self._tables[record.TABLE]
        before = table.set(record.id, record)
        self.touched.add(record.TABLE)
        self._remember(lambda: table.set(record.id, before))
        self.reserve_id(table.kind, record.id + 1)
        return record

    def remove(self, record: Record) -> None:
        """Take the record away, and with it every record that has it as a parent."""
        for below, name in _dependants(self._kinds).get(record.TABLE, ()):
            table = self._tables[below]
            for key in list(table.ids(name, record.id)):
                self.remove(table.find(key))
        own = self._tables[record.TABLE]
        if own.find(record.id) is not None:  # a record may have one parent by two ways
            before = own.set(record.id, None)
            self.touched.add(record.TABLE)
            self._remember(lambda: own.set(record.id, before))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep the changes made inside, or none of them when an exception leaves it."""
        undo: list[Callable[[], object]] = []
        self._undo = undo
        self.touched.clear()
        try:
            yield
        except BaseException:
            self._undo = None
            for step in reversed(undo):
                step()
            raise
        finally:
            self._undo = None

    def copy(self, late: Late | None = None) -> Store:
        """A store that shares the base and owns its changes; costs as much as was changed.

        What nobody asked for so far comes from `late`.
        """
        twin = Store(self._kinds)
        twin._tables = self._tables.copy_for(late)
        return twin

    def as_base(self) -> Base:
        """All tables as a base for fresh worlds."""
        return Base({kind.TABLE: self._tables[kind.TABLE].merged() for kind in self._kinds})

    @property
    def changes(self) -> int:
        """How many records differ from the base, or have differed."""
        return sum(len(table.rows) for table in self._tables.values())

    def changed(self) -> Mapping[str, TableBase]:
        """The tables in which something was changed, as bases."""
        tables = self._tables.items()
        return {name: table.merged() for name, table in tables if table.rows}

    def _remember(self, step: Callable[[], object]) -> None:
        if self._undo is not None:
            self._undo.append(step)
