"""One call, one truth: its row, its parts and its records tell the same of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from mockpbx.readings import Readings
from tests.answers import json_of
from tests.company import company, quiet_office
from tests.conftest import Caller
from tests.resources.line import OUTSIDE, Line

DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}
OTHER = "+79161114455"
DOMAIN = "sipproxy.telphin.ru"

MakeCaller = Callable[..., Caller]


def at_noon(make_caller: MakeCaller, world: Any = None, **config: Any) -> Caller:
    """The office at noon, where nobody answers by itself."""
    caller = make_caller(world or quiet_office(), freeze=True, callback_script=None, **config)
    caller.world.clock.move_to(datetime(2026, 3, 1, 12))
    return caller


@pytest.fixture
def there(make_caller: MakeCaller) -> Caller:
    """The office at noon, standing still."""
    return at_noon(make_caller)


@pytest.fixture
def line(there: Caller) -> Line:
    """Its telephones."""
    return Line(there)


def listed(there: Caller, path: str, **query: Any) -> list[Any]:
    """The rows of that list on that day, the oldest first."""
    found = json_of(there.get(path, query_string={**DAY, "order": "asc", **query}))
    return found if isinstance(found, list) else found[path.strip("/").rpartition("/")[2]]


def row_of(there: Caller) -> Any:
    """The only call of that day."""
    (row,) = listed(there, "/client/@me/call_history/")
    return row


def shown(row: Any, *names: str) -> tuple[Any, ...]:
    """Those fields."""
    return tuple(row[name] for name in names)


def callback(there: Caller, line: Line, owner: str, *src: str, to: str, **fields: Any) -> Any:
    """A callback of the owner that rings."""
    body = {"src_num": list(src), "dst_num": to, **fields}
    answer = there.post(f"/extension/@{owner}/callback/", json=body)
    assert answer.status_code == 201, answer.text
    return line.call(json_of(answer)["call_api_id"])


@pytest.mark.fact("HIS-16", "HIS-17", "HIS-18", "HIS-19")
@pytest.mark.parametrize("way", ["in", "out", "internal"])
def test_a_talk_is_bridged(there: Caller, line: Line, way: str) -> None:
    """The row of a call in which two people talked says bridged, each part answered."""
    calls: dict[str, Callable[[], Any]] = {
        "in": lambda: line.incoming("102"),
        "out": lambda: line.outgoing("101", OTHER),
        "internal": lambda: line.internal("101", "102"),
    }
    call = line.step("answer", calls[way]())
    there.world.advance(20)
    line.step("hang_up", call)
    row = row_of(there)
    assert shown(row, "result", "bridged_duration", "duration") == ("bridged", 20, 20)
    assert {part["result"] for part in row["cdr"]} == {"answered"}


@pytest.mark.fact("HIS-19")
def test_the_other_reading_of_a_talk(make_caller: MakeCaller) -> None:
    """With the reading answered a talk is answered, in the row and where a part tells of it."""
    there = at_noon(make_caller, readings=Readings(call_result="answered"))
    line = Line(there)
    line.step("hang_up", line.step("answer", line.incoming("102")))
    assert row_of(there)["result"] == "answered"
    assert listed(there, "/client/@me/cdr/")[0]["calls_result"] == "answered"


@pytest.mark.fact("HIS-19", "HIS-20")
@pytest.mark.parametrize(("to", "bye"), [("099", "caller_bye"), ("887", "caller_bye")])
def test_nobody_but_a_machine(there: Caller, line: Line, to: str, bye: str) -> None:
    """A call that a menu or a queue answered, and nobody else, is answered; nothing is bridged."""
    call = line.incoming(to)
    there.world.advance(7)
    line.step("hang_up", call)
    row = row_of(there)
    assert shown(row, "result", "hangup_disposition") == ("answered", bye)
    names = ("bridged_time_gmt", "bridged_duration", "bridged_username", "bridged_domain")
    assert shown(row, *names) == (None, None, None, None)
    part = row["cdr"][0]
    assert shown(part, "result", "start_time_gmt", "duration") == (
        "answered",
        "2026-03-01 12:00:00",
        7,
    )


@pytest.mark.fact("HIS-10", "CBK-9")
def test_a_callback_tells_of_who_was_connected(there: Caller, line: Line) -> None:
    """Result, cause, disposition and bridge are those of the other number's part."""
    call = callback(there, line, "104", "102", "103", to=OTHER)
    there.world.advance(4)
    line.step("answer", call, 85220)
    there.world.advance(9)
    line.step("answer", call)
    there.world.advance(32)
    line.step("hang_up", call)
    row = row_of(there)
    assert shown(row, "flow", "from_username", "to_username", "duration") == (
        "out",
        "2566*104",
        OTHER,
        45,
    )
    assert shown(
        row,
        "result",
        "hangup_cause",
        "bridged_time_gmt",
        "bridged_duration",
        "bridged_username",
    ) == ("bridged", "NORMAL_CLEARING", "2026-03-01 12:00:13", 32, OTHER)
    assert {part["application"] for part in row["cdr"]} == {"callback"}


