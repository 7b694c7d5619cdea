"""Values that only Python has: each face takes or refuses them in the same way."""

from __future__ import annotations

from collections import UserDict
from datetime import datetime
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from mockpbx.core.errors import InvalidError

from ...company import company
from ..receivers import Receivers
from ..told import refused
from .table import CALLER, NOON, Face, send, story


class Text(str, Enum):
    """Words as people keep them."""

    NUMBER = "105"
    OUT = "logged_out"
    NAME = "night"


class Number(IntEnum):
    """Numbers as people keep them."""

    ID = 85222
    SECONDS = 60


@story
def bytes_for_text(pbx: Face, receivers: Receivers) -> Any:
    """They are no text."""
    call: Any = pbx.incoming_call(CALLER, to="101")
    return [
        refused(InvalidError, lambda: pbx.snapshot(b"night")),
        refused(InvalidError, lambda: pbx.message(CALLER, "101", b"Hello")),
        refused(InvalidError, lambda: pbx.set_agent_status("102", b"available")),
        refused(InvalidError, lambda: pbx.register("105", device=b"x")),
        refused(InvalidError, lambda: pbx.incoming_call(CALLER, to="101", name=b"x")),
        refused(InvalidError, lambda: pbx.faults.add(b"GET /user/", status=503)),
        refused(InvalidError, lambda: pbx.add_extension(b"300")),
        refused(InvalidError, lambda: call.answer(b"101")),
        pbx.snapshots,
    ]


@story
def words_of_an_enum(pbx: Face, receivers: Receivers) -> Any:
    """A text or number of an enumeration is its value."""
    seen = [
        pbx.extension(Text.NUMBER),
        pbx.extension(Number.ID),
        pbx.register(Text.NUMBER, device=Text.NAME, expires=Number.SECONDS),
        pbx.set_agent_status("102", Text.OUT),
        pbx.snapshot(Text.NAME),
        pbx.restore(Text.NAME),
        pbx.incoming_call(CALLER, to=Text.NUMBER, name=Text.NAME),
        pbx.incoming_call(CALLER, to=Number.ID),
        pbx.clock.advance(Number.SECONDS),
        pbx.add_extension("300", label=Text.NAME),
    ]
    return seen, pbx.snapshots, pbx.clock.now()


@story
def mappings_of_every_kind(pbx: Face, receivers: Receivers) -> Any:
    """A script, a rule and a state may be any mapping."""
    script = MappingProxyType({"answer_after": 2})
    call = pbx.incoming_call(CALLER, to="101", script=script)
    pbx.faults.set([MappingProxyType({"status": 503, "times": None}), UserDict({"status": 404})])
    seen: list[Any] = [pbx.clock.advance(2), call.state, list(pbx.faults)]
    return [*seen, pbx.put_state(MappingProxyType(company())), pbx.extension("102")]


@story
def numbers_of_other_kinds(pbx: Face, receivers: Receivers) -> Any:
    """Fractions and decimals are no seconds."""
    call: Any = pbx.incoming_call(CALLER, to="101").answer()
    return [
        refused(InvalidError, lambda: pbx.clock.advance(Fraction(1, 2))),
        refused(InvalidError, lambda: call.talk(Decimal("1.5"))),
        refused(InvalidError, lambda: pbx.register("105", expires=60.0)),
        refused(InvalidError, lambda: pbx.register("105", expires=Decimal(60))),
        pbx.clock.now() == NOON,
    ]


@story
def properties_that_json_does_not_have(pbx: Face, receivers: Receivers) -> Any:
    """They are refused as what they are not."""
    add = pbx.add_extension
    return [
        refused(InvalidError, lambda: add("300", label=datetime(2026, 3, 1))),
        refused(InvalidError, lambda: add("300", label=Decimal(5))),
        refused(InvalidError, lambda: add("300", label=b"x")),
    ]


@story
def states_that_are_no_objects(pbx: Face, receivers: Receivers) -> Any:
    """None, a text, a list."""
    put = pbx.put_state
    odd: Any = (None, "office", [], 5, [1])
    seen = [refused(InvalidError, put, one) for one in odd]
    return seen, send(pbx, "GET", "/user/")


@story
def a_state_whose_key_is_a_number(pbx: Face, receivers: Receivers) -> Any:
    """It is refused like any unknown key."""
    state: Any = {**company(), 1: 2}
    return refused(InvalidError, lambda: pbx.put_state(state))
