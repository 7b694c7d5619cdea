"""How a tester starts calls and messages, naming everybody by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..calls import events, steps
from ..calls.model import Call
from ..calls.states import Flow
from ..core.accounts import Client
from ..core.errors import InvalidError, NotFoundError
from ..core.world import World
from ..resources.did.model import named as did_named
from ..resources.extension.model import Extension, Type, called, named
from ..resources.message.model import keep

Script = Mapping[str, Any]


def incoming(
    world: World,
    caller: int | str,
    to: int | str | None = None,
    *,
    did: str | None = None,
    name: str | None = None,
    script: Script | None = None,
) -> Call:
    """Somebody outside calls `to`: an extension, or a public number.

    With `did` as well the call comes to that extension through that public number. A number that
    nobody has ends the call with CONGESTION.

    Raises:
        InvalidError: neither number is given, or the caller is an id.

    Source: SIM-11, CAL-1, DAT-11
    """
    if isinstance(caller, int):
        raise InvalidError((), f"from: must be the caller's number as text, not {caller}")
    number = did if to is None else dialled(world, to)
    if number is None:
        raise InvalidError((), "to: an incoming call needs to or did")
    client = _client_of(world, number)
    return steps.incoming(world, client, caller, number, did=did, caller_name=name, script=script)


def outgoing(
    world: World, extension: int | str, to: int | str, *, script: Script | None = None
) -> Call:
    """The phone of that extension dials a number outside.

    Raises:
        NotFoundError: there is no such extension; the nearest is named.
        InvalidError: it is no phone.

    Source: CAL-1, CAL-11
    """
    return steps.outgoing(world, _phone(world, extension), dialled(world, to), script=script)


def internal(
    world: World, extension: int | str, to: int | str, *, script: Script | None = None
) -> Call:
    """The phone of that extension dials another extension.

    Raises:
        NotFoundError: there is no such extension; the nearest is named.
        InvalidError: it is no phone.

    Source: CAL-8
    """
    return steps.internal(world, _phone(world, extension), dialled(world, to), script=script)


def message(world: World, sender: int | str, to: int | str, text: str) -> None:
    """A text message went out of the PBX, came in, or went from phone to phone.

    Raises:
        NotFoundError: neither number is one of the PBX.
        InvalidError: the extension is no phone.

    Source: DAT-21, EVT-7
    """
    sender, to = dialled(world, sender), dialled(world, to)
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


def dialled(world: World, number: int | str) -> str:
    """What is dialled to reach that number, or the extension with that id.

    Raises:
        NotFoundError: there is no extension with that id.
    """
    return number if isinstance(number, str) else named(world, number).name


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