@pytest.mark.fact("HIS-10")
def test_a_callback_that_the_first_declined(there: Caller, line: Line) -> None:
    """Who declined at first says nothing of the call that another one took."""
    call = callback(there, line, "104", "102", "103", to=OTHER)
    line.step("decline", call, 85219)
    line.step("answer", call)
    line.step("answer", call)
    there.world.advance(32)
    line.step("hang_up", call)
    assert shown(row_of(there), "result", "hangup_cause", "bridged_duration") == (
        "bridged",
        "NORMAL_CLEARING",
        32,
    )


@pytest.mark.fact("HIS-10", "CAL-5")
def test_a_call_that_was_forwarded(make_caller: MakeCaller) -> None:
    """A call that is answered outside is bridged with the number outside."""
    world = quiet_office()
    (phone,) = [one for one in world["clients"][0]["extensions"] if one["name"] == "103"]
    phone["forward"] = {"to": OTHER, "when": "busy"}
    there = at_noon(make_caller, world)
    line = Line(there)
    call = line.step("decline", line.incoming("103"))
    line.step("answer", call)
    there.world.advance(10)
    line.step("hang_up", call)
    assert shown(row_of(there), "result", "bridged_duration", "bridged_username") == (
        "bridged",
        10,
        OTHER,
    )


@pytest.mark.fact("HIS-10")
def test_a_transfer_in_vain(there: Caller, line: Line) -> None:
    """Nobody takes the call that was passed on: the bridge is the talk before."""
    call = line.step("answer", line.incoming("103"))
    there.world.advance(10)
    line.step("transfer", call, "102")
    there.world.advance(60)
    there.world.advance(60)
    assert shown(row_of(there), "result", "bridged_duration", "bridged_username") == (
        "bridged",
        10,
        "2566*103",
    )


@pytest.mark.fact("SIM-13", "CBK-1")
@pytest.mark.parametrize(("src", "result", "parts"), [("104", "rejected", 1), ("999", "failed", 0)])
def test_a_callback_that_comes_to_nothing(
    there: Caller, line: Line, src: str, result: str, parts: int
) -> None:
    """Every callback has a row, also one that rang only its owner, or nobody."""
    call = callback(there, line, "104", src, to=OTHER)
    if src == "104":
        line.step("decline", call)
    row = json_of(there.get(f"/client/@me/call_history/{call.hex}"))
    assert shown(row, "flow", "from_username", "to_username", "result", "bridged_duration") == (
        "out",
        "2566*104",
        OTHER,
        result,
        None,
    )
    assert len(row["cdr"]) == parts
    state = there.state()
    assert there.put("/_mockpbx/state", json=state).status_code == 204
    assert row_of(there) == row


