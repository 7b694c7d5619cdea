"""One request: what it may be, what it is, and its body as the application reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may take of the server: bytes, seconds, and how many there may be at once."""

    target_bytes: int = 64 * 1024
    header_bytes: int = 64 * 1024
    #: Whole worlds arrive as bodies; the application has smaller limits for other requests.
    body_bytes: int = 512 * 1024 * 1024
    #: How long a connection may wait for its next request.
    idle_s: float = 120.0
    #: How long a request may take to arrive, and each part of an answer to leave.
    request_s: float = 60.0
    connections: int = 512
    #: Requests that wait for something to happen, such as a late answer for its time.
    waiting: int = 256


class RequestError(BaseException):
    """A request cannot be taken: the status and message of its answer, and the rule behind it.

    No `Exception`: it may leave through an application that is reading the body, and that would
    answer any `Exception` as a failure of its own.
    """

    def __init__(self, status: int, message: str, rule: str = "GEN-12") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.rule = rule


@dataclass(slots=True, eq=False)
class Request:
    """One request, which its application reads as `wsgi.input` while the body still arrives.

    `fields` are its headers under the names of WSGI. `fill` receives more of the body.
    """

    method: str
    target: bytes
    version: str
    fields: dict[str, str]
    fill: Callable[[], None]
    path: bytes = b""
    query: str = ""
    keep_alive: bool = True
    chunked: bool = False
    #: Whether the client waits for a word before it sends the body.
    expects_word: bool = False
    is_complete: bool = False
    received: int = 0
    buffer: bytearray = field(default_factory=bytearray)

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes of the body, fewer at its end; all that are left when negative.

        Raises:
            RequestError: the rest of it is none, or does not come.
        """
        wanted = -1 if size is None else size
        while not self.is_complete and not 0 <= wanted <= len(self.buffer):
            self.fill()
        return self._take(wanted)

    def readline(self, size: int | None = -1) -> bytes:
        """The bytes up to and with the next line feed, `size` at most.

        Raises:
            RequestError: the rest of the body is none, or does not come.
        """
        wanted = -1 if size is None else size
        while (end := self.buffer.find(b"\n") + 1) == 0 and not self.is_complete:
            if 0 <= wanted <= len(self.buffer):
                break
            self.fill()
        return self._take(min((n for n in (end or -1, wanted) if n >= 0), default=-1))

    def readlines(self, hint: int = -1) -> list[bytes]:
        """The lines that are left; the hint of how many is not needed."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _take(self, size: int) -> bytes:
        size = len(self.buffer) if size < 0 else size
        taken = bytes(memoryview(self.buffer)[:size])
        del self.buffer[:size]
        return taken
