"""The legs of a call: how one begins, is answered and ends, each with its event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.agent.model import Agent
from ..resources.extension.model import BundleLink, Extension, Type
from ..resources.phone.model import of as phone_of
from ..resources.record.model import new_uuid
from . import events
from .model import PHONES, Call, End, Flow, Leg, LegState, Role, Status, move

#: Seconds that a number outside rings (assumed).
OUTSIDE_RING_S = 60


@dataclass(frozen=True, slots=True)
class Via:
    """Whom a leg shows as its caller."""

    num: str
    name: str | None = None
    extension: Extension | None = None
    remote_number: str | None = None
    through: Leg | None = None
    back: Leg | None = None
    silent: bool = False
    joined: bool = False


def begin(
    world: World, call: Call, extension: Extension, flow: Flow, role: Role, **values: Any
) -> Leg:
    """The extension is in the call from now on, and who subscribed is told.

    Source: CAL-1, CAL-2, CAL-3, CAL-4, CAL-5 (doc)
    """
    leg = world.store.put(
        Leg(
            id=world.store.next_id(Leg),
            call_id=call.id,
            own=extension,
            live_on=extension.id,
            flow=flow.value,
            role=role.value,
            began_at=world.clock.tick(),
            **values,
        )
    )
    events.began(world, call, leg)
    return leg


def arrive(
    world: World, call: Call, extension: Extension, role: Role, via: Via, **values: Any
) -> Leg:
    """The call comes to the extension.

    Source: CAL-1, CAL-2, CAL-3, DAT-8, DAT-10 (doc, observed)
    """
    return begin(
        world,
        call,
        extension,
        Flow.IN,
        role,
        hex=world.ids.hex32(),
        called_number=extension.name,
        caller_num=via.num,
        caller_name=via.name,
        caller=via.extension,
        did=call.did,
        remote_number=via.remote_number,
        through_id=via.through.id if via.through else None,
        back_id=via.back.id if via.back else None,
        silent=via.silent,
        joined=via.joined,
        **values,
    )


def shown_as(world: World, extension: Extension) -> Extension:
    """The extension as which it calls: the main one of its bundle.

    Source: BND-15, CAL-11 (doc)
    """
    link = world.store.find(BundleLink, extension.id)
    return extension if link is None else world.store.get(Extension, link.main_id)


def dial(
    world: World,
    call: Call,
    extension: Extension,
    number: str,
    dialled: Extension | None = None,
    *,
    outside: bool,
) -> Leg:
    """The extension dials; inside the PBX its leg follows whom it reaches.

    Source: CAL-1, DAT-4, DAT-8 (doc, observed)
    """
    leg = begin(
        world,
        call,
        extension,
        Flow.OUT,
        Role.PHONE,
        hex=call.hex,
        called_number=number,
        caller_num=extension.name,
        caller_name=extension.caller_id_name,
        dialled=dialled,
        rings_at=number if outside else None,
    )
    if outside:
        world.schedule(timedelta(seconds=OUTSIDE_RING_S), JobKind.RING_TIMEOUT, leg.id)
    return leg


def ring(
    world: World,
    call: Call,
    extension: Extension,
    via: Via,
    *,
    rings_at: str | None = None,
    rung: bool = True,
) -> Leg:
    """The extension rings for as long as its phone says, or is only told of the call.

    Source: CAL-1, SIM-4, SIM-6, PHN-21, PHN-39 (doc, assumed)
    """
    leg = arrive(world, call, extension, Role.PHONE, via, rings_at=rings_at)
    if rung:
        phone = phone_of(world, extension)
        rings_s = _pickup_s(call) or phone.hangup_timeout
        world.schedule(timedelta(seconds=rings_s), JobKind.RING_TIMEOUT, leg.id)
        if phone.intercom is not None:
            world.schedule(timedelta(seconds=phone.intercom), JobKind.PICK_UP, leg.id)
        run_script(world, call, leg)
    return leg


def ring_outside(world: World, call: Call, owner: Extension, number: str) -> Leg:
    """A callback rings a number outside first; the owner has no events of it.

    Source: CBK-1, CAL-7 (doc, observed, assumed)
    """
    leg = begin(
        world,
        call,
        owner,
        Flow.OUT,
        Role.FORWARD,
        hex=world.ids.hex32(),
        called_number=number,
        caller_num=owner.name,
        rings_at=number,
        silent=True,
    )
    rings_s = _pickup_s(call) or OUTSIDE_RING_S
    world.schedule(timedelta(seconds=rings_s), JobKind.RING_TIMEOUT, leg.id)
    run_script(world, call, leg)
    return leg


def _pickup_s(call: Call) -> int | None:
    """Seconds that a callback rings those it rings first, when it says so.

    Source: CBK-1 (doc, observed)
    """
    if call.callback is None or call.dial_leg_id is not None:
        return None
    seconds: int | None = call.callback.get("wait_for_pickup")
    return seconds


def run_script(world: World, call: Call, leg: Leg) -> None:
    """Plan what the call's script says of a leg that has just begun to ring or to listen."""
    script = call.script
    if script is None:
        return
    after = timedelta(seconds=script.get("after", 0))
    outcome = script.get("outcome", "answer")
    if leg.role == Role.IVR and "press" in script:
        world.schedule(after, JobKind.PRESS, call.id, script["press"])
    elif outcome == "cancel":
        world.schedule(after, JobKind.HANG_UP, call.id)
    elif leg.role in PHONES and outcome == "answer":
        world.schedule(timedelta(seconds=script.get("answer_after", 0)), JobKind.PICK_UP, leg.id)
    elif leg.role in PHONES and outcome == "busy":
        world.schedule(after, JobKind.REFUSE, leg.id)


