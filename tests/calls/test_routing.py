"""How properties and registrations steer a call to a phone: each rule, and its twin without."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockpbx.core.errors import ConflictError
from tests.calls.desk import Desk
from tests.handles import call_of


@pytest.fixture
def desk() -> Desk:
    """A world of ten lines, every event of which arrives."""
    return Desk()


@pytest.mark.fact("SIM-1", "DAT-7")
def test_a_phone_that_is_nowhere(desk: Desk) -> None:
    """A phone without registration, fixed address or outside number is CHANUNAVAIL at once."""
    call = desk.incoming("105")
    assert desk.story() == ["dial-in 105", "hangup 105 CHANUNAVAIL"]
    assert (desk.state(call), call.result) == ("finished", "CHANUNAVAIL")


@pytest.mark.fact("SIM-1")
def test_a_phone_that_is_registered(desk: Desk) -> None:
    """A phone with a registration rings."""
    desk.register("105")
    call = desk.incoming("105")
    assert desk.story() == ["dial-in 105"]
    assert desk.state(call) == "ringing"


@pytest.mark.fact("SIM-1", "REG-8")
def test_a_registration_that_ran_out(desk: Desk) -> None:
    """A phone whose only registration has run out is CHANUNAVAIL."""
    desk.register("105", seconds=60)
    desk.advance(60)
    desk.incoming("105")
    assert desk.story() == ["dial-in 105", "hangup 105 CHANUNAVAIL"]


@pytest.mark.fact("SIM-2", "PHN-19")
def test_external_number(desk: Desk) -> None:
    """With an outside number set the call goes there, under the terminal's own events."""
    desk.phone("105", external_number="79161114455")
    call = desk.incoming("105")
    assert [leg.rings_at for leg in desk.legs(call)] == ["79161114455"]
    call = desk.step(call, "answer")
    desk.advance(3)
    desk.step(call, "hang_up")
    events = desk.events()
    assert [event["EventType"] for event in events] == ["dial-in", "answer", "hangup"]
    assert {event["CalledNumber"] for event in events} == {"2566*105"}
    assert {event["CalledExtensionID"] for event in events} == {"85222"}


@pytest.mark.fact("SIM-2", "PHN-19")
def test_an_external_number_is_treated_as_the_terminal(desk: Desk) -> None:
    """Screening, the record, a transfer and the incoming rules work there as at the terminal."""
    desk.phone("105", external_number="79161114455", call_screening_enabled=True)
    call = desk.step(desk.incoming("105"), "answer")
    assert desk.state(call) == "screening"
    desk.step(call, "press", "1")
    desk.step(call, "transfer", "104")
    answered, ended = desk.events()[1:3]
    assert (answered["EventType"], ended["EventType"], "RecID" in ended) == (
        "answer",
        "hangup",
        True,
    )
    assert desk.ringing(call) == ["104"]
    desk.forward("105", "103", "no_answer")
    call = desk.incoming("105")
    desk.advance(60)
    assert desk.ringing(call) == ["103"]


@pytest.mark.fact("SIM-2")
def test_no_external_number(desk: Desk) -> None:
    """Without one the call rings at the terminal."""
    call = desk.incoming("102")
    assert [leg.rings_at for leg in desk.legs(call)] == [None]


@pytest.mark.fact("SIM-3", "PHN-33")
def test_static_address(desk: Desk) -> None:
    """A fixed address makes a phone reachable that is not registered."""
    desk.phone("105", static_reg_address="sip:203.0.113.9:5060")
    call = desk.incoming("105")
    assert desk.story() == ["dial-in 105"]
    assert [leg.rings_at for leg in desk.legs(call)] == ["sip:203.0.113.9:5060"]


@pytest.mark.fact("SIM-3", "PHN-33")
def test_a_static_address_and_a_registration(desk: Desk) -> None:
    """A phone that is registered all the same rings at its fixed address."""
    desk.phone("102", static_reg_address="8.8.8.8:5068")
    assert [leg.rings_at for leg in desk.legs(desk.incoming("102"))] == ["8.8.8.8:5068"]


