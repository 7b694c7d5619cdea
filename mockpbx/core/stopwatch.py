"""How long something took in real time, out of reach of a test that moves the clock."""

from __future__ import annotations

import sys
import time
from types import BuiltinFunctionType


class Stopwatch:
    """Reads a clock that only rises.

    It is looked up at each reading: what an import finds may be what freezegun put there.
    """

    @staticmethod
    def read_ns() -> int:
        """Nanoseconds since some moment."""
        read = time.perf_counter_ns
        if not isinstance(read, BuiltinFunctionType):
            read = getattr(sys.modules.get("freezegun.api"), "real_perf_counter_ns", read)
        return read()

    @staticmethod
    def read_s() -> float:
        """Seconds since that moment."""
        return Stopwatch.read_ns() / 1e9


class Deadline:
    """The moment of real time, so many seconds from now, until which something may take."""

    def __init__(self, seconds: float) -> None:
        self._ends_s = Stopwatch.read_s() + seconds

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left_s = self.rest
        if left_s <= 0:
            raise TimeoutError("it took too long")
        return left_s

    @property
    def rest(self) -> float:
        """The seconds that are left; negative when it has passed."""
        return self._ends_s - Stopwatch.read_s()
