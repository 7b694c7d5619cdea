"""Every feature of a PBX, told once, in this process and on a server: all is the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from .conftest import Pair
from .receivers import Receivers
from .stories import STORIES
from .stories.table import observed
from .told import differences

#: Stories in which the faces differ, and in what.
KNOWN: Mapping[str, str] = {
    "a_state_whose_key_is_a_number": "JSON turns the number into a text",
}


def told_red(name: str) -> Any:
    """The story; one in which the faces are known to differ is expected to fail."""
    marks = [pytest.mark.xfail(strict=True, reason=KNOWN[name])] if name in KNOWN else []
    return pytest.param(name, id=name, marks=marks)


def test_what_is_known_to_differ_is_told() -> None:
    """The list names stories that there are."""
    assert KNOWN.keys() <= STORIES.keys()


@pytest.mark.parametrize("name", [told_red(one) for one in STORIES])
def test_a_story(pair: Pair, receivers: Receivers, name: str) -> None:
    """Results, types, exceptions and texts are those of the PBX in this process."""
    here = observed(name, pair.local, receivers)
    there = observed(name, pair.remote, receivers)
    assert "\n".join(differences(here, there)) == ""
