"""Public numbers as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import Paged
from ...web.schema import Boolean, Integer, Strict, String

_FACT = {"fact": "DID-1"}


class DidFilter(Paged):
    """Which page of the numbers."""


class DidChange(Strict):
    """Where a public number leads; what is left out is kept."""

    example: ClassVar[Mapping[str, Any]] = {"extension_id": 85219}

    extension_id = Integer(at_least=1, allow_none=True, metadata=_FACT)
    message_extension_id = Integer(at_least=1, allow_none=True, metadata=_FACT)
    allow_message = Boolean(metadata=_FACT)
    comment = String(allow_none=True, metadata=_FACT)


class DidOut(Strict):
    """A public number."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, metadata={"description": "Its digits."})
    client_id = fields.Integer(required=True)
    extension_id = fields.Integer(required=True, allow_none=True)
    domain = fields.String(required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    create_date = fields.String(required=True, metadata={"description": "UTC."})
    allow_message = fields.Boolean(required=True)
    message_extension_id = fields.Integer(required=True, allow_none=True)
