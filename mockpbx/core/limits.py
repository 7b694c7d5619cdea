"""Rate limits: requests an hour, and how many at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from .accounts import Principal
from .errors import LimitReachedError

#: Requests an hour that a client may send, unless its own limit is another (GEN-17).
PER_HOUR = 1000
#: Requests a second, and connections at once, that `/oauth/*` takes (AUT-13).
OAUTH_PER_SECOND = 20
OAUTH_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit: requests an hour, those remaining, seconds to the full hour.

    Source: GEN-17
    """

    limit: int
    remaining: int
    reset_s: int


class Usage:
    """Requests counted in the present hour, by client and by application with its own limit."""

    def __init__(self) -> None:
        self._hour: tuple[date, int] | None = None
        self._counts: dict[tuple[str, int], int] = {}
        self._oauth_times: deque[datetime] = deque(maxlen=OAUTH_PER_SECOND)
        self._oauth_now = 0
        self._history_now: set[int] = set()
        self._gate = Lock()

    def count(self, principal: Principal, now: datetime) -> Allowance:
        """Count one request of that client; answers what is left of the nearer limit.

        Source: GEN-17
        """
        return self._left(principal, now, 1)

    def left(self, principal: Principal, now: datetime) -> Allowance:
        """What is left of the nearer limit, when a request does not count.

        Source: GEN-17
        """
        return self._left(principal, now, 0)

    def _left(self, principal: Principal, now: datetime, requests: int) -> Allowance:
        hour = now.date(), now.hour
        if hour != self._hour:
            self._hour, self._counts = hour, {}
        client, application = principal.client, principal.application
        left = self._left_to("client", client.id, client.rate_limit, requests)
        limit = client.rate_limit
        if application.rate_limit is not None:
            own = self._left_to("app", application.id, application.rate_limit, requests)
            if own < left:
                left, limit = own, application.rate_limit
        return Allowance(limit, left, _reset_s(now))

    def _left_to(self, kind: str, number: int, limit: int, requests: int) -> int:
        used = self._counts[kind, number] = self._counts.get((kind, number), 0) + requests
        return limit - used

    @contextmanager
    def oauth(self, now: datetime) -> Iterator[None]:
        """Count one request to `/oauth/*` while it lasts.

        Raises:
            LimitReachedError: twenty others came within the last second, or six are in progress.

        Source: AUT-13
        """
        with self._gate:
            times = self._oauth_times
            if self._oauth_now >= OAUTH_AT_ONCE:
                raise limit_reached("AUT-13", f"{OAUTH_AT_ONCE} connections at once")
            if len(times) == OAUTH_PER_SECOND and 0 <= (now - times[0]).total_seconds() < 1:
                raise limit_reached("AUT-13", f"{OAUTH_PER_SECOND} requests a second")
            times.append(now)
            self._oauth_now += 1
        try:
            yield
        finally:
            with self._gate:
                self._oauth_now -= 1

    @contextmanager
    def history(self, client_id: int) -> Iterator[None]:
        """Count one request of that client for its history while it lasts.

        Raises:
            LimitReachedError: another one is being served.

        Source: HIS-6
        """
        with self._gate:
            if client_id in self._history_now:
                text = "Stats request already exists, concurrent request not allowed"
                raise LimitReachedError("HIS-6", text)
            self._history_now.add(client_id)
        try:
            yield
        finally:
            with self._gate:
                self._history_now.discard(client_id)

    def copy(self) -> Usage:
        """An independent copy of the counts."""
        twin = Usage()
        twin._hour, twin._counts = self._hour, self._counts.copy()
        twin._oauth_times = self._oauth_times.copy()
        return twin


def unused(now: datetime) -> Allowance:
    """What is shown to a caller that is not known: the usual limit, with nothing used.

    Source: GEN-17
    """
    return Allowance(PER_HOUR, PER_HOUR, _reset_s(now))


def _reset_s(now: datetime) -> int:
    return 3600 - now.minute * 60 - now.second


def limit_reached(rule: str, limit: str) -> LimitReachedError:
    """The refusal of a request beyond a limit.

    Source: ERR-8, GEN-17
    """
    return LimitReachedError(
        ("ERR-8", rule),
        "Rate limit exceeded",
        word="rate_limit_exceeded",
        reason=f"the limit is {limit}",
    )
