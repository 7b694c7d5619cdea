"""The open connections of a server: how many there may be, and how long each may wait."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from .request import Limits

if TYPE_CHECKING:
    from .http import Connection

#: Seconds between two looks for what has waited too long.
TURN_S = 0.5
#: Descriptors that are left to what is no connection.
SPARE_DESCRIPTORS = 32
FULL_NOTICE_S = 60

_log = logging.getLogger("mockpbx")


class Connections:
    """A thread for each connection, and one that cuts those that wait for too long.

    Time is counted in turns of that thread: whoever patches the clocks of the process, a turn
    takes as long as ever.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        #: Connections that wait for their client, the oldest first, and until which turn.
        self.waiting: dict[Connection, float] = {}
        #: Connections whose client takes an answer, and until which turn.
        self.sending: dict[Connection, float] = {}
        self._turn_s = min(TURN_S, limits.idle_s / 4, limits.request_s / 4)
        self._turn = 0
        self._most = min(limits.connections, _descriptors())
        #: Places of those requests that wait for something to happen.
        self.places = threading.Semaphore(min(limits.waiting, max(1, self._most // 2)))
        self._open: set[Connection] = set()
        self._has_room = threading.Event()
        #: Set when the server stops: no connection serves another request.
        self.is_over = threading.Event()
        self._is_empty = threading.Event()
        self._silent_until = 0.0

    def start(self) -> None:
        """Let turns pass."""
        threading.Thread(target=self._pass_turns, name="mockpbx clock", daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Whether there are as many as there may be."""
        return len(self._open) >= self._most

    def turn_after(self, seconds: float) -> float:
        """The turn at which so many seconds will have passed."""
        return self._turn + 1 + seconds / self._turn_s

    def add(self, connection: Connection) -> None:
        """Serve it, in a thread of its own."""
        self._open.add(connection)
        thread = threading.Thread(target=connection.serve, name="mockpbx client", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads
            connection.close()
            self.wait_for_room()

    def forget(self, connection: Connection) -> None:
        """It is closed."""
        self.waiting.pop(connection, None)
        self.sending.pop(connection, None)
        self._open.discard(connection)
        self._has_room.set()
        if not self._open:
            self._is_empty.set()

    def wait_for_room(self) -> None:
        """Cut the connection that has waited longest; come back when one is closed, or soon."""
        if self._turn >= self._silent_until:
            self._silent_until = self.turn_after(FULL_NOTICE_S)
            notice = "all %d connections are taken: a new one closes the one that waits longest"
            _log.warning(notice, len(self._open))
        self._has_room.clear()
        oldest = next(iter(self.waiting.copy()), None)
        if oldest is not None:
            oldest.cut()
        self._has_room.wait(self._turn_s)

    def close(self, timeout_s: float) -> None:
        """All are closed: those that wait at once, those that are answered when that is done."""
        self._is_empty.clear()
        for connection in self.waiting.copy():
            connection.cut()
        if self._open:
            self._is_empty.wait(timeout_s / 2)
        for connection in self._open.copy():
            connection.abort()
        if self._open:
            self._is_empty.wait(timeout_s / 2)

    def _pass_turns(self) -> None:
        while not self.is_over.wait(self._turn_s):
            self._turn += 1
            for connections in (self.waiting, self.sending):
                for connection, until in connections.copy().items():
                    if until <= self._turn:
                        connection.cut()


def _descriptors() -> int:
    """How many connections the process has file descriptors for."""
    with suppress(ImportError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if most != resource.RLIM_INFINITY:
            return max(most - SPARE_DESCRIPTORS, most // 4, 1)
    return 1 << 30
