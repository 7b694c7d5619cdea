"""Transfers: who is asked, who is held, and what is recorded of whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mockpbx.core.errors import ConflictError
from tests.calls.desk import CALLER, Desk, told

OUTSIDE = "+79161114455"


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


def ended(desk: Desk, call: object) -> list[tuple[str, str]]:
    """The live legs of a call: number and state."""
    from mockpbx.calls.model import Call, live

    assert isinstance(call, Call)
    return [(desk.number(leg.extension_id), leg.state) for leg in live(desk.world, call)]


@pytest.mark.fact("CAL-12", "CUR-8")
def test_a_consultation(desk: Desk) -> None:
    """Who is asked talks with who asks; the caller waits until they are connected."""
    call = desk.step(desk.incoming("103"), "answer")
    desk.step(call, "transfer", "104", attended=True)
    desk.step(call, "answer")
    assert desk.state(call) == "consulting"
    assert ended(desk, call) == [("103", "answered"), ("104", "answered")]
    desk.events()
    desk.step(call, "complete")
    assert desk.story() == ["hangup 103 ANSWER"]
    assert (desk.state(call), ended(desk, call)) == ("answered", [("104", "answered")])


@pytest.mark.fact("CAL-12", "CUR-8", "SIM-7")
@pytest.mark.parametrize("how", ["complete", "hang_up"])
def test_who_asks_leaves_while_who_is_asked_screens(desk: Desk, how: str) -> None:
    """The call is left to a phone that screens it, as to one that rings; it may take it then."""
    desk.phone("104", call_screening_enabled=True)
    call = desk.step(desk.incoming("103"), "answer")
    desk.step(call, "transfer", "104", attended=True)
    desk.step(call, "answer")
    assert desk.state(call) == "screening"
    desk.events()
    desk.step(call, how, *(["103"] if how == "hang_up" else []))
    assert (desk.state(call), desk.story()) == ("screening", ["hangup 103 ANSWER"])
    desk.step(call, "press", "1")
    assert (desk.state(call), ended(desk, call)) == ("answered", [("104", "answered")])


@pytest.mark.fact("CAL-12", "CUR-8")
def test_who_asks_takes_the_call_back_while_who_is_asked_screens(desk: Desk) -> None:
    """Nobody is asked any more, and the first two talk again."""
    desk.phone("104", call_screening_enabled=True)
    call = desk.step(desk.incoming("103"), "answer")
    desk.step(call, "transfer", "104", attended=True)
    desk.step(call, "answer")
    desk.step(call, "cancel")
    assert (desk.state(call), ended(desk, call)) == ("answered", [("103", "answered")])


@pytest.mark.fact("CAL-12", "CUR-8")
@pytest.mark.parametrize("by", ["cancel", "hangs up"])
def test_a_consultation_that_comes_to_nothing(desk: Desk, by: str) -> None:
    """Taken back, or left by who was asked, the call is the first one's again."""
    call = desk.step(desk.incoming("103"), "answer")
    desk.step(call, "transfer", "104", attended=True)
    desk.step(call, "answer")
    desk.events()
    if by == "cancel":
        desk.step(call, "cancel")
    else:
        desk.step(call, "hang_up", "104")
    assert desk.story() == ["hangup 104 ANSWER"]
    assert (desk.state(call), ended(desk, call)) == ("answered", [("103", "answered")])


@pytest.mark.fact("CAL-12", "CUR-8")
def test_hanging_up_connects(desk: Desk) -> None:
    """Who asked hangs up and so connects the caller with who was asked."""
    call = desk.step(desk.incoming("103"), "answer")
    desk.step(call, "transfer", "104", attended=True)
    desk.step(call, "answer")
    desk.step(call, "hang_up", "103")
    assert ended(desk, call) == [("104", "answered")]


