"""The time of a PBX, in the hands of a tester."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from .commands import time
from .invoker import Invoker


class Clock:
    """The time of one mocked PBX; whatever comes due in it is done when it is moved."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker

    def now(self) -> datetime:
        """The PBX's present moment, in UTC."""
        return self._invoker.ask(time.clock).now

    @property
    def frozen(self) -> bool:
        """Whether time stands still until somebody moves it."""
        return self._invoker.ask(time.clock).frozen

    def advance(self, seconds: float | timedelta) -> list[Mapping[str, Any]]:
        """Time moves forward; answers what came due on the way, in order.

        Raises:
            InvalidError: they are no number, negative, or more than a clock can show.
        """
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        return list(self._invoker.ask(time.advance, {"seconds": seconds}).fired)

    def move_to(self, moment: datetime | str) -> list[Mapping[str, Any]]:
        """It is that moment, UTC when it has no zone; answers what came due on the way.

        Raises:
            InvalidError: it is no moment, or one that a clock cannot show.
        """
        return list(self._invoker.ask(time.move_to, {"moment": moment}).fired)

    def freeze(self) -> None:
        """Stop the clock."""
        self._invoker.do(time.freeze)

    def run(self) -> None:
        """Time runs on."""
        self._invoker.do(time.run)
