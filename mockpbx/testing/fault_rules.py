"""The rules by which requests to one PBX go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..core.faults import effects_of
from .commands import traffic
from .invoker import Invoker
from .results import FaultState


class Fault:
    """A rule in the hands of a tester; `fired` and `left` tell how it stands now."""

    def __init__(self, invoker: Invoker, state: FaultState) -> None:
        self._invoker = invoker
        self._state = state

    @property
    def fired(self) -> int:
        """How many requests it hit."""
        return self._now().fired

    @property
    def left(self) -> int | None:
        """How many requests it may still hit; None without an end."""
        return self._now().left

    def __getattr__(self, name: str) -> Any:
        """What the rule was made with: `operation`, `status`, `latency` and so on."""
        if name in FaultState.__dataclass_fields__:
            return getattr(self._state, name)
        raise AttributeError(name)

    def as_json(self) -> dict[str, Any]:
        """It as the control API shows it."""
        return self._now().as_json()

    def __str__(self) -> str:
        return effects_of(self._state)

    def __repr__(self) -> str:
        return repr(self._state)

    def _now(self) -> FaultState:
        for one in self._invoker.ask(traffic.faults).faults:
            if one.id == self._state.id:
                self._state = one
        return self._state  # as it was last seen, once it counts no more


class FaultRules:
    """What `MockPBX.faults` is: a request is hit by the first rule that hits it."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    def add(
        self,
        operation: str | None = None,
        *,
        status: int | None = None,
        drop: bool | None = None,
        reset: bool | None = None,
        malformed: bool | None = None,
        latency: float | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fault:
        """Requests go wrong from now on, those for one operation or all of them.

        `operation` is written like `"POST /extension/{id}/event/"`. With `status` the request is
        not done and answered so, with that `body` (a text, or JSON) and those `headers`, such as
        `{"Retry-After": "5"}`; a 429 is like that of the limit. With `drop` or `reset` it is
        not done and its connection closed or reset. Else it is done, and
        the answer is `malformed` (half of it is missing), or `latency` seconds of real time
        late: a client of this process that waits for less has its
        time-out at once. The rule hits the first `times` requests, each with a `probability`
        whose dice begin with `seed`. It answers the rule, whose `fired` counts its hits.

        Raises:
            NotFoundError: the operation is none of the documentation; the nearest is named.
            InvalidError: the rule could never happen.
        """
        fields = {
            "operation": operation,
            "status": status,
            "drop": drop,
            "reset": reset,
            "malformed": malformed,
            "latency": latency,
            "times": times,
            "probability": probability,
            "seed": seed,
            "body": body,
            "headers": headers,
        }
        return Fault(self._invoker, self._invoker.ask(traffic.add_fault, fields))

    def set(self, rules: Iterable[Mapping[str, Any]]) -> None:
        """These are the rules, in place of those that were; fields as in `add`.

        Raises:
            NotFoundError: an operation is none of the documentation; the nearest is named.
            InvalidError: a rule could never happen; none of them counts then.
        """
        self._invoker.do(traffic.set_faults, {"faults": [dict(one) for one in rules]})

    def clear(self) -> None:
        """Nothing goes wrong any more; answers that are late arrive now."""
        self._invoker.do(traffic.clear_faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(Fault(self._invoker, one) for one in self._states())

    def __len__(self) -> int:
        return len(self._states())

    def _states(self) -> tuple[FaultState, ...]:
        return self._invoker.ask(traffic.faults).faults
