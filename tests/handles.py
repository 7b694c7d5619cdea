"""A PBX and its calls as a tester holds them, for tests that have a world."""

from __future__ import annotations

from mockpbx import World
from mockpbx.app import catalog
from mockpbx.resources.extension.model import Extension, named
from mockpbx.testing.call import Call
from mockpbx.testing.local import Local
from mockpbx.testing.pbx import PBX


def pbx_of(world: World) -> PBX:
    """The PBX of that world."""
    return PBX(Local(world, catalog))


def call_of(world: World, call_id: str) -> Call:
    """The call of that CallID."""
    return Call(Local(world, catalog), call_id)


def record_of(world: World, wanted: int | str) -> Extension:
    """The record of that extension, for rules that take one."""
    return named(world, wanted)
