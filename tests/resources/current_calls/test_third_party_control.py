"""What may be done with a running call."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx.calls.model import Call, live
from tests.answers import answered, refused
from tests.conftest import Caller
from tests.resources.line import CRM, OUTSIDE, Line

ACTIONS = [
    "transfer",
    "attended_transfer",
    "eavesdrop",
    "whisper",
    "conference",
    "hold",
    "offhold",
    "park",
    "pickup",
]
BASIS = "doc, observed"


@pytest.fixture
def line(office: Caller) -> Line:
    """The telephone of the world office, whose phones tell everything."""
    for event_type in ("dial-in", "dial-out", "answer", "hangup"):
        wish = {"url": CRM, "method": "POST", "event_type": event_type}
        office.post("/client/2566/phone_events/", json=wish)
    return Line(office)


def talking(line: Line, to: str = "102") -> Call:
    """An incoming call that was answered."""
    return line.step("answer", line.incoming(to))


def put(caller: Caller, call: Call, action: str, to: str | None = None, number: int = 85219) -> Any:
    """The answer to that action by that extension."""
    body = {"action": action, "send_dst": to}
    return caller.put(f"/extension/{number}/current_calls/{call.api_id}", json=body)


def parties(line: Line, call: Call) -> list[tuple[int, str]]:
    """The extensions in the call and the states of their legs."""
    return [(leg.extension_id, leg.state) for leg in live(line.world, line.now(call))]


@pytest.mark.fact("CUR-2", "CAL-12")
def test_transfer_passes_the_call_on(office: Caller, line: Line) -> None:
    """A transfer ends the extension's part and rings the other at once."""
    call = talking(line)
    assert answered(put(office, call, "transfer", "103")) == (200, {"call_list": []})
    assert line.sent("EventType", "CalledNumber", "RemoteNumber")[2:] == [
        ("hangup", "2566*102", None),
        ("dial-in", "2566*103", OUTSIDE),
    ]
    line.step("answer", call)
    assert parties(line, call) == [(85220, "answered")]


@pytest.mark.fact("CUR-2", "CAL-12")
def test_the_extension_in_the_path_transfers(office: Caller, line: Line) -> None:
    """Of two extensions that talk the one in the path leaves, the other is connected."""
    call = line.step("answer", line.internal("101", "102"))
    put(office, call, "transfer", "103", number=85218)
    line.step("answer", call)
    assert parties(line, call) == [(85219, "answered"), (85220, "answered")]


@pytest.mark.fact("CUR-2", "CAL-12")
@pytest.mark.parametrize("to", ["110", "999"], ids=["unreachable", "unknown"])
@pytest.mark.parametrize("number", [85218, 85219], ids=["caller", "callee"])
def test_a_failed_transfer_ends_the_call(office: Caller, line: Line, number: int, to: str) -> None:
    """When the other cannot be reached nobody is left to talk to."""
    call = line.step("answer", line.internal("101", "102"))
    assert put(office, call, "transfer", to, number=number).status_code == 200
    assert (line.state(call), parties(line, call)) == ("finished", [])


@pytest.mark.fact("CUR-2", "CAL-12")
def test_attended_transfer_asks_first(office: Caller, line: Line) -> None:
    """In an attended transfer the extension stays until it hangs up, which connects the others."""
    call = talking(line)
    answer: Any = put(office, call, "attended_transfer", "103").json
    assert [one["extension_id"] for one in answer["call_list"]] == [85219]
    assert parties(line, call) == [(85219, "answered"), (85220, "ringing")]
    line.step("answer", call)
    assert parties(line, call) == [(85219, "answered"), (85220, "answered")]
    assert office.delete(f"/extension/85219/current_calls/{call.api_id}").status_code == 204
    assert parties(line, call) == [(85220, "answered")]


@pytest.mark.fact("CUR-2", "CUR-8", "CAL-12")
@pytest.mark.parametrize("answers", [False, True])
def test_offhold_takes_the_call_back(office: Caller, line: Line, answers: bool) -> None:
    """Who asked another one takes the call back by offhold, whether that one answered or not."""
    call = talking(line)
    put(office, call, "attended_transfer", "103")
    if answers:
        line.step("answer", call)
    assert put(office, call, "offhold").status_code == 200
    assert (line.state(call), parties(line, call)) == ("answered", [(85219, "answered")])


@pytest.mark.fact("CUR-2", "CAL-12")
def test_a_refused_attended_transfer_comes_back(office: Caller, line: Line) -> None:
    """When the other declines the extension talks on."""
    call = talking(line)
    put(office, call, "attended_transfer", "103")
    line.step("decline", call)
    assert (line.state(call), parties(line, call)) == ("answered", [(85219, "answered")])


@pytest.mark.fact("CUR-2", "CAL-12")
@pytest.mark.parametrize("to", [887, 99])
def test_attended_transfer_to_a_queue_or_menu(office: Caller, line: Line, to: int) -> None:
    """With nobody there to ask, the extension leaves at once."""
    call = talking(line, "101")
    answer = put(office, call, "attended_transfer", f"{to:03}", number=85218)
    assert answered(answer) == (200, {"call_list": []})
    assert line.sent("EventType", "CalledNumber")[2] == ("hangup", "2566*101")


