"""The stories tell of everything: a method or a command that none of them reaches is named."""

from __future__ import annotations

from types import CodeType

import pytest

from mockpbx import MockPBX
from mockpbx.testing.call import Call, CallList
from mockpbx.testing.clock import Clock
from mockpbx.testing.commands import COMMANDS
from mockpbx.testing.fault_rules import Fault, FaultRules
from mockpbx.testing.pbx import PBX
from mockpbx.testing.settings import Settings

from .conftest import Faces
from .receivers import Receivers
from .stories import STORIES
from .stories.table import observed
from .witness import Witness, public

#: Commands that no method of a PBX reaches, and why.
ELSEWHERE = {
    "verify": "a PBX compares the requests itself, so that values like unittest.mock.ANY do",
}


@pytest.fixture(scope="module")
def witness(faces: Faces, receivers: Receivers) -> Witness:
    """What all stories reach in this process."""
    made = Witness()
    for name in STORIES:
        pair = faces.pair()
        with made.watching():
            observed(name, pair.local, receivers)
        pair.remote.close()
    return made


def test_every_public_name_is_told_of(witness: Witness) -> None:
    """Each method and property of a PBX, its calls, clock and rules is in a story."""
    known: dict[str, CodeType] = public(PBX, MockPBX)
    for face in (Call, CallList, Clock, FaultRules, Fault, Settings):
        known.update(public(face))
    assert [name for name, code in known.items() if code not in witness.called] == []
    assert len(known) > 60


def test_every_command_is_reached(witness: Witness) -> None:
    """Each command is run by some method of a PBX, or only elsewhere for a reason."""
    names = [one.name for one in COMMANDS]
    assert sorted({*names} - witness.commands) == sorted(ELSEWHERE)
    assert len(names) == len({*names})