@pytest.mark.fact("HIS-20", "HIS-21", "HIS-22", "REC-18")
def test_a_part_starts_when_it_is_answered(there: Caller, line: Line) -> None:
    """Start is the answer and duration the talk; the row counts from its beginning."""
    there.world.advance(0.76)
    call = line.outgoing("103", OTHER)
    there.world.advance(13)
    line.step("answer", call)
    there.world.advance(24)
    line.step("hang_up", call)
    row = row_of(there)
    (part,) = row["cdr"]
    names = ("init_time_gmt", "start_time_gmt", "hangup_time_gmt", "duration")
    assert shown(row, *names) == (
        "2026-03-01 12:00:00",
        "2026-03-01 12:00:01",
        "2026-03-01 12:00:38",
        37,
    )
    assert shown(part, *names) == (
        "2026-03-01 12:00:00.76",
        row["bridged_time_gmt"],
        "2026-03-01 12:00:38",
        24,
    )
    (record,) = listed(there, "/client/@me/record/")
    assert record["file_name"].startswith("2026-03-01-12-00-13-UTC_out_103_")
    assert record["record_file_size"] == round(24 * 8000 / 576) * 144


@pytest.mark.fact("HIS-20")
def test_a_part_that_nobody_answered(there: Caller, line: Line) -> None:
    """It starts when it began, and lasts 0 seconds."""
    call = line.incoming("102")
    there.world.advance(5)
    line.step("hang_up", call)
    (part,) = row_of(there)["cdr"]
    assert shown(part, "start_time_gmt", "duration") == ("2026-03-01 12:00:00", 0)


@pytest.mark.fact("REC-17", "DAT-15")
@pytest.mark.parametrize("case", ["upper", "lower"])
def test_the_case_of_a_record(make_caller: MakeCaller, case: Any) -> None:
    """Answers write a record_uuid in upper case, or as the reading says; events in lower."""
    there = at_noon(make_caller, readings=Readings(record_uuid_case=case))
    line = Line(there)
    call = line.step("answer", line.incoming("102"))
    running = json_of(there.get("/client/@me/current_calls/"))["call_list"][0]["record_uuid"]
    line.step("hang_up", call)
    written = {
        running,
        row_of(there)["cdr"][0]["record_uuid"],
        listed(there, "/client/@me/cdr/")[0]["record_uuid"],
        listed(there, "/client/@me/record/")[0]["record_uuid"],
    }
    (uuid,) = written
    assert uuid == (uuid.upper() if case == "upper" else uuid.lower())
    for text in (uuid.lower(), uuid.upper()):
        assert there.get(f"/client/@me/record/{text}").status_code == 200


@pytest.mark.fact("HIS-23", "HIS-24")
@pytest.mark.parametrize(
    ("way", "source", "dest"),
    [
        ("in", (OUTSIDE, DOMAIN), (None, None)),
        ("out", (None, None), (OTHER, DOMAIN)),
        ("transfer", (OUTSIDE, DOMAIN), ("2566*103", DOMAIN)),
    ],
)
def test_the_sides_of_a_part(there: Caller, line: Line, way: str, source: Any, dest: Any) -> None:
    """Source is null on outgoing parts and dest on incoming ones; all have the PBX's domain."""
    if way == "out":
        call = line.step("answer", line.outgoing("102", OTHER))
    else:
        call = line.step("answer", line.incoming("102"))
    if way == "transfer":
        line.step("transfer", call, "103")
        line.step("answer", call)
    line.step("hang_up", call)
    part = row_of(there)["cdr"][-1]
    assert part["flow"] == way
    assert shown(part, "source_number", "source_domain") == source
    assert shown(part, "dest_number", "dest_domain") == dest
    assert shown(part, "from_domain", "to_domain") == (DOMAIN, DOMAIN)


@pytest.mark.fact("HIS-26")
def test_a_part_tells_of_its_call(there: Caller, line: Line) -> None:
    """A part that is listed by itself has the result and the disposition of its call."""
    call = line.step("press", line.incoming("099"), "2")
    line.step("answer", call)
    line.step("hang_up", call)
    row = row_of(there)
    found = listed(there, "/client/@me/cdr/")
    assert {shown(part, "calls_result", "calls_hangup_disposition") for part in found} == {
        shown(row, "result", "hangup_disposition")
    }


