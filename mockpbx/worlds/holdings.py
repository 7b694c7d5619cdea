"""What a client of a world file holds besides: sounds, messages, ratings, times online."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from ..core.accounts import Client
from ..core.clock import stamp_us
from ..core.errors import InvalidError
from ..core.table import Record
from ..core.world import World
from ..resources.ani.model import Ani
from ..resources.call_history.model import free_id
from ..resources.did.model import named as did_named
from ..resources.extension.model import Extension, own_extension
from ..resources.message.model import Message
from ..resources.quality_rate.model import QualityRate
from ..resources.reg_status_log.model import RegStatus
from ..resources.sound.model import Announcement
from ..web.schema import Exact, Integer, Reference, Seconds, String, Word
from .moments import MIXED, Moment, origins

Item = Mapping[str, Any]
_UUID = (r"^[0-9a-fA-F]{32}$", "32 hex digits")


class SoundState(Exact):
    """A sound, heard as a tone; with a `dealer_id` one that the dealer lends."""

    id = Integer(at_least=1)
    title = String(required=True)
    filename = String(required=True)
    length_s = Seconds(load_default=3.0)
    dealer_id = Integer(allow_none=True)


class MessageState(Exact):
    """A text message as one phone has it."""

    id = Integer(at_least=1)
    extension = Reference(required=True)
    flow = Word(("in", "out"), required=True)
    from_number = String(required=True)
    to_number = String(required=True)
    text = String(required=True)
    at = Moment(required=True)


class QualityRateState(Exact):
    """How somebody rated a call."""

    id = Integer(at_least=1)
    extension_id = Integer(at_least=1, required=True)
    call_uuid = String(form=_UUID, required=True)
    at = Moment(required=True)
    rate = Integer(required=True)
    max_rate = Integer(load_default=5)


class RegStatusState(Exact):
    """A device's time online."""

    extension = Reference(required=True)
    device = String(required=True)
    contact_address = String(required=True)
    real_address = String(required=True)
    since = Moment(required=True)
    until = Moment(required=True)

    @validates_schema(skip_on_field_errors=True)
    def _order(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if len(origins(data)) > 1:
            raise ValidationError(MIXED)
        if data["until"] < data["since"]:
            raise ValidationError("must not be before since", "until")


def build(world: World, client: Client, key: str, item: Item) -> None:
    """One thing of the client's list of that name is there.

    Raises:
        InvalidError: it refers to what is not there, or its id stands there twice.
    """
    _BUILDERS[key](world, client, item)


def set_ani(world: World, extension: Extension, number: str) -> None:
    """Calls of the extension show that number.

    Raises:
        InvalidError: it is none of the client's public numbers.
    """
    did = did_named(world, number)
    if did is None or did.client_id != extension.client_id:
        raise InvalidError((), f"ani: client {extension.client_id} has no public number {number}")
    world.store.put(Ani(extension.id, did.name))


def _sound(world: World, client: Client, item: Item) -> None:
    number = _number(world, Announcement, item)
    world.store.put(
        Announcement(
            number,
            client.id,
            item["title"],
            item["filename"],
            timedelta(seconds=item["length_s"]),
            item.get("dealer_id"),
        )
    )


def _message(world: World, client: Client, item: Item) -> None:
    values = {name: value for name, value in item.items() if name not in ("id", "extension")}
    number, extension = _number(world, Message, item), _extension(world, client, item)
    world.store.put(Message(number, client.id, extension.id, **values))


def _quality_rate(world: World, client: Client, item: Item) -> None:
    values = {name: value for name, value in item.items() if name != "id"}
    world.store.put(QualityRate(_number(world, QualityRate, item), client.id, **values))


def _reg_status(world: World, client: Client, item: Item) -> None:
    extension = _extension(world, client, item)
    values = {name: value for name, value in item.items() if name != "extension"}
    number = free_id(world, RegStatus, client.id, item["since"])
    world.store.put(RegStatus(number, client.id, extension.id, extension.name, **values))


_BUILDERS: Mapping[str, Callable[[World, Client, Item], None]] = {
    "sounds": _sound,
    "messages": _message,
    "quality_rates": _quality_rate,
    "reg_status_log": _reg_status,
}
#: The lists of a client that this module knows.
KEYS = tuple(_BUILDERS)


def _number(world: World, kind: type[Record], item: Item) -> int:
    """The id that the file gives it, or the next."""
    number: int = item.get("id") or world.store.next_id(kind)
    if world.store.find(kind, number) is not None:
        raise InvalidError((), f"id: {number} stands there twice")
    return number


def _extension(world: World, client: Client, item: Item) -> Extension:
    wanted = item["extension"]
    found = (
        world.store.find(Extension, wanted)
        if isinstance(wanted, int)
        else own_extension(world, client, wanted)
    )
    if found is None or found.client_id != client.id:
        raise InvalidError((), f"client {client.id} has no extension {wanted!r}")
    return found


def dump(world: World, client: Client) -> dict[str, Any]:
    """These lists as a world file has them; those that are empty are left out."""
    store = world.store
    shown: dict[str, list[dict[str, Any]]] = {
        "sounds": [
            {
                "id": one.id,
                "title": one.title,
                "filename": one.filename,
                "length_s": one.length.total_seconds(),
                "dealer_id": one.dealer_id,
            }
            for one in store.of(Announcement, "owner_id", client.id)
        ],
        "messages": [
            {
                **_values(one, "id", "flow", "from_number", "to_number", "text"),
                "extension": one.extension_id,
                "at": stamp_us(one.at),
            }
            for one in store.of(Message, "client_id", client.id)
        ],
        "quality_rates": [
            {
                **_values(one, "id", "extension_id", "call_uuid", "rate", "max_rate"),
                "at": stamp_us(one.at),
            }
            for one in store.of(QualityRate, "client_id", client.id)
        ],
        "reg_status_log": [
            {
                **_values(one, "device", "contact_address", "real_address"),
                "extension": one.extension_id,
                "since": stamp_us(one.since),
                "until": stamp_us(one.until),
            }
            for one in store.of(RegStatus, "client_id", client.id)
        ],
    }
    return {key: items for key, items in shown.items() if items}


def _values(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
