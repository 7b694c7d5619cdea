"""Agents as JSON; the fields beyond the data of their events are assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import QueryInteger
from ...web.schema import Strict, Word
from ..event.schema import EventIn, EventOut
from .model import STATUSES, TYPES


class AgentFilter(Strict):
    """Which agents a list shows."""

    example: ClassVar[Mapping[str, Any]] = {"extension_id": [85219]}

    extension_id = fields.List(
        QueryInteger(), metadata={"fact": "AGT-1", "description": "Those whose phone it is."}
    )


class AgentOut(Strict):
    """An agent."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    status = Word(STATUSES, required=True)
    type = Word(("local",), required=True)
    client_id = fields.Integer(required=True)
    extension_id = fields.Integer(required=True)
    extension_name = fields.String(required=True)


class AgentEventIn(EventIn):
    """What to send where; all fields are mandatory."""

    example: ClassVar[Mapping[str, Any]] = {**EventIn.example, "event_type": "agent-login"}

    event_type = Word(TYPES, required=True, metadata={"fact": "AGT-1"})


class AgentEventOut(EventOut):
    """A subscription to an agent's events."""

    event_type = Word(TYPES, required=True)
