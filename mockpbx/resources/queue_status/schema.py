"""What goes on in a queue as JSON; the shape is assumed."""

from __future__ import annotations

from marshmallow import fields

from ...web.schema import Strict, Word
from ..agent.schema import AgentOut
from .model import STATES


class WaitingOut(Strict):
    """A call that waits in a queue."""

    call_api_id = fields.String(required=True)
    caller_id_number = fields.String(required=True)
    caller_id_name = fields.String(required=True, allow_none=True)
    wait_time = fields.Integer(required=True, metadata={"description": "Seconds."})


class QueueAgentOut(AgentOut):
    """An agent of a queue, and what the agent's phone does now."""

    state = Word(STATES, required=True)


class QueueStatusOut(Strict):
    """Who waits in a queue, and who takes its calls."""

    calls = fields.List(fields.Nested(WaitingOut), required=True)
    agents = fields.List(fields.Nested(QueueAgentOut), required=True)
