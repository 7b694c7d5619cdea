"""The journal: each request and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask import Request, Response, request

from ..core.accounts import Principal
from ..core.faults import Fault
from ..core.limits import Allowance
from ..core.stopwatch import Stopwatch
from ..core.world import World
from .address import root_of
from .prefix import CONTROL as CONTROL

#: Bytes of a body that are read; more is a 413. World files may be larger than API bodies.
API_BODY_LIMIT = 1024 * 1024
CONTROL_BODY_LIMIT = 512 * 1024 * 1024
_KEY = "mockpbx.exchange"
#: Bytes that an entry takes without what differs.
ENTRY_BYTES = 1500


class Documented(Protocol):
    """The operation that a request asked for, as far as its exchange is concerned."""

    @property
    def label(self) -> str:
        """Method and documented path."""

    @property
    def is_list(self) -> bool:
        """Whether the path is that of a list."""

    @property
    def takes_json(self) -> bool:
        """Whether the request has a JSON body."""

    @property
    def has_pages(self) -> bool:
        """Whether it answers browsers with pages."""


@dataclass(slots=True, repr=False)
class Exchange:
    """One request to the mocked API and its answer."""

    number: int
    world: World
    at: datetime
    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes
    began_ns: int
    too_large: bool = False
    slash: bool = False
    operation: Documented | None = None
    principal: Principal | None = None
    allowance: Allowance | None = None
    wrong_slash: bool = False
    status: int = 0
    answer: bytes = b""
    duration_us: int = 0
    rules: tuple[str, ...] = ()
    basis: str = ""
    reason: str = ""
    unknown_fields: tuple[str, ...] = ()
    remarks: list[tuple[str, str]] = field(default_factory=list)
    fault: Fault | None = None

    def __repr__(self) -> str:
        # Failed assertions show it: neither a token nor a page of text.
        return f"<Exchange {self.number} {self.method} {self.path} -> {self.status}>"

    @property
    def label(self) -> str | None:
        """The operation that it asked for, or None when it asked for none."""
        return None if self.operation is None else self.operation.label

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        headers = sum(len(name) + len(value) + 200 for name, value in self.headers)
        return ENTRY_BYTES + headers + len(self.query) + len(self.body) + len(self.answer)

    def header(self, name: str) -> str:
        """That request header, or an empty string."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def root(self) -> str:
        """Where the request's host and world begin; only while the request is served."""
        return root_of(request.environ)


def begin(world: World, *, slash: bool, limit: int) -> Exchange:
    """Read the request; a body over the limit is left unread and only marked."""
    began_ns = Stopwatch.read_ns()
    incoming = request._get_current_object()  # type: ignore[attr-defined]  # each use of it looks
    body, too_large = _read(incoming, limit)
    exchange = Exchange(
        number=0,
        world=world,
        at=world.now(),
        method=incoming.method,
        path=incoming.path + ("/" if slash else ""),
        query=incoming.query_string.decode("latin-1"),
        headers=list(iter(incoming.headers)),  # `list` alone would count them first, by reading all
        body=body,
        began_ns=began_ns,
        too_large=too_large,
        slash=slash,
    )
    incoming.environ[_KEY] = exchange
    return exchange


def current() -> Exchange:
    """The exchange of the request that this thread serves."""
    exchange: Exchange = request.environ[_KEY]
    return exchange


def end(exchange: Exchange, response: Response) -> None:
    """Complete the entry with the answer and its number; status 0 says that there was none."""
    exchange.number = exchange.world.journal.number()
    dropped = exchange.fault is not None and exchange.fault.cuts
    exchange.status = 0 if dropped else response.status_code
    exchange.answer = b"" if response.direct_passthrough else response.get_data()
    exchange.duration_us = (Stopwatch.read_ns() - exchange.began_ns) // 1000


def _read(incoming: Request, limit: int) -> tuple[bytes, bool]:
    length = incoming.content_length
    if length is None and not incoming.environ.get("wsgi.input_terminated"):
        return b"", False  # neither a length nor chunks that end by themselves
    if length is None or length <= limit:
        stream = incoming.environ["wsgi.input"]
        body = stream.read(limit + 1 if length is None else length)
        if len(body) <= limit:
            incoming._cached_data = body  # what get_data would keep: forms are parsed from it
            return body, False
    return b"", True
