"""Who hangs up: every party can, and each is told apart."""

from __future__ import annotations

import pytest

from mockpbx.calls.model import legs_of, live
from mockpbx.core.errors import ConflictError
from mockpbx.resources.call_history.model import Row
from tests.calls.desk import CALLER, Desk

OUTSIDE = "+79161114455"


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


def disposition(desk: Desk) -> str:
    """What the only row says of who ended the call."""
    (row,) = desk.world.store.all(Row)
    return row.hangup_disposition


@pytest.mark.fact("HIS-14", "SIM-11")
@pytest.mark.parametrize(
    ("way", "by", "word"),
    [
        ("incoming", "caller", "caller_bye"),
        ("incoming", CALLER, "caller_bye"),
        ("incoming", "callee", "callee_bye"),
        ("incoming", "102", "callee_bye"),
        ("incoming", "2566*102", "callee_bye"),
        ("incoming", 85219, "callee_bye"),
        ("outgoing", "caller", "caller_bye"),
        ("outgoing", "102", "caller_bye"),
        ("outgoing", "callee", "callee_bye"),
        ("outgoing", OUTSIDE, "callee_bye"),
        ("internal", "caller", "caller_bye"),
        ("internal", "103", "caller_bye"),
        ("internal", "callee", "callee_bye"),
        ("internal", "102", "callee_bye"),
    ],
)
def test_who_ends_a_talk(desk: Desk, way: str, by: str | int, word: str) -> None:
    """Whoever hangs up is told as the side that ended the talk."""
    begun = {
        "incoming": lambda: desk.incoming("102"),
        "outgoing": lambda: desk.outgoing("102", OUTSIDE),
        "internal": lambda: desk.internal("103", "102"),
    }
    call = desk.step(begun[way](), "answer")
    desk.step(call, "hang_up", by)
    assert (desk.state(call), disposition(desk)) == ("finished", word)
    (row,) = desk.world.store.all(Row)
    assert {part.hangup_disposition for part in row.parts} == {word}


@pytest.mark.fact("HIS-14", "DAT-16")
def test_an_agent_ends_the_talk(desk: Desk) -> None:
    """Menu and queue before the agent tell that the called side hung up."""
    desk.queue("102")
    desk.menu(menu={"1": "887"})
    call = desk.step(desk.step(desk.incoming("099"), "press", "1"), "answer")
    desk.step(call, "hang_up", "102")
    (row,) = desk.world.store.all(Row)
    assert [part.hangup_disposition for part in row.parts] == ["callee_bye"] * 3


def statuses(desk: Desk) -> list[str]:
    """The hangups that were sent since the last look: extension and status."""
    return [one for one in desk.story() if one.startswith("hangup")]


@pytest.mark.fact("DAT-7", "DAT-16", "HIS-19")
@pytest.mark.parametrize("by", ["menu", "caller", "outside"])
def test_a_menu_ends_after_it_led_outside(desk: Desk, by: str) -> None:
    """Whoever hangs up, the menu ends ANSWER: it led to a talk, though to none with an employee."""
    desk.menu(menu={"1": OUTSIDE})
    call = desk.step(desk.step(desk.incoming("099"), "press", "1"), "answer")
    menu = live(desk.world, call)[0]
    who = {"menu": f"{menu.extension_id}-{menu.hex}", "outside": OUTSIDE}.get(by, by)
    desk.step(call, "hang_up", who)
    assert (desk.now(call).result, statuses(desk)) == ("ANSWER", ["hangup 099 ANSWER"] * 2)
    (row,) = desk.world.store.all(Row)
    assert (row.result, row.hangup_disposition) == (
        "bridged",
        "caller_bye" if by == "caller" else "callee_bye",
    )


@pytest.mark.fact("DAT-7")
def test_a_menu_ends_before_anybody_outside_answers(desk: Desk) -> None:
    """While the number outside rings the caller who hangs up gives up: CANCEL for all."""
    desk.menu(menu={"1": OUTSIDE})
    call = desk.step(desk.incoming("099"), "press", "1")
    desk.step(call, "hang_up")
    assert statuses(desk) == ["hangup 099 CANCEL"] * 2


