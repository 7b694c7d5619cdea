"""Connections to receivers: kept, and given up when an answer takes too long."""

from __future__ import annotations

import http.client
import io
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import urllib3

from ..core.stopwatch import Stopwatch
from .transport import ANSWER_LIMIT, Request

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


#: Receivers to which connections are kept.
RECEIVERS = 100


class _Hurried(io.RawIOBase):
    """Reads from a socket until a moment, however slowly the bytes come.

    A socket's own time-out begins anew with every byte.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._ends = Stopwatch.read_ns() / 1e9 + (sock.gettimeout() or 0)
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
            left = self._ends - Stopwatch.read_ns() / 1e9
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(left)
        self._begun = True
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer that is complete in time, head and body, or refused."""

    def __init__(self, sock: socket.socket, *options: Any, **named: Any) -> None:
        super().__init__(sock, *options, **named)
        self.fp = io.BufferedReader(_Hurried(self.fp.detach(), sock))


class _AtOnce(urllib3.connection.HTTPConnection):
    """Sends head and body together; http.client writes twice, which wakes the receiver twice."""

    response_class = _Answer
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


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Network:
    """Sends over kept connections; ignores proxies, follows no redirect, tries once."""

    def __init__(self, timeout_s: float) -> None:
        self._pools: dict[tuple[str, str], urllib3.HTTPConnectionPool] = {}
        self._timeout = urllib3.Timeout(total=timeout_s)

    def close(self) -> None:
        """Keep no connection; the next request opens another."""
        for pool in tuple(self._pools.values()):
            pool.close()

    def ask(self, request: Request) -> urllib3.BaseHTTPResponse:
        """The receiver's answer, of which only the head was read."""
        parts = urlsplit(request.url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return self._pool(parts).urlopen(
            request.method,
            target,
            body=request.body or None,
            headers={"User-Agent": "mockpbx", **{k: _header(v) for k, v in request.headers}},
            timeout=self._timeout,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    @staticmethod
    def read(response: urllib3.BaseHTTPResponse, answer: bytearray) -> None:
        """Append what the receiver says, up to what is kept."""
        while len(answer) < ANSWER_LIMIT and (chunk := response.read1(ANSWER_LIMIT - len(answer))):
            answer += chunk
        if response.length_remaining in (0, None) and len(answer) < ANSWER_LIMIT:
            response.release_conn()
        else:
            response.close()  # more than anybody reads: the connection is not worth keeping

    def _pool(self, parts: SplitResult) -> urllib3.HTTPConnectionPool:
        origin = parts.scheme, parts.netloc
        pool = self._pools.get(origin)
        if pool is None:
            if len(self._pools) >= RECEIVERS:
                self.close()
            kind = _Pool if parts.scheme == "http" else _SecurePool
            pool = kind(parts.hostname or "", parts.port, maxsize=64, retries=False)
            pool = self._pools.setdefault(origin, pool)
        return pool


def _header(value: str) -> str:
    """The value as UTF-8 that http.client takes, without what would end the header."""
    if not value.isprintable():
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value.encode("utf-8").decode("latin-1")