def talk(world: World, call: Call, leg: Leg) -> None:
    """The leg is answered; its record, if it has one, begins.

    Source: CAL-1, SIM-8, DAT-15 (doc, observed)
    """
    answered_at = world.clock.tick()
    ahead = answered_at - world.clock.elapsed()
    extension = world.store.get(Extension, leg.extension_id)
    recordable = extension.type == Type.PHONE and not leg.silent
    values = {}
    if recordable and phone_of(world, extension).record_enabled:
        values = record(world, leg, answered_at)
    picked = move(world, leg, LegState.ANSWERED, answered_at=answered_at, ahead=ahead, **values)
    events.answered(world, call, picked)


def record(world: World, leg: Leg, since: timedelta) -> dict[str, Any]:
    """What a leg holds whose record begins.

    Source: DAT-15, REC-6 (doc, observed)
    """
    return {"record_uuid": new_uuid(world, leg.extension_id), "recorded_at": since}


def end(world: World, call: Call, leg: Leg, status: Status, how: End | None = None) -> None:
    """The leg is over, who subscribed is told, and its part of the history is kept.

    Source: CAL-1, SIM-13, DAT-14 (doc, observed)
    """
    ended_at = world.clock.tick(leg.ahead)
    reason = how.value if how is not None else None
    over = move(world, leg, LegState.ENDED, status=status.value, ended_at=ended_at, how=reason)
    events.ended(world, call, over)
    if leg.role == Role.PHONE:
        be_free(world, over)


def be_free(world: World, leg: Leg) -> None:
    """The phone that the leg was at has one call less: queues may ring it again.

    Source: SIM-12, QUE-1 (doc, assumed, observed)
    """
    for agent in world.store.of(Agent, "extension_id", leg.extension_id):
        if leg.through_id is not None and leg.answered_at is not None and leg.ended_at is not None:
            world.store.put(
                replace(
                    agent,
                    talked=agent.talked + leg.ended_at - leg.answered_at,
                    calls=agent.calls + 1,
                    idle_since=leg.ended_at,
                )
            )
        world.schedule(timedelta(0), JobKind.AGENTS_FREE, agent.client_id)
