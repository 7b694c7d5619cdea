"""The only outgoing HTTP: one attempt to tell one receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from ..core.stopwatch import Deadline, Stopwatch

if TYPE_CHECKING:
    from .network import Network

#: Bytes of a receiver's answer that are kept; the rest is not read.
ANSWER_LIMIT = 65_536
#: Seconds that an event has for itself when those before it have used up its step's.
LEAST_S = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the receiver's status and answer, or the error that kept it from one."""

    status: int | None
    answer: bytes
    duration_us: int
    error: str | None


def request_for(
    url: str, method: str, data: Iterable[tuple[str, str]], *, in_header: bool = False
) -> Request:
    """The request that carries the data to the url, which keeps its own query.

    Source: DLV-2, DLV-3, EVT-6
    """
    if method == "GET" and in_header:
        return Request("GET", url, tuple(data), b"")
    encoded = "&".join([_parameter(name, value) for name, value in data])
    if method == "POST":
        kind = (("Content-Type", "application/x-www-form-urlencoded"),)
        return Request("POST", url, kind, encoded.encode("ascii"))
    address, hash_sign, fragment = url.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return Request("GET", f"{address}{joint}{encoded}{hash_sign}{fragment}", (), b"")


@lru_cache(2048)  # the events of a call repeat most of their values
def _parameter(name: str, value: str) -> str:
    return f"{name}={quote_plus(value)}"


class Transport:
    """Makes each attempt, over the network or in this process, and says what came of it."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._network: Network | None = None
        self._in_process: list[tuple[str, Receiver, bool]] = []
        #: What receivers in this process failed with, other than to play a broken network.
        self.failures: list[Exception] = []

    def deliver_to(self, url_prefix: str, receiver: Receiver, *, strict: bool = True) -> None:
        """Let urls with that prefix reach this function instead of the network.

        With `strict` what it fails with is kept in `failures`.
        """
        self._in_process.insert(0, (url_prefix, receiver, strict))

    def take_receivers(self, other: Transport) -> None:
        """Take over the receivers in this process of another transport."""
        self._in_process[:] = other._in_process

    def close(self) -> None:
        """Close all connections; the next request opens another."""
        if self._network is not None:
            self._network.close()

    def deadline(self) -> Deadline:
        """The time limit of events that are sent one after the other."""
        return Deadline(self.timeout_s)

    def send(self, request: Request, step: Deadline | None = None) -> Outcome:
        """One attempt; whatever happens is in the outcome.

        It may take no longer than what its step has left, but is made even when nothing is.

        Source: DLV-4, DLV-5
        """
        seconds = self.timeout_s
        if step is not None:
            seconds = min(seconds, max(step.rest, LEAST_S))
        began = Stopwatch.read_ns()
        answer, error = Answer(), None
        try:
            for prefix, receiver, strict in self._in_process:
                if request.url.startswith(prefix):
                    with self._watched(strict=strict):
                        answer.status, answer.body[:] = receiver(request)
                    break
            else:
                self._over_network(request, answer, Deadline(seconds))
        except TimeoutError:
            error = f"TimeoutError: no complete answer within {round(seconds, 3)} s"
        except Exception as raised:  # a receiver may fail in any way; none may harm a call
            error = f"{type(raised).__name__}: {raised}"
        took_us = (Stopwatch.read_ns() - began) // 1000
        return Outcome(answer.status, bytes(answer.body), took_us, error)

    @contextmanager
    def _watched(self, *, strict: bool) -> Iterator[None]:
        try:
            yield
        except OSError:
            raise  # the receiver plays a broken network
        except Exception as failure:
            if strict:
                self.failures.append(failure)
            raise

    def _over_network(self, request: Request, answer: Answer, deadline: Deadline) -> None:
        if self._network is None:
            from .network import Network  # ssl is slow to import, and often not needed

            self._network = Network()
        self._network.ask(request, answer, deadline)


class ReceiverAnswerError(TypeError):
    """A receiver in this process answered with something that is no HTTP answer."""


class Answer:
    """What a receiver has said so far."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.body = bytearray()

    @property
    def room(self) -> int:
        """How many more bytes of the answer are kept."""
        return ANSWER_LIMIT - len(self.body)


#: Takes a request in this process; answers status and body.
Receiver = Callable[[Request], "tuple[int, bytes]"]
