"""A call is complete when it ends, and nothing that happens later changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.answers import answered, json_of
from tests.company import company, quiet_office
from tests.conftest import Caller
from tests.handles import call_of
from tests.resources.line import Line

DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-04-30 23:59:59"}


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    """The office at noon, standing still."""
    return at_noon(make_caller)


def at_noon(make_caller: Callable[..., Caller]) -> Caller:
    """The office at noon."""
    caller = make_caller(quiet_office(), freeze=True)
    caller.world.clock.move_to(datetime(2026, 3, 1, 12))
    return caller


@pytest.fixture
def line(there: Caller) -> Line:
    """Its telephones."""
    return Line(there)


def left(there: Caller) -> list[Any]:
    """Everything that calls left behind."""
    paths = ("call_history", "calls", "cdr", "record", "record/stats", "calls/stats", "cdr/stats")
    return [answered(there.get(f"/client/2566/{path}/", query_string=DAY)) for path in paths]


def talked(line: Line, number: str = "103", seconds: float = 10) -> Any:
    """A call that is over."""
    call = line.step("answer", line.incoming(number))
    line.world.advance(seconds)
    return line.step("hang_up", call)


@pytest.mark.fact("SIM-13", "PHN-28")
def test_a_record_keeps_its_format(there: Caller, line: Line) -> None:
    """The format that a phone gets after the call changes nothing of its record."""
    talked(line)
    assert there.put("/extension/@103/phone/", json={"record_format": "wav"}).status_code == 200
    (row,) = json_of(there.get("/client/2566/call_history/", query_string=DAY))["call_history"]
    assert row["cdr"][0]["record_file_size"] == 20_016


@pytest.mark.fact("SIM-13", "PHN-28")
def test_a_record_has_the_format_of_its_beginning(there: Caller, line: Line) -> None:
    """A format that is set while somebody talks is that of the next record."""
    call = line.step("answer", line.incoming("103"))
    there.put("/extension/@103/phone/", json={"record_format": "wav"})
    there.world.advance(10)
    line.step("hang_up", call)
    (record,) = json_of(there.get("/client/2566/record/", query_string=DAY))
    assert record["record_file_size"] == 20_016


@pytest.mark.fact("SIM-13", "PHN-30", "HIS-2", "ANI-1")
@pytest.mark.parametrize("change", ["phone", "extension", "ani", "delete"])
def test_a_finished_call_never_changes(make_caller: Callable[..., Caller], change: str) -> None:
    """Whoever reads first after settings, groups or deletions reads what was before them."""
    there, untouched = at_noon(make_caller), at_noon(make_caller)
    for caller in (there, untouched):
        line = Line(caller)
        talked(line)
        line.step("hang_up", line.step("answer", line.outgoing("103", "+79161114455")))
    number = Line(there).extension("103").id
    group = json_of(there.post("/client/2566/extension_group/", json={"name": "New"}))["id"]
    changes: dict[str, Callable[[], Any]] = {
        "phone": lambda: there.put("/extension/@103/phone/", json={"record_format": "wav"}),
        "extension": lambda: there.put(
            f"/client/2566/extension/{number}", json={"extension_group_id": group}
        ),
        "ani": lambda: there.put("/extension/@103/ani/", json={"ani_number": "74959998877"}),
        "delete": lambda: there.delete(f"/client/2566/extension/{number}"),
    }
    assert changes[change]().status_code in (200, 204)
    found, wanted = left(there), left(untouched)
    groups = {row["extension_group_owner_id"] for row in found[1][1]["calls"]}
    assert groups == {14} != {group}
    if change == "delete":  # of its files nothing is left
        assert [one[1] for one in found[3:5]] == [[], {"count": 0, "file_size": 0}]
        found[3:5] = wanted[3:5]
    assert found == wanted


@pytest.mark.fact("EXT-7", "SIM-8", "SIM-9")
def test_an_extension_is_deleted_while_its_record_goes_on(there: Caller, line: Line) -> None:
    """What went on being recorded after it passed the call on is no file, when the call ends."""
    line.step("transfer", (call := line.step("answer", line.incoming("103"))), "108")
    there.delete(f"/client/2566/extension/{line.extension('103').id}")
    there.world.advance(5)
    line.step("hang_up", line.step("answer", call))
    rows, _, _, records, *_ = left(there)
    (row,) = rows[1]["call_history"]
    named = [part["record_uuid"] is not None for part in row["cdr"]]
    assert (named, records[1]) == ([True, False], [])


@pytest.mark.fact("SIM-13", "EXT-7")
def test_an_extension_that_passed_the_call_on_is_deleted(there: Caller, line: Line) -> None:
    """The call and its picture are told with the extension that is gone."""
    call = line.step("answer", line.incoming("103"))
    line.step("transfer", call, "102")
    assert there.delete(f"/client/2566/extension/{line.extension('103').id}").status_code == 204
    told = answered(there.get(f"/_mockpbx/calls/{call.hex}"))
    assert (told[0], [leg["extension"] for leg in told[1]["legs"]]) == (
        200,
        ["2566*103", "2566*102"],
    )
    assert "103 transfers to 102 at once" in call_of(there.world, call.hex).ladder()


@pytest.mark.fact("SIM-8", "PHN-50")
def test_a_record_ends_when_its_file_is_full(there: Caller, line: Line) -> None:
    """A wav of 4 GiB takes no more: the record ends there, and the talk goes on."""
    there.put("/extension/@102/phone/", json={"record_format": "wav", "record_stereo": True})
    talked(line, "102", seconds=140_000)
    (row,) = json_of(there.get("/client/2566/call_history/", query_string=DAY))["call_history"]
    assert row["bridged_duration"] == 140_000
    assert row["cdr"][0]["record_file_size"] == 134_217 * 32_000 + 44


@pytest.mark.fact("SIM-8", "PHN-50")
@pytest.mark.parametrize(("hangup", "fault"), [("02", True), ("01", False)])
def test_a_record_that_no_file_holds_is_refused(hangup: str, fault: bool) -> None:
    """A world file cannot hold a wav of more than 32 bits can count."""
    from mockpbx.worlds import WorldError, read

    part = {
        "flow": "in",
        "extension": "101",
        "from_username": "+79161112233",
        "to_username": "10*101",
        "init_time_gmt": "2026-03-01 00:00:00",
        "bridged_time_gmt": "2026-03-01 00:00:00",
        "hangup_time_gmt": f"2026-03-{hangup} 14:00:00",
        "result": "answered",
        "record": {"format": "wav", "stereo": True},
    }
    text = "clients[0].calls[0].cdr[0].record: is longer than a wav can be"
    if not fault:
        read(company(calls=[{"cdr": [part]}]))
        return
    with pytest.raises(WorldError) as raised:
        read(company(calls=[{"cdr": [part]}]))
    assert [one[: len(text)] for one in raised.value.faults] == [text]


@pytest.mark.fact("SIM-4", "SIM-13")
def test_a_state_with_a_voicemail_can_be_put_back(there: Caller, line: Line) -> None:
    """What the state says of a call that left a message is taken, and tells the same."""
    call = line.incoming("107")
    there.world.advance(20)
    there.world.advance(8)
    line.step("leave_message", call)
    before, state = left(there), there.state()
    assert there.put("/_mockpbx/state", json=state).status_code == 204
    assert left(there) == before
    assert there.state() == state


@pytest.mark.fact("SIM-4", "CUR-1", "SIM-13")
def test_a_call_runs_while_a_message_is_left(there: Caller, line: Line) -> None:
    """The phone's leg is over at the time-out; the call when the caller is done."""
    call = line.incoming("107")
    there.world.advance(20)
    running = json_of(there.get("/client/2566/current_calls/"))["call_list"]
    assert [(one["extension_id"], one["answer_time_gmt"]) for one in running] == [(85224, None)]
    own = json_of(there.get("/extension/@107/current_calls/"))["call_list"]
    assert own == running
    assert left(there)[0][1]["call_history"] == []
    there.world.advance(8)
    line.step("leave_message", call)
    assert json_of(there.get("/client/2566/current_calls/")) == {"call_list": []}
    (row,) = json_of(there.get("/client/2566/call_history/", query_string=DAY))["call_history"]
    assert (row["hangup_time_gmt"], row["cdr"][0]["result"]) == ("2026-03-01 12:00:28", "voicemail")


@pytest.mark.fact("SIM-4", "SIM-13")
@pytest.mark.parametrize("by", ["hangs up", "says nothing"])
def test_a_caller_who_leaves_no_message(there: Caller, line: Line, by: str) -> None:
    """Without a message the call ends with the caller, and its part was not answered."""
    call = line.incoming("107")
    there.world.advance(20)
    if by == "hangs up":
        there.world.advance(5)
        line.step("hang_up", call)
    else:
        there.world.advance(60)
    (row,) = json_of(there.get("/client/2566/call_history/", query_string=DAY))["call_history"]
    second = 25 if by == "hangs up" else 80
    assert row["duration"] == second
    assert (row["cdr"][0]["result"], row["cdr"][0]["record_uuid"]) == ("not answered", None)
