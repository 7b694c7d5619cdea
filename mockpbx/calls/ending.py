"""How a call ended, in words for a tester."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Call, Leg

#: Why a call ended so, when that extension was the last that it came to.
_WHY: Mapping[str, str] = {
    "CHANUNAVAIL": "{} is not registered",
    "BUSY": "{} was busy or declined",
    "NOANSWER": "{} did not answer",
    "CONGESTION": "{} takes no calls",
    "CANCEL": "it was given up before an answer",
    "ANSWER": "it was answered, then hung up",
}


def how(call: Call, legs: Iterable[Leg]) -> str:
    """The result of a finished call and why, such as `CHANUNAVAIL, 105 is not registered`."""
    result = str(call.result)
    called = [leg.own.name for leg in legs if leg.flow == "in" and leg.status == result]
    if not called and result == "CONGESTION":
        return f"{result}, nobody has {call.dialled}"
    who = called[-1].rpartition("*")[2] if called else call.dialled
    return f"{result}, {_WHY[result].format(who)}"
