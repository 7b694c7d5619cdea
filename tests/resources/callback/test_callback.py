"""Calls that a program starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.calls.model import Call
from tests.answers import answered, refused
from tests.conftest import Caller
from tests.resources.line import CRM, OUTSIDE, Line

PATH = "/extension/85222/callback/"  # 105 has no phone that is registered, and needs none
OWNER = "2566*105"
BODY: dict[str, Any] = {"src_num": ["102"], "dst_num": "103"}
OTHER = "+79161112200"


@pytest.fixture
def steered(make_caller: Callable[..., Caller]) -> Caller:
    """The world office, where no phone answers by itself; every phone tells everything."""
    caller = make_caller("office", freeze=True, callback_script=None)
    for event_type in ("dial-in", "dial-out", "answer", "hangup"):
        wish = {"url": CRM, "method": "POST", "event_type": event_type}
        caller.post("/client/2566/phone_events/", json=wish)
    return caller


def start(caller: Caller, body: Any = BODY, path: str = PATH) -> tuple[Line, Call]:
    """A callback under way."""
    line = Line(caller)
    answer = caller.post(path, json=body)
    assert answer.status_code == 201, answer.text
    given: Any = answer.json
    return line, line.call(given["call_api_id"])


@pytest.mark.fact("CBK-1", "DAT-5")
def test_a_callback_is_started(office: Caller) -> None:
    """POST answers 201 with the CallAPIID and the CallID of a call that runs."""
    answer = office.post(PATH, json=BODY)
    body: Any = answer.json
    assert (answer.status_code, list(body)) == (201, ["call_api_id", "call_id"])
    assert re.fullmatch(r"[0-9a-f]{32}", body["call_id"])
    assert re.fullmatch(rf"cb-[0-9]+-{body['call_id']}", body["call_api_id"])
    running: Any = office.get("/extension/85219/current_calls/").json
    assert [one["call_api_id"] for one in running["call_list"]] == [body["call_api_id"]]


@pytest.mark.fact("CBK-1", "AUT-10")
def test_a_call_api_application_may_start_one(make_caller: Callable[..., Caller]) -> None:
    """Callback is part of what an application of the level Call API may use."""
    caller = make_caller("office", application="call-app", freeze=True)
    assert caller.post(PATH, json=BODY).status_code == 201


@pytest.mark.fact("CBK-1", "CAL-7")
def test_the_first_are_rung_then_the_other(steered: Caller) -> None:
    """Once a first number answers the owner dials, the other rings, and both talk."""
    line, call = start(steered)
    assert line.sent("EventType", "CalledNumber") == [
        ("dial-out", "2566*102"),
        ("dial-in", "2566*102"),
    ]
    line.step("answer", call)
    line.step("answer", call)
    line.step("hang_up", call)
    assert line.sent("EventType", "CalledNumber")[2:] == [
        ("answer", "2566*102"),
        ("answer", "2566*102"),
        ("dial-out", "2566*103"),
        ("dial-in", "2566*103"),
        ("answer", "2566*103"),
        ("answer", "2566*103"),
        ("hangup", "2566*103"),
        ("hangup", "2566*103"),
        ("hangup", "2566*102"),
        ("hangup", "2566*102"),
    ]


@pytest.mark.fact("CBK-1", "SIM-11")
def test_all_first_numbers_ring_at_once(steered: Caller) -> None:
    """All first numbers ring; whoever answers ends the ringing of the others."""
    line, call = start(steered, {"src_num": ["102", "103", OTHER], "dst_num": "104"})
    assert line.sent("EventType", "CalledNumber") == [
        ("dial-out", "2566*102"),
        ("dial-in", "2566*102"),
        ("dial-out", "2566*103"),
        ("dial-in", "2566*103"),
        ("dial-out", OTHER),
    ]
    line.step("answer", call, 85220)
    assert line.sent("EventType", "CalledNumber", "CallStatus")[5:10] == [
        ("hangup", "2566*102", "CANCEL"),
        ("hangup", "2566*102", "CANCEL"),
        ("hangup", OTHER, "CANCEL"),
        ("answer", "2566*103", "ANSWER"),
        ("answer", "2566*103", "ANSWER"),
    ]
    assert line.state(call) == "ringing"


@pytest.mark.fact("CBK-1")
def test_a_number_outside_can_be_rung_first(steered: Caller) -> None:
    """The owner dials the outside number; then its call to the other one is a usual one."""
    line, call = start(steered, {"src_num": [OTHER], "dst_num": OUTSIDE})
    assert (line.state(call), line.sent()) == ("ringing", ["dial-out"])
    line.step("answer", call)
    assert line.sent("EventType", "CalledNumber", "CallerIDNum")[1:] == [
        ("answer", OTHER, OWNER),
        ("dial-out", OUTSIDE, OWNER),
    ]
    line.step("answer", call)
    line.step("hang_up", call)
    assert line.sent()[3:] == ["answer", "hangup", "hangup"]


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("name", ["intercom", "call_screening_enabled", "incoming_limit"])
def test_the_owners_phone_does_not_rule_a_number_outside(steered: Caller, name: str) -> None:
    """What the owner's phone does with calls is nothing to a first number outside."""
    steered.put("/extension/85222/phone/", json={name: True if "enabled" in name else 1})
    line, call = start(steered, {"src_num": [OTHER, OUTSIDE], "dst_num": "103"})
    line.world.advance(30)
    assert line.state(call) == "ringing"
    line.step("answer", call)
    assert line.sent()[2:] == ["hangup", "answer", "dial-out", "dial-in"]


