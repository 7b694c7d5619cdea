"""What needs the process that the PBX is in: a server elsewhere says so."""

from __future__ import annotations

import pytest

from mockpbx import MockPBX
from mockpbx.testing.pbx import PBX
from mockpbx.testing.remote import RemoteError, RemotePBX

from .conftest import Pair

DOORS = ("app", "deliver_to", "fork", "httpx_transport", "intercept", "session", "world")
#: What is not for a test, but for who makes a PBX and ends it.
OF_THE_MAKER = {"TEST_HOST", "TEST_URL", "of_world", "end", "begin"}


@pytest.mark.parametrize("name", DOORS)
def test_a_door(pair: Pair, name: str) -> None:
    """It is there in this process; elsewhere it is refused by its name."""
    assert getattr(pair.local, name) is not None
    with pytest.raises(RemoteError) as caught:
        getattr(pair.remote, name)
    text = f"{name}: only a PBX in this process has it, not the one at {pair.remote.url}"
    assert str(caught.value) == text


def test_there_are_no_other_differences() -> None:
    """Apart from these doors both have the same names."""
    names = [{name for name in dir(one) if name[0] != "_"} for one in (MockPBX, RemotePBX, PBX)]
    local, remote, both = ({*one} - OF_THE_MAKER for one in names)
    assert (local - both, remote - both) == ({*DOORS}, set())
