"""Which events a call causes, at which extension, in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mockpbx.core.errors import ConflictError
from mockpbx.readings import Readings
from mockpbx.resources.call_history.model import Row
from mockpbx.resources.current_calls.model import of_extension
from tests.calls.desk import CALLER, Desk, Event, told
from tests.handles import call_of

MEMBER_IDS = ("85226", "85227")


@pytest.fixture
def desk() -> Desk:
    """A world of ten lines, every event of which arrives."""
    return Desk()


def leg_ids(events: list[Event]) -> dict[str, list[str]]:
    """SubCallID -> the types of its events, in order."""
    found: dict[str, list[str]] = {}
    for event in events:
        found.setdefault(event["SubCallID"], []).append(event["EventType"])
    return found


@pytest.mark.fact("CAL-1")
def test_a_phone_that_is_called(desk: Desk) -> None:
    """A phone: dial-in when it rings, answer when picked up, hangup at the end."""
    call = desk.incoming("102")
    assert desk.story() == ["dial-in 102"]
    desk.step(call, "answer")
    assert desk.story() == ["answer 102"]
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 102 ANSWER"]


@pytest.mark.fact("CAL-1")
def test_a_phone_that_dials(desk: Desk) -> None:
    """A phone that dials: dial-out, answer when the other side picks up, hangup."""
    call = desk.outgoing("102", "+79161112200")
    assert desk.story() == ["dial-out 102"]
    desk.step(call, "answer")
    assert desk.story() == ["answer 102"]
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 102 ANSWER"]


@pytest.mark.fact("CAL-2")
def test_a_menu(desk: Desk) -> None:
    """A menu has dial-in when a call enters and hangup when it is released, nothing else."""
    desk.menu(menu={"1": "102"})
    call = desk.incoming("099")
    assert desk.story() == ["dial-in 099"]
    desk.step(call, "press", "1")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    assert desk.story() == ["dial-in 102", "answer 102", "hangup 102 ANSWER", "hangup 099 ANSWER"]


@pytest.mark.fact("CAL-3", "CAL-4")
def test_a_queue(desk: Desk) -> None:
    """A queue has dial-in and hangup, no answer; its agent's phone has all three."""
    desk.queue("102")
    call = desk.incoming("887")
    assert desk.story() == ["dial-in 887", "dial-in 102"]
    desk.step(call, "answer")
    assert desk.story() == ["answer 102"]
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 102 ANSWER", "hangup 887 ANSWER"]


@pytest.mark.fact("CAL-4")
def test_each_agent_has_a_leg_of_its_own(desk: Desk) -> None:
    """Every agent that is rung gets dial-in and, as its leg ends, hangup."""
    desk.queue("102", "103")
    call = desk.incoming("887")
    desk.events()
    desk.step(call, "decline")
    assert desk.story() == ["hangup 102 BUSY", "dial-in 103"]
    desk.step(call, "decline")
    assert desk.story() == ["hangup 103 BUSY"]


@pytest.mark.fact("CAL-4", "DAT-13", "DAT-8")
def test_an_agent_sees_the_caller_and_the_queue(desk: Desk) -> None:
    """The agent's dial-in tells the caller's number, and the queue as the calling extension."""
    desk.queue("102")
    desk.incoming("887")
    queued, rung = desk.events()
    assert "CallerExtension" not in queued
    assert (rung["CallerIDNum"], rung["CallerIDName"]) == (CALLER, CALLER)
    assert rung["CallerExtension"] == "2566*887@sipproxy.telphin.ru"
    assert rung["CallerExtensionID"] == "96857"


@pytest.mark.fact("CAL-5", "DAT-17")
@pytest.mark.parametrize("name", ["102", "887", "099"])
def test_forwarding_outside(desk: Desk, name: str) -> None:
    """An extension of any type that forwards has dial-out, answer, hangup, all Transfered=yes.

    A menu can be subscribed to no more than the hangup.
    """
    desk.forward(name, "79161114455")
    call = desk.incoming(name)
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    types = ["hangup"] if name == "099" else ["dial-out", "answer", "hangup"]
    assert [event["EventType"] for event in events] == types
    assert {event["Transfered"] for event in events} == {"yes"}
    assert {event["CalledNumber"] for event in events} == {"79161114455"}
    assert {event["CallerIDNum"] for event in events} == {CALLER}
    assert {event["CallFlow"] for event in events} == {"out"}