@pytest.mark.fact("CAL-12")
def test_a_colleague_is_held_meanwhile(desk: Desk) -> None:
    """An internal caller is held while the called one asks, and talks again afterwards."""
    call = desk.step(desk.internal("101", "102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    desk.step(call, "answer")
    assert ended(desk, call) == [("101", "held"), ("102", "answered"), ("103", "answered")]
    desk.step(call, "complete")
    assert ended(desk, call) == [("101", "answered"), ("103", "answered")]


@pytest.mark.fact("CAL-12")
def test_nobody_is_asked(desk: Desk) -> None:
    """Without a consultation there is none to complete."""
    call = desk.step(desk.incoming("103"), "answer")
    for step in ("complete", "cancel"):
        with pytest.raises(ConflictError, match=f"{step}: the call is answered"):
            desk.step(call, step)


@pytest.mark.fact("DAT-18", "CAL-12")
@pytest.mark.parametrize(("way", "remote"), [("incoming", CALLER), ("internal", None)])
def test_remote_number(desk: Desk, way: str, remote: str | None) -> None:
    """RemoteNumber is the number outside; a call inside the PBX has none."""
    begun = desk.incoming("102") if way == "incoming" else desk.internal("101", "102")
    call = desk.step(begun, "answer")
    desk.events()
    desk.step(call, "transfer", "103")
    (event,) = [one for one in desk.events() if one["EventType"] == "dial-in"]
    assert event.get("RemoteNumber") == remote


@pytest.mark.fact("DAT-18", "CAL-12")
def test_the_remote_number_of_a_second_transfer(desk: Desk) -> None:
    """Whom a phone dialled outside is still the other side when the call is passed on again."""
    call = desk.step(desk.outgoing("102", OUTSIDE), "answer")
    desk.step(call, "transfer", "103")
    desk.step(call, "answer")
    desk.events()
    desk.step(call, "transfer", "104")
    (event,) = [one for one in desk.events() if one["EventType"] == "dial-in"]
    assert (event["RemoteNumber"], event["CallerIDNum"]) == (OUTSIDE, OUTSIDE)


@pytest.mark.fact("DAT-8", "CAL-12")
def test_the_caller_of_a_second_transfer_inside(desk: Desk) -> None:
    """When the one who called has left, the other side of a transfer is who still talks."""
    call = desk.step(desk.internal("103", "102"), "answer")
    desk.step(call, "transfer", "106", extension_id=85220)
    desk.step(call, "answer")
    desk.events()
    desk.step(call, "transfer", "104", extension_id=85223)
    (event,) = [one for one in desk.events() if one["EventType"] == "dial-in"]
    assert (event["CallerIDNum"], event.get("RemoteNumber")) == ("2566*102", None)


@pytest.mark.fact("DAT-17")
@pytest.mark.parametrize("way", ["transfer", "menu key", "queue time-out"])
def test_only_a_rule_makes_a_call_transfered(desk: Desk, way: str) -> None:
    """What leaves the PBX by a transfer, a key or a time-out is not Transfered."""
    if way == "transfer":
        call = desk.step(desk.incoming("102"), "answer")
        desk.step(call, "transfer", OUTSIDE)
    elif way == "menu key":
        desk.menu(menu={"1": OUTSIDE})
        call = desk.step(desk.incoming("099"), "press", "1")
    else:
        desk.queue(max_wait_time=5, timeout_transfer_dst=OUTSIDE)
        call = desk.incoming("887")
        desk.advance(5)
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    assert not any("Transfered" in event for event in desk.events())


@pytest.mark.fact("DAT-16")
@pytest.mark.parametrize(("talked", "word"), [(True, "yes"), (False, "no")])
def test_bridged_after_a_transfer(desk: Desk, talked: bool, word: str) -> None:
    """A menu to which an employee passed the call on was no missed call."""
    if talked:
        call = desk.step(desk.incoming("103"), "answer")
        desk.step(call, "transfer", "099")
    else:
        call = desk.incoming("099")
    desk.step(call, "hang_up")
    assert [one["Bridged"] for one in desk.events() if "Bridged" in one] == [word]


@pytest.mark.fact("DAT-16", "CAL-5")
@pytest.mark.parametrize("way", ["rule", "menu key", "queue time-out"])
def test_bridged_after_leaving_the_pbx(desk: Desk, way: str) -> None:
    """Each hangup of a menu or queue says that no phone of the PBX took the call, and who called.

    That holds for the leg by which it sent the call outside, too.
    """
    if way == "rule":
        desk.forward("887", OUTSIDE)
        call = desk.incoming("887")
    elif way == "menu key":
        desk.menu(menu={"1": OUTSIDE})
        call = desk.step(desk.incoming("099"), "press", "1")
    else:
        desk.queue(max_wait_time=5, timeout_transfer_dst=OUTSIDE)
        call = desk.incoming("887")
        desk.advance(5)
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    hangups = [one for one in desk.events() if one["EventType"] == "hangup"]
    own = [one for one in hangups if one["CallFlow"] == "out"]
    assert len(own) == 1
    assert {(one.get("Bridged"), one["CallerIDNum"]) for one in hangups} == {("no", CALLER)}


@pytest.mark.fact("DAT-16")
def test_bridged_of_a_phone_that_forwards(desk: Desk) -> None:
    """The hangup of a phone's leg outside says nothing of the kind."""
    desk.forward("102", OUTSIDE)
    desk.step(desk.step(desk.incoming("102"), "answer"), "hang_up")
    assert not any("Bridged" in event for event in desk.events())


@pytest.mark.fact("CAL-5", "DAT-8")
def test_the_caller_of_a_forwarded_call(desk: Desk) -> None:
    """A call that a rule always forwards shows its caller, and the row is that of the call."""
    desk.forward("102", OUTSIDE)
    call = desk.incoming("102")
    (event,) = desk.events()
    assert (told(event), event["CallerIDNum"]) == ("dial-out 102", CALLER)
    desk.step(call, "hang_up")
    from mockpbx.resources.call_history.model import Row

    (row,) = desk.world.store.all(Row)
    sides = row.sides
    assert (sides.flow, sides.from_username, sides.to_username) == ("in", CALLER, "2566*102")
    assert row.parts[0].sides.from_username == CALLER


@pytest.mark.fact("PHN-34", "CAL-5")
@pytest.mark.parametrize("when", ["always", "busy"])
@pytest.mark.parametrize(("fixed", "number"), [("79161110000", "79161110000"), (None, CALLER)])
def test_the_number_of_who_forwards_inside(
    desk: Desk, when: str, fixed: str | None, number: str
) -> None:
    """A phone to which a rule forwards sees the fixed number of the one that forwards."""
    desk.phone("102", transfer_caller_id_number=fixed)
    desk.forward("102", "104", when)
    call = desk.incoming("102")
    if when == "busy":
        desk.step(call, "decline")
    event = desk.events()[-1]
    assert (told(event), event["CallerIDNum"]) == ("dial-in 104", number)


@pytest.mark.fact("PHN-34", "CAL-12")
@pytest.mark.parametrize("attended", [False, True])
def test_the_number_of_who_transfers(desk: Desk, attended: bool) -> None:
    """The second phone sees the fixed number of the one that transfers, and who calls besides."""
    desk.phone("102", transfer_caller_id_number="79161110000")
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "104", attended=attended)
    event = desk.events()[-1]
    assert (told(event), event["CallerIDNum"]) == ("dial-in 104", "79161110000")
    assert (event["CallerIDName"], event["RemoteNumber"]) == (CALLER, CALLER)


@pytest.mark.fact("PHN-13", "CAL-12")
@pytest.mark.parametrize("attended", [False, True])
def test_the_mark_of_a_transfer(desk: Desk, attended: bool) -> None:
    """The second phone sees by the name that the call was transferred, and by whom."""
    desk.phone("102", append_to_cid_name_on_transfer=" (from 102)")
    call = desk.step(desk.incoming("102", caller_name="Vera"), "answer")
    desk.step(call, "transfer", "104", attended=attended)
    event = desk.events()[-1]
    assert told(event) == "dial-in 104"
    assert (event["CallerIDNum"], event["CallerIDName"]) == (CALLER, "Vera (from 102)")


@pytest.mark.fact("CAL-5")
def test_a_rule_that_forwards_inside(desk: Desk) -> None:
    """A rule that names an own extension rings that."""
    desk.forward("102", "104")
    call = desk.incoming("102")
    assert desk.ringing(call) == ["104"]
    assert desk.story() == ["dial-in 104"]


@pytest.mark.fact("CAL-5")
def test_rules_in_a_circle(desk: Desk) -> None:
    """Rules that forward a call round in a circle end it."""
    desk.forward("102", "104")
    desk.forward("104", "102")
    assert desk.incoming("102").result == "CONGESTION"


@pytest.mark.fact("CBK-2", "CAL-7")
@pytest.mark.parametrize("when", ["always", "busy"])
def test_a_callback_rings_first_without_rules(desk: Desk, when: str) -> None:
    """No rule forwards from a phone that is rung first, and it rings as if it had none."""
    desk.forward("102", "104", when)
    call = desk.callback("101", ["102"], "103")
    assert desk.ringing(call) == ["102"]
    desk.step(call, "decline", "102")
    assert (desk.ringing(call), desk.state(call)) == ([], "finished")


@pytest.mark.fact("CBK-2", "CAL-5")
def test_the_rules_of_a_callbacks_destination(desk: Desk) -> None:
    """The destination's rules work."""
    desk.forward("103", "104", "busy")
    call = desk.step(desk.callback("101", ["102"], "103"), "answer")
    desk.step(call, "decline", "103")
    assert desk.ringing(call) == ["104"]


@pytest.mark.fact("PHN-30", "PHN-31", "SIM-8")
def test_nothing_goes_on_that_was_not_recorded(desk: Desk) -> None:
    """Neither record_transfer nor record_on_transfer records anything without record_enabled."""
    desk.phone("102", record_enabled=False, record_transfer=True, record_on_transfer=True)
    desk.phone("104", record_enabled=False)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "104")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    hangups = [one for one in desk.events() if one["EventType"] == "hangup"]
    assert [(told(one), "RecID" in one) for one in hangups] == [
        ("hangup 102 ANSWER", False),
        ("hangup 104 ANSWER", False),
    ]


