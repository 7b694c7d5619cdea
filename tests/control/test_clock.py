"""`/_mockpbx/clock`: time of a world moves as a tester tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ..conftest import Caller

MakeCaller = Callable[..., Caller]

NOON = "2026-03-01 12:00:00.000000"
CLOCK = "/_mockpbx/clock"


def post(there: Caller, step: str, body: Any = None) -> tuple[int, Any]:
    options = {} if body is None else {"json": body}
    answer = there.post(f"{CLOCK}/{step}", **options)
    return answer.status_code, answer.json


@pytest.fixture
def there(office: Caller) -> Caller:
    """The office with a clock that stands still at noon."""
    office.world.clock.move_to(datetime(2026, 3, 1, 12, 0))
    return office


def test_the_time(there: Caller) -> None:
    """The world's time is read with whether it stands still."""
    answer = there.get(CLOCK)
    assert (answer.status_code, answer.json) == (200, {"now": NOON, "frozen": True})


@pytest.mark.parametrize(
    ("seconds", "now"),
    [
        (0, NOON),
        (90, "2026-03-01 12:01:30.000000"),
        (0.5, "2026-03-01 12:00:00.500000"),
        (31536000, "2027-03-01 12:00:00.000000"),
    ],
)
def test_time_advances(there: Caller, seconds: float, now: str) -> None:
    """Time moves on by that many seconds and goes on standing still."""
    expected = {"now": now, "frozen": True, "fired": []}
    assert post(there, "advance", {"seconds": seconds}) == (200, expected)
    assert there.get(CLOCK).json == {"now": now, "frozen": True}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "seconds: is required"),
        ({"seconds": None}, "seconds: must not be null"),
        ({"seconds": "5"}, "seconds: must be a number"),
        ({"seconds": True}, "seconds: must be a number"),
        ({"seconds": -1}, "seconds: must be a number of seconds, from 0 to 1000000000000"),
        ({"seconds": 1e18}, "seconds: must be a number of seconds, from 0 to 1000000000000"),
        ({"seconds": 10**13}, "seconds: must be a number of seconds, from 0 to 1000000000000"),
        ({"seconds": 10**12}, "seconds: 1000000000000 is more than a clock can show"),
    ],
)
def test_time_does_not_advance(there: Caller, body: Any, message: str) -> None:
    """Seconds that are no number from 0, or lead past the year 9999, move nothing."""
    assert post(there, "advance", body) == (400, {"message": message})
    assert there.get(CLOCK).json == {"now": NOON, "frozen": True}


@pytest.mark.parametrize(
    ("literal", "message"),
    [
        (b"1e999", "seconds: must be a number of seconds, from 0 to 1000000000000"),
        (b"-1e999", "seconds: must be a number of seconds, from 0 to 1000000000000"),
        (b"NaN", "the body is not JSON: NaN is no JSON value"),
        (b"Infinity", "the body is not JSON: Infinity is no JSON value"),
    ],
)
def test_time_does_not_advance_without_end(there: Caller, literal: bytes, message: str) -> None:
    """Seconds without an end are refused, however they are written."""
    headers = {"Content-Type": "application/json"}
    answer = there.post(f"{CLOCK}/advance", data=b'{"seconds": %s}' % literal, headers=headers)
    assert (answer.status_code, answer.json) == (400, {"message": message})


@pytest.mark.parametrize(
    ("moment", "now"),
    [
        ("2027-01-31 09:00:00", "2027-01-31 09:00:00.000000"),
        ("2025-01-31 09:00:00.250", "2025-01-31 09:00:00.250000"),
        ("2026-01-31T09:00:00Z", "2026-01-31 09:00:00.000000"),
        ("2026-01-31T09:00:00+03:00", "2026-01-31 06:00:00.000000"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00:00.000000"),
        ("9999-12-31 23:59:59", "9999-12-31 23:59:59.000000"),
    ],
)
def test_time_moves_to_a_moment(there: Caller, moment: str, now: str) -> None:
    """Time moves to that moment, back too; without a zone it is UTC."""
    expected = {"now": now, "frozen": True, "fired": []}
    assert post(there, "move_to", {"moment": moment}) == (200, expected)


WRONG_MOMENT = "moment: must be a moment such as 2026-01-31 09:00:00"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "moment: is required"),
        ({"moment": None}, "moment: must not be null"),
        ({"moment": "tomorrow"}, WRONG_MOMENT),
        ({"moment": "2026-02-30 09:00:00"}, WRONG_MOMENT),
        ({"moment": ""}, WRONG_MOMENT),
        ({"moment": 0}, WRONG_MOMENT),
        ({"moment": {}}, WRONG_MOMENT),
        ({"moment": "0001-01-01 00:00:00+14:00"}, WRONG_MOMENT),
        ({"moment": "9999-12-31 23:59:59-14:00"}, WRONG_MOMENT),
    ],
)
def test_time_does_not_move_to_no_moment(there: Caller, body: Any, message: str) -> None:
    """A text that names no moment which UTC can show is refused and moves nothing."""
    assert post(there, "move_to", body) == (400, {"message": message})
    assert there.get(CLOCK).json == {"now": NOON, "frozen": True}


def test_time_stands_still(make_caller: MakeCaller) -> None:
    """A frozen clock shows one moment until it is moved."""
    there = make_caller("office")
    status, body = post(there, "freeze")
    assert (status, body["frozen"]) == (200, True)
    assert there.get(CLOCK).json == body


def test_time_runs(there: Caller) -> None:
    """A clock that runs goes on from the moment at which it stood."""
    status, body = post(there, "run")
    assert (status, body["frozen"]) == (200, False)
    moments = [NOON, body["now"], *(json.loads(there.get(CLOCK).text)["now"] for _ in range(3))]
    assert moments == sorted(moments)
    assert moments[-1] < "2026-03-01 12:01:00"
    assert len(set(moments)) > 1


@pytest.mark.parametrize("step", ["freeze", "run"])
def test_the_same_again(there: Caller, step: str) -> None:
    """Freezing a frozen clock, and running one that runs, moves no time."""
    first, second = (post(there, step)[1] for _ in range(2))
    assert first["frozen"] == second["frozen"] == (step == "freeze")
    assert first["now"] <= second["now"] < "2026-03-01 12:01:00"
