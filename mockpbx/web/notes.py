"""What the mock notes without refusing: habits that a real operator may punish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..core.clock import stamp_us
from .journal import Exchange

#: Seconds within which a request counts as repeated at once, and a list as polled too often.
AT_ONCE_S = 1

#: The fact that is touched, and what is said of it.
Remark = tuple[str, str]


def observe(exchange: Exchange) -> None:
    """Note what the exchange deserves, each note under the fact that it touches."""
    for habit in HABITS:
        if (remark := habit(exchange)) is not None:
            exchange.remarks.append(remark)
    label = exchange.operation.label if exchange.operation else exchange.path
    for rule, message in exchange.remarks:
        exchange.world.notes.add(rule, message, at=stamp_us(exchange.at), request=label)


def no_gzip(exchange: Exchange) -> Remark | None:
    """The newest documentation makes the header obligatory.

    Source: GEN-13
    """
    if "gzip" not in exchange.header("Accept-Encoding").lower():
        return "GEN-13", "no `Accept-Encoding: gzip`, which the documentation makes obligatory"
    return None


def wrong_slash(exchange: Exchange) -> Remark | None:
    """A list without its slash, or an item with one.

    Source: GEN-2
    """
    if exchange.wrong_slash and exchange.operation:
        return "GEN-2", f"called with the wrong slash: the path is {exchange.operation.label}"
    return None


def no_content_type(exchange: Exchange) -> Remark | None:
    """A JSON body that does not say so.

    Source: GEN-4
    """
    operation = exchange.operation
    if operation and operation.takes_json and exchange.body and not exchange.header("Content-Type"):
        return "GEN-4", f"{operation.label} without `Content-Type: application/json`"
    return None


def unknown_fields(exchange: Exchange) -> Remark | None:
    """Body fields that the documentation does not have.

    Source: GEN-15
    """
    if exchange.unknown_fields and exchange.operation:
        names = ", ".join(exchange.unknown_fields)
        return "GEN-15", f"{exchange.operation.label} with unknown fields: {names}"
    return None


def failed_again(exchange: Exchange) -> Remark | None:
    """The same refused request, repeated at once.

    Source: GEN-17
    """
    what = exchange.method, exchange.path, exchange.query, exchange.body
    before = exchange.world.notes.mark("failed", (what, exchange.at, exchange.status))
    if before is None or exchange.status < 400:
        return None
    last, at, status = before
    if last == what and status == exchange.status and _at_once(at, exchange.at):
        return "GEN-17", f"{exchange.method} {exchange.path} repeated at once after {status}"
    return None


def polled(exchange: Exchange) -> Remark | None:
    """A list read more often than once a second.

    Source: GEN-17
    """
    operation, who = exchange.operation, exchange.principal
    if exchange.method != "GET" or not (operation and who and operation.is_list):
        return None
    key = "polled", who.client.id, exchange.path, exchange.query
    before = exchange.world.notes.mark(key, (exchange.at,))
    if before is not None and _at_once(before[0], exchange.at):
        return "GEN-17", f"{operation.label} polled more often than once a second"
    return None


HABITS: tuple[Callable[[Exchange], Remark | None], ...] = (
    no_gzip,
    wrong_slash,
    no_content_type,
    unknown_fields,
    failed_again,
    polled,
)


def _at_once(before: datetime, now: datetime) -> bool:
    return 0 <= (now - before).total_seconds() < AT_ONCE_S
