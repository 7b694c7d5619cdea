"""Where a call goes: to an extension, on by rules, menus and queues, and on failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.accounts import Client
from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.ani.model import of as number_shown
from ..resources.extension.model import Extension, Type, is_internal, own_extension
from ..resources.ivr.model import of as ivr_of
from ..resources.phone.model import phone_with
from ..resources.queue.model import of as queue_of
from .callback import greet, is_announced
from .dialling import OUTSIDE_RING_S
from .legs import Via, arrive, begin, end, ring, run_script
from .lifecycle import release_all
from .model import Call, Leg, fresh, is_lent, is_passive, is_waiting, live, move
from .queueing import ring_agents, wait_in
from .reachability import FORWARDED_WHEN, Forward, blocked, place_of, refusal
from .sounds import stop_hold_music
from .states import PHONES, End, Flow, Kind, LegState, Role, Status
from .voicemail import open_voicemail, takes_messages

#: Rules that may forward a call one after the other (assumed).
MOST_HOPS = 10
#: Parts of a call after which no menu or queue sends it on by itself (assumed).
MOST_PARTS = 500


def enter(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """Route the call to an extension; answers how that failed, or None when it did not."""
    rule = _rule_of(world, call, extension)
    is_blocked = blocked(world, extension) is not None
    if rule is not None and rule.when == "always" and not is_blocked:
        return forward_by_rule(world, call, extension, rule.to, via)
    if extension.type == Type.PHONE:
        status = refusal(world, extension)
        leg = ring(
            world, call, extension, via, rings_at=place_of(world, extension), rung=status is None
        )
        if status is not None:
            end(world, call, leg, status)
            return on_failure(world, call, extension, status, via)
        return None
    if extension.type == Type.QUEUE and not is_blocked:
        return wait_in(world, call, extension, via)
    if extension.type == Type.IVR and not is_blocked:
        return listen_to(world, call, extension, via)
    leg = ring(world, call, extension, via, rung=False)
    end(world, call, leg, Status.CONGESTION)
    return Status.CONGESTION


def listen_to(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """Put the caller into a voice menu.

    Source: CAL-2, IVR-1
    """
    leg = arrive(world, call, extension, Role.IVR, via)
    settings = ivr_of(world, extension)
    if settings.lifetime:
        world.schedule(timedelta(seconds=settings.lifetime), JobKind.MENU_TIMEOUT, leg.id)
    run_script(world, call, leg)
    greet(world, call)
    return None


def pass_on(world: World, call: Call, source: Leg, to: str) -> Call:
    """Route the call from a menu or a queue, which stays in it, to another extension.

    A call that goes in circles ends: CONGESTION.

    Source: SIM-11, CAL-2
    """
    if goes_in_circles(world, call):
        return settle(world, call, Status.CONGESTION)
    extension = world.store.get(Extension, source.extension_id)
    via = Via(source.caller_num, source.caller_name, extension)
    return settle(world, call, reach(world, call, extension, to, via))


def goes_in_circles(world: World, call: Call) -> bool:
    """Whether the call has reached the largest number of parts, so that it goes in a circle."""
    return len(world.store.ids(Leg, "call_id", call.id)) >= MOST_PARTS


def reach(world: World, call: Call, sender: Extension, to: str, via: Via) -> Status | None:
    """Route the call on to an extension or outside; answers how that failed, or None.

    Source: SIM-11, CAL-5
    """
    client = world.store.get(Client, sender.client_id)
    target = own_extension(world, client, to)
    if target is not None:
        return enter(world, call, target, via)
    if is_internal(client, to):
        return Status.CONGESTION
    return forward(world, call, sender, to, Via(sender.name, sender.caller_id_name, back=via.back))


def forward_by_rule(
    world: World, call: Call, extension: Extension, to: str, via: Via
) -> Status | None:
    """An incoming rule of the extension sends the call on, as that of its caller.

    A number of the PBX rings there, and sees the number that the phone is set to show; rules that
    go round in a circle end the call (assumed).

    Source: CAL-5, DAT-17, PHN-34
    """
    client = world.store.get(Client, extension.client_id)
    target = own_extension(world, client, to)
    if target is not None and via.hops < MOST_HOPS:
        phone = phone_with(world, extension.id)
        shown = phone.transfer_caller_id_number or via.num
        return enter(world, call, target, replace(via, num=shown, hops=via.hops + 1))
    if target is not None or is_internal(client, to):
        return Status.CONGESTION
    return forward(world, call, extension, to, via, by_rule=True)


def forward(
    world: World,
    call: Call,
    extension: Extension,
    number: str,
    via: Via,
    *,
    by_rule: bool = False,
) -> Status | None:
    """The extension sends the call to a number outside; only a rule makes that Transfered.

    Source: CAL-5, DAT-17
    """
    leg = begin(
        world,
        call,
        extension,
        Flow.OUT,
        Role.FORWARD,
        hex=world.ids.hex32(),
        called_number=number,
        caller_num=via.num,
        caller_name=via.name,
        rings_at=number,
        ani=number_shown(world, extension.id),
        transfered=by_rule,
        back_id=via.back.id if via.back else None,
    )
    world.schedule(timedelta(seconds=OUTSIDE_RING_S), JobKind.RING_TIMEOUT, leg.id)
    run_script(world, call, leg)
    return None


def on_failure(
    world: World, call: Call, extension: Extension, status: Status, via: Via
) -> Status | None:
    """Forward a call that the extension did not take; without a rule answers how it failed.

    Source: CAL-5
    """
    rule = _rule_of(world, call, extension)
    if rule is not None and FORWARDED_WHEN.get(rule.when) is status:
        return forward_by_rule(world, call, extension, rule.to, via)
    return status


def _rule_of(world: World, call: Call, extension: Extension) -> Forward | None:
    """The extension's incoming rule; none works while a callback rings whom it rings first.

    Source: CAL-5, CBK-2
    """
    if call.callback is not None and fresh(world, call).dial_leg_id is None:
        return None
    return world.store.find(Forward, extension.id)


def leave_queue(world: World, call: Call, waiting: Leg, status: Status) -> Call:
    """The caller waits no longer: the call goes where the queue or an incoming rule says, or ends.

    Source: SIM-12, QUE-1, CAL-5
    """
    for leg in live(world, call):
        if leg.through_id == waiting.id:
            end(world, call, leg, Status.CANCEL, End.INTERNAL)
    extension = world.store.get(Extension, waiting.extension_id)
    target = queue_of(world, extension).timeout_transfer_dst
    end(world, call, waiting, status)
    if target is not None:
        return pass_on(world, call, waiting, target)
    via = Via(waiting.caller_num, waiting.caller_name, waiting.caller, hops=waiting.hops)
    return settle(world, call, on_failure(world, call, extension, status, via))


def not_taken(world: World, call: Call, leg: Leg, status: Status, how: End | None = None) -> Call:
    """End the leg without an answer; the call goes on elsewhere or ends."""
    end(world, call, leg, status, how)
    if leg.back_id is not None:
        resume(world, call)
    extension = world.store.find(Extension, leg.extension_id)
    after: Status | None = status
    if (
        extension is not None
        and leg.through_id is None
        and leg.back_id is None
        and not leg.joined
        and leg.flow == Flow.IN
    ):
        via = Via(leg.caller_num, leg.caller_name, leg.caller, hops=leg.hops)
        after = on_failure(world, call, extension, status, via)
    return settle(world, call, after, leg)


def resume(world: World, call: Call) -> None:
    """Who was held while somebody was asked about the call talks again."""
    for leg in live(world, call):
        if leg.state == LegState.HELD:
            move(world, leg, LegState.ANSWERED)
    stop_hold_music(world, call)


def settle(world: World, call: Call, status: Status | None, last: Leg | None = None) -> Call:
    """When nobody is left who could take the call, try the next agent, or end it."""
    if status is None:
        return fresh(world, call)
    call = fresh(world, call)
    legs = live(world, call)
    unanswered = (LegState.RINGING, LegState.SCREENING)
    if any(leg.role in PHONES and leg.state in unanswered and not is_passive(leg) for leg in legs):
        return call
    waiting = next(filter(is_waiting, legs), None)
    if waiting is not None:
        ring_agents(world, call, waiting)
        return fresh(world, call)
    if sum(_parties(call, leg) for leg in legs) + (call.kind == Kind.INCOMING) > 1:
        return call
    if is_announced(world, call):
        return call
    if last is not None and status is Status.NOANSWER and takes_messages(world, call, last):
        return open_voicemail(world, call, last)
    return release_all(world, call, status, last)


def _parties(call: Call, leg: Leg) -> int:
    """How many talking or waiting sides the leg stands for: 0, 1 or 2."""
    if leg.role not in PHONES or leg.joined:
        return 0
    if is_lent(call, leg):
        return 0 if is_passive(leg) else 1
    return 2 if leg.flow == Flow.OUT and leg.role == Role.PHONE and leg.rings_at else 1
