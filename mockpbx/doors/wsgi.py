"""One request straight into a WSGI application, as a socket would have carried it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from ..core.address import WEB

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import WSGIApplication

#: Under this name the application is told for how many seconds the client waits.
TIMEOUT = "mockpbx.timeout"
#: Headers of one connection, which there is not.
_OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding")


class Body(RawIOBase):
    """What the application yields, read as it comes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._next: Iterator[bytes] = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        """True: the body can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """The next bytes; 0 at the end."""
        while not self._rest:
            try:
                self._rest = next(self._next)
            except StopIteration:
                return 0
        view = memoryview(buffer)
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def close(self) -> None:
        """Close the application's answer."""
        if not self.closed:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        super().close()


def bytes_of(body: Any) -> bytes:
    """The body that a client library was given: none, bytes, text, a file, or parts of these."""
    if body is None:
        return b""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if isinstance(body, str):
        return body.encode("utf-8")
    if hasattr(body, "read"):
        return bytes_of(body.read())
    assert isinstance(body, Iterable)
    return b"".join(map(bytes_of, body))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application said."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: Body


def ask(
    app: WSGIApplication,
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes = b"",
    timeout_s: float | None = None,
) -> Answer:
    """The application's answer to that request.

    Raises:
        RemoteDisconnected: a fault rule closes the connection.
        ConnectionResetError: a fault rule resets it.
        TimeoutError: a fault rule lets the client wait for longer than `timeout_s`.
    """
    parts = urlsplit(url)
    port = parts.port or WEB.get(parts.scheme, 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "mockpbx.test",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        TIMEOUT: timeout_s,
    }
    _add_headers(environ, headers)
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [(status, headers)]

    chunks = app(environ, start_response)
    ((status, answered),) = started
    code, _, reason = status.partition(" ")
    return Answer(int(code), reason, answered, Body(chunks))


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[str, str]]) -> None:
    given: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key not in _OF_THE_CONNECTION:
            given[key] = f"{given[key]},{value}" if key in given else value
    for key, value in given.items():
        name = key.upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        environ[name] = value
