"""`/client/{client_id}/record/`, `/extension/{extension_id}/record/`, and the public addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID, PathParameter
from ...core.world import World
from ...web.journal import Exchange
from ...web.media import Download, Media
from ...web.operation import Resource
from ..cdr.model import STORAGE
from ..extension.model import EXTENSION_ID, Extension
from . import archive, model
from .schema import AddressOut, ArchiveIn, DeletedOut, RecordFilter, RecordOut, TotalsOut

#: What stands in the place of a record in paths of their own (REC-7).
_WORDS = ("stats", "archive")

record = Resource(
    "record",
    "Recordings of calls.",
    parameters=(CLIENT_ID, EXTENSION_ID, PathParameter("record", "record_uuid", excluded=_WORDS)),
)
storage = Resource(
    "storage",
    "Recordings without a token.",
    prefix=STORAGE,
    guarded=False,
    parameters=(
        PathParameter("record_uuid", excluded=_WORDS),
        PathParameter("realm"),
        PathParameter("owner_id"),
        PathParameter("key"),
        PathParameter("name"),
    ),
)

CLIENT = "/client/<client>/record"
EXTENSION = "/extension/<extension>/record"

_DATES = {400: ["GEN-10", "REC-1"]}


@record.operation(
    "GET",
    f"{CLIENT}/",
    query=RecordFilter,
    returns=RecordOut,
    many=True,
    facts=["REC-1", "REC-6", "GEN-14"],
    refuses=_DATES,
)
def list_records(world: World, client: Client, query: Mapping[str, Any], exchange: Exchange) -> Any:
    """List the client's records, one page."""
    return model.listed(world, client, query, exchange.root)


@record.operation(
    "GET",
    f"{EXTENSION}/",
    query=RecordFilter,
    returns=RecordOut,
    many=True,
    facts=["REC-1", "REC-6", "GEN-14"],
    refuses=_DATES,
)
def list_own_records(
    world: World, extension: Extension, query: Mapping[str, Any], exchange: Exchange
) -> Any:
    """List one extension's records, one page."""
    return model.listed(world, extension, query, exchange.root)


@record.operation(
    "DELETE",
    f"{CLIENT}/",
    status=200,
    also=(204,),
    query=RecordFilter,
    returns=DeletedOut,
    facts=["REC-1", "REC-5"],
    refuses=_DATES,
)
def delete_records(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """Delete all records of a time."""
    model.delete_many(world, client, query)
    return _gone(world)


def _gone(world: World) -> dict[str, Any] | None:
    return None if world.readings.record_delete == "204" else {}


@record.operation(
    "GET",
    f"{CLIENT}/stats/",
    query=RecordFilter,
    returns=TotalsOut,
    facts=["REC-1", "REC-7"],
    refuses=_DATES,
)
def count_records(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """Count the client's records and their bytes."""
    return model.totals(world, client, query)


@record.operation(
    "GET",
    f"{EXTENSION}/stats/",
    query=RecordFilter,
    returns=TotalsOut,
    facts=["REC-1", "REC-7"],
    refuses=_DATES,
)
def count_own_records(world: World, extension: Extension, query: Mapping[str, Any]) -> Any:
    """Count one extension's records and their bytes."""
    return model.totals(world, extension, query)


@record.operation(
    "POST",
    f"{CLIENT}/archive/",
    body=ArchiveIn,
    returns=AddressOut,
    facts=["REC-1", "REC-7"],
    refuses=_DATES,
)
def archive_records(
    world: World, client: Client, fields: Mapping[str, Any], exchange: Exchange
) -> Any:
    """Put the client's records of a time into one file."""
    return archive.address_of(world, client, fields, exchange.root)


@record.operation(
    "POST",
    f"{EXTENSION}/archive/",
    body=ArchiveIn,
    returns=AddressOut,
    facts=["REC-1", "REC-7"],
    refuses=_DATES,
)
def archive_own_records(
    world: World, extension: Extension, fields: Mapping[str, Any], exchange: Exchange
) -> Any:
    """Put the extension's records of a time into one file."""
    return archive.address_of(world, extension, fields, exchange.root)


@record.operation(
    "GET",
    f"{CLIENT}/<record>",
    item=model.find,
    also=(206,),
    media=model.MIMETYPES,
    facts=["REC-2", "REC-6", "PHN-50"],
    refuses={416: ["REC-2"]},
)
def hear_record(world: World, record: model.Record) -> Any:
    """Hear one of the client's records."""
    return Media(*model.sound_of(world, record))


@record.operation(
    "GET",
    f"{CLIENT}/<record>/storage_url/",
    item=model.find,
    returns=AddressOut,
    facts=["REC-3"],
)
def get_address(world: World, record: model.Record, exchange: Exchange) -> Any:
    """Read where one of the client's records is heard without a token."""
    return model.address_of(world, record, exchange.root)


@record.operation(
    "DELETE",
    f"{CLIENT}/<record>",
    status=200,
    also=(204,),
    item=model.find,
    returns=DeletedOut,
    facts=["REC-4"],
)
def delete_record(world: World, record: model.Record) -> Any:
    """Delete one of the client's records."""
    model.delete(world, record)
    return _gone(world)


@record.operation(
    "GET",
    f"{EXTENSION}/<record>",
    item=model.find,
    also=(206,),
    media=model.MIMETYPES,
    facts=["REC-2", "REC-6", "PHN-50"],
    refuses={416: ["REC-2"]},
)
def hear_own_record(world: World, record: model.Record) -> Any:
    """Hear one of the extension's records."""
    return Media(*model.sound_of(world, record))


@record.operation(
    "GET",
    f"{EXTENSION}/<record>/storage_url/",
    item=model.find,
    returns=AddressOut,
    facts=["REC-3"],
)
def get_own_address(world: World, record: model.Record, exchange: Exchange) -> Any:
    """Read where one of the extension's records is heard without a token."""
    return model.address_of(world, record, exchange.root)


@record.operation(
    "DELETE",
    f"{EXTENSION}/<record>",
    status=200,
    also=(204,),
    item=model.find,
    returns=DeletedOut,
    facts=["REC-4"],
)
def delete_own_record(world: World, record: model.Record) -> Any:
    """Delete one of the extension's records."""
    model.delete(world, record)
    return _gone(world)


@storage.operation(
    "GET",
    "/<record_uuid>/<key>/<name>",
    also=(206,),
    media=model.MIMETYPES,
    facts=["REC-3"],
    refuses={404: ["ERR-6"], 416: ["REC-2"]},
)
def hear_stored_record(world: World, record_uuid: str, key: str) -> Any:
    """Hear a record without a token."""
    return Media(*model.sound_of(world, model.stored(world, record_uuid, key)))


@storage.operation(
    "GET",
    "/archive/<realm>/<owner_id>/<key>/<name>",
    media=(archive.MIMETYPE,),
    facts=["REC-7"],
    refuses={404: ["ERR-6"]},
)
def download_archive(world: World, realm: str, owner_id: str, key: str, name: str) -> Any:
    """Download records in one file without a token."""
    files = archive.files(world, archive.stored(world, realm, owner_id, key, name))
    return Download(archive.MIMETYPE, archive.zipped(files), name)
