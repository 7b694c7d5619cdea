"""What one extension does with a call that it is in, besides answering it."""

from __future__ import annotations

from dataclasses import replace

from ..core.errors import ConflictError, InvalidError
from ..core.world import World
from ..resources.extension.model import Extension, Type
from .call_flow import enter, not_taken, reach, settle
from .history import keep_parts
from .legs import Via, end, ring
from .model import (
    PHONES,
    Call,
    CallState,
    End,
    Flow,
    Leg,
    LegState,
    Role,
    Status,
    fresh,
    has_talked,
    is_calling,
    is_passive,
    live,
    state_of,
)
from .pickup import pick_up
from .reachability import place_of, refusal
from .steps import answer, hang_up, hold

_UNANSWERED = (LegState.RINGING, LegState.SCREENING)


def shown_legs(world: World, extension: Extension) -> list[Leg]:
    """The extension's parts of running calls, in the order they began.

    Source: CUR-1 (doc, observed)
    """
    legs = world.store.of(Leg, "live_on", extension.id)
    return [leg for leg in legs if is_shown(world.store.get(Call, leg.call_id), leg)]


def is_shown(call: Call, leg: Leg) -> bool:
    """Whether the leg is one of the running calls.

    What a callback rings without events is one until the owner dials, and is one with that then.

    Source: CUR-1, CAL-6 (doc, observed)
    """
    return not leg.silent or not is_calling(call, leg)


def release(world: World, call: Call, extension: Extension) -> Call:
    """The extension hangs up: it declines while it rings, and ends the call that it talks in.

    Who only listens in leaves the call alone, and whom a callback passes on then is dialled.

    Source: CUR-2, CBK-1, SIM-11 (doc, observed)
    """
    leg = _leg_of(world, call, extension)
    if leg.joined:
        end(world, call, leg, Status.ANSWER if has_talked(leg) else Status.CANCEL)
        return fresh(world, call)
    if leg.role == Role.PHONE and leg.flow == Flow.IN and leg.state in _UNANSWERED:
        return not_taken(world, call, leg, Status.BUSY, End.DECLINED)
    target = _passes_on(call, leg)
    if target is None:
        return hang_up(world, call, extension.id)
    owner = world.store.get(Extension, call.owner_id or 0)
    end(world, call, leg, Status.ANSWER)
    via = Via(owner.name, owner.caller_id_name, owner)
    return settle(world, call, reach(world, call, owner, target, via))


def _passes_on(call: Call, leg: Leg) -> str | None:
    """Whom the other side of a callback is connected with when this one hangs up.

    Source: CBK-1 (doc, observed)
    """
    if call.callback is None or call.answered_at is None or leg.id == call.dial_leg_id:
        return None
    side = "src" if is_calling(call, leg) else "dst"
    target: str | None = call.callback.get(f"transfer_after_{side}_hangup")
    return target


def join(world: World, call: Call, extension: Extension, listener: Extension) -> Call:
    """Another phone is rung, to listen in on the conversation of the extension.

    Source: CUR-2 (doc, observed)
    """
    via = Via(extension.name, extension.caller_id_name, extension, joined=True)
    enter(world, call, listener, via)
    return fresh(world, call)


def take(world: World, call: Call, extension: Extension, taker: Extension | None) -> Call:
    """The call that rings, waits or is held at the extension is picked up.

    By the extension itself, or by another phone, whose leg follows on the present one.

    Raises:
        ConflictError: the call does not ring at the extension, or the other phone cannot take it.

    Source: CUR-2 (doc, observed)
    """
    held = state_of(world, call) is CallState.HELD
    if taker is None:
        return hold(world, call) if held else answer(world, call, extension.id)
    leg = _leg_of(world, call, extension)
    if leg.flow == Flow.OUT and not held:
        raise ConflictError((), f"pickup: the call does not come in at extension {extension.id}")
    reason = refusal(world, taker)
    if reason is not None:
        raise ConflictError((), f"pickup: extension {taker.id} cannot take it: {reason.value}")
    if held:
        hold(world, call)
    via = Via(leg.caller_num, leg.caller_name, leg.caller)
    pick_up(world, call, ring(world, call, taker, via, rings_at=place_of(world, taker)))
    leg = world.store.get(Leg, leg.id)
    if leg.role in PHONES and leg.state != LegState.ENDED:
        end(world, call, leg, Status.ANSWER, End.PASSED_ON)
    return fresh(world, call)


def phone(extension: Extension | None) -> Extension:
    """The extension, which is a phone that somebody can be connected with.

    Raises:
        InvalidError: it is of another type, or there is none.

    Source: CUR-2 (doc, observed)
    """
    if extension is None or extension.type != Type.PHONE:
        raise InvalidError("CUR-2", "send_dst: must be a phone of the client")
    return extension


def leave(world: World, extension: Extension) -> None:
    """The extension, which is about to be deleted, is in no call any more.

    Source: EXT-7 (assumed)
    """
    world.store.put(replace(extension, status="blocked"))  # no queue rings it again
    for call in world.store.of(Call, "client_id", extension.client_id):
        if call.owner_id == extension.id and call.ended_at is None:
            hang_up(world, call)
        if call.voicemail_of == extension.id:
            world.store.put(replace(call, voicemail_of=None))
    while legs := world.store.of(Leg, "live_on", extension.id):
        call = world.store.get(Call, legs[0].call_id)
        if legs[0].joined:
            end(world, call, legs[0], Status.ANSWER if has_talked(legs[0]) else Status.CANCEL)
        elif legs[0].state in _UNANSWERED and legs[0].role in PHONES and not is_passive(legs[0]):
            end(world, call, legs[0], Status.CHANUNAVAIL)
            settle(world, call, Status.CHANUNAVAIL)
        else:
            hang_up(world, call)
    keep_parts(world, extension)


def _leg_of(world: World, call: Call, extension: Extension) -> Leg:
    legs = [leg for leg in live(world, call) if leg.extension_id == extension.id]
    if not legs:
        raise ConflictError((), f"extension {extension.id} is not in this call any more")
    return legs[-1]
