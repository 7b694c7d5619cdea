"""The local conference of an extension, which is dialled by `*8` and its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.accounts import Client
from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import Extension, Type, own_extension
from ..resources.phone.model import phone_with
from .dialling import dial
from .legs import end, name_of, talk
from .lifecycle import finish, new_call
from .model import Call, fresh, live, mark, move
from .states import End, Kind, LegState, Status

#: What is dialled before the extension's number.
CODE = "*8"


def conference_of(world: World, client: Client, number: str) -> Extension | None:
    """The extension whose local conference that number leads to, or None.

    Source: FEA-1
    """
    if not number.startswith(CODE):
        return None
    found = own_extension(world, client, number[len(CODE) :])
    return found if found is not None and found.type == Type.PHONE else None


def enter_conference(
    world: World,
    caller: Extension,
    host: Extension,
    number: str,
    script: Mapping[str, Any] | None,
) -> Call:
    """The caller is in the conference, or is asked for its PIN; its host never is.

    Source: FEA-1, PHN-16, PHN-18
    """
    call = new_call(
        world,
        caller.client_id,
        Kind.INTERNAL,
        caller=caller.name,
        dialled=number,
        script=script,
        conference_of=host.id,
        caller_id=caller.id,
    )
    leg = dial(world, call, caller, number, host, outside=False)
    if phone_with(world, host.id).conference_pin is not None and caller.id != host.id:
        move(world, leg, LegState.SCREENING)
        return fresh(world, call)
    return _come_in(world, call)


def press_pin(world: World, call: Call, key: str) -> Call:
    """One key of the PIN is pressed; after a wrong PIN one can try again (assumed).

    Source: FEA-1, PHN-18
    """
    pin = phone_with(world, call.conference_of or 0).conference_pin or ""
    pressed = call.pressed + key
    if pressed == pin:
        return _come_in(world, call)
    rest = "" if len(pressed) >= len(pin) else pressed
    return world.store.put(altered(call, pressed=rest))


def _come_in(world: World, call: Call) -> Call:
    (leg,) = live(world, call)
    talk(world, call, leg)
    now = altered(fresh(world, call), answered_at=world.clock.elapsed())
    call = world.store.put(now)
    phone = phone_with(world, call.conference_of or 0)
    for other in _others(world, call):
        world.store.put(altered(other, met=True))
        call = world.store.put(altered(call, met=True))
        if phone.conference_announce_caller_name:
            name = name_of(world, leg.own) or leg.own.name
            mark(world, other, f"hears that {name} joins", live(world, other)[0].own)
    return call


def leave_conference(world: World, call: Call) -> None:
    """The call, which is over, was in a conference: that ends with its host, unless set otherwise.

    Source: FEA-1, PHN-17
    """
    is_host = call.caller_id == call.conference_of
    if not is_host or not phone_with(world, call.conference_of or 0).conference_end_on_exit:
        return
    for other in _others(world, call):
        for leg in live(world, other):
            end(world, other, leg, Status.ANSWER, End.INTERNAL)
        finish(world, other, Status.ANSWER)


def _others(world: World, call: Call) -> list[Call]:
    """The other calls that are in the same conference."""
    return [
        other
        for other in world.store.of(Call, "running", call.client_id)
        if other.conference_of == call.conference_of
        and other.id != call.id
        and other.answered_at is not None
    ]
