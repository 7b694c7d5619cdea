"""The log of registrations as JSON; the fields are assumed."""

from __future__ import annotations

from marshmallow import fields

from ...web.query import Span
from ...web.schema import Strict


class RegStatusFilter(Span):
    """Of which time a list tells."""


class RegStatusOut(Strict):
    """A device came online, or went."""

    extension_id = fields.Integer(required=True)
    extension_name = fields.String(required=True)
    datetime = fields.String(required=True, metadata={"description": "UTC."})
    registered = fields.Boolean(required=True)
    device = fields.String(required=True)
    contact_address = fields.String(required=True)
    real_address = fields.String(required=True)
