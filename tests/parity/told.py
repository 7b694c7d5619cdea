"""What a story observed, as plain values: equal for two faces that say the same.

Each value goes with its type. Only what two servers cannot have in common is masked: their
addresses, and how long a request took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from mockpbx.core.errors import RefusalError
from mockpbx.testing.call import Call
from mockpbx.testing.fault_rules import Fault

#: Fields that hold real time.
DURATIONS = frozenset({"duration_us"})
#: What a call, and a rule, is asked for.
CALL = (
    *("id", "api_id", "kind", "caller", "dialled", "did", "state", "steps", "result"),
    *("started_at", "answered_at", "ended_at", "legs"),
)
FAULT = (
    *("id", "operation", "status", "drop", "reset", "malformed", "latency", "times", "probability"),
    *("seed", "body", "headers", "fired", "left"),
)


class Refused:
    """An exception that a story expected, kept as a value."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def refused(
    kind: type[BaseException], act: Callable[..., Any], *given: Any, **named: Any
) -> Refused:
    """The exception of that kind with which the call is refused.

    Raises:
        AssertionError: it is done, instead.
    """
    try:
        found = act(*given, **named)
    except kind as error:
        return Refused(error)
    raise AssertionError(f"it was not refused with {kind.__name__}, it answered {found!r}")


def told(value: Any, masks: Mapping[str, str]) -> Any:
    """The value as plain data, with its types; these texts in it are replaced."""
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if isinstance(value, str):
        return kind, _masked(value, masks)
    if isinstance(value, bytes):
        return kind, _masked(value.decode("latin-1"), masks)
    if isinstance(value, Refused):
        return _refusal(value.error, masks)
    if isinstance(value, Call):
        shown = {name: told(getattr(value, name), masks) for name in CALL}
        more = {"ladder()": told(value.ladder(), masks), "repr": _masked(repr(value), masks)}
        return kind, {**shown, **more}
    if isinstance(value, Fault):
        shown = {name: told(getattr(value, name), masks) for name in FAULT}
        texts = {"str": str(value), "repr": repr(value), "json": told(value.as_json(), masks)}
        return kind, {**shown, **texts}
    if is_dataclass(value):
        names = tuple(one.name for one in fields(value) if one.name not in DURATIONS)
        return kind, {name: told(getattr(value, name), masks) for name in names}
    if isinstance(value, Mapping):
        pairs = [(told(name, masks), told(one, masks)) for name, one in value.items()]
        return kind, [pair for pair in pairs if pair[0][1] not in DURATIONS]
    if isinstance(value, Sequence):
        return kind, [told(one, masks) for one in value]
    return kind, repr(value)


def differences(here: Any, there: Any, place: str = "") -> Iterator[str]:
    """The places in which two told values differ, a line for each."""
    if isinstance(here, dict) and isinstance(there, dict) and here.keys() == there.keys():
        for name in here:
            yield from differences(here[name], there[name], f"{place}.{name}")
    elif isinstance(here, (tuple, list)) and type(here) is type(there) and len(here) == len(there):
        for number, (one, other) in enumerate(zip(here, there, strict=True)):
            yield from differences(one, other, f"{place}.{number}")
    elif here != there:
        yield f"{place}: {here!r} here, {there!r} there"


def _masked(text: str, masks: Mapping[str, str]) -> str:
    for found, shown in masks.items():
        text = text.replace(found, shown)
    return text


def _refusal(error: BaseException, masks: Mapping[str, str]) -> Any:
    shown: dict[str, Any] = {"str": _masked(str(error), masks)}
    if isinstance(error, RefusalError):
        for name in ("rules", "message", "word", "reason", "body"):
            shown[name] = told(getattr(error, name), masks)
    return f"{type(error).__module__}.{type(error).__qualname__}", shown