@pytest.mark.fact("CAL-5")
@pytest.mark.parametrize(
    ("when", "ending"),
    [("busy", "BUSY"), ("no_answer", "NOANSWER"), ("unavailable", "CHANUNAVAIL")],
)
def test_forwarding_after_a_failure(desk: Desk, when: str, ending: str) -> None:
    """A rule for one kind of failure forwards after the phone's own hangup of that kind."""
    name = "105" if when == "unavailable" else "102"
    desk.forward(name, "79161114455", when)
    call = desk.incoming(name)
    if when == "busy":
        desk.step(call, "decline")
    desk.advance(60 if when == "no_answer" else 0)
    assert desk.story() == [f"dial-in {name}", f"hangup {name} {ending}", f"dial-out {name}"]
    assert desk.state(call) == "ringing"


@pytest.mark.fact("CAL-5")
@pytest.mark.parametrize("when", ["no_answer", "unavailable"])
def test_forwarding_only_after_its_own_failure(desk: Desk, when: str) -> None:
    """A rule for one kind of failure does nothing after another."""
    desk.forward("102", "79161114455", when)
    call = desk.incoming("102")
    desk.step(call, "decline")
    assert desk.story() == ["dial-in 102", "hangup 102 BUSY"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("CAL-5", "DAT-17")
@pytest.mark.parametrize("when", ["no_answer", "busy"])
def test_forwarding_out_of_a_queue(desk: Desk, when: str) -> None:
    """A queue in which nobody answered in time forwards as its rule for that says, and no other."""
    desk.queue(max_wait_time=30)
    desk.forward("887", "79161114455", when)
    call = desk.incoming("887", "+79161112233")
    desk.advance(30)
    events = desk.events()
    forwarded = ["dial-out 887"] if when == "no_answer" else []
    assert [told(one) for one in events] == ["dial-in 887", "hangup 887 NOANSWER", *forwarded]
    assert [one["CallerIDNum"] for one in events if "Transfered" in one] == [
        "+79161112233" for _ in forwarded
    ]
    assert desk.state(call) == ("ringing" if forwarded else "finished")


@pytest.mark.fact("CAL-5", "DAT-17")
def test_no_forwarding(desk: Desk) -> None:
    """Without a rule nothing is Transfered."""
    desk.step(desk.step(desk.incoming("102"), "answer"), "hang_up")
    assert not any("Transfered" in event for event in desk.events())


@pytest.mark.fact("CAL-6")
def test_a_callback_of_who_rings_itself(desk: Desk) -> None:
    """The owner among the sources: its own ringing is left out, only its dial-out is seen."""
    call = desk.callback("102", ["102"], "+79161112200")
    assert desk.story() == []
    desk.step(call, "answer")
    assert desk.story() == ["dial-out 102"]
    desk.step(call, "answer")
    assert desk.story() == ["answer 102"]
    desk.step(call, "hang_up")
    events = desk.events()
    assert [event["EventType"] for event in events] == ["hangup"]
    assert "CallBackID" not in events[0]


@pytest.mark.fact("CAL-7", "DAT-19")
def test_a_callback_of_other_phones(desk: Desk) -> None:
    """The owner dials each source phone, and the other number when the first one answered."""
    call = desk.callback("101", ["102", "103"], "+79161112200")
    rung = [(told(event), event["CalledNumber"]) for event in desk.events()]
    assert rung == [
        ("dial-out 101", "2566*102"),
        ("dial-in 102", "2566*102"),
        ("dial-out 101", "2566*103"),
        ("dial-in 103", "2566*103"),
    ]
    desk.step(call, "answer", "103")
    assert desk.story() == [
        "hangup 102 CANCEL",
        "hangup 101 CANCEL",
        "answer 103",
        "answer 101",
        "dial-out 101",
    ]
    desk.step(call, "answer")
    assert desk.story() == ["answer 101"]
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 101 ANSWER", "hangup 103 ANSWER", "hangup 101 ANSWER"]


@pytest.mark.fact("CAL-7", "DAT-19")
def test_a_callback_names_itself(desk: Desk) -> None:
    """Where the owner is none of those rung, every event carries the callback's CallID."""
    call = desk.callback("101", ["102"], "+79161112200")
    desk.step(call, "answer")
    assert [event["CallBackID"] for event in desk.events()] == [call.hex] * 5


@pytest.mark.fact("CAL-7")
def test_a_callback_to_an_extension(desk: Desk) -> None:
    """An extension as the destination gets dial-in, with the owner as its caller."""
    call = desk.callback("101", ["102"], "103")
    desk.step(call, "answer")
    events = desk.events()
    assert [told(event) for event in events] == [
        "dial-out 101",
        "dial-in 102",
        "answer 102",
        "answer 101",
        "dial-out 101",
        "dial-in 103",
    ]
    assert events[4]["CalledNumber"] == "2566*103"
    assert (events[5]["CalledNumber"], events[5]["CallerIDNum"]) == ("2566*103", "2566*101")
    desk.step(call, "answer")
    assert desk.story() == ["answer 103", "answer 101"]


@pytest.mark.fact("CAL-7")
@pytest.mark.parametrize("to", ["887", "099"])
def test_a_callback_to_a_queue_or_menu(desk: Desk, to: str) -> None:
    """A queue or a menu is a destination like any other."""
    desk.queue("103")
    desk.menu(menu={"1": "103"})
    call = desk.step(desk.callback("101", ["102"], to), "answer")
    if to == "099":
        assert desk.state(call) == "menu"
        desk.step(call, "press", "1")
    assert desk.ringing(call) == ["103"]
    desk.step(call, "answer")
    assert desk.state(call) == "answered"


@pytest.mark.fact("CAL-7")
def test_a_callback_whose_sources_are_outside(desk: Desk) -> None:
    """The first event is the owner's dial-out to the number outside, its pick-up the answer."""
    call = desk.callback("101", ["+79161110001"], "+79161112200")
    (event,) = desk.events()
    assert (told(event), event["CalledNumber"]) == ("dial-out 101", "+79161110001")
    desk.step(call, "answer")
    told_then = [(told(event), event["CalledNumber"]) for event in desk.events()]
    assert told_then == [("answer 101", "+79161110001"), ("dial-out 101", "+79161112200")]


@pytest.mark.fact("CAL-14", "CAL-15", "DAT-16")
@pytest.mark.parametrize("to", ["099", "887"])
def test_a_visitor_who_is_missed(desk: Desk, to: str) -> None:
    """The number outside that was rung first is the caller of the menu or queue that misses it."""
    desk.queue()
    call = desk.step(desk.callback("101", ["+79161110001"], to), "answer")
    desk.advance(3)
    desk.step(call, "hang_up")
    own = [
        event
        for event in desk.events()
        if event.get("CalledExtension", "").startswith(f"2566*{to}@")
    ]
    assert [event["EventType"] for event in own] == ["dial-in", "hangup"]
    assert {event["CallerIDNum"] for event in own} == {"+79161110001"}
    assert own[-1]["Bridged"] == "no"


@pytest.mark.fact("DAT-19", "DAT-4", "DAT-15")
@pytest.mark.parametrize("reading", ["documented", "recorded"])
def test_the_ids_of_a_callback_to_itself(reading: Any) -> None:
    """Documented: the SubCallID ends with the CallID, no CallBackID. Recorded: it is the RecID."""
    desk = Desk(readings=Readings(callback_ids=reading))
    call = desk.callback("102", ["102"], "+79161112200")
    desk.step(desk.step(call, "answer"), "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    (sub_id,) = {event["SubCallID"] for event in events}
    recorded = reading == "recorded"
    assert (sub_id == f"85219-{call.hex}") is not recorded
    assert {event.get("CallBackID") for event in events} == {call.hex if recorded else None}
    assert (events[-1]["RecID"] == sub_id) is recorded


@pytest.mark.fact("CAL-7", "SIM-4")
@pytest.mark.parametrize("sources", [["102"], ["102", "+79161110001"]])
def test_a_callback_that_nobody_takes(desk: Desk, sources: list[str]) -> None:
    """When no source answers the call ends; there is nobody to speak to a voicemail."""
    call = desk.callback("101", sources, "+79161112200")
    desk.advance(60)
    story = [one for one in desk.story() if one.endswith("102") or "hangup 102" in one]
    assert story == ["dial-in 102", "hangup 102 NOANSWER"]
    assert (desk.state(call), desk.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("CAL-7")
def test_a_callback_whose_destination_does_not_answer(desk: Desk) -> None:
    """When the destination does not answer, who picked up is hung up too."""
    call = desk.step(desk.callback("101", ["102"], "+79161112200"), "answer")
    desk.events()
    desk.step(call, "decline")
    assert desk.story() == ["hangup 101 BUSY", "hangup 102 ANSWER", "hangup 101 ANSWER"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("CAL-8")
def test_an_internal_call(desk: Desk) -> None:
    """One CallID, two legs: dial-out on the one that dials, dial-in on the other."""
    call = desk.internal("101", "102")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    assert {event["CallID"] for event in events} == {call.hex}
    out, came = leg_ids(events)
    assert out == f"85218-{call.hex}"
    assert came.startswith("85219-")
    assert leg_ids(events) == {
        out: ["dial-out", "answer", "hangup"],
        came: ["dial-in", "answer", "hangup"],
    }


@pytest.mark.fact("CAL-8", "DAT-13")
def test_an_internal_call_tells_both_sides(desk: Desk) -> None:
    """The called phone sees the calling extension, its number and its name."""
    desk.internal("101", "102")
    _, event = desk.events()
    assert (event["CallerIDNum"], event["CallerIDName"]) == ("2566*101", "Anna")
    assert event["CallerExtension"] == "2566*101@sipproxy.telphin.ru"
    assert event["CallerExtensionID"] == "85218"


@pytest.mark.fact("CAL-8", "CAL-2")
def test_an_internal_call_to_a_menu(desk: Desk) -> None:
    """An extension that calls a menu presses keys in it as any caller does."""
    desk.menu(menu={"1": "102"})
    call = desk.internal("103", "099")
    assert desk.state(call) == "menu"
    desk.step(call, "press", "1")
    assert desk.story() == ["dial-out 103", "dial-in 099", "dial-in 102"]


@pytest.mark.fact("CAL-8", "CAL-3")
def test_an_internal_call_to_an_empty_queue(desk: Desk) -> None:
    """An extension that calls a queue without agents waits in it."""
    desk.queue()
    assert desk.state(desk.internal("103", "887")) == "queued"


@pytest.mark.fact("CAL-9", "BND-14")
@pytest.mark.parametrize("device", [None, "101", "109"])
def test_a_call_to_the_main_extension(desk: Desk, device: str | None) -> None:
    """The main one's terminals ring together; its own are the events, whichever is picked up."""
    call = desk.incoming("101")
    desk.step(call, "answer", *([device] if device else []))
    desk.step(call, "hang_up")
    events = desk.events()
    assert [event["EventType"] for event in events] == ["dial-in", "answer", "hangup"]
    assert {event["CalledExtensionID"] for event in events} == {"85218"}


@pytest.mark.fact("CAL-9", "BND-20")
def test_a_resting_link_does_not_ring(desk: Desk) -> None:
    """A linked phone that is not active hears none of the main one's calls."""
    call = desk.incoming("101")
    with pytest.raises(ConflictError, match=r"^answer: 2566\*110 does not ring in this call"):
        desk.step(call, "answer", "110")
    assert desk.state(call) == "ringing"


@pytest.mark.fact("CAL-9", "SIM-11")
def test_one_phone_of_a_bundle_declines(desk: Desk) -> None:
    """The others ring on, and who declined cannot pick up any more."""
    call = desk.step(desk.incoming("101"), "decline", "109")
    assert desk.story() == ["dial-in 101"]
    for step in ("answer", "decline"):
        with pytest.raises(ConflictError, match=rf"^{step}: 2566\*109 does not ring in this call"):
            desk.step(call, step, "109")
    desk.step(call, "answer", "101")
    desk.step(call, "hang_up")
    assert desk.story() == ["answer 101", "hangup 101 ANSWER"]


@pytest.mark.fact("CAL-9", "SIM-11")
@pytest.mark.parametrize("who", [["109", "101"], ["101", "109"], [None]])
def test_a_bundle_declines(desk: Desk, who: list[str | None]) -> None:
    """The call is BUSY once all phones that rang have declined, or at once when none is named."""
    call = desk.incoming("101")
    for name in who:
        desk.step(call, "decline", *[name] if name else [])
    assert desk.story() == ["dial-in 101", "hangup 101 BUSY"]
    assert desk.now(call).result == "BUSY"


@pytest.mark.fact("CAL-9", "SIM-11")
def test_the_only_phone_of_a_bundle_declines(desk: Desk) -> None:
    """A phone of the bundle that is not registered does not ring on."""
    desk.unregister("101")
    call = desk.step(desk.incoming("101"), "decline", "109")
    assert desk.now(call).result == "BUSY"


@pytest.mark.fact("CAL-11", "BND-15", "CAL-7")
@pytest.mark.parametrize("src", ["109", "101", "103"])
def test_a_callback_of_a_linked_extension(desk: Desk, src: str) -> None:
    """Its events are those of the main one; itself and the main one are rung without a dial-in."""
    call = desk.callback("109", [src], "+79161112200")
    desk.step(call, "answer")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    dialled = [event for event in events if event["CallFlow"] == "out"]
    types = ["dial-out", "answer", "hangup"]
    if src == "103":
        types = ["dial-out", "answer", "dial-out", "answer", "hangup", "hangup"]
    assert [event["EventType"] for event in dialled] == types
    assert {event["CallerExtensionID"] for event in events} == {"85218"}
    assert {event["CallerIDNum"] for event in events} == {"2566*101"}
    rung = [event["CalledNumber"] for event in events if event["EventType"] == "dial-in"]
    assert rung == (["2566*103"] if src == "103" else [])
    assert {"CallBackID" in event for event in events} == {src == "103"}


@pytest.mark.fact("CAL-9", "BND-14")
def test_the_main_one_is_there_when_a_linked_one_is(desk: Desk) -> None:
    """A main extension without a terminal of its own rings at its active linked one."""
    desk.unregister("101")
    assert desk.state(desk.incoming("101")) == "ringing"


@pytest.mark.fact("CAL-9", "BND-20", "SIM-1")
def test_a_resting_link_is_no_place_to_ring(desk: Desk) -> None:
    """A resting linked phone does not make the main one reachable."""
    for name in ("101", "109"):
        desk.unregister(name)
    desk.register("110")
    assert desk.incoming("101").result == "CHANUNAVAIL"


@pytest.mark.fact("CAL-10", "BND-14")
def test_a_call_to_a_linked_extension(desk: Desk) -> None:
    """A linked one rings alone, under its own events."""
    call = desk.incoming("109")
    assert desk.story() == ["dial-in 109"]
    desk.step(call, "answer", "109")
    desk.step(call, "hang_up")
    assert desk.story() == ["answer 109", "hangup 109 ANSWER"]


@pytest.mark.fact("CAL-10", "BND-14")
def test_the_main_one_does_not_hear_a_linked_one(desk: Desk) -> None:
    """The main one cannot pick up what rings at a linked one."""
    call = desk.incoming("109")
    with pytest.raises(ConflictError, match=r"^answer: 2566\*101 does not ring in this call"):
        desk.step(call, "answer", "101")


@pytest.mark.fact("CAL-10", "SIM-1")
def test_a_linked_one_is_not_there_when_the_main_one_is(desk: Desk) -> None:
    """A linked one without a terminal is CHANUNAVAIL, wherever the main one rings."""
    assert desk.incoming("110").result == "CHANUNAVAIL"


@pytest.mark.fact("CAL-11", "BND-15")
@pytest.mark.parametrize("to", ["outside", "inside"])
def test_a_call_from_a_linked_extension(desk: Desk, to: str) -> None:
    """A linked one calls as the main one: events, number, name and extension are the main one's."""
    outside = to == "outside"
    call = desk.outgoing("109", "+79161112200") if outside else desk.internal("109", "102")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    own = [event for event in events if event["CallFlow"] == "out"]
    assert [event["EventType"] for event in own] == ["dial-out", "answer", "hangup"]
    assert {event["CallerExtensionID"] for event in events} == {"85218"}
    assert {event["CallerIDNum"] for event in events} == {"2566*101"}
    assert {event["CallerIDName"] for event in events} == {"Anna"}
    assert {event["CallerExtension"] for event in events} == {"2566*101@sipproxy.telphin.ru"}


@pytest.mark.fact("CAL-9", "CAL-11", "BND-14", "BND-15")
@pytest.mark.parametrize("way", ["called", "calls"])
def test_the_statistics_of_a_bundle(desk: Desk, way: str) -> None:
    """Whichever phone of a bundle talks, row, record and running call are the main one's."""
    if way == "called":
        call = desk.step(desk.incoming("101"), "answer", "109")
    else:
        call = desk.step(desk.outgoing("109", "+79161112200"), "answer")
    assert [
        len(of_extension(desk.world, desk.ext(name))["call_list"]) for name in ("101", "109")
    ] == [1, 0]
    desk.advance(5)
    desk.step(call, "hang_up")
    (row,) = desk.world.store.all(Row)
    (part,) = row.parts
    assert (row.sides.extension_name, part.sides.extension_name) == ("2566*101", "2566*101")
    assert row.talk is not None
    assert part.recording is not None
    assert part.recording.uuid.startswith("85218-")


@pytest.mark.fact("CAL-11", "BND-15")
def test_a_call_from_an_extension_of_no_bundle(desk: Desk) -> None:
    """An extension of no bundle calls as itself."""
    desk.outgoing("102", "+79161112200")
    (event,) = desk.events()
    assert (event["CallerIDNum"], event["CallerExtensionID"]) == ("2566*102", "85219")


@pytest.mark.fact("CAL-12", "DAT-18")
def test_blind_transfer(desk: Desk) -> None:
    """After #1 the second phone's dial-in has RemoteNumber and keeps the caller's number."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.events()
    desk.step(call, "transfer", "103")
    over, event = desk.events()
    assert (over["EventType"], over["CalledNumber"], over["CallStatus"]) == (
        "hangup",
        "2566*102",
        "ANSWER",
    )
    assert (event["EventType"], event["CalledNumber"]) == ("dial-in", "2566*103")
    assert (event["RemoteNumber"], event["CallerIDNum"]) == (CALLER, CALLER)
    assert event["CallerExtensionID"] == "85219"
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    later = desk.events()
    assert [event["EventType"] for event in later] == ["answer", "hangup"]
    assert not any("RemoteNumber" in event for event in later)


@pytest.mark.fact("CAL-12", "DAT-18", "PHN-26")
@pytest.mark.parametrize(
    ("keeps", "number", "name"), [(True, CALLER, CALLER), (False, "2566*102", CALLER)]
)
def test_attended_transfer(desk: Desk, keeps: bool, number: str, name: str) -> None:
    """After *2 the caller's number is kept, or without the property it stands in the name."""
    desk.phone("102", preserve_caller_id_number_att_tr=keeps)
    call = desk.step(desk.incoming("102"), "answer")
    desk.events()
    desk.step(call, "transfer", "103", attended=True)
    (event,) = desk.events()
    assert (event["EventType"], event["CalledNumber"]) == ("dial-in", "2566*103")
    assert event["RemoteNumber"] == CALLER
    assert (event["CallerIDNum"], event["CallerIDName"]) == (number, name)
    desk.step(call, "answer")
    assert desk.story() == ["answer 103"]
    desk.step(call, "complete")
    assert desk.story() == ["hangup 102 ANSWER"]
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 103 ANSWER"]


@pytest.mark.fact("CAL-12")
def test_an_attended_transfer_that_is_declined(desk: Desk) -> None:
    """When the second phone declines, the first one talks on."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    desk.events()
    desk.step(call, "decline")
    assert desk.story() == ["hangup 103 BUSY"]
    assert desk.state(call) == "answered"


@pytest.mark.fact("CAL-12", "SIM-7")
def test_an_attended_transfer_to_a_screened_phone(desk: Desk) -> None:
    """A screened phone takes a transferred call with a 1, like any other."""
    desk.phone("103", call_screening_enabled=True)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    desk.step(call, "answer")
    desk.events()
    desk.step(call, "press", "1")
    assert desk.story() == ["answer 103"]
    assert desk.state(call) == "consulting"


@pytest.mark.fact("CAL-12")
@pytest.mark.parametrize("attended", [False, True])
@pytest.mark.parametrize("to", ["099", "887"])
def test_a_transfer_to_a_menu_or_queue(desk: Desk, to: str, attended: bool) -> None:
    """A menu or a queue takes a transferred call at once, whichever way it is passed on."""
    desk.queue()
    call = desk.step(desk.incoming("102"), "answer")
    desk.events()
    desk.step(call, "transfer", to, attended=attended)
    assert desk.story() == ["hangup 102 ANSWER", f"dial-in {to}"]
    assert desk.state(call) == ("menu" if to == "099" else "queued")


@pytest.mark.fact("CAL-12", "CAL-5")
@pytest.mark.parametrize("attended", [False, True])
def test_a_transfer_outside(desk: Desk, attended: bool) -> None:
    """A call that is passed on outside has a dial-out of who passed it on."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.events()
    desk.step(call, "transfer", "79161114455", attended=attended)
    desk.step(call, "answer")
    if attended:
        desk.step(call, "complete")
    story = ["dial-out 102", "answer 102", "hangup 102 ANSWER"]
    assert desk.story() == (story if attended else [story[2], story[0], story[1]])
    assert desk.state(call) == "answered"


@pytest.mark.fact("CAL-12", "CAL-5")
@pytest.mark.parametrize("when", ["always", "unavailable"])
def test_an_attended_transfer_to_a_phone_that_forwards(desk: Desk, when: str) -> None:
    """Who answers outside, where the second phone forwards to, takes the call over."""
    desk.forward("105", "79161114455", when)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "105", attended=True)
    assert desk.state(call) == "transferring"
    desk.events()
    desk.step(call, "answer")
    desk.step(call, "complete")
    assert desk.story() == ["answer 105", "hangup 102 ANSWER"]
    assert desk.state(call) == "answered"


@pytest.mark.fact("CAL-12", "CAL-3")
def test_a_transfer_by_an_agent_that_fails(desk: Desk) -> None:
    """A call that an agent passed on in vain is over: it does not go back to the queue."""
    desk.queue("102", "103")
    call = desk.step(desk.incoming("887"), "answer")
    desk.step(call, "transfer", "105")
    assert desk.state(call) == "finished"
    assert desk.story() == [
        "dial-in 887",
        "dial-in 102",
        "answer 102",
        "hangup 102 ANSWER",
        "dial-in 105",
        "hangup 105 CHANUNAVAIL",
        "hangup 887 ANSWER",
    ]


@pytest.mark.fact("CAL-12", "DAT-18")
def test_no_remote_number_without_a_transfer(desk: Desk) -> None:
    """A dial-in that no transfer caused has no RemoteNumber, through a queue or not."""
    desk.queue("102")
    desk.incoming("887")
    desk.incoming("102")
    assert not any("RemoteNumber" in event for event in desk.events())


@pytest.mark.fact("DAT-3", "DAT-4", "CAL-12")
def test_one_call_many_legs(desk: Desk) -> None:
    """Passed on and back, a call keeps its CallID; the same phone rung again has a new leg."""
    call = desk.step(desk.incoming("102"), "answer")
    for name in ("103", "102"):
        desk.step(call, "transfer", name)
        desk.step(call, "answer")
    desk.step(call, "hang_up")
    events = desk.events()
    assert {event["CallID"] for event in events} == {call.hex}
    legs = leg_ids(events)
    assert [name.partition("-")[0] for name in legs] == ["85219", "85220", "85219"]
    assert list(legs.values()) == [["dial-in", "answer", "hangup"]] * 3


@pytest.mark.fact("DAT-2")
def test_event_times_rise(desk: Desk) -> None:
    """While time stands still each event still has a time of its own, later than the last."""
    desk.queue("102", "103", strategy="ring-all")
    desk.step(desk.step(desk.incoming("887"), "answer"), "hang_up")
    times = [int(event["EventTime"]) for event in desk.events()]
    assert times == sorted(set(times))


@pytest.mark.fact("DAT-2")
def test_who_moves_time_back_gets_earlier_events(desk: Desk) -> None:
    """After the clock was moved back, events have the time that it shows."""
    desk.incoming("102")
    moment = desk.world.now().replace(year=2020)
    desk.world.move_to(moment)
    desk.incoming("103")
    first, second = (int(event["EventTime"]) for event in desk.events())
    assert second < first
    assert desk.world.now().year == 2020


@pytest.mark.fact("DAT-14")
def test_duration_is_the_difference_of_event_times(desk: Desk) -> None:
    """Duration is the hangup's time minus the answer's, to the microsecond."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.advance(11.420018)
    desk.step(call, "hang_up")
    _, answer, hangup = desk.events()
    assert hangup["Duration"] == "11420018"
    assert int(hangup["EventTime"]) - int(answer["EventTime"]) == 11_420_018


@pytest.mark.fact("DAT-14", "DAT-2")
@pytest.mark.parametrize("seconds", [0, 30])
def test_every_duration_is_exact(desk: Desk, seconds: int) -> None:
    """Menu, queue and phone, hung up in another order than answered: each talked exactly that."""
    desk.menu(menu={"1": "887"})
    desk.queue("102")
    call = desk.step(desk.step(desk.incoming("099"), "press", "1"), "answer")
    desk.advance(seconds)
    desk.step(call, "hang_up")
    told = desk.events()
    length = str(seconds * 1_000_000)
    ended = {one["CalledNumber"]: one["Duration"] for one in told if "Duration" in one}
    assert ended["2566*102"] == length
    legs = call_of(desk.world, call.hex).legs
    talked = {
        leg.ended_at - leg.answered_at
        for leg in legs
        if leg.answered_at is not None and leg.ended_at is not None
    }
    assert talked == {timedelta(seconds=seconds)}
    times = [int(one["EventTime"]) for one in told]
    assert times == sorted(set(times))
    assert desk.world.now() == call_of(desk.world, call.hex).ended_at


@pytest.mark.fact("DAT-16", "CAL-2", "CAL-3")
@pytest.mark.parametrize(("taken", "word"), [(True, "yes"), (False, "no")])
def test_bridged(desk: Desk, taken: bool, word: str) -> None:
    """A menu in front of a queue: both say whether a phone took the call anywhere behind them."""
    desk.menu(menu={"1": "887"})
    desk.queue("102")
    call = desk.step(desk.incoming("099"), "press", "1")
    if taken:
        desk.step(call, "answer")
    desk.step(call, "hang_up")
    hangups = {event["CalledNumber"]: event for event in desk.events() if "Duration" in event}
    assert {name: event.get("Bridged") for name, event in hangups.items()} == {
        "2566*102": None,
        "2566*887": word,
        "2566*099": word,
    }


@pytest.mark.fact("DAT-21", "EVT-7")
def test_text_messages(desk: Desk) -> None:
    """A text message is one event of its phone, with the text."""
    from mockpbx.calls import events
    from mockpbx.calls.states import Flow

    with desk.world.change():
        events.message(desk.world, desk.ext("102"), Flow.IN, "79161112233", "Привет & пока")
        events.message(desk.world, desk.ext("102"), Flow.OUT, "79161112233", "OK")
    came, left = desk.events()
    assert {came.pop("CallID"), left.pop("CallID")} != {""}
    assert int(came.pop("EventTime")) < int(left.pop("EventTime"))
    assert came == {
        "EventType": "message-in",
        "CallFlow": "in",
        "CallerIDNum": "79161112233",
        "CalledNumber": "2566*102",
        "CalledExtension": "2566*102@sipproxy.telphin.ru",
        "CalledExtensionID": "85219",
        "Message": "Привет & пока",
    }
    assert left == {
        "EventType": "message-out",
        "CallFlow": "out",
        "CallerIDNum": "2566*102",
        "CalledNumber": "79161112233",
        "CallerExtension": "2566*102@sipproxy.telphin.ru",
        "CallerExtensionID": "85219",
        "Message": "OK",
    }