@pytest.mark.fact("SIM-11", "HIS-17")
@pytest.mark.parametrize("to", ["102", "101"])
def test_both_parts_of_a_refused_call(desk: Desk, to: str) -> None:
    """Of a call between extensions that is declined both parts are rejected, as is the row."""
    desk.step(desk.internal("103", to), "decline")
    (row,) = desk.world.store.all(Row)
    found = [(part.result, part.hangup_disposition) for part in row.parts]
    assert (row.result, found) == ("rejected", [("rejected", "callee_refuse")] * 2)


@pytest.mark.fact("HIS-10", "CUR-8")
def test_how_long_who_was_asked_was_connected(desk: Desk) -> None:
    """After a completed consultation the row is connected from the answer of who was asked on."""
    call = desk.step(desk.incoming("103"), "answer")
    desk.advance(10)
    desk.step(call, "transfer", "104", attended=True)
    desk.advance(2)
    desk.step(call, "answer")
    desk.advance(8)
    desk.step(call, "complete")
    desk.advance(5)
    desk.step(call, "hang_up")
    (row,) = desk.world.store.all(Row)
    assert row.talk is not None
    since = round((row.talk.began_at - row.init_at).total_seconds())
    assert (since, row.talk.username) == (12, "2566*104")


@pytest.mark.fact("SIM-5", "HIS-17")
def test_both_parts_of_a_busy_call(desk: Desk) -> None:
    """Of a call to a phone that has calls enough both parts are busy, as is the row."""
    desk.phone("102", incoming_limit=1)
    desk.incoming("102")
    desk.internal("103", "102")
    (row,) = desk.world.store.all(Row)
    assert (row.result, [part.result for part in row.parts]) == ("busy", ["busy"] * 2)


@pytest.mark.fact("CAL-9", "SIM-11")
def test_a_linked_phone_hangs_up_while_it_rings(desk: Desk) -> None:
    """A linked phone that hangs up is silent, and the main one rings on; both refuse the call."""
    call = desk.incoming("101")
    desk.step(call, "hang_up", "109")
    assert desk.ringing(call) == ["101"]
    with pytest.raises(ConflictError, match="hang_up: 109 is not in this call any more"):
        desk.step(call, "hang_up", "109")
    assert desk.step(call, "decline", "101").result == "BUSY"


@pytest.mark.fact("CAL-9", "CAL-11", "HIS-14")
@pytest.mark.parametrize(("way", "word"), [("in", "callee_bye"), ("out", "caller_bye")])
def test_a_linked_phone_ends_a_talk(desk: Desk, way: str, word: str) -> None:
    """In a talk of the main extension its linked phone hangs up for it."""
    call = desk.incoming("101") if way == "in" else desk.outgoing("109", OUTSIDE)
    desk.step(desk.step(call, "answer"), "hang_up", "109")
    assert (desk.state(call), disposition(desk)) == ("finished", word)


@pytest.mark.fact("CAL-9", "BND-20")
def test_a_resting_linked_phone_is_not_there(desk: Desk) -> None:
    """A linked phone that is not rung is in no call of the main one."""
    call = desk.step(desk.incoming("101"), "answer")
    with pytest.raises(ConflictError, match="is not in this call any more"):
        desk.step(call, "hang_up", "110")
    assert desk.state(call) == "answered"


@pytest.mark.fact("SIM-11")
@pytest.mark.parametrize("by", ["102", "callee"])
def test_who_rings_declines(desk: Desk, by: str) -> None:
    """A phone that hangs up while it rings declines."""
    call = desk.step(desk.incoming("102"), "hang_up", by)
    assert (call.result, disposition(desk)) == ("BUSY", "callee_refuse")


@pytest.mark.fact("SIM-11")
def test_outside_declines(desk: Desk) -> None:
    """A number outside can decline, too."""
    call = desk.step(desk.outgoing("102", OUTSIDE), "hang_up", OUTSIDE)
    assert (call.result, disposition(desk)) == ("BUSY", "callee_refuse")


@pytest.mark.fact("SIM-11")
def test_a_leg_is_named_by_its_sub_call_id(desk: Desk) -> None:
    """Of several that ring one is told apart by its leg."""
    desk.queue("102", "103", strategy="ring-all")
    call = desk.incoming("887")
    rung = live(desk.world, call)[-1]
    desk.step(call, "hang_up", f"{rung.extension_id}-{rung.hex}")
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-11")
def test_what_fits_several_is_refused(desk: Desk) -> None:
    """Several that fit are refused, with all of them in the message; nothing happens."""
    desk.queue("102", "103", strategy="ring-all")
    call = desk.incoming("887")
    first, second = live(desk.world, call)[1:]
    with pytest.raises(ConflictError) as refused:
        desk.step(call, "hang_up", "callee")
    for leg in (first, second):
        assert f"{leg.extension_id}-{leg.hex} ({leg.own.name} in, ringing)" in str(refused.value)
    assert desk.ringing(call) == ["102", "103"]


