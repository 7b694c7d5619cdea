"""How much a client may ask."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

import pytest

from mockpbx.core.accounts import Application, Client, Principal, User
from mockpbx.core.errors import LimitReachedError
from mockpbx.core.limits import Allowance, Usage, unused

HALF_PAST = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)


def principal(client: int = 1, limit: int = 3, app: int = 1, own: int | None = None) -> Principal:
    """A user of that client, through that application."""
    return Principal(
        User(client, client, "admin", "secret"),
        Client(client, "Company", "10", "sip.example.com", "2020-01-01 00:00:00", rate_limit=limit),
        Application(app, client, f"app{app}", "secret", "trusted", rate_limit=own),
    )


@pytest.mark.fact("GEN-17")
def test_requests_are_counted() -> None:
    """Each request takes one of the limit, below zero too."""
    usage = Usage()
    left = [usage.count(principal(), HALF_PAST).remaining for _ in range(5)]
    assert left == [2, 1, 0, -1, -2]


@pytest.mark.fact("GEN-17")
@pytest.mark.parametrize(
    ("minute", "second", "reset_s"), [(0, 0, 3600), (0, 1, 3599), (30, 0, 1800), (59, 59, 1)]
)
def test_seconds_to_the_full_hour(minute: int, second: int, reset_s: int) -> None:
    """The limit begins anew with the full hour."""
    now = HALF_PAST.replace(minute=minute, second=second, microsecond=999_999)
    assert Usage().count(principal(), now) == Allowance(3, 2, reset_s)
    assert unused(now) == Allowance(1000, 1000, reset_s)


@pytest.mark.fact("GEN-17")
@pytest.mark.parametrize("step", [timedelta(minutes=30), timedelta(days=1), timedelta(days=-365)])
def test_another_hour(step: timedelta) -> None:
    """In another hour, of another day too, nothing is used."""
    usage = Usage()
    usage.count(principal(), HALF_PAST)
    assert usage.count(principal(), HALF_PAST + step).remaining == 2


@pytest.mark.fact("GEN-17")
def test_clients_do_not_share_a_limit() -> None:
    """A client's requests take nothing from another one."""
    usage = Usage()
    usage.count(principal(client=1), HALF_PAST)
    assert usage.count(principal(client=2), HALF_PAST).remaining == 2


@pytest.mark.fact("GEN-17")
def test_applications_share_the_clients_limit() -> None:
    """All applications of a client take from its limit, those with one of their own too."""
    usage = Usage()
    usage.count(principal(app=1), HALF_PAST)
    usage.count(principal(app=2, own=9), HALF_PAST)
    assert usage.count(principal(app=3), HALF_PAST) == Allowance(3, 0, 1800)


@pytest.mark.fact("GEN-17")
def test_the_limit_with_less_left_is_told() -> None:
    """Of the client's limit and the application's own the one with less left is told."""
    usage = Usage()
    assert usage.count(principal(app=2, own=1), HALF_PAST) == Allowance(1, 0, 1800)
    assert usage.count(principal(app=2, own=9), HALF_PAST) == Allowance(3, 1, 1800)


def test_a_copy_counts_by_itself() -> None:
    """A copy goes on from the same counts, and neither changes the other."""
    usage = Usage()
    usage.count(principal(), HALF_PAST)
    twin = usage.copy()
    twin.count(principal(), HALF_PAST)
    assert usage.count(principal(), HALF_PAST).remaining == 1
    assert twin.count(principal(), HALF_PAST).remaining == 0


@pytest.mark.fact("AUT-13")
def test_a_refused_connection_takes_no_place() -> None:
    """A request past six at once is refused and does not count among them."""
    usage = Usage()
    with ExitStack() as six:
        for _ in range(5):
            six.enter_context(usage.oauth(HALF_PAST))
        with usage.oauth(HALF_PAST):
            for _ in range(2):
                with pytest.raises(LimitReachedError) as caught:
                    six.enter_context(usage.oauth(HALF_PAST))
                assert caught.value.reason == "the limit is 6 connections at once"
        six.enter_context(usage.oauth(HALF_PAST))


@pytest.mark.fact("AUT-13")
def test_a_failed_request_frees_its_place() -> None:
    """A request that fails while it is in progress frees its place."""
    usage = Usage()
    for _ in range(7):
        with pytest.raises(KeyError), usage.oauth(HALF_PAST):
            raise KeyError


@pytest.mark.fact("AUT-13")
def test_a_clock_that_went_back_refuses_nobody() -> None:
    """Requests that came later than now do not count within the last second."""
    usage = Usage()
    for _ in range(20):
        with usage.oauth(HALF_PAST):
            pass
    with usage.oauth(HALF_PAST - timedelta(microseconds=1)):
        pass
