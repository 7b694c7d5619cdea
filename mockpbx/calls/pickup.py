"""Picking up: what an answer brings about in a call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..core.accounts import Client
from ..core.scheduler import JobKind
from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import Extension, Type, is_internal, own_extension
from ..resources.phone.model import of as phone_of
from ..resources.queue.model import of as queue_of
from ..resources.record.model import is_full
from .call_flow import enter, settle
from .callback import announce, greet
from .dialling import dial
from .legs import Via, end, name_of, run_script, talk
from .model import Call, Leg, fresh, is_passive, live, mark, move
from .states import PHONES, End, Flow, Kind, LegState, Role, Status
from .tapes import start_tape


def take(world: World, call: Call, leg: Leg, *, by_itself: bool = False) -> Call:
    """The phone is picked up; with call screening it hears who calls and waits for the key 1.

    A phone of a callback that is picked up `by_itself` presses it, too (assumed).

    Source: SIM-7, PHN-15, CBK-1
    """
    extension = world.store.get(Extension, leg.extension_id)
    rung = leg.role == Role.PHONE and leg.flow == Flow.IN
    if not rung or not phone_of(world, extension).call_screening_enabled:
        return pick_up(world, call, leg)
    screened = move(world, leg, LegState.SCREENING)
    dialled = f", who called {leg.did}" if leg.did is not None else ""
    mark(world, call, f"hears that {leg.caller_num} calls{dialled}", leg.own)
    presses = call.script is not None and call.script.get("press") == "1"
    if presses or (by_itself and call.kind == Kind.CALLBACK):
        return pick_up(world, call, screened)
    return fresh(world, call)


def pick_up(world: World, call: Call, leg: Leg) -> Call:
    """The leg is answered, and every other one that rang for the same purpose is not."""
    for other in live(world, call):
        if (
            other.id != leg.id
            and not (leg.joined or other.joined)
            and other.role in PHONES
            and other.state in (LegState.RINGING, LegState.SCREENING)
            and not is_passive(other)
        ):
            end(world, call, other, Status.CANCEL, End.ELSEWHERE)
    talk(world, call, leg)
    if leg.joined:
        return world.store.get(Call, call.id)
    for other in live(world, call):
        if is_passive(other) and other.state == LegState.RINGING and _follows(call, leg, other):
            talk(world, call, other)
        elif other.role in (Role.QUEUE, Role.IVR) and leg.role == Role.PHONE:
            _bridge(world, other)
    if call.callback is not None and call.answered_at is None and call.dial_leg_id is None:
        return _announce(world, call, leg)
    greet(world, call)
    now = fresh(world, call)
    if now.answered_at is None:
        now = world.store.put(altered(now, answered_at=world.clock.elapsed()))
        if call.callback is not None and call.callback.get("call_duration") is not None:
            after = timedelta(seconds=call.callback["call_duration"])
            world.schedule(after, JobKind.HANG_UP, call.id)
    if call.script is not None and "talk" in call.script:
        world.schedule(timedelta(seconds=call.script["talk"]), JobKind.HANG_UP, call.id)
    return now


def _follows(call: Call, leg: Leg, dialling: Leg) -> bool:
    """Whether the dialling leg is one that is answered with that one.

    A callback's owner dials each first number by a leg of its own.
    """
    if call.kind != Kind.CALLBACK or call.dial_leg_id is not None:
        return True
    return leg.dialled_by == dialling.id


def _bridge(world: World, machine: Leg) -> None:
    """An employee took the call that is in a menu or a queue, which may record the talk.

    Source: DAT-15, DAT-16, QUE-1, DSK-3
    """
    values: dict[str, Any] = {"bridged": True}
    extension = world.store.get(Extension, machine.extension_id)
    may_record = extension.type == Type.QUEUE and not is_full(world, extension.client_id)
    if may_record and machine.tape is None and queue_of(world, extension).record_enabled:
        values["tape"] = start_tape(world, machine, world.clock.elapsed())
    world.store.put(replace(machine, **values))


def _announce(world: World, call: Call, leg: Leg) -> Call:
    """Who picked up first hears the callback's sound to its end; then the other number is dialled.

    Source: CBK-5
    """
    length = announce(world, call, leg)
    if not length:
        return dial_destination(world, call)
    world.schedule(length, JobKind.DIAL, call.id)
    return fresh(world, call)


def dial_destination(world: World, call: Call) -> Call:
    """Somebody picked up: the owner of the callback dials the other number.

    Source: CAL-6, CAL-7
    """
    owner = world.store.get(Extension, call.owner_id or 0)
    client = world.store.get(Client, owner.client_id)
    target = own_extension(world, client, call.dialled)
    inside = target is not None or is_internal(client, call.dialled)
    leg = dial(
        world,
        call,
        owner,
        target.name if target is not None else call.dialled,
        target,
        outside=not inside,
    )
    call = world.store.put(replace(call, dial_leg_id=leg.id))
    if owner.status == "blocked":
        end(world, call, leg, Status.CONGESTION)
        return settle(world, call, Status.CONGESTION)
    if not inside:
        run_script(world, call, leg)
        return fresh(world, call)
    if target is None:
        return settle(world, call, Status.CONGESTION)
    via = _shown_to_destination(world, call, owner, target)
    return settle(world, call, enter(world, call, target, via))


def _shown_to_destination(world: World, call: Call, owner: Extension, target: Extension) -> Via:
    """Whom the other number sees: what is given, else the owner.

    A menu and a queue see the number outside that was rung first.

    Source: CBK-3, CAL-15
    """
    fields = call.callback or {}
    outside = [
        leg.rings_at
        for leg in live(world, call)
        if leg.rings_at is not None
        and leg.flow == Flow.OUT
        and leg.answered_at is not None
        and target.type in (Type.IVR, Type.QUEUE)
    ]
    number, name = (outside[0], outside[0]) if outside else (owner.name, name_of(world, owner))
    given = fields.get("caller_id_number"), fields.get("caller_id_name")
    return Via(given[0] or number, given[1] or name, None if outside else owner)
