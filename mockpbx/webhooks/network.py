"""Requests over kept connections."""

from __future__ import annotations

import http.client
import io
import socket
import string
import weakref
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlsplit

import urllib3

from ..core.stopwatch import Stopwatch
from ..core.user_agent import USER_AGENT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from .transport import Answer, Request

#: Receivers to which connections are kept.
RECEIVERS = 100
#: Seconds for which an idle connection is kept. Receivers close theirs after a few, and an event
#: that comes in that moment would be lost: it is sent once, whatever becomes of it (DLV-5).
IDLE_S = 1.0


class _Hurried(io.RawIOBase):
    """Reads from a socket until a moment, however slowly the bytes come.

    A socket's own time-out begins anew with every byte.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._ends = Stopwatch.read_s() + (sock.gettimeout() or 0)
        self._begun = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Read what is there, or wait for it until the moment.

        Raises:
            TimeoutError: the moment has passed.
        """
        if self._begun:
            left = self._ends - Stopwatch.read_s()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(left)
        self._begun = True
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class _TimelyResponse(http.client.HTTPResponse):
    """An answer that is complete in time, head and body, or refused."""

    def __init__(self, sock: socket.socket, *options: Any, **named: Any) -> None:
        super().__init__(sock, *options, **named)
        self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock))


class _AtOnce(urllib3.connection.HTTPConnection):
    """Sends head and body together; http.client writes twice, which wakes the receiver twice."""

    response_class = _TimelyResponse
    _held: bytearray | None = None

    def request(self, *args: Any, **options: Any) -> None:
        """Send a request."""
        held = self._held = bytearray()
        try:
            super().request(*args, **options)
        finally:
            self._held = None
        self.send(held)

    def send(self, data: Any) -> None:
        """Send it, or keep it until the request is complete."""
        if self._held is None:
            super().send(data)
        else:
            self._held += data


class _Connection(_AtOnce):
    pass


class _SecureConnection(_AtOnce, urllib3.connection.HTTPSConnection):
    pass


_Kept = dict[tuple[str, str], list[tuple[_AtOnce, float]]]


class Network:
    """Asks receivers: over kept connections, past proxies, and follows no redirect."""

    def __init__(self, timeout_s: float, idle_s: float = IDLE_S) -> None:
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        #: (scheme, host and port) -> the connections that nobody uses now, each with since when.
        self._kept: _Kept = {}
        weakref.finalize(self, _close_all, self._kept)

    def close(self) -> None:
        """Keep no connection; the next request opens another."""
        _close_all(self._kept)

    def ask(self, request: Request, answer: Answer) -> None:
        """Send the request once, and fill in the answer as it comes.

        Raises:
            TimeoutError: it was not complete in time.
            Exception: whatever else can happen to a request.
        """
        parts = urlsplit(request.url)
        connection = self._take(parts) or self._open(parts)
        try:
            complete = self._exchange(connection, parts, request, answer)
        except urllib3.exceptions.NewConnectionError as fault:  # in some versions a time-out
            connection.close()
            raise fault.__cause__ or fault from None
        except urllib3.exceptions.TimeoutError as fault:
            connection.close()
            raise TimeoutError from fault
        except BaseException:
            connection.close()
            raise
        if complete and not connection.is_closed:
            self._keep(parts, connection)
        else:
            connection.close()

    def _exchange(
        self, connection: _AtOnce, parts: SplitResult, request: Request, answer: Answer
    ) -> bool:
        began = Stopwatch.read_s()
        connection.request(
            request.method,
            _target(parts),
            body=request.body or None,
            headers={"User-Agent": USER_AGENT, **{k: _header(v) for k, v in request.headers}},
        )
        left_s = max(0.001, self._timeout_s - (Stopwatch.read_s() - began))
        connection.sock.settimeout(left_s)
        # Nobody needs what urllib3 makes of an answer, and it costs a tenth of the request.
        response = http.client.HTTPConnection.getresponse(connection)
        answer.status = response.status
        while (left := answer.room) and (chunk := response.read1(left)):
            answer.body += chunk
        missing, whole = response.length, left > 0
        response.close()
        if whole and missing:
            raise http.client.IncompleteRead(bytes(answer.body), missing)
        return whole

    def _take(self, parts: SplitResult) -> _AtOnce | None:
        kept = self._kept.get((parts.scheme, parts.netloc), [])
        while kept:
            connection, since = kept.pop()
            if Stopwatch.read_s() - since < self._idle_s and connection.is_connected:
                connection.timeout = self._timeout_s
                connection.sock.settimeout(self._timeout_s)
                return connection
            connection.close()
        return None

    def _open(self, parts: SplitResult) -> _AtOnce:
        kind = _Connection if parts.scheme == "http" else _SecureConnection
        return kind(parts.hostname or "", parts.port, timeout=self._timeout_s)

    def _keep(self, parts: SplitResult, connection: _AtOnce) -> None:
        if len(self._kept) >= RECEIVERS:
            self.close()
        self._kept.setdefault((parts.scheme, parts.netloc), []).append(
            (connection, Stopwatch.read_s())
        )


def _close_all(kept: _Kept) -> None:
    for origin in tuple(kept):
        for connection, _ in kept.pop(origin, ()):
            connection.close()


def _target(parts: SplitResult) -> str:
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return target if target.isascii() else quote(target, safe=string.punctuation)


def _header(value: str) -> str:
    """The value as UTF-8 that http.client takes, without what would end the header."""
    if not value.isprintable():
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value.encode("utf-8").decode("latin-1")
