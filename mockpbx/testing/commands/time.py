"""The time of a world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import Passage, World
from .. import results
from ..command import command
from ..schema import AdvanceIn, MoveIn


@command("clock", "GET", "/clock", answers=results.Time)
def clock(world: World) -> results.Time:
    """Read the world's time."""
    return results.Time(world.now(), world.clock.frozen)


@command("clock due", "GET", "/clock/due", answers=results.Due)
def due(world: World) -> results.Due:
    """Say what comes due next."""
    job = world.scheduler.next
    at = None if job is None else world.clock.start + job.at
    kind = None if job is None else job.kind.value
    return results.Due(world.now(), world.clock.frozen, kind, at)


@command(
    "clock advance",
    "POST",
    "/clock/advance",
    status=200,
    takes=AdvanceIn,
    answers=results.Moved,
    changes=False,
)
def advance(world: World, fields: Mapping[str, Any]) -> results.Moved:
    """Move time forward, and say what came due."""
    return _moved(world, world.advance(fields["seconds"]))


@command(
    "clock move-to",
    "POST",
    "/clock/move_to",
    status=200,
    takes=MoveIn,
    answers=results.Moved,
    changes=False,
)
def move_to(world: World, fields: Mapping[str, Any]) -> results.Moved:
    """Move time to a moment, and say what came due."""
    return _moved(world, world.move_to(fields["moment"]))


@command("clock freeze", "POST", "/clock/freeze", status=200, answers=results.Time)
def freeze(world: World) -> results.Time:
    """Stop the clock."""
    world.clock.freeze()
    return results.Time(world.now(), True)


@command("clock run", "POST", "/clock/run", status=200, answers=results.Time)
def run(world: World) -> results.Time:
    """Let time run on."""
    world.run()
    return results.Time(world.now(), False)


def _moved(world: World, done: Passage) -> results.Moved:
    return results.Moved(done.now, world.clock.frozen, tuple(done.fired))
