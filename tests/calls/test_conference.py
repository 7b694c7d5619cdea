"""The local conference of an extension."""

from __future__ import annotations

import pytest

from mockpbx.calls.model import legs_of
from mockpbx.resources.call_history.model import Row
from tests.calls.desk import Desk
from tests.handles import call_of

#: The local conference of 103.
CODE = "*8103"


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


@pytest.mark.fact("FEA-1")
def test_who_dials_it_is_in_it(desk: Desk) -> None:
    """*8 and the number answer at once: dial-out and answer of who dials, nothing of the host."""
    call = desk.internal("102", "*8103")
    assert desk.state(call) == "answered"
    assert desk.story() == ["dial-out 102", "answer 102"]
    desk.advance(5)
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 102 ANSWER"]
    (row,) = desk.world.store.all(Row)
    assert (row.result, row.sides.to_username, row.talk) == ("answered", "*8103", None)


@pytest.mark.fact("FEA-1", "PHN-16")
@pytest.mark.parametrize("announces", [True, False])
def test_two_meet(desk: Desk, announces: bool) -> None:
    """Who is in it hears the name of who joins, unless that is off; both have talked."""
    desk.phone("103", conference_announce_caller_name=announces)
    first = desk.internal("102", "*8103")
    second = desk.outgoing("101", "*8103")
    picture = call_of(desk.world, first.hex).ladder()
    assert ("102 hears that Anna joins" in picture) is announces
    for call in (first, second):
        desk.step(call, "hang_up")
    assert [row.result for row in desk.world.store.all(Row)] == ["bridged", "bridged"]


@pytest.mark.fact("FEA-1", "HIS-10")
def test_how_long_a_host_was_connected(desk: Desk) -> None:
    """The row of who met somebody is connected from its own answer on, however late that came."""
    host = desk.internal("103", "*8103")
    desk.advance(5)
    guest = desk.internal("102", "*8103")
    desk.advance(7)
    for call in (guest, host):
        desk.step(call, "hang_up")
    lengths = [
        (row.sides.extension_name, round((row.talk.ended_at - row.talk.began_at).total_seconds()))
        for row in desk.world.store.all(Row)
        if row.talk is not None
    ]
    assert lengths == [("2566*103", 12), ("2566*102", 7)]


@pytest.mark.fact("FEA-1", "PHN-17")
@pytest.mark.parametrize(("ends", "state"), [(True, "finished"), (False, "answered")])
def test_the_host_leaves(desk: Desk, ends: bool, state: str) -> None:
    """The conference ends when its host leaves it, unless that is off."""
    desk.phone("103", conference_end_on_exit=ends)
    host, guest = desk.internal("103", "*8103"), desk.internal("102", "*8103")
    desk.step(host, "hang_up")
    assert desk.state(guest) == state


@pytest.mark.fact("FEA-1", "CUR-2")
def test_a_guest_holds(desk: Desk) -> None:
    """Who is in the conference puts it on hold, and takes it up again."""
    call = desk.internal("102", "*8103")
    desk.step(call, "hold")
    assert desk.state(call) == "held"
    desk.step(call, "hold")
    assert desk.state(call) == "answered"


@pytest.mark.fact("FEA-1", "CAL-12")
@pytest.mark.parametrize(
    ("attended", "rings", "then"),
    [(False, "ringing", "answered"), (True, "transferring", "consulting")],
)
def test_a_guest_passes_the_call_on(desk: Desk, attended: bool, rings: str, then: str) -> None:
    """Whom a guest rings out of the conference can pick up."""
    call = desk.internal("102", "*8103")
    desk.step(call, "transfer", "104", attended=attended)
    assert desk.state(call) == rings
    desk.step(call, "answer")
    assert desk.state(call) == then


@pytest.mark.fact("FEA-1", "PHN-17")
def test_a_guest_leaves(desk: Desk) -> None:
    """A guest who leaves ends nothing but its own call."""
    host, guest = desk.internal("103", "*8103"), desk.internal("102", "*8103")
    desk.step(guest, "hang_up")
    assert desk.state(host) == "answered"


@pytest.mark.fact("FEA-1", "PHN-18")
def test_a_pin(desk: Desk) -> None:
    """Others need the PIN, and may try again after a wrong one; the host needs none."""
    desk.phone("103", conference_pin="42")
    assert desk.state(desk.internal("103", "*8103")) == "answered"
    call = desk.internal("102", "*8103")
    for key in "41":
        desk.step(call, "press", key)
    assert desk.state(call) == "screening"
    for key in "42":
        assert desk.state(call) == "screening"
        desk.step(call, "press", key)
    assert desk.state(call) == "answered"


#: How a call comes to `*8103` without a phone dialling it.
NOT_DIALLED = {
    "transfer": lambda desk: desk.step(desk.step(desk.incoming("102"), "answer"), "transfer", CODE),
    "callback": lambda desk: desk.step(desk.callback("104", ["102"], CODE), "answer"),
    "menu": lambda desk: desk.step(desk.incoming("099"), "press", "1"),
    "rule": lambda desk: desk.incoming("105"),
    "caller": lambda desk: desk.incoming(CODE),
}


@pytest.mark.fact("FEA-1", "SIM-11")
@pytest.mark.parametrize("way", NOT_DIALLED)
def test_only_a_phone_dials_it(desk: Desk, way: str) -> None:
    """A transfer, a callback, a menu, a rule and a caller lead to no conference: the call ends."""
    desk.menu(menu={"1": CODE})
    desk.forward("105", CODE)
    call = NOT_DIALLED[way](desk)
    assert desk.state(call) == "finished"
    assert desk.now(call).result == ("ANSWER" if way == "transfer" else "CONGESTION")
    assert [leg.own.name for leg in legs_of(desk.world, call) if leg.own.name == "2566*103"] == []


@pytest.mark.fact("FEA-1", "SIM-11")
@pytest.mark.parametrize(
    "number", ["*8999", "*8887", "*8", "*9103", "*2", "#1", "#1103", "*8103#", "**8103"]
)
def test_a_code_that_leads_nowhere(desk: Desk, number: str) -> None:
    """A feature code that is none ends the call, and never rings a number outside."""
    call = desk.outgoing("102", number)
    assert (call.result, desk.story()) == ("CONGESTION", ["dial-out 102", "hangup 102 CONGESTION"])


@pytest.mark.fact("FEA-1", "HIS-19")
def test_a_message_left_out_of_an_empty_conference(desk: Desk) -> None:
    """Who was alone in it was answered, also when the call then ends in a voicemail."""
    desk.phone("104", vm_enabled=True)
    call = desk.internal("102", "*8103")
    desk.step(call, "transfer", "104")
    desk.advance(60)
    desk.step(call, "leave_message")
    (row,) = desk.world.store.all(Row)
    assert (row.result, desk.now(call).result) == ("answered", "ANSWER")
