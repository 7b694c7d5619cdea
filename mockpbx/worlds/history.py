"""Finished calls in world files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from ..core.accounts import Client
from ..core.clock import stamp_us
from ..core.errors import InvalidError
from ..core.ids import MAX_ID
from ..core.world import World
from ..resources.call_history.model import Row, add, new_hex, row_of
from ..resources.cdr.model import (
    DISPOSITIONS,
    FLOWS,
    PART_FLOWS,
    PART_RESULTS,
    RESULTS,
    Part,
    Recording,
    Sides,
    part_of,
    sides_of,
)
from ..resources.extension.model import Extension, own_extension
from ..resources.extension.schema import TYPES
from ..resources.record.model import Record, file, new_uuid
from ..resources.record.sound import sound
from ..web.schema import Boolean, Exact, Integer, Seconds, String, Word
from .contradictions import (
    TOO_LONG,
    check_call,
    check_part,
    check_record,
    check_result,
    check_times,
    is_too_long,
)
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
    deleted = Boolean(
        load_default=False, metadata={"description": "The history names it, and it is gone."}
    )

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if "length_s" in data and is_too_long(data, timedelta(seconds=data["length_s"])):
            raise ValidationError(TOO_LONG, "length_s")


class SidesState(Exact):
    """Who called whom; the extension may be named as it was then."""

    extension = String(metadata={"description": "One that the client has now."})
    extension_id = Integer(at_least=1, at_most=MAX_ID)
    extension_name = String()
    extension_type = Word(TYPES)
    domain = String()
    group_id = Integer(at_least=1, allow_none=True)
    from_domain = String(allow_none=True)
    from_screen_name = String(allow_none=True)
    to_domain = String(allow_none=True)
    did_number = String(allow_none=True)


class PartState(SidesState):
    """What one extension did in a call; what is left out is as a PBX fills it in."""

    flow = Word(PART_FLOWS, required=True)
    from_username = String(required=True)
    to_username = String(required=True)
    init_time_gmt = Moment(required=True)
    bridged_time_gmt = Moment(allow_none=True, metadata={"description": "When it was answered."})
    hangup_time_gmt = Moment(required=True)
    result = Word(PART_RESULTS, required=True)
    hangup_cause = String()
    hangup_disposition = Word(DISPOSITIONS)
    application = String(allow_none=True)
    ani_number = String(allow_none=True)
    aside = Boolean(
        load_default=False,
        metadata={"description": "That of who listened in, or was rung first by a callback."},
    )
    record = fields.Nested(RecordingState, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _order(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if len(origins(data)) > 1:
            raise ValidationError(MIXED)
        check_times(data)
        if data.get("record"):
            check_record(data)


class RowState(SidesState):
    """What the row tells otherwise than its parts add up to."""

    flow = Word(FLOWS)
    from_username = String()
    to_username = String()
    init_time_gmt = Moment()
    hangup_time_gmt = Moment()
    result = Word(RESULTS)
    hangup_cause = String()
    hangup_disposition = Word(DISPOSITIONS)

    @validates_schema(skip_on_field_errors=True)
    def _whole(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if data.keys() & Sides.__dataclass_fields__.keys() | data.keys() & {"extension"}:
            for name in ("flow", "from_username", "to_username"):
                if name not in data:
                    raise ValidationError("is required with the other sides", name)


class CallState(Exact):
    """A finished call and its parts, in the order in which they began."""

    call_uuid = String(form=(f"^{_HEX}$", "32 hex digits"))
    row = fields.Nested(RowState)
    cdr = fields.List(fields.Nested(PartState), required=True)

    @validates_schema(skip_on_field_errors=True)
    def _some(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        if not data["cdr"] and not data.get("row", {}).keys() >= _ALONE:
            raise ValidationError("must hold at least one", "cdr")
        if len(origins(data)) > 1:
            raise ValidationError(MIXED)
        check_call(data)


#: What the row of a call without parts needs.
_ALONE = {
    "flow",
    "from_username",
    "to_username",
    "init_time_gmt",
    "hangup_time_gmt",
    "result",
    "hangup_cause",
    "hangup_disposition",
}
_ROW_WORDS = ("result", "hangup_cause", "hangup_disposition")


def build(world: World, client: Client, item: Mapping[str, Any]) -> None:
    """The call of a world file is in the history.

    Raises:
        InvalidError: another one has its id, or it names an extension that is not there.

    Source: SIM-13, HIS-2
    """
    hex = item.get("call_uuid", "").lower() or new_hex(world)
    if world.store.named(Row, hex) is not None:
        raise InvalidError((), f"call_uuid: {item['call_uuid']} stands there twice")
    parts = [_part(world, client, part) for part in item["cdr"]]
    for part in parts:
        check_part(part)
    row = row_of(client.id, hex, parts, **_row(world, client, item.get("row", {})))
    check_result(parts, row.talk is not None, row.result)
    row = add(world, row)
    for part in row.parts:
        recording = part.recording
        if recording and world.store.named(Record, recording.uuid.lower()) is not None:
            raise InvalidError((), f"record_uuid: {recording.uuid} stands there twice")
    file(world, replace(row, parts=tuple(_kept(row.parts, item["cdr"]))))


def _kept(parts: Sequence[Part], items: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    """The parts whose records have not been deleted."""
    for part, item in zip(parts, items, strict=True):
        if not (item.get("record") or {}).get("deleted"):
            yield part


def _row(world: World, client: Client, item: Mapping[str, Any]) -> dict[str, Any]:
    """What the row tells otherwise than its parts add up to."""
    values = {name: item[name] for name in _ROW_WORDS if name in item}
    if "flow" in item:
        values["sides"] = _sides(world, client, item)
    if "init_time_gmt" in item:
        values["init_at"] = item["init_time_gmt"]
    if "hangup_time_gmt" in item:
        values["ended_at"] = item["hangup_time_gmt"]
    return values


def _sides(world: World, client: Client, item: Mapping[str, Any]) -> Sides:
    given = {name: item[name] for name in Sides.__slots__ if name in item}
    return sides_of(**{**given, **_extension(world, client, item)})


def _part(world: World, client: Client, item: Mapping[str, Any]) -> Part:
    sides = _sides(world, client, item)
    names = ("hangup_cause", "hangup_disposition", "application", "ani_number", "aside")
    answered, ended = item.get("bridged_time_gmt"), item["hangup_time_gmt"]
    recording = item.get("record")
    return part_of(
        sides,
        item["result"],
        init_at=item["init_time_gmt"],
        answered_at=answered,
        ended_at=ended,
        recording=None
        if recording is None
        else _recording(world, sides.extension_id, recording, answered, ended),
        **{name: item[name] for name in names if name in item},
    )


def _extension(world: World, client: Client, item: Mapping[str, Any]) -> dict[str, Any]:
    found: Extension | None = None
    if "extension" in item:
        found = own_extension(world, client, item["extension"])
        if found is None:
            raise InvalidError((), f"client {client.id} has no extension {item['extension']!r}")
        if item.get("extension_id", found.id) != found.id:
            raise InvalidError((), f"extension_id: extension {found.name} has the id {found.id}")
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
    prefix, _, digits = item["extension_name"].partition("*")
    if prefix != client.prefix or not (digits.isascii() and digits.isdigit()):
        text = f"must begin with {client.prefix}*, and digits must follow"
        raise InvalidError((), f"extension_name: {text}")
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
        uuid=(item.get("record_uuid") or new_uuid(world, extension_id)).lower(),
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
    for row in world.store.of(Row, "client_id", client.id):
        shown: dict[str, Any] = {"call_uuid": row.hex}
        if different := _row_state(row):
            shown["row"] = different
        shown["cdr"] = [_part_state(world, part) for part in row.parts]
        yield shown


def _row_state(row: Row) -> dict[str, Any]:
    """What of the row its parts do not add up to."""
    derived = row_of(row.client_id, row.hex, row.parts) if row.parts else None
    found: dict[str, Any] = {}
    if derived is None or derived.sides != row.sides:
        found.update(_sides_state(row.sides))
    for name in _ROW_WORDS:
        if derived is None or getattr(derived, name) != getattr(row, name):
            found[name] = getattr(row, name)
    for name, key in (("init_at", "init_time_gmt"), ("ended_at", "hangup_time_gmt")):
        if derived is None or getattr(derived, name) != getattr(row, name):
            found[key] = stamp_us(getattr(row, name))
    return found


def _sides_state(sides: Sides) -> dict[str, Any]:
    return {name: getattr(sides, name) for name in Sides.__slots__}


def _part_state(world: World, part: Part) -> dict[str, Any]:
    shown = {
        **_sides_state(part.sides),
        "init_time_gmt": stamp_us(part.init_at),
        "bridged_time_gmt": stamp_us(part.answered_at) if part.answered_at is not None else None,
        "hangup_time_gmt": stamp_us(part.ended_at),
        "result": part.result,
        "hangup_cause": part.hangup_cause,
        "hangup_disposition": part.hangup_disposition,
        "application": part.application,
        "ani_number": part.ani_number,
    }
    if part.aside:
        shown["aside"] = True
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
        if world.store.named(Record, part.recording.uuid.lower()) is None:
            shown["record"]["deleted"] = True
    return shown
