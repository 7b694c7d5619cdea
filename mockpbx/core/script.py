"""Scripts: what the sides of a call do by themselves, without steps of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .errors import InvalidError

OUTCOMES = ("answer", "no_answer", "busy", "cancel")
KEYS = "0123456789*#"
#: A script may wait some thirty years.
MAX_S = 10**9


def _seconds(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= MAX_S


def _outcome(value: Any) -> bool:
    return isinstance(value, str) and value in OUTCOMES


def _key(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1 and value in KEYS


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)


_SECONDS = (_seconds, f"a number of seconds, from 0 to {MAX_S}")

#: What each entry may be, as a check and in words.
ENTRIES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "outcome": (_outcome, f"one of {', '.join(OUTCOMES)}"),
    "answer_after": _SECONDS,
    "talk": _SECONDS,
    "after": _SECONDS,
    "press": (_key, "one of 0 to 9, * and #"),
    "leave_message": (_boolean, "true or false"),
}

#: Entries that say nothing unless the outcome is one of these.
_ONLY_WITH: Mapping[str, tuple[str, ...]] = {
    "answer_after": ("answer",),
    "talk": ("answer",),
    "leave_message": ("no_answer",),
}


def check(script: Mapping[str, Any] | None) -> None:
    """Refuse a script that cannot be followed.

    Raises:
        InvalidError: it is none, or naming each entry that is unknown, wrong, or would do nothing.
    """
    if script is not None and not isinstance(script, Mapping):
        raise InvalidError((), f"script: must be a mapping, not {script!r}")
    found = faults(script or {})
    if found:
        raise InvalidError((), "; ".join(found))


def faults(script: Mapping[str, Any]) -> list[str]:
    """What keeps the script from being followed: a text for each entry."""
    found = []
    outcome = script.get("outcome", "answer")
    for name, value in script.items():
        if name not in ENTRIES:
            found.append(f"script.{name}: is none of {', '.join(ENTRIES)}")
            continue
        fits, words = ENTRIES[name]
        if not fits(value):
            found.append(f"script.{name}: must be {words}")
        elif value is not False and name in _ONLY_WITH and outcome not in _ONLY_WITH[name]:
            found.append(f"script.{name}: needs the outcome {_ONLY_WITH[name][0]}")
        elif name == "after" and outcome not in ("busy", "cancel") and "press" not in script:
            found.append("script.after: needs press, or the outcome busy or cancel")
    return found