@pytest.mark.fact("CBK-4", "CBK-9")
@pytest.mark.parametrize("given", ["74959998877", "+74959998877", None])
def test_the_public_numbers_of_a_callback(desk: Desk, given: str | None) -> None:
    """Each number outside sees the callback's public number for it, and extensions see none."""
    call = desk.callback("101", [OUTSIDE, "102"], "+79161112200", src_ani=given, dst_ani="7495000")
    desk.step(call, "answer")
    desk.step(call, "answer")
    shown = None if given is None else "74959998877"
    assert [(leg.called_number, leg.ani) for leg in desk.legs(call)] == [
        (OUTSIDE, shown),
        ("2566*102", None),
        ("2566*102", None),
        ("+79161112200", "7495000"),
    ]


@pytest.mark.fact("CAL-8", "CAL-1")
def test_a_phone_that_dials_a_colleague(desk: Desk) -> None:
    """A number of the PBX rings inside, also when it is dialled as one outside would be."""
    call = desk.outgoing("102", "103")
    assert (call.kind, desk.ringing(call)) == ("internal", ["103"])
    assert desk.story() == ["dial-out 102", "dial-in 103"]


@pytest.mark.fact("SIM-6", "PHN-39")
def test_intercom_at_once(desk: Desk) -> None:
    """A phone with intercom 0 has answered when the call is there, on a standing clock too."""
    desk.phone("102", intercom=0)
    call = desk.incoming("102")
    assert desk.state(call) == "answered"
    assert desk.story() == ["dial-in 102", "answer 102"]


