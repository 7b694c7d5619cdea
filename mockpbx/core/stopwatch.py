"""How long something took in real time, out of reach of a test that moves the clock."""

from __future__ import annotations

import time


class Stopwatch:
    """Reads a clock that only rises.

    Held by a class: freezegun replaces what modules hold.
    """

    read_ns = staticmethod(time.perf_counter_ns)
    read_s = staticmethod(time.perf_counter)
