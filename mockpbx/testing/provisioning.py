"""New extensions, users and whatever else an administrator sets up before a test.

What they consist of, and what is refused, is that of world files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from marshmallow import ValidationError

from ..core.accounts import Application, Client, Level, User
from ..core.clock import stamp
from ..core.errors import InvalidError, NotFoundError
from ..core.spelling import hint
from ..core.table import Record
from ..core.world import World
from ..resources.extension.model import Extension, full_name
from ..web.schema import faults, made, messages_of
from ..worlds.builder import Builder
from ..worlds.schema import ExtensionState, IvrState, PhoneState, QueueState

R = TypeVar("R", bound=Record)
Fields = Mapping[str, Any]

#: What an extension of a type has besides, in a part of a world file of that name.
_PARTS = {"phone": PhoneState, "queue": QueueState, "ivr": IvrState}


def add_extension(
    world: World, name: str | None, kind: str, client_id: int | None, values: Fields
) -> Extension:
    """The client has that extension; without a name it gets a free number.

    `values` are properties of an extension as in a world file, and of its type.

    Raises:
        InvalidError: a field is unknown or breaks its rule; each is named.
        NotFoundError: there is no such client.
    """
    client = client_of(world, client_id)
    own = _sorted(kind, values)
    own["name"] = _free_number(world, client) if name is None else name
    own.setdefault("create_date", stamp(world.now()))
    item = _loaded(own, kind)
    if world.store.named(Extension, full_name(client, item["name"])) is not None:
        raise InvalidError((), f"name: {full_name(client, item['name'])} is taken")
    return _added(world, client, "extensions", Extension, item)


def add(world: World, key: str, kind: type[R], fields: Fields) -> R:
    """The client has one more record in the list of that name in a world file.

    Raises:
        InvalidError: what it refers to is not there, or its id or name is taken.
        NotFoundError: there is no such client.
    """
    client, item = _parted(world, fields)
    return _added(world, client, key, kind, item)


def add_application(world: World, fields: Fields) -> Application:
    """There is one more application; without a user it is that of the client's first one.

    Raises:
        InvalidError: there is no such user, or its client_id is taken.
        NotFoundError: there is no such client.
    """
    client, item = _parted(world, fields)
    if item.get("user") is None:
        users = world.store.of(User, "owner_id", client.id)
        user = next((one.id for one in users if one.level is Level.CLIENT), None)
        if user is None:
            raise InvalidError((), f"user: client {client.id} has none who reaches all of it")
        item["user"] = user
    builder = Builder.onto(world)
    builder.add(client, "applications", {**_NO_TOKENS, **item})
    _check(builder)
    found = world.store.named(Application, item["client_id"])
    assert found is not None
    return found


#: The parts of items in world files that no property of a new one is.
_NO_TOKENS: Fields = {"tokens": (), "refresh_tokens": ()}


def _parted(world: World, fields: Fields) -> tuple[Client, dict[str, Any]]:
    """The client that is meant, and what the new record has."""
    item = dict(fields)
    return client_of(world, item.pop("client", None)), item


def _added(world: World, client: Client, key: str, kind: type[R], item: Fields) -> R:
    number = item.get("id") or world.store.next_id(kind)
    builder = Builder.onto(world)
    builder.add(client, key, {**item, "id": number})
    _check(builder)
    return world.store.get(kind, number)


def _check(builder: Builder) -> None:
    if builder.faults:
        raise InvalidError((), "; ".join(builder.faults))


def _sorted(kind: str, values: Fields) -> dict[str, Any]:
    """The properties as a world file has them: those of the type in a part of its own."""
    basic = made(ExtensionState).fields
    special = made(_PARTS[kind]).fields if kind in _PARTS else {}
    own: dict[str, Any] = {"type": kind}
    part: dict[str, Any] = {}
    unknown = []
    for given, value in values.items():
        name = "extension_group" if given == "extension_group_id" else given  # as the API has it
        if name in basic:
            own[name] = value
        if name in special:  # a label is both of an extension and of its phone
            part[name] = value
        if name not in basic and name not in special:
            text = f"{name}: no property of an extension of type {kind}"
            unknown.append(text + hint(name, [*basic, *special]))
    if unknown:
        raise InvalidError((), "; ".join(unknown))
    if part:
        own[kind] = {**own[kind], **part} if isinstance(own.get(kind), Mapping) else part
    return own


def _loaded(own: Fields, kind: str) -> dict[str, Any]:
    """What a world file means by that, its faults named by the property alone."""
    try:
        loaded: dict[str, Any] = made(ExtensionState).load(own)
    except ValidationError as error:
        broken = faults(messages_of(error))
        text = "; ".join(
            f"{place.removeprefix(f'{kind}.')}: {fault}" for place, fault in broken.items()
        )
        raise InvalidError((), text) from error
    return loaded


def client_of(world: World, client_id: int | None) -> Client:
    """The client with that id, or the first.

    Raises:
        NotFoundError: there is none.
    """
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