@pytest.mark.fact("SIM-11")
@pytest.mark.parametrize("by", ["104", "+79161119999", 85221, f"85221-{'0' * 32}"])
def test_who_is_not_there(desk: Desk, by: str | int) -> None:
    """Nobody hangs up who is not in the call."""
    call = desk.step(desk.incoming("102"), "answer")
    with pytest.raises(ConflictError, match="is not in this call any more"):
        desk.step(call, "hang_up", by)
    assert desk.state(call) == "answered"


@pytest.mark.fact("CBK-1", "CUR-2")
@pytest.mark.parametrize("by", ["104", "caller", 85221])
def test_the_owner_of_a_callback_hangs_up(desk: Desk, by: str | int) -> None:
    """The owner that rang itself is its own leg; the other side is passed on."""
    call = desk.callback("104", ["104"], OUTSIDE, transfer_after_src_hangup="106")
    desk.step(desk.step(call, "answer"), "answer")
    desk.step(call, "hang_up", by)
    assert desk.ringing(call) == ["106"]
    desk.step(call, "answer")
    assert desk.state(call) == "answered"


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("by", [OUTSIDE, "callee"])
def test_the_other_side_of_a_callback_hangs_up(desk: Desk, by: str) -> None:
    """The number outside hangs up; the first side is passed on."""
    call = desk.callback("104", ["102"], OUTSIDE, transfer_after_dst_hangup="106")
    desk.step(desk.step(call, "answer"), "answer")
    desk.step(call, "hang_up", by)
    assert desk.ringing(call) == ["106"]


@pytest.mark.fact("CBK-1")
def test_passed_on_to_nobody(desk: Desk) -> None:
    """A number that nobody has ends the call."""
    call = desk.callback("104", ["102"], OUTSIDE, transfer_after_src_hangup="999")
    desk.step(desk.step(call, "answer"), "answer")
    desk.step(call, "hang_up", "102")
    assert desk.state(call) == "finished"


@pytest.mark.fact("CBK-1", "CAL-12")
def test_a_callback_is_transferred(desk: Desk) -> None:
    """Without a name it is the phone that was rung that passes the call on."""
    call = desk.callback("104", ["102"], OUTSIDE)
    desk.step(desk.step(call, "answer"), "answer")
    desk.step(call, "transfer", "106")
    assert desk.ringing(call) == ["106"]
    live_legs = [desk.number(leg.extension_id) for leg in live(desk.world, call)]
    assert "102" not in live_legs
    event = desk.events()[-1]
    assert (event["EventType"], event["RemoteNumber"]) == ("dial-in", OUTSIDE)


@pytest.mark.fact("SIM-4")
def test_a_voicemail_belongs_to_its_leg(desk: Desk) -> None:
    """A colleague's message belongs to who was called: in picture, event and record."""
    from tests.handles import call_of

    call = desk.internal("101", "102")
    desk.advance(60)
    desk.events()
    desk.step(call, "leave_message")
    said = desk.events()[0]
    assert (said["EventType"], said["CalledNumber"]) == ("voicemail", "2566*102")
    assert said["RecID"].startswith("85219-")
    assert "102 left a message" in call_of(desk.world, call.hex).ladder()
    (row,) = desk.world.store.all(Row)
    assert [part.result for part in row.parts] == ["not answered", "voicemail"]
    assert legs_of(desk.world, call)[1].record_uuid == said["RecID"]


@pytest.mark.fact("SIM-11", "CAL-12")
def test_a_number_outside_that_was_passed_on_hangs_up(desk: Desk) -> None:
    """Whom a phone dialled and passed on is in the call, and ends it under its number."""
    call = desk.step(desk.outgoing("102", OUTSIDE), "answer")
    desk.step(call, "transfer", "103")
    desk.step(call, "answer")
    desk.step(call, "hang_up", OUTSIDE)
    assert (desk.state(call), disposition(desk)) == ("finished", "caller_bye")
