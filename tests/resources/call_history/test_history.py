"""The history of finished calls, filled by calls that happened and by world files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from mockpbx.config import Quirks
from mockpbx.resources.call_history.model import Row
from tests.answers import answered, json_of, refused
from tests.company import company, quiet_office
from tests.conftest import Caller
from tests.resources.line import OUTSIDE, Line

LIST = "/client/@me/call_history/"
DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}

MakeCaller = Callable[..., Caller]


@pytest.fixture
def there(make_caller: MakeCaller) -> Caller:
    """The office at noon, standing still."""
    return at_noon(make_caller(quiet_office(), freeze=True))


def at_noon(there: Caller) -> Caller:
    there.world.clock.move_to(datetime(2026, 3, 1, 12))
    return there


@pytest.fixture
def line(there: Caller) -> Line:
    return Line(there)


def history(there: Caller, **query: Any) -> list[Any]:
    """The rows of that day."""
    answer = there.get(LIST, query_string={**DAY, **query})
    assert answer.status_code == 200, answer.text
    rows: list[Any] = json_of(answer)["call_history"]
    return rows


def shown(row: Any, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


HOW = ("flow", "extension_name", "result", "hangup_cause", "hangup_disposition")
OFFICE = "@sipproxy.telphin.ru"


@pytest.mark.fact("SIM-13", "HIS-1", "HIS-2", "HIS-4", "HIS-25", "HIS-31", "GEN-9", "DAT-14")
def test_an_answered_call(there: Caller, line: Line) -> None:
    """A finished call is one row with the documented fields, and a part for each leg."""
    call = line.incoming("102")
    there.world.advance(3.25)
    line.step("answer", call)
    there.world.advance(60)
    line.step("hang_up", call)
    uuid = call.hex.upper()
    history(there)
    (leg,) = line.world.store.all(Row)
    recording = leg.parts[0].recording
    assert recording is not None
    sides = {
        "flow": "in",
        "extension_id": 85219,
        "extension_name": f"2566*102{OFFICE}",
        "extension_type": "phone",
        "extension_group_owner_id": None,
        "client_owner_id": 2566,
        "from_username": OUTSIDE,
        "from_domain": "sipproxy.telphin.ru",
        "from_screen_name": OUTSIDE,
        "to_username": "2566*102",
        "to_domain": "sipproxy.telphin.ru",
        "did_number": None,
        "did_domain": None,
        "hangup_time_gmt": "2026-03-01 12:01:03",
        "hangup_cause": "NORMAL_CLEARING",
        "hangup_disposition": "caller_bye",
    }
    row = {
        **sides,
        "call_uuid": uuid,
        "ext_number_reg": None,
        "init_time_gmt": "2026-03-01 12:00:00",
        "start_time_gmt": "2026-03-01 12:00:00",
        "bridged_time_gmt": "2026-03-01 12:00:03",
        "duration": 63,
        "bridged_duration": 60,
        "bridged_username": "2566*102",
        "bridged_domain": "sipproxy.telphin.ru",
        "result": "bridged",
        "diversion_number": None,
        "callback": None,
        "quality_rate": None,
        "ivr_history": None,
    }
    part = {
        **sides,
        "init_time_gmt": "2026-03-01 12:00:00.00",
        "start_time_gmt": "2026-03-01 12:00:03",
        "duration": 60,
        "source_number": OUTSIDE,
        "source_domain": "sipproxy.telphin.ru",
        "dest_number": None,
        "dest_domain": None,
        "ani_number": None,
        "application": None,
        "result": "answered",
        "record_uuid": recording.uuid.upper(),
        "record_file_size": 119952,
    }
    assert len(part) == 28
    expected = {"page": 1, "per_page": 100, "order": "desc"}
    assert answered(there.get(LIST, query_string=DAY)) == (
        200,
        {**expected, "call_history": [{**row, "cdr": [part]}]},
    )
    calls = there.get("/client/@me/calls/", query_string=DAY)
    assert answered(calls) == (200, {**expected, "calls": [row]})
    alone = {
        **part,
        "call_uuid": uuid,
        "calls_result": "bridged",
        "calls_hangup_disposition": "caller_bye",
    }
    assert answered(there.get("/client/@me/cdr/", query_string=DAY)) == (
        200,
        {**expected, "per_page": 100_000, "cdr": [alone]},
    )
    for text in (uuid, call.hex):
        assert answered(there.get(f"{LIST}{text}")) == (200, {**row, "cdr": [part]})


@pytest.mark.fact("HIS-5", "ERR-6")
def test_an_unknown_call(there: Caller) -> None:
    """A call that nobody made is not found."""
    answer = there.get(f"{LIST}{'0' * 32}")
    assert refused(answer)[:3] == (404, {"message": "Not found"}, "HIS-5")


def missed(line: Line) -> Any:
    line.step("hang_up", line.incoming("102"))


def declined(line: Line) -> Any:
    line.step("decline", line.incoming("102"))


def unanswered(line: Line) -> Any:
    line.incoming("102")
    line.world.advance(60)
    line.world.advance(60)  # the caller says nothing to the voicemail


def busy(line: Line) -> Any:
    line.incoming("108")
    line.incoming("108")


def unreachable(line: Line) -> Any:
    line.incoming("105")


def nowhere(line: Line) -> Any:
    line.internal("101", "999")


def outside(line: Line) -> Any:
    line.step("hang_up", line.step("answer", line.outgoing("102", "+79161114455")))


@pytest.mark.fact("HIS-15")
def test_a_call_that_nobody_ended(make_caller: MakeCaller) -> None:
    """A call of a world file can have an empty disposition, in its row and in its part."""
    part = {
        "flow": "in",
        "extension": "101",
        "from_username": OUTSIDE,
        "to_username": "10*101",
        "init_time_gmt": "2026-03-01 12:00:00",
        "hangup_time_gmt": "2026-03-01 12:00:09",
        "result": "not answered",
        "hangup_disposition": "",
    }
    there = make_caller(company(calls=[{"cdr": [part]}]), freeze=True)
    (row,) = history(there)
    assert (row["hangup_disposition"], row["cdr"][0]["hangup_disposition"]) == ("", "")


@pytest.mark.fact("HIS-3", "HIS-13", "HIS-14", "SIM-14")
@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (missed, ("in", "102", "not answered", "ORIGINATOR_CANCEL", "caller_cancel")),
        (declined, ("in", "102", "rejected", "USER_BUSY", "callee_refuse")),
        (unanswered, ("in", "102", "not answered", "NO_ANSWER", "internal_cancel")),
        (busy, ("in", "108", "busy", "USER_BUSY", "callee_refuse")),
        (unreachable, ("in", "105", "failed", "USER_NOT_REGISTERED", "callee_refuse")),
        (nowhere, ("out", "101", "failed", "NO_ROUTE_DESTINATION", "internal_cancel")),
        (outside, ("out", "102", "bridged", "NORMAL_CLEARING", "caller_bye")),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_how_a_call_ended(
    there: Caller, line: Line, happens: Callable[[Line], Any], expected: tuple[str, ...]
) -> None:
    """Result, cause and disposition say how a call ended."""
    happens(line)
    flow, number, *rest = expected
    (row,) = history(there)
    assert shown(row, *HOW) == (flow, f"2566*{number}{OFFICE}", *rest)


@pytest.mark.fact("HIS-3", "CUR-2")
def test_the_callee_hangs_up(there: Caller, line: Line) -> None:
    """When the phone that was called ends the talk, the disposition is callee_bye."""
    call = line.step("answer", line.incoming("102"))
    assert there.delete(f"/extension/@102/current_calls/{call.api_id}").status_code == 204
    assert history(there)[0]["hangup_disposition"] == "callee_bye"


@pytest.mark.fact("HIS-2", "HIS-3", "HIS-4")
def test_a_call_through_menu_and_queue(there: Caller, line: Line) -> None:
    """The row is the menu's, bridged with the agent; parts tell of all, and who was rung too."""
    there.put("/extension/@887/queue/", json={"strategy": "ring-all"})
    call = line.step("press", line.incoming("74959998877"), "1")
    agent = line.extension("103").id
    line.step("answer", call, agent)
    there.world.advance(10)
    line.step("hang_up", call)
    (row,) = history(there)
    assert shown(row, *HOW[:3], "did_number", "bridged_username", "bridged_duration") == (
        "in",
        f"2566*099{OFFICE}",
        "bridged",
        "74959998877",
        "2566*103",
        10,
    )
    assert [shown(part, "extension_type", "to_username", "result") for part in row["cdr"]] == [
        ("ivr", "2566*099", "answered"),
        ("queue", "2566*887", "answered"),
        ("phone", "2566*102", "answered elsewhere"),
        ("phone", "2566*103", "answered"),
        ("phone", "2566*104", "answered elsewhere"),
    ]


