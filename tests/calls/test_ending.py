"""A step of a call that is over is refused with how and why it ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockpbx import ConflictError, MockPBX
from mockpbx.testing.call import Call

CALLER = "+79161112233"
OUTSIDE = "+79161112244"


def unanswered(mock: MockPBX) -> Call:
    call = mock.incoming_call(CALLER, to="101")
    mock.clock.advance(600)
    return call


@pytest.mark.parametrize(
    ("make", "how"),
    [
        (lambda pbx: pbx.incoming_call(CALLER, to="105"), "CHANUNAVAIL, 105 is not registered"),
        (lambda pbx: pbx.internal_call("101", "105"), "CHANUNAVAIL, 105 is not registered"),
        (lambda pbx: pbx.incoming_call(CALLER, to="999"), "CONGESTION, nobody has 999"),
        (
            lambda pbx: pbx.incoming_call(CALLER, to="101").decline(),
            "BUSY, 101 was busy or declined",
        ),
        (
            lambda pbx: pbx.outgoing_call("101", OUTSIDE).decline(),
            f"BUSY, {OUTSIDE} was busy or declined",
        ),
        (unanswered, "NOANSWER, 101 did not answer"),
        (
            lambda pbx: pbx.incoming_call(CALLER, to="101").hang_up(),
            "CANCEL, it was given up before an answer",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, to="101").answer().hang_up(),
            "ANSWER, it was answered, then hung up",
        ),
    ],
)
def test_how_and_why(mock: MockPBX, make: Callable[[MockPBX], Call], how: str) -> None:
    """The refusal names the result and what brought it about."""
    call = make(mock)
    with pytest.raises(ConflictError) as caught:
        call.answer()
    expected = f"answer: the call is finished: {how}; steps that it allows: none"
    assert str(caught.value) == expected


def test_what_happens_later_changes_nothing(mock: MockPBX) -> None:
    """A phone that registers afterwards was not registered then."""
    call = mock.incoming_call(CALLER, to="105")
    mock.register("105")
    with pytest.raises(ConflictError, match="finished: CHANUNAVAIL, 105 is not registered"):
        call.answer()
