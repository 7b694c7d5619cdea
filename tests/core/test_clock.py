"""The clock of a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

from mockpbx.core.clock import Clock, parse_moment, stamp, stamp_us
from mockpbx.core.errors import InvalidError

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    """What the clock of the computer shows: noon, standing still."""
    with time_machine.travel(NOON, tick=False) as found:
        yield found


def test_a_clock_shows_the_real_time(traveller: time_machine.Traveller) -> None:
    """A clock shows the real time in UTC and follows it."""
    clock = Clock()
    assert (clock.now(), clock.frozen) == (NOON, False)
    traveller.shift(HOUR)
    assert clock.now() == NOON + HOUR


def test_a_frozen_clock_stands_still() -> None:
    """A frozen clock shows the moment at which it was frozen, whatever the computer's shows."""
    before = datetime.now(timezone.utc)
    clock = Clock(frozen=True)
    after = datetime.now(timezone.utc)
    stood = clock.now()
    while datetime.now(timezone.utc) <= after + timedelta(milliseconds=1):
        pass
    assert before <= stood <= after
    assert (clock.now(), clock.frozen) == (stood, True)


@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_is_advanced(traveller: time_machine.Traveller, frozen: bool) -> None:
    """Time that is moved forward goes on as it went before."""
    clock = Clock(frozen=frozen)
    clock.advance(1.5)
    assert clock.now() == NOON + timedelta(seconds=1.5)
    traveller.shift(HOUR)
    assert clock.now() == NOON + timedelta(seconds=1.5) + HOUR


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("step", [-HOUR, timedelta(), HOUR, 1000 * HOUR])
def test_a_clock_is_moved(traveller: time_machine.Traveller, frozen: bool, step: timedelta) -> None:
    """Time is moved to any moment and goes on from it as it went before."""
    clock = Clock(frozen=frozen)
    traveller.shift(HOUR)
    clock.move_to(NOON + step)
    assert (clock.now(), clock.frozen) == (NOON + step, frozen)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 12, 0),
        datetime(2026, 3, 1, 15, 0, tzinfo=timezone(3 * HOUR)),
        datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc),
    ],
)
def test_a_moment_without_a_zone_is_utc(moment: datetime) -> None:
    """A moment is taken in its zone, and without one in UTC; the clock shows UTC."""
    clock = Clock(frozen=True)
    clock.move_to(moment)
    assert (clock.now(), clock.now().utcoffset()) == (NOON, timedelta())


def test_a_clock_runs_on(traveller: time_machine.Traveller) -> None:
    """A clock that stood still runs on from where it stood."""
    clock = Clock(frozen=True)
    clock.advance(5)
    clock.run()
    assert (clock.now(), clock.frozen) == (NOON + timedelta(seconds=5), False)
    traveller.shift(HOUR)
    assert clock.now() == NOON + HOUR + timedelta(seconds=5)


def test_a_running_clock_runs(traveller: time_machine.Traveller) -> None:
    """To run a clock that runs changes nothing."""
    clock = Clock()
    clock.advance(5)
    clock.run()
    assert clock.now() == NOON + timedelta(seconds=5)


@pytest.mark.fact("REG-8", "AUT-12")
def test_time_counts_from_the_first_look(traveller: time_machine.Traveller) -> None:
    """The start is the moment at which somebody first asks for it."""
    clock = Clock()
    traveller.shift(HOUR)
    assert (clock.elapsed(), clock.start) == (timedelta(), NOON + HOUR)
    traveller.shift(HOUR)
    assert (clock.elapsed(), clock.start) == (HOUR, NOON + HOUR)


