"""What is deleted in the middle of a call: no call stays for ever, and nothing fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.calls.model import Call, live
from tests.answers import answered, json_of
from tests.conftest import Caller
from tests.resources.line import CRM, OUTSIDE, Line

TYPES = ("dial-in", "dial-out", "answer", "hangup")
NUMBERS = {
    "099": 96856,
    "887": 96857,
    **{str(number): 85117 + number for number in range(101, 111)},
}


@pytest.fixture
def pbx(make_caller: Callable[..., Caller]) -> Caller:
    """The world office, whose phones tell everything and do nothing by themselves."""
    caller = make_caller("office", freeze=True, callback_script=None)
    for event_type in TYPES:
        wish = {"url": CRM, "method": "POST", "event_type": event_type}
        caller.post("/client/2566/phone_events/", json=wish)
    return caller


def delete(caller: Caller, number: str) -> None:
    """The extension is deleted."""
    answer = caller.delete(f"/client/2566/extension/{NUMBERS[number]}")
    assert answered(answer) == (204, None)


def callback(caller: Caller, line: Line, owner: str, first: str, to: str) -> Call:
    """A callback that rings."""
    body = {"src_num": [first], "dst_num": to}
    made: Any = caller.post(f"/extension/{NUMBERS[owner]}/callback/", json=body).json
    return line.call(made["call_api_id"])


def make(caller: Caller, line: Line, what: str) -> Call:
    """A call in the middle of which something can be deleted."""
    made = {
        "ringing": lambda: line.incoming("102"),
        "talking": lambda: line.step("answer", line.incoming("102")),
        "held": lambda: line.step("hold", line.step("answer", line.incoming("102"))),
        "dialling": lambda: line.outgoing("102", OUTSIDE),
        "internal": lambda: line.internal("101", "102"),
        "internal talk": lambda: line.step("answer", line.internal("101", "102")),
        "menu": lambda: line.incoming("099"),
        "after menu": lambda: line.step("press", line.incoming("099"), "2"),
        "queue": lambda: line.incoming("887"),
        "agent talks": lambda: line.step("answer", line.incoming("887")),
        "callback": lambda: callback(caller, line, "105", "101", "102"),
        "callback dials": lambda: line.step("answer", callback(caller, line, "105", "101", "102")),
        "callback outside": lambda: callback(caller, line, "105", OUTSIDE, "102"),
        "asking": lambda: line.step("transfer", line.step("answer", line.incoming("101")), "102"),
    }
    return made[what]()


#: (call, what is deleted) -> what the call waits for then
DELETED = [
    ("ringing", "102", "finished"),
    ("talking", "102", "finished"),
    ("held", "102", "finished"),
    ("dialling", "102", "finished"),
    ("internal", "101", "finished"),
    ("internal", "102", "finished"),
    ("internal talk", "101", "finished"),
    ("internal talk", "102", "finished"),
    ("menu", "099", "finished"),
    ("menu", "887", "menu"),
    ("after menu", "101", "finished"),
    ("after menu", "099", "finished"),
    ("queue", "887", "finished"),
    ("queue", "102", "ringing"),
    ("queue", "103", "ringing"),
    ("agent talks", "887", "finished"),
    ("agent talks", "102", "finished"),
    ("callback", "105", "finished"),
    ("callback", "101", "finished"),
    ("callback", "102", "ringing"),
    ("callback dials", "105", "finished"),
    ("callback dials", "101", "finished"),
    ("callback dials", "102", "finished"),
    ("callback outside", "105", "finished"),
    ("asking", "101", "ringing"),
    ("asking", "102", "finished"),
]


@pytest.mark.fact("EXT-7", "SIM-11")
@pytest.mark.parametrize(("what", "number", "state"), DELETED)
def test_an_extension_is_deleted(pbx: Caller, what: str, number: str, state: str) -> None:
    """The call goes on without the extension, or ends; every leg that began is hung up once."""
    line = Line(pbx)
    call = make(pbx, line, what)
    delete(pbx, number)
    assert line.state(call) == state
    assert all(leg.extension_id != NUMBERS[number] for leg in live(line.world, line.now(call)))
    if state != "finished":
        line.step("hang_up", call)
    line.world.advance(600)
    assert answered(pbx.get("/client/2566/current_calls/")) == (200, {"call_list": []})
    began, hung_up = (
        sorted({sub for kind, sub in line.sent("EventType", "SubCallID") if kind in kinds})
        for kinds in (("dial-in", "dial-out"), ("hangup",))
    )
    assert began == hung_up
    assert line.sent().count("hangup") == len(hung_up)


@pytest.mark.fact("EXT-7", "SIM-12")
def test_the_last_agent_is_deleted(pbx: Caller) -> None:
    """When no agent is left the call waits, and leaves the queue in its time."""
    line = Line(pbx)
    call = line.incoming("887")
    for number in ("102", "103", "104"):
        delete(pbx, number)
    assert line.state(call) == "queued"
    line.world.advance(300)
    assert (line.state(call), line.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("EXT-7", "IVR-1")
def test_where_a_menu_leads_is_deleted(pbx: Caller) -> None:
    """A key that leads to a deleted extension ends the call CONGESTION."""
    line = Line(pbx)
    call = line.incoming("099")
    delete(pbx, "101")
    line.step("press", call, "2")
    assert (line.state(call), line.now(call).result) == ("finished", "CONGESTION")


@pytest.mark.fact("EXT-7", "IVR-1")
def test_where_a_menu_gives_up_to_is_deleted(pbx: Caller) -> None:
    """Given up to a deleted queue the call ends CONGESTION."""
    line = Line(pbx)
    call = line.incoming("099")
    delete(pbx, "887")
    line.world.advance(60)
    assert (line.state(call), line.now(call).result) == ("finished", "CONGESTION")


@pytest.mark.fact("EXT-7", "DID-1", "SIM-11")
def test_where_a_public_number_leads_is_deleted(pbx: Caller) -> None:
    """The number leads nowhere, so that a call through it ends CONGESTION."""
    line = Line(pbx)
    path = "/client/2566/did/2"
    assert pbx.put(path, json={"message_extension_id": 85218}).status_code == 200
    delete(pbx, "101")
    did = json_of(pbx.get(path))
    assert (did["extension_id"], did["message_extension_id"]) == (None, None)
    assert json_of(pbx.get("/client/2566/did/1"))["extension_id"] == 96856
    call = line.incoming("74959998878")
    assert (line.state(call), line.now(call).result) == ("finished", "CONGESTION")


@pytest.mark.fact("EXT-7", "SIM-4")
def test_a_phone_whose_voicemail_is_open_is_deleted(pbx: Caller) -> None:
    """Nobody speaks to a voicemail that is gone."""
    line = Line(pbx)
    call = line.incoming("107")
    line.world.advance(20)
    assert line.state(call) == "voicemail"
    delete(pbx, "107")
    assert line.state(call) == "finished"


@pytest.mark.fact("EXT-7", "CUR-2")
@pytest.mark.parametrize("answers", [False, True])
def test_a_listener_is_deleted(pbx: Caller, answers: bool) -> None:
    """When the phone of somebody who listens in goes, the others talk on."""
    line = Line(pbx)
    call = line.step("answer", line.incoming("102"))
    wish = {"action": "eavesdrop", "send_dst": "103"}
    pbx.put(f"/extension/85219/current_calls/{call.api_id}", json=wish)
    if answers:
        line.step("answer", call)
    delete(pbx, "103")
    assert line.state(call) == "answered"


@pytest.mark.fact("EVT-2", "DLV-1")
def test_a_subscription_is_deleted(pbx: Caller) -> None:
    """From its deletion on nothing is sent for a subscription; the call goes on."""
    line = Line(pbx)
    wish = {"url": f"{CRM}/own", "method": "POST", "event_type": "hangup"}
    made: Any = pbx.post("/extension/85219/event/", json=wish).json
    call = line.step("answer", line.incoming("102"))
    pbx.delete(f"/extension/85219/event/{made['id']}")
    line.step("hang_up", call)
    assert [one.url for one in line.world.deliveries] == [CRM] * 3


@pytest.mark.fact("BND-12", "BND-14", "CAL-9")
@pytest.mark.parametrize("answers", [False, True])
def test_a_bundle_is_untied(pbx: Caller, answers: bool) -> None:
    """The main extension's call goes on when its bundle is untied, and ends as usual."""
    line = Line(pbx)
    call = line.incoming("101")
    if answers:
        line.step("answer", call)
    assert pbx.delete("/client/2566/extensions_bundle/85218").status_code == 200
    if not answers:
        line.step("answer", call)
    line.step("hang_up", call)
    assert line.sent("EventType", "CalledNumber") == [
        (event_type, "2566*101") for event_type in ("dial-in", "answer", "hangup")
    ]


@pytest.mark.fact("BND-15", "BND-21")
@pytest.mark.parametrize(("number", "state"), [("101", "finished"), ("109", "answered")])
def test_an_extension_of_a_bundle_is_deleted(pbx: Caller, number: str, state: str) -> None:
    """A linked extension's call is the main one's: it ends with that one, not with the other."""
    line = Line(pbx)
    call = line.step("answer", line.outgoing("109", OUTSIDE))
    delete(pbx, number)
    assert line.state(call) == state
