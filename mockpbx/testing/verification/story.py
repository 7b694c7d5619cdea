"""What happened to a PBX, as text for who has to find out why a test failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ...core import masking
from ...core.clock import stamp_us
from ..results import Attempt, Delivery, Due, Note, Request
from .expectation import Seen

T = TypeVar("T")

#: Requests and deliveries that are shown, the last ones.
SHOWN = 100
_WIDTH = 2000


def told(
    world: str,
    readings: Mapping[str, str],
    requests: Sequence[Request],
    notes: Sequence[Note],
    deliveries: Sequence[Delivery],
    ladders: Sequence[str],
) -> str:
    """All of it, each line with the PBX's time."""
    others = "".join(f", {name}={value}" for name, value in readings.items())
    lines = [f"world {world}{others}"]
    lines += _section("requests", requests, request_lines)
    lines += [f"note {one.rule} ({one.count}x): {one.message}" for one in notes]
    lines += _section("deliveries", deliveries, lambda one: [delivery_line(one)])
    for ladder in ladders:
        lines += ["", *ladder.rstrip().splitlines()]
    return "\n".join(lines)


def _section(name: str, items: Sequence[T], shown: Callable[[T], list[str]]) -> list[str]:
    if not items:
        return [f"no {name}"]
    left = len(items) - SHOWN
    lines = [f"{name}:", *([f"  {left} earlier ones"] if left > 0 else [])]
    return [*lines, *(line for item in items[-SHOWN:] for line in shown(item))]


def standing(due: Due) -> str:
    """What waits in a clock that stands, and how to get there."""
    text = f"The clock stands at {stamp_us(due.now)} (clock.run() lets it run)"
    if due.at is None:
        return f"{text}; nothing is due."
    seconds = f"{(due.at - due.now).total_seconds():.6f}".rstrip("0").rstrip(".")
    return f"{text}; next due is {due.kind} at {stamp_us(due.at)}: clock.advance({seconds})."


def request_lines(one: Request) -> list[str]:
    """A request and its answer; what was refused with its reason and the whole body."""
    lines = [f"  {_time(one.at)} {request_line(one)}"]
    if one.status >= 400 or one.status == 0:
        if one.reason:
            lines.append(f"      {one.reason}")
        if one.body:
            lines.append(f"      sent: {masking.body(one.body)[:_WIDTH]}")
        if one.answer:
            lines.append(f"      answered: {masking.body(one.answer)[:_WIDTH]}")
    return lines


def request_line(one: Seen) -> str:
    """A request and how it was answered."""
    query = f"?{masking.text(one.query)}" if one.query else ""
    rules = f" {', '.join(one.rules)}" if one.rules else ""
    fault = f" (fault: {one.fault})" if one.fault else ""
    path = masking.text(one.path)
    return f"{one.method} {path}{query} -> {one.status or 'no answer'}{rules}{fault}"


def delivery_line(one: Delivery) -> str:
    """An event and what its receiver said, attempt by attempt."""
    call = one.data.get("CallID", "")
    about = f" of {call[:8]}" if call else ""
    said = ", then ".join(map(_said, one.attempts)) or "not sent yet"
    told = f"{one.event_type}{about} {one.method} {masking.text(one.url)}"
    return f"  {_time(one.at)} #{one.id} {told} -> {said}"


def undocumented(requests: Sequence[Request]) -> list[str]:
    """The requests to paths that the PBX does not have, a line each, with the nearest."""
    return [
        f"{one.method} {masking.text(one.path)}: {one.reason}"
        for one in requests
        if one.label is None
        and one.status == 404
        and one.fault is None
        # `OPTIONS *` asks for no path, but what the server as a whole can do (RFC 9110).
        and (one.method, one.path.strip("/")) != ("OPTIONS", "*")
    ]


def _said(attempt: Attempt) -> str:
    status = attempt.status
    if status is None:
        return str(attempt.error)
    text = attempt.answer.decode("utf-8", "replace").strip()[:200]
    return f"{status} {masking.text(text)!r}" if text and not 200 <= status < 300 else str(status)


def _time(at: datetime) -> str:
    return at.strftime("%H:%M:%S.%f")[:-3]
