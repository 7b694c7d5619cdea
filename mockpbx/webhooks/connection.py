"""One HTTP connection to a receiver, over a plain or TLS socket.

Recorders and mocks of HTTP put classes of their own into http.client and urllib3, for good in
whoever imports them meanwhile. What the operator sends is not the program's, so it passes beside.
"""

from __future__ import annotations

import http.client
import io
import selectors
import socket
import ssl
import string
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote

from ..core.address import WEB
from ..core.stopwatch import Deadline
from ..core.user_agent import USER_AGENT
from .names import Addresses, Names

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from .transport import Answer, Request


class _Hurried(io.RawIOBase):
    """Reads from a socket under one time limit, however slowly the bytes come.

    A socket's own time-out begins anew with every byte.
    """

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """The file that http.client reads the answer from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """True: http.client asks."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what is there, or wait for it until the time limit.

        Raises:
            TimeoutError: the moment has passed.
        """
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


class Connection:
    """A connection to one host."""

    def __init__(self, parts: SplitResult, names: Names, deadline: Deadline) -> None:
        host, port = parts.hostname or "", parts.port or WEB[parts.scheme]
        self._sock = _connected(names.addresses(host, port, deadline), deadline)
        try:
            if parts.scheme == "https":
                self._sock.settimeout(deadline.left())
                self._sock = _tls().wrap_socket(self._sock, server_hostname=host)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            self._sock.close()
            raise

    @property
    def is_silent(self) -> bool:
        """Whether the connection can be used again: no bytes have come, and it is open."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return not selector.select(0)

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    def exchange(
        self, parts: SplitResult, request: Request, answer: Answer, deadline: Deadline
    ) -> bool:
        """Send the request and fill in the answer; tells whether another one may follow.

        Raises:
            TimeoutError: the answer was not complete in time.
            OSError, http.client.HTTPException: whatever else can happen to a request.
        """
        self._sock.settimeout(deadline.left())
        self._sock.sendall(_head(parts, request) + request.body)
        source: Any = _Hurried(self._sock, deadline)
        response = http.client.HTTPResponse(source, method=request.method)
        response.begin()
        answer.status = response.status
        while (left := answer.room) and (chunk := response.read1(left)):
            answer.body += chunk
        missing, whole = response.length, left > 0
        goes_on = whole and not response.will_close
        response.close()
        if whole and missing:
            raise http.client.IncompleteRead(bytes(answer.body), missing)
        return goes_on


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connected(addresses: Addresses, deadline: Deadline) -> socket.socket:
    """A socket to the first of these addresses that takes one.

    Raises:
        TimeoutError: none did in time.
        OSError: there is none, or the last one refused.
    """
    failure = OSError("the host has no address")
    for family, kind, protocol, _, address in addresses:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left())
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


def _head(parts: SplitResult, request: Request) -> bytes:
    lines = [
        f"{request.method} {_target(parts)} HTTP/1.1",
        f"Host: {_host(parts)}",
        "Accept-Encoding: identity",
    ]
    if request.body:
        lines.append(f"Content-Length: {len(request.body)}")
    headers = {"User-Agent": USER_AGENT, **dict(request.headers)}
    if parts.username is not None:
        lines.append(f"Authorization: {_basic(parts)}")
    lines += [f"{name}: {_header(value)}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port not in (None, WEB[parts.scheme]) else host


def _basic(parts: SplitResult) -> str:
    """The credentials of the url, which itself is sent without them.

    Source: EVT-21
    """
    pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return f"Basic {b64encode(pair.encode()).decode('ascii')}"


def _target(parts: SplitResult) -> str:
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    if any(letter <= " " or letter == "\x7f" for letter in target):
        raise ValueError(f"{target!r} is no target of a request")
    return target if target.isascii() else quote(target, safe=string.punctuation)


def _header(value: str) -> str:
    """The value as UTF-8 that latin-1 writes, without what would end the header."""
    if not value.isprintable():
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value.encode("utf-8").decode("latin-1")
