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


class DiskSpaceOut(Strict):
    """Bytes that the client's records take, and that they may take."""

    total = fields.Integer(required=True)
    used = fields.Integer(required=True)


class AliasOut(Strict):
    """Another name of the client; what else it has is unknown."""

    id = fields.Integer(required=True)
