"""Callbacks: calls that a program starts for an extension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...calls import steps
from ...core.accounts import Client
from ...core.errors import InvalidError
from ...core.world import World
from ..did.model import named as did_named
from ..extension.model import Extension, Type, own_extension

#: The outgoing numbers that may be asked for.
_ANIS = ("src_ani", "dst_ani")


def start(world: World, owner: Extension, fields: Mapping[str, Any]) -> dict[str, str]:
    """The callback is under way: the first numbers ring.

    Phones that nobody steers do as the configuration says.

    Raises:
        InvalidError: the owner is no phone, or a number to be rung first is a queue or a menu.

    Source: CBK-1
    """
    check(world, owner, fields)
    dropped = strange_anis(world, owner, fields)
    given = {name: value for name, value in fields.items() if name not in dropped}
    call = steps.callback(world, owner, given, world.config.callback_script)
    return {"call_api_id": call.api_id, "call_id": call.hex}


def check(world: World, owner: Extension, fields: Mapping[str, Any]) -> None:
    """Phones and outside numbers can be rung first, in the name of a phone.

    Raises:
        InvalidError: naming every number that cannot.

    Source: CBK-1
    """
    broken = []
    if owner.type != Type.PHONE:
        broken.append(f"extension_id: must be of type phone, {owner.id} is {owner.type}")
    client = world.store.get(Client, owner.client_id)
    for place, number in enumerate(fields["src_num"]):
        found = own_extension(world, client, number)
        if found is not None and found.type != Type.PHONE:
            text = f"must be a phone or an outside number, {number} is {found.type}"
            broken.append(f"src_num[{place}]: {text}")
    if broken:
        raise InvalidError("CBK-1", "; ".join(broken))


def strange_anis(world: World, owner: Extension, fields: Mapping[str, Any]) -> list[str]:
    """The fields that ask for an outgoing number that is none of the client's: they are ignored.

    Source: CBK-1
    """
    strange = []
    for name in _ANIS:
        if fields.get(name) is not None:
            did = did_named(world, fields[name])
            if did is None or did.client_id != owner.client_id:
                strange.append(name)
    return strange