@pytest.mark.fact("HIS-3", "HIS-4", "CAL-12")
def test_a_transferred_call(there: Caller, line: Line) -> None:
    """The part of whom a call was passed on to has the flow transfer."""
    call = line.step("answer", line.incoming("102"))
    line.step("transfer", call, "103")
    line.step("hang_up", line.step("answer", call))
    (row,) = history(there)
    assert [part["flow"] for part in row["cdr"]] == ["in", "transfer"]
    assert row["bridged_username"] == "2566*103"


@pytest.mark.fact("HIS-3", "SIM-4")
def test_a_message_on_the_voicemail(there: Caller, line: Line) -> None:
    """Who left a message was not answered; the part says voicemail and holds the record."""
    call = line.incoming("107")
    there.world.advance(20)
    there.world.advance(8)
    line.step("leave_message", call)
    (row,) = history(there)
    part = row["cdr"][0]
    assert shown(row, "result", "duration") == ("not answered", 28)
    assert part["result"] == "voicemail"
    assert part["record_file_size"] == round(8 * 8000 / 576) * 144


@pytest.mark.fact("HIS-4", "CAL-7")
def test_a_callback(there: Caller) -> None:
    """The parts of a callback say that it was one."""
    body = {"src_num": ["102"], "dst_num": "+79161114455"}
    assert there.post("/extension/@101/callback/", json=body).status_code == 201
    there.world.advance(40)
    (row,) = history(there)
    assert {part["application"] for part in row["cdr"]} == {"callback"}


