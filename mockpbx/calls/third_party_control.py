"""Control of a running call by a program: listen in, pick up, leave."""

from __future__ import annotations

from dataclasses import replace

from ..core.errors import ConflictError, InvalidError
from ..core.world import World
from ..resources.extension.model import Extension, Type
from .allowed import state_of
from .call_flow import enter, settle
from .legs import Via, end, name_of, ring
from .model import Call, Leg, fresh, has_talked, is_calling, is_passive, live
from .pickup import pick_up
from .reachability import place_of, refusal
from .release import end_all, hang_up
from .states import PHONES, CallState, End, Flow, LegState, Status
from .steps import answer, hold

_UNANSWERED = (LegState.RINGING, LegState.SCREENING)


def shown_legs(world: World, extension: Extension) -> list[Leg]:
    """The extension's parts of running calls, in the order they began.

    Source: CUR-1
    """
    legs = world.store.of(Leg, "live_on", extension.id)
    shown = [leg for leg in legs if is_shown(world.store.get(Call, leg.call_id), leg)]
    running = world.store.of(Call, "running", extension.client_id)
    mailboxes = [leg for call in running for leg in shown_mailbox(world, call)]
    return shown + [leg for leg in mailboxes if leg.extension_id == extension.id]


def shown_mailbox(world: World, call: Call) -> list[Leg]:
    """The leg of the phone whose voicemail listens to the caller now, if one does.

    Source: CUR-1, CUR-3, SIM-13
    """
    leg = mailbox_of(world, call)
    return [leg] if leg is not None and is_shown(call, leg) else []


def mailbox_of(world: World, call: Call) -> Leg | None:
    """The leg whose voicemail listens to the caller now, who is not done yet.

    Source: CUR-1, SIM-13
    """
    return None if call.voicemail_of is None else world.store.get(Leg, call.voicemail_of)


def is_shown(call: Call, leg: Leg) -> bool:
    """Whether the leg is one of the running calls, which are those of phones alone.

    What a callback rings without events is one until the owner dials, and is one with that then.

    Source: CUR-1, CUR-3, CAL-6
    """
    return leg.own.type == Type.PHONE and not (leg.silent and is_calling(call, leg))


def join(world: World, call: Call, extension: Extension, listener: Extension) -> Call:
    """Ring another phone, which is to listen in on the extension's conversation.

    Source: CUR-2
    """
    via = Via(extension.name, name_of(world, extension), extension, joined=True)
    enter(world, call, listener, via)
    return fresh(world, call)


def take(world: World, call: Call, extension: Extension, taker: Extension | None) -> Call:
    """The call that rings, waits or is held at the extension is picked up.

    By the extension itself, or by another phone, whose leg follows on the present one.

    Raises:
        ConflictError: the call does not ring at the extension, or the other phone cannot take it.

    Source: CUR-2
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

    Source: CUR-2
    """
    if extension is None or extension.type != Type.PHONE:
        raise InvalidError("CUR-2", "send_dst: must be a phone of the client")
    return extension


def leave(world: World, extension: Extension) -> None:
    """Take the extension, which is about to be deleted, out of its calls.

    Source: EXT-7
    """
    world.store.put(replace(extension, status="blocked"))  # no queue rings it again
    for call in world.store.of(Call, "running", extension.client_id):
        listens = mailbox_of(world, call)
        if listens and listens.extension_id == extension.id:
            hang_up(world, call)
        elif call.owner_id == extension.id:
            end_all(world, call, None)
    while legs := world.store.of(Leg, "live_on", extension.id):
        call = world.store.get(Call, legs[0].call_id)
        if legs[0].joined:
            end(world, call, legs[0], Status.ANSWER if has_talked(legs[0]) else Status.CANCEL)
        elif legs[0].state in _UNANSWERED and legs[0].role in PHONES and not is_passive(legs[0]):
            end(world, call, legs[0], Status.CHANUNAVAIL)
            settle(world, call, Status.CHANUNAVAIL)
        else:
            end_all(world, call, None)


def _leg_of(world: World, call: Call, extension: Extension) -> Leg:
    legs = [leg for leg in live(world, call) if leg.extension_id == extension.id]
    if not legs:
        raise ConflictError((), f"extension {extension.id} is not in this call any more")
    return legs[-1]
