"""Transfers: one extension passes a call on to another, at once or after asking."""

from __future__ import annotations

from dataclasses import replace

from ..core.accounts import Client
from ..core.errors import ConflictError
from ..core.world import World
from ..resources.extension.model import Extension, Type, own_extension
from ..resources.phone.model import of as phone_of
from .call_flow import reach, settle
from .legs import Via, end
from .model import (
    Call,
    End,
    Flow,
    Leg,
    LegState,
    Role,
    Status,
    allow,
    fresh,
    is_calling,
    live,
    mark,
)


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
        ConflictError: nobody talks, or not that extension.

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
        raise ConflictError((), f"transfer: {who} in this call")
    leg = next((one for one in reversed(talking) if one.flow == Flow.IN), talking[-1])
    extension = world.store.get(Extension, leg.extension_id)
    calls = leg.flow == Flow.OUT or is_calling(call, leg)
    remote = call.dialled if calls else call.caller
    how = "after asking" if attended else "at once"
    mark(world, call, f"transfers to {to} {how}", extension)
    via = transferred_by(world, extension, leg, remote, attended=attended)
    if attended and not _is_machine(world, extension, to):
        reach(world, call, extension, to, replace(via, back=leg))
        return fresh(world, call)
    end(world, call, leg, Status.ANSWER, End.PASSED_ON)
    return settle(world, call, reach(world, call, extension, to, via))


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
    return Via(number, name, extension, remote_number=remote)


def _is_machine(world: World, sender: Extension, to: str) -> bool:
    """Whether nobody is there to be asked first: a menu or a queue takes every call."""
    target = own_extension(world, world.store.get(Client, sender.client_id), to)
    return target is not None and target.type in (Type.IVR, Type.QUEUE)
