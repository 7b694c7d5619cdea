"""Transfers: one extension passes a call on to another, at once or after asking."""

from __future__ import annotations

from dataclasses import replace

from ..core.accounts import Client
from ..core.errors import ConflictError
from ..core.world import World
from ..resources.extension.model import Extension, Type, own_extension
from ..resources.phone.model import of as phone_of
from ..resources.phone.model import preserves_number
from .allowed import allow, not_allowed
from .call_flow import reach, resume, settle
from .legs import Via, end
from .model import Call, Leg, fresh, is_lent, is_passive, legs_of, live, mark, move
from .sounds import play_hold_music
from .states import PHONES, End, Flow, Kind, LegState, Role, Status


def transfer(
    world: World,
    call: Call,
    to: str,
    *,
    attended: bool = False,
    extension_id: int | None = None,
) -> Call:
    """The extension that talks passes the call on, at once (#1) or after asking (*2).

    Of two that talk it is the one that is named, or the one that was called.

    Raises:
        ConflictError: nobody talks, or not that extension, or the callback does not allow it.

    Source: CAL-12, DAT-18, CBK-7
    """
    call = allow(world, call, "transfer")
    if _is_forbidden(world, call):
        text = "allow_public_transfer of the callback is false, and a number outside takes part"
        raise ConflictError((), f"transfer: {text}")
    talking = [
        leg
        for leg in talking_legs(world, call)
        if extension_id in (None, leg.extension_id) and not is_lent(call, leg)
    ]
    if not talking:
        who = (
            "no phone talks" if extension_id is None else f"extension {extension_id} does not talk"
        )
        raise ConflictError((), f"transfer: {who} in this call")
    leg = next((one for one in reversed(talking) if one.flow == Flow.IN), talking[-1])
    extension = world.store.get(Extension, leg.extension_id)
    remote, outside = opposite(world, call, leg)
    how = "after asking" if attended else "at once"
    mark(world, call, f"transfers to {to} {how}", extension)
    via = transferred_by(world, extension, leg, remote, outside=outside, attended=attended)
    if attended and not _is_machine(world, extension, to):
        for other in talking_legs(world, call):
            if other.id != leg.id and other.state == LegState.ANSWERED:
                move(world, other, LegState.HELD)
        play_hold_music(world, leg)
        if reach(world, call, extension, to, replace(via, back=leg)) is not None:
            resume(world, call)
        return fresh(world, call)
    end(world, call, leg, Status.ANSWER, End.PASSED_ON)
    return settle(world, call, reach(world, call, extension, to, via))


def _is_forbidden(world: World, call: Call) -> bool:
    """Whether the callback's sides may not pass it on, as one of them is outside.

    Source: CBK-7
    """
    if (call.callback or {}).get("allow_public_transfer") is not False:
        return False
    return any(leg.flow == Flow.OUT and leg.rings_at is not None for leg in live(world, call))


def talking_legs(world: World, call: Call) -> list[Leg]:
    """The legs of phones that talk or are held."""
    return [leg for leg in live(world, call) if leg.role == Role.PHONE and _talks(leg)]


def consulted(world: World, call: Call) -> Leg | None:
    """The leg of who is asked about the call, while somebody is."""
    return next((leg for leg in live(world, call) if leg.back_id is not None), None)


def complete(world: World, call: Call) -> Call:
    """Complete a consultation: the call goes to who was asked, who may still ring.

    Raises:
        ConflictError: nobody is asked.

    Source: CAL-12, CUR-8
    """
    call = allow(world, call, "complete")
    asked = consulted(world, call)
    if asked is None:
        raise not_allowed(world, call, "complete")
    asking = world.store.get(Leg, asked.back_id or 0)
    world.store.put(replace(asked, back_id=None))
    mark(world, call, "connects the call", asking.own)
    if asking.state != LegState.ENDED:
        end(world, call, asking, Status.ANSWER, End.PASSED_ON)
    resume(world, call)
    return settle(world, call, Status.ANSWER) if asked.answered_at is None else fresh(world, call)


def cancel(world: World, call: Call) -> Call:
    """Cancel a consultation: who asked talks with the caller again.

    Raises:
        ConflictError: nobody is asked.

    Source: CAL-12, CUR-8
    """
    call = allow(world, call, "cancel")
    asked = consulted(world, call)
    if asked is None:
        raise not_allowed(world, call, "cancel")
    status = Status.ANSWER if asked.answered_at is not None else Status.CANCEL
    asking = world.store.get(Leg, asked.back_id or 0)
    mark(world, call, "takes the call back", asking.own)
    end(world, call, asked, status, End.GIVEN_UP)
    resume(world, call)
    return fresh(world, call)


def opposite(world: World, call: Call, leg: Leg) -> tuple[str, bool]:
    """The number of the side that the leg talks with, and whether that is outside.

    Source: DAT-18
    """
    others = [
        one
        for one in live(world, call)
        if one.id != leg.id and _talks(one) and not (is_lent(call, one) and is_passive(one))
    ]
    if others:
        other = others[-1]
        outside = other.flow == Flow.OUT and other.rings_at is not None
        return (other.rings_at or "") if outside else other.own.name, outside
    if call.kind == Kind.INCOMING:
        return call.caller, True
    return call.dialled, any(one.rings_at == call.dialled for one in legs_of(world, call))


def _talks(leg: Leg) -> bool:
    """Whether somebody talks in that leg, or is held, and does not only listen in."""
    return leg.role in PHONES and leg.state in (LegState.ANSWERED, LegState.HELD) and not leg.joined


def transferred_by(
    world: World, extension: Extension, leg: Leg, remote: str, *, outside: bool, attended: bool
) -> Via:
    """Whom the second extension sees.

    Source: CAL-12, DAT-18, PHN-13, PHN-26, PHN-34
    """
    phone = phone_of(world, extension)
    number, name = remote, leg.caller_name if leg.flow == Flow.IN else remote
    if attended and not preserves_number(world, phone):
        number, name = extension.name, remote
    if phone.transfer_caller_id_number is not None:
        number = phone.transfer_caller_id_number
    if phone.append_to_cid_name_on_transfer is not None:
        name = f"{name or ''}{phone.append_to_cid_name_on_transfer}"
    shown = remote if outside else None
    return Via(number, name, extension, remote_number=shown, by_transfer=True)


def _is_machine(world: World, sender: Extension, to: str) -> bool:
    """Whether nobody is there to be asked first: a menu or a queue takes every call."""
    target = own_extension(world, world.store.get(Client, sender.client_id), to)
    return target is not None and target.type in (Type.IVR, Type.QUEUE)
