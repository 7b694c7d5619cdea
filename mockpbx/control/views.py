"""`/_mockpbx/…`: the control API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..core.world import Snapshot, World
from ..testing import commands
from ..testing.schema import (
    AdvanceIn,
    AgentOut,
    AgentStatusIn,
    CallIn,
    CallOut,
    CallPicture,
    CallsOut,
    ClockOut,
    CoverageOut,
    DeliveriesOut,
    DeliveryOut,
    FaultIn,
    FaultOut,
    FaultsIn,
    FaultsOut,
    Fired,
    Health,
    MessageIn,
    MoveIn,
    NotesOut,
    PressIn,
    Refused,
    RegistrationIn,
    RegistrationOut,
    RequestsOut,
    SnapshotIn,
    SnapshotOut,
    TransferIn,
    VerdictOut,
    VerifyIn,
    WhoIn,
    WorldState,
)
from ..web.coverage import report
from ..web.journal import CONTROL
from ..web.operation import Resource, View
from ..worlds.dump import dump

if TYPE_CHECKING:
    from ..testing.call import Call

control = Resource(
    "control",
    "What a tester tells the mock.",
    prefix=CONTROL,
    guarded=False,
    error=Refused,
)


@control.operation("GET", "/health", returns=Health)
def health(world: World) -> Any:
    """Say that the server answers."""
    return {"status": "ok", "version": __version__, "world": world.start.name}


@control.operation("POST", "/reset", status=204)
def reset(world: World) -> None:
    """Go back to the world that was started."""
    world.reset()


@control.operation("GET", "/state", documents=WorldState)
def get_state(world: World) -> Any:
    """Read the whole world in the format of a world file."""
    return dump(world)


@control.operation("PUT", "/state", status=204, raw=WorldState, refuses={400: []})
def put_state(world: World, raw: Any) -> None:
    """Replace the whole world; its clock goes on."""
    commands.replace(world, raw)


@control.operation("POST", "/snapshots", body=SnapshotIn, returns=SnapshotOut)
def take_snapshot(world: World, fields: Mapping[str, Any]) -> Any:
    """Keep the present state, clock included, under a name."""
    world.snapshots[fields["name"]] = world.snapshot()
    return {"name": fields["name"], "at": world.now()}


@control.operation("GET", "/snapshots", returns=SnapshotOut, many=True)
def list_snapshots(world: World) -> Any:
    """List the snapshots."""
    return [{"name": name, "at": one.at} for name, one in world.snapshots.items()]


@control.operation("POST", "/snapshots/<name>/restore", status=204, item=commands.snapshot_named)
def restore_snapshot(world: World, name: Snapshot) -> None:
    """Be as at that snapshot."""
    world.restore(name)


@control.operation("GET", "/clock", returns=ClockOut)
def get_clock(world: World) -> Any:
    """Read the world's time."""
    return {"now": world.now(), "frozen": world.clock.frozen}


@control.operation(
    "POST", "/clock/advance", status=200, body=AdvanceIn, returns=Fired, changes=False
)
def advance(world: World, fields: Mapping[str, Any]) -> Any:
    """Move time forward, and say what came due."""
    return _moved(world, world.advance(fields["seconds"]))


@control.operation("POST", "/clock/move_to", status=200, body=MoveIn, returns=Fired, changes=False)
def move_to(world: World, fields: Mapping[str, Any]) -> Any:
    """Move time to a moment, and say what came due."""
    return _moved(world, world.move_to(fields["moment"]))


def _moved(world: World, fired: list[dict[str, Any]]) -> dict[str, Any]:
    return {"now": world.now(), "frozen": world.clock.frozen, "fired": fired}


@control.operation("POST", "/clock/freeze", status=200, returns=ClockOut)
def freeze(world: World) -> Any:
    """Let time stand still."""
    world.clock.freeze()
    return get_clock(world)


@control.operation("POST", "/clock/run", status=200, returns=ClockOut)
def run(world: World) -> Any:
    """Let time run on."""
    world.run()
    return get_clock(world)


@control.operation(
    "POST",
    "/registrations",
    also=(204,),
    body=RegistrationIn,
    returns=RegistrationOut,
    facts=["REG-8", "REG-13", "REG-15"],
    refuses={400: ["REG-8", "REG-11"], 403: ["REG-15", "PHN-20", "PHN-25"], 404: []},
)
def register(world: World, fields: Mapping[str, Any]) -> Any:
    """Register a device as by a SIP REGISTER; 204 when it is unregistered."""
    return commands.register_device(world, fields)


@control.operation("POST", "/calls", body=CallIn, returns=CallOut, refuses={404: []})
def start_call(world: World, fields: Mapping[str, Any]) -> Any:
    """Start a call; without a script it waits for its steps."""
    return commands.start_call(world, fields)


@control.operation("GET", "/calls", returns=CallsOut)
def list_calls(world: World) -> Any:
    """List the calls, running and finished ones, the oldest first."""
    return {"calls": commands.calls(world)}


@control.operation("GET", "/calls/<call>", returns=CallPicture, item=commands.call_named)
def get_call(call: Call) -> Any:
    """Read one call, by its CallID or CallAPIID."""
    return call


