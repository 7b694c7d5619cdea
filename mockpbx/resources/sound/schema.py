"""Sounds as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import Paged, QueryFlag, QueryInteger
from ...web.schema import Strict, String

_FACT = {"fact": "SND-1"}


class SoundFilter(Paged):
    """Which sounds a list shows."""

    example: ClassVar[Mapping[str, Any]] = {"id": [1], "title": ["Welcome"]}

    id = fields.List(QueryInteger(), metadata=_FACT)
    title = fields.List(String(), metadata=_FACT)
    own_only = QueryFlag(load_default=False, metadata=_FACT)


class SoundOut(Strict):
    """A sound."""

    id = fields.Integer(required=True)
    client_id = fields.Integer(required=True, allow_none=True)
    dealer_id = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True)
    filename = fields.String(required=True)