def test_time_before_the_start(traveller: time_machine.Traveller) -> None:
    """Before the start the elapsed time is negative."""
    clock = Clock()
    assert clock.start == NOON
    clock.move_to(NOON - HOUR)
    assert clock.elapsed() == -HOUR


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        (-1, "seconds: time does not run backwards; use move_to"),
        (-0.000001, "seconds: time does not run backwards; use move_to"),
        (10**12, "seconds: 1000000000000 is more than a clock can show"),
        (10**30, f"seconds: {10**30} is more than a clock can show"),
        (float("inf"), "seconds: inf is more than a clock can show"),
        (float("nan"), "seconds: nan is more than a clock can show"),
    ],
)
def test_a_clock_is_not_advanced(
    traveller: time_machine.Traveller, frozen: bool, seconds: float, message: str
) -> None:
    """Steps back, past the year 9999 or of no length move nothing."""
    clock = Clock(frozen=frozen)
    with pytest.raises(InvalidError) as caught:
        clock.advance(seconds)
    assert (caught.value.message, clock.now()) == (message, NOON)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.max.replace(tzinfo=timezone(-HOUR)),
        datetime.min.replace(tzinfo=timezone(HOUR)),
    ],
)
def test_a_clock_is_not_moved(traveller: time_machine.Traveller, moment: datetime) -> None:
    """A moment that UTC cannot show moves nothing."""
    clock = Clock()
    with pytest.raises(InvalidError) as caught:
        clock.move_to(moment)
    text = f"moment: {moment} is more than a clock can show"
    assert (caught.value.message, clock.now()) == (text, NOON)


def test_a_copy_goes_its_own_way(traveller: time_machine.Traveller) -> None:
    """A copy shows the same, and neither moves the other."""
    clock = Clock()
    clock.advance(5)
    twin = clock.copy()
    assert (twin.now(), twin.start, twin.frozen) == (clock.now(), clock.start, False)
    twin.advance(5)
    clock.move_to(NOON)
    traveller.shift(HOUR)
    assert (clock.now(), twin.now()) == (NOON + HOUR, NOON + HOUR + timedelta(seconds=10))


@pytest.mark.fact("GEN-9")
@pytest.mark.parametrize(
    ("moment", "text", "text_us"),
    [
        (NOON, "2026-03-01 12:00:00", "2026-03-01 12:00:00.000000"),
        (
            NOON + timedelta(microseconds=999_999),
            "2026-03-01 12:00:00",
            "2026-03-01 12:00:00.999999",
        ),
        (
            datetime(1, 2, 3, 4, 5, 6, tzinfo=timezone.utc),
            "0001-02-03 04:05:06",
            "0001-02-03 04:05:06.000000",
        ),
    ],
)
def test_a_stamp(moment: datetime, text: str, text_us: str) -> None:
    """A stamp has no zone and no `T`, all its digits, and is read back as the moment."""
    assert (stamp(moment), stamp_us(moment)) == (text, text_us)
    assert parse_moment(text_us) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "2026-02-30 12:00:00",
        "2026-03-01 25:00:00",
        "0001-01-01 00:00:00+00:01",
        "9999-12-31 23:59:59-00:01",
    ],
)
def test_a_text_that_is_no_moment(text: str) -> None:
    """A text that names no moment which UTC can show is refused."""
    with pytest.raises(ValueError, match=r"\S"):
        parse_moment(text)


def shift(freeze: Any, step: timedelta) -> None:
    """Move time that one of the two libraries holds."""
    (freeze.shift if hasattr(freeze, "shift") else freeze.tick)(step)


#: Makes time stand at a moment.
Freezes = Callable[[datetime], AbstractContextManager[Any]]
both = pytest.mark.parametrize(
    "freezes",
    [freeze_time, lambda to: time_machine.travel(to, tick=False)],
    ids=["freezegun", "time-machine"],
)
SECOND = timedelta(seconds=1)


@both
@pytest.mark.parametrize("moment", [NOON, NOON - 100_000 * HOUR, NOON + 100_000 * HOUR])
def test_a_standing_clock_enters_a_freeze(freezes: Freezes, moment: datetime) -> None:
    """A clock that stands, and was moved, shows the moment of a freeze that begins later."""
    clock = Clock(frozen=True)
    clock.advance(5)
    with freezes(moment):
        assert (clock.now(), clock.frozen) == (moment, True)


@both
def test_a_standing_clock_made_in_a_freeze(freezes: Freezes) -> None:
    """A clock that is made inside a freeze begins at its moment."""
    with freezes(NOON) as freeze:
        clock = Clock(frozen=True)
        shift(freeze, HOUR)
        assert clock.now() == NOON + HOUR


