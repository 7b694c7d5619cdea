"""What happened to a PBX, as text for who has to find out why a test failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core import masking

Item = Mapping[str, Any]

#: Requests and deliveries that are shown, the last ones.
SHOWN = 100
_WIDTH = 2000


def told(
    world: str,
    readings: Mapping[str, str],
    requests: Sequence[Item],
    notes: Sequence[Item],
    deliveries: Sequence[Item],
    ladders: Sequence[str],
) -> str:
    """All of it, each line with the PBX's time; everything as the control API shows it."""
    others = "".join(f", {name}={value}" for name, value in readings.items())
    lines = [f"world {world}{others}"]
    lines += _section("requests", requests, request_lines)
    lines += [f"note {one['rule']} ({one['count']}x): {one['message']}" for one in notes]
    lines += _section("deliveries", deliveries, lambda one: [delivery_line(one)])
    for ladder in ladders:
        lines += ["", *ladder.rstrip().splitlines()]
    return "\n".join(lines)


def _section(name: str, items: Sequence[Item], shown: Any) -> list[str]:
    if not items:
        return [f"no {name}"]
    left = len(items) - SHOWN
    lines = [f"{name}:", *([f"  {left} earlier ones"] if left > 0 else [])]
    return [*lines, *(line for item in items[-SHOWN:] for line in shown(item))]


def request_lines(one: Item) -> list[str]:
    """A request and its answer; what was refused with its reason and the whole body."""
    lines = [f"  {_time(one)} {request_line(one)}"]
    if one["status"] >= 400 or one["status"] == 0:
        if one["reason"]:
            lines.append(f"      {one['reason']}")
        if one["body"]:
            lines.append(f"      sent: {masking.body(one['body'].encode())[:_WIDTH]}")
        if one["answer"]:
            lines.append(f"      answered: {masking.body(one['answer'].encode())[:_WIDTH]}")
    return lines


def request_line(one: Item) -> str:
    """A request and how it was answered."""
    query = f"?{masking.text(one['query'])}" if one["query"] else ""
    rules = f" {', '.join(one['rules'])}" if one["rules"] else ""
    fault = f" (fault: {one['fault']})" if one["fault"] else ""
    path = masking.text(one["path"])
    return f"{one['method']} {path}{query} -> {one['status'] or 'no answer'}{rules}{fault}"


def delivery_line(one: Item) -> str:
    """An event and what its receiver said, attempt by attempt."""
    call = one["data"].get("CallID", "")
    about = f" of {call[:8]}" if call else ""
    said = ", then ".join(map(_said, one["attempts"])) or "not sent yet"
    told = f"{one['event_type']}{about} {one['method']} {masking.text(one['url'])}"
    return f"  {_time(one)} #{one['id']} {told} -> {said}"


def was_taken(one: Item) -> bool:
    """Whether the receiver took the event with a 2xx in the end."""
    return bool(one["attempts"]) and 200 <= (one["attempts"][-1]["status"] or 0) < 300


def undocumented(requests: Sequence[Item]) -> list[str]:
    """The requests to paths that the PBX does not have, a line each, with the nearest."""
    return [
        f"{one['method']} {masking.text(one['path'])}: {one['reason']}"
        for one in requests
        if one["operation"] is None and one["status"] == 404 and one["fault"] is None
    ]


def _said(attempt: Item) -> str:
    status = attempt["status"]
    if status is None:
        return str(attempt["error"])
    text = attempt["answer"].strip()[:200]
    return f"{status} {masking.text(text)!r}" if text and not 200 <= status < 300 else str(status)


def _time(one: Item) -> str:
    return str(one["at"])[11:23]
