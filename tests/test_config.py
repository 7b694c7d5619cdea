"""A configuration that cannot be is refused when it is made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mockpbx import Config, MockPBX, Readings
from mockpbx.resources.extension.model import Extension

SECONDS = "seconds, 0 or more and at most 1000000000"
FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"world": 5}, "world: must be a name, a path or a mapping, not 5"),
        ({"readings": "all"}, "readings: must be Readings or a mapping, not 'all'"),
        ({"readings": {"slash": "strict"}}, "reading slash: no such reading; there are "),
        ({"readings": {"slashes": "x"}}, "reading slashes: 'x' is none of tolerant, strict"),
        ({"rate_limits": "x"}, "rate_limits: must be True or False, not 'x'"),
        ({"freeze": "no"}, "freeze: must be True or False, not 'no'"),
        ({"seed": 1.5}, "seed: must be a whole number, not 1.5"),
        ({"journal_limit": 0}, "journal_limit: must be a whole number above 0, not 0"),
        ({"journal_bytes": 0}, "journal_bytes: must be a whole number above 0, not 0"),
        ({"journal_limit": True}, "journal_limit: must be a whole number above 0, not True"),
        (
            {"delivery_timeout_s": -1},
            f"delivery_timeout_s: must be {SECONDS}, not -1",
        ),
        (
            {"retry_delays_s": 5},
            f"retry_delays_s: must be a tuple of {SECONDS}, not 5",
        ),
        ({"retry_delays_s": (-1,)}, "retry_delays_s: must be a tuple of seconds, 0 or more"),
        ({"retry_delays_s": ("x",)}, "retry_delays_s: must be a tuple of seconds, 0 or more"),
        ({"quirks": 5}, "quirks: must be Quirks or a mapping, not 5"),
        ({"callback_script": "x"}, "callback_script: must be a mapping, not 'x'"),
    ],
)
def test_what_cannot_be(fields: dict[str, Any], text: str) -> None:
    """The field and what it must be are named, wherever the configuration is made."""
    for make in (Config, MockPBX, Config().but):
        with pytest.raises(ValueError, match=f"^{re.escape(text)}"):
            make(**fields)


@pytest.mark.parametrize(
    "fields",
    [{"seed": -1}, {"retry_delays_s": [0, 1.5]}, {"callback_script": None}, {"journal_limit": 1}],
)
def test_what_can_be(fields: dict[str, Any]) -> None:
    """What is at the edge can be."""
    assert Config(**fields)


def test_readings_by_name() -> None:
    """Readings may be a mapping of those that are not as usual."""
    assert Config(readings={"slashes": "strict"}).readings == Readings(slashes="strict")  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [MockPBX, Config().but])
def test_no_such_field(make: Any) -> None:
    """A field that is misspelt is named, with those that there are."""
    text = "^no frezee; there are callback_script, delivery_timeout_s, freeze, journal_bytes, "
    with pytest.raises(TypeError, match=text):
        make(frezee=True)


@pytest.mark.parametrize(
    "world",
    [
        "empty",
        FIXTURES / "empty.json",
        json.loads((FIXTURES / "empty.json").read_text(encoding="utf-8")),
    ],
)
@pytest.mark.parametrize("config", [False, True])
def test_a_pbx_of_a_world(world: Any, config: bool) -> None:
    """A PBX is made from a world as from a configuration."""
    pbx = MockPBX(Config(world=world), freeze=True) if config else MockPBX(world, freeze=True)
    assert (pbx.config.world, pbx.config.freeze) == (world, True)
    assert list(pbx.world.store.all(Extension)) == []


def test_a_pbx_of_what_is_no_world() -> None:
    """Something else is refused by the rule for worlds."""
    with pytest.raises(ValueError, match=r"^world: must be a name, a path or a mapping, not 5$"):
        MockPBX(5)  # type: ignore[arg-type]
