"""Event subscriptions as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...core.address import is_web
from ...web.schema import Strict, String, ValidationError, Word
from .model import METHODS, TYPES


def uri(text: str) -> None:
    """An absolute http or https address with a host.

    Source: EVT-6, EVT-20
    """
    if not is_web(text):
        raise ValidationError("must be an absolute http or https address with a host")


class EventIn(Strict):
    """What to send where; all fields are mandatory."""

    example: ClassVar[Mapping[str, Any]] = {
        "url": "https://somehost.com/fordel/show.php?myid=175",
        "method": "GET",
        "event_type": "dial-in",
    }

    url = String(
        check=uri,
        like=r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\s]",
        required=True,
        metadata={
            "fact": "EVT-6",
            "form": "EVT-20",
            "description": "Absolute, http or https; its query is kept when the event is sent.",
        },
    )
    method = Word(METHODS, required=True, metadata={"fact": "EVT-5"})
    event_type = Word(TYPES, required=True, metadata={"fact": "EVT-4"})


class EventOut(Strict):
    """A subscription."""

    url = fields.String(required=True)
    method = Word(METHODS, required=True)
    event_type = Word(TYPES, required=True)
    id = fields.Integer(required=True)


class EventLimit(Strict):
    """How many event subscriptions a client may have, and has."""

    limit = fields.Integer(required=True)
    used = fields.Integer(required=True)


class LimitOut(Strict):
    """The client's limits; their names are assumed."""

    event = fields.Nested(EventLimit, required=True)
