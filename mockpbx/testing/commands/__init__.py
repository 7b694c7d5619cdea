"""The list of what a tester can do; each module declares its part of it."""

from __future__ import annotations

from ..command import COMMANDS
from . import additions, calls, state, time, traffic, worlds

__all__ = ["COMMANDS", "additions", "calls", "state", "time", "traffic", "worlds"]
