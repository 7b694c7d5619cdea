"""How calls start, and every step that somebody can make in them.

All functions run inside `world.change()`. A step that the call's state does not allow raises
`ConflictError` before anything changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..core.accounts import Client
from ..core.errors import ConflictError, InvalidError
from ..core.world import World
from ..resources.did.model import named as did_named
from ..resources.extension.model import Extension, full_name, is_internal, own_extension
from ..resources.ivr.model import of as ivr_of
from ..resources.queue.model import of as queue_of
from .allowed import allow, state_of
from .call_flow import enter, leave_queue, pass_on, settle
from .conference import conference_of, enter_conference, press_pin
from .dialling import dial
from .legs import Via, end, name_of, run_script, shown_as
from .lifecycle import finish, new_call
from .model import Call, Leg, fresh, has_talked, is_passive, live, mark, move
from .pickup import pick_up, take
from .reachability import blocked, rings_with
from .release import hang_up, refuse
from .sounds import play_hold_music, stop_hold_music
from .states import MACHINES, PHONES, CallState, Kind, LegState, Role, Status
from .transfer import cancel, complete, transfer
from .voicemail import take_message

__all__ = [
    "answer",
    "callback",
    "cancel",
    "complete",
    "decline",
    "hang_up",
    "hold",
    "incoming",
    "internal",
    "leave_message",
    "outgoing",
    "press",
    "transfer",
]


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

    Source: SIM-11, CAL-1, DAT-11
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
    """The extension dials a number outside, or inside the PBX when the number is one of it.

    Source: CAL-1, CAL-11, BND-15
    """
    if is_internal(world.store.get(Client, extension.client_id), number):
        return internal(world, extension, number, script=script)
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

    Source: CAL-8, SIM-11
    """
    shown = shown_as(world, extension)
    client = world.store.get(Client, extension.client_id)
    host = conference_of(world, client, to)
    if host is not None and blocked(world, extension) is None:
        return enter_conference(world, shown, host, to, script)
    called = own_extension(world, client, to)
    dialled = called.name if called is not None else to
    call = new_call(
        world, shown.client_id, Kind.INTERNAL, caller=shown.name, dialled=dialled, script=script
    )
    dialling = dial(world, call, shown, dialled, called, outside=False)
    if called is None or blocked(world, extension) is not None:
        end(world, call, dialling, Status.CONGESTION)
        return finish(world, call, Status.CONGESTION)
    via = Via(shown.name, name_of(world, shown), shown)
    return settle(world, call, enter(world, call, called, via))


def callback(
    world: World, owner: Extension, fields: Mapping[str, Any], script: Mapping[str, Any] | None
) -> Call:
    """The owner's call: the first numbers are rung at once, and once one answers the other.

    A linked extension of a bundle calls as the main one.

    Source: CAL-14, CBK-1, CAL-6, CAL-7, CAL-11, DAT-5, DAT-19
    """
    client = world.store.get(Client, owner.client_id)
    numbers = {number: own_extension(world, client, number) for number in fields["src_num"]}
    asked, owner = owner, shown_as(world, owner)
    own_ids = {asked.id, owner.id}
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
    rings_itself = any(found is not None and found.id in own_ids for found in numbers.values())
    if not rings_itself or world.readings.callback_ids == "recorded":
        call = world.store.put(replace(call, callback_id=call.hex))
    via = Via(
        fields.get("src_caller_id_number") or owner.name,
        fields.get("src_caller_id_name"),
        owner,
    )
    failed = Status.CONGESTION
    for number, found in numbers.items():
        if found is not None and found.id in own_ids:
            failed = enter(world, call, found, replace(via, silent=True)) or failed
        elif found is not None:
            dialling = dial(world, call, owner, found.name, found, outside=False, first=True)
            failed = enter(world, call, found, replace(via, dialled_by=dialling)) or failed
        elif not is_internal(client, number):
            run_script(world, call, dial(world, call, owner, number, outside=True, first=True))
    return settle(world, call, failed)


