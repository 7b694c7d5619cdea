"""Parts of calls as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.schema import Strict, Word
from .model import DISPOSITIONS, FLOWS, PART_FLOWS, PART_RESULTS, RESULTS


class SidesOut(Strict):
    """Who called whom when, and how it ended."""

    call_uuid = fields.String(required=True, metadata={"description": "Upper-case."})
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
    ext_number_reg = fields.String(required=True, allow_none=True)
    init_time_gmt = fields.String(required=True, metadata={"description": "UTC."})
    start_time_gmt = fields.String(required=True)
    bridged_time_gmt = fields.String(required=True, allow_none=True)
    hangup_time_gmt = fields.String(required=True)
    duration = fields.Integer(required=True, metadata={"description": "Whole seconds."})
    bridged_duration = fields.Integer(required=True, metadata={"description": "Whole seconds."})
    bridged_username = fields.String(required=True, allow_none=True)
    bridged_domain = fields.String(required=True, allow_none=True)
    result = Word(RESULTS, required=True)
    hangup_cause = fields.String(required=True)
    hangup_disposition = Word(DISPOSITIONS, required=True)


class PartOut(SidesOut):
    """What one extension did in a call."""

    flow = Word(PART_FLOWS, required=True)
    result = Word(PART_RESULTS, required=True)
    init_time_gmt = fields.String(
        required=True, metadata={"description": "UTC, with hundredths after a point."}
    )
    source_number = fields.String(required=True)
    source_domain = fields.String(required=True, allow_none=True)
    dest_number = fields.String(required=True)
    dest_domain = fields.String(required=True, allow_none=True)
    ani_number = fields.String(required=True, allow_none=True)
    application = fields.String(required=True, allow_none=True)
    record_uuid = fields.String(required=True, allow_none=True)
    record_file_size = fields.Integer(required=True, allow_none=True)
    storage_url = fields.String(required=True, allow_none=True)
