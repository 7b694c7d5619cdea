"""Calls that run as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.schema import Strict, String, Word
from ..extension.schema import NUMBER
from .model import ACTIONS

_FACT = {"fact": "CUR-2"}


class PartyOut(Strict):
    """An extension that calls or is called."""

    id = fields.Integer(required=True)
    type = fields.String(required=True)
    name = fields.String(required=True)
    client_id = fields.Integer(required=True)
    extension_group_id = fields.Integer(required=True, allow_none=True)


class CurrentCallOut(Strict):
    """One extension's part of a running call."""

    call_api_id = fields.String(required=True)
    call_id = fields.String(required=True, metadata={"description": "The CallID of its events."})
    subcall_id = fields.String(required=True, metadata={"description": "Their SubCallID."})
    # No enumeration: generators make the same name of IN as of in.
    call_flow = fields.String(
        required=True,
        metadata={
            "pattern": "^(IN|OUT|in|out)$",
            "description": "IN or OUT; in small letters by the reading `current_calls_flow`.",
        },
    )
    init_time_gmt = fields.String(
        required=True, metadata={"description": "UTC, with hundredths after a comma."}
    )
    answer_time_gmt = fields.String(required=True, allow_none=True)
    called_number = fields.String(required=True)
    called_did = fields.String(required=True, allow_none=True)
    called_extension = fields.Nested(PartyOut, required=True, allow_none=True)
    caller_extension = fields.Nested(PartyOut, required=True, allow_none=True)
    caller_id_name = fields.String(required=True, allow_none=True)
    caller_id_number = fields.String(required=True)
    extension_id = fields.Integer(required=True)
    callback_id = fields.String(required=True, allow_none=True)
    record_uuid = fields.String(required=True, allow_none=True)
    real_call = fields.Boolean(required=True)


class CurrentCallsOut(Strict):
    """Running calls."""

    call_list = fields.List(fields.Nested(CurrentCallOut), required=True)


class ActionIn(Strict):
    """What to do with a running call."""

    example: ClassVar[Mapping[str, Any]] = {"action": "hold", "send_dst": None}

    action = Word(ACTIONS, required=True, metadata=_FACT)
    send_dst = String(
        form=NUMBER,
        required=True,
        allow_none=True,
        metadata={
            **_FACT,
            "null": "CUR-7",
            "description": "To whom it is transferred, who listens in, who picks it up, or null.",
        },
    )