@pytest.mark.fact("SIM-13", "CUR-1")
def test_a_running_call_has_no_row(there: Caller, line: Line) -> None:
    """While a call goes on it is a current call, and not in the history."""
    line.incoming("102")
    assert history(there) == []
    assert len(json_of(there.get("/client/@me/current_calls/"))["call_list"]) == 1


@pytest.mark.fact("SIM-13", "EXT-7")
def test_a_row_stays(there: Caller, line: Line) -> None:
    """The history of an extension that was deleted stays."""
    call = line.incoming("102")
    number = line.extension("102").id
    assert there.delete(f"/client/@me/extension/{number}").status_code == 204
    assert [row["call_uuid"] for row in history(there)] == [call.hex.upper()]


@pytest.mark.fact("DLV-8", "SIM-13")
def test_a_late_row(make_caller: MakeCaller) -> None:
    """With the switch the row appears that many seconds after the hangup, not before."""
    there = at_noon(make_caller(quiet_office(), freeze=True, quirks=Quirks(late_history_s=5)))
    missed(Line(there))
    there.world.advance(4.9)
    assert history(there) == []
    there.world.advance(0.1)
    assert len(history(there)) == 1


def three(line: Line) -> list[str]:
    """Three calls, a second apart: in, out, in; their ids, the first first."""
    ids = []
    begins: list[Callable[[], Any]] = [
        lambda: line.incoming("102"),
        lambda: line.outgoing("101", "+79161114455"),
        lambda: line.incoming("103"),
    ]
    for begin in begins:
        call = begin()
        line.step("hang_up", call)
        ids.append(call.hex.upper())
        line.world.advance(1)
    return ids