@pytest.mark.fact("SIM-4", "PHN-21")
@pytest.mark.parametrize("seconds", [5, 60])
def test_hangup_timeout(desk: Desk, seconds: int) -> None:
    """A phone rings for its hangup_timeout and not a moment longer: NOANSWER."""
    desk.phone("102", hangup_timeout=seconds, vm_enabled=False)
    call = desk.incoming("102")
    desk.advance(seconds - 0.1)
    assert desk.story() == ["dial-in 102"]
    fired = desk.advance(0.2)
    assert desk.story() == ["hangup 102 NOANSWER"]
    assert desk.state(call) == "finished"
    assert fired == [
        {"kind": "ring_timeout", "call": call.hex, "extension": 85219, "state": "finished"}
    ]


@pytest.mark.fact("SIM-4")
def test_an_answer_stops_the_timeout(desk: Desk) -> None:
    """Whoever answers in time is not cut off when the time is over."""
    call = desk.step(desk.incoming("102"), "answer")
    assert desk.advance(3600) == []
    assert desk.state(call) == "answered"


@pytest.mark.fact("SIM-4", "DAT-21", "PHN-36")
def test_voicemail(desk: Desk) -> None:
    """After NOANSWER the caller may speak to the voicemail: one event voicemail, with its RecID."""
    call = desk.incoming("102")
    desk.advance(60)
    assert desk.state(call) == "voicemail"
    assert desk.story() == ["dial-in 102", "hangup 102 NOANSWER"]
    desk.step(call, "leave_message")
    (event,) = desk.events()
    assert re.fullmatch(r"85219-[0-9a-f]{32}", event.pop("RecID"))
    assert re.fullmatch(r"[0-9]{16}", event.pop("EventTime"))
    assert event == {
        "EventType": "voicemail",
        "CallID": call.hex,
        "CallFlow": "in",
        "CallerIDNum": "+79161112233",
        "CalledNumber": "2566*102",
        "CalledExtension": "2566*102@sipproxy.telphin.ru",
        "CalledExtensionID": "85219",
    }
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-4")
def test_a_caller_who_leaves_no_message(desk: Desk) -> None:
    """Without a message there is no event voicemail, and the voicemail closes by itself."""
    call = desk.incoming("102")
    desk.advance(60)
    desk.events()
    desk.advance(60)
    assert desk.events() == []
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-4", "PHN-36")
def test_no_voicemail_without_vm_enabled(desk: Desk) -> None:
    """A phone without voicemail ends the call after NOANSWER."""
    desk.phone("102", vm_enabled=False)
    call = desk.incoming("102")
    desk.advance(60)
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-4")
@pytest.mark.parametrize("step", ["decline", "hang_up"])
def test_voicemail_is_for_no_answer_alone(desk: Desk, step: str) -> None:
    """A declined or abandoned call reaches no voicemail."""
    call = desk.incoming("102")
    desk.step(call, step)
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-5", "PHN-24")
@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("answered", [True, False])
def test_incoming_limit(desk: Desk, limit: int, answered: bool) -> None:
    """A call beyond incoming_limit is BUSY at once, whether the others ring or are talked on."""
    desk.phone("102", incoming_limit=limit)
    for _ in range(limit):
        call = desk.incoming("102")
        if answered:
            desk.step(call, "answer")
    desk.events()
    call = desk.incoming("102")
    assert desk.story() == ["dial-in 102", "hangup 102 BUSY"]
    assert call.result == "BUSY"


@pytest.mark.fact("SIM-5")
def test_a_finished_call_leaves_room(desk: Desk) -> None:
    """Once a call is over, the next one rings again."""
    desk.phone("102", incoming_limit=1)
    desk.step(desk.incoming("102"), "hang_up")
    assert desk.state(desk.incoming("102")) == "ringing"