@pytest.mark.fact("CBK-1", "CAL-6")
def test_the_owner_rings_itself(steered: Caller) -> None:
    """With the owner as first number there is only its dial-out."""
    line, call = start(
        steered, {"src_num": ["102"], "dst_num": OUTSIDE}, "/extension/@102/callback/"
    )
    line.step("answer", call)
    line.step("answer", call)
    line.step("hang_up", call)
    assert line.sent("EventType", "CalledNumber", "CallBackID") == [
        ("dial-out", OUTSIDE, None),
        ("answer", OUTSIDE, None),
        ("hangup", OUTSIDE, None),
    ]


@pytest.mark.fact("CBK-1", "DAT-19")
def test_others_carry_the_callback(steered: Caller) -> None:
    """When the owner is not rung itself, every event names the callback."""
    line, call = start(steered)
    line.step("answer", call)
    line.step("hang_up", call)
    found = line.sent("EventType", "CallBackID")
    assert {callback for _, callback in found} == {call.hex}


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize(("to", "state"), [("887", "ringing"), ("099", "menu")])
def test_a_queue_or_menu_can_be_dialled(steered: Caller, to: str, state: str) -> None:
    """The other number may be a queue or a menu."""
    line, call = start(steered, {"src_num": ["101"], "dst_num": to})
    line.step("answer", call)
    assert line.state(call) == state
    line.step("hang_up", call)
    assert line.state(call) == "finished"


@pytest.mark.fact("CBK-1", "CAL-5")
def test_rules_of_the_dialled_phone_apply(steered: Caller) -> None:
    """The other number's own rules hold: a phone that is nowhere ends the call."""
    line, call = start(steered, {"src_num": ["101"], "dst_num": "110"})
    line.step("answer", call)
    assert line.sent("EventType", "CalledNumber", "CallStatus") == [
        ("dial-out", "2566*101", "CALLING"),
        ("dial-in", "2566*101", "CALLING"),
        ("answer", "2566*101", "ANSWER"),
        ("answer", "2566*101", "ANSWER"),
        ("dial-out", "2566*110", "CALLING"),
        ("dial-in", "2566*110", "CALLING"),
        ("hangup", "2566*110", "CHANUNAVAIL"),
        ("hangup", "2566*110", "CHANUNAVAIL"),
        ("hangup", "2566*101", "ANSWER"),
        ("hangup", "2566*101", "ANSWER"),
    ]
    assert line.state(call) == "finished"


