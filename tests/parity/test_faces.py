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

_RULES = "a refusal before the journey cites the vendor's rules"
_PATHS = "slashes, dots and nothing are lost in a path"
_JSON = "JSON has no NaN, and moments are refused elsewhere in other words"

#: Stories in which the faces differ, and in what.
KNOWN: Mapping[str, str] = {
    "incoming_calls_that_do_not_start": _RULES,
    "calls_of_phones_that_do_not_start": _RULES,
    "scripts_that_cannot_be_followed": _RULES,
    "messages_to_nobody": _RULES,
    "rules_that_could_never_happen": _RULES,
    "lists_of_rules_that_could_never_happen": _RULES,
    "extensions_are_not_added": _RULES,
    "agents_that_are_none": _RULES,
    "snapshots_that_are_none": _RULES,
    "a_call_that_is_picked_up_by_name": _RULES,
    "transfers": _RULES,
    "a_menu": _RULES,
    "texts_of_more_than_one_line": _RULES,
    "times_that_are_none": f"{_RULES}; {_JSON}",
    "talking_for_a_wrong_time": f"{_RULES}; {_JSON}",
    "a_long_refusal": "a reason that is longer than its header ends in UnicodeDecodeError",
    "an_extension_with_an_odd_name": _PATHS,
    "agents_with_odd_names": _PATHS,
    "snapshots_with_odd_names": _PATHS,
    "snapshots_named_by_dots": _PATHS,
    "odd_numbers_of_events": _PATHS,
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
