"""The state of one mocked operator."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from . import freezes
from .clock import Clock
from .faults import Faults
from .hooks import Hooks, NoHooks
from .ids import Ids
from .limits import Usage
from .log import Log, Notes
from .scheduler import Bell, Handler, Job, JobKind, Scheduler
from .store import Base, Late, Store
from .table import Record, TableBase

if TYPE_CHECKING:
    from ..config import Config
from .courier import Courier, NoCourier

#: Snapshots of a world, and changed records in all of them, of about half a kilobyte each.
MOST_SNAPSHOTS, MOST_KEPT_CHANGES = 1000, 200_000


class Relative(Protocol):
    """Tables of a start that depend on the moment at which a world starts."""

    @property
    def tables(self) -> Container[str]:
        """The names of the tables that hold it."""

    def at(self, start: datetime) -> Mapping[str, TableBase]:
        """Those tables, in a world that started then."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a world starts with: its records, and who does its jobs, answers hooks and delivers.

    `relative` holds what counts from the moment of the start, and stands in tables of its own.
    """

    name: str
    kinds: tuple[type[Record], ...]
    base: Base
    handlers: Mapping[JobKind, Handler] = field(default_factory=dict)
    hooks: Hooks = field(default_factory=NoHooks)
    courier: Callable[[Config], Courier] = NoCourier
    relative: Relative | None = None


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
    scheduler: Scheduler
    #: Records that it holds beyond those of the start.
    changes: int


class Passage(NamedTuple):
    """What was done while time was moved, in order, and the moment then reached."""

    fired: list[dict[str, Any]]
    now: datetime


class World:
    """Clients, applications, users, extensions and all that hangs on them, and their time.

    Whoever reads a world from several threads holds `lock`; whoever changes it does so inside
    `change`.
    """

    def __init__(self, start: Start, config: Config) -> None:
        self.start = start
        #: What it was started with, and what it goes by now.
        self.start_config = self.config = config
        self.readings = config.readings
        self.lock = threading.RLock()
        most = config.journal_limit, config.journal_bytes
        self.journal: Log[Any] = Log(*most)
        self.deliveries: Log[Any] = Log(*most)
        #: Mails about messages on voicemails; they are kept here and go nowhere.
        self.mails: Log[Any] = Log(*most)
        self.notes = Notes()
        self.faults = Faults()
        #: How often each operation answered with each status; tests of it all add up.
        self.exercised: Counter[tuple[str, int]] = Counter()
        self.snapshots: dict[str, Snapshot] = {}
        #: How many of them had to go.
        self.snapshots_dropped = 0
        #: A live server waits for it; the worlds of one application share it.
        self.moved = Bell()
        #: Why nobody has any business with it any more, when that is so.
        self.over: str | None = None
        self.hooks = start.hooks
        self.courier = start.courier(config)
        self._outgoing: list[Any] | None = None
        #: What is done at the end of the change under way.
        self._soon: list[Job] = []
        self._begin()

    def _begin(self) -> None:
        self.store = Store(self.start.kinds, self.start.base, self._late())
        self.clock = Clock(frozen=self._stands_first)
        self.ids = Ids(self.config.seed)
        #: How often identifiers were begun with a seed; of its sign the generator knows nothing.
        self._seeds = Counter([abs(self.config.seed)])
        self.usage = Usage()
        self.scheduler = Scheduler()
        #: Whether time was moved, or another state put in the place of the first.
        self._is_set = False
        self.moved.ring()

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the start: records, time, or what a test prepared."""
        kept = self.snapshots or self.faults or len(self.deliveries)
        set_clock = self._is_set or self.clock.frozen != self._stands_first
        is_set = set_clock or self.config != self.start_config
        return is_set or bool(kept or self.store.changes)

    def configure(self, config: Config) -> None:
        """Go by these settings from now on; what happened before stays as it is.

        Another seed begins identifiers anew, with none that it gave before.
        """
        with self.lock:
            if config.seed != self.config.seed:
                used = self._seeds[abs(config.seed)]
                self.ids = Ids(f"{config.seed}/{used}" if used else config.seed)
                self._seeds[abs(config.seed)] += 1
            self.config, self.readings = config, config.readings
            for log in (self.journal, self.deliveries, self.mails):
                log.limit_to(config.journal_limit, config.journal_bytes)
            self.courier.configure(config)

    @property
    def _stands_first(self) -> bool:
        """Whether the clock stands at the start."""
        return self.config.freeze is not False

    def _late(self) -> Late | None:
        """What is made when it is asked for, so that a test may still set the start's moment."""
        relative = self.start.relative
        if relative is None:
            return None
        return Late(relative.tables, lambda: relative.at(self.clock.start))

    def check(self) -> None:
        """Refuse a world that is over.

        Raises:
            RuntimeError: it is; the message says why.
        """
        if self.over is not None:
            raise RuntimeError(self.over)

    def now(self) -> datetime:
        """The moment of this world, in UTC."""
        return self.clock.now()

    @contextmanager
    def change(
        self, *, wait: bool = True, at: timedelta | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """Change the world: whole or, when an exception leaves, not at all.

        With `at` time first moves on to there. What has come due is done before; the list says
        what. What is to be sent leaves once the lock is released, so that a receiver may call
        back; with `wait` this returns when it was sent.
        """
        parcels: list[Any] = []
        try:
            with self.lock:
                if self._outgoing is not None:
                    yield []  # part of a change that is under way
                    return
                self._outgoing = parcels
                clock = self.clock
                clock.hold()
                try:
                    if at is not None:
                        self._shift_to(at)
                    fired = self._do_due()
                    kept = len(parcels)
                    try:
                        with self.store.transaction():
                            yield fired
                            self._follow()
                    except BaseException:
                        del parcels[kept:]
                        self._soon.clear()
                        raise
                finally:
                    clock.let_go()
                    self._outgoing = None
                    if parcels:
                        self.courier.accept(parcels)
        finally:
            if parcels:
                self.courier.carry(parcels, wait=wait)

    def send(self, parcel: Any) -> None:
        """Send that when the present change is complete."""
        assert self._outgoing is not None, "only inside a change"
        self._outgoing.append(parcel)

    def schedule(self, after: timedelta, kind: JobKind, *subject: Any) -> int:
        """Plan a job so much later than now; answers its number.

        A job outlives the refusal of the change that made it, so whoever does it looks whether
        its number is still wanted.

        Raises:
            LookupError: nobody does such jobs in this world.
        """
        if not isinstance(kind, JobKind) or kind not in self.start.handlers:
            raise LookupError(f"nobody does jobs of kind {kind!r} in world {self.start.name}")
        at = self.clock.elapsed() + after
        number = self.scheduler.add(at, kind, *subject)
        if self.scheduler.next_at == at:
            self.moved.ring()
        return number

    def soon(self, kind: JobKind, *subject: Any) -> None:
        """Do that job at the end of the present change, as part of it."""
        self._soon.append(Job(self.clock.elapsed(), 0, kind, subject))

    def _follow(self) -> None:
        """Do what follows from the present change, as part of it."""
        self._do_soon()
        self.hooks.changed(self, self.store.touched)
        self._do_soon()

    def _do_soon(self) -> None:
        while self._soon:
            job = self._soon.pop(0)
            self.start.handlers[job.kind](self, job)

    def due_in(self) -> timedelta | None:
        """How long until the next job is due; None when there is none, or nothing moves time."""
        with self.lock:
            due = self.scheduler.next_at
            if due is None or (self.clock.frozen and freezes.active() is None):
                return None
            return due - self.clock.elapsed()

    def run(self) -> None:
        """Start the clock again from the moment that it shows."""
        with self.lock:
            self.clock.run()
        self.moved.ring()

    def advance(self, seconds: float) -> Passage:
        """Move time forward, doing at its moment what comes due; answers what was done.

        Raises:
            InvalidError: the seconds are negative or more than a clock can show.
        """
        with self._at_once():
            target = self.clock.elapsed_after(seconds)
            self._is_set = True
        return self._fire_until(target)

    def move_to(self, moment: datetime) -> Passage:
        """Move time to a moment, doing on the way what comes due; answers what was done.

        Raises:
            InvalidError: the moment is one that a clock cannot show.
        """
        with self._at_once():
            target = self.clock.elapsed_at(moment)
            self._is_set = True
            if target <= self.clock.elapsed():
                self.clock.move_to(moment)
                return Passage([], self.now())
        return self._fire_until(target)

    def _fire_until(self, target: timedelta) -> Passage:
        fired: list[dict[str, Any]] = []
        while (due := self._next_until(target)) is not None:
            with self.change(at=due) as done:
                fired += done
        with self._at_once():
            self._shift_to(target)
            now = self.now()
        self.moved.ring()
        return Passage(fired, now)

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        with self.lock:
            self.clock.hold()
            try:
                yield
            finally:
                self.clock.let_go()

    def _next_until(self, target: timedelta) -> timedelta | None:
        with self.lock:
            due = self.scheduler.next_at
        return due if due is not None and due <= target else None

    def _shift_to(self, elapsed: timedelta) -> None:
        step = elapsed - self.clock.elapsed()
        if step > timedelta(0):
            self.clock.advance(step.total_seconds())

    def _do_due(self) -> list[dict[str, Any]]:
        fired = []
        while (due := self.scheduler.next_at) is not None and due <= self.clock.elapsed():
            job = self.scheduler.pop()
            with self.store.transaction():
                done = self.start.handlers[job.kind](self, job)
                self._follow()
            if done:
                fired.append({"kind": job.kind.value, **done})
        return fired

    def reset(self) -> None:
        """Restore the start: settings, state, clock, identifiers, logs, faults and snapshots."""
        self.configure(self.start_config)
        self._begin()
        for log in (self.journal, self.deliveries, self.mails):
            log.restart()
        self.notes.clear()
        self.faults.restart()
        self.snapshots.clear()
        self.snapshots_dropped = 0

    def replace(self, base: Base) -> None:
        """Replace the state by that one; clock, journal and start stay."""
        self.store = Store(self.start.kinds, base)
        self.scheduler = Scheduler()
        self._is_set = True

    def snapshot(self) -> Snapshot:
        """The state, clock, identifiers and jobs as they are now."""
        return Snapshot(
            self.now(),
            self.store.copy(self._late()),
            self.clock.copy(),
            self.ids.copy(),
            self.usage.copy(),
            self.scheduler.copy(),
            self.store.changes,
        )

    def keep(self, name: str) -> Snapshot:
        """A snapshot under a name; the oldest go when there are too many, or they hold too much."""
        self.snapshots.pop(name, None)
        kept = self.snapshots[name] = self.snapshot()
        while len(self.snapshots) > 1 and self._holds_too_many:
            del self.snapshots[next(iter(self.snapshots))]
            self.snapshots_dropped += 1
        return kept

    @property
    def _holds_too_many(self) -> bool:
        changes = sum(one.changes for one in self.snapshots.values())
        return len(self.snapshots) > MOST_SNAPSHOTS or changes > MOST_KEPT_CHANGES

    def restore(self, snapshot: Snapshot) -> None:
        """Restore that snapshot, which can be restored again; the journal goes on."""
        self.store, self.clock = snapshot.store.copy(self._late()), snapshot.clock.copy()
        self.ids, self.usage = snapshot.ids.copy(), snapshot.usage.copy()
        self.scheduler = snapshot.scheduler.copy()
        self.moved.ring()

    def fork(self) -> World:
        """Another world in the same state, with a journal of its own."""
        twin = World(self.start, self.start_config)
        twin.configure(self.config)
        twin.restore(self.snapshot())
        return twin