@pytest.mark.fact("SIM-7", "CBK-1")
def test_a_callback_to_a_screened_phone(desk: Desk) -> None:
    """A phone that is picked up by itself presses the key, too."""
    desk.phone("102", call_screening_enabled=True)
    call = desk.callback("101", ["102"], OUTSIDE, {"outcome": "answer", "answer_after": 2})
    desk.advance(4)
    assert desk.state(call) == "answered"


@pytest.mark.fact("CUR-2")
def test_a_conference_invites_two(desk: Desk) -> None:
    """Both who are invited may come, and neither is who the call was connected with."""
    from mockpbx.calls.third_party_control import join
    from mockpbx.resources.call_history.model import Row

    call = desk.step(desk.incoming("102"), "answer")
    with desk.world.change():
        for name in ("104", "106"):
            join(desk.world, call, desk.ext("102"), desk.ext(name))
    desk.step(call, "answer", "104")
    desk.step(call, "answer", "106")
    assert [state for _, state in ended(desk, call)] == ["answered"] * 3
    desk.step(call, "hang_up")
    (row,) = desk.world.store.all(Row)
    assert row.talk is not None
    assert row.talk.username == "2566*102"


#: 103 talks for 10 s and passes the call on to somebody who takes it after 4 s; asked first, they
#: talk for 6 s before they are connected. They then talk until 40 s after the call was answered.
#: (record_transfer, record_on_transfer, attended, who gets it) -> seconds of 103's record.
#:
#: "off, off": it stops when 103 leaves. "record_transfer": it goes on, but stops when the call
#: gets to an extension that records. "record_on_transfer": it is the other side's record, which
#: stops when that hangs up, whatever becomes of the call.
RECORDS = [
    (False, False, False, "records", 10),
    (False, False, False, "does not", 10),
    (False, False, False, "outside", 10),
    (False, False, True, "records", 20),
    (False, False, True, "does not", 20),
    (False, False, True, "outside", 20),
    (True, False, False, "records", 10),
    (True, False, False, "does not", 40),
    (True, False, False, "outside", 40),
    (True, False, True, "records", 20),
    (True, False, True, "does not", 40),
    (True, False, True, "outside", 40),
    (False, True, False, "records", 40),
    (False, True, False, "does not", 40),
    (False, True, False, "outside", 40),
    (False, True, True, "records", 40),
    (False, True, True, "does not", 40),
    (False, True, True, "outside", 40),
    (True, True, False, "records", 40),
    (True, True, False, "does not", 40),
    (True, True, False, "outside", 40),
    (True, True, True, "records", 40),
    (True, True, True, "does not", 40),
    (True, True, True, "outside", 40),
]


