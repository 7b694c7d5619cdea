"""Tables of records: found by id, name and parent, changed whole or not at all, shared."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockpbx.core.store import Base, Store


@dataclass(frozen=True, slots=True)
class Owner:
    """A record with a name and no parent."""

    TABLE: ClassVar[str] = "owner"
    PARENTS: ClassVar[Mapping[str, str]] = {}
    NAME: ClassVar[str | None] = "name"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A record with two parents of one kind, one of which may be missing."""

    TABLE: ClassVar[str] = "thing"
    PARENTS: ClassVar[Mapping[str, str]] = {"owner_id": "owner", "friend_id": "owner"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    owner_id: int
    friend_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A record under the id of its parent."""

    TABLE: ClassVar[str] = "part"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "thing"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    note: str = ""


KINDS: tuple[Any, ...] = (Owner, Thing, Part)


class Stop(Exception):
    """Leaves a transaction."""


def filled() -> Store:
    """Two owners, three things of theirs, two parts."""
    store = Store(KINDS)
    for record in (
        Owner(1, "a"),
        Owner(2, "b"),
        Thing(1, 1),
        Thing(2, 1, 2),
        Thing(3, 2),
        Part(1),
        Part(2, "x"),
    ):
        store.put(record)
    return store


@pytest.fixture(params=["own", "base", "copy"])
def store(request: pytest.FixtureRequest) -> Store:
    """That store with rows of its own, with rows of a base, or as a copy of such."""
    found = filled()
    if request.param != "own":
        found = Store(KINDS, found.as_base())
    return found.copy() if request.param == "copy" else found


def content(store: Store) -> dict[str, Any]:
    """All that a store answers."""
    return {
        "rows": {kind.TABLE: list(store.all(kind)) for kind in KINDS},
        "named": {name: store.named(Owner, name) for name in "abc"},
        "owned": {key: list(store.ids(Thing, "owner_id", key)) for key in range(1, 6)},
        "befriended": {key: store.of(Thing, "friend_id", key) for key in range(1, 6)},
        "parts": {key: store.of(Part, "id", key) for key in range(1, 6)},
        "next": [store.next_id(kind) for kind in KINDS],
    }


def test_records_are_found(store: Store) -> None:
    """A record is found by its id, its name and its parents."""
    assert store.find(Owner, 2) == store.get(Owner, 2) == store.named(Owner, "b") == Owner(2, "b")
    assert store.of(Thing, "owner_id", 1) == [Thing(1, 1), Thing(2, 1, 2)]
    assert store.of(Thing, "friend_id", 2) == [Thing(2, 1, 2)]
    assert store.of(Part, "id", 2) == [Part(2, "x")]
    assert list(store.all(Thing)) == [Thing(1, 1), Thing(2, 1, 2), Thing(3, 2)]


def test_what_is_not_there(store: Store) -> None:
    """What is not there is None or empty; to get it is a fault."""
    assert (store.find(Owner, 3), store.named(Owner, "c")) == (None, None)
    assert (store.of(Thing, "owner_id", 3), store.of(Part, "id", 3)) == ([], [])
    with pytest.raises(KeyError, match="no owner 3"):
        store.get(Owner, 3)


def test_a_record_is_replaced(store: Store) -> None:
    """A record with the id of another takes its place under its new name and parents."""
    store.put(Owner(2, "c"))
    store.put(Thing(2, 2))
    assert (store.named(Owner, "b"), store.named(Owner, "c")) == (None, Owner(2, "c"))
    assert list(store.ids(Thing, "owner_id", 1)) == [1]
    assert list(store.ids(Thing, "owner_id", 2)) == [2, 3]
    assert list(store.ids(Thing, "friend_id", 2)) == []


def test_children_go_with_their_parent(store: Store) -> None:
    """With a record go those that have it as a parent, by either way, and theirs."""
    store.remove(Owner(2, "b"))
    assert content(store)["rows"] == {
        "owner": [Owner(1, "a")],
        "thing": [Thing(1, 1)],
        "part": [Part(1)],
    }
    assert store.named(Owner, "b") is None


def test_a_child_goes_alone(store: Store) -> None:
    """With a record its parents stay, and so do their other children."""
    store.remove(Thing(1, 1))
    assert content(store)["rows"] == {
        "owner": [Owner(1, "a"), Owner(2, "b")],
        "thing": [Thing(2, 1, 2), Thing(3, 2)],
        "part": [Part(2, "x")],
    }


def test_ids_rise(store: Store) -> None:
    """The next id comes after all that were there, those removed too."""
    store.put(Owner(7, "g"))
    store.remove(Owner(7, "g"))
    assert [store.next_id(kind) for kind in KINDS] == [8, 4, 3]


def test_ids_are_reserved(store: Store) -> None:
    """A reserved id is the next one; ids do not go back."""
    store.reserve_id(Owner, 72)
    store.reserve_id(Owner, 5)
    assert store.next_id(Owner) == 72


def test_a_transaction_is_kept(store: Store) -> None:
    """What a transaction changed stays."""
    with store.transaction():
        store.put(Owner(3, "c"))
        store.remove(Owner(1, "a"))
    assert [one.id for one in store.all(Owner)] == [2, 3]


def test_a_transaction_is_undone(store: Store) -> None:
    """What a transaction changed before an exception is as it was, indexes and ids too."""
    before = content(store)
    with contextlib.suppress(Stop), store.transaction():
        store.put(Owner(1, "c"))
        store.put(Owner(9, "a"))
        store.put(Thing(1, 2, 1))
        store.remove(Owner(2, "b"))
        store.put(Owner(2, "b"))
        store.put(Part(3))
        store.reserve_id(Thing, 99)
        raise Stop
    assert content(store) == before


def test_transactions_do_not_meet(store: Store) -> None:
    """An undone transaction leaves what was changed before and between as it is."""
    with store.transaction():
        store.put(Owner(3, "c"))
    store.put(Owner(4, "d"))
    with contextlib.suppress(Stop), store.transaction():
        store.put(Owner(5, "e"))
        raise Stop
    assert [one.id for one in store.all(Owner)] == [1, 2, 3, 4]


def test_a_copy_is_independent(store: Store) -> None:
    """Neither of a store and its copy sees what the other changes."""
    before = content(store)
    twin = store.copy()
    twin.put(Thing(4, 1))
    twin.remove(Owner(2, "b"))
    changed = content(twin)
    assert content(store) == before
    store.put(Thing(5, 1))
    store.put(Owner(1, "c"))
    assert content(twin) == changed


def test_worlds_of_one_base_are_independent(store: Store) -> None:
    """Stores that share a base do not see each other's changes; the base never changes."""
    before = content(store)
    base = store.as_base()
    first, second = Store(KINDS, base), Store(KINDS, base)
    first.put(Thing(4, 1))
    first.remove(Owner(2, "b"))
    store.put(Thing(4, 1))
    store.put(Thing(1, 2))
    assert content(second) == content(Store(KINDS, base)) == before


def test_a_base_of_a_base(store: Store) -> None:
    """A base that is made after changes has these changes and not what they replaced."""
    store.remove(Owner(2, "b"))
    store.put(Owner(1, "c"))
    assert content(Store(KINDS, store.as_base())) == content(store)


IDS = st.integers(1, 5)


class StoreMachine(RuleBasedStateMachine):
    """A store beside plain dicts that are searched from end to end."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(KINDS, Base({}))
        self.rows: dict[type[Any], dict[int, Any]] = {kind: {} for kind in KINDS}
        self.next = dict.fromkeys(KINDS, 1)
        self.others: list[tuple[Store, dict[str, Any]]] = []

    @initialize(shared=st.booleans())
    def start(self, shared: bool) -> None:
        if shared:
            for record in content(filled())["rows"].values():
                for one in record:
                    self.put(one)
            self.store = Store(KINDS, self.store.as_base())

    def put(self, record: Any) -> None:
        self.store.put(record)
        self.rows[type(record)][record.id] = record
        self.next[type(record)] = max(self.next[type(record)], record.id + 1)

    def forget(self, kind: Any, key: int) -> None:
        self.rows[kind].pop(key, None)
        for child in KINDS:
            for name, parent in child.PARENTS.items():
                if parent == kind.TABLE:
                    gone = [
                        one.id for one in self.rows[child].values() if getattr(one, name) == key
                    ]
                    for number in gone:
                        self.forget(child, number)

    @rule(key=IDS, name=st.sampled_from("abcde"))
    def put_owner(self, key: int, name: str) -> None:
        if all(one.name != name or one.id == key for one in self.rows[Owner].values()):
            self.put(Owner(key, name))

    @rule(key=IDS, owner=IDS, friend=st.none() | IDS)
    def put_thing(self, key: int, owner: int, friend: int | None) -> None:
        if {owner, friend or owner} <= self.rows[Owner].keys():
            self.put(Thing(key, owner, friend))

    @rule(key=IDS, note=st.sampled_from("xyz"))
    def put_part(self, key: int, note: str) -> None:
        if key in self.rows[Thing]:
            self.put(replace(Part(key), note=note))

    @rule(kind=st.sampled_from(KINDS), key=IDS)
    def remove(self, kind: Any, key: int) -> None:
        if key in self.rows[kind]:
            self.store.remove(self.rows[kind][key])
            self.forget(kind, key)

    @rule(kind=st.sampled_from(KINDS), number=st.integers(1, 9))
    def reserve(self, kind: Any, number: int) -> None:
        self.store.reserve_id(kind, number)
        self.next[kind] = max(self.next[kind], number)

    @rule(keys=st.lists(st.tuples(st.sampled_from(KINDS), IDS), max_size=4))
    def undo(self, keys: list[tuple[Any, int]]) -> None:
        with contextlib.suppress(Stop), self.store.transaction():
            for kind, key in keys:
                found = self.store.find(kind, key)
                if found is not None:
                    self.store.remove(found)
                self.store.put(Owner(key, "undone"))
                self.store.remove(Owner(key, "undone"))
            raise Stop

    @rule()
    def copy(self) -> None:
        self.others.append((self.store, content(self.store)))
        self.store = self.store.copy()

    @rule()
    def rebase(self) -> None:
        self.others.append((self.store, content(self.store)))
        self.store = Store(KINDS, self.store.as_base())

    def having(self, kind: Any, name: str, value: int) -> Iterator[Any]:
        rows = self.rows[kind]
        return (rows[key] for key in sorted(rows) if getattr(rows[key], name) == value)

    @invariant()
    def same_as_plain_dicts(self) -> None:
        owners = self.rows[Owner].values()
        assert content(self.store) == {
            "rows": {
                kind.TABLE: [one for _, one in sorted(self.rows[kind].items())] for kind in KINDS
            },
            "named": {
                name: next((one for one in owners if one.name == name), None) for name in "abc"
            },
            "owned": {
                key: [one.id for one in self.having(Thing, "owner_id", key)] for key in range(1, 6)
            },
            "befriended": {key: list(self.having(Thing, "friend_id", key)) for key in range(1, 6)},
            "parts": {key: list(self.having(Part, "id", key)) for key in range(1, 6)},
            "next": [self.next[kind] for kind in KINDS],
        }

    @invariant()
    def others_are_untouched(self) -> None:
        assert [content(other) for other, _ in self.others] == [before for _, before in self.others]


def test_a_store_is_like_plain_dicts() -> None:
    """After any changes a store answers what a search through plain dicts finds."""
    StoreMachine.TestCase.settings = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    StoreMachine.TestCase("runTest").runTest()
