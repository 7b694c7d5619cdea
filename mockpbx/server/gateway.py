"""Between HTTP and WSGI: what an application is told of a request, and its answer as bytes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from io import BufferedReader, BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from ..core.clock import Clock
from .request import Body, Request

if TYPE_CHECKING:
    import socket
    from datetime import datetime

    from _typeshed.wsgi import WSGIApplication

#: An answer of known length leaves in pieces of that size, and smaller ones whole.
SEND_BYTES = 64 * 1024

_log = logging.getLogger("mockpbx")


@dataclass(slots=True, eq=False)
class Answer:
    """One answer and how it leaves, by way of `send`; the log reads it afterwards.

    `status` stays 0 when the client gets none. `environ` is empty when no application saw the
    request.
    """

    client: str
    method: str
    target: bytes
    send: Callable[[bytes], None]
    environ: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    keeps_connection: bool = False
    is_reset: bool = False
    _status_line: str = ""
    _written: list[bytes] = field(default_factory=list)
    _has_begun: bool = False

    def give(self, app: WSGIApplication, request: Request, base: dict[str, Any]) -> None:
        """Send what the application answers to that request.

        Raises:
            RequestError: the body, which the application reads, is none or does not come.
        """
        self.environ = environ_of(request, base)
        try:
            chunks = app(self.environ, self._start)
            try:
                self._send_all(request, chunks)
            finally:
                getattr(chunks, "close", bool)()
        except ConnectionError as gone:  # the client's, or a fault rule's doing
            self.keeps_connection = False
            self.is_reset = type(gone) is ConnectionResetError
            self.status = self.status if self._has_begun else 0
        except Exception as fault:
            self.keeps_connection = False
            if not (self._has_begun and isinstance(fault, OSError)):
                _log.exception("mockpbx failed on %s %s", self.method, self.environ["REQUEST_URI"])
            if not self._has_begun:
                with suppress(OSError):
                    self.refuse(500, HTTPStatus(500).phrase)

    def refuse(self, status: int, message: str, *headers: tuple[str, str]) -> None:
        """Send an error in the shape of the API's own, after which the connection ends.

        Source: GEN-6
        """
        body = json.dumps({"message": message}).encode("ascii")
        kind, length = ("Content-Type", "application/json"), ("Content-Length", str(len(body)))
        self._start(f"{status} {HTTPStatus(status).phrase}", [kind, length, *headers])
        self._has_begun = True
        self.send(self._head("Connection: close\r\n") + body)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info is not None and self._has_begun:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self._status_line, self.headers = int(status[:3]), status, headers
        return self._written.append

    def _send_all(self, request: Request, chunks: Iterable[bytes]) -> None:
        left = iter(chunks)
        first = b"".join([*self._written, next(left, b"")])  # some start their answer only now
        length = self._length(chunks, first)
        has_body = request.method != "HEAD" and self.status not in (204, 304)
        in_chunks = has_body and length is None and request.version == "1.1"
        is_delimited = in_chunks or not has_body or length is not None
        self.keeps_connection = request.keep_alive and request.is_complete and is_delimited
        framing = "Transfer-Encoding: chunked\r\n" if in_chunks else ""
        if not self.keeps_connection:
            framing += "Connection: close\r\n"
        elif request.version == "1.0":
            framing += "Connection: keep-alive\r\n"
        pending = self._head(framing)
        self._has_begun = True
        sent = 0
        for chunk in chain([first], left) if has_body else ():
            if chunk:
                sent += len(chunk)
                pending += b"%x\r\n%s\r\n" % (len(chunk), chunk) if in_chunks else chunk
            if length is None or len(pending) >= SEND_BYTES:
                self.send(pending)
                pending = b""
        if in_chunks:
            pending += b"0\r\n\r\n"
        if pending:
            self.send(pending)
        if has_body and length not in (None, sent):
            self.keeps_connection = False  # what follows would be taken for the rest

    def _length(self, chunks: Iterable[bytes], first: bytes) -> int | None:
        """The length that the answer says, or that is known before it leaves."""
        for name, value in self.headers:
            if name.lower() == "content-length":
                return int(value)
        if isinstance(chunks, (list, tuple)) and len(chunks) <= 1:
            if self.status not in (204, 304):
                self.headers = [*self.headers, ("Content-Length", str(len(first)))]
            return len(first)
        return None

    def _head(self, framing: str) -> bytes:
        fields = "".join([f"{name}: {value}\r\n" for name, value in self.headers])
        date = _date(Clock().now().replace(microsecond=0))
        head = f"HTTP/1.1 {self._status_line}\r\nDate: {date}\r\n{fields}{framing}\r\n"
        return head.encode("latin-1")


@lru_cache(1)
def _date(second: datetime) -> str:
    """That moment as `Date` has it, made once a second."""
    return format_datetime(second, usegmt=True)


def base_environ(sock: socket.socket, client: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the application is told with every request of a connection; `given` is the server's."""
    host, port = sock.getsockname()[:2]
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": f"[{host}]" if ":" in host else host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client,
        **given,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def environ_of(request: Request, base: dict[str, Any]) -> dict[str, Any]:
    """What the application is told of that request."""
    environ = base | request.fields
    path = unquote_to_bytes(request.path) if b"%" in request.path else request.path
    environ["REQUEST_METHOD"] = request.method
    environ["PATH_INFO"] = path.decode("latin-1")
    environ["QUERY_STRING"] = request.query
    environ["REQUEST_URI"] = request.target.decode("latin-1")
    environ["SERVER_PROTOCOL"] = f"HTTP/{request.version}"
    environ["wsgi.errors"] = sys.stderr
    if not request.is_complete:
        environ["wsgi.input"] = BufferedReader(Body(request))
        environ["wsgi.input_terminated"] = request.chunked
        return environ
    environ["wsgi.input"] = BytesIO(request.buffer)
    if request.chunked:  # the application gets a body of known length, like any other
        environ["CONTENT_LENGTH"] = str(request.received)
    return environ
