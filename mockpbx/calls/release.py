"""Hanging up and refusing, by any side of a call."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..core.accounts import Client
from ..core.errors import ConflictError
from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import BundleLink, Extension, own_extension
from .allowed import allow
from .call_flow import not_taken, reach, settle
from .conference import leave_conference
from .legs import Via, end, name_of
from .lifecycle import finish
from .model import (
    Call,
    Leg,
    fresh,
    from_last,
    has_talked,
    is_calling,
    is_lent,
    is_passive,
    legs_of,
    live,
    mark,
    status_of_end,
)
from .reachability import rings_on, rings_with
from .states import MACHINES, PHONES, End, Flow, Kind, LegState, Role, Status
from .transfer import cancel, complete, consulted
from .voicemail import close_voicemail

_UNANSWERED = (LegState.RINGING, LegState.SCREENING)
_SUB_CALL_ID = re.compile(r"([0-9]+)-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody in a call: at the extension of a leg, or `far` from it at the number outside.

    Without a leg it is the outside caller, who has none. `linked` is the phone that hears the leg
    of the main one of its bundle.
    """

    leg: Leg | None
    far: bool = False
    linked: int | None = None


def hang_up(world: World, call: Call, by: int | str | None = None) -> Call:
    """Hang up at that side; at the caller's unless another is named.

    `by` is `caller`, `callee`, an extension by its id or number, a leg by its SubCallID, or a
    number outside. A linked phone is where its main extension is.

    Who rings declines; who listens in leaves the others alone; who asked somebody about the call
    connects both, who was asked returns it; whom a callback passes on is dialled. Else the call
    is over: CANCEL for who still rang, ANSWER for who talked.

    Raises:
        ConflictError: the call was over before, nobody is there, or several legs fit.

    Source: SIM-11, CUR-2, CBK-1, HIS-14
    """
    call = allow(world, call, "hang_up")
    if call.voicemail_of is not None:
        return close_voicemail(world, call)
    side = side_of(world, call, by)
    leg = side.leg
    if leg is None:
        return end_all(world, call, side)
    if leg.joined:
        end(world, call, leg, Status.ANSWER if has_talked(leg) else Status.CANCEL, End.OWN)
        return fresh(world, call)
    if leg.state in _UNANSWERED and leg.role in PHONES and (leg.flow == Flow.IN or side.far):
        return refuse(world, call, leg, side.linked)
    asked = consulted(world, call)
    if asked is not None and asked.back_id == leg.id:
        return complete(world, call)
    if asked is not None and asked.id == leg.id:
        return cancel(world, call)
    target = _passes_on(call, side)
    if target is None:
        return end_all(world, call, side)
    owner = world.store.get(Extension, call.owner_id or 0)
    end(world, call, leg, Status.ANSWER, End.OTHER if side.far else End.OWN)
    via = Via(owner.name, name_of(world, owner), owner)
    return settle(world, call, reach(world, call, owner, target, via))


def refuse(world: World, call: Call, leg: Leg, extension_id: int | None = None) -> Call:
    """Who rings in the leg refuses the call; of a bundle only the phone that is named is silent.

    The call is refused once all of its phones are.

    Source: SIM-11, CAL-9
    """
    if extension_id is not None and leg.state == LegState.RINGING:
        leg = world.store.put(altered(leg, silenced=(*leg.silenced, extension_id)))
        if rings_on(world, leg):
            return mark(world, call, "declined", world.store.get(Extension, extension_id))
    return not_taken(world, call, leg, Status.BUSY, End.DECLINED)


def end_all(world: World, call: Call, by: Side | None) -> Call:
    """End the call because that side hung up; without a side the PBX ended it.

    Source: HIS-14
    """
    talked = call.answered_at is not None
    for leg in from_last(world, call):
        status = status_of_end(world, call, leg, Status.CANCEL)
        how = End.OWN if by is not None and _is_own(call, leg, by) else End.OTHER
        end(world, call, leg, status, End.INTERNAL if by is None else how)
    over = finish(world, call, Status.ANSWER if talked else Status.CANCEL)
    if over.conference_of is not None:
        leave_conference(world, over)
    return over


def _is_own(call: Call, leg: Leg, by: Side) -> bool:
    """Whether it is the leg's own side that hung up; a menu and a queue stand for the called one.

    Source: HIS-14
    """
    if by.leg is not None and by.leg.id == leg.id:
        return not by.far
    calls = by.leg is None or is_calling(call, by.leg) or (not by.far and by.leg.flow == Flow.OUT)
    if leg.flow == Flow.OUT:
        return calls
    return leg.role in MACHINES and not calls