@pytest.mark.fact("HIS-2", "GEN-9")
def test_durations_are_those_of_the_times_shown(there: Caller, line: Line) -> None:
    """Seconds are counted between the times as they are shown, in the row and in its parts."""
    call = line.step("answer", line.incoming("887"))
    there.world.advance(3)
    line.step("transfer", call, "103")
    there.world.advance(2.6)
    line.step("answer", call)
    there.world.advance(4.5)
    line.step("hang_up", call)
    (row,) = history(there)
    names = ("start_time_gmt", "hangup_time_gmt", "duration")
    noon, passed, answered_at, end = (
        f"2026-03-01 12:00:{second}" for second in ("00", "03", "06", "10")
    )
    assert [shown(one, *names) for one in (row, *row["cdr"])] == [
        (noon, end, 10),
        (noon, end, 10),
        (noon, passed, 3),
        (answered_at, end, 4),
    ]
    assert shown(row, "bridged_time_gmt", "bridged_duration") == (answered_at, 4)


@pytest.mark.fact("HIS-8", "HIS-28", "GEN-14")
def test_how_many_parts_a_page_has(there: Caller, line: Line) -> None:
    """A page of parts has 100 000 of them unless it is said otherwise, one of calls 100."""
    for _ in range(101):
        line.step("hang_up", line.incoming("102"))
    for path in ("/client/@me/cdr/", "/extension/@102/cdr/"):
        page = json_of(there.get(path, query_string=DAY))
        assert (page["per_page"], len(page["cdr"])) == (100_000, 101)
    answer = there.get("/client/@me/cdr/", query_string={**DAY, "count": 21})
    assert len(json_of(answer)["cdr"]) == 21
    assert len(history(there)) == 100
    assert "GEN-14" not in {note["rule"] for note in there.world.notes}


@pytest.mark.fact("HIS-28")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("flow=transfer", ["2566*103"]),
        ("flow=in", ["2566*102"]),
        ("start_duration=4", ["2566*103"]),
        ("end_duration=3", ["2566*102"]),
        ("start_duration=3&end_duration=4", ["2566*103", "2566*102"]),
        ("to_username=2566*103", ["2566*103"]),
    ],
)
def test_which_parts_a_list_shows(
    there: Caller, line: Line, query: str, expected: list[str]
) -> None:
    """Filters of parts choose by the part's own direction, length and sides."""
    call = line.step("answer", line.incoming("102"))
    there.world.advance(3)
    line.step("transfer", call, "103")
    line.step("answer", call)
    there.world.advance(4)
    line.step("hang_up", call)
    found = json_of(there.get(f"/client/@me/cdr/?{urlencode(DAY)}&{query}"))["cdr"]
    assert [part["to_username"] for part in found] == expected


@pytest.mark.fact("HIS-1", "GEN-11", "GEN-14")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("order=asc", [0, 1, 2]),
        ("per_page=2", [2, 1]),
        ("count=2", [2, 1]),
        ("page=2&per_page=2", [0]),
        ("page=3&per_page=2", []),
        ("flow=in", [2, 0]),
        ("flow=out", [1]),
        ("flow=", [2, 1, 0]),
        ("flow=in&page=2&per_page=1", [0]),
        ("extension_id=85219&extension_id=85218", [1, 0]),
        ("extension_id[]=85219&extension_id[]=85218", [1, 0]),
        ("extension_id[0]=85219", [0]),
        ("to_username=2566*102", [0]),
        ("to_username=79161114455", [1]),
        ("from_username=%2B79161112233&from_username=1", [2, 0]),
        ("start_datetime=2026-03-01 12:00:01", [2, 1]),
        ("end_datetime=2026-3-1+12:0:1", [1, 0]),
        ("start_datetime=2026-03-01 12:00:01&end_datetime=2026-03-01%2012:00:01", [1]),
    ],
)
def test_what_a_list_shows(there: Caller, line: Line, query: str, expected: list[int]) -> None:
    """Filters, order, pages and both inclusive ends choose the rows."""
    ids = three(line)
    default = {name: value for name, value in DAY.items() if name not in query}
    answer = there.get(f"{LIST}?{urlencode(default)}&{query}")
    assert answer.status_code == 200, answer.text
    rows = json_of(answer)["call_history"]
    assert [row["call_uuid"] for row in rows] == [ids[place] for place in expected]


