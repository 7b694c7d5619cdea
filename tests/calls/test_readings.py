"""What the sources disagree on, as far as calls show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.readings import Readings
from tests.answers import json_of
from tests.calls.desk import CALLER, Desk
from tests.conftest import Caller
from tests.resources.line import Line


@pytest.mark.fact("CAL-20", "CAL-2", "CAL-3")
@pytest.mark.parametrize(
    ("order", "expected"),
    [("queue_first", ["887", "099"]), ("menu_first", ["099", "887"])],
)
def test_the_order_of_hangups(order: Any, expected: list[str]) -> None:
    """A queue behind a menu hangs up first, or last, and each a moment after the other."""
    desk = Desk(readings=Readings(hangup_order=order))
    desk.queue()
    desk.menu(menu={"1": "887"})
    call = desk.step(desk.incoming("099"), "press", "1")
    desk.step(call, "hang_up")
    hangups = [event for event in desk.events() if event["EventType"] == "hangup"]
    assert [event["CalledNumber"].partition("*")[2] for event in hangups] == expected
    first, last = (int(event["EventTime"]) for event in hangups)
    assert first < last


@pytest.mark.fact("PHN-26", "CAL-12")
@pytest.mark.parametrize(("reading", "number"), [("preserve", CALLER), ("name", "2566*102")])
def test_the_number_after_an_attended_transfer(reading: Any, number: str) -> None:
    """A phone of which nobody said it keeps the caller's number, or shows itself."""
    desk = Desk(readings=Readings(att_tr_number=reading))
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    assert desk.events()[-1]["CallerIDNum"] == number


@pytest.mark.fact("PHN-26", "PHN-1")
@pytest.mark.parametrize("reading", ["preserve", "name"])
def test_the_default_of_a_phone(make_caller: Callable[..., Caller], reading: Any) -> None:
    """GET shows the default of the reading; what a PUT says stays, whatever the reading."""
    there = make_caller("office", freeze=True, readings=Readings(att_tr_number=reading))
    name, path = "preserve_caller_id_number_att_tr", "/extension/@102/phone/"
    assert json_of(there.get(path))[name] is (reading == "preserve")
    for value in (True, False):
        assert json_of(there.put(path, json={name: value}))[name] is value


@pytest.mark.fact("CUR-5")
@pytest.mark.parametrize(("reading", "flow"), [("upper", "IN"), ("lower", "in")])
def test_the_flow_of_a_running_call(
    make_caller: Callable[..., Caller], reading: Any, flow: str
) -> None:
    """The direction is written in upper case, or as the page has it."""
    there = make_caller("office", freeze=True, readings=Readings(current_calls_flow=reading))
    Line(there).incoming("102")
    (one,) = json_of(there.get("/client/2566/current_calls/"))["call_list"]
    assert one["call_flow"] == flow


@pytest.mark.fact("CUR-6")
def test_a_call_that_was_forwarded_is_not_real(make_caller: Callable[..., Caller]) -> None:
    """The extension that forwarded the call outside does not talk itself."""
    there = make_caller("office", freeze=True)
    line = Line(there)
    call = line.step("answer", line.incoming("102"))
    line.step("transfer", call, "+79161114455")
    (one,) = json_of(there.get("/client/2566/current_calls/"))["call_list"]
    assert (one["extension_id"], one["real_call"]) == (85219, False)
