"""The number that an extension's calls show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.answers import answered, json_of
from tests.company import quiet_office
from tests.conftest import Caller
from tests.resources.line import Line

PATH = "/extension/@101/ani/"


@pytest.mark.fact("ANI-1")
def test_the_number(office: Caller) -> None:
    """A number is set, read, and taken away again; it is part of the state."""
    assert answered(office.get(PATH)) == (200, {"default": None})
    shown = {"default": "74959998878"}
    assert answered(office.put(PATH, json={"ani_number": "+74959998878"})) == (200, shown)
    assert answered(office.get(PATH)) == (200, shown)
    state = office.state()
    assert state["clients"][0]["extensions"][0]["ani"] == "74959998878"
    assert office.put("/_mockpbx/state", json=state).status_code == 204
    assert answered(office.get(PATH)) == (200, shown)
    assert answered(office.put(PATH, json={"ani_number": None})) == (200, {"default": None})


@pytest.mark.fact("ANI-1", "HIS-4")
def test_the_history(make_caller: Any) -> None:
    """Calls to the outside show it in the history; calls inside do not."""
    there = make_caller(quiet_office(), freeze=True)
    there.world.clock.move_to(datetime(2026, 3, 1, 12))
    there.put(PATH, json={"ani_number": "74959998878"})
    line = Line(there)
    line.step("hang_up", line.step("answer", line.outgoing("101", "+79161112244")))
    line.step("hang_up", line.step("answer", line.internal("101", "102")))
    day = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}
    rows = json_of(there.get("/client/@me/cdr/", query_string={**day, "order": "asc"}))["cdr"]
    assert [(row["flow"], row["ani_number"]) for row in rows] == [
        ("out", "74959998878"),
        ("out", None),
        ("in", None),
    ]


@pytest.mark.fact("ANI-1")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"ani_number": "79160000000"}, "ani_number: client 2566 has no public number 79160000000"),
        ({"ani_number": "x"}, "ani_number: must be digits, with + before them or not"),
        ({"ani_number": 7}, "ani_number: must be a string"),
        ({}, "ani_number: is required"),
    ],
)
def test_bad_numbers(office: Caller, body: Any, message: str) -> None:
    """A number that the client does not have is refused, and the one before stays."""
    office.put(PATH, json={"ani_number": "74959998877"})
    assert answered(office.put(PATH, json=body)) == (400, {"message": message})
    assert answered(office.get(PATH)) == (200, {"default": "74959998877"})
