"""How durations are compared: side by side, in one run, by their medians."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter_ns

#: Something whose duration is measured.
Work = Callable[[], object]


def ratio(work: Work, standard: Work, *, rounds: int = 7, times: int = 150) -> float:
    """How many times as long as the standard the work takes; see `medians_ns`."""
    found = [medians_ns(work, standard, times=times) for _ in range(rounds)]
    return min(ours / theirs for ours, theirs in found)


def excess_ms(work: Work, standard: Work, *, rounds: int = 3, times: int = 7) -> float:
    """How many milliseconds longer than the standard the work takes; see `medians_ns`."""
    found = [medians_ns(work, standard, times=times) for _ in range(rounds)]
    return min(ours - theirs for ours, theirs in found) / 1e6


def duration_ms(work: Work, *, rounds: int = 7, times: int = 50) -> float:
    """How many milliseconds the work takes."""
    return excess_ms(work, lambda: None, rounds=rounds, times=times)


def medians_ns(work: Work, standard: Work, *, times: int) -> tuple[float, float]:
    """How long each of the two takes.

    They are run in turns, so that whatever else the machine does meets both alike. Who calls this
    several times takes the best: noise only ever adds.
    """
    work(), standard()
    with _without_collection():
        pairs = [(_duration_ns(work), _duration_ns(standard)) for _ in range(times)]
    return median(ours for ours, _ in pairs), median(theirs for _, theirs in pairs)


def _duration_ns(work: Work) -> int:
    began = perf_counter_ns()
    work()
    return perf_counter_ns() - began


@contextmanager
def _without_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
