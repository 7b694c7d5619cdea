from __future__ import annotations

from . import doors, suites


def test_a_request_through_a_session() -> None:
    """A request through `session` costs at most 1.6 times a WSGI call and what requests costs."""
    assert doors.session_to_wsgi() <= 1.6


def test_the_plugin_in_a_bare_run() -> None:
    """A run that uses no PBX is at most 10 ms longer."""
    assert suites.plugin_cost_ms() <= 10


def test_a_world_per_test() -> None:
    """A fresh world costs a test at most half a millisecond."""
    assert min(suites.world_per_test_ms() for _ in range(3)) <= 0.5


def test_a_large_world_per_test() -> None:
    """A fresh world of 100 000 extensions costs a test at most twice that of one of 10."""
    assert suites.world_per_test_ratio() <= 2


def test_a_suite_beside_one_with_moto() -> None:
    """A test with a token, a subscription and a call is at least three times as fast."""
    assert suites.integration_ratio() >= 3
