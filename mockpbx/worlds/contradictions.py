"""What finished calls of world files say twice, and cannot both be true.

Each rule raises a `ValidationError` at the field that contradicts another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError

from ..core.errors import InvalidError
from ..resources.cdr.model import Part
from ..resources.record.sound import longest

TOO_LONG = "is longer than a wav can be, which has 32 bits for its size"
#: What the times of a call may be apart: while the clock stands, its events run ahead of it.
_AHEAD = timedelta(milliseconds=1)
#: The results of parts that somebody, or a voicemail, answered.
_ANSWERED = ("answered", "voicemail")


def is_too_long(record: Mapping[str, Any], length: timedelta) -> bool:
    """Whether no file of the record's format can hold so much."""
    most = longest(record["format"], stereo=record["stereo"])
    return most is not None and length > most


def check_times(part: Mapping[str, Any]) -> None:
    """A part begins, is answered and ends in that order, and only what was answered says so."""
    began, ended, answered = (
        part["init_time_gmt"],
        part["hangup_time_gmt"],
        part.get("bridged_time_gmt"),
    )
    if answered is not None and answered < began:
        raise ValidationError("must not be before init_time_gmt", "bridged_time_gmt")
    if ended < (answered or began):
        raise ValidationError("must be the last of the times", "hangup_time_gmt")
    if answered is not None and part["result"] not in _ANSWERED:
        raise ValidationError("must be null where nobody answered", "bridged_time_gmt")


def check_record(part: Mapping[str, Any]) -> None:
    """A record begins while somebody talks, and its file can hold it."""
    record, answered, ended = part["record"], part.get("bridged_time_gmt"), part["hangup_time_gmt"]
    if answered is None:
        raise ValidationError("only what was answered is recorded", "record")
    if not answered - _AHEAD <= record.get("began_at", answered) <= ended:
        raise ValidationError("must begin between bridged_time_gmt and hangup_time_gmt", "record")
    if "length_s" not in record and is_too_long(record, ended - record.get("began_at", answered)):
        raise ValidationError(TOO_LONG, "record")


def check_call(call: Mapping[str, Any]) -> None:
    """A row lasts as long as its parts at least, and no record goes on after it."""
    row, parts = call.get("row", {}), call["cdr"]
    ended = [one["hangup_time_gmt"] for one in (row, *parts) if "hangup_time_gmt" in one]
    began = [one["init_time_gmt"] for one in (row, *parts) if "init_time_gmt" in one]
    if row.get("init_time_gmt", min(began)) > min(began):
        raise ValidationError({"init_time_gmt": ["must not be after that of a part"]}, "row")
    if row.get("hangup_time_gmt", max(ended)) < max(*ended, *began):
        raise ValidationError({"hangup_time_gmt": ["must be the last of the times"]}, "row")
    for number, part in enumerate(parts):
        record = part.get("record") or {}
        if "length_s" not in record:
            continue
        since = record.get("began_at", part["bridged_time_gmt"])
        if record["length_s"] > (max(ended) + _AHEAD - since).total_seconds():
            text = "must not last longer than the call"
            raise ValidationError({number: {"record": {"length_s": [text]}}}, "cdr")


def check_result(parts: Sequence[Part], talked: bool, result: str) -> None:
    """`bridged` says that two people talked in a part.

    Raises:
        InvalidError: the row's result says other than its parts.
    """
    if (result == "bridged") is not talked:
        what = "two people talked" if talked else "nobody talked with anybody"
        raise InvalidError((), f"row.result: is {result}, and in its {len(parts)} parts {what}")


def check_part(part: Part) -> None:
    """Somebody answered at some time, and an extension's record bears its id.

    Raises:
        InvalidError: naming the field that says otherwise.
    """
    if part.result == "answered" and part.answered_at is None:
        raise InvalidError((), "bridged_time_gmt: is required with result answered")
    own_id = str(part.sides.extension_id)
    if part.recording is not None and part.recording.uuid.partition("-")[0] != own_id:
        raise InvalidError((), f"record_uuid: must begin with {own_id}-, the id of its extension")
