"""Text messages as JSON; the fields are assumed."""

from __future__ import annotations

from marshmallow import fields

from ...web.query import ORDERS, Paged
from ...web.schema import Stamp, Strict, Word


class MessageFilter(Paged):
    """Which page of the messages, and in which order."""

    order = Word(ORDERS, load_default="desc", metadata={"fact": "MSG-1"})


class MessageOut(Strict):
    """A text message."""

    id = fields.Integer(required=True)
    extension_id = fields.Integer(required=True)
    flow = Word(("in", "out"), required=True)
    from_number = fields.String(required=True)
    to_number = fields.String(required=True)
    text = fields.String(required=True)
    datetime = Stamp(required=True, attribute="at", metadata={"description": "UTC."})
