"""Bounded logs: what a world remembers of the requests that it saw."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Generic, TypeVar

from .stopwatch import Deadline

T = TypeVar("T")


class Log(Generic[T]):
    """The last entries, each with a rising number; older ones are dropped and counted.

    There are `limit` at most, and those before the last take `bytes_limit` bytes at most.
    """

    def __init__(self, limit: int, bytes_limit: int) -> None:
        self._limit = limit
        self._bytes_limit = bytes_limit
        self._entries: deque[T] = deque()
        self._sizes: dict[int, int] = {}
        self._bytes = 0
        self._numbers = count(1)  # whose step no other thread can interrupt
        self.dropped = 0
        self._changed = threading.Condition()
        self._waiting = 0

    def limit_to(self, limit: int, bytes_limit: int) -> None:
        """Hold so much from now on; the oldest go when there is more."""
        self._limit, self._bytes_limit = limit, bytes_limit
        self._drop_oldest()

    def add(self, entry: T, size: int) -> None:
        """Remember the entry, of so many bytes; the oldest go when the log is full."""
        self._entries.append(entry)
        self._sizes[id(entry)] = size
        self._bytes += size
        self._drop_oldest()
        self.notify()

    def grow(self, entry: T, size: int) -> None:
        """Count so many more bytes for the entry; the oldest entries go when the log is full."""
        if id(entry) in self._sizes:
            self._sizes[id(entry)] += size
            self._bytes += size
            self._drop_oldest()

    def notify(self) -> None:
        """Wake those who wait in `wait_for`: an entry has changed."""
        if self._waiting:  # who begins to wait now counts first, and then sees the entry
            with self._changed:
                self._changed.notify_all()

    def wait_for(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Wait for the condition, at most so many real seconds; answers whether it holds.

        It is asked again whenever an entry comes or changes.
        """
        deadline = Deadline(seconds)
        with self._changed:
            self._waiting += 1
            try:
                while not wanted():
                    left = deadline.rest
                    if left <= 0:
                        return False
                    self._changed.wait(left)
            finally:
                self._waiting -= 1
        return True

    def number(self) -> int:
        """The next entry's number."""
        return next(self._numbers)

    def clear(self) -> None:
        """Forget all entries and the count of dropped ones; numbers go on rising."""
        self._entries.clear()
        self._sizes.clear()
        self._bytes = self.dropped = 0

    def restart(self) -> None:
        """Forget all entries and number new ones from 1 again."""
        self.clear()
        self._numbers = count(1)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def _drop_oldest(self) -> None:
        entries = self._entries
        while len(entries) > self._limit or (self._bytes > self._bytes_limit and len(entries) > 1):
            self._bytes -= self._sizes.pop(id(entries.popleft()))
            self.dropped += 1


class Notes:
    """Habits that a real operator may punish, each kept once with how often it was seen."""

    LIMIT = 1000

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], dict[str, Any]] = {}
        self._marks: dict[object, tuple[Any, ...]] = {}

    def add(self, rule: str, message: str, *, at: str, request: str) -> None:
        """Remember that a request deserved this note."""
        key = (rule, message)
        note = self._notes.get(key)
        if note is None:
            if len(self._notes) >= self.LIMIT:
                del self._notes[next(iter(self._notes))]
            note = {"rule": rule, "message": message, "count": 0, "first_at": at}
            self._notes[key] = note
        note["count"] += 1
        note["last_at"], note["request"] = at, request

    def mark(self, key: object, value: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Set what was last seen under that key; answers what was seen before, or None."""
        before = self._marks.pop(key, None)
        if len(self._marks) >= self.LIMIT:
            del self._marks[next(iter(self._marks))]
        self._marks[key] = value
        return before

    def clear(self) -> None:
        """Forget all notes."""
        self._notes.clear()
        self._marks.clear()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(note) for note in tuple(self._notes.values()))
