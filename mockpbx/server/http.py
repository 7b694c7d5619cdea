"""HTTP/1.1 as the server speaks it: one connection, its requests, and the answers to them."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .gateway import Answer, base_environ
from .reader import Reader
from .request import Request, RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIApplication

    from .connections import Connections

RECEIVE_BYTES = 64 * 1024
#: What a refused client may still send, and for how long, so that it reads the refusal.
LINGER_BYTES = 64 * 1024 * 1024
LINGER_S = 2.0

_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
#: A socket that lingers for no time at all is reset when it is closed.
_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Site:
    """What all connections of a server have in common; `log` is told of each answer."""

    app: WSGIApplication
    connections: Connections
    log: Callable[[Answer], None] | None
    #: What the application is told with every request.
    environ: Mapping[str, Any]


class Connection:
    """One client's connection, whose requests are answered one after the other."""

    def __init__(self, site: Site, sock: socket.socket, address: Any) -> None:
        self._site = site
        self._connections = site.connections
        self._sock = sock
        self._client = str(address[0])
        #: The turn of the connections' clock by which the request has to be here.
        self._deadline: float | None = None
        self._is_working = False
        self._is_cut = False
        self._reader = Reader(self._receive, lambda: self._send(_GO_ON), self._connections.limits)

    def serve(self) -> None:
        """Answer until the client or the server has enough."""
        try:
            # Whatever default a program has set for its own sockets.
            self._sock.settimeout(None)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            base = base_environ(self._sock, self._client, self._site.environ)
            while (request := self._reader.next()) is not None:
                if not self._answer(request, base):
                    break
        except RequestError as refusal:
            self._refuse(refusal)
        except OSError:
            pass  # the client has gone
        finally:
            self.close()

    def close(self) -> None:
        """Nothing of it is left."""
        self._sock.close()
        self._connections.forget(self)

    def cut(self) -> None:
        """Wait for this client no longer; called by another thread.

        A request that has begun to arrive is refused, unless an answer does not leave.
        """
        self._is_cut = True
        self._shut(socket.SHUT_RDWR if self in self._connections.sending else socket.SHUT_RD)

    def abort(self) -> None:
        """End the connection, whatever its request does; called by another thread."""
        self._is_cut = True
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        with suppress(OSError):
            self._sock.shutdown(how)
            if sys.platform == "win32":
                self._sock.close()  # a shutdown does not wake a thread that receives

    def _answer(self, request: Request, base: dict[str, Any]) -> bool:
        """Whether the connection can serve another request afterwards."""
        self._connections.waiting.pop(self, None)
        self._is_working = True
        if request.is_complete:
            self._deadline = None
        if self._is_cut or self._connections.is_over.is_set():
            request.keep_alive = False
        answer = Answer(self._client, request.method, request.target, self._send)
        answer.give(self._site.app, request, base)
        self._is_working = False
        if self._site.log is not None:
            self._site.log(answer)
        if answer.is_reset:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        elif answer.status and not answer.keeps_connection:
            self._linger()
        return answer.keeps_connection

    def _receive(self) -> bytes:
        connections, reader = self._connections, self._reader
        has_begun = reader.has_begun
        if not has_begun:
            connections.waiting[self] = connections.turn_after(connections.limits.idle_s)
        elif self not in connections.waiting:  # a body, or what came with the request before
            if self._deadline is None:
                self._deadline = connections.turn_after(connections.limits.request_s)
            connections.waiting[self] = self._deadline
        data = self._sock.recv(RECEIVE_BYTES)
        if self._is_working:
            connections.waiting.pop(self, None)
        elif not has_begun:
            self._deadline = connections.turn_after(connections.limits.request_s)
            connections.waiting[self] = self._deadline
        if not data and has_begun and self._is_cut:
            raise RequestError(408, "The request does not arrive in time")
        return data

    def _send(self, data: bytes) -> None:
        connections = self._connections
        connections.sending[self] = connections.turn_after(connections.limits.request_s)
        self._sock.sendall(data)
        del connections.sending[self]

    def _refuse(self, refusal: RequestError) -> None:
        from ..core.facts import basis_of  # a table that no good request needs

        method, target = self._reader.asked_for()
        answer = Answer(self._client, method, target, self._send)
        headers = [
            ("X-Mockpbx-Rule", refusal.rule),
            ("X-Mockpbx-Basis", basis_of([refusal.rule])),
            ("X-Mockpbx-Reason", refusal.message),
        ]
        if refusal.status == 405:
            headers.append(("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"))
        with suppress(OSError):
            answer.refuse(refusal.status, refusal.message, *headers)
            if self._site.log is not None:
                self._site.log(answer)
            self._linger()

    def _linger(self) -> None:
        """Let the client read the answer: closing with input unread would reset it."""
        self._sock.shutdown(socket.SHUT_WR)
        self._connections.waiting[self] = self._connections.turn_after(LINGER_S)
        left = LINGER_BYTES
        while left > 0 and (unread := self._sock.recv(RECEIVE_BYTES)):
            left -= len(unread)
