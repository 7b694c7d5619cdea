"""`/_mockpbx/…`: the control API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import __version__
from ..core.world import Snapshot, World
from ..web.operation import Resource
from ..worlds.dump import dump
from . import model
from .schema import (
    AdvanceIn,
    ClockOut,
    Fired,
    Health,
    MoveIn,
    NotesOut,
    RegistrationIn,
    RegistrationOut,
    RequestsOut,
    SnapshotIn,
    SnapshotOut,
    WorldState,
)

control = Resource("control", "What a tester tells the mock.", prefix="/_mockpbx", guarded=False)


@control.operation("GET", "/health", returns=Health())
def health(world: World) -> Any:
    """Say that the server answers."""
    return {"status": "ok", "version": __version__, "world": world.start.name}


@control.operation("POST", "/reset", status=204)
def reset(world: World) -> None:
    """Go back to the world that was started."""
    world.reset()


@control.operation("GET", "/state", documents=WorldState())
def get_state(world: World) -> Any:
    """Read the whole world in the format of a world file."""
    return dump(world)


@control.operation("PUT", "/state", status=204, raw=WorldState(), refuses={400: []})
def put_state(world: World, raw: Any) -> None:
    """Replace the whole world; its clock goes on."""
    model.replace(world, raw)


@control.operation("POST", "/snapshots", body=SnapshotIn(), returns=SnapshotOut())
def take_snapshot(world: World, fields: Mapping[str, Any]) -> Any:
    """Keep the present state, clock included, under a name."""
    world.snapshots[fields["name"]] = world.snapshot()
    return {"name": fields["name"], "at": world.now()}


@control.operation("GET", "/snapshots", returns=SnapshotOut(), many=True)
def list_snapshots(world: World) -> Any:
    """List the snapshots."""
    return [{"name": name, "at": one.at} for name, one in world.snapshots.items()]


@control.operation("POST", "/snapshots/<name>/restore", status=204, item=model.snapshot_named)
def restore_snapshot(world: World, name: Snapshot) -> None:
    """Be as at that snapshot."""
    world.restore(name)


@control.operation("GET", "/clock", returns=ClockOut())
def get_clock(world: World) -> Any:
    """Read the world's time."""
    return {"now": world.now(), "frozen": world.clock.frozen}


@control.operation("POST", "/clock/advance", status=200, body=AdvanceIn(), returns=Fired())
def advance(world: World, fields: Mapping[str, Any]) -> Any:
    """Move time forward, and say what came due."""
    world.clock.advance(fields["seconds"])
    return {"now": world.now(), "frozen": world.clock.frozen, "fired": []}


@control.operation("POST", "/clock/move_to", status=200, body=MoveIn(), returns=Fired())
def move_to(world: World, fields: Mapping[str, Any]) -> Any:
    """Move time to a moment, and say what came due."""
    world.clock.move_to(fields["moment"])
    return {"now": world.now(), "frozen": world.clock.frozen, "fired": []}


@control.operation("POST", "/clock/freeze", status=200, returns=ClockOut())
def freeze(world: World) -> Any:
    """Let time stand still."""
    world.clock.freeze()
    return get_clock(world)


@control.operation("POST", "/clock/run", status=200, returns=ClockOut())
def run(world: World) -> Any:
    """Let time run on."""
    world.clock.run()
    return get_clock(world)


@control.operation(
    "POST",
    "/registrations",
    also=(204,),
    body=RegistrationIn(),
    returns=RegistrationOut(),
    facts=["REG-8", "REG-13", "REG-15"],
    refuses={400: ["REG-8", "REG-11"], 403: ["REG-15", "PHN-20", "PHN-25"], 404: []},
)
def register(world: World, fields: Mapping[str, Any]) -> Any:
    """Register a device as by a SIP REGISTER; 204 when it is unregistered."""
    return model.register_device(world, fields)


@control.operation("GET", "/requests", returns=RequestsOut())
def list_requests(world: World) -> Any:
    """List the requests to the mocked API, the oldest first."""
    journal = world.journal
    return {"requests": [entry.as_json() for entry in journal], "dropped": journal.dropped}


@control.operation("DELETE", "/requests")
def clear_requests(world: World) -> None:
    """Forget the requests."""
    world.journal.clear()


@control.operation("GET", "/notes", returns=NotesOut())
def list_notes(world: World) -> Any:
    """List the habits that a real operator may punish."""
    return {"notes": list(world.notes)}