@pytest.mark.fact("CUR-2", "CUR-7")
def test_hold_and_offhold(office: Caller, line: Line) -> None:
    """Action hold puts the call on hold and offhold takes it up; nothing is sent of either."""
    call = talking(line)
    for action, state in (("hold", "held"), ("offhold", "answered")):
        answer: Any = put(office, call, action).json
        assert [one["extension_id"] for one in answer["call_list"]] == [85219]
        assert line.state(call) == state
    assert line.sent() == ["dial-in", "answer"]


@pytest.mark.fact("CUR-2")
@pytest.mark.parametrize(("to", "taker"), [(None, 85219), ("103", 85220)])
def test_a_parked_call_is_picked_up(office: Caller, line: Line, to: str | None, taker: int) -> None:
    """A parked call waits until the extension, or another phone, picks it up."""
    call = talking(line)
    put(office, call, "park")
    assert line.state(call) == "held"
    assert put(office, call, "pickup", to).status_code == 200
    assert (line.state(call), parties(line, call)) == ("answered", [(taker, "answered")])


@pytest.mark.fact("CUR-2")
@pytest.mark.parametrize(("to", "taker"), [(None, "102"), ("103", "103")])
def test_a_ringing_call_is_picked_up(
    office: Caller, line: Line, to: str | None, taker: str
) -> None:
    """A call that rings is answered by the extension, or by another phone in its place."""
    call = line.incoming("102")
    assert put(office, call, "pickup", to).status_code == 200
    assert parties(line, call) == [(85117 + int(taker), "answered")]
    events = line.sent("EventType", "CalledNumber", "CallStatus")
    expected = [("dial-in", "2566*102", "CALLING")]
    if to is not None:
        expected += [("dial-in", f"2566*{to}", "CALLING"), ("hangup", "2566*102", "CANCEL")]
    assert events == [*expected, ("answer", f"2566*{taker}", "ANSWER")]


@pytest.mark.fact("CUR-2", "DAT-16")
def test_a_waiting_call_is_picked_up(office: Caller, line: Line) -> None:
    """A call that rings an agent out of a queue is taken by a phone that is no agent."""
    call = line.incoming("887")
    assert put(office, call, "pickup", "106").status_code == 200
    assert parties(line, call) == [(96857, "ringing"), (85223, "answered")]
    status: Any = office.get("/extension/96857/queue/status/").json
    assert status["calls"] == []


@pytest.mark.fact("CUR-2")
@pytest.mark.parametrize("action", ["eavesdrop", "whisper", "conference"])
def test_somebody_joins(office: Caller, line: Line, action: str) -> None:
    """Another phone is rung and joins; when it hangs up the others talk on."""
    call = talking(line)
    put(office, call, action, "103")
    assert line.sent("EventType", "CalledNumber", "CallerIDNum")[-1] == (
        "dial-in",
        "2566*103",
        "2566*102",
    )
    line.step("answer", call)
    assert parties(line, call) == [(85219, "answered"), (85220, "answered")]
    office.delete(f"/extension/85220/current_calls/{call.api_id}")
    assert (line.state(call), parties(line, call)) == ("answered", [(85219, "answered")])


@pytest.mark.fact("CUR-2")
def test_nobody_joins(office: Caller, line: Line) -> None:
    """When the phone that should join does not answer, the others talk on."""
    call = talking(line)
    put(office, call, "conference", "103")
    line.world.advance(60)
    assert (line.state(call), parties(line, call)) == ("answered", [(85219, "answered")])


STATES: dict[str, tuple[int, list[str]]] = {
    "ringing": (85219, ["pickup"]),
    "menu": (85219, []),
    "queued": (85219, []),
    "answered": (
        85219,
        ["transfer", "attended_transfer", "eavesdrop", "whisper", "conference", "hold", "park"],
    ),
    "held": (85219, ["transfer", "attended_transfer", "offhold", "pickup"]),
    "transferring": (85219, ["offhold"]),
    "consulting": (85219, ["offhold"]),
}
REFUSED = [
    (state, action)
    for state, (_, possible) in STATES.items()
    for action in ACTIONS
    if action not in possible
]


def in_state(office: Caller, line: Line, state: str) -> Call:
    """A call in that state."""
    if state == "menu":
        return line.internal("102", "099")
    if state == "queued":
        for phone in (85220, 85221):
            office.delete(f"/extension/{phone}/registration/")
        return line.internal("102", "887")
    call = line.incoming("102")
    if state != "ringing":
        line.step("answer", call)
    if state == "held":
        line.step("hold", call)
    elif state in ("transferring", "consulting"):
        put(office, call, "attended_transfer", "104")
    if state == "consulting":
        line.step("answer", call)
    return call


