"""One request: what it may be, what it is, and its body as the application reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import RawIOBase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


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
    """One request, whose application may be asked while its body still arrives.

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


class Body(RawIOBase):
    """The body of a request, read while it arrives.

    Raises, from each reading:
        RequestError: the rest of it is none, or does not come.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, target: WriteableBuffer, /) -> int:
        """The next bytes, as soon as some are here; 0 at the end."""
        request, view = self._request, memoryview(target)
        while not (request.buffer or request.is_complete):
            request.fill()
        taken = request.buffer[: len(view)]
        view[: len(taken)] = taken
        del request.buffer[: len(taken)]
        return len(taken)