def answer(world: World, call: Call, extension_id: int | None = None) -> Call:
    """Whoever rings picks up; of several, the extension that is named, or the first.

    With call screening the phone then waits for the key 1.

    Raises:
        ConflictError: nobody rings, or not that extension.

    Source: CAL-1, CAL-4, SIM-7
    """
    call = allow(world, call, "answer")
    return take(world, call, _rung(world, call, "answer", extension_id, LegState.RINGING))


def decline(world: World, call: Call, extension_id: int | None = None) -> Call:
    """Whoever rings refuses the call.

    Of a bundle whose phones ring together the one that is named is silent from now on, and the
    call is refused once all of them are.

    Raises:
        ConflictError: nobody rings, or not that extension.

    Source: SIM-11, CAL-9
    """
    call = allow(world, call, "decline")
    states = (LegState.RINGING, LegState.SCREENING)
    leg = _rung(world, call, "decline", extension_id, *states)
    return refuse(world, call, leg, extension_id)


def _rung(world: World, call: Call, step: str, extension_id: int | None, *states: LegState) -> Leg:
    """The first leg that rings in one of these states, or the one that the extension hears.

    A phone that is linked to the main one of its bundle hears the main one's calls.

    Source: CAL-9
    """
    names = []
    for leg in live(world, call):
        if leg.role in PHONES and leg.state in states and not is_passive(leg):
            extension = world.store.get(Extension, leg.extension_id)
            hears = {*rings_with(world, extension)} - {*leg.silenced}
            if extension_id is None or extension_id in hears:
                return leg
            names.append(extension.name)
    who = "nobody" if extension_id is None else world.store.get(Extension, extension_id).name
    text = f"{step}: {who} does not ring in this call; who rings: {', '.join(names) or 'nobody'}"
    raise ConflictError((), text)


def hold(world: World, call: Call) -> Call:
    """The conversation is put on hold, or taken up again.

    Raises:
        ConflictError: nobody talks.

    Source: CUR-2
    """
    call = allow(world, call, "hold")
    held = state_of(world, call) is CallState.HELD
    talking = [
        leg
        for leg in live(world, call)
        if leg.state == (LegState.HELD if held else LegState.ANSWERED)
    ]
    for leg in talking:
        move(world, leg, LegState.ANSWERED if held else LegState.HELD)
    if held:
        stop_hold_music(world, call)
    else:
        play_hold_music(world, talking[-1])
    text = "takes the call up again" if held else "puts the call on hold"
    return mark(world, call, text, talking[-1].own)


def press(world: World, call: Call, key: str) -> Call:
    """A key is pressed: by the callee of a screened call, else by the caller.

    Raises:
        ConflictError: the call waits for no key.
        InvalidError: it is no key of a telephone.

    Source: SIM-7, IVR-1
    """
    call = allow(world, call, "press")
    if len(key) != 1 or key not in "0123456789*#":
        raise InvalidError((), f"key: must be one of 0 to 9, * and #, not {key!r}")
    if call.conference_of is not None:
        if state_of(world, call) is CallState.SCREENING:
            return press_pin(world, mark(world, call, f"pressed {key}"), key)
        return mark(world, call, f"pressed {key}")
    for leg in live(world, call):
        if leg.state == LegState.SCREENING:
            call = mark(world, call, f"pressed {key}", leg.own)
            return pick_up(world, call, leg) if key == "1" else call
    machine = next((leg for leg in reversed(live(world, call)) if leg.role in MACHINES), None)
    if machine is None or has_talked(machine):
        return mark(world, call, f"pressed {key}")
    call = mark(world, call, f"pressed {key}")
    extension = world.store.get(Extension, machine.extension_id)
    if machine.role == Role.QUEUE:
        leaves = key == queue_of(world, extension).exit_key
        return leave_queue(world, call, machine, Status.CANCEL) if leaves else call
    target = ivr_of(world, extension).menu.get(key)
    return call if target is None else pass_on(world, call, machine, target)


def leave_message(world: World, call: Call) -> Call:
    """The caller speaks to the voicemail of the phone that did not answer.

    Raises:
        ConflictError: no voicemail is open.

    Source: SIM-4
    """
    call = allow(world, call, "leave_message")
    return take_message(world, call)
