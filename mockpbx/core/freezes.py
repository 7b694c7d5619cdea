"""Detects freezegun and time-machine, which move the time of the process."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def active() -> Any | None:
    """The outermost freeze or travel that is active; None when time is real.

    Neither library is imported: one that moves time has been.
    """
    for module, names in (
        ("freezegun.api", ("freeze_factories",)),
        ("time_machine", ("traveller_stack", "coordinates_stack")),
    ):
        library = sys.modules.get(module)
        for name in names if library is not None else ():
            for freeze in getattr(library, name, ()):
                return freeze
    return None


def are_possible() -> bool:
    """Whether one of the libraries is imported, so that a freeze may begin at any moment."""
    return "freezegun" in sys.modules or "time_machine" in sys.modules


def last(freeze: Any) -> datetime | None:
    """The moment at which that freeze stood when it was left, None of one that ran or ticked."""
    frozen, ticks = getattr(freeze, "time_to_freeze", None), ("start", "step_width")
    if isinstance(frozen, datetime):
        ran = any(hasattr(freeze, name) for name in ticks)
        return None if ran else frozen.replace(tzinfo=timezone.utc)
    if getattr(freeze, "_tick", True):
        return None
    return _EPOCH + timedelta(microseconds=freeze.time_ns() // 1000)
