"""Moments of a world file that count back from the start of each world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

from mockpbx import Config, World, create_app
from mockpbx.resources.call_history.model import Row
from mockpbx.worlds import WorldError, build, read
from tests.company import TOKEN, client, company
from tests.conftest import Caller

NOON = datetime(2027, 5, 6, 12, 0, 30, 250_000, tzinfo=timezone.utc)
DAY = timedelta(days=1)
C = "clients[0]"


def days(number: Any, at: Any) -> dict[str, Any]:
    """That time, so many days before the start's."""
    return {"days_ago": number, "at": at}


def ago(seconds: Any) -> dict[str, Any]:
    """So many seconds before the start."""
    return {"seconds_ago": seconds}


def call(init: Any, answered: Any, ended: Any, **more: Any) -> dict[str, Any]:
    """A call to 101 that was recorded, with these moments."""
    part = {
        "flow": "in",
        "extension": "101",
        "from_username": "+79161112233",
        "to_username": "10*101",
        "init_time_gmt": init,
        "bridged_time_gmt": answered,
        "hangup_time_gmt": ended,
        "result": "answered",
        "record": {"format": "mp3"},
    }
    return {"cdr": [{**part, **more}]}


YESTERDAY = call(days(1, "06:02:11.25"), days(1, "06:02:19.25"), days(1, "06:03:54.25"))
BEFORE = call(ago(90.5), ago(80.5), ago(20.5))
FIXED = call("2026-01-12 06:00:00", "2026-01-12 06:00:05", "2026-01-12 06:01:00")


def moments(caller: Caller) -> list[tuple[str, str, str]]:
    """The moments of each call in the exported state, the oldest first."""
    names = ("init_time_gmt", "bridged_time_gmt", "hangup_time_gmt")
    own = caller.state()["clients"][0]
    return [tuple(one["cdr"][0][name] for name in names) for one in own["calls"]]


def at(moment: datetime, world: Any, **config: Any) -> Caller:
    """A caller of that world, which was asked for the first time at that moment."""
    caller = Caller(create_app(world, Config(**config)), TOKEN)
    with time_machine.travel(moment, tick=False):
        caller.world.clock.start  # noqa: B018  # the first look makes it
    return caller


def faults_of(world: Any) -> list[str]:
    """What is wrong with that world."""
    with pytest.raises(WorldError) as raised:
        read(world)
    return raised.value.faults


def test_days_ago() -> None:
    """`days_ago` counts whole days back from the UTC day of the start, `at` is the time of it."""
    assert moments(at(NOON, company(calls=[YESTERDAY]))) == [
        ("2027-05-05 06:02:11.250000", "2027-05-05 06:02:19.250000", "2027-05-05 06:03:54.250000")
    ]


def test_seconds_ago() -> None:
    """`seconds_ago` counts back from the last whole second at the start."""
    assert moments(at(NOON, company(calls=[BEFORE]))) == [
        ("2027-05-06 11:58:59.500000", "2027-05-06 11:59:09.500000", "2027-05-06 12:00:09.500000")
    ]


@pytest.mark.parametrize("calls", [[YESTERDAY, BEFORE, FIXED], [FIXED, BEFORE, YESTERDAY]])
def test_calls_of_all_kinds(calls: Any) -> None:
    """Absolute and relative calls of one file are in the order of time, wherever they stand."""
    begun = [one[0][:19] for one in moments(at(NOON, company(calls=calls)))]
    assert begun == ["2026-01-12 06:00:00", "2027-05-05 06:02:11", "2027-05-06 11:58:59"]


