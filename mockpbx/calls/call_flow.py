"""How a call goes on: where it comes to, and what happens when somebody does not take it."""

from __future__ import annotations

from datetime import timedelta

from ..core.accounts import Client
from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.extension.model import Extension, Type, is_internal, own_extension
from ..resources.ivr.model import of as ivr_of
from ..resources.queue.model import of as queue_of
from .legs import OUTSIDE_RING_S, Via, arrive, begin, end, ring, run_script
from .lifecycle import finish
from .model import (
    PHONES,
    Call,
    End,
    Flow,
    Kind,
    Leg,
    LegState,
    Role,
    Status,
    fresh,
    has_talked,
    is_passive,
    is_waiting,
    live,
)
from .queueing import ring_agents, wait_in
from .reachability import FORWARDED_WHEN, Forward, blocked, place_of, refusal
from .voicemail import open_voicemail


def enter(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """The call comes to an extension; answers how it failed, or None when it got on."""
    rule = world.store.find(Forward, extension.id)
    is_blocked = blocked(world, extension) is not None
    if rule is not None and rule.when == "always" and not is_blocked:
        return forward(world, call, extension, rule.to, via.back)
    if extension.type == Type.PHONE:
        status = refusal(world, extension)
        leg = ring(
            world, call, extension, via, rings_at=place_of(world, extension), rung=status is None
        )
        if status is not None:
            end(world, call, leg, status)
            return on_failure(world, call, extension, status, via.back)
        return None
    if extension.type == Type.QUEUE and not is_blocked:
        return wait_in(world, call, extension, via)
    if extension.type == Type.IVR and not is_blocked:
        return listen_to(world, call, extension, via)
    leg = ring(world, call, extension, via, rung=False)
    end(world, call, leg, Status.CONGESTION)
    return Status.CONGESTION


def listen_to(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """The caller hears a menu.

    Source: CAL-2, IVR-1 (doc, observed)
    """
    leg = arrive(world, call, extension, Role.IVR, via)
    settings = ivr_of(world, extension)
    if settings.lifetime:
        world.schedule(timedelta(seconds=settings.lifetime), JobKind.MENU_TIMEOUT, leg.id)
    run_script(world, call, leg)
    return None


def pass_on(world: World, call: Call, source: Leg, to: str) -> Call:
    """A menu or a queue sends the call to another extension, and stays in it until its end."""
    extension = world.store.get(Extension, source.extension_id)
    via = Via(source.caller_num, source.caller_name, extension)
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
    return forward(world, call, sender, to, back=via.back)


def forward(
    world: World, call: Call, extension: Extension, number: str, back: Leg | None = None
) -> Status | None:
    """The extension sends the call to a number outside.

    Source: CAL-5, DAT-17 (doc)
    """
    leg = begin(
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
    world.schedule(timedelta(seconds=OUTSIDE_RING_S), JobKind.RING_TIMEOUT, leg.id)
    run_script(world, call, leg)
    return None


def on_failure(
    world: World, call: Call, extension: Extension, status: Status, back: Leg | None = None
) -> Status | None:
    """What becomes of a call that the extension did not take: it is forwarded, or failed.

    Source: CAL-5 (doc)
    """
    rule = world.store.find(Forward, extension.id)
    if rule is not None and FORWARDED_WHEN.get(rule.when) is status:
        return forward(world, call, extension, rule.to, back)
    return status


def leave_queue(world: World, call: Call, waiting: Leg, status: Status) -> Call:
    """The caller waits no longer: the call goes where the queue says, or ends.

    Source: SIM-12, QUE-1 (doc, assumed, observed)
    """
    for leg in live(world, call):
        if leg.through_id == waiting.id:
            end(world, call, leg, Status.CANCEL, End.INTERNAL)
    extension = world.store.get(Extension, waiting.extension_id)
    target = queue_of(world, extension).timeout_transfer_dst
    end(world, call, waiting, status)
    if target is None:
        return settle(world, call, status)
    return pass_on(world, call, waiting, target)


def not_taken(world: World, call: Call, leg: Leg, status: Status, how: End | None = None) -> Call:
    """The leg ends without an answer; the call goes on elsewhere or ends."""
    end(world, call, leg, status, how)
    extension = world.store.find(Extension, leg.extension_id)
    after: Status | None = status
    if (
        extension is not None
        and leg.through_id is None
        and leg.back_id is None
        and not leg.joined
        and leg.flow == Flow.IN
    ):
        after = on_failure(world, call, extension, status)
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
    waiting = next(filter(is_waiting, legs), None)
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
        return open_voicemail(world, finished, last)
    return finished


def _parties(call: Call, leg: Leg) -> int:
    """How many who talk, or wait for somebody to talk to, the leg stands for."""
    if leg.role not in PHONES or leg.joined:
        return 0
    if leg.id == call.dial_leg_id:  # the owner of a callback only lends its name
        return 0 if is_passive(leg) else 1
    return 2 if leg.flow == Flow.OUT and leg.role == Role.PHONE and leg.rings_at else 1