@pytest.mark.fact("HIS-7", "HIS-8")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/client/@me/calls/stats/", {"in": {"total": 2}, "out": {"total": 1}}),
        ("/client/@me/cdr/stats/", {"in": {"total": 2}, "out": {"total": 1}}),
        ("/extension/@102/cdr/stats/", {"in": {"total": 1}, "out": {"total": 0}}),
    ],
)
def test_totals(there: Caller, line: Line, path: str, expected: Any) -> None:
    """Statistics count calls, or parts, of each direction."""
    three(line)
    assert answered(there.get(path, query_string=DAY)) == (200, expected)


@pytest.mark.fact("HIS-8")
def test_parts_of_one_extension(there: Caller, line: Line) -> None:
    """An extension's cdr are its own parts only."""
    ids = three(line)
    found = json_of(there.get("/extension/@102/cdr/", query_string=DAY))["cdr"]
    assert [part["call_uuid"] for part in found] == [ids[0]]


TIME = "must be a UTC time such as 2026-01-31 09:00:00"


@pytest.mark.fact("GEN-10", "ERR-9", "HIS-1")
@pytest.mark.parametrize("path", [LIST, "/client/@me/calls/", "/client/@me/cdr/"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "start_datetime=2026-03-01T00:00:00&end_datetime=x",
            f"start_datetime: {TIME}; end_datetime: {TIME}",
        ),
        (
            "start_datetime=2026-02-30 00:00:00&end_datetime=2026-03-01 00:00:00",
            f"start_datetime: {TIME}",
        ),
        (
            "start_datetime=2026-03-02 00:00:00&end_datetime=2026-03-01 23:59:59",
            "end_datetime: must not be before start_datetime",
        ),
        (
            "start_datetime=2026-01-15 00:00:00&end_datetime=2026-03-01 00:00:00",
            "end_datetime: must be at most the last day of the month after that of start_datetime",
        ),
    ],
)
def test_wrong_dates(there: Caller, path: str, query: str, message: str) -> None:
    """No dates, reversed or too far apart, are refused by name."""
    answer = there.get(f"{path}?{query}")
    rule = "GEN-10" if TIME in message else "HIS-1"
    assert refused(answer)[:3] == (400, {"message": message}, rule)


@pytest.mark.fact("HIS-1", "HIS-8", "ERR-9")
@pytest.mark.parametrize("path", ["cdr", "cdr/stats", "calls/stats", "record"])
def test_dates_that_are_needed(there: Caller, path: str) -> None:
    """Parts, records and statistics need both dates; an empty one is none."""
    answer = there.get(f"/client/@me/{path}/?start_datetime=&end_datetime=2026-03-01 00:00:00")
    assert answered(answer) == (400, {"message": "start_datetime: is required"})


@pytest.mark.fact("HIS-1", "GEN-11", "GEN-14")
@pytest.mark.parametrize("path", ["call_history", "calls"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("per_page=0&page=0&start_datetime=", [2, 1, 0]),
        ("page=00&count=0&end_datetime=&order=", [2, 1, 0]),
        ("start_datetime=2026-03-01 12:00:01", [2, 1]),
        ("end_datetime=2026-03-01 12:00:01&start_datetime=", [1, 0]),
    ],
)
def test_what_an_sdk_sends_when_nothing_is_set(
    there: Caller, line: Line, path: str, query: str, found: list[int]
) -> None:
    """Empty dates leave the history open on that side, and a page of 0 is the first, of 100."""
    ids = three(line)
    shown = json_of(there.get(f"/client/@me/{path}/?{query}"))
    assert (shown["page"], shown["per_page"]) == (1, 100)
    assert [row["call_uuid"] for row in shown[path]] == [ids[place] for place in found]


@pytest.mark.fact("GEN-10")
def test_the_longest_span(there: Caller) -> None:
    """The end may be the last second of the month after that of the start."""
    span = {"start_datetime": "2025-12-01 00:00:00", "end_datetime": "2026-01-31 23:59:59"}
    assert there.get(LIST, query_string=span).status_code == 200


