"""HTTP/1.1 as the server speaks it: cheroot, with every error as JSON, and idle for any time."""

from __future__ import annotations

import json
import logging
import math
import socket
from contextlib import suppress
from email.utils import format_datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cheroot import wsgi
from cheroot.errors import MaxSizeExceeded
from cheroot.server import ChunkedRFile, HTTPConnection, HTTPRequest, SizeCheckWrapper

from ..core.clock import Clock, through_freezes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_HEADER_BYTES = 64 * 1024
# Whole worlds arrive as bodies; the application has smaller limits for other requests.
MAX_BODY_BYTES = 512 * 1024 * 1024
READ_TIMEOUT_S = 60
LINGER_TIMEOUT_S = 1.0
MAX_LINGER_BYTES = 64 * 1024 * 1024

# A request may wait for another one: a delivery for the receiver that calls the API back, a
# verification for the request that it verifies. So a thread is always left over for the next one.
SPARE_THREADS = 8
MAX_THREADS = 512

_log = logging.getLogger(__name__)


class _RequestLine:
    """A reader whose request line has one slash in front of its path, however many were sent.

    cheroot takes `//extension/…` for the address of another host. Source: GEN-3 (observed)
    """

    def __init__(self, rfile: Any) -> None:
        self._rfile = rfile

    def readline(self) -> bytes:
        line: bytes = self._rfile.readline()
        method, blank, rest = line.partition(b" ")
        if not rest.startswith(b"//"):
            return line
        return method + blank + b"/" + rest.lstrip(b"/")


class _Request(HTTPRequest):
    """One request whose body has arrived before the application runs, and whose errors are JSON."""

    def read_request_line(self) -> bool:
        rfile, self.rfile = self.rfile, _RequestLine(self.rfile)
        try:
            return bool(super().read_request_line())
        except ValueError:  # from urlsplit, which cheroot expects to raise UnicodeError alone
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False
        finally:
            self.rfile = rfile

    def read_request_headers(self) -> bool:
        try:
            return bool(super().read_request_headers())
        except UnboundLocalError:  # from cheroot's reader, when the first line continues nothing
            self.simple_response("400 Bad Request", "Illegal header line.")
            return False

    def respond(self) -> None:
        # Bytes that a refusal leaves unread would be taken for the next request.
        try:
            body = self._read_chunks() if self.chunked_read else self._read_known_length()
        except MaxSizeExceeded:
            self.simple_response("413 Request Entity Too Large", "The body is too large")
            return
        except ValueError as fault:
            self.simple_response("400 Bad Request", str(fault))
            return
        self.rfile = BytesIO(body)
        self.server.gateway(self).respond()
        self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")

    def send_headers(self) -> None:
        # cheroot's own date would fail when another thread ends a freeze meanwhile.
        date = format_datetime(Clock().now(), usegmt=True)
        self.outheaders.append((b"Date", date.encode("ascii")))
        super().send_headers()

    def _read_known_length(self) -> bytes:
        length = int(self.inheaders.get(b"Content-Length", 0))
        if length < 0:
            raise ValueError("Malformed Content-Length Header.")
        body: bytes = self.conn.rfile.read(length)
        if len(body) < length:
            raise ValueError("The body is shorter than its Content-Length")
        return body

    def _read_chunks(self) -> bytes:
        chunks: Any = ChunkedRFile(SizeCheckWrapper(self.conn.rfile, MAX_BODY_BYTES), maxlen=0)
        body: bytes = chunks.read()
        for _ in chunks.read_trailer_lines():
            pass  # cheroot leaves the line after the last chunk unread
        # The application gets a body of known length, like any other.
        self.chunked_read = False
        del self.inheaders[b"Transfer-Encoding"]
        self.inheaders[b"Content-Length"] = str(len(body)).encode("ascii")
        return body

    def simple_response(self, status: str, msg: str = "") -> None:
        """The client has read an error in the shape of the API's own, and the connection ends.

        Source: GEN-6 (doc, observed)
        """
        body = json.dumps({"message": msg or status.partition(" ")[2]}).encode("ascii")
        head = (
            f"{self.server.protocol} {status}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        self.close_connection = True
        with suppress(OSError):
            self.conn.wfile.write(head.encode("latin-1") + body)
            self.conn.linger_until_read()


class _Connection(HTTPConnection):
    """A connection that stays open until the client or the server closes it."""

    RequestHandlerClass = _Request

    @property
    def last_used(self) -> float:
        # cheroot compares it with time.time(), which a frozen or moved clock makes jump.
        return math.inf

    @last_used.setter
    def last_used(self, moment: float) -> None:
        """Nothing is remembered: an idle connection has no age."""

    def linger_until_read(self) -> None:
        """The client has had time to read the answer: closing with input unread would reset it."""
        self.socket.shutdown(socket.SHUT_WR)
        self.socket.settimeout(LINGER_TIMEOUT_S)
        left = MAX_LINGER_BYTES
        while left > 0 and (unread := self.socket.recv(64 * 1024)):
            left -= len(unread)


class _Gateway(wsgi.Gateway_10):
    """A request without a Host header is for the address that it reached."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # the stub says None
        environ: dict[str, Any] = super().get_environ()
        environ["SERVER_NAME"] = self.req.server.bind_addr[0]
        return environ


class HTTPServer(wsgi.Server):
    """cheroot's server with what a test double needs changed.

    `bind_fault` is why the last attempt to listen failed; cheroot itself keeps only its text.
    """

    ConnectionClass = _Connection
    keep_alive_conn_limit = None  # type: ignore[assignment]  # the documented "no limit"
    expiration_interval = 0.05  # `stop` waits for the end of one such turn
    max_request_header_size = MAX_HEADER_BYTES
    max_request_body_size = MAX_BODY_BYTES

    def __init__(self, address: tuple[str, int], app: WSGIApplication) -> None:
        super().__init__(
            address,
            app,
            server_name="mockpbx",
            max=MAX_THREADS,
            request_queue_size=MAX_THREADS,
            timeout=READ_TIMEOUT_S,
            shutdown_timeout=0,
        )
        self.gateway = _Gateway
        self.bind_fault: OSError | None = None

    def bind(self, family: int, type: int, proto: int = 0) -> Any:
        """The socket is bound, or `bind_fault` holds the reason."""
        try:
            return super().bind(family, type, proto)
        except OSError as fault:
            self.bind_fault = fault
            raise

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """That socket is bound, or closed; cheroot would leave it open."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    def put_conn(self, conn: HTTPConnection) -> None:
        """The connection waits for its next request; a failure here would stop the server."""
        put = super().put_conn
        through_freezes(lambda: put(conn))

    def process_conn(self, conn: HTTPConnection) -> None:
        """A thread takes that connection, whatever the others wait for."""
        if self.requests.idle - self.requests.qsize < SPARE_THREADS:
            self.requests.grow(SPARE_THREADS)
        super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """That message is in the log, which shows warnings and worse on stderr."""
        _log.log(level, msg, exc_info=traceback)
