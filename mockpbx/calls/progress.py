"""What follows from a step: who rings next, who is answered, and how a call ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ..core.access import Client
from ..core.world import World
from ..resources.agent.model import Agent
from ..resources.extension.model import BundleLink, Extension, Type, is_internal, own_extension
from ..resources.ivr.model import of as ivr_of
from ..resources.phone.model import of as phone_of
from ..resources.queue.model import of as queue_of
from ..resources.queue.model import order as agents_in_order
from . import events
from .model import (
    PHONES,
    Call,
    Flow,
    Kind,
    Leg,
    LegState,
    Role,
    Status,
    is_passive,
    legs_of,
    live,
    move,
)
from .routing import FORWARDED_WHEN, Forward, blocked, place_of, refusal

#: Finished calls that a world remembers, of each client.
KEPT_CALLS = 1000
#: Seconds after which a queue without a free agent looks again (assumed).
LOOK_AGAIN_S = 5
#: Seconds that a number outside rings (assumed).
OUTSIDE_RING_S = 60
#: Seconds that the pauses between a callback's keys last (CBK-1).
PAUSES_S = {"W": 1.0, "w": 0.5}
#: The jobs that a leg and a running call can have.
LEG_JOBS = (
    "ring_timeout",
    "pick_up",
    "refuse",
    "queue_timeout",
    "no_agent_timeout",
    "look_again",
    "menu_timeout",
)
CALL_JOBS = ("hang_up", "press")
#: Seconds that a caller may speak to a voicemail (assumed).
VOICEMAIL_S = 60


@dataclass(frozen=True, slots=True)
class Via:
    """Whom a leg shows as its caller."""

    num: str
    name: str | None = None
    extension_id: int | None = None
    remote_number: str | None = None
    through: Leg | None = None
    back: Leg | None = None
    callback_id: str | None = None
    silent: bool = False
    joined: bool = False


def run_script(world: World, call: Call, leg: Leg) -> None:
    """Plan what the call's script says of a leg that has just begun to ring or to listen."""
    script = call.script
    if script is None:
        return
    after = timedelta(seconds=script.get("after", 0))
    outcome = script.get("outcome", "answer")
    if leg.role == Role.IVR and "press" in script:
        world.schedule(after, "press", call.id, script["press"])
    elif outcome == "cancel":
        world.schedule(after, "hang_up", call.id)
    elif leg.role in PHONES and outcome == "answer":
        world.schedule(timedelta(seconds=script.get("answer_after", 0)), "pick_up", leg.id)
    elif leg.role in PHONES and outcome == "busy":
        world.schedule(after, "refuse", leg.id)


def new_call(world: World, client_id: int, kind: Kind, **values: Any) -> Call:
    """A call that has no legs yet.

    Source: DAT-3, DAT-5 (doc, observed)
    """
    _forget_oldest(world, client_id)
    hex_id = world.ids.hex32()
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
            **values,
        )
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
    *,
    outside: bool,
    callback_id: str | None = None,
) -> Leg:
    """The extension dials; inside the PBX its leg follows whom it reaches.

    Source: CAL-1, DAT-4, DAT-8 (doc, observed)
    """
    leg = _leg(
        world,
        call,
        extension,
        Flow.OUT,
        Role.PHONE,
        hex=call.hex,
        called_number=number,
        caller_num=extension.name,
        caller_name=extension.caller_id_name,
        rings_at=number if outside else None,
        callback_id=callback_id,
    )
    events.began(world, call, leg)
    if outside:
        world.schedule(timedelta(seconds=OUTSIDE_RING_S), "ring_timeout", leg.id)
    return leg


