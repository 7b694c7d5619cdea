"""A configuration that cannot be is refused when it is made."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockpbx import Config, MockPBX


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"world": 5}, "world: must be a name, a path or a mapping, not 5"),
        ({"readings": {"slashes": "strict"}}, "readings: must be Readings, not "),
        ({"rate_limits": "x"}, "rate_limits: must be True or False, not 'x'"),
        ({"freeze": "no"}, "freeze: must be True or False, not 'no'"),
        ({"seed": 1.5}, "seed: must be a whole number, not 1.5"),
        ({"journal_limit": 0}, "journal_limit: must be a whole number above 0, not 0"),
        ({"journal_limit": True}, "journal_limit: must be a whole number above 0, not True"),
        ({"delivery_timeout_s": -1}, "delivery_timeout_s: must be seconds, 0 or more, not -1"),
        ({"retry_delays_s": 5}, "retry_delays_s: must be a tuple of seconds, 0 or more, not 5"),
        ({"retry_delays_s": (-1,)}, "retry_delays_s: must be a tuple of seconds, 0 or more"),
        ({"retry_delays_s": ("x",)}, "retry_delays_s: must be a tuple of seconds, 0 or more"),
        ({"quirks": 5}, "quirks: must be Quirks, not 5"),
        ({"callback_script": "x"}, "callback_script: must be a mapping, not 'x'"),
    ],
)
def test_what_cannot_be(fields: dict[str, Any], text: str) -> None:
    """The field and what it must be are named, wherever the configuration is made."""
    for make in (Config, MockPBX):
        with pytest.raises(ValueError, match=f"^{re.escape(text)}"):
            make(**fields)


@pytest.mark.parametrize(
    "fields",
    [{"seed": -1}, {"retry_delays_s": [0, 1.5]}, {"callback_script": None}, {"journal_limit": 1}],
)
def test_what_can_be(fields: dict[str, Any]) -> None:
    """What is at the edge can be."""
    assert Config(**fields)
