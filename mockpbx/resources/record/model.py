"""Recorded parts of calls: found, heard and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import NotFoundError
from ...core.paging import page_matching
from ...core.world import World
from ..call_history.model import Row, free_id, is_there, within
from ..cdr.model import Part, Recording, file_name, shown, storage_url
from ..extension.model import Extension
from .sound import Sound, sound

MIMETYPES = ("audio/mpeg", "audio/wav")


@dataclass(frozen=True, slots=True)
class Record:
    """Where a recorded part stands in the history. Its id is the moment at which the part began.

    With its extension it goes, while the history still names it.

    Source: REC-6, EXT-7
    """

    TABLE: ClassVar[str] = "record"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "extension_id": "extension"}
    NAME: ClassVar[str | None] = "uuid"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    extension_id: int
    uuid: str
    row_id: int


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes the records of a client take; its id is the client's.

    Counted as records come and go, since each call asks for it.

    Source: DSK-3
    """

    TABLE: ClassVar[str] = "room"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    used: int = 0


def is_full(world: World, client_id: int) -> bool:
    """Whether the client has no room left, so that no record and no message begins.

    Source: DSK-3
    """
    room = world.store.find(Room, client_id)
    used = 0 if room is None else room.used
    return used >= world.store.get(Client, client_id).total_space


def _take_room(world: World, client_id: int, size: int) -> None:
    room = world.store.find(Room, client_id) or Room(client_id)
    world.store.put(Room(client_id, room.used + size))


def new_uuid(world: World, extension_id: int) -> str:
    """The record_uuid of a part that this extension has, and no other record.

    Source: DAT-15, REC-6
    """
    while True:
        found = f"{extension_id}-{world.ids.hex32()}"
        if world.store.named(Record, found) is None:
            return found


def file(world: World, row: Row) -> None:
    """The records of that call can be found; those of extensions that are gone are gone too.

    Source: SIM-8, EXT-7
    """
    for part in row.parts:
        owner_id = part.sides.extension_id
        if part.recording is None or world.store.find(Extension, owner_id) is None:
            continue
        uuid = part.recording.uuid.lower()
        if world.store.named(Record, uuid) is None:
            number = free_id(world, Record, row.client_id, part.init_at)
            world.store.put(Record(number, row.client_id, owner_id, uuid, row.id))
            _take_room(world, row.client_id, part.recording.size)


def forget(world: World, row: Row) -> None:
    """Take the call out of the history and delete its records."""
    for part in row.parts:
        if part.recording is not None:
            record = world.store.named(Record, part.recording.uuid.lower())
            if record is not None:
                delete(world, record)
    world.store.remove(row)


def drop_of(world: World, extension: Extension) -> None:
    """Delete the records of an extension that is about to be deleted.

    Source: EXT-7
    """
    for record in world.store.of(Record, "extension_id", extension.id):
        delete(world, record)


def listed(
    world: World, owner: Client | Extension, query: Mapping[str, Any], root: str
) -> list[dict[str, Any]]:
    """The owner's records that the query asks for, one page of them.

    Source: REC-1
    """
    found = matching(world, owner, query)
    return [
        element(world, record, root)
        for record in page_matching(found, query["page"], query["per_page"])
    ]


def matching(world: World, owner: Client | Extension, query: Mapping[str, Any]) -> Iterable[Record]:
    """The owner's records between the query's dates, in its order.

    Source: REC-1
    """
    places, get = within(world, Record, owner, query)
    return map(get, places)


def element(world: World, record: Record, root: str) -> dict[str, Any]:
    """One record as answers show it.

    Source: REC-1, REC-6
    """
    row, part, recording = _place(world, record)
    return {
        "call_uuid": row.hex.upper(),
        **shown(part, row.client_id, world.readings),
        "storage_url": storage_url(part, root),
        "file_name": file_name(part),
        "record_transfer": recording.transfer,
    }


def find(world: World, owner: Client | Extension, text: str) -> Record:
    """The owner's record with that id, in upper or lower case.

    Raises:
        NotFoundError: there is none.

    Source: REC-2, REC-6, ERR-6
    """
    record = world.store.named(Record, text.lower())
    if record is not None and _is_of(record, owner) and is_there(world, record):
        return record
    raise missing(text)


def stored(world: World, text: str, key: str) -> Record:
    """The record of that public address.

    Raises:
        NotFoundError: there is none.

    Source: REC-3
    """
    record = world.store.named(Record, text.lower())
    if record is None or _place(world, record)[2].key != key:
        raise missing(text)
    return record


def sound_of(world: World, record: Record) -> tuple[Sound, str]:
    """What is heard in it, and the name of its file.

    Source: REC-2, PHN-50
    """
    _, part, recording = _place(world, record)
    content = sound(recording.form, stereo=recording.stereo, length=recording.length)
    return content, file_name(part) or ""


def address_of(world: World, record: Record, root: str) -> dict[str, Any]:
    """The address at which the record is heard without a token.

    Source: REC-3
    """
    return {"record_url": storage_url(_place(world, record)[1], root)}


def delete(world: World, record: Record) -> None:
    """Delete the record; the call's history stays as it is.

    Source: REC-4, SIM-13
    """
    _take_room(world, record.client_id, -_place(world, record)[2].size)
    world.store.remove(record)


def delete_many(world: World, client: Client, query: Mapping[str, Any]) -> None:
    """Delete all records between the query's dates.

    Source: REC-5
    """
    for record in list(matching(world, client, query)):
        delete(world, record)


def totals(world: World, owner: Client | Extension, query: Mapping[str, Any]) -> dict[str, int]:
    """How many records the owner has, and their bytes.

    Source: REC-7
    """
    found = list(matching(world, owner, query))
    return {
        "count": len(found),
        "file_size": sum(_place(world, record)[2].size for record in found),
    }


def part_of(world: World, record: Record) -> Part:
    """The part of a call that was recorded."""
    return _place(world, record)[1]


def _is_of(record: Record, owner: Client | Extension) -> bool:
    return owner.id == (record.client_id if isinstance(owner, Client) else record.extension_id)


def _place(world: World, record: Record) -> tuple[Row, Part, Recording]:
    row = world.store.get(Row, record.row_id)
    for part in row.parts:
        if part.recording is not None and part.recording.uuid.lower() == record.uuid:
            return row, part, part.recording
    raise KeyError(f"call {row.hex} has no record {record.uuid}")


def missing(text: str) -> NotFoundError:
    """The refusal of a record that does not exist.

    Source: ERR-6
    """
    return NotFoundError("ERR-6", "Record not found", reason=f"there is no record {text[:80]}")
