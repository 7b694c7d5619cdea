"""What the stories observe in runs of pytest that a test starts in its own process."""

from __future__ import annotations

from typing import Any

from .receivers import Receivers

#: What was observed in the run under way, by the story's name.
SEEN: dict[str, Any] = {}
#: Those of the test that started the run.
RECEIVERS: list[Receivers] = []