@pytest.mark.fact("HIS-1")
def test_a_filter_looks_at_the_row(there: Caller, line: Line) -> None:
    """The call of a menu is the menu's, whoever took it."""
    call = line.step("press", line.incoming("099"), "2")
    line.step("hang_up", line.step("answer", call))
    path = "/client/@me/call_history/"
    assert listed(there, path, extension_id=85218, flow="in") == []
    assert len(listed(there, path, extension_id=96856, flow="in")) == 1


@pytest.mark.fact("SIM-13", "HIS-2")
@pytest.mark.parametrize("way", ["in", "out"])
def test_a_world_file_tells_what_a_call_leaves(make_caller: MakeCaller, way: str) -> None:
    """A call that is written into a world file by its facts is told as one that happened."""
    there = at_noon(make_caller, company())
    line = Line(there, client=10)
    there.put("/extension/101/phone/", json={"static_reg_address": "203.0.113.9:5060"})
    call = line.incoming("101") if way == "in" else line.outgoing("101", OTHER)
    there.world.advance(3)
    line.step("answer", call)
    there.world.advance(20)
    line.step("hang_up", call)
    made = row_of(there)
    part = {
        "flow": way,
        "extension": "101",
        "from_username": OUTSIDE if way == "in" else "10*101",
        "to_username": "10*101" if way == "in" else OTHER,
        "init_time_gmt": "2026-03-01 12:00:00",
        "bridged_time_gmt": "2026-03-01 12:00:03",
        "hangup_time_gmt": "2026-03-01 12:00:23",
        "result": "answered",
        "record": {"record_uuid": made["cdr"][0]["record_uuid"]},
    }
    written = make_caller(
        company(calls=[{"call_uuid": made["call_uuid"], "cdr": [part]}]), freeze=True
    )
    assert row_of(written) == made


@pytest.mark.fact("HIS-2", "HIS-11")
@pytest.mark.parametrize(("reading", "to"), [("extension", "2566*099"), ("did", "74959998877")])
def test_who_was_called(make_caller: MakeCaller, reading: Any, to: str) -> None:
    """A call through a public number went to the extension, or with the reading to the number."""
    there = at_noon(make_caller, readings=Readings(to_username=reading))
    line = Line(there)
    line.step("hang_up", line.incoming("74959998877"))
    row = row_of(there)
    assert shown(row, "to_username", "did_number", "did_domain") == (to, "74959998877", DOMAIN)
    assert row["cdr"][0]["to_username"] == to
    assert listed(there, "/client/@me/call_history/", to_username=to) == [row]


@pytest.mark.fact("HIS-19", "CBK-1")
def test_a_callback_whose_destination_is_busy(there: Caller, line: Line) -> None:
    """Row and call say busy, though somebody had picked up before."""
    call = callback(there, line, "104", "102", to="103")
    line.step("answer", call)
    line.step("decline", call)
    assert line.now(call).result == "BUSY"
    assert shown(row_of(there), "result", "hangup_cause", "hangup_disposition") == (
        "rejected",
        "USER_BUSY",
        "callee_refuse",
    )


@pytest.mark.fact("HIS-16", "CBK-1")
def test_several_who_were_rung_at_once(there: Caller, line: Line) -> None:
    """Who rang longest says how the call ended, and not who could not be reached at all."""
    call = callback(there, line, "104", "102", "105", to=OTHER)
    there.world.advance(60)
    assert line.now(call).result == "NOANSWER"
    assert shown(row_of(there), "result", "hangup_cause") == ("not answered", "NO_ANSWER")


@pytest.mark.fact("SIM-13", "HIS-12")
def test_a_transfer_is_who_passed_it_on(there: Caller, line: Line) -> None:
    """The part of who passed the call on was ended by its own side."""
    call = line.step("answer", line.incoming("102"))
    line.step("transfer", call, "103")
    line.step("answer", call)
    line.step("hang_up", call)
    parts = row_of(there)["cdr"]
    assert [part["hangup_disposition"] for part in parts] == ["callee_bye", "caller_bye"]
