"""How a tester starts calls and messages, naming everybody by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..calls import events, steps
from ..calls.dial_string import check_number, check_text
from ..calls.model import Flow
from ..core.accounts import Client
from ..core.errors import InvalidError, NotFoundError
from ..core.script import check
from ..core.world import World
from ..resources.did.model import named as did_named
from ..resources.extension.model import Extension, Type, called, named
from ..resources.message.model import keep
from .call import Call

Script = Mapping[str, Any]


def incoming(
    world: World,
    caller: str,
    to: str | None = None,
    *,
    did: str | None = None,
    name: str | None = None,
    script: Script | None = None,
) -> Call:
    """Somebody outside calls `to`: an extension, or a public number.

    With `did` as well the call comes to that extension through that public number. A number that
    nobody has ends the call with CONGESTION.

    Raises:
        InvalidError: neither number is given, one is none, or the script cannot be followed.

    Source: SIM-11, CAL-1, DAT-11 (doc)
    """
    check_number("from", caller)
    for field, given in (("to", to), ("did", did)):
        if given is not None:
            check_number(field, given)
    number = to or did
    if number is None:
        raise InvalidError((), "to: an incoming call needs to or did")
    check_text("name", name or "")
    check(script)
    with world.change():
        call = steps.incoming(
            world,
            _client_of(world, number),
            caller,
            number,
            did=did,
            caller_name=name,
            script=script,
        )
    return Call(world, call.hex)


def outgoing(world: World, extension: int | str, to: str, *, script: Script | None = None) -> Call:
    """The phone of that extension dials a number outside.

    Raises:
        NotFoundError: there is no such extension; the nearest is named.
        InvalidError: it is no phone, or the script cannot be followed.

    Source: CAL-1, CAL-11 (doc)
    """
    check_number("to", to)
    check(script)
    with world.change():
        call = steps.outgoing(world, _phone(world, extension), to, script=script)
    return Call(world, call.hex)


def internal(world: World, extension: int | str, to: str, *, script: Script | None = None) -> Call:
    """The phone of that extension dials another extension.

    Raises:
        NotFoundError: there is no such extension; the nearest is named.
        InvalidError: it is no phone, or the script cannot be followed.

    Source: CAL-8 (assumed)
    """
    check_number("to", to)
    check(script)
    with world.change():
        call = steps.internal(world, _phone(world, extension), to, script=script)
    return Call(world, call.hex)


def message(world: World, sender: str, to: str, text: str) -> None:
    """A text message went out of the PBX, came in, or went from phone to phone.

    Raises:
        NotFoundError: neither number is one of the PBX.
        InvalidError: the extension is no phone, or a number is none.

    Source: DAT-21, EVT-7 (assumed, doc)
    """
    check_number("from", sender)
    check_number("to", to)
    check_text("text", text)
    with world.change():
        origin, receiver = called(world, sender), called(world, to)
        if origin is None and receiver is None:
            named(world, to)
        if origin is not None:
            number = to if receiver is None else receiver.name
            at = events.message(world, _checked(origin), Flow.OUT, number, text)
            keep(world, origin, Flow.OUT.value, origin.name, number, text, at)
        if receiver is not None:
            number = sender if origin is None else origin.name
            at = events.message(world, _checked(receiver), Flow.IN, number, text)
            keep(world, receiver, Flow.IN.value, number, receiver.name, text, at)


def _phone(world: World, extension: int | str) -> Extension:
    return _checked(named(world, extension))


def _checked(extension: Extension) -> Extension:
    if extension.type != Type.PHONE:
        text = f"extension: {extension.name} is {extension.type}; only a phone does this"
        raise InvalidError((), text)
    return extension


def _client_of(world: World, number: str) -> Client:
    """The client whom that number reaches; for one that nobody has, the first."""
    found = did_named(world, number) or called(world, number)
    if found is not None:
        return world.store.get(Client, found.client_id)
    first = next(world.store.all(Client), None)
    if first is None:
        raise NotFoundError((), "the world has no client")
    return first