@both
@pytest.mark.parametrize("read", [True, False])
def test_a_standing_clock_follows_each_move(freezes: Freezes, read: bool) -> None:
    """It goes along with ticks and moves, also backwards, and keeps the last when they end."""
    clock = Clock(frozen=True)
    with freezes(NOON) as freeze:
        assert clock.now() == NOON
        for step in (SECOND, HOUR, -2 * HOUR):
            shift(freeze, step)
            if read:
                clock.now()
        freeze.move_to(NOON + 3 * HOUR)
    assert (clock.now(), clock.frozen) == (NOON + 3 * HOUR, True)


@both
def test_a_clock_is_moved_within_a_freeze(freezes: Freezes) -> None:
    """What its owner moves it by is added until the freeze is left, and stays after it."""
    clock = Clock(frozen=True)
    with freezes(NOON) as freeze:
        clock.advance(30)
        assert clock.now() == NOON + 30 * SECOND
        shift(freeze, HOUR)
        assert clock.now() == NOON + HOUR + 30 * SECOND
        clock.move_to(NOON)
        shift(freeze, SECOND)
        assert clock.now() == NOON + SECOND
    with freezes(NOON + HOUR):
        assert clock.now() == NOON + HOUR


@both
def test_a_moved_clock_leaves_a_freeze(freezes: Freezes) -> None:
    """It keeps what the freeze and its owner had moved it to, and goes on from there."""
    clock = Clock(frozen=True)
    with freezes(NOON) as freeze:
        clock.advance(30)
        shift(freeze, HOUR)
    clock.advance(1)
    assert clock.now() == NOON + HOUR + 31 * SECOND


@both
def test_freezes_within_freezes(freezes: Freezes) -> None:
    """The inner one rules while it is active, then the outer one, whose moment is kept."""
    clock = Clock(frozen=True)
    with freezes(NOON):
        with freezes(NOON + HOUR):
            assert clock.now() == NOON + HOUR
        assert clock.now() == NOON
        with freezes(NOON + 2 * HOUR):
            assert clock.now() == NOON + 2 * HOUR
    assert clock.now() == NOON


def test_a_clock_follows_auto_ticks() -> None:
    """Each reading moves a freezegun that ticks by itself; the clock keeps what it showed."""
    clock = Clock(frozen=True)
    with freeze_time(NOON, auto_tick_seconds=15):
        seen = [clock.now() for _ in range(3)]
    assert seen == [NOON, NOON + 15 * SECOND, NOON + 30 * SECOND]
    assert clock.now() == NOON + 30 * SECOND


@pytest.mark.parametrize(
    "runs",
    [
        lambda: freeze_time(NOON, tick=True),
        lambda: time_machine.travel(NOON, tick=True),
    ],
    ids=["freezegun", "time-machine"],
)
def test_a_clock_follows_time_that_runs(runs: Callable[[], AbstractContextManager[Any]]) -> None:
    """In a travel that goes on ticking the clock goes on; afterwards it stands where it was."""
    clock = Clock(frozen=True)
    with runs():
        first = clock.now()
        while (now := clock.now()) == first:
            pass
        assert NOON <= first < now < NOON + HOUR
        last = clock.now()
    assert clock.now() == last


@both
def test_a_clock_runs_on_after_a_freeze(freezes: Freezes) -> None:
    """To run a clock that followed a freeze lets it go on from what it showed."""
    clock = Clock(frozen=True)
    with freezes(NOON) as freeze:
        assert clock.now() == NOON
        shift(freeze, HOUR)
    before = datetime.now(timezone.utc)
    clock.run()
    shown = clock.now()
    assert NOON + HOUR <= shown <= NOON + HOUR + (datetime.now(timezone.utc) - before)


@both
def test_a_running_clock_that_is_stopped_in_a_freeze(freezes: Freezes) -> None:
    """It stays at what it shows, moves with the freeze, and stands afterwards."""
    clock = Clock()
    with freezes(NOON) as freeze:
        clock.advance(5)
        clock.freeze()
        shift(freeze, HOUR)
        assert clock.now() == NOON + HOUR + 5 * SECOND
    assert clock.now() == NOON + HOUR + 5 * SECOND
