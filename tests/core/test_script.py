"""Scripts of calls: what is wrong with one is told entry by entry."""

from __future__ import annotations

import pytest

from mockpbx.core.errors import InvalidError
from mockpbx.core.script import check, faults

UNKNOWN = "is none of outcome, answer_after, talk, after, press, leave_message"


def test_faults_after_an_unknown_entry() -> None:
    """An unknown entry does not hide what is wrong behind it."""
    script = {"colour": 1, "talk": -1, "sound": 2, "press": "12", "leave_message": True}
    assert faults(script) == [
        f"script.colour: {UNKNOWN}",
        "script.talk: must be a number of seconds, from 0 to 1000000000",
        f"script.sound: {UNKNOWN}",
        "script.press: must be one of 0 to 9, * and #",
        "script.leave_message: needs the outcome no_answer",
    ]


def test_all_of_them_are_told() -> None:
    """A script that cannot be followed is refused with all of its faults in one message."""
    with pytest.raises(InvalidError) as refusal:
        check({"colour": 1, "talk": "x"})
    text = (
        f"script.colour: {UNKNOWN}; script.talk: must be a number of seconds, from 0 to 1000000000"
    )
    assert refusal.value.message == text
