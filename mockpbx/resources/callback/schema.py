"""Callbacks as JSON. Optional fields may be null."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from ...core.ids import MAX_ID
from ...web.schema import Boolean, Integer, Strict, String, ValidationError
from ..extension.schema import NUMBER

_FACT = {"fact": "CBK-1"}


class Duration(fields.Field[int]):
    """Seconds as an integer, or as a string of digits.

    Source: CBK-1
    """

    openapi: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MAX_ID},
            {"type": "string", "pattern": "^[1-9][0-9]{0,8}$"},
        ]
    }
    _DIGITS = re.compile("[1-9][0-9]{0,8}")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and self._DIGITS.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_ID:
            raise ValidationError(f"must be seconds, 1 to {MAX_ID}, as an integer or as digits")
        return value


class CallbackIn(Strict):
    """Whom to ring first, and whom to connect them with."""

    example: ClassVar[Mapping[str, Any]] = {"src_num": ["101"], "dst_num": "+79161112233"}

    src_num = fields.List(
        String(form=NUMBER),
        required=True,
        validate=validate.Length(min=1, error="must not be empty"),
        error_messages={
            "required": "is required",
            "null": "must not be null",
            "invalid": "must be an array",
        },
        metadata={**_FACT, "description": "Phones or outside numbers; all ring at once."},
    )
    dst_num = String(
        required=True,
        form=NUMBER,
        metadata={**_FACT, "description": "Dialled once somebody picked up."},
    )
    allow_public_transfer = Boolean(load_default=True, allow_none=True, metadata=_FACT)
    announce_sound_id = Integer(allow_none=True, metadata=_FACT)
    dst_announce_sound_id = Integer(allow_none=True, metadata=_FACT)
    call_duration = Duration(
        allow_none=True, metadata={**_FACT, "description": "Seconds of talk after which it ends."}
    )
    caller_id_name = String(
        allow_none=True, metadata={**_FACT, "description": "Shown to dst_num, as the number is."}
    )
    caller_id_number = String(allow_none=True, metadata=_FACT)
    src_ani = String(
        allow_none=True,
        metadata={**_FACT, "description": "Ignored unless a public number of the client."},
    )
    dst_ani = String(allow_none=True, metadata=_FACT)
    dst_dtmf = String(
        form=(r"^[0-9*#Ww]*$", "of 0 to 9, *, #, W for one second and w for half of one"),
        allow_none=True,
        metadata={**_FACT, "description": "Keys pressed once dst_num answered."},
    )
    src_caller_id_name = String(
        allow_none=True, metadata={**_FACT, "description": "Shown to src_num, as the number is."}
    )
    src_caller_id_number = String(allow_none=True, metadata=_FACT)
    transfer_after_dst_hangup = String(form=NUMBER, allow_none=True, metadata=_FACT)
    transfer_after_src_hangup = String(form=NUMBER, allow_none=True, metadata=_FACT)
    wait_for_pickup = Integer(
        at_least=1,
        allow_none=True,
        metadata={**_FACT, "description": "Seconds that src_num rings."},
    )


class CallbackOut(Strict):
    """The call that was started."""

    call_api_id = fields.String(required=True)
    call_id = fields.String(required=True)