@pytest.mark.fact("CUR-2")
@pytest.mark.parametrize(("state", "action"), REFUSED)
def test_an_action_at_the_wrong_time_is_refused(
    office: Caller, line: Line, state: str, action: str
) -> None:
    """What the state does not allow is a 400 with the state and what it allows; nothing moves."""
    call = in_state(office, line, state)
    number, possible = STATES[state]
    before = office.state(), parties(line, call), line.sent()
    text = f"{action} is not possible, the call is {state}"
    message = f"action: {text}; possible now: {', '.join(possible) or 'none'}"
    answer = put(office, call, action, "103", number=number)
    assert refused(answer) == (400, {"message": message}, "CUR-2", BASIS)
    assert (office.state(), parties(line, call), line.sent()) == before


@pytest.mark.fact("CUR-2")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"action": "dance", "send_dst": None}, f"action: must be one of {', '.join(ACTIONS)}"),
        ({"action": None, "send_dst": "103"}, "action: must not be null"),
        ({"send_dst": "103"}, "action: is required"),
        ({"action": "hold"}, "send_dst: is required"),
        ({}, "action: is required; send_dst: is required"),
        ({"action": "transfer", "send_dst": 103}, "send_dst: must be a string"),
        (
            {"action": "transfer", "send_dst": "x"},
            "send_dst: must be digits, with + before them or not",
        ),
        *(
            ({"action": action, "send_dst": None}, f"send_dst: is required for {action}")
            for action in ACTIONS
            if action in ("transfer", "attended_transfer", "eavesdrop", "whisper", "conference")
        ),
        *(
            ({"action": action, "send_dst": to}, "send_dst: must be a phone of the client")
            for action in ("eavesdrop", "whisper", "conference")
            for to in ("887", "999", "+79161112200")
        ),
    ],
)
def test_a_wrong_wish_is_refused(office: Caller, line: Line, body: Any, message: str) -> None:
    """An unknown word or a number that will not do is a 400, and the call goes on."""
    call = talking(line)
    before = office.state(), parties(line, call), line.sent()
    answer = office.put(f"/extension/85219/current_calls/{call.api_id}", json=body)
    assert refused(answer) == (400, {"message": message}, "CUR-2", BASIS)
    assert (office.state(), parties(line, call), line.sent()) == before


@pytest.mark.fact("CUR-2", "SIM-1")
def test_a_phone_that_is_not_there_cannot_pick_up(office: Caller, line: Line) -> None:
    """Picked up by a phone that is nowhere is a 400, and the call rings on."""
    call = line.incoming("102")
    answer = put(office, call, "pickup", "110")
    message = "action: pickup: extension 85227 cannot take it: CHANUNAVAIL"
    assert refused(answer) == (400, {"message": message}, "CUR-2", BASIS)
    assert (parties(line, call), line.sent()) == ([(85219, "ringing")], ["dial-in"])


@pytest.mark.fact("CUR-2")
def test_who_rings_does_not_talk(office: Caller, line: Line) -> None:
    """A phone that is rung to listen in can neither hold nor transfer the call."""
    call = talking(line)
    put(office, call, "eavesdrop", "103")
    answer = put(office, call, "hold", number=85220)
    message = "action: hold is not possible, extension 85220 does not talk in this call"
    assert refused(answer) == (400, {"message": message}, "CUR-2", BASIS)


@pytest.mark.fact("CUR-2", "SIM-11")
def test_delete_ends_a_conversation(office: Caller, line: Line) -> None:
    """DELETE is a 204 and the call is over."""
    call = talking(line)
    answer = office.delete(f"/extension/85219/current_calls/{call.api_id}")
    assert answered(answer) == (204, None)
    assert line.sent("EventType", "CallStatus")[2:] == [("hangup", "ANSWER")]
    assert line.state(call) == "finished"


@pytest.mark.fact("CUR-2", "SIM-11")
def test_delete_declines_a_ringing_call(office: Caller, line: Line) -> None:
    """DELETE by a phone that rings is a BUSY; a queue rings its next agent."""
    call = line.incoming("887")
    office.delete(f"/extension/85219/current_calls/{call.api_id}")
    assert line.sent("EventType", "CalledNumber", "CallStatus")[1:] == [
        ("hangup", "2566*102", "BUSY"),
        ("dial-in", "2566*103", "CALLING"),
    ]
    assert line.state(call) == "ringing"


@pytest.mark.fact("CUR-2", "SIM-11")
def test_delete_by_the_caller_cancels(office: Caller, line: Line) -> None:
    """DELETE by the extension that dials is a CANCEL for who rings."""
    call = line.internal("101", "102")
    office.delete(f"/extension/85218/current_calls/{call.api_id}")
    assert line.sent("EventType", "CalledNumber", "CallStatus")[2:] == [
        ("hangup", "2566*102", "CANCEL"),
        ("hangup", "2566*102", "CANCEL"),
    ]
    assert line.state(call) == "finished"


@pytest.mark.fact("CUR-2", "ERR-4")
def test_a_reader_changes_no_call(make_caller: Any) -> None:
    """A user who may only read sees calls and steers none."""
    caller = make_caller("office", freeze=True, user="auditor")
    line = Line(caller)
    call = talking(line)
    assert caller.get(f"/extension/85219/current_calls/{call.api_id}").status_code == 200
    assert put(caller, call, "hold").status_code == 403
    assert line.state(call) == "answered"