@pytest.mark.fact("CBK-1", "SIM-11")
@pytest.mark.parametrize(
    ("to", "way"), [("103", "decline"), ("103", "time-out"), (OUTSIDE, "decline")]
)
def test_a_destination_that_does_not_answer_ends_the_call(
    steered: Caller, to: str, way: str
) -> None:
    """When the other number does not take it, whoever was rung first is released."""
    steered.put("/extension/85220/phone/", json={"vm_enabled": False})
    line, call = start(steered, {"src_num": ["102"], "dst_num": to})
    line.step("answer", call)
    if way == "decline":
        line.step("decline", call)
    else:
        line.world.advance(60)
    assert line.state(call) == "finished"
    assert answered(steered.get("/client/2566/current_calls/")) == (200, {"call_list": []})


@pytest.mark.fact("CBK-1", "SIM-11")
def test_nobody_to_ring_ends_the_call(steered: Caller) -> None:
    """A first number that nobody has is no error: the call ends CONGESTION."""
    line, call = start(steered, {"src_num": ["999"], "dst_num": "102"})
    assert (line.state(call), line.now(call).result, line.sent()) == ("finished", "CONGESTION", [])


@pytest.mark.fact("CBK-1", "SIM-11")
def test_a_destination_that_nobody_has(steered: Caller) -> None:
    """A dialled extension that does not exist ends the call CONGESTION."""
    line, call = start(steered, {"src_num": ["102"], "dst_num": "999"})
    line.step("answer", call)
    assert line.sent("EventType", "CallStatus")[4:] == [
        ("dial-out", "CALLING"),
        ("hangup", "CONGESTION"),
        ("hangup", "ANSWER"),
        ("hangup", "ANSWER"),
    ]


@pytest.mark.fact("CBK-1", "SIM-10")
def test_a_blocked_owner_reaches_nobody(steered: Caller) -> None:
    """A blocked owner's call outside ends CONGESTION."""
    steered.put("/client/2566/extension/85222", json={"status": "blocked"})
    line, call = start(steered, {"src_num": ["102"], "dst_num": OUTSIDE})
    line.step("answer", call)
    assert line.sent("EventType", "CallStatus")[4:] == [
        ("dial-out", "CALLING"),
        ("hangup", "CONGESTION"),
        ("hangup", "ANSWER"),
        ("hangup", "ANSWER"),
    ]


@pytest.mark.fact("CBK-1")
def test_phones_answer_by_the_configured_script(office: Caller) -> None:
    """A callback that nobody steers is answered after two seconds on each side, for thirty."""
    line, call = start(office)
    fired = line.world.advance(40).fired
    assert [one["kind"] for one in fired] == ["pick_up", "pick_up", "hang_up"]
    assert line.now(call).result == "ANSWER"


