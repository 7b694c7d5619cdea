from __future__ import annotations

import pytest

from . import calls


def test_a_call() -> None:
    """A call with three events costs at most one and a half times three plain requests."""
    assert min(calls.call_to_requests() for _ in range(3)) <= 1.5


@pytest.mark.parametrize("connections", [1, 4])
def test_the_rate_of_events(connections: int) -> None:
    """2 000 events keep at least 70 % of the rate of as many plain requests."""
    assert max(calls.event_rate(connections) for _ in range(3)) >= 0.7


def test_memory() -> None:
    """Five thousand more finished calls take no more memory."""
    assert calls.growth() < 1_000_000