def _step(name: str, **options: Any) -> Callable[[View], View]:
    """Declare one step of a call."""
    return control.operation(
        "POST",
        f"/calls/<call>/{name}",
        status=200,
        returns=CallOut,
        item=commands.call_named,
        refuses={409: []},
        **options,
    )


@_step("ring")
def call_ring(call: Call) -> Any:
    """Make sure that it rings; nothing changes."""
    return call.ring()


@_step("answer", body=WhoIn, body_optional=True)
def call_answer(call: Call, fields: Mapping[str, Any]) -> Any:
    """Let whoever rings pick up."""
    return call.answer(fields.get("extension"))


@_step("decline", body=WhoIn, body_optional=True)
def call_decline(call: Call, fields: Mapping[str, Any]) -> Any:
    """Let whoever rings refuse."""
    return call.decline(fields.get("extension"))


@_step("hang_up")
def call_hang_up(call: Call) -> Any:
    """End the call; while it rings the caller gives up."""
    return call.hang_up()


@_step("hold")
def call_hold(call: Call) -> Any:
    """Put the conversation on hold, or take it up again."""
    return call.hold()


@_step("transfer", body=TransferIn)
def call_transfer(call: Call, fields: Mapping[str, Any]) -> Any:
    """Pass the call on, at once or after asking."""
    return call.transfer(fields["to"], attended=fields["attended"])


@_step("press", body=PressIn)
def call_press(call: Call, fields: Mapping[str, Any]) -> Any:
    """Press a key: the callee of a screened call, else the caller."""
    return call.press(fields["key"])


@_step("leave_message")
def call_leave_message(call: Call) -> Any:
    """Let the caller speak to the voicemail."""
    return call.leave_message()


@control.operation("POST", "/messages", status=204, body=MessageIn, refuses={404: []})
def send_message(world: World, fields: Mapping[str, Any]) -> None:
    """Send a text message in or out."""
    commands.send_message(world, fields)


@control.operation(
    "POST",
    "/agents/<name>/status",
    status=200,
    body=AgentStatusIn,
    returns=AgentOut,
    refuses={404: []},
)
def set_agent_status(world: World, name: str, fields: Mapping[str, Any]) -> Any:
    """Log an agent in or out, by its id or its extension's number."""
    return commands.set_agent_status(world, name, fields["status"])


@control.operation("GET", "/deliveries", returns=DeliveriesOut)
def list_deliveries(world: World) -> Any:
    """List the events that were sent, the oldest first, each with its attempts."""
    log = world.deliveries
    return {"deliveries": [one.as_json() for one in log], "dropped": log.dropped}


@control.operation(
    "POST", "/deliveries/<id>/replay", returns=DeliveryOut, changes=False, refuses={404: []}
)
def replay_delivery(world: World, id: str) -> Any:
    """Send a delivery once more, and say what came of it."""
    return commands.replay(world, id)


@control.operation(
    "POST", "/subscriptions/<id>/test", returns=DeliveryOut, changes=False, refuses={404: []}
)
def try_subscription(world: World, id: str) -> Any:
    """Send a sample event now, and say what the receiver said."""
    return commands.try_subscription(world, id)


@control.operation("GET", "/requests", returns=RequestsOut)
def list_requests(world: World) -> Any:
    """List the requests to the mocked API, the oldest first."""
    journal = world.journal
    return {"requests": [entry.as_json() for entry in journal], "dropped": journal.dropped}


@control.operation("DELETE", "/requests")
def clear_requests(world: World) -> None:
    """Forget the requests."""
    world.journal.clear()


@control.operation(
    "POST",
    "/requests/verify",
    status=200,
    body=VerifyIn,
    returns=VerdictOut,
    changes=False,
    refuses={404: []},
)
def verify_requests(world: World, catalog: Any, fields: Mapping[str, Any]) -> Any:
    """Say whether a request came as often as it should, waiting for it if asked to."""
    return commands.verify(world, catalog, fields)


@control.operation("GET", "/faults", returns=FaultsOut)
def list_faults(world: World) -> Any:
    """List the rules by which requests go wrong."""
    return {"faults": [one.as_json() for one in world.faults]}


@control.operation("POST", "/faults", body=FaultIn, returns=FaultOut, refuses={404: []})
def add_fault(world: World, catalog: Any, fields: Mapping[str, Any]) -> Any:
    """Add a rule after the others, which go on as they were."""
    return commands.add_fault(world, catalog, fields)


@control.operation("PUT", "/faults", body=FaultsIn, returns=FaultsOut, refuses={404: []})
def set_faults(world: World, catalog: Any, fields: Mapping[str, Any]) -> Any:
    """Set the rules by which requests go wrong, in place of those that were."""
    commands.set_faults(world, catalog, fields["faults"])
    return list_faults(world)


@control.operation("DELETE", "/faults")
def clear_faults(world: World) -> None:
    """Let nothing go wrong any more."""
    world.faults.clear()


@control.operation("GET", "/coverage", returns=CoverageOut)
def get_coverage(world: World, catalog: Any) -> Any:
    """Say which operations and statuses were exercised, out of those documented."""
    return report(catalog, world.exercised)


@control.operation("GET", "/notes", returns=NotesOut)
def list_notes(world: World) -> Any:
    """List the habits that a real operator may punish."""
    return {"notes": list(world.notes)}
