"""A client whose room for files is full: nothing that writes a file begins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import json_of
from tests.company import quiet_office
from tests.conftest import Caller
from tests.resources.line import Line

#: Bytes of ten seconds in mono mp3.
TALK = 20_016
SPAN = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-04-30 23:59:59"}
LIST = "/client/2566/record/"


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    """The office, which has room for one talk of ten seconds."""
    world = quiet_office()
    world["clients"][0]["total_space"] = TALK
    caller = make_caller(world, freeze=True)
    caller.post("/_mockpbx/clock/move_to", json={"moment": "2026-03-01 12:00:00"})
    return caller


def talk(there: Caller, number: str = "102", seconds: float = 10) -> dict[str, Any]:
    """Somebody outside talks with that phone; answers the row of the call."""
    line = Line(there)
    call = line.step("answer", line.incoming(number))
    there.world.advance(seconds)
    line.step("hang_up", call)
    found: dict[str, Any] = json_of(there.get(f"/client/2566/call_history/{call.hex}"))
    return found


def free(there: Caller) -> int:
    """The bytes that are free."""
    found: int = json_of(there.get("/client/2566/disk_space/"))["free_space"]
    return found


def records(there: Caller) -> list[dict[str, Any]]:
    """The records that there are."""
    found: list[dict[str, Any]] = json_of(there.get(LIST, query_string=SPAN))
    return found


def recorded(row: dict[str, Any]) -> list[bool]:
    """Whether each part of the call has a record."""
    return [part["record_uuid"] is not None for part in row["cdr"]]


@pytest.mark.fact("DSK-3", "SIM-8")
@pytest.mark.parametrize(("number", "parts"), [("103", [False]), ("887", [False, False])])
def test_no_record_begins(there: Caller, number: str, parts: list[bool]) -> None:
    """Without free space neither a phone nor a queue that records has a record of a talk."""
    there.put("/extension/96857/queue/", json={"record_enabled": True})
    assert (recorded(talk(there)), free(there)) == ([True], 0)
    row = talk(there, number)
    assert (recorded(row), row["bridged_duration"]) == (parts, 10)
    assert len(records(there)) == 1


@pytest.mark.fact("DSK-3", "SIM-4")
def test_no_voicemail_listens(there: Caller) -> None:
    """Without free space the call of who was not answered is over at the time-out."""
    line = Line(there)
    call = line.incoming("107")
    there.world.advance(20)
    assert line.state(call) == "voicemail"
    line.step("hang_up", call)
    talk(there)
    call = line.incoming("107")
    there.world.advance(20)
    assert (line.state(call), line.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("DSK-3")
def test_what_had_begun_is_written(there: Caller) -> None:
    """A record that began with a byte free is written to its end, beyond the room."""
    talk(there, seconds=9)
    assert 0 < free(there) < TALK
    assert recorded(talk(there, "103")) == [True]
    assert (len(records(there)), free(there)) == (2, 0)


def gone(there: Caller) -> None:
    """The state is that of a world whose only record was deleted."""
    state = there.state()
    for call in state["clients"][0]["calls"]:
        call["cdr"][0]["record"]["deleted"] = True
    assert there.put("/_mockpbx/state", json=state).status_code == 204


#: What makes room again.
ROOM: dict[str, Callable[[Caller], Any]] = {
    "record": lambda there: there.delete(LIST + records(there)[0]["record_uuid"]),
    "records": lambda there: there.delete(LIST, query_string=SPAN),
    "extension": lambda there: there.delete("/client/2566/extension/85219"),
    "state": gone,
}


@pytest.mark.fact("DSK-3", "REC-4", "REC-5", "EXT-7")
@pytest.mark.parametrize("what", ROOM)
def test_a_deletion_makes_room(there: Caller, what: str) -> None:
    """Once records are deleted, alone or with their extension, talks are recorded again."""
    talk(there)
    ROOM[what](there)
    assert free(there) == TALK
    assert recorded(talk(there, "103")) == [True]


@pytest.mark.fact("DSK-3", "SIM-13")
def test_a_forgotten_call_makes_room(make_caller: Callable[..., Caller]) -> None:
    """The records of calls that are beyond the limit of the history take no room any more."""
    world = quiet_office()
    world["clients"][0]["total_space"] = 2 * TALK
    there = make_caller(world, freeze=True, journal_limit=1)
    assert [recorded(talk(there)) for _ in range(4)] == [[True]] * 4


@pytest.mark.fact("DSK-3")
def test_a_state_that_is_full(there: Caller) -> None:
    """A world that is loaded with a full disk has no room, either."""
    talk(there)
    assert there.put("/_mockpbx/state", json=there.state()).status_code == 204
    assert recorded(talk(there, "103")) == [False]
