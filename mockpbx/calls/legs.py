"""The legs of a call: how one begins, is answered and ends, each with its event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.agent.model import Agent
from ..resources.extension.model import BundleLink, Extension, Type
from ..resources.phone.model import Phone
from ..resources.phone.model import of as phone_of
from ..resources.record.model import is_full
from . import events
from .model import Call, Heard, Leg, is_lent, move
from .sounds import INCOMING, OUTGOING, RINGBACK, heard, hushed
from .states import PHONES, End, Flow, LegState, Role, Status
from .tapes import end_tapes_that_yield, start_tape, tape_after


@dataclass(frozen=True, slots=True)
class Via:
    """Whom a leg shows as its caller; `hops` counts the rules that forwarded the call so far."""

    num: str
    name: str | None = None
    extension: Extension | None = None
    remote_number: str | None = None
    by_transfer: bool = False
    through: Leg | None = None
    back: Leg | None = None
    dialled_by: Leg | None = None
    silent: bool = False
    joined: bool = False
    hops: int = 0


def begin(
    world: World, call: Call, extension: Extension, flow: Flow, role: Role, **values: Any
) -> Leg:
    """Begin a leg of the extension and publish its event.

    Source: CAL-1, CAL-2, CAL-3, CAL-4, CAL-5
    """
    leg = world.store.put(
        Leg(
            id=world.store.next_id(Leg),
            call_id=call.id,
            own=extension,
            live_on=extension.id,
            flow=flow.value,
            role=role.value,
            began_at=world.clock.elapsed(),
            began_stamp=world.clock.tick(),
            **values,
        )
    )
    events.began(world, call, leg)
    return leg


def arrive(
    world: World, call: Call, extension: Extension, role: Role, via: Via, **values: Any
) -> Leg:
    """Give the call a leg at the extension that it comes to.

    Source: CAL-1, CAL-2, CAL-3, DAT-8, DAT-10
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
        by_transfer=via.by_transfer,
        through_id=via.through.id if via.through else None,
        back_id=via.back.id if via.back else None,
        dialled_by=via.dialled_by.id if via.dialled_by else None,
        silent=via.silent,
        joined=via.joined,
        hops=via.hops,
        **values,
    )


def shown_as(world: World, extension: Extension) -> Extension:
    """The extension as which it calls: the main one of its bundle.

    Source: BND-15, CAL-11
    """
    link = world.store.find(BundleLink, extension.id)
    return extension if link is None else world.store.get(Extension, link.main_id)


def name_of(world: World, extension: Extension) -> str | None:
    """The name that a colleague sees when the extension calls: its phone's label, if it has one.

    Source: PHN-10, DAT-9
    """
    phone = world.store.find(Phone, extension.id)
    return (phone.label if phone is not None else None) or extension.caller_id_name


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

    Source: CAL-1, SIM-4, SIM-6, PHN-21, PHN-39
    """
    phone = phone_of(world, extension) if rung else None
    ringback = phone.ringback_sound if phone is not None else None
    played = heard(world, RINGBACK, ringback, world.clock.elapsed())
    leg = arrive(world, call, extension, Role.PHONE, via, rings_at=rings_at, heard=played)
    if phone is not None:
        rings_s = pickup_s(call) or phone.hangup_timeout
        world.schedule(timedelta(seconds=rings_s), JobKind.RING_TIMEOUT, leg.id)
        if phone.intercom == 0:
            world.soon(JobKind.PICK_UP, leg.id)
        elif phone.intercom is not None:
            world.schedule(timedelta(seconds=phone.intercom), JobKind.PICK_UP, leg.id)
        if phone.record_enabled:
            end_tapes_that_yield(world, call)
        run_script(world, call, leg)
    return leg


def pickup_s(call: Call) -> int | None:
    """Seconds that a callback rings those it rings first, when it says so.

    Source: CBK-1
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
    """Answer the leg; its recording begins, if it has one.

    What a phone passed on outside has none: its own talk's record goes on or stops then. Without
    room nobody has one.

    Source: CAL-1, SIM-8, SIM-9, DAT-15, DSK-3
    """
    answered_at = world.clock.elapsed()
    extension = world.store.get(Extension, leg.extension_id)
    passed_on = leg.role == Role.FORWARD and not leg.transfered  # its own talk is recorded
    recordable = (
        extension.type == Type.PHONE
        and not (leg.silent or passed_on)
        and not _is_dialled_first(call, leg)
        and not is_full(world, call.client_id)
    )
    values: dict[str, Any] = {"heard": _heard_on_answer(world, leg, answered_at)}
    if recordable and phone_of(world, extension).record_enabled:
        values["tape"] = start_tape(world, leg, answered_at)
    stamp = world.clock.tick()
    picked = move(
        world, leg, LegState.ANSWERED, answered_at=answered_at, answered_stamp=stamp, **values
    )
    events.answered(world, call, picked)


def _heard_on_answer(world: World, leg: Leg, at: timedelta) -> tuple[Heard, ...]:
    """What was heard until the answer, and the announcement that follows it.

    Source: PHN-11, PHN-12, PHN-32
    """
    before = hushed(leg.heard, at)
    phone = world.store.find(Phone, leg.extension_id)
    if phone is None or leg.role != Role.PHONE:
        return before
    if leg.flow == Flow.IN:
        sound_id = phone.announce_sound_upon_incoming_call
        return before + heard(world, INCOMING, sound_id, at, once=True)
    return before + heard(world, OUTGOING, phone.announce_sound_upon_outgoing_call, at, once=True)


def _is_dialled_first(call: Call, leg: Leg) -> bool:
    """Whether by that leg a callback's owner dialled a first number; it records the other one."""
    return is_lent(call, leg) and leg.role == Role.PHONE and leg.id != call.dial_leg_id


def end(world: World, call: Call, leg: Leg, status: Status, how: End | None = None) -> None:
    """End the leg and publish its hangup.

    Source: CAL-1, SIM-13, DAT-14
    """
    ended_at = world.clock.elapsed()
    reason = how.value if how is not None else None
    over = move(
        world,
        leg,
        LegState.ENDED,
        status=status.value,
        ended_at=ended_at,
        ended_stamp=world.clock.tick(leg.ahead),
        how=reason,
        tape=tape_after(world, call, leg, ended_at, how),
        heard=hushed(leg.heard, ended_at),
    )
    events.ended(world, call, over)
    if leg.role == Role.PHONE:
        be_free(world, over)
    if leg.dialled_by is not None:
        dialling = world.store.get(Leg, leg.dialled_by)
        if dialling.state != LegState.ENDED:
            end(world, call, dialling, status, _mirrored(how))


def _mirrored(how: End | None) -> End | None:
    """How the dialling leg ends when the leg that it dialled has ended so."""
    if how is End.OTHER:
        return End.OWN
    return End.OTHER if how in (End.OWN, End.PASSED_ON) else how


def be_free(world: World, leg: Leg) -> None:
    """Let queues ring the leg's phone again, which has one call less.

    Source: SIM-12, QUE-1
    """
    for agent in world.store.of(Agent, "extension_id", leg.extension_id):
        if leg.through_id is not None and leg.answered_at is not None and leg.ended_at is not None:
            world.store.put(
                replace(
                    agent,
                    talked=agent.talked + leg.ended_at - leg.answered_at,
                    calls=agent.calls + 1,
                    idle_since=leg.ended_stamp,
                )
            )
        world.schedule(timedelta(0), JobKind.AGENTS_FREE, agent.client_id)