@pytest.mark.fact("GEN-14", "ERR-9")
def test_pages(there: Caller) -> None:
    """A page past 32 bits is refused; more than 1000 rows a page are taken as 1000, and noted."""
    answer = there.get(LIST, query_string={**DAY, "page": "4294967296"})
    text = "page: must be an integer from 1 to 4294967295"
    assert answered(answer) == (400, {"message": text})
    answer = there.get(LIST, query_string={**DAY, "per_page": "1000000000"})
    assert answer.json == {"page": 1, "per_page": 1000, "order": "desc", "call_history": []}
    assert "GEN-14" in {note["rule"] for note in there.world.notes}


@pytest.mark.fact("HIS-6")
def test_one_request_at_once(make_caller: MakeCaller) -> None:
    """With the switch a second history request of the client is refused while one is served."""
    there = at_noon(
        make_caller(quiet_office(), freeze=True, quirks=Quirks(one_history_request=True))
    )
    with there.world.usage.history(2566):
        answer = there.get(LIST, query_string=DAY)
        text = "Stats request already exists, concurrent request not allowed"
        assert refused(answer)[:3] == (429, {"message": text}, "HIS-6")
    assert history(there) == []


@pytest.mark.fact("SIM-13")
def test_the_history_is_bounded(make_caller: MakeCaller) -> None:
    """A world remembers as many finished calls as its configuration says; the oldest go."""
    there = at_noon(make_caller(quiet_office(), freeze=True, journal_limit=2))
    ids = three(Line(there))
    assert [row["call_uuid"] for row in history(there)] == ids[:0:-1]


def part(**changes: Any) -> dict[str, Any]:
    return {
        "flow": "in",
        "extension": "101",
        "from_username": OUTSIDE,
        "to_username": "10*101",
        "init_time_gmt": "2026-03-01 09:00:00.25",
        "bridged_time_gmt": "2026-03-01 09:00:05.25",
        "hangup_time_gmt": "2026-03-01 09:01:00",
        "result": "answered",
        **changes,
    }


@pytest.mark.fact("HIS-1", "HIS-4", "GEN-9")
def test_calls_of_a_world_file(make_caller: MakeCaller) -> None:
    """A world file's finished calls are in the history, and a state that is put keeps them."""
    calls = [
        {"cdr": [part(record={"format": "wav", "stereo": True})]},
        {"call_uuid": "AB" * 16, "cdr": [part(init_time_gmt="2026-03-01 08:00:00")]},
    ]
    there = make_caller(company(calls=calls), freeze=True)
    first, second = history(there)
    assert first["cdr"][0]["init_time_gmt"] == "2026-03-01 09:00:00.25"
    assert first["cdr"][0]["record_file_size"] == 44 + 54.75 * 32_000
    assert second["call_uuid"] == "AB" * 16
    state = there.state()
    assert there.put("/_mockpbx/state", json=state).status_code == 204
    assert there.state() == state
    assert history(there) == [first, second]


@pytest.mark.fact("SIM-13")
@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ({"cdr": []}, "cdr: must hold at least one"),
        ({"cdr": [part(extension="999")]}, "client 10 has no extension '999'"),
        (
            {"cdr": [part(bridged_time_gmt="2026-03-01 08:00:00")]},
            "cdr[0].bridged_time_gmt: must not be before init_time_gmt",
        ),
        (
            {"cdr": [part(hangup_time_gmt="2026-03-01 09:00:01")]},
            "cdr[0].hangup_time_gmt: must be the last of the times",
        ),
        (
            {"cdr": [part(bridged_time_gmt=None, record={})]},
            "cdr[0].record: only what was answered is recorded",
        ),
        ({"cdr": [part(result="gone")]}, "cdr[0].result: must be one of"),
    ],
)
def test_faults_of_calls(call: Any, fault: str) -> None:
    """A broken call of a world file is named with its place and the reason."""
    from mockpbx.worlds import WorldError, read

    with pytest.raises(WorldError) as raised:
        read(company(calls=[call]))
    (text,) = raised.value.faults
    separator = "." if not fault.startswith("client") else ": "
    assert text.startswith(f"clients[0].calls[0]{separator}{fault}")
