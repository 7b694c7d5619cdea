"""The time of a PBX."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from mockpbx.core.errors import InvalidError

from ..receivers import Receivers
from ..told import refused
from .table import CALLER, NOON, Face, story


@story
def a_clock_that_stands(pbx: Face, receivers: Receivers) -> Any:
    """It is moved forward by numbers and timedeltas, and to moments of every form."""
    clock = pbx.clock
    seen: list[Any] = [clock.now(), clock.frozen, clock.now() == NOON]
    steps: tuple[float | timedelta, ...] = (60, 0.25, 0, timedelta(minutes=2, microseconds=7))
    for step in steps:
        seen += [clock.advance(step), clock.now()]
    east = timezone(timedelta(hours=3))
    moments: tuple[datetime | str, ...] = (
        datetime(2026, 3, 2, 9, 30),
        datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=east),
        "2026-03-02 13:00:00",
        "2026-03-02T14:00:00.5Z",
        "2026-03-02T20:00:00+03:00",
        NOON,
    )
    for moment in moments:
        seen += [clock.move_to(moment), clock.now()]
    return seen


@story
def what_comes_due(pbx: Face, receivers: Receivers) -> Any:
    """It is done at its moment, and told in order."""
    pbx.register("105", expires=90)
    call = pbx.incoming_call(CALLER, to="107", script={"answer_after": 5, "talk": 20})
    seen: list[Any] = [pbx.clock.advance(10), call.state, pbx.clock.advance(timedelta(seconds=20))]
    seen += [pbx.clock.move_to(NOON + timedelta(hours=1)), call, pbx.incoming_call(CALLER, "105")]
    return [*seen, pbx.clock.move_to(NOON), pbx.clock.now()]


@story
def a_clock_that_runs(pbx: Face, receivers: Receivers) -> Any:
    """It goes on from where it was, and stops again."""
    clock = pbx.clock
    seen: list[Any] = [clock.run(), clock.frozen, clock.now() >= NOON, clock.freeze()]
    return [*seen, clock.frozen, clock.now() == clock.now(), clock.now() < NOON + timedelta(1)]


@story
def times_that_are_none(pbx: Face, receivers: Receivers) -> Any:
    """Negative, endless and other seconds; moments that no clock shows."""
    clock = pbx.clock
    infinite = float("inf"), float("-inf"), float("nan")
    seconds: Any = (-1, -0.5, timedelta(seconds=-1), 10**12, 10**13, *infinite, "5", None, True)
    moments: Any = ("soon", "", "2026-02-30 00:00:00", None, 5, 5.5, True, [], date(2026, 3, 1))
    late = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    return [
        [refused(InvalidError, clock.advance, one) for one in seconds],
        [refused(InvalidError, clock.move_to, one) for one in moments],
        refused(InvalidError, lambda: clock.move_to(late)),
        refused(InvalidError, lambda: clock.move_to(early)),
        refused(InvalidError, lambda: clock.move_to("9999-12-31T23:00:00-05:00")),
        clock.now(),
    ]


@story
def waits_in_vain(pbx: Face, receivers: Receivers) -> Any:
    """While the clock stands they name what is due next; not when nothing was waited for."""
    nothing = refused(AssertionError, lambda: pbx.wait_for_delivery(timeout=0.01))
    pbx.incoming_call(CALLER, to="107", script={"answer_after": 5, "talk": 20})
    return [
        nothing,
        refused(AssertionError, lambda: pbx.wait_for_request("GET", "/user/", timeout=0.01)),
        refused(AssertionError, lambda: pbx.wait_for_delivery("answer", timeout=0.01)),
        refused(AssertionError, lambda: pbx.assert_requested("GET", "/user/", within=0.01)),
        refused(AssertionError, lambda: pbx.wait_for_delivery("answer", timeout=0)),
        pbx.clock.run(),
        refused(AssertionError, lambda: pbx.wait_for_delivery("hangup", timeout=0.01)),
    ]