def side_of(world: World, call: Call, by: int | str | None) -> Side:
    """The one side that the word, extension, leg or number fits.

    Raises:
        ConflictError: none fits, or several, which are listed then.
    """
    if by is None or by == "caller":
        return _caller(world, call)
    found = _sides(world, call, by)
    if not found:
        raise ConflictError((), f"hang_up: {_named(world, by)} is not in this call any more")
    if len(found) > 1:
        legs = ", ".join(_told(side) for side in found)
        raise ConflictError((), f"hang_up: {_named(world, by)} fits several legs: {legs}")
    return found[0]


def _caller(world: World, call: Call) -> Side:
    if call.kind == Kind.INCOMING:
        return Side(None)
    calling = [
        leg
        for leg in live(world, call)
        if is_calling(call, leg) and not (is_lent(call, leg) and is_passive(leg))
    ]
    if calling:
        return Side(calling[0], far=_is_far(call, calling[0]))
    near = [leg for leg in live(world, call) if leg.flow == Flow.OUT and not is_lent(call, leg)]
    return Side(near[0]) if near and call.kind == Kind.OUTGOING else Side(None)


def _sides(world: World, call: Call, by: int | str) -> list[Side]:
    legs = live(world, call)
    if isinstance(by, int):
        own = [leg for leg in legs if leg.extension_id == by]
        held = [leg for leg in own if not is_lent(call, leg)]
        return [Side(leg) for leg in held or own[-1:]] or _sides_of_linked(world, call, by)
    if by == "callee":
        called = [side for side in _called(call, legs) if side.leg is not None]
        talking = [side for side in called if side.leg and side.leg.answered_at is not None]
        return talking or called
    if _SUB_CALL_ID.fullmatch(by):
        return [
            Side(leg, far=_is_far(call, leg))
            for leg in legs
            if f"{leg.extension_id}-{leg.hex}" == by
        ]
    named = own_extension(world, world.store.get(Client, call.client_id), by)
    if named is not None:
        return _sides(world, call, named.id)
    number = by.lstrip("+")
    far = [Side(leg, far=True) for leg in legs if (leg.rings_at or "").lstrip("+") == number]
    return [Side(None), *far] if _has_no_leg(world, call, number) else far


def _has_no_leg(world: World, call: Call, number: str) -> bool:
    """Whether it is the caller's number, or that of whom a phone dialled and passed on since."""
    if call.kind == Kind.INCOMING:
        return call.caller.lstrip("+") == number
    return call.kind == Kind.OUTGOING and any(
        leg.how == End.PASSED_ON and (leg.rings_at or "").lstrip("+") == number
        for leg in legs_of(world, call)
        if leg.flow == Flow.OUT
    )


def _sides_of_linked(world: World, call: Call, extension_id: int) -> list[Side]:
    """Where a linked phone may be that has no leg of its own: in those of its main extension.

    Source: CAL-9, CAL-11
    """
    link = world.store.find(BundleLink, extension_id)
    if link is None:
        return []
    main = world.store.get(Extension, link.main_id)
    hears = extension_id in rings_with(world, main)
    return [
        Side(leg, linked=extension_id)
        for leg in live(world, call)
        if leg.extension_id == main.id
        and leg.role == Role.PHONE
        and not is_lent(call, leg)
        and (leg.flow == Flow.OUT or (hears and extension_id not in leg.silenced))
    ]


def _called(call: Call, legs: list[Leg]) -> list[Side]:
    """Who was called: phones that are rung or talk, and numbers outside."""
    return [
        Side(leg, far=leg.flow == Flow.OUT)
        for leg in legs
        if leg.role in PHONES and not leg.joined and not is_calling(call, leg)
    ]


def _is_far(call: Call, leg: Leg) -> bool:
    """Whether who is at the leg is outside, because nobody is at its extension."""
    return leg.role == Role.FORWARD or (is_lent(call, leg) and not is_passive(leg))


def _passes_on(call: Call, side: Side) -> str | None:
    """Whom the other side of a callback is connected with when this one hangs up.

    Source: CBK-1
    """
    leg = side.leg
    if call.callback is None or call.answered_at is None or leg is None:
        return None
    word = "src" if is_calling(call, leg) and leg.id != call.dial_leg_id else "dst"
    target: str | None = call.callback.get(f"transfer_after_{word}_hangup")
    return target


def _named(world: World, by: int | str) -> str:
    if isinstance(by, int):
        extension = world.store.find(Extension, by)
        return f"extension {by if extension is None else extension.name}"
    return by


def _told(side: Side) -> str:
    if side.leg is None:
        return "the caller"
    leg = side.leg
    return f"{leg.extension_id}-{leg.hex} ({leg.own.name} {leg.flow}, {leg.state})"
