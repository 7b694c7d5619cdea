"""Event subscriptions on all phones as JSON."""

from __future__ import annotations

from ...web.schema import Word
from ..event.schema import EventIn, EventOut
from .model import PHONE_TYPES


class PhoneEventIn(EventIn):
    """What to send where; all fields are mandatory."""

    event_type = Word(PHONE_TYPES, required=True, metadata={"fact": "EVT-12"})


class PhoneEventOut(EventOut):
    """A subscription on all phones."""

    event_type = Word(PHONE_TYPES, required=True)
