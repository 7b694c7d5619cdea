"""Every feature of a PBX, told once, in this process and on a server: all is the same."""

from __future__ import annotations

import pytest

from .conftest import Pair
from .receivers import Receivers
from .stories import STORIES
from .stories.table import observed
from .told import differences


@pytest.mark.parametrize("name", STORIES)
def test_a_story(pair: Pair, receivers: Receivers, name: str) -> None:
    """Results, types, exceptions and texts are those of the PBX in this process."""
    here = observed(name, pair.local, receivers)
    there = observed(name, pair.remote, receivers)
    assert "\n".join(differences(here, there)) == ""