@pytest.mark.fact("CBK-1")
def test_another_script_can_be_configured(make_caller: Callable[..., Caller]) -> None:
    """The configuration says what phones do in a callback."""
    caller = make_caller("office", freeze=True, callback_script={"outcome": "busy", "after": 5})
    line, call = start(caller)
    line.world.advance(5)
    assert line.now(call).result == "BUSY"


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("seconds", [10, "10"], ids=["integer", "digits"])
def test_call_duration_ends_the_talk(steered: Caller, seconds: Any) -> None:
    """The call ends that many seconds after the other number answered, not sooner."""
    line, call = start(steered, {**BODY, "call_duration": seconds})
    line.step("answer", call)
    line.world.advance(20)
    line.step("answer", call)
    line.world.advance(9)
    assert line.state(call) == "answered"
    line.world.advance(1)
    assert line.state(call) == "finished"


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("first", ["102", OTHER])
def test_wait_for_pickup_is_the_ring_time(steered: Caller, first: str) -> None:
    """First numbers ring for that many seconds, whatever their phones say."""
    line, call = start(steered, {"src_num": [first], "dst_num": "103", "wait_for_pickup": 7})
    line.world.advance(6)
    assert line.state(call) == "ringing"
    line.world.advance(1)
    assert (line.state(call), line.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("CBK-1", "PHN-21")
def test_wait_for_pickup_is_not_for_the_destination(steered: Caller) -> None:
    """The other number rings as long as its own phone says."""
    line, call = start(steered, {**BODY, "wait_for_pickup": 7})
    line.step("answer", call)
    line.world.advance(59)
    assert line.state(call) == "ringing"


@pytest.mark.fact("CBK-1", "SIM-4")
def test_a_first_number_without_answer_has_no_voicemail(steered: Caller) -> None:
    """Nobody speaks to the voicemail of a phone that a program rang."""
    line, call = start(steered)
    line.world.advance(60)
    assert line.state(call) == "finished"


@pytest.mark.fact("CBK-1", "DAT-8", "DAT-9")
def test_caller_ids_are_shown(steered: Caller) -> None:
    """Each side sees the number and the name that were given for it."""
    line, call = start(
        steered,
        {
            **BODY,
            "src_caller_id_number": "111",
            "src_caller_id_name": "Your call",
            "caller_id_number": "222",
            "caller_id_name": "Your client",
        },
    )
    line.step("answer", call)
    found = line.sent("EventType", "CalledNumber", "CallerIDNum", "CallerIDName")
    assert [one for one in found if one[0] == "dial-in"] == [
        ("dial-in", "2566*102", "111", "Your call"),
        ("dial-in", "2566*103", "222", "Your client"),
    ]


@pytest.mark.fact("CBK-1", "CBK-3", "DAT-8", "DAT-9")
def test_without_caller_ids_the_owner_is_shown(steered: Caller) -> None:
    """Without given numbers both sides see the owner."""
    line, call = start(steered)
    line.step("answer", call)
    found = line.sent("EventType", "CalledNumber", "CallerIDNum", "CallerIDName")
    assert [one for one in found if one[0] == "dial-in"] == [
        ("dial-in", "2566*102", OWNER, None),
        ("dial-in", "2566*103", OWNER, "Elena Popova"),
    ]


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize(
    ("dtmf", "state_after"), [("2", ["ringing"]), ("wW2", ["menu", "menu", "ringing"])]
)
def test_keys_are_pressed_in_a_menu(steered: Caller, dtmf: str, state_after: list[str]) -> None:
    """dst_dtmf presses keys in the menu that was dialled; W waits a second, w half of one."""
    line, call = start(steered, {"src_num": ["102"], "dst_num": "099", "dst_dtmf": dtmf})
    line.step("answer", call)
    states = []
    for _ in state_after:
        line.world.advance(0.5 if len(state_after) > 1 else 0)
        states.append(line.state(call))
    assert states == state_after


@pytest.mark.fact("CBK-1", "CUR-2")
@pytest.mark.parametrize(("side", "hangs_up"), [("src", 85219), ("dst", 85220)])
def test_the_one_who_stays_is_passed_on(steered: Caller, side: str, hangs_up: int) -> None:
    """After one side hangs up the other is connected with the number given for that."""
    line, call = start(steered, {**BODY, f"transfer_after_{side}_hangup": "104"})
    line.step("answer", call)
    line.step("answer", call)
    before = len(line.sent())
    assert steered.delete(f"/extension/{hangs_up}/current_calls/{call.api_id}").status_code == 204
    hangups = [("hangup", f"2566*{hangs_up - 85117}")] * (2 if side == "src" else 1)
    assert line.sent("EventType", "CalledNumber")[before:] == [*hangups, ("dial-in", "2566*104")]
    assert line.state(call) == "ringing"


@pytest.mark.fact("CBK-1")
def test_optional_fields_may_be_null(office: Caller) -> None:
    """Every optional field may be null."""
    names = [
        "allow_public_transfer",
        "announce_sound_id",
        "dst_announce_sound_id",
        "call_duration",
        "caller_id_name",
        "caller_id_number",
        "src_ani",
        "dst_ani",
        "dst_dtmf",
        "src_caller_id_name",
        "src_caller_id_number",
        "transfer_after_dst_hangup",
        "transfer_after_src_hangup",
        "wait_for_pickup",
    ]
    line, call = start(office, {**BODY, **dict.fromkeys(names)})
    line.world.advance(40)
    assert line.now(call).result == "ANSWER"


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("name", ["src_ani", "dst_ani"])
@pytest.mark.parametrize(("number", "noted"), [("74959998877", False), ("74951112233", True)])
def test_a_strange_outgoing_number_is_noted(
    office: Caller, name: str, number: str, noted: bool
) -> None:
    """An outgoing number that is none of the client's is ignored, and noted."""
    start(office, {**BODY, name: number})
    notes: Any = office.get("/_mockpbx/notes").json
    expected = [f"{name} is ignored: it is no public number of the client"] if noted else []
    assert [one["message"] for one in notes["notes"] if one["rule"] == "CBK-1"] == expected


NUMBER = "must be digits, with + before them or not"
DURATION = "must be seconds, 1 to 4294967295, as an integer or as digits"


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"src_num": None}, "src_num: must not be null"),
        ({"src_num": "102"}, "src_num: must be an array"),
        ({"src_num": []}, "src_num: must not be empty"),
        ({"src_num": [102]}, "src_num[0]: must be a string"),
        ({"src_num": ["102", "x"]}, f"src_num[1]: {NUMBER}"),
        (
            {"src_num": ["102", "887"]},
            "src_num[1]: must be a phone or an outside number, 887 is queue",
        ),
        (
            {"src_num": ["2566*099"]},
            "src_num[0]: must be a phone or an outside number, 2566*099 is ivr",
        ),
        ({"dst_num": None}, "dst_num: must not be null"),
        ({"dst_num": 103}, "dst_num: must be a string"),
        ({"dst_num": ""}, f"dst_num: {NUMBER}"),
        ({"allow_public_transfer": "yes"}, "allow_public_transfer: must be a boolean"),
        ({"announce_sound_id": "7"}, "announce_sound_id: must be an integer"),
        ({"dst_announce_sound_id": 7.5}, "dst_announce_sound_id: must be an integer"),
        ({"call_duration": "ten"}, f"call_duration: {DURATION}"),
        ({"call_duration": 0}, f"call_duration: {DURATION}"),
        ({"call_duration": -1}, f"call_duration: {DURATION}"),
        ({"call_duration": True}, f"call_duration: {DURATION}"),
        ({"call_duration": "1.5"}, f"call_duration: {DURATION}"),
        ({"caller_id_name": 1}, "caller_id_name: must be a string"),
        ({"caller_id_number": 1}, "caller_id_number: must be a string"),
        ({"src_caller_id_name": []}, "src_caller_id_name: must be a string"),
        ({"src_caller_id_number": 1}, "src_caller_id_number: must be a string"),
        ({"src_ani": 74959998877}, "src_ani: must be a string"),
        ({"dst_ani": False}, "dst_ani: must be a string"),
        (
            {"dst_dtmf": "12p"},
            "dst_dtmf: must be of 0 to 9, *, #, W for one second and w for half of one",
        ),
        ({"transfer_after_dst_hangup": "nobody"}, f"transfer_after_dst_hangup: {NUMBER}"),
        ({"transfer_after_src_hangup": 1}, "transfer_after_src_hangup: must be a string"),
        ({"wait_for_pickup": "7"}, "wait_for_pickup: must be an integer"),
        ({"wait_for_pickup": 0}, "wait_for_pickup: must be an integer from 1 to 4294967295"),
    ],
)
def test_a_wrong_field_is_refused(office: Caller, fields: Any, message: str) -> None:
    """A field that breaks its rule is a 400; nobody is rung and nothing changes."""
    before = office.state()
    answer = office.post(PATH, json={**BODY, **fields})
    assert refused(answer) == (400, {"message": message}, "CBK-1", "doc, observed")
    assert office.state() == before
    assert answered(office.get("/client/2566/current_calls/")) == (200, {"call_list": []})


@pytest.mark.fact("CBK-1", "ERR-9")
def test_both_numbers_are_mandatory(office: Caller) -> None:
    """A body without numbers is a 400 that names both."""
    answer = office.post(PATH, json={})
    message = "src_num: is required; dst_num: is required"
    assert refused(answer) == (400, {"message": message}, "CBK-1", "doc, observed")


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize(("number", "kind"), [(96857, "queue"), (96856, "ivr")])
def test_only_a_phone_calls_back(office: Caller, number: int, kind: str) -> None:
    """A callback in the name of a queue or a menu is a 400."""
    before = office.state()
    answer = office.post(f"/extension/{number}/callback/", json=BODY)
    message = f"extension_id: must be of type phone, {number} is {kind}"
    assert refused(answer) == (400, {"message": message}, "CBK-1", "doc, observed")
    assert office.state() == before
