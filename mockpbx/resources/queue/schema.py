"""Queues as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ...web.schema import Boolean, Integer, Strict, String, Word
from .model import STRATEGIES

_FACT = {"fact": "QUE-1"}
_SECONDS = {**_FACT, "description": "Seconds; 0 is no end."}


class QueueIn(Strict):
    """Any settings; those left out keep their values."""

    example: ClassVar[Mapping[str, Any]] = {"strategy": "ring-all", "max_wait_time": 120}

    strategy = Word(STRATEGIES, metadata=_FACT)
    sound = Integer(allow_none=True, metadata={**_FACT, "description": "Sound id."})
    tier_rules_apply = Boolean(metadata=_FACT)
    exit_key = String(
        form=(r"^[0-9*#]$", "one of 0 to 9, * and #"), allow_none=True, metadata=_FACT
    )
    timeout_transfer_dst = String(allow_none=True, metadata=_FACT)
    max_wait_time = Integer(metadata=_SECONDS)
    max_wait_time_with_no_agent = Integer(metadata=_SECONDS)
    record_enabled = Boolean(metadata=_FACT)


class QueueOut(QueueIn):
    """All settings of a queue."""

    class Meta(QueueIn.Meta):
        """All of them are always there."""

        every_field = True
