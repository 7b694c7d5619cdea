"""Fault rules: delays, errors and broken connections that a test injects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from threading import Event, Lock
from typing import Any

from .ids import Dice

#: The operation of a rule that is for every request.
EVERY = "*"
#: Seconds that an answer may be late.
MAX_LATENCY_S = 3600.0
_NUMBER = (int, float), "a number"
_WHOLE = (int,), "a whole number"
_YES_OR_NO = (bool,), "True or False"
_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "operation": ((str,), "text"),
    "status": _WHOLE,
    "drop": _YES_OR_NO,
    "reset": _YES_OR_NO,
    "malformed": _YES_OR_NO,
    "latency": _NUMBER,
    "times": _WHOLE,
    "probability": _NUMBER,
    "seed": _WHOLE,
    "headers": ((Mapping,), "a mapping of texts"),
}
_MAY_BE_LEFT_OUT = ("status", "times")
_STATUSES = [int(one) for one in HTTPStatus if one >= 400]


#: What the server itself says of an answer.
_OF_THE_SERVER = ("connection", "content-length", "transfer-encoding")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")


def _broken(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The headers that no answer can have, and why."""
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield str(name)[:40], "is no name of a header"
        elif name.lower() in _OF_THE_SERVER:
            yield name, "is what the server itself says"
        elif not isinstance(value, str) or not _VALUE.fullmatch(value):
            yield name, "must be printable ASCII text"


@dataclass(slots=True)
class Fault:
    """A fault rule: which requests it applies to, how often, and what happens to them.

    `operation` is a method and a documented path, such as `POST /extension/{id}/event/`, or `*`.
    With `status` the request is not done and answered so, with that `body` (a text, or JSON) and
    those `headers` when they are given; a 429 is like that of the limit. With `drop` it is
    not done and its connection is closed without an answer, with `reset` it is reset. Otherwise
    it is done, and then the answer is `malformed`: half is missing. With `latency` it is late by so
    many seconds of real time, whatever the mock's clock does. A rule hits the first `times`
    requests, or all of them, each with that `probability`; its dice begin with `seed`. `fired`
    counts its hits.
    """

    operation: str = EVERY
    status: int | None = None
    drop: bool = False
    reset: bool = False
    malformed: bool = False
    latency: float = 0.0
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fired: int = 0
    label: str = EVERY
    number: int = 0
    _dice: Dice = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a rule that could never apply.

        Raises:
            ValueError: naming the field and the rule.
        """
        for name, (kinds, right) in _KINDS.items():
            value = getattr(self, name)
            if value is None and name in _MAY_BE_LEFT_OUT:
                continue
            if isinstance(value, bool) is not (kinds == (bool,)) or not isinstance(value, kinds):
                raise ValueError(f"{name}: must be {right}, not {value!r}")
        for wrong, text in (
            (
                not (self.status is not None or self.cuts or self.malformed or self.latency),
                "status: is needed, or drop, reset, malformed or latency",
            ),
            (
                self.drop and bool(self.status or self.malformed or self.reset),
                "drop: closes the connection, so there is neither status, reset nor malformed",
            ),
            (
                self.reset and bool(self.status or self.malformed),
                "reset: ends the connection, so there is neither status nor malformed",
            ),
            (
                self.status is not None and self.status not in _STATUSES,
                "status: must be one of HTTP, from 400 to 599",
            ),
            (
                not 0 <= self.latency <= MAX_LATENCY_S,
                f"latency: must be from 0 to {MAX_LATENCY_S:.0f} seconds",
            ),
            (self.times is not None and self.times < 1, "times: must be 1 or more"),
            (self.body is not None and self.status is None, "body: needs a status"),
            (bool(self.headers) and self.status is None, "headers: need a status"),
            *((True, f"headers.{name}: {text}") for name, text in _broken(self.headers)),
            (not 0 < self.probability <= 1, "probability: must be above 0 and at most 1"),
        ):
            if wrong:
                raise ValueError(text)
        self._dice = Dice(self.seed)

    @property
    def cuts(self) -> bool:
        """Whether the connection is closed or reset in the place of an answer."""
        return self.drop or self.reset

    @property
    def left(self) -> int | None:
        """To how many requests it still applies; None for no limit."""
        return None if self.times is None else self.times - self.fired

    def hits(self, label: str | None) -> bool:
        """Whether the rule applies to a request for that operation; counts the request if so."""
        if self.left == 0 or self.label not in (EVERY, label):
            return False
        if not self._dice.say_yes(self.probability):
            return False
        self.fired += 1
        return True

    def __str__(self) -> str:
        return effects_of(self)


def effects_of(rule: Any) -> str:
    """What a rule does, in a few words."""
    effects = [f"{rule.latency:g} s late"] if rule.latency else []
    effects += [f"status {rule.status}"] if rule.status else []
    effects += [name for name in ("drop", "reset", "malformed") if getattr(rule, name)]
    return ", ".join(effects)


class Faults:
    """The fault rules of one world; the first rule that matches a request applies to it."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._numbers = count(1)
        self._lock = Lock()
        #: Ends the waiting for late answers.
        self._over = Event()

    def add(self, fault: Fault) -> Fault:
        """Add the rule behind the others, under the next number; answers it."""
        with self._lock:
            fault.number = next(self._numbers)
            self._rules.append(fault)
        return fault

    def replace(self, rules: Iterable[Fault]) -> None:
        """Replace all rules by these."""
        with self._lock:
            self._rules = list(rules)
            for rule in self._rules:
                rule.number = next(self._numbers)

    def clear(self) -> None:
        """Remove all rules; answers that are being delayed are sent now."""
        self.replace(())
        over, self._over = self._over, Event()
        over.set()

    def restart(self) -> None:
        """Remove all rules and number new ones from 1 again."""
        self.clear()
        self._numbers = count(1)

    def hit(self, label: str | None) -> Fault | None:
        """The first rule that applies to the request, or None; counts the request."""
        with self._lock:
            return next((rule for rule in self._rules if rule.hits(label)), None)

    def delay(self, fault: Fault, timeout_s: float | None) -> None:
        """Wait for the rule's delay in real seconds, or until the rules are cleared.

        Raises:
            TimeoutError: the client waits only `timeout_s`; raised at once, not when it is over.
        """
        if timeout_s is not None and timeout_s <= fault.latency:
            raise TimeoutError(f"timed out: the answer is {fault.latency:g} s late")
        self._over.wait(fault.latency)

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._rules))

    def __len__(self) -> int:
        return len(self._rules)

    def __bool__(self) -> bool:
        return bool(self._rules)
