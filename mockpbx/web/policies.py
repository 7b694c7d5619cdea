"""What is done before and after every request: journal, limits, CORS, gzip, fault rules."""

from __future__ import annotations

import zlib

from flask import Response, request

from ..core.access import authenticate
from ..core.errors import InvalidError, UnauthorizedError
from ..core.limits import Allowance, unused
from . import faulty, gate, journal, notes
from .prefix import API

#: What a page may read of an answer besides its body and what any page may.
_READABLE = ", ".join(
    (
        *("X-Mockpbx-Rule", "X-Mockpbx-Basis", "X-Mockpbx-Reason"),
        *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"),
        *("Location", "Content-Disposition", "Content-Range", "WWW-Authenticate"),
    )
)
_WANTED = "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"


def begin() -> Response | None:
    """Read the request; answers it when a fault rule does."""
    environ = request.environ
    control_request = environ["PATH_INFO"].startswith(journal.CONTROL)
    limit = journal.CONTROL_BODY_LIMIT if control_request else journal.API_BODY_LIMIT
    refusal = environ.get(gate.REFUSAL)
    if refusal is not None:
        limit = 0  # what it brings is not read
    world = environ["mockpbx.world"]
    exchange = journal.begin(world, slash=environ["mockpbx.slash"], limit=limit)
    if refusal is not None:
        raise refusal
    if not environ.get(_WANTED, "").isprintable():
        raise InvalidError("GEN-18", "Access-Control-Request-Headers: must be names of headers")
    return faulty.before(exchange) if world.faults and not control_request else None


def end(response: Response) -> Response:
    """Complete the answer's headers and the journal's entry."""
    exchange = journal.current()
    is_control = exchange.path.startswith(journal.CONTROL)
    origin = gate.finish(response.headers, response.status_code) if is_control else "*"
    if origin is not None:
        _let_pages_read(exchange, response, origin)
    if exchange.path.startswith(API):
        _show_allowance(exchange, response)
    if not is_control:
        if exchange.fault is not None:
            faulty.after(exchange.fault, response)
        journal.end(exchange, response)
        with exchange.world.lock:
            notes.observe(exchange)
            exchange.world.journal.add(exchange, exchange.size)
            if exchange.operation is not None and exchange.fault is None:
                exchange.world.exercised[exchange.operation.label, exchange.status] += 1
    _compress(response)
    return response


def _let_pages_read(exchange: journal.Exchange, response: Response, origin: str) -> None:
    """Let pages of that origin, `*` is any, read the answer, and ask before they send something.

    Source: GEN-18
    """
    headers = response.headers
    headers.add("Access-Control-Allow-Origin", origin)
    headers["Access-Control-Expose-Headers"] = _READABLE
    if exchange.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
        wanted = request.environ.get(_WANTED, "Authorization, Content-Type")
        if wanted.isprintable():
            headers["Access-Control-Allow-Headers"] = wanted
        headers["Access-Control-Max-Age"] = "600"


def _show_allowance(exchange: journal.Exchange, response: Response) -> None:
    """Show what is left of the limit.

    Source: GEN-17
    """
    allowance = exchange.allowance or _uncounted(exchange)
    headers = response.headers
    headers.add("X-RateLimit-Limit", str(allowance.limit))
    headers.add("X-RateLimit-Remaining", str(max(0, allowance.remaining)))
    headers.add("X-RateLimit-Reset", str(allowance.reset_s))


def _uncounted(exchange: journal.Exchange) -> Allowance:
    """What is left of the limit, for a request that was refused before it was counted."""
    world = exchange.world
    try:
        with world.lock:
            principal = authenticate(
                world.store, world.clock.elapsed(), request.headers.get("Authorization")
            )
            return world.usage.left(principal, exchange.at)
    except UnauthorizedError:
        return unused(exchange.at)


def _compress(response: Response) -> None:
    """Pack the answer for clients that take gzip.

    Source: GEN-13
    """
    if response.is_streamed or not response.get_data():
        return
    response.headers.add("Vary", "Accept-Encoding")
    incoming = request.environ.get("HTTP_ACCEPT_ENCODING")
    if incoming and request.accept_encodings["gzip"] > 0:
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        response.set_data(packer.compress(response.get_data()) + packer.flush())
        response.headers["Content-Encoding"] = "gzip"