def enter(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """The call comes to an extension; answers how it failed, or None when it got on."""
    forward = world.store.find(Forward, extension.id)
    is_blocked = blocked(world, extension) is not None
    if forward is not None and forward.when == "always" and not is_blocked:
        return _forward(world, call, extension, forward.to, via.back)
    if extension.type == Type.PHONE:
        status = refusal(world, extension)
        leg = ring(
            world, call, extension, via, rings_at=place_of(world, extension), rung=status is None
        )
        if status is not None:
            end(world, call, leg, status)
            return _on_failure(world, call, extension, status, via.back)
        return None
    if extension.type == Type.QUEUE and not is_blocked:
        return _queue(world, call, extension, via)
    if extension.type == Type.IVR and not is_blocked:
        return _menu(world, call, extension, via)
    leg = ring(world, call, extension, via, rung=False)
    end(world, call, leg, Status.CONGESTION)
    return Status.CONGESTION


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
    leg = _arrive(world, call, extension, Role.PHONE, via, rings_at=rings_at)
    if rung:
        phone = phone_of(world, extension)
        rings_s = _pickup_s(call) or phone.hangup_timeout
        world.schedule(timedelta(seconds=rings_s), "ring_timeout", leg.id)
        if phone.intercom is not None:
            world.schedule(timedelta(seconds=phone.intercom), "pick_up", leg.id)
        run_script(world, call, leg)
    return leg


def ring_outside(world: World, call: Call, owner: Extension, number: str) -> Leg:
    """A callback rings a number outside first; the owner has no events of it.

    Source: CBK-1, CAL-7 (doc, observed, assumed)
    """
    leg = _leg(
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
    world.schedule(timedelta(seconds=rings_s), "ring_timeout", leg.id)
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


def _arrive(
    world: World, call: Call, extension: Extension, role: Role, via: Via, **values: Any
) -> Leg:
    leg = _leg(
        world,
        call,
        extension,
        Flow.IN,
        role,
        hex=world.ids.hex32(),
        called_number=extension.name,
        caller_num=via.num,
        caller_name=via.name,
        caller_extension_id=via.extension_id,
        did=call.did,
        remote_number=via.remote_number,
        through_id=via.through.id if via.through else None,
        back_id=via.back.id if via.back else None,
        callback_id=via.callback_id,
        silent=via.silent,
        joined=via.joined,
        **values,
    )
    events.began(world, call, leg)
    return leg


def _leg(
    world: World, call: Call, extension: Extension, flow: Flow, role: Role, **values: Any
) -> Leg:
    return world.store.put(
        Leg(
            id=world.store.next_id(Leg),
            call_id=call.id,
            extension_id=extension.id,
            live_on=extension.id,
            flow=flow.value,
            role=role.value,
            began_at=world.clock.tick(),
            **values,
        )
    )


def _queue(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """The call waits in a queue.

    Source: CAL-3, SIM-12 (doc, assumed)
    """
    leg = _arrive(world, call, extension, Role.QUEUE, via)
    settings = queue_of(world, extension)
    if settings.max_wait_time:
        world.schedule(timedelta(seconds=settings.max_wait_time), "queue_timeout", leg.id)
    run_script(world, call, leg)
    ring_agents(world, call, leg)
    return None


def ring_agents(world: World, call: Call, waiting: Leg, *, again: bool = False) -> None:
    """Ring the agent whose turn it is, or all of them; look again later when none is free.

    Once each was rung, they are rung `again` only after a pause.

    Source: CAL-4, SIM-12 (doc, assumed)
    """
    extension = world.store.get(Extension, waiting.extension_id)
    settings = queue_of(world, extension)
    rung = [leg.extension_id for leg in legs_of(world, call) if leg.through_id == waiting.id]
    agents = agents_in_order(world, settings, rung)
    free = []
    for agent in agents:
        phone = world.store.find(Extension, agent.extension_id)
        if phone is not None and phone.type == Type.PHONE and refusal(world, phone) is None:
            free.append((agent, phone))
    times = Counter(rung)
    most = max(times.values(), default=0)
    if most and not again:
        free = [(agent, phone) for agent, phone in free if times[phone.id] < most]
    for agent, phone in free if settings.strategy == "ring-all" else free[:1]:
        world.store.put(replace(settings, turn=agent.id))
        via = Via(waiting.caller_num, waiting.caller_name, extension.id, through=waiting)
        ring(world, call, phone, via, rings_at=place_of(world, phone))
    if not free:
        job = world.schedule(timedelta(seconds=LOOK_AGAIN_S), "look_again", waiting.id)
        world.store.put(replace(waiting, job=job))
        limit = settings.max_wait_time_with_no_agent
        if not agents and limit:
            world.schedule(timedelta(seconds=limit), "no_agent_timeout", waiting.id)


def _menu(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """The caller hears a menu.

    Source: CAL-2, IVR-1 (doc, observed)
    """
    leg = _arrive(world, call, extension, Role.IVR, via)
    settings = ivr_of(world, extension)
    if settings.lifetime:
        world.schedule(timedelta(seconds=settings.lifetime), "menu_timeout", leg.id)
    run_script(world, call, leg)
    return None


def pass_on(world: World, call: Call, source: Leg, to: str) -> Call:
    """A menu or a queue sends the call to another extension, and stays in it until its end."""
    extension = world.store.get(Extension, source.extension_id)
    via = Via(source.caller_num, source.caller_name, extension.id)
    return settle(world, call, reach(world, call, extension, to, via))


def reach(world: World, call: Call, sender: Extension, to: str, via: Via) -> Status | None:
    """The call goes on to an extension, or outside; answers how it failed, or None.

    Source: SIM-11, CAL-5 (doc)
    """
    client = world.store.get(Client, sender.client_id)
    target = own_extension(world, client, to)
    if target is not None:
        return enter(world, call, target, via)
    if is_internal(client, to):
        return Status.CONGESTION
    return _forward(world, call, sender, to, back=via.back)


def _forward(
    world: World, call: Call, extension: Extension, number: str, back: Leg | None = None
) -> Status | None:
    """The extension sends the call to a number outside.

    Source: CAL-5, DAT-17 (doc)
    """
    leg = _leg(
        world,
        call,
        extension,
        Flow.OUT,
        Role.FORWARD,
        hex=world.ids.hex32(),
        called_number=number,
        caller_num=extension.name,
        caller_name=extension.caller_id_name,
        rings_at=number,
        transfered=True,
        back_id=back.id if back else None,
    )
    events.began(world, call, leg)
    world.schedule(timedelta(seconds=OUTSIDE_RING_S), "ring_timeout", leg.id)
    run_script(world, call, leg)
    return None


def _on_failure(
    world: World, call: Call, extension: Extension, status: Status, back: Leg | None = None
) -> Status | None:
    forward = world.store.find(Forward, extension.id)
    if forward is not None and FORWARDED_WHEN.get(forward.when) is status:
        return _forward(world, call, extension, forward.to, back)
    return status


def transferred_by(
    world: World, extension: Extension, leg: Leg, remote: str, *, attended: bool
) -> Via:
    """Whom the second extension sees.

    Source: CAL-12, DAT-18, PHN-13, PHN-26, PHN-34 (doc)
    """
    phone = phone_of(world, extension)
    number, name = remote, leg.caller_name if leg.flow == Flow.IN else remote
    if attended and not phone.preserve_caller_id_number_att_tr:
        number, name = extension.name, remote
    if phone.transfer_caller_id_number is not None:
        number = phone.transfer_caller_id_number
    if phone.append_to_cid_name_on_transfer is not None:
        name = f"{name or ''}{phone.append_to_cid_name_on_transfer}"
    return Via(number, name, extension.id, remote_number=remote)


def take(world: World, call: Call, leg: Leg) -> Call:
    """The phone is picked up; with call screening it then waits for the key 1.

    Source: SIM-7 (doc)
    """
    extension = world.store.get(Extension, leg.extension_id)
    rung = leg.role == Role.PHONE and leg.flow == Flow.IN
    if not rung or not phone_of(world, extension).call_screening_enabled:
        return pick_up(world, call, leg)
    screened = move(world, leg, LegState.SCREENING)
    if call.script is not None and call.script.get("press") == "1":
        return pick_up(world, call, screened)
    return fresh(world, call)


def pick_up(world: World, call: Call, leg: Leg) -> Call:
    """The leg is answered, and every other one that rang for the same purpose is not."""
    for other in live(world, call):
        if (
            other.id != leg.id
            and other.role in PHONES
            and other.state in (LegState.RINGING, LegState.SCREENING)
            and not is_passive(other)
        ):
            end(world, call, other, Status.CANCEL)
    _talk(world, call, leg)
    for other in live(world, call):
        if is_passive(other) and other.state == LegState.RINGING:
            _talk(world, call, other)
        elif other.role in (Role.QUEUE, Role.IVR) and leg.role == Role.PHONE:
            world.store.put(replace(other, bridged=True))
    _stop_asking(world, call)
    if call.callback is not None and call.answered_at is None and call.dial_leg_id is None:
        return _dial_destination(world, call)
    fresh = world.store.get(Call, call.id)
    if fresh.answered_at is None:
        fresh = world.store.put(replace(fresh, answered_at=world.clock.elapsed()))
        if call.callback is not None and call.callback.get("call_duration") is not None:
            after = timedelta(seconds=call.callback["call_duration"])
            world.schedule(after, "hang_up", call.id)
    if call.script is not None and "talk" in call.script:
        world.schedule(timedelta(seconds=call.script["talk"]), "hang_up", call.id)
    return fresh


def _talk(world: World, call: Call, leg: Leg) -> None:
    """Let the leg be answered; its record, if it has one, begins.

    Source: SIM-8, DAT-15 (doc, observed)
    """
    values: dict[str, Any] = {}
    extension = world.store.get(Extension, leg.extension_id)
    recordable = leg.role == Role.PHONE and not leg.silent
    if recordable and phone_of(world, extension).record_enabled:
        values["record_uuid"] = f"{leg.extension_id}-{world.ids.hex32()}"
    picked = move(world, leg, LegState.ANSWERED, answered_at=world.clock.tick(), **values)
    events.answered(world, call, picked)


def _stop_asking(world: World, call: Call) -> None:
    """End the leg of who asked, when somebody took the call that it was asked about.

    Source: CAL-12 (doc)
    """
    for asked in live(world, call):
        if asked.back_id is not None:
            asking = world.store.find(Leg, asked.back_id)
            world.store.put(replace(asked, back_id=None))
            if asking is not None and asking.state != LegState.ENDED:
                end(world, call, asking, Status.ANSWER)


def _dial_destination(world: World, call: Call) -> Call:
    """Somebody picked up: the owner of the callback dials the other number.

    Source: CAL-6, CAL-7 (doc, assumed)
    """
    owner = world.store.get(Extension, call.owner_id or 0)
    client = world.store.get(Client, owner.client_id)
    fields = call.callback or {}
    target = own_extension(world, client, call.dialled)
    inside = target is not None or is_internal(client, call.dialled)
    itself = any(leg.silent and leg.role == Role.PHONE for leg in legs_of(world, call))
    leg = dial(
        world,
        call,
        owner,
        target.name if target is not None else call.dialled,
        outside=not inside,
        callback_id=None if itself else call.hex,
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
    _plan_keys(world, call)
    number = fields.get("caller_id_number") or owner.name
    via = Via(
        number,
        fields.get("caller_id_name") or owner.caller_id_name,
        owner.id,
        callback_id=leg.callback_id,
    )
    return settle(world, call, enter(world, call, target, via))


def _plan_keys(world: World, call: Call) -> None:
    """Press the callback's keys in the menu that it reaches.

    Source: CBK-1 (doc, observed)
    """
    after_s = 0.0
    for sign in (call.callback or {}).get("dst_dtmf") or "":
        if sign in PAUSES_S:
            after_s += PAUSES_S[sign]
        else:
            world.schedule(timedelta(seconds=after_s), "press", call.id, sign)


def not_taken(world: World, call: Call, leg: Leg, status: Status) -> Call:
    """The leg ends without an answer; the call goes on elsewhere or ends."""
    end(world, call, leg, status)
    extension = world.store.find(Extension, leg.extension_id)
    after: Status | None = status
    if (
        extension is not None
        and leg.through_id is None
        and leg.back_id is None
        and not leg.joined
        and leg.flow == Flow.IN
    ):
        after = _on_failure(world, call, extension, status)
    return settle(world, call, after, leg)


def settle(world: World, call: Call, status: Status | None, last: Leg | None = None) -> Call:
    """When nobody is left who could take the call, try the next agent, or end it."""
    if status is None:
        return fresh(world, call)
    call = fresh(world, call)
    legs = live(world, call)
    unanswered = (LegState.RINGING, LegState.SCREENING)
    if any(leg.role in PHONES and leg.state in unanswered and not is_passive(leg) for leg in legs):
        return call
    waiting = next((leg for leg in legs if leg.role == Role.QUEUE and not leg.bridged), None)
    if waiting is not None:
        ring_agents(world, call, waiting)
        return fresh(world, call)
    if sum(_parties(call, leg) for leg in legs) + (call.kind == Kind.INCOMING) > 1:
        return call
    for leg in reversed(legs):
        end(world, call, leg, Status.ANSWER if has_talked(leg) else status)
    finished = finish(world, call, Status.ANSWER if call.answered_at is not None else status)
    if (
        status is Status.NOANSWER
        and last is not None
        and last.flow == Flow.IN
        and last.through_id is None
        and (call.callback is None or call.dial_leg_id is not None)
    ):
        return _open_voicemail(world, finished, last)
    return finished


def _parties(call: Call, leg: Leg) -> int:
    """How many who talk, or wait for somebody to talk to, the leg stands for."""
    if leg.role not in PHONES or leg.joined:
        return 0
    if leg.id == call.dial_leg_id:  # the owner of a callback only lends its name
        return 0 if is_passive(leg) else 1
    return 2 if leg.flow == Flow.OUT and leg.role == Role.PHONE and leg.rings_at else 1


def _open_voicemail(world: World, call: Call, leg: Leg) -> Call:
    """Let the caller speak to the phone's voicemail, when it has one.

    Source: SIM-4, PHN-36 (doc)
    """
    extension = world.store.find(Extension, leg.extension_id)
    if extension is None or not phone_of(world, extension).vm_enabled:
        return call
    opened = world.store.put(replace(call, voicemail_of=extension.id))
    world.schedule(timedelta(seconds=VOICEMAIL_S), "voicemail_end", call.id)
    if call.script is not None and call.script.get("leave_message"):
        return take_message(world, opened)
    return opened


def take_message(world: World, call: Call) -> Call:
    """The caller has spoken to the voicemail that is open.

    Source: SIM-4, DAT-21 (doc, assumed)
    """
    leg = next(leg for leg in legs_of(world, call) if leg.extension_id == call.voicemail_of)
    events.voicemail(world, call, leg, f"{leg.extension_id}-{world.ids.hex32()}")
    return world.store.put(replace(call, voicemail_of=None))


def end(world: World, call: Call, leg: Leg, status: Status) -> None:
    """The leg is over.

    Source: CAL-1 (doc)
    """
    ended_at = world.clock.tick()
    if leg.answered_at is not None and leg.through_id is not None:
        _credit_agent(world, leg, ended_at - leg.answered_at, ended_at)
    over = move(world, leg, LegState.ENDED, status=status.value, ended_at=ended_at)
    events.ended(world, call, over)


def _credit_agent(world: World, leg: Leg, talked: timedelta, now: timedelta) -> None:
    for agent in world.store.of(Agent, "extension_id", leg.extension_id):
        world.store.put(
            replace(agent, talked=agent.talked + talked, calls=agent.calls + 1, idle_since=now)
        )


def finish(world: World, call: Call, status: Status) -> Call:
    """The call is over, with that result; nothing more comes due in it."""
    for leg in legs_of(world, call):
        world.scheduler.forget(LEG_JOBS, leg.id)
    world.scheduler.forget(CALL_JOBS, call.id)
    fresh = world.store.get(Call, call.id)
    return world.store.put(replace(fresh, ended_at=world.clock.elapsed(), result=status.value))


def _forget_oldest(world: World, client_id: int) -> None:
    ids = world.store.ids(Call, "client_id", client_id)
    if len(ids) > KEPT_CALLS:
        for key in ids[: len(ids) - KEPT_CALLS]:
            old = world.store.get(Call, key)
            if old.ended_at is not None:
                world.store.remove(old)
                return


def fresh(world: World, call: Call) -> Call:
    """The call as it is now."""
    return world.store.get(Call, call.id)


def has_talked(leg: Leg) -> bool:
    """Whether the leg was answered, or led to one that was."""
    return leg.answered_at is not None or leg.bridged
