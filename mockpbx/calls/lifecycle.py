"""The beginning and the end of a call."""

from __future__ import annotations

from typing import Any

from ..core.limits import limit_reached
from ..core.scheduler import JobKind
from ..core.store import altered
from ..core.world import World
from ..resources.call_history.model import new_hex
from . import history
from .legs import end
from .model import Call, Leg, fresh, from_last, is_passive, legs_of, status_of_end
from .states import End, Kind, Status

#: Finished calls that a world remembers, of each client.
KEPT_CALLS = 1000
#: Calls of a client that may run at once (assumed).
MOST_RUNNING = 5000
#: The jobs that a leg and a running call can have.
LEG_JOBS = (
    JobKind.RING_TIMEOUT,
    JobKind.PICK_UP,
    JobKind.REFUSE,
    JobKind.QUEUE_TIMEOUT,
    JobKind.NO_AGENT_TIMEOUT,
    JobKind.LOOK_AGAIN,
    JobKind.MENU_TIMEOUT,
)
CALL_JOBS = (JobKind.HANG_UP, JobKind.PRESS, JobKind.DIAL, JobKind.VOICEMAIL_END)


def new_call(world: World, client_id: int, kind: Kind, **values: Any) -> Call:
    """Begin a call, which has no legs yet.

    Raises:
        LimitReachedError: as many of the client's run as may.

    Source: DAT-3, DAT-5, ERR-8
    """
    if len(world.store.ids(Call, "running", client_id)) >= MOST_RUNNING:
        raise limit_reached("ERR-8", f"{MOST_RUNNING} calls at once")
    forget_oldest(world, client_id)
    hex_id = new_hex(world)
    api_id = world.ids.call_api_id(hex_id)
    if kind is Kind.CALLBACK:
        api_id = f"cb-{world.ids.digits(10)}-{hex_id}"
    return world.store.put(
        Call(
            id=world.store.next_id(Call),
            client_id=client_id,
            hex=hex_id,
            api_id=api_id,
            kind=kind.value,
            started_at=world.clock.elapsed(),
            running=client_id,
            **values,
        )
    )


def forget_oldest(world: World, client_id: int) -> None:
    """Forget the oldest ended call when more are kept than may be; its history stays."""
    ids = world.store.ids(Call, "client_id", client_id)
    if len(ids) - len(world.store.ids(Call, "running", client_id)) > KEPT_CALLS:
        for key in ids:
            old = world.store.get(Call, key)
            if old.ended_at is not None:
                world.store.remove(old)
                return


def release_all(world: World, call: Call, status: Status, last: Leg | None = None) -> Call:
    """End every leg, and with them the call.

    Who dialled inside the PBX was rejected when the `last` one who was reached declined.
    """
    declined = last is not None and world.store.get(Leg, last.id).how == End.DECLINED
    for leg in from_last(world, call):
        how = End.DECLINED if declined and is_passive(leg) else None
        end(world, call, leg, status_of_end(world, call, leg, status), how)
    now = fresh(world, call)
    return finish(world, now, Status.ANSWER if now.answered_at is not None else status)


def finish(world: World, call: Call, status: Status) -> Call:
    """End the call with that result: drop its planned jobs and write it into the history.

    Source: SIM-13
    """
    for leg in legs_of(world, call):
        world.scheduler.forget(LEG_JOBS, leg.id)
    world.scheduler.forget(CALL_JOBS, call.id)
    now = fresh(world, call)
    ended_at = world.clock.elapsed()
    over = altered(now, ended_at=ended_at, result=status.value, voicemail_of=None, running=None)
    history.settle(world, world.store.put(over))
    return over
