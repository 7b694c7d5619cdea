"""Each rule of the consistency checker sees the answer that it is about when that is altered."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from mockpbx.testing.call import Call
from tests import consistency as rules
from tests.consistency import CALL, WORLD, Books, Shelf, Story
from tests.contract.office import CUSTOMER, Office, office
from tests.twin import READABLE, Twin

SECOND = timedelta(seconds=1)
Change = Callable[[Any], Any]


@dataclass
class Scene:
    """A day of the office: one call that runs, one that was taken, one that left a message."""

    running: Story
    talked: Story
    message: Story
    shelf: Shelf


def _take(call: Call, here: Office) -> None:
    here.wait(2)
    call.press("1")
    here.wait(3)
    call.decline("102")
    call.answer()
    call.talk(10)
    call.transfer("104")
    here.wait(4)
    call.answer()


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """What was told of the three."""
    with office() as here:
        message = here.pbx.incoming_call(CUSTOMER, to="107")
        here.wait(20)
        here.wait(8)
        message.leave_message()
        talked = here.pbx.incoming_call(CUSTOMER, to="099")
        _take(talked, here)
        here.wait(6)
        talked.hang_up()
        running = here.pbx.incoming_call(CUSTOMER, to="099")
        _take(running, here)
        books = here.books()
        shelves = books.check()
        events = list(books._events())
        yield Scene(
            running=books.story(running.id, events, shelves),
            talked=books.story(talked.id, events, shelves),
            message=books.story(message.id, events, shelves),
            shelf=shelves[2566],
        )


def faults(found: list[Callable[[Any], Iterator[str]]], told: Any) -> list[str]:
    """The names of the rules that see a fault."""
    return [rule.__name__ for rule in found if list(rule(told))]


def call(**changes: Any) -> Change:
    """The call itself is told otherwise."""
    return lambda story: replace(story, call=replace(story.call, **changes))


def leg(number: int, **changes: Any) -> Change:
    """One of its legs is."""

    def change(story: Story) -> Story:
        legs = list(story.call.legs)
        legs[number] = replace(legs[number], **changes)
        return replace(story, call=replace(story.call, legs=tuple(legs)))

    return change


def event(number: int, **changes: str) -> Change:
    """One of its events is."""

    def change(story: Story) -> Story:
        events = [dict(one) for one in story.events]
        events[number].update(changes)
        return replace(story, events=events)

    return change


def element(**changes: Any) -> Change:
    """What current_calls show of its last leg is."""

    def change(story: Story) -> Story:
        *others, last = story.running
        return replace(story, running=[*others, {**last, **changes}])

    return change


def row(**changes: Any) -> Change:
    """Its row is."""
    return lambda story: replace(story, row={**(story.row or {}), **changes})


def part(number: int, **changes: Any) -> Change:
    """One of its parts is."""

    def change(story: Story) -> Story:
        altered: Any = copy.deepcopy(story.row)
        altered["cdr"][number].update(changes)
        return replace(story, row=altered)

    return change


def listed(name: str, **changes: Any) -> Change:
    """What a list holds of it is."""

    def change(story: Story) -> Story:
        altered: Any = copy.deepcopy(story.lists)
        altered[name][0].update(changes)
        return replace(story, lists=altered)

    return change


def text(old: str, new: str) -> Change:
    """Its ladder is."""
    return lambda story: replace(
        story, call=replace(story.call, ladder=story.call.ladder.replace(old, new))
    )


def without(name: str) -> Change:
    """Something of it is not told at all."""
    empty: Any = {"row": None, "there": {}}.get(name, [])
    return lambda story: replace(story, **{name: empty})


#: The rule, which of the three calls, what of it is altered, and how.
ALTERED: list[tuple[Any, str, str, Change]] = [
    (rules.identifiers, "talked", "CallID of an event", event(0, CallID="0" * 32)),
    (rules.identifiers, "talked", "CallAPIID of an event", event(0, CallAPIID="1-2")),
    (rules.identifiers, "talked", "SubCallID of an event", event(0, SubCallID="1-2")),
    (rules.identifiers, "talked", "CallAPIID of the call", call(api_id="1-2")),
    (rules.identifiers, "talked", "extension of a leg", leg(0, extension_id=1)),
    (rules.identifiers, "talked", "call_uuid of the row", row(call_uuid="A" * 32)),
    (rules.identifiers, "running", "call_api_id", element(call_api_id="1-2")),
    (rules.identifiers, "running", "call_id", element(call_id="A" * 32)),
    (rules.order_of_moments, "talked", "state", call(state="answered")),
    (rules.order_of_moments, "talked", "result", call(result=None)),
    (rules.order_of_moments, "talked", "steps", call(steps=("hang_up",))),
    (rules.order_of_moments, "talked", "end of a leg", leg(3, ended_at=None)),
    (rules.events_of_legs, "talked", "EventTime", event(0, EventTime="1")),
    (rules.events_of_legs, "talked", "CallFlow", event(0, CallFlow="out")),
    (rules.events_of_legs, "talked", "CallerIDNum", event(0, CallerIDNum="1")),
    (rules.events_of_legs, "talked", "CalledNumber", event(0, CalledNumber="1")),
    (rules.events_of_legs, "talked", "CalledExtensionID", event(0, CalledExtensionID="1")),
    (rules.events_of_legs, "talked", "CallStatus", event(-1, CallStatus="BUSY")),
    (rules.events_of_legs, "talked", "Duration", event(-3, Duration="1")),
    (rules.events_of_legs, "talked", "RecID", event(-3, RecID="1")),
    (rules.whole_legs, "talked", "all events", without("events")),
    (rules.whole_legs, "talked", "an answer", leg(4, answered_at=None)),
    (rules.running_legs, "running", "nothing runs", without("running")),
    (rules.running_legs, "running", "subcall_id", element(subcall_id="1-2")),
    (rules.running_legs, "running", "extension_id", element(extension_id=1)),
    (rules.running_legs, "running", "call_flow", element(call_flow="OUT")),
    (rules.running_legs, "running", "init_time_gmt", element(init_time_gmt="")),
    (rules.running_legs, "running", "answer_time_gmt", element(answer_time_gmt=None)),
    (rules.running_legs, "running", "called_number", element(called_number="")),
    (rules.running_legs, "running", "caller_id_number", element(caller_id_number="")),
    (rules.running_legs, "running", "record_uuid", element(record_uuid=None)),
    (rules.running_legs, "running", "real_call", element(real_call=False)),
    (rules.row_or_running, "talked", "row", without("row")),
    (rules.row_or_running, "running", "row", row(call_uuid="")),
    (rules.times_of_the_row, "talked", "init_time_gmt", row(init_time_gmt="")),
    (rules.times_of_the_row, "talked", "start_time_gmt", row(start_time_gmt="")),
    (rules.times_of_the_row, "talked", "hangup_time_gmt", row(hangup_time_gmt="")),
    (rules.times_of_the_row, "talked", "duration", row(duration=1)),
    (rules.times_of_parts, "talked", "a part too little", row(cdr=[])),
    (rules.times_of_parts, "talked", "init_time_gmt", part(3, init_time_gmt="")),
    (rules.times_of_parts, "talked", "start_time_gmt", part(3, start_time_gmt="")),
    (rules.times_of_parts, "talked", "hangup_time_gmt", part(3, hangup_time_gmt="")),
    (rules.times_of_parts, "talked", "duration", part(3, duration=1)),
    (rules.sides_of_parts, "talked", "extension_id", part(3, extension_id=1)),
    (rules.sides_of_parts, "talked", "extension_name", part(3, extension_name="1@2")),
    (rules.sides_of_parts, "talked", "from_username", part(3, from_username="")),
    (rules.sides_of_parts, "talked", "to_username", part(3, to_username="")),
    (rules.sides_of_parts, "talked", "source_number", part(3, source_number=None)),
    (rules.sides_of_parts, "talked", "dest_number", part(3, dest_number="1")),
    (rules.sides_of_parts, "talked", "application", part(3, application="callback")),
    (rules.sides_of_parts, "talked", "flow", part(3, flow="out")),
    (rules.results_of_parts, "talked", "result", part(3, result="busy")),
    (rules.results_of_parts, "talked", "hangup_cause", part(3, hangup_cause="")),
    (rules.result_of_the_row, "talked", "result", row(result="answered")),
    (rules.result_of_the_row, "talked", "bridged_time_gmt", row(bridged_time_gmt="")),
    (rules.result_of_the_row, "talked", "bridged_duration", row(bridged_duration=1)),
    (rules.result_of_the_row, "talked", "bridged_username", row(bridged_username="")),
    (rules.result_of_the_row, "talked", "hangup_cause", row(hangup_cause="")),
    (rules.result_of_the_row, "talked", "result of the call", call(result="BUSY")),
    (rules.result_of_the_row, "message", "result", row(result="busy")),
    (rules.records_of_legs, "talked", "record_uuid", part(3, record_uuid=None)),
    (rules.records_of_legs, "talked", "record_file_size", part(3, record_file_size=None)),
    (rules.records_of_legs, "talked", "RecID", event(-3, RecID="1")),
    (rules.records_of_legs, "message", "a message", part(0, result="not answered")),
    (rules.picture, "talked", "an event", text("103 answer", "103 hears")),
    (rules.picture, "talked", "a time", text("19.000", "19.001")),
    (rules.picture, "talked", "the end", text("the call is over", "the call goes on")),
    (rules.picture, "talked", "the head", text("incoming call", "outgoing call")),
    (rules.lists, "talked", "the calls list", listed("calls", result="")),
    (rules.lists, "talked", "the cdr", listed("cdr", result="")),
    (rules.lists, "talked", "calls_result", listed("cdr", calls_result="")),
    (rules.lists, "talked", "a record", listed("record", record_file_size=1)),
    (rules.lists, "talked", "its file", listed("record", file_name="")),
    (rules.lists, "talked", "its extension is gone", without("there")),
]

#: The rule, what of all calls is altered, and how.
ALTERED_TOGETHER: list[tuple[Any, str, Change]] = [
    (rules.same_calls, "calls", lambda shelf: replace(shelf, calls=[])),
    (rules.same_calls, "cdr", lambda shelf: replace(shelf, cdr=[])),
    (
        rules.stats,
        "calls/stats",
        lambda shelf: replace(shelf, calls_stats={"in": {"total": 9}, "out": {"total": 0}}),
    ),
    (
        rules.stats,
        "cdr/stats",
        lambda shelf: replace(shelf, cdr_stats={"in": {"total": 9}, "out": {"total": 0}}),
    ),
    (rules.space, "record/stats", lambda shelf: replace(shelf, record_stats={"count": 9})),
    *(
        (
            rules.space,
            name,
            lambda shelf, name=name: replace(shelf, disk_space={**shelf.disk_space, name: 99}),
        )
        for name in (
            "call_records_count",
            "call_records_size",
            "voicemail_count",
            "voicemail_size",
            "free_space",
        )
    ),
    *(
        (rules.extensions, name, lambda shelf, name=name: replace(shelf, **{name: []}))
        for name in ("cdr", "record", "running")
    ),
]


def test_nothing_is_amiss(scene: Scene) -> None:
    """As they are told, no rule sees a fault."""
    for story in (scene.running, scene.talked, scene.message):
        assert faults(list(CALL), story) == []
    assert faults(list(WORLD), scene.shelf) == []


@pytest.mark.parametrize(
    ("rule", "which", "change"),
    [pytest.param(r, w, c, id=f"{r.__name__}: {what}") for r, w, what, c in ALTERED],
)
def test_a_call_that_is_told_otherwise(scene: Scene, rule: Any, which: str, change: Change) -> None:
    """The rule sees it."""
    assert list(rule(change(getattr(scene, which))))


@pytest.mark.parametrize(
    ("rule", "change"),
    [pytest.param(r, c, id=f"{r.__name__}: {what}") for r, what, c in ALTERED_TOGETHER],
)
def test_calls_that_are_told_otherwise(scene: Scene, rule: Any, change: Change) -> None:
    """The rule sees it."""
    assert list(rule(change(scene.shelf)))


def test_every_rule_is_altered() -> None:
    """No rule stands in the list without an altered answer."""
    seen = [one[0] for one in (*ALTERED, *ALTERED_TOGETHER)]
    assert [rule.__name__ for rule in (*CALL, *WORLD) if rule not in seen] == []


def test_a_fault_is_named(scene: Scene) -> None:
    """Who is told of a broken rule sees its name, what was found, and the ladder."""
    with pytest.raises(AssertionError, match="times_of_the_row: row: duration is 1, not 25"):
        rules._judge(CALL, row(duration=1)(scene.talked), scene.talked.call.ladder)


def test_a_state_that_is_told_otherwise() -> None:
    """A state that does not tell the same of finished calls once it is put back is seen."""
    with office() as here:
        here.pbx.incoming_call(CUSTOMER, to="102").hang_up()
        books = Books(Forgetful(here.pbx), here.asks)  # type: ignore[arg-type]
        with pytest.raises(AssertionError, match="after the state was put back"):
            books.check_state()


def test_a_twin_that_answers_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state that leaves something out is seen: its twin answers otherwise."""
    with office() as here:
        twin = Twin(here.pbx.world, here.caller.token or "")
        twin.check(len(READABLE))
        whole = twin._pbx.state

        def without_registrations() -> Any:
            state = whole()
            for extension in state["clients"][0]["extensions"]:
                extension.pop("registrations", None)
            return state

        monkeypatch.setattr(twin._pbx, "state", without_registrations)
        with pytest.raises(AssertionError, match="registration/ answers"):
            twin.check(len(READABLE))


class Forgetful:
    """A PBX whose state has no calls."""

    def __init__(self, pbx: Any) -> None:
        self._pbx = pbx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pbx, name)

    def state(self) -> Any:
        """The state, in which nobody ever called."""
        found = self._pbx.state()
        for client in found["clients"]:
            client.pop("calls", None)
        return found
