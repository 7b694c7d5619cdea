"""The state of one mocked operator."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .ids import Ids
from .limits import Usage
from .log import Log, Notes
from .store import Base, Record, Store

if TYPE_CHECKING:
    from ..config import Config


@dataclass(frozen=True, slots=True)
class Start:
    """What a world is when it starts: a name, its kinds of records, and the shared base."""

    name: str
    kinds: tuple[type[Record], ...]
    base: Base


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a world at one moment; costs as much as was changed since its start.

    The clock is kept as far as it was moved or stopped: after a restore a running one shows the
    real time again, plus what it was moved by.
    """

    at: datetime
    store: Store
    clock: Clock
    ids: Ids
    usage: Usage


class World:
    """Clients, applications, users, extensions and all that hangs on them, and their time.

    Whoever reads or changes a world from several threads holds `lock`.
    """

    def __init__(self, start: Start, config: Config) -> None:
        self.start = start
        self.config = config
        self.readings = config.readings
        self.lock = threading.RLock()
        self.journal: Log[Any] = Log(config.journal_limit)
        self.notes = Notes()
        self.snapshots: dict[str, Snapshot] = {}
        self._begin()

    def _begin(self) -> None:
        self.store = Store(self.start.kinds, self.start.base)
        self.clock = Clock(frozen=self.config.freeze)
        self.ids = Ids(self.config.seed)
        self.usage = Usage()

    def now(self) -> datetime:
        """The moment of this world, in UTC."""
        return self.clock.now()

    def reset(self) -> None:
        """Be as at the start: state, clock, identifiers, journal, notes and snapshots."""
        self._begin()
        self.journal.clear()
        self.notes.clear()
        self.snapshots.clear()

    def replace(self, base: Base) -> None:
        """Have that state instead of the present one; clock, journal and start stay."""
        self.store = Store(self.start.kinds, base)

    def snapshot(self) -> Snapshot:
        """The state, clock and identifiers as they are now."""
        return Snapshot(
            self.now(), self.store.copy(), self.clock.copy(), self.ids.copy(), self.usage.copy()
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Be as at that snapshot, which can be restored again; the journal goes on."""
        self.store, self.clock = snapshot.store.copy(), snapshot.clock.copy()
        self.ids, self.usage = snapshot.ids.copy(), snapshot.usage.copy()

    def fork(self) -> World:
        """Another world in the same state, with a journal of its own."""
        twin = World(self.start, self.config)
        twin.restore(self.snapshot())
        return twin
