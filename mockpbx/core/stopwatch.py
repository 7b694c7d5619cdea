"""Real durations, which no test that freezes or moves the time can change."""

from __future__ import annotations

import sys
import time
from types import BuiltinFunctionType


class Stopwatch:
    """Reads the monotonic clock.

    It is looked up at each reading: what an import finds may be what freezegun put there.
    """

    @staticmethod
    def read_ns() -> int:
        """Nanoseconds of the monotonic clock."""
        read = time.perf_counter_ns
        if not isinstance(read, BuiltinFunctionType):
            read = getattr(sys.modules.get("freezegun.api"), "real_perf_counter_ns", read)
        return read()

    @staticmethod
    def read_s() -> float:
        """Seconds of the monotonic clock."""
        return Stopwatch.read_ns() / 1e9


class Deadline:
    """A time limit: a moment so many real seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._ends_s = Stopwatch.read_s() + seconds

    def left(self) -> float:
        """The real seconds that are left.

        Raises:
            TimeoutError: the moment has passed.
        """
        left_s = self.rest
        if left_s <= 0:
            raise TimeoutError("it took too long")
        return left_s

    @property
    def rest(self) -> float:
        """The seconds that are left; negative when it has passed."""
        return self._ends_s - Stopwatch.read_s()
