"""Ratings of calls as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.query import Span
from ...web.schema import Stamp, Strict


class QualityRateFilter(Span):
    """Of which time a list tells."""


class QualityRateOut(Strict):
    """A rating."""

    id = fields.Integer(required=True)
    client_id = fields.Integer(required=True)
    extension_id = fields.Integer(required=True)
    call_uuid = fields.String(required=True, attribute="shown_uuid")
    datetime = Stamp(required=True, attribute="at", metadata={"description": "UTC."})
    rate = fields.Integer(required=True)
    max_rate = fields.Integer(required=True)
