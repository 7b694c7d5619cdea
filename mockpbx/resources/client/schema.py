"""Clients as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.schema import Strict


class ClientOut(Strict):
    """A client."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True)
    domain = fields.String(required=True)
    extension_len = fields.Integer(required=True)
    status = fields.String(required=True)
    timezone = fields.String(required=True)
    create_date = fields.String(required=True, metadata={"description": "UTC."})
    dealer_id = fields.Integer(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    geo_list = fields.String(required=True)
    record_format = fields.String(required=True)
    record_stereo = fields.Boolean(required=True)


class DiskSpaceOut(Strict):
    """How many files the client has, and the bytes that they take, may take and leave free."""

    call_records_count = fields.Integer(required=True)
    call_records_size = fields.Integer(required=True)
    fax_count = fields.Integer(required=True)
    fax_size = fields.Integer(required=True)
    free_space = fields.Integer(required=True)
    total_space = fields.Integer(required=True)
    voicemail_count = fields.Integer(required=True)
    voicemail_size = fields.Integer(required=True)


class AliasOut(Strict):
    """Another name of the client; what else it has is unknown."""

    id = fields.Integer(required=True)
