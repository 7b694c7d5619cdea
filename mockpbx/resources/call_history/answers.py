"""Finished calls as answers show them."""

from __future__ import annotations

from typing import Any

from ...core.clock import stamp
from ...readings import Readings
from ..cdr.model import Part, seconds, sides_shown, stamped
from ..cdr.model import shown as part_shown
from .model import Row

#: Of newer rows; what they hold when there is something is not known.
_EMPTY = ("diversion_number", "callback", "quality_rate", "ivr_history")


def shown(row: Row, readings: Readings) -> dict[str, Any]:
    """The call without its parts.

    Source: HIS-1, HIS-2, HIS-10, HIS-21, HIS-22, HIS-31
    """
    talk = row.talk
    return {
        "call_uuid": row.hex.upper(),
        **sides_shown(row.sides, row.client_id, readings),
        "ext_number_reg": None,
        "init_time_gmt": stamp(row.init_at),
        "start_time_gmt": stamped(row.init_at),
        "bridged_time_gmt": None if talk is None else stamped(talk.began_at),
        "hangup_time_gmt": stamped(row.ended_at),
        "duration": seconds(row.init_at, row.ended_at),
        "bridged_duration": None if talk is None else seconds(talk.began_at, talk.ended_at),
        "bridged_username": None if talk is None else talk.username,
        "bridged_domain": None if talk is None else talk.domain,
        "result": result_shown(row, readings),
        "hangup_cause": row.hangup_cause,
        "hangup_disposition": row.hangup_disposition,
        **dict.fromkeys(_EMPTY),
    }


def result_shown(row: Row, readings: Readings) -> str:
    """How the call ended; with the other reading a talk is `answered`, too.

    Source: HIS-19
    """
    if readings.call_result == "answered" and row.result == "bridged":
        return "answered"
    return row.result


def whole(row: Row, readings: Readings) -> dict[str, Any]:
    """The call with its parts.

    Source: HIS-1, HIS-4
    """
    parts = [part_shown(part, row.client_id, readings) for part in row.parts]
    return {**shown(row, readings), "cdr": parts}


def element(row: Row, part: Part, readings: Readings) -> dict[str, Any]:
    """A part by itself, which tells of its call, too.

    Source: HIS-26
    """
    return {
        "call_uuid": row.hex.upper(),
        **part_shown(part, row.client_id, readings),
        "calls_result": result_shown(row, readings),
        "calls_hangup_disposition": row.hangup_disposition,
    }
