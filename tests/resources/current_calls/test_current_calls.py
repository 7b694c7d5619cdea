"""Calls that run: who sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.calls.model import Call, legs_of
from tests.answers import answered, refused
from tests.conftest import Caller
from tests.resources.line import OUTSIDE, Line

LIST = "/client/2566/current_calls/"
NOBODY: dict[str, Any] = {"call_list": []}
START = "2017-08-23 15:57:56.605000"


def party(number: str) -> dict[str, Any]:
    """An extension of office as an element shows it."""
    special = {"887": (96857, "queue"), "099": (96856, "ivr")}
    own_id, kind = special.get(number, (85117 + int(number), "phone"))
    return {
        "id": own_id,
        "type": kind,
        "name": f"2566*{number}",
        "client_id": 2566,
        "extension_group_id": 14 if number in ("103", "104") else None,
    }


def listed(caller: Caller, path: str = LIST) -> list[dict[str, Any]]:
    """The elements of a list, which is nothing but its elements."""
    answer: Any = caller.get(path).json
    assert list(answer) == ["call_list"]
    elements: list[dict[str, Any]] = answer["call_list"]
    return elements


def element(caller: Caller, call: Call, **values: Any) -> dict[str, Any]:
    """An incoming call that rings at 102, with these values changed."""
    number, flow = values.get("extension_id", 85219), values.get("call_flow", "IN").lower()
    legs = legs_of(caller.world, call)
    (leg,) = (leg for leg in legs if (leg.extension_id, leg.flow) == (number, flow))
    return {
        "call_api_id": call.api_id,
        "call_id": call.hex,
        "subcall_id": f"{number}-{leg.hex}",
        "call_flow": "IN",
        "init_time_gmt": "2017-08-23 15:57:56,60",
        "answer_time_gmt": None,
        "called_number": "2566*102",
        "called_did": None,
        "called_extension": party("102"),
        "caller_extension": None,
        "caller_id_name": OUTSIDE,
        "caller_id_number": OUTSIDE,
        "extension_id": 85219,
        "callback_id": None,
        "record_uuid": None,
        "real_call": True,
        **values,
    }


@pytest.fixture
def timed(office: Caller) -> Caller:
    """The world office at a known moment."""
    office.post("/_mockpbx/clock/move_to", json={"moment": START})
    # Moving back, the clock leaves registrations and tokens far from their end.
    return office


@pytest.mark.fact("CUR-1")
def test_nobody_talks(office: Caller) -> None:
    """Without calls both lists are empty."""
    assert answered(office.get(LIST)) == (200, NOBODY)
    assert answered(office.get("/extension/85219/current_calls/")) == (200, NOBODY)


@pytest.mark.fact("CUR-1", "AUT-10")
def test_a_call_api_application_may_look(make_caller: Callable[..., Caller]) -> None:
    """Running calls are part of what an application of the level Call API may use."""
    caller = make_caller("office", application="call-app")
    assert answered(caller.get(LIST)) == (200, NOBODY)


@pytest.mark.fact("CUR-1", "CUR-12", "GEN-9")
def test_an_incoming_call_is_shown(timed: Caller) -> None:
    """An incoming call has exactly the documented keys and forms."""
    call = Line(timed).incoming("102")
    assert listed(timed) == [element(timed, call)]
    assert listed(timed, "/extension/85219/current_calls/") == [element(timed, call)]
    assert listed(timed, "/extension/85220/current_calls/") == []


@pytest.mark.fact("CUR-1", "GEN-9", "REC-6", "SIM-8")
def test_an_answered_call_is_shown(timed: Caller) -> None:
    """Once it is answered the call has the time of that, and the name of its record."""
    line = Line(timed)
    call = line.incoming("102")
    line.world.advance(12.5)
    line.step("answer", call)
    (found,) = listed(timed)
    expected = {"answer_time_gmt": "2017-08-23 15:58:09,10", "record_uuid": found["record_uuid"]}
    assert found == element(timed, call, **expected)
    assert re.fullmatch("85219-[0-9A-F]{32}", found["record_uuid"])


@pytest.mark.fact("CUR-1", "SIM-8")
def test_an_unrecorded_call_has_no_record(timed: Caller) -> None:
    """A phone that does not record shows none when it talks."""
    line = Line(timed)
    timed.put("/extension/85219/phone/", json={"record_enabled": False})
    line.step("answer", line.incoming("102"))
    assert [one["record_uuid"] for one in listed(timed)] == [None]


@pytest.mark.fact("CUR-1", "DAT-11")
def test_a_public_number_is_shown(timed: Caller) -> None:
    """A call through a public number shows it."""
    line = Line(timed)
    call = line.incoming("+74959998878")
    shown = {
        "called_number": "2566*101",
        "called_did": "74959998878",
        "called_extension": party("101"),
        "extension_id": 85218,
    }
    assert listed(timed) == [element(timed, call, **shown)]


@pytest.mark.fact("CUR-1")
def test_an_outgoing_call_is_shown(timed: Caller) -> None:
    """An outgoing call has no called extension, and its own as the calling one."""
    call = Line(timed).outgoing("102", OUTSIDE)
    shown = {
        "call_flow": "OUT",
        "called_number": OUTSIDE,
        "called_extension": None,
        "caller_extension": party("102"),
        "caller_id_name": "Boris Ivanov",
        "caller_id_number": "2566*102",
    }
    assert listed(timed) == [element(timed, call, **shown)]


@pytest.mark.fact("CUR-1")
def test_an_internal_call_is_shown_twice(timed: Caller) -> None:
    """Between two extensions each has its own element of one call."""
    call = Line(timed).internal("101", "102")
    caller = {"caller_id_name": "Anna Smirnova", "caller_id_number": "2566*101"}
    dialled = {
        "call_flow": "OUT",
        "called_extension": None,
        "caller_extension": party("101"),
        "extension_id": 85218,
    }
    coming = {"init_time_gmt": "2017-08-23 15:57:56,60", "caller_extension": party("101")}
    assert listed(timed) == [
        element(timed, call, **caller, **dialled),
        element(timed, call, **caller, **coming),
    ]
    assert listed(timed, "/extension/85218/current_calls/") == [
        element(timed, call, **caller, **dialled)
    ]


@pytest.mark.fact("CUR-1", "CUR-3")
def test_a_queue_is_not_shown(timed: Caller) -> None:
    """Of a call in a queue the phone that rings is shown, and the queue has no running calls."""
    call = Line(timed).incoming("887")
    assert listed(timed) == [element(timed, call, caller_extension=party("887"))]
    assert answered(timed.get("/extension/96857/current_calls/")) == (200, NOBODY)


@pytest.mark.fact("CUR-3", "CUR-2")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(("number", "own_id"), [("887", 96857), ("099", 96856)])
def test_the_call_of_a_queue_or_menu_is_not_found(
    office: Caller, number: str, own_id: int, method: str
) -> None:
    """A call that waits in a queue or a menu is none that could be read or steered there."""
    line = Line(office)
    call = line.incoming(number)
    body = {"json": {"action": "pickup", "send_dst": "106"}} if method == "PUT" else {}
    answer = office.send(method, f"/extension/{own_id}/current_calls/{call.api_id}", **body)
    assert refused(answer) == (404, {"message": "Not found"}, "CUR-2", "doc, observed")
    assert line.state(call) != "finished"


@pytest.mark.fact("CUR-3", "SIM-4")
def test_the_voicemail_of_a_menu_is_not_shown(office: Caller) -> None:
    """A menu whose voicemail listens has no running call."""
    assert (
        office.put("/extension/96856/ivr/", json={"lifetime": 5, "vm_enabled": True}).status_code
        == 200
    )
    line = Line(office)
    office.put("/extension/96856/ivr/", json={"lifetime_exp_action": "hangup"})
    call = line.incoming("099")
    line.world.advance(5)
    assert line.state(call) == "voicemail"
    assert listed(office) == listed(office, "/extension/96856/current_calls/") == []


@pytest.mark.fact("CUR-1", "CAL-6")
def test_a_callback_can_be_found_before_it_dials(make_caller: Callable[..., Caller]) -> None:
    """What a callback rings without events is there, until the owner's own call is."""
    caller = make_caller("office", freeze=True, callback_script=None)
    line = Line(caller)
    body = {"src_num": ["102"], "dst_num": OUTSIDE}
    made: Any = caller.post("/extension/85219/callback/", json=body).json
    call = line.call(made["call_api_id"])
    keys = ("call_flow", "called_number", "extension_id")
    path = "/extension/85219/current_calls/"
    ringing = [("IN", "2566*102", 85219)]
    assert [tuple(one[key] for key in keys) for one in listed(caller, path)] == ringing
    line.step("answer", call)
    for where in (path, LIST):
        found = [tuple(one[key] for key in keys) for one in listed(caller, where)]
        assert found == [("OUT", OUTSIDE, 85219)]


