"""The picture of a call."""

from __future__ import annotations

from itertools import pairwise

import pytest

from mockpbx import MockPBX
from mockpbx.calls import steps
from mockpbx.testing.call import Call
from tests.handles import call_of, record_of

CALLER = "+79161112233"


def picture(call: Call) -> list[str]:
    """The ladder without its first line, which holds the random CallID."""
    title, *rows = call.ladder().splitlines()
    assert title == f"{call.kind} call {call.id}: {call.caller} -> {call.dialled}"
    return rows


@pytest.mark.fact("CAL-2", "CAL-3", "CAL-4")
def test_a_queue_with_two_agents(mock: MockPBX) -> None:
    """A column for each party in the order in which they came in, a line for each event."""
    call = mock.incoming_call(CALLER, did="74959998877")
    mock.clock.advance(4)
    call.press("1")
    mock.clock.advance(60)
    call.answer("103").talk(95.5).hang_up()
    assert picture(call) == [
        "",
        "   seconds  outside       ivr           queue         phone         phone",
        "            +79161112233  099           887           102           103",
        "     0.000  |------------>|             |             |             |   099 dial-in",
        "     4.000  *             |             |             |             |"
        "   +79161112233 pressed 1",
        "     4.000  |             |------------>|             |             |   887 dial-in",
        "     4.000  |             |             |------------>|             |   102 dial-in",
        "    64.000  |             |             |             x             |"
        "   102 hangup NOANSWER",
        "    64.000  |             |             |-------------------------->|   103 dial-in",
        "    64.000  |             |             |<--------------------------|   103 answer",
        "   159.500  |             |             |             |             x"
        "   103 hangup ANSWER, talked 95.5 s",
        "   159.500  |             |             x             |             |   887 hangup ANSWER",
        "   159.500  |             x             |             |             |   099 hangup ANSWER",
        "   159.500  the call is over: ANSWER",
    ]


@pytest.mark.fact("CAL-8")
def test_an_internal_call(mock: MockPBX) -> None:
    """Who dials and who rings are two legs between the same columns."""
    call = mock.internal_call("101", "102").answer()
    assert picture(call) == [
        "",
        "   seconds  phone         phone",
        "            101           102",
        "     0.000  |------------>|   101 dial-out",
        "     0.000  |------------>|   102 dial-in",
        "     0.000  |<------------|   102 answer",
        "     0.000  |<------------|   101 answer",
    ]


def test_an_outgoing_call(mock: MockPBX) -> None:
    """The number outside has a column, and its header makes all of them wide enough."""
    call = mock.outgoing_call("101", "810442079460000").hang_up()
    assert picture(call) == [
        "",
        "   seconds  phone            outside",
        "            101              810442079460000",
        "     0.000  |--------------->|   101 dial-out",
        "     0.000  x                |   101 hangup CANCEL",
        "     0.000  the call is over: CANCEL",
    ]


@pytest.mark.fact("SIM-11")
def test_a_call_to_nobody(mock: MockPBX) -> None:
    """A call that reached nobody has no columns."""
    call = mock.incoming_call(CALLER, to="999")
    assert picture(call) == ["     0.000  the call is over: CONGESTION"]


@pytest.mark.fact("CAL-6", "CAL-12")
def test_a_callback_and_a_transfer(mock: MockPBX) -> None:
    """A leg without events is marked, and one that calls itself is a star."""
    owner = record_of(mock.world, "101")
    fields = {"src_num": ["101"], "dst_num": CALLER}
    with mock.world.change():
        found = steps.callback(mock.world, owner, fields, None)
    call = call_of(mock.world, found.hex)
    call.answer().answer()
    assert picture(call) == [
        "",
        "   seconds  phone         outside",
        "            101           +79161112233",
        "     0.000  *             |   101 dial-in (no event)",
        "     0.000  *             |   101 answer (no event)",
        "     0.000  |------------>|   101 dial-out",
        "     0.000  |<------------|   101 answer",
    ]


@pytest.mark.parametrize("number", ["102", "887"])
def test_an_extension_that_was_deleted(mock: MockPBX, number: str) -> None:
    """The picture of a call one of whose extensions is deleted shows the others."""
    call = mock.incoming_call(CALLER, to="887")
    with mock.world.change():
        mock.world.store.remove(record_of(mock.world, number))
    assert f"{number} dial-in" not in call.ladder()
    assert "dial-in" in call.ladder()


def test_a_ladder_only_grows(mock: MockPBX) -> None:
    """While no new party comes in, later pictures begin with the earlier ones."""
    call = mock.incoming_call(CALLER, to="102")
    pictures = [call.ladder()]
    for step in (call.answer, call.hold, call.hang_up):
        step()
        pictures.append(call.ladder())
    assert all(later.startswith(earlier) for earlier, later in pairwise(pictures))
    assert len(set(pictures)) == 4


def test_a_message_on_the_voicemail(mock: MockPBX) -> None:
    """The call is over once the voicemail listens no more, and the picture goes on till then."""
    mock.register("105")
    call = mock.incoming_call(CALLER, to="105")
    mock.clock.advance(61)
    assert (call.state, call.ladder().splitlines()[-1].split()) == (
        "voicemail",
        ["60.000", "|", "x", "105", "hangup", "NOANSWER"],
    )
    call.leave_message()
    *_, left, over = call.ladder().splitlines()
    assert left.split() == ["61.000", "|", "*", "105", "left", "a", "message"]
    assert over == "    61.000  the call is over: NOANSWER"
