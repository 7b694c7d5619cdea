"""How calls start, and what the PBX remembers of them; messages."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import InvalidError, NotFoundError

from ..receivers import Receivers
from ..told import refused
from .table import CALLER, NOON, OUTSIDE, Face, send, story


@story
def incoming_calls(pbx: Face, receivers: Receivers) -> Any:
    """To a phone, a public number, a menu, a queue, through a number, and to nobody."""
    return [
        pbx.incoming_call(CALLER, to="101"),
        pbx.incoming_call(CALLER, to=85219, name="Zoë"),
        pbx.incoming_call("1234", did="74959998877"),
        pbx.incoming_call(CALLER, to="103", did="+74959998878"),
        pbx.incoming_call(CALLER, to="887"),
        pbx.incoming_call(CALLER, to="105"),
        pbx.incoming_call(CALLER, to="999"),
        pbx.incoming_call(CALLER, did="70000000000"),
    ]


@story
def incoming_calls_that_do_not_start(pbx: Face, receivers: Receivers) -> Any:
    """No number, an id as the caller, and what is no number at all."""
    return [
        refused(InvalidError, lambda: pbx.incoming_call(CALLER)),
        refused(InvalidError, lambda: pbx.incoming_call(85218, to="101")),
        refused(NotFoundError, lambda: pbx.incoming_call(CALLER, to=999)),
        refused(InvalidError, lambda: pbx.incoming_call("a b", to="101")),
        refused(InvalidError, lambda: pbx.incoming_call("", to="101")),
        refused(InvalidError, lambda: pbx.incoming_call(CALLER, to="жук")),
        refused(InvalidError, lambda: pbx.incoming_call(CALLER, did=" ")),
        refused(InvalidError, lambda: pbx.incoming_call(CALLER, to="101", did=5)),
        refused(InvalidError, lambda: pbx.incoming_call(CALLER, to="101", name=5)),
        refused(InvalidError, lambda: pbx.incoming_call(None, to="101")),
        pbx.calls,
    ]


@story
def calls_of_phones(pbx: Face, receivers: Receivers) -> Any:
    """Outside and inside, by number, id and whole name."""
    return [
        pbx.outgoing_call("101", OUTSIDE),
        pbx.outgoing_call(85220, "74951234567"),
        pbx.internal_call("102", "103"),
        pbx.internal_call("2566*104", 85222),
        pbx.internal_call("106", "999"),
        pbx.internal_call("106", "887"),
    ]


@story
def calls_of_phones_that_do_not_start(pbx: Face, receivers: Receivers) -> Any:
    """Nobody, no phone, nowhere to call."""
    return [
        refused(NotFoundError, lambda: pbx.outgoing_call("999", OUTSIDE)),
        refused(NotFoundError, lambda: pbx.outgoing_call(999, OUTSIDE)),
        refused(InvalidError, lambda: pbx.outgoing_call("887", OUTSIDE)),
        refused(InvalidError, lambda: pbx.outgoing_call("101", "a b")),
        refused(InvalidError, lambda: pbx.outgoing_call("101", None)),
        refused(NotFoundError, lambda: pbx.internal_call("999", "101")),
        refused(InvalidError, lambda: pbx.internal_call("099", "101")),
        refused(NotFoundError, lambda: pbx.internal_call("101", 999)),
        refused(InvalidError, lambda: pbx.internal_call("101", "")),
        pbx.calls,
    ]


@story
def scripts(pbx: Face, receivers: Receivers) -> Any:
    """Calls that go on by themselves while the clock moves."""
    made = [
        pbx.incoming_call(CALLER, to="101", script={"answer_after": 2, "talk": 30}),
        pbx.incoming_call(CALLER, to="102", script={"outcome": "busy", "after": 1.5}),
        pbx.incoming_call(CALLER, to="106", script={"outcome": "cancel", "after": 3}),
        pbx.incoming_call(CALLER, did="74959998877", script={"press": "2", "after": 4}),
        pbx.outgoing_call("103", OUTSIDE, script={"outcome": "no_answer"}),
        pbx.internal_call("104", "108", script={}),
        pbx.incoming_call(CALLER, to="107", script={"outcome": "no_answer", "leave_message": True}),
    ]
    seen: list[Any] = [[one.state for one in made]]
    for seconds in (1, 1, 2, 30, 60):
        seen += [pbx.clock.advance(seconds), [one.state for one in made]]
    return seen, made


@story
def scripts_that_cannot_be_followed(pbx: Face, receivers: Receivers) -> Any:
    """Every entry that is unknown, wrong, or would do nothing is named."""
    odd: Any = (
        {"colour": "red"},
        {"outcome": "maybe"},
        {"answer_after": -1, "talk": "long"},
        {"answer_after": 10**13},
        {"answer_after": float("inf")},
        {"answer_after": float("nan")},
        {"talk": True},
        {"press": "12"},
        {"press": 1},
        {"leave_message": "yes"},
        {"outcome": "busy", "talk": 1},
        {"outcome": "answer", "leave_message": True},
        {"after": 1},
        {"outcome": None},
        {1: 2},
        [],
        "busy",
        5,
    )
    seen = [refused(InvalidError, pbx.incoming_call, CALLER, to="101", script=one) for one in odd]
    seen += [
        refused(InvalidError, lambda: pbx.outgoing_call("101", OUTSIDE, script={"x": 1})),
        refused(InvalidError, lambda: pbx.internal_call("101", "102", script={"x": 1})),
    ]
    return seen, pbx.calls


@story
def calls_are_remembered(pbx: Face, receivers: Receivers) -> Any:
    """Running and finished ones, the oldest first; equal by their ids."""
    seen: list[Any] = [pbx.calls, refused(IndexError, lambda: pbx.calls.last)]
    first = pbx.incoming_call(CALLER, to="101")
    second = pbx.outgoing_call("102", OUTSIDE)
    first.hang_up()
    found = pbx.calls
    seen += [found, found.last, [one.id for one in found] == [first.id, second.id]]
    seen += [found[0] == first, found[1] == first, first != second, found.last in [second]]
    seen += [len({*found, first, second}), first == first.id, hash(found[0]) == hash(first)]
    return seen


@story
def a_call_that_is_forgotten(pbx: Face, receivers: Receivers) -> Any:
    """After a reset there is no such call."""
    call = pbx.incoming_call(CALLER, to="101")
    pbx.reset()
    return [
        pbx.calls,
        refused(NotFoundError, lambda: call.state),
        refused(NotFoundError, lambda: repr(call)),
        refused(NotFoundError, call.answer),
        refused(NotFoundError, call.ladder),
    ]


@story
def messages(pbx: Face, receivers: Receivers) -> Any:
    """In, out and inside; they are in the PBX's lists."""
    seen = [
        pbx.message(CALLER, "101", "Привет"),
        pbx.message("102", OUTSIDE, "Hello"),
        pbx.message(85218, "102", ""),
    ]
    span = {"start_datetime": "2026-02-28 00:00:00", "end_datetime": "2026-03-02 00:00:00"}
    path = "/extension/@101/message/"
    return seen, send(pbx, "GET", path, params=span)[0], pbx.clock.now() == NOON


@story
def messages_to_nobody(pbx: Face, receivers: Receivers) -> Any:
    """Neither is a phone of the PBX, or what is given is none."""
    return [
        refused(NotFoundError, lambda: pbx.message(CALLER, OUTSIDE, "Hello")),
        refused(NotFoundError, lambda: pbx.message(CALLER, 999, "Hello")),
        refused(InvalidError, lambda: pbx.message(CALLER, "887", "Hello")),
        refused(InvalidError, lambda: pbx.message("a b", "101", "Hello")),
        refused(InvalidError, lambda: pbx.message(CALLER, "101", None)),
        refused(InvalidError, lambda: pbx.message(CALLER, "101", 5)),
    ]