@pytest.mark.fact("SIM-5")
def test_no_incoming_limit(desk: Desk) -> None:
    """0 is no limit."""
    calls = [desk.incoming("102") for _ in range(5)]
    assert [desk.state(call) for call in calls] == ["ringing"] * 5


@pytest.mark.fact("SIM-5")
def test_outgoing_calls_do_not_count(desk: Desk) -> None:
    """A phone that dialled still takes as many calls as its limit."""
    desk.phone("102", incoming_limit=1)
    desk.outgoing("102", "+79161112200")
    assert desk.state(desk.incoming("102")) == "ringing"


@pytest.mark.fact("SIM-6", "PHN-39")
@pytest.mark.parametrize("seconds", [0, 3])
def test_intercom(desk: Desk, seconds: int) -> None:
    """A phone with intercom answers by itself after its seconds."""
    desk.phone("102", intercom=seconds)
    call = desk.incoming("102")
    desk.advance(seconds)
    assert desk.state(call) == "answered"
    first, second = desk.events()
    assert (first["EventType"], second["EventType"]) == ("dial-in", "answer")
    assert int(second["EventTime"]) - int(first["EventTime"]) == max(1, seconds * 1_000_000)


@pytest.mark.fact("SIM-6")
def test_no_intercom(desk: Desk) -> None:
    """A phone without it waits to be picked up."""
    call = desk.incoming("102")
    desk.advance(59)
    assert desk.state(call) == "ringing"


@pytest.mark.fact("SIM-7", "PHN-15")
def test_call_screening(desk: Desk) -> None:
    """Picked up, a screened call is answered only when the callee presses 1."""
    desk.phone("102", call_screening_enabled=True)
    call = desk.step(desk.incoming("102"), "answer")
    assert desk.state(call) == "screening"
    desk.step(call, "press", "2")
    assert desk.state(call) == "screening"
    assert desk.story() == ["dial-in 102"]
    desk.step(call, "press", "1")
    assert desk.state(call) == "answered"
    assert desk.story() == ["answer 102"]


@pytest.mark.fact("SIM-7", "PHN-15")
@pytest.mark.parametrize(
    ("to", "heard"),
    [
        ("102", "hears that +79161112233 calls"),
        ("74959998877", "hears that +79161112233 calls, who called 74959998877"),
    ],
)
def test_what_a_screened_phone_hears(desk: Desk, to: str, heard: str) -> None:
    """Before the key, who picks up hears the caller's number and the public number, if any."""
    desk.did("74959998877", "102")
    desk.phone("102", call_screening_enabled=True)
    call = desk.step(desk.incoming(to), "answer")
    lines = call_of(desk.world, call.hex).ladder().splitlines()
    assert [line.partition("102 ")[2] for line in lines if "hears" in line] == [heard]


@pytest.mark.fact("SIM-7")
def test_declining_a_screened_call(desk: Desk) -> None:
    """Declining a screened call hangs up."""
    desk.phone("102", call_screening_enabled=True)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "decline")
    assert desk.story() == ["dial-in 102", "hangup 102 BUSY"]


@pytest.mark.fact("SIM-7")
def test_no_call_screening(desk: Desk) -> None:
    """Without screening picking up is answering."""
    assert desk.state(desk.step(desk.incoming("102"), "answer")) == "answered"


@pytest.mark.fact("SIM-7", "SIM-4")
def test_a_screened_call_that_nobody_takes(desk: Desk) -> None:
    """A screened call without a 1 is NOANSWER when the ring time is over."""
    desk.phone("102", call_screening_enabled=True)
    desk.step(desk.incoming("102"), "answer")
    desk.advance(60)
    assert desk.story() == ["dial-in 102", "hangup 102 NOANSWER"]


@pytest.mark.fact("SIM-6", "SIM-7")
@pytest.mark.parametrize("script", [None, {"answer_after": 1}])
def test_screening_holds_for_who_answers_by_itself(
    desk: Desk, script: dict[str, Any] | None
) -> None:
    """Neither intercom nor a script gets round the screening."""
    desk.phone("102", call_screening_enabled=True, intercom=1 if script is None else None)
    call = desk.incoming("102", script=script)
    desk.advance(1)
    assert desk.state(call) == "screening"


