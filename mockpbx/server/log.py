"""The log: a line for each request, delivery and message, which nobody has to wait for."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..core import masking
from ..core.clock import Clock, stamp_us
from ..core.user_agent import USER_AGENT

if TYPE_CHECKING:
    from .gateway import Answer

#: Lines that wait for a slow reader; those beyond are dropped.
WAITING_LINES = 1000
WRITE_BYTES = 16 * 1024
#: How long lines are gathered, so that a busy server does not wake its writer for each.
GATHER_S = 0.02
_COLOURS = {"2": 32, "3": 36, "4": 33, "5": 31}


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
    """A standard stream whose lines go to the log, with those that libraries write."""

    encoding = "utf-8"

    def __init__(self, log: Log) -> None:
        self._log = log
        self._begun = ""

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, text: str) -> int:
        """Whole lines are in the log; the rest waits for its end."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._log.message(line)
        return len(text)


class Log(logging.Handler):
    """What happens, as lines of text or of JSON.

    Requests are told by the server, deliveries by way of logging. With `quiet` neither is.
    """

    def __init__(
        self, lines: Lines, *, as_json: bool = False, quiet: bool = False, coloured: bool = False
    ) -> None:
        super().__init__()
        self.is_quiet = quiet
        self._lines = lines
        self._as_json = as_json
        self._coloured = coloured

    def request(self, answer: Answer) -> None:
        """A request was answered, or refused; mockpbx's own clients leave no line."""
        environ = answer.environ
        target = answer.target.decode("latin-1")
        own = environ.get("HTTP_USER_AGENT") == USER_AGENT and "/_mockpbx/" in target
        if self.is_quiet or (own and answer.method == "GET"):
            return
        headers = dict(answer.headers)
        self._tell(
            "request",
            {
                "client": answer.client,
                "world": _world(environ),
                "request": f"{answer.method} {masking.text(target) if '?' in target else target}",
                "status": answer.status or "dropped",
                "rule": headers.get("X-Mockpbx-Rule"),
                "reason": headers.get("X-Mockpbx-Reason"),
            },
        )

    @contextmanager
    def of_deliveries(self) -> Iterator[None]:
        """Deliveries are in the log meanwhile."""
        logger = logging.getLogger("mockpbx.deliveries")
        logger.addHandler(self)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        """A delivery was tried."""
        told = getattr(record, "delivery", None)
        if told is not None and not self.is_quiet:
            self._tell("delivery", {**told, "request": masking.text(told["request"])})

    def message(self, line: str) -> None:
        """Something is to be said that is neither."""
        if self._as_json:
            self._tell("message", {"message": line})
        else:
            self._lines.add(_printable(line))

    def _tell(self, kind: str, told: dict[str, Any]) -> None:
        at = stamp_us(Clock().now())
        told = {name: value for name, value in told.items() if value is not None}
        if self._as_json:
            self._lines.add(json.dumps({"at": at, "kind": kind, **told}))
            return
        line = _printable(" ".join([at[11:23], *map(str, told.values())]))
        colour = _COLOURS.get(str(told.get("status"))[0]) if self._coloured else None
        self._lines.add(line if colour is None else f"\x1b[{colour}m{line}\x1b[0m")


def _world(environ: dict[str, Any]) -> str | None:
    """The name in the path, or that of the default world's file."""
    world = environ.get("mockpbx.world")
    named: str = environ.get("SCRIPT_NAME", "").rpartition("/")[2]
    return None if world is None else named or world.start.name


def _printable(line: str) -> str:
    """The line without what a terminal would obey."""
    if line.isascii() and line.isprintable():
        return line
    return "".join([one if one.isprintable() or one == "\t" else _escaped(one) for one in line])


def _escaped(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