def test_worlds_that_start_on_other_days() -> None:
    """Worlds of one file, which is read once, each count from their own start."""
    start = read(company(calls=[YESTERDAY]))
    found = []
    for step in (0, 1, 0, 400):
        world = World(start, Config())
        with time_machine.travel(NOON + step * DAY, tick=False):
            world.clock.start  # noqa: B018
        (row,) = world.store.all(Row)
        found.append((row.init_at - (NOON + step * DAY)) // DAY)
    assert found == [-2, -2, -2, -2]  # a day and some hours before each start


@pytest.mark.parametrize("later", [False, True])
def test_a_reset_counts_anew(later: bool) -> None:
    """After a reset the calls count from the new start, if it is another day or not."""
    caller = at(NOON, company(calls=[YESTERDAY]))
    before = moments(caller)
    with time_machine.travel(NOON + (DAY if later else timedelta(hours=1)), tick=False):
        caller.world.reset()
        caller.world.clock.start  # noqa: B018
    assert (moments(caller) == before) is not later


def test_the_clock_moves_on() -> None:
    """Calls stay where they were when the clock is moved, in whatever order it is looked at."""
    caller = at(NOON, company(calls=[YESTERDAY]), freeze=True)
    caller.world.advance(10 * 86400)
    shown = moments(caller)
    other = at(NOON, company(calls=[YESTERDAY]), freeze=True)
    before = moments(other)
    other.world.advance(10 * 86400)
    assert shown == moments(other) == before


@pytest.mark.parametrize("travel", [freeze_time, time_machine.travel])
def test_time_is_frozen_before_the_start(travel: Any) -> None:
    """A world that is made in a frozen time has its calls before that time."""
    with travel(NOON):
        caller = Caller(create_app(company(calls=[YESTERDAY]), Config(freeze=True)), TOKEN)
    assert moments(caller)[0][0] == "2027-05-05 06:02:11.250000"


@pytest.mark.parametrize("travel", [freeze_time, time_machine.travel])
def test_time_is_frozen_after_the_world_was_made(travel: Any) -> None:
    """A running world that nobody asked before the time was frozen has its calls before it."""
    caller = Caller(create_app(company(calls=[YESTERDAY])), TOKEN)
    with travel(NOON):
        assert moments(caller)[0][0] == "2027-05-05 06:02:11.250000"


def test_time_is_frozen_after_the_start() -> None:
    """A world that was asked before stays as it is when the time is frozen elsewhere."""
    caller = Caller(create_app(company(calls=[YESTERDAY])), TOKEN)
    before = moments(caller)
    with time_machine.travel(NOON + 4000 * DAY, tick=False):
        assert moments(caller) == before


def test_a_fork_and_a_snapshot() -> None:
    """A fork and a restored snapshot have the calls of the world that they come from."""
    caller = at(NOON, company(calls=[YESTERDAY, BEFORE]), freeze=True)
    snapshot = caller.world.snapshot()
    twin = caller.world.fork()
    shown = moments(caller)
    caller.world.restore(snapshot)
    assert moments(caller) == shown
    assert list(twin.store.all(Row)) == list(caller.world.store.all(Row))


def test_a_state_that_is_put(make_caller: Callable[..., Caller]) -> None:
    """Relative moments of a state that is put count from the world's start."""
    with time_machine.travel(NOON, tick=False):
        caller = make_caller(company(), freeze=True)
    caller.world.advance(3 * 86400)
    assert caller.put("/_mockpbx/state", json=company(calls=[YESTERDAY])).status_code == 204
    assert moments(caller)[0][0] == "2027-05-05 06:02:11.250000"


def test_a_state_has_absolute_moments(make_caller: Callable[..., Caller]) -> None:
    """An exported state is the same, put back or on another day."""
    with time_machine.travel(NOON, tick=False):
        caller = make_caller(company(calls=[YESTERDAY, BEFORE]), freeze=True)
    exported = caller.state()
    with time_machine.travel(NOON + 9 * DAY, tick=False):
        other = make_caller(exported, freeze=True)
    assert moments(other) == moments(caller)


def test_holdings_may_count_too() -> None:
    """Messages, ratings and times online take relative moments as well."""
    message = {"extension": "101", "flow": "in", "from_number": "1", "to_number": "2", "text": "x"}
    rate = {"extension_id": 101, "call_uuid": "0" * 32, "rate": 5}
    device = {"device": "d", "contact_address": "c", "real_address": "r", "extension": "101"}
    own = at(
        NOON,
        company(
            messages=[{**message, "at": days(2, "23:59:59")}],
            quality_rates=[{**rate, "at": ago(0)}],
            reg_status_log=[{**device, "since": days(1, "00:00:00"), "until": days(1, "08:00:00")}],
        ),
    ).state()["clients"][0]
    assert own["messages"][0]["at"] == "2027-05-04 23:59:59.000000"
    assert own["quality_rates"][0]["at"] == "2027-05-06 12:00:30.000000"
    assert own["reg_status_log"][0]["since"] == "2027-05-05 00:00:00.000000"


def test_what_counts_from_the_start_itself() -> None:
    """A registration of some seconds ago has that much less left in every world."""
    device = {"contact_address": "sip:101@192.0.2.1", "expires": 60, "registered_at": ago(20)}
    extensions = [{**one, "registrations": [device]} for one in client()["extensions"]]
    caller = at(NOON.replace(microsecond=0), company(extensions=extensions), freeze=True)
    with time_machine.travel(NOON.replace(microsecond=0), tick=False):
        caller.world.reset()
        answer: Any = caller.get("/extension/101/registration/").json
    assert [one["expires"] for one in answer["registrations"]] == [40]


TEXT = "must be a moment such as 2026-01-31 09:00:00"
TIME = "must be a UTC time such as 06:02:11.25"
NUMBER = "must be an integer from 1 to 3650"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (days(0, "06:00:00"), f"days_ago: {NUMBER}"),
        (days(-1, "06:00:00"), f"days_ago: {NUMBER}"),
        (days(3651, "06:00:00"), f"days_ago: {NUMBER}"),
        (days(1.5, "06:00:00"), "days_ago: must be an integer"),
        (days("1", "06:00:00"), "days_ago: must be an integer"),
        (days(True, "06:00:00"), "days_ago: must be an integer"),
        (days(None, "06:00:00"), "days_ago: must not be null"),
        (days(1, "24:00:00"), f"at: {TIME}"),
        (days(1, "06:00"), f"at: {TIME}"),
        (days(1, "6:00:00"), f"at: {TIME}"),
        (days(1, "06:00:00.1234567"), f"at: {TIME}"),
        (days(1, 6), "at: must be a string"),
        (days(0, "x"), f"days_ago: {NUMBER}; at: {TIME}"),
        ({"days_ago": 1}, "at: is required"),
        ({"at": "06:00:00"}, "days_ago: is required"),
        ({}, "days_ago: is required; at: is required"),
        ({"days": 1}, "days_ago: is required; at: is required; days: is not known here"),
        (ago(-1), "seconds_ago: must be a number of seconds, from 0 to 315360000"),
        (ago(315360001), "seconds_ago: must be a number of seconds, from 0 to 315360000"),
        (ago("5"), "seconds_ago: must be a number"),
        ({"seconds_ago": 5, "days_ago": 1}, "days_ago: is not known here"),
        ("yesterday", TEXT),
        ([], TEXT),
        (5, TEXT),
    ],
)
def test_bad_relative_moments(moment: Any, text: str) -> None:
    """A broken relative moment is refused with its place and the reason."""
    rate = {"extension_id": 101, "call_uuid": "0" * 32, "rate": 5, "at": moment}
    assert faults_of(company(quality_rates=[rate])) == [f"{C}.quality_rates[0].at: {text}"]


