"""Parts of calls as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.schema import Strict, Word
from .model import DISPOSITIONS, FLOWS, PART_FLOWS, PART_RESULTS, RESULTS


class SidesOut(Strict):
    """Who called whom when, and how it ended."""

    flow = Word(FLOWS, required=True)
    extension_id = fields.Integer(required=True)
    extension_name = fields.String(required=True)
    extension_type = fields.String(required=True)
    extension_group_owner_id = fields.Integer(required=True, allow_none=True)
    client_owner_id = fields.Integer(required=True)
    from_username = fields.String(required=True)
    from_domain = fields.String(required=True, allow_none=True)
    from_screen_name = fields.String(required=True, allow_none=True)
    to_username = fields.String(required=True)
    to_domain = fields.String(required=True, allow_none=True)
    did_number = fields.String(required=True, allow_none=True)
    did_domain = fields.String(required=True, allow_none=True)
    init_time_gmt = fields.String(required=True, metadata={"description": "UTC."})
    start_time_gmt = fields.String(required=True)
    hangup_time_gmt = fields.String(required=True)
    duration = fields.Integer(required=True, metadata={"description": "Whole seconds."})
    result = Word(RESULTS, required=True)
    hangup_cause = fields.String(required=True)
    hangup_disposition = Word(DISPOSITIONS, required=True)


def _nothing() -> fields.Raw:
    return fields.Raw(required=True, allow_none=True, metadata={"description": "Always null."})


class RowOut(SidesOut):
    """A call: what its sides are, and when two people were connected."""

    call_uuid = fields.String(required=True, metadata={"description": "Upper-case."})
    ext_number_reg = fields.String(required=True, allow_none=True)
    bridged_time_gmt = fields.String(required=True, allow_none=True)
    bridged_duration = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Whole seconds."}
    )
    bridged_username = fields.String(required=True, allow_none=True)
    bridged_domain = fields.String(required=True, allow_none=True)
    diversion_number = _nothing()
    callback = _nothing()
    quality_rate = _nothing()
    ivr_history = _nothing()


class PartOut(SidesOut):
    """What one extension did in a call; it starts when it is answered."""

    flow = Word(PART_FLOWS, required=True)
    result = Word(PART_RESULTS, required=True)
    init_time_gmt = fields.String(
        required=True, metadata={"description": "UTC, with hundredths after a point."}
    )
    source_number = fields.String(required=True, allow_none=True)
    source_domain = fields.String(required=True, allow_none=True)
    dest_number = fields.String(required=True, allow_none=True)
    dest_domain = fields.String(required=True, allow_none=True)
    ani_number = fields.String(required=True, allow_none=True)
    application = fields.String(required=True, allow_none=True)
    record_uuid = fields.String(required=True, allow_none=True)
    record_file_size = fields.Integer(required=True, allow_none=True)


class CdrRowOut(PartOut):
    """A part that is listed by itself, with what its call was."""

    call_uuid = fields.String(required=True, metadata={"description": "Upper-case."})
    calls_result = Word(RESULTS, required=True)
    calls_hangup_disposition = Word(DISPOSITIONS, required=True)
