"""How calls start, and every step that somebody can make in them.

All functions run inside `world.change()`. A step that the call's state does not allow raises
`Conflict` before anything changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..core.access import Client
from ..core.errors import Conflict, Invalid
from ..core.world import World
from ..resources.did.model import named as did_named
from ..resources.extension.model import Extension, Type, full_name, is_internal, own_extension
from ..resources.ivr.model import of as ivr_of
from .model import (
    PHONES,
    Call,
    CallState,
    Flow,
    Kind,
    Leg,
    LegState,
    Role,
    Status,
    allow,
    is_calling,
    is_passive,
    live,
    move,
    state_of,
)
from .progress import (
    Via,
    dial,
    end,
    enter,
    finish,
    fresh,
    has_talked,
    new_call,
    not_taken,
    pass_on,
    pick_up,
    reach,
    ring_outside,
    run_script,
    settle,
    shown_as,
    take,
    take_message,
    transferred_by,
)
from .routing import blocked, rings_with


def incoming(
    world: World,
    client: Client,
    caller: str,
    to: str,
    *,
    did: str | None = None,
    caller_name: str | None = None,
    script: Mapping[str, Any] | None = None,
) -> Call:
    """Somebody outside calls a public number, or an extension directly or through `did`.

    A number that nobody has ends the call with CONGESTION.

    Source: SIM-11, CAL-1, DAT-11 (doc)
    """
    public = did_named(world, to)
    extension = None
    if public is None:
        extension = world.store.named(Extension, full_name(client, to))
    elif public.extension_id is not None:
        extension = world.store.find(Extension, public.extension_id)
    owner = extension.client_id if extension is not None else client.id
    call = new_call(
        world,
        owner,
        Kind.INCOMING,
        caller=caller,
        caller_name=caller_name or caller,
        dialled=did or to,
        did=public.name if public is not None else did and did.lstrip("+"),
        script=script,
    )
    if extension is None:
        return finish(world, call, Status.CONGESTION)
    return settle(world, call, enter(world, call, extension, Via(caller, caller_name or caller)))


def outgoing(
    world: World, extension: Extension, number: str, *, script: Mapping[str, Any] | None = None
) -> Call:
    """The extension dials a number outside.

    Source: CAL-1, CAL-11, BND-15 (doc)
    """
    shown = shown_as(world, extension)
    call = new_call(
        world, shown.client_id, Kind.OUTGOING, caller=shown.name, dialled=number, script=script
    )
    leg = dial(world, call, shown, number, outside=True)
    if blocked(world, extension) is not None:
        end(world, call, leg, Status.CONGESTION)
        return finish(world, call, Status.CONGESTION)
    run_script(world, call, leg)
    return fresh(world, call)


def internal(
    world: World, extension: Extension, to: str, *, script: Mapping[str, Any] | None = None
) -> Call:
    """The extension dials another one; a number that nobody has ends it with CONGESTION.

    Source: CAL-8, SIM-11 (assumed, doc)
    """
    shown = shown_as(world, extension)
    client = world.store.get(Client, extension.client_id)
    called = own_extension(world, client, to)
    dialled = called.name if called is not None else to
    call = new_call(
        world, shown.client_id, Kind.INTERNAL, caller=shown.name, dialled=dialled, script=script
    )
    dialling = dial(world, call, shown, dialled, outside=False)
    if called is None or blocked(world, extension) is not None:
        end(world, call, dialling, Status.CONGESTION)
        return finish(world, call, Status.CONGESTION)
    via = Via(shown.name, shown.caller_id_name, shown.id)
    return settle(world, call, enter(world, call, called, via))


def callback(
    world: World, owner: Extension, fields: Mapping[str, Any], script: Mapping[str, Any] | None
) -> Call:
    """The owner's call: the first numbers are rung at once, and once one answers the other.

    Source: CBK-1, CAL-6, CAL-7, DAT-5, DAT-19 (doc, observed, assumed)
    """
    call = new_call(
        world,
        owner.client_id,
        Kind.CALLBACK,
        caller=owner.name,
        dialled=fields["dst_num"],
        script=script,
        owner_id=owner.id,
        callback=dict(fields),
    )
    client = world.store.get(Client, owner.client_id)
    numbers = {number: own_extension(world, client, number) for number in fields["src_num"]}
    itself = owner in numbers.values()
    via = Via(
        fields.get("src_caller_id_number") or owner.name,
        fields.get("src_caller_id_name"),
        owner.id,
        callback_id=None if itself else call.hex,
    )
    failed = Status.CONGESTION
    for number, found in numbers.items():
        if found is not None:
            own = replace(via, silent=found.id == owner.id)
            failed = enter(world, call, found, own) or failed
        elif not is_internal(client, number):
            ring_outside(world, call, owner, number)
    return settle(world, call, failed)


def answer(world: World, call: Call, extension_id: int | None = None) -> Call:
    """Whoever rings picks up; of several, the extension that is named, or the first.

    With call screening the phone then waits for the key 1.

    Raises:
        Conflict: nobody rings, or not that extension.

    Source: CAL-1, CAL-4, SIM-7 (doc)
    """
    call = allow(world, call, "answer")
    return take(world, call, _rung(world, call, "answer", extension_id, LegState.RINGING))


def decline(world: World, call: Call, extension_id: int | None = None) -> Call:
    """Whoever rings refuses the call.

    Raises:
        Conflict: nobody rings, or not that extension.

    Source: SIM-11 (doc)
    """
    call = allow(world, call, "decline")
    states = (LegState.RINGING, LegState.SCREENING)
    leg = _rung(world, call, "decline", extension_id, *states)
    return not_taken(world, call, leg, Status.BUSY)


def _rung(world: World, call: Call, step: str, extension_id: int | None, *states: LegState) -> Leg:
    """The first leg that rings in one of these states, or the one that the extension hears.

    A phone that is linked to the main one of its bundle hears the main one's calls.

    Source: CAL-9 (doc, assumed)
    """
    names = []
    for leg in live(world, call):
        if leg.role in PHONES and leg.state in states and not is_passive(leg):
            extension = world.store.get(Extension, leg.extension_id)
            if extension_id is None or extension_id in rings_with(world, extension):
                return leg
            names.append(extension.name)
    who = "nobody" if extension_id is None else world.store.get(Extension, extension_id).name
    text = f"{step}: {who} does not ring in this call; who rings: {', '.join(names) or 'nobody'}"
    raise Conflict((), text)


def hang_up(world: World, call: Call) -> Call:
    """The call is over: CANCEL for who still rang, ANSWER for who talked.

    Raises:
        Conflict: it was over before.

    Source: SIM-11, CAL-2, CAL-3 (doc)
    """
    call = allow(world, call, "hang_up")
    if call.ended_at is not None:  # the caller leaves the voicemail
        return world.store.put(replace(call, voicemail_of=None))
    talked = call.answered_at is not None
    for leg in reversed(live(world, call)):
        end(world, call, leg, Status.ANSWER if has_talked(leg) else Status.CANCEL)
    return finish(world, call, Status.ANSWER if talked else Status.CANCEL)


def hold(world: World, call: Call) -> Call:
    """The conversation is put on hold, or taken up again.

    Raises:
        Conflict: nobody talks.

    Source: CUR-2 (doc, observed)
    """
    call = allow(world, call, "hold")
    held = state_of(world, call) is CallState.HELD
    for leg in live(world, call):
        if leg.state == (LegState.HELD if held else LegState.ANSWERED):
            move(world, leg, LegState.ANSWERED if held else LegState.HELD)
    return fresh(world, call)


def press(world: World, call: Call, key: str) -> Call:
    """A key is pressed: by the callee of a screened call, else by the caller.

    Raises:
        Conflict: the call waits for no key.
        Invalid: it is no key of a telephone.

    Source: SIM-7, IVR-1 (doc, observed)
    """
    call = allow(world, call, "press")
    if len(key) != 1 or key not in "0123456789*#":
        raise Invalid((), f"key: must be one of 0 to 9, * and #, not {key!r}")
    for leg in live(world, call):
        if leg.state == LegState.SCREENING:
            return pick_up(world, call, leg) if key == "1" else call
    if state_of(world, call) is not CallState.MENU:
        return call
    menu = next(leg for leg in reversed(live(world, call)) if leg.role == Role.IVR)
    target = ivr_of(world, world.store.get(Extension, menu.extension_id)).menu.get(key)
    return call if target is None else pass_on(world, call, menu, target)


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
        Conflict: nobody talks, or not that extension.

    Source: CAL-12, DAT-18 (doc)
    """
    call = allow(world, call, "transfer")
    talking = [
        leg
        for leg in live(world, call)
        if leg.role == Role.PHONE
        and leg.state in (LegState.ANSWERED, LegState.HELD)
        and not leg.joined
        and extension_id in (None, leg.extension_id)
    ]
    if not talking:
        who = (
            "no phone talks" if extension_id is None else f"extension {extension_id} does not talk"
        )
        raise Conflict((), f"transfer: {who} in this call")
    leg = next((one for one in reversed(talking) if one.flow == Flow.IN), talking[-1])
    extension = world.store.get(Extension, leg.extension_id)
    calls = leg.flow == Flow.OUT or is_calling(call, leg)
    remote = call.dialled if calls else call.caller
    via = transferred_by(world, extension, leg, remote, attended=attended)
    if attended and not _is_machine(world, extension, to):
        reach(world, call, extension, to, replace(via, back=leg))
        return fresh(world, call)
    end(world, call, leg, Status.ANSWER)
    return settle(world, call, reach(world, call, extension, to, via))


def _is_machine(world: World, sender: Extension, to: str) -> bool:
    """Whether nobody is there to be asked first: a menu or a queue takes every call."""
    target = own_extension(world, world.store.get(Client, sender.client_id), to)
    return target is not None and target.type in (Type.IVR, Type.QUEUE)


def leave_message(world: World, call: Call) -> Call:
    """The caller speaks to the voicemail of the phone that did not answer.

    Raises:
        Conflict: no voicemail is open.

    Source: SIM-4 (doc)
    """
    call = allow(world, call, "leave_message")
    return take_message(world, call)