@pytest.mark.fact("CUR-1", "DAT-19")
def test_a_callback_is_named(make_caller: Callable[..., Caller]) -> None:
    """An element of a callback whose owner is not rung first names the callback."""
    caller = make_caller("office", freeze=True, callback_script=None)
    body = {"src_num": ["102"], "dst_num": OUTSIDE}
    made: Any = caller.post("/extension/85222/callback/", json=body).json
    assert [one["callback_id"] for one in listed(caller)] == [made["call_id"]] * 2


@pytest.mark.fact("CUR-1")
def test_a_finished_call_is_gone(office: Caller) -> None:
    """A call that is over is in no list, and cannot be read."""
    line = Line(office)
    call = line.incoming("102")
    line.step("hang_up", call)
    assert listed(office) == []
    answer = office.get(f"/extension/85219/current_calls/{call.api_id}")
    assert refused(answer) == (404, {"message": "Not found"}, "CUR-2", "doc, observed")


@pytest.mark.fact("CUR-1")
def test_calls_of_other_clients_are_not_seen(documented: Caller) -> None:
    """A client's list has its own calls alone."""
    Line(documented, client=12).incoming("300")
    assert answered(documented.get("/client/801/current_calls/")) == (200, NOBODY)


@pytest.mark.fact("CUR-2", "DAT-5")
def test_one_call_is_read(office: Caller) -> None:
    """GET by the CallAPIID answers the element of the list."""
    call = Line(office).incoming("102")
    (found,) = listed(office)
    answer = office.get(f"/extension/85219/current_calls/{call.api_id}")
    assert answered(answer) == (200, found)


@pytest.mark.fact("CUR-2", "ERR-6")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_call_is_not_found(office: Caller, method: str) -> None:
    """Another id, the CallID, or another extension's call is a 404; the call goes on."""
    line = Line(office)
    call = line.incoming("102")
    body = {"json": {"action": "hold", "send_dst": None}} if method == "PUT" else {}
    for path in (f"85219/current_calls/{call.hex}", f"85220/current_calls/{call.api_id}"):
        answer = office.send(method, f"/extension/{path}", **body)
        assert refused(answer) == (404, {"message": "Not found"}, "CUR-2", "doc, observed")
    assert line.state(call) == "ringing"
