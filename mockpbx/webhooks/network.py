"""Requests to receivers over connections that are kept open."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from ..core.stopwatch import Deadline, Stopwatch
from .connection import Connection
from .names import Names

if TYPE_CHECKING:
    from .transport import Answer, Request

#: Receivers to which connections are kept.
RECEIVERS = 100
#: Seconds for which an idle connection is kept. Receivers close theirs after a few, and an event
#: that comes in that moment would be lost: it is sent once, whatever becomes of it (DLV-5).
IDLE_S = 1.0

_Kept = dict[tuple[str, str], list[tuple[Connection, float]]]


class Network:
    """Asks receivers: over kept connections, past proxies, and follows no redirect."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._names = Names()
        #: (scheme, host and port) -> the connections that nobody uses now, each with since when.
        self._kept: _Kept = {}
        weakref.finalize(self, _close_all, self._kept)

    def close(self) -> None:
        """Close all connections; the next request opens another."""
        _close_all(self._kept)

    def ask(self, request: Request, answer: Answer, deadline: Deadline) -> None:
        """Send the request once, and fill in the answer as it comes.

        Raises:
            TimeoutError: it was not complete in time.
            Exception: whatever else can happen to a request.
        """
        parts = urlsplit(request.url)
        connection = self._take(parts) or Connection(parts, self._names, deadline)
        try:
            goes_on = connection.exchange(parts, request, answer, deadline)
        except BaseException:
            connection.close()
            raise
        if goes_on:
            self._keep(parts, connection)
        else:
            connection.close()

    def _take(self, parts: SplitResult) -> Connection | None:
        kept = self._kept.get((parts.scheme, parts.netloc), [])
        while kept:
            connection, since = kept.pop()
            if Stopwatch.read_s() - since < self._idle_s and connection.is_silent:
                return connection
            connection.close()
        return None

    def _keep(self, parts: SplitResult, connection: Connection) -> None:
        if len(self._kept) >= RECEIVERS:
            self.close()
        self._kept.setdefault((parts.scheme, parts.netloc), []).append(
            (connection, Stopwatch.read_s())
        )


def _close_all(kept: _Kept) -> None:
    for origin in tuple(kept):
        for connection, _ in kept.pop(origin, ()):
            connection.close()
