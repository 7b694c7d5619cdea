"""New extensions, as an administrator sets them up before a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError

from ..core.accounts import Client
from ..core.errors import InvalidError, NotFoundError
from ..core.world import World
from ..resources.extension.model import Extension, create, full_name
from ..resources.extension.schema import ExtensionIn
from ..resources.ivr import model as ivr
from ..resources.ivr.schema import IvrIn
from ..resources.phone import model as phone
from ..resources.phone.schema import PhoneIn
from ..resources.queue import model as queue
from ..resources.queue.schema import QueueIn
from ..web.schema import faults, made, messages_of

#: What an extension of a type has besides, and who changes it.
_PROPERTIES: dict[str, tuple[type[Schema], Callable[..., Any]]] = {
    "phone": (PhoneIn, phone.change),
    "queue": (QueueIn, queue.change),
    "ivr": (IvrIn, ivr.change),
}


def add_extension(
    world: World, name: str | None, kind: str, client_id: int | None, values: dict[str, Any]
) -> Extension:
    """The client has that extension, by the rules of the API; without a name a free number.

    Raises:
        InvalidError: a field is unknown or breaks its rule; each is named.
        NotFoundError: there is no such client.
    """
    client = _client(world, client_id)
    if kind not in _PROPERTIES:
        raise InvalidError((), f"type: must be one of {', '.join(_PROPERTIES)}")
    schema, change = _PROPERTIES[kind]
    basic, special = made(ExtensionIn).fields, made(schema).fields
    unknown = sorted(values.keys() - basic.keys() - special.keys())
    if unknown:
        raise InvalidError((), f"{', '.join(unknown)}: no property of an extension of type {kind}")
    own = {"name": _free_number(world, client) if name is None else name, "type": kind}
    own |= {key: value for key, value in values.items() if key in basic}
    extension = create(world, client, load(ExtensionIn, own))
    more = {key: value for key, value in values.items() if key in special}
    if more:
        change(world, extension, load(schema, more))
    return extension


def load(schema: type[Schema], values: dict[str, Any]) -> dict[str, Any]:
    """The values as the schema understands them.

    Raises:
        InvalidError: naming every offending field.
    """
    try:
        loaded: dict[str, Any] = made(schema).load(values)
    except ValidationError as error:
        broken = faults(messages_of(error))
        text = "; ".join(f"{place}: {fault}" for place, fault in broken.items())
        raise InvalidError((), text) from error
    return loaded


def _client(world: World, client_id: int | None) -> Client:
    clients = list(world.store.all(Client))
    found = [one for one in clients if client_id in (None, one.id)]
    if not found:
        raise NotFoundError((), f"there is no client {client_id}")
    return found[0]


def _free_number(world: World, client: Client) -> str:
    first = 10 ** (client.extension_len - 1) + 1
    for number in range(first, 10**client.extension_len):
        if world.store.named(Extension, full_name(client, str(number))) is None:
            return str(number)
    raise InvalidError((), f"name: client {client.id} has no free number left")