@pytest.mark.fact("SIM-7")
def test_a_script_that_presses_1(desk: Desk) -> None:
    """A script that presses 1 takes a screened call."""
    desk.phone("102", call_screening_enabled=True)
    call = desk.incoming("102", script={"answer_after": 1, "press": "1"})
    desk.advance(1)
    assert desk.state(call) == "answered"


@pytest.mark.fact("SIM-8", "DAT-15", "PHN-27")
def test_record_enabled(desk: Desk) -> None:
    """A phone that records names the record of an answered leg in its hangup."""
    desk.phone("102", record_enabled=True)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    assert ["RecID" in event for event in events] == [False, False, True]
    assert re.fullmatch(r"85219-[0-9a-f]{32}", events[-1]["RecID"])
    assert events[-1]["RecID"] != events[-1]["SubCallID"]


@pytest.mark.fact("SIM-8", "DAT-15")
def test_record_disabled(desk: Desk) -> None:
    """A phone that does not record has no RecID."""
    desk.phone("102", record_enabled=False)
    desk.step(desk.step(desk.incoming("102"), "answer"), "hang_up")
    assert not any("RecID" in event for event in desk.events())


@pytest.mark.fact("SIM-8", "DAT-15")
def test_nothing_is_recorded_without_an_answer(desk: Desk) -> None:
    """A leg that was not answered has no record."""
    desk.step(desk.incoming("102"), "hang_up")
    assert not any("RecID" in event for event in desk.events())


@pytest.mark.fact("SIM-10")
@pytest.mark.parametrize("name", ["102", "887", "099"])
def test_blocked_extension(desk: Desk, name: str) -> None:
    """A call to a blocked extension of any type is CONGESTION."""
    desk.queue("103")
    desk.block(name)
    call = desk.incoming(name)
    assert desk.story() == [f"dial-in {name}", f"hangup {name} CONGESTION"]
    assert (desk.state(call), call.result) == ("finished", "CONGESTION")


@pytest.mark.fact("SIM-10", "SIM-1", "SIM-5", "CAL-5")
def test_being_blocked_comes_first(desk: Desk) -> None:
    """A blocked phone is CONGESTION whatever else keeps or sends the call away."""
    desk.forward("105", "+79161114455")
    desk.phone("105", incoming_limit=1)
    desk.block("105")
    assert desk.incoming("105").result == "CONGESTION"


@pytest.mark.fact("SIM-10")
@pytest.mark.parametrize("to", ["outside", "inside"])
def test_a_blocked_extension_cannot_call(desk: Desk, to: str) -> None:
    """What a blocked extension dials is CONGESTION."""
    desk.block("102")
    call = desk.outgoing("102", "+79161112200") if to == "outside" else desk.internal("102", "103")
    assert desk.story() == ["dial-out 102", "hangup 102 CONGESTION"]
    assert call.result == "CONGESTION"


@pytest.mark.fact("SIM-5", "SIM-1")
def test_busy_comes_before_unreachable(desk: Desk) -> None:
    """A phone at its limit whose registration is gone is BUSY: its calls go on."""
    desk.phone("102", incoming_limit=1)
    desk.step(desk.incoming("102"), "answer")
    desk.unregister("102")
    assert desk.incoming("102").result == "BUSY"


@pytest.mark.fact("SIM-11")
def test_the_caller_gives_up(desk: Desk) -> None:
    """CANCEL is a caller who hangs up before anybody answers."""
    call = desk.step(desk.incoming("102"), "hang_up")
    assert desk.story() == ["dial-in 102", "hangup 102 CANCEL"]
    assert call.result == "CANCEL"


@pytest.mark.fact("SIM-11")
def test_the_callee_declines(desk: Desk) -> None:
    """BUSY is a callee who declines."""
    call = desk.step(desk.incoming("102"), "decline")
    assert desk.story() == ["dial-in 102", "hangup 102 BUSY"]
    assert call.result == "BUSY"