MIXED = "its moments must all be absolute, all have days_ago, or all have seconds_ago"


@pytest.mark.parametrize(
    "mixed",
    [
        call(days(1, "06:00:00"), days(1, "06:00:01"), ago(5)),
        call("2026-01-12 06:00:00", days(1, "06:00:01"), days(1, "06:00:02")),
        call(ago(20), ago(10), "2026-01-12 06:00:00"),
    ],
)
def test_moments_of_several_kinds(mixed: Any) -> None:
    """Moments of one part that no order is sure of are refused, and nothing else is said."""
    assert faults_of(company(calls=[mixed])) == [f"{C}.calls[0].cdr[0]: {MIXED}"]


def test_parts_of_several_kinds() -> None:
    """Parts of one call count from one thing."""
    both = {"cdr": [*YESTERDAY["cdr"], *BEFORE["cdr"]]}
    assert faults_of(company(calls=[both])) == [f"{C}.calls[0]: {MIXED}"]


def test_a_registration_by_days() -> None:
    """What counts from the start itself cannot be at a time of a day."""
    device = {"contact_address": "sip:101@192.0.2.1", "expires": 60}
    extensions = [dict(one) for one in client()["extensions"]]
    extensions[0]["registrations"] = [{**device, "registered_at": days(1, "06:00:00")}]
    assert faults_of(company(extensions=extensions)) == [
        f"{C}.extensions[0].registrations[0].registered_at: "
        "counts from the start itself: only seconds_ago is possible"
    ]


def test_faults_of_relative_calls_are_told_with_the_rest() -> None:
    """What is wrong in relative calls is told together with all other faults, as they stand."""
    twice = {**YESTERDAY, "call_uuid": "A" * 32}
    calls = [twice, twice, call(days(1, "06:00:00"), None, days(1, "05:00:00"), extension="999")]
    world = company(calls=calls, dids=[{"name": "1", "extension": "998"}])
    assert faults_of(world) == [
        f"{C}.calls[2].cdr[0].hangup_time_gmt: must be the last of the times",
        f"{C}.dids[0]: client 10 has no extension '998'",
        f"{C}.calls[1]: call_uuid: {'A' * 32} stands there twice",
    ]


def test_a_built_base() -> None:
    """A base built for one start has the calls of that start."""
    tables = build(company(calls=[YESTERDAY]), start=NOON).tables
    (row,) = tables["call_history"].rows.values()
    assert row.init_at == datetime(2027, 5, 5, 6, 2, 11, 250_000, tzinfo=timezone.utc)
