"""Finished calls in world files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from ..core.accounts import Client
from ..core.clock import stamp_us
from ..core.errors import InvalidError
from ..core.ids import MAX_ID
from ..core.world import World
from ..resources.call_history.model import Row, add, new_hex
from ..resources.cdr.model import (
    DISPOSITIONS,
    PART_FLOWS,
    PART_RESULTS,
    Part,
    Recording,
)
from ..resources.extension.model import Extension, own_extension
from ..resources.extension.schema import TYPES
from ..resources.record.model import Record, file, new_uuid
from ..resources.record.sound import sound
from ..web.schema import Boolean, Exact, Integer, Seconds, String, Word
from .moments import MIXED, Moment, origins

FORMATS = ("mp3", "wav")
_HEX = "[0-9a-fA-F]{32}"


class RecordingState(Exact):
    """A recording; without its times it is as long as the talk."""

    record_uuid = String(form=(f"^[0-9]+-{_HEX}$", "an extension's id, - and 32 hex digits"))
    key = String(form=("^[0-9a-f]{32}$", "32 hex digits"))
    format = Word(FORMATS, load_default="mp3")
    stereo = Boolean(load_default=False)
    began_at = Moment()
    length_s = Seconds()
    record_transfer = Boolean(load_default=False)


class PartState(Exact):
    """What one extension did in a call; the extension may be named as it was then."""

    flow = Word(PART_FLOWS, required=True)
    extension = String(metadata={"description": "One that the client has now."})
    extension_id = Integer(at_least=1, at_most=MAX_ID)
    extension_name = String()
    extension_type = Word(TYPES)
    domain = String()
    group_id = Integer(at_least=1, allow_none=True)
    from_username = String(required=True)
    from_domain = String(allow_none=True)
    from_screen_name = String(allow_none=True)
    to_username = String(required=True)
    to_domain = String(allow_none=True)
    did_number = String(allow_none=True)
    init_time_gmt = Moment(required=True)
    bridged_time_gmt = Moment(allow_none=True)
    hangup_time_gmt = Moment(required=True)
    result = Word(PART_RESULTS, required=True)
    hangup_cause = String()
    hangup_disposition = Word(DISPOSITIONS)
    application = String(allow_none=True)
    ani_number = String(allow_none=True)
    record = fields.Nested(RecordingState, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _order(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if len(origins(data)) > 1:
            raise ValidationError(MIXED)
        answered = data.get("bridged_time_gmt")
        if not data["init_time_gmt"] <= (answered or data["init_time_gmt"]):
            raise ValidationError("must not be before init_time_gmt", "bridged_time_gmt")
        if not (answered or data["init_time_gmt"]) <= data["hangup_time_gmt"]:
            raise ValidationError("must be the last of the times", "hangup_time_gmt")
        if data.get("record") and answered is None:
            raise ValidationError("only what was answered is recorded", "record")


class CallState(Exact):
    """A finished call and its parts, in the order in which they began."""

    call_uuid = String(form=(f"^{_HEX}$", "32 hex digits"))
    cdr = fields.List(fields.Nested(PartState), required=True)

    @validates_schema(skip_on_field_errors=True)
    def _some(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if not data["cdr"]:
            raise ValidationError("must hold at least one", "cdr")
        if len(origins(data)) > 1:
            raise ValidationError(MIXED)


def build(world: World, client: Client, item: Mapping[str, Any]) -> None:
    """The call of a world file is in the history.

    Raises:
        InvalidError: another one has its id, or it names an extension that is not there.
    """
    hex = item.get("call_uuid", "").lower() or new_hex(world)
    if world.store.named(Row, hex) is not None:
        raise InvalidError((), f"call_uuid: {item['call_uuid']} stands there twice")
    row = add(world, client.id, hex, [_part(world, client, part) for part in item["cdr"]])
    for part in row.parts:
        recording = part.recording
        if recording and world.store.named(Record, recording.uuid.lower()) is not None:
            raise InvalidError((), f"record_uuid: {recording.uuid} stands there twice")
    file(world, row)


def _part(world: World, client: Client, item: Mapping[str, Any]) -> Part:
    values = {
        name: value
        for name, value in item.items()
        if name in Part.__slots__ and name not in ("extension", "record")
    }
    values.update(_extension(world, client, item))
    answered = item.get("bridged_time_gmt")
    ended = item["hangup_time_gmt"]
    recording = item.get("record")
    return Part(
        **values,
        init_at=item["init_time_gmt"],
        answered_at=answered,
        ended_at=ended,
        recording=_recording(world, values["extension_id"], recording, answered, ended)
        if recording is not None
        else None,
    )


def _extension(world: World, client: Client, item: Mapping[str, Any]) -> dict[str, Any]:
    found: Extension | None = None
    if "extension" in item:
        found = own_extension(world, client, item["extension"])
        if found is None:
            raise InvalidError((), f"client {client.id} has no extension {item['extension']!r}")
        return {
            "extension_id": found.id,
            "extension_name": found.name,
            "extension_type": found.type,
            "domain": found.domain,
            "group_id": item.get("group_id", found.extension_group_id),
        }
    missing = [
        name for name in ("extension_id", "extension_name", "extension_type") if name not in item
    ]
    if missing:
        raise InvalidError((), f"cdr: needs extension, or {', '.join(missing)}")
    _check_former(world, client, item["extension_id"], item)
    return {"domain": item.get("domain", client.domain)}


def _check_former(world: World, client: Client, number: int, item: Mapping[str, Any]) -> None:
    """An extension that a part names as it was then may have been one of the client's.

    Raises:
        InvalidError: its id was never given, or is that of an extension with another name or type.
    """
    found = world.store.find(Extension, number)
    if found is None and number >= world.store.next_id(Extension):
        raise InvalidError(
            (), f"extension_id: {number} was never given; next_ids.extension tells the next one"
        )
    if item["extension_name"].partition("*")[0] != client.prefix:
        raise InvalidError((), f"extension_name: must begin with {client.prefix}*")
    same = found is None or (found.client_id, found.name, found.type) == (
        client.id,
        item["extension_name"],
        item["extension_type"],
    )
    if not same and found is not None:
        raise InvalidError((), f"extension_id: {number} is the {found.type} {found.name}")


def _recording(
    world: World,
    extension_id: int,
    item: Mapping[str, Any],
    answered: Any,
    ended: datetime,
) -> Recording:
    began = item.get("began_at", answered)
    length = timedelta(seconds=item["length_s"]) if "length_s" in item else ended - began
    return Recording(
        uuid=item.get("record_uuid") or new_uuid(world, extension_id),
        key=item.get("key") or world.ids.hex32(),
        form=item["format"],
        stereo=item["stereo"],
        began_at=began,
        length=length,
        size=sound(item["format"], stereo=item["stereo"], length=length).size,
        transfer=item["record_transfer"],
    )


def dump(world: World, client: Client) -> Iterator[dict[str, Any]]:
    """The client's finished calls as a world file has them, the oldest first."""
    world.hooks.settle_history(world, client.id)
    for row in world.store.of(Row, "client_id", client.id):
        yield {"call_uuid": row.hex, "cdr": [_part_state(part) for part in row.parts]}


def _part_state(part: Part) -> dict[str, Any]:
    shown = {
        name: getattr(part, name)
        for name in Part.__slots__
        if name not in ("init_at", "answered_at", "ended_at", "recording")
    }
    shown.update(
        init_time_gmt=stamp_us(part.init_at),
        bridged_time_gmt=stamp_us(part.answered_at) if part.answered_at is not None else None,
        hangup_time_gmt=stamp_us(part.ended_at),
    )
    if part.recording is not None:
        shown["record"] = {
            "record_uuid": part.recording.uuid,
            "key": part.recording.key,
            "format": part.recording.form,
            "stereo": part.recording.stereo,
            "began_at": stamp_us(part.recording.began_at),
            "length_s": part.recording.length.total_seconds(),
            "record_transfer": part.recording.transfer,
        }
    return shown