@pytest.mark.fact("SIM-11")
@pytest.mark.parametrize("number", ["74950000000", "+74950000000", "999", "2566*999"])
def test_a_number_that_nobody_has(desk: Desk, number: str) -> None:
    """A call from outside to a number that nobody has is CONGESTION, and nobody's event."""
    call = desk.incoming(number)
    assert desk.story() == []
    assert (desk.state(call), call.result) == ("finished", "CONGESTION")


@pytest.mark.fact("SIM-11")
@pytest.mark.parametrize("number", ["999", "2566*999", "3000*101"])
def test_an_extension_that_does_not_exist(desk: Desk, number: str) -> None:
    """An internal call to an extension that the client does not have is CONGESTION."""
    call = desk.internal("101", number)
    assert desk.story() == ["dial-out 101", "hangup 101 CONGESTION"]
    assert call.result == "CONGESTION"


@pytest.mark.fact("SIM-11")
def test_a_public_number_that_leads_nowhere(desk: Desk) -> None:
    """A public number without an extension behind it is CONGESTION."""
    desk.did("74959998877", None)
    assert desk.incoming("74959998877").result == "CONGESTION"


@pytest.mark.fact("SIM-11", "DID-1")
@pytest.mark.parametrize("dialled", ["74959998877", "+74959998877"])
def test_a_public_number(desk: Desk, dialled: str) -> None:
    """A public number leads to its extension, dialled with a plus or without."""
    desk.did("74959998877", "102")
    desk.incoming(dialled)
    (event,) = desk.events()
    assert (event["CalledNumber"], event["CalledDID"]) == ("2566*102", "74959998877")


@pytest.mark.fact("SIM-11")
def test_a_fax_takes_no_calls(desk: Desk) -> None:
    """A call to an extension that is neither phone, queue nor menu is CONGESTION."""
    assert desk.incoming("120").result == "CONGESTION"
    assert desk.story() == ["dial-in 120", "hangup 120 CONGESTION"]


@pytest.mark.fact("SIM-13")
def test_a_call_that_runs_has_live_legs(desk: Desk) -> None:
    """A leg is live from its first event to its hangup, and ended for good after it."""
    call = desk.incoming("102")
    assert [leg.live_on for leg in desk.legs(call)] == [85219]
    desk.step(call, "hang_up")
    assert [(leg.live_on, leg.state) for leg in desk.legs(call)] == [(None, "ended")]


@pytest.mark.fact("SIM-4", "SIM-11", "DAT-7")
def test_an_outside_number_that_does_not_answer(desk: Desk) -> None:
    """A number outside that does not answer within a minute is NOANSWER, without voicemail."""
    call = desk.outgoing("102", "+79161112200")
    desk.advance(60)
    assert desk.story() == ["dial-out 102", "hangup 102 NOANSWER"]
    assert (desk.state(call), desk.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("SIM-5", "CAL-9")
def test_a_linked_phone_that_has_calls_enough() -> None:
    """It is not rung with the main extension, which rings alone; with its call over it rings."""
    desk = Desk()
    desk.phone("101", incoming_limit=1)
    own = desk.incoming("109")
    call = desk.incoming("101")
    assert desk.ringing(call) == ["101"]
    with pytest.raises(ConflictError, match="109 does not ring in this call"):
        desk.step(call, "answer", "109")
    desk.step(own, "hang_up")
    assert desk.state(desk.step(call, "answer", "109")) == "answered"


@pytest.mark.fact("SIM-5", "SIM-1", "CAL-9")
@pytest.mark.parametrize(("busy", "result"), [(True, "BUSY"), (False, None)])
def test_a_main_extension_whose_only_device_has_calls_enough(busy: bool, result: str) -> None:
    """Where nobody else hears the main extension, it is as busy as its linked phone."""
    desk = Desk()
    desk.phone("101", incoming_limit=1)
    desk.unregister("101")
    if busy:
        desk.incoming("109")
    assert desk.incoming("101").result == result
