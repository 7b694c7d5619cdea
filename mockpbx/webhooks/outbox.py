"""Sends deliveries, in order for each url, and remembers what came of each."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..core import masking
from ..core.clock import stamp_us, through_freezes
from ..core.scheduler import Job, JobKind
from ..core.stopwatch import Deadline
from ..core.world import World
from .delivery import ATTEMPT_BYTES, Attempt, Delivery
from .transport import Outcome, ReceiverAnswerError, Transport

if TYPE_CHECKING:
    from ..config import Config

#: Seconds for which a step waits while a url's receiver is busy with another event.
PATIENCE_S = 0.5
#: Bytes of a receiver's answer that its line in the log shows.
ANSWER_SHOWN = 200

_log = logging.getLogger("mockpbx.deliveries")


class Lane:
    """The deliveries to one url, sent one after the other by whoever waits first.

    A receiver may make a step from inside its handler, and cannot be sent that step's events
    before the handler is done. In the thread that sends to it the step leaves them to that
    thread; in another one it waits `PATIENCE_S` for its turn and leaves them to a thread of
    their own.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._queue: deque[Delivery] = deque()
        self._turn = threading.Condition()
        self._sender: int | None = None
        self._in_flight: Delivery | None = None
        self._owed: Delivery | None = None
        self._emptied = False

    def add(self, delivery: Delivery) -> None:
        """Put the delivery behind those that wait."""
        with self._turn:
            self._queue.append(delivery)

    def send_until(self, last: Delivery) -> None:
        """Send what waits, until that delivery is sent or left to another thread.

        All of it together may take no longer than one event (assumed): a url that hangs holds a
        step once.

        Source: DLV-5
        """
        deadline = self._transport.deadline()
        while (delivery := self._next(last)) is not None:
            last = self._send(delivery, deadline) or last

    def empty_in_background(self) -> None:
        """Send in a thread of its own until nothing waits."""
        with self._turn:
            if self._emptied:
                return
            self._emptied = True
        threading.Thread(target=self._empty, name="mockpbx outbox", daemon=True).start()

    def _next(self, last: Delivery) -> Delivery | None:
        with self._turn:
            if self._sender == threading.get_ident():
                self._owed = last
                return None
            while self._sender is not None and not last.sent:
                if not self._turn.wait_for(self._moved_on(self._in_flight), PATIENCE_S):
                    break
            else:
                return None if last.sent else self._take()
        self.empty_in_background()
        return None

    def _moved_on(self, busy: Delivery | None) -> Callable[[], bool]:
        return lambda: self._in_flight is not busy

    def _empty(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._sender is None)
                delivery = self._take()
                if delivery is None:
                    self._emptied = False
                    return
            self._send(delivery)

    def _take(self) -> Delivery | None:
        if not self._queue:
            return None
        self._sender, self._in_flight = threading.get_ident(), self._queue.popleft()
        return self._in_flight

    def _send(self, delivery: Delivery, step: Deadline | None = None) -> Delivery | None:
        """Send it; answers what its receiver left to this thread meanwhile."""
        try:
            attempt(self._transport, delivery, step)
        finally:
            with self._turn:
                delivery.sent = True
                self._sender = self._in_flight = None
                owed, self._owed = self._owed, None
                self._turn.notify_all()
            delivery.world.deliveries.notify()
        return owed


class Outbox:
    """The courier of a world: a lane for each url."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._lanes: dict[str, Lane] = {}

    def configure(self, config: Config) -> None:
        """What is sent from now on waits so long for the receiver."""
        self.transport.timeout_s = config.delivery_timeout_s

    def accept(self, parcels: Sequence[Delivery]) -> None:
        """Take these into their lanes, in order; called under the world's lock.

        Source: DLV-6
        """
        for delivery in parcels:
            if delivery.url not in self._lanes:
                self._lanes[delivery.url] = Lane(self.transport)
            self._lanes[delivery.url].add(delivery)
            if not delivery.attempts:
                delivery.world.deliveries.add(delivery, delivery.size)

    def carry(self, parcels: Sequence[Delivery], *, wait: bool) -> None:
        """Send what was accepted; with `wait`, return when these have been sent.

        Each url but the one sent here has a thread of its own: a slow receiver delays no other.

        Source: DLV-6, DLV-7
        """
        last = {delivery.url: delivery for delivery in parcels}
        if not wait:
            for url in last:
                self._lanes[url].empty_in_background()
            return
        here, one = last.popitem()
        threads = [
            threading.Thread(target=self._lanes[url].send_until, args=(other,), daemon=True)
            for url, other in last.items()
        ]
        for thread in threads:
            thread.start()
        self._lanes[here].send_until(one)
        for thread in threads:
            thread.join()

    def check(self) -> None:
        """Raise the first error of an answer that a receiver in this process gave.

        Raises:
            ReceiverAnswerError: one has; it is raised once.
        """
        for failure in self.transport.failures:
            if isinstance(failure, ReceiverAnswerError):
                self.transport.failures.remove(failure)
                raise failure


def attempt(transport: Transport, delivery: Delivery, step: Deadline | None = None) -> None:
    """Send it once and remember what came of it; plan the next attempt if there is one.

    Source: DLV-4, DLV-5
    """
    world = delivery.world
    at = world.now()
    outcome = transport.send(delivery.request, step)
    if "@" in urlsplit(delivery.url).netloc:
        text = "the url of a subscription has credentials; they are sent as Basic (assumed)"
        note(delivery, "EVT-21", text)
    _tell(delivery, outcome)
    with world.lock:
        delivery.attempts.append(Attempt(at, outcome))
        world.deliveries.grow(delivery, ATTEMPT_BYTES + len(outcome.answer))
        delays = world.config.retry_delays_s
        tried = len(delivery.attempts)
        if not delivery.ok and tried <= len(delays):
            world.schedule(timedelta(seconds=delays[tried - 1]), JobKind.RETRY, delivery)


def note(delivery: Delivery, rule: str, text: str) -> None:
    """Note something about the delivery that a real operator may do otherwise."""
    label = f"{delivery.request.method} {masking.text(delivery.url)}"
    delivery.world.notes.add(rule, text, at=stamp_us(delivery.at), request=label)


def _tell(delivery: Delivery, outcome: Outcome) -> None:
    """Write what the receiver said to the log."""
    if _log.isEnabledFor(logging.INFO):
        told = {
            "world": delivery.world.start.name,
            "event": delivery.event_type,
            "request": f"{delivery.request.method} {delivery.url}",
            "status": outcome.status or "failed",
            "reason": outcome.error
            or outcome.answer[:ANSWER_SHOWN].decode("utf-8", "replace")
            or None,
        }
        through_freezes(lambda: _log.info("%(request)s", told, extra={"delivery": told}))


def retry(world: World, job: Job) -> dict[str, Any]:
    """Try a delivery again that failed before.

    Source: DLV-5
    """
    (delivery,) = job.subject
    if delivery.world is not world:
        return {}  # a fork does not tell again what its origin tells
    delivery.sent = False
    world.send(delivery)
    return {"delivery": delivery.id}


def replay(world: World, delivery: Delivery) -> Delivery:
    """Send a delivery once more, as it was, under a number of its own."""
    again = replace(delivery, id=world.deliveries.number(), at=world.now(), attempts=[], sent=False)
    world.send(again)
    return again
