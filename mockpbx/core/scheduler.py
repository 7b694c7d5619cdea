"""Work that is due at a moment of the world's clock. A heap; no threads."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any


class JobKind(str, Enum):
    """What can come due; its value is the word by which a job that was done is told."""

    RING_TIMEOUT = "ring_timeout"
    PICK_UP = "pick_up"
    REFUSE = "refuse"
    QUEUE_TIMEOUT = "queue_timeout"
    NO_AGENT_TIMEOUT = "no_agent_timeout"
    LOOK_AGAIN = "look_again"
    AGENTS_FREE = "agents_free"
    MENU_TIMEOUT = "menu_timeout"
    HANG_UP = "hang_up"
    PRESS = "press"
    DIAL = "dial"
    VOICEMAIL_END = "voicemail_end"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """One piece of work: when (since the world's start), what kind, and for what."""

    at: timedelta
    number: int
    kind: JobKind
    subject: tuple[Any, ...]


#: Forgotten subjects that are remembered before their jobs are swept out.
FORGOTTEN_MOST = 1000

#: Does a job that is due, and says what it did.
Handler = Callable[[Any, Job], "dict[str, Any]"]


class Scheduler:
    """Jobs in the order in which they are due."""

    def __init__(self) -> None:
        self._heap: list[Job] = []
        self._next = 1
        self._forgotten: set[tuple[JobKind, Any]] = set()

    def add(self, at: timedelta, kind: JobKind, *subject: Any) -> int:
        """Plan a job for that moment (since the world's start); answers its number."""
        job = Job(at, self._next, kind, subject)
        self._next += 1
        heapq.heappush(self._heap, job)
        return job.number

    def forget(self, kinds: Iterable[JobKind], about: Any) -> None:
        """Drop the planned jobs of these kinds whose subject begins with `about`."""
        self._forgotten.update((kind, about) for kind in kinds)
        if len(self._forgotten) > FORGOTTEN_MOST:
            self._heap = [job for job in self._heap if not self._is_forgotten(job)]
            heapq.heapify(self._heap)
            self._forgotten.clear()

    @property
    def next_at(self) -> timedelta | None:
        """The moment of the next job, or None when there is none."""
        while self._heap and self._is_forgotten(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    @property
    def next(self) -> Job | None:
        """The next job, which stays; None when there is none."""
        return None if self.next_at is None else self._heap[0]

    def pop(self) -> Job:
        """Remove and answer the next job; only after `next_at` was not None."""
        return heapq.heappop(self._heap)

    def copy(self) -> Scheduler:
        """An independent copy with the same jobs."""
        twin = Scheduler()
        twin._heap, twin._next = self._heap.copy(), self._next
        twin._forgotten = self._forgotten.copy()
        return twin

    def _is_forgotten(self, job: Job) -> bool:
        return bool(job.subject) and (job.kind, job.subject[0]) in self._forgotten


class Bell:
    """Wakes threads that wait for the next job when its moment may have changed."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rung = 0

    @property
    def rung(self) -> int:
        """How many times it was rung; `wait` compares with it."""
        return self._rung

    def ring(self) -> None:
        """Wake every waiting thread."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def wait(self, since: int, timeout_s: float | None) -> None:
        """Wait until it was rung more than `since` times, for at most so many real seconds."""
        with self._condition:
            if self._rung == since:
                self._condition.wait(timeout_s)
