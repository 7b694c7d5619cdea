"""Lines for a stream that nobody may read: whoever has one neither waits nor fails."""

from __future__ import annotations

import io
import os
import threading
from collections import deque
from collections.abc import Callable

#: Lines that wait for a slow reader; those beyond are dropped.
WAITING_LINES = 1000
WRITE_BYTES = 16 * 1024
#: How long lines are gathered, so that a busy server does not wake its writer for each.
GATHER_S = 0.02


class Lines:
    """Lines on their way to a file descriptor, by a thread of their own.

    Whoever has a line never waits and never fails: when the descriptor takes nothing, lines are
    dropped, and how many is said once it takes something again. Without a descriptor all are.
    """

    def __init__(self, descriptor: int | None) -> None:
        self._waiting: deque[str] = deque()
        self._is_read = descriptor is not None
        self._lock = threading.Lock()
        self._dropped = 0
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._write_all, args=(descriptor,), name="mockpbx log", daemon=True
        )
        if self._is_read:
            self._thread.start()

    def add(self, line: str) -> None:
        """That line is to be written, after those before."""
        if len(self._waiting) >= WAITING_LINES:
            self._drop(1)
        elif self._is_read:
            self._waiting.append(line)
            if not self._wanted.is_set():
                self._wanted.set()

    def close(self, timeout_s: float) -> None:
        """The lines were written, if there was somebody to read them in that time."""
        self._closing.set()
        self._wanted.set()
        if self._is_read:
            self._thread.join(timeout_s)

    def _write_all(self, descriptor: int) -> None:
        while not self._closing.is_set() or self._waiting:
            self._wanted.wait()
            self._closing.wait(GATHER_S)
            self._wanted.clear()
            while self._waiting:
                self._write_some(descriptor)

    def _write_some(self, descriptor: int) -> None:
        lines: list[str] = []
        dropped, size = self._dropped, 0
        while self._waiting and size < WRITE_BYTES:
            lines.append(self._waiting.popleft())
            size += len(lines[-1])
        note = [f"mockpbx: {dropped} lines of this log were dropped"] if dropped else []
        data = "".join([f"{line}\n" for line in [*note, *lines]]).encode("utf-8", "replace")
        try:
            while data:
                data = data[os.write(descriptor, data) :]
        except OSError:  # it is full, or its reader has gone
            self._drop(len(lines))
        else:
            self._drop(-dropped)

    def _drop(self, lines: int) -> None:
        with self._lock:
            self._dropped += lines


class LogStream(io.TextIOBase):
    """A standard stream that has each line told, also those that libraries write."""

    encoding = "utf-8"

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._begun = ""

    def write(self, text: str) -> int:
        """Whole lines are in the log; the rest waits for its end."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._tell(line)
        return len(text)