@pytest.mark.fact("SIM-9", "PHN-30", "PHN-31")
@pytest.mark.parametrize(("transfer", "on_transfer", "attended", "who", "seconds"), RECORDS)
def test_the_record_of_who_passed_a_call_on(
    desk: Desk, transfer: bool, on_transfer: bool, attended: bool, who: str, seconds: int
) -> None:
    """Two properties, the way and the target decide how long the first one's record is."""
    from mockpbx.resources.call_history.model import Row

    desk.phone("103", record_transfer=transfer, record_on_transfer=on_transfer)
    desk.phone("104", record_enabled=who == "records")
    call = desk.step(desk.incoming("103"), "answer")
    desk.advance(10)
    desk.step(call, "transfer", OUTSIDE if who == "outside" else "104", attended=attended)
    desk.advance(4)
    desk.step(call, "answer")
    desk.advance(6)
    if attended:
        desk.step(call, "complete")
    desk.advance(20)
    desk.step(call, "hang_up")
    (row,) = desk.world.store.all(Row)
    recording = row.parts[0].recording
    assert recording is not None
    assert recording.length - timedelta(seconds=seconds) < timedelta(milliseconds=1)
    assert timedelta(seconds=seconds) - recording.length < timedelta(milliseconds=1)


@pytest.mark.fact("SIM-8", "SIM-9", "PHN-30")
@pytest.mark.parametrize("attended", [False, True])
@pytest.mark.parametrize("transfer", [False, True])
def test_a_call_that_was_passed_on_outside_has_one_record(
    desk: Desk, attended: bool, transfer: bool
) -> None:
    """Who passed the call on to a number outside has the record of its own talk, no second one."""
    from mockpbx.resources.call_history.model import Row

    desk.phone("103", record_transfer=transfer)
    call = desk.step(desk.incoming("103"), "answer")
    desk.advance(10)
    desk.step(call, "transfer", OUTSIDE, attended=attended)
    desk.step(call, "answer")
    if attended:
        desk.step(call, "complete")
    desk.advance(20)
    desk.step(call, "hang_up")
    (row,) = desk.world.store.all(Row)
    recorded = [(part.sides.flow, part.recording is not None) for part in row.parts]
    assert recorded == [("in", True), ("out", False)]


@pytest.mark.fact("SIM-8", "DAT-15")
def test_a_call_that_a_rule_forwards_is_recorded(desk: Desk) -> None:
    """The extension whose rule forwarded the call outside records what is said there."""
    desk.forward("102", OUTSIDE)
    desk.step(desk.step(desk.incoming("102"), "answer"), "hang_up")
    assert "RecID" in desk.events()[-1]
