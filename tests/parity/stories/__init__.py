"""Everything that a tester can do with a PBX, each feature told once, for whichever face."""

from __future__ import annotations

from . import (
    calls,
    clock,
    events,
    faults,
    odd_values,
    phones,
    settings,
    state,
    steps,
    traffic,
    verification,
)
from .table import STORIES, Story, listen, send

__all__ = [
    "STORIES",
    "Story",
    "calls",
    "clock",
    "events",
    "faults",
    "listen",
    "odd_values",
    "phones",
    "send",
    "settings",
    "state",
    "steps",
    "traffic",
    "verification",
]
