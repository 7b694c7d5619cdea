"""How a world is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .readings import Readings


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a user sets before a world starts.

    `world` is the name of a shipped world, the path of a world file, or the world itself as a
    mapping. `rate_limits` makes the limits of GEN-17 and AUT-13 refuse, not only count. `freeze`
    starts the clock standing still. `seed` decides every generated identifier. `journal_limit`
    is the number of requests that the journal keeps.
    """

    world: str | Path | Mapping[str, Any] = "office"
    readings: Readings = field(default_factory=Readings)
    rate_limits: bool = False
    freeze: bool = False
    seed: int = 0
    journal_limit: int = 10_000
