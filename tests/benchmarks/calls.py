"""What calls cost beside the requests that they cause; ratios, measured in one run."""

from __future__ import annotations

import gc
import socket
import statistics
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, cast

import urllib3

from mockpbx.webhooks.outbox import Outbox
from tests.calls.desk import Desk
from tests.webhooks.test_sending import listen

#: Parts in which events and requests are measured in turn.
PARTS = 10

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


@contextmanager
def receiver() -> Iterator[str]:
    """The url of a receiver in this process that does as little as one can, and keeps on."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as stream:
            while first(stream):
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line[15:])
                stream.read(length)
                connection.sendall(_ANSWER)

    def first(stream: IO[bytes]) -> bytes:
        try:
            return stream.readline()
        except OSError:  # the sender has gone
            return b""

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/calls"
    finally:
        listener.close()


def seconds(act: Callable[[], object]) -> float:
    """How long it takes, once."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def call_to_requests(rounds: int = 300) -> float:
    """The cost of one incoming call with three events, in costs of three plain requests."""
    with receiver() as url:
        desk = Desk(subscribed=False)
        listen(desk, url)
        talk(desk)
        body = next(iter(desk.world.deliveries)).request.body
        pool = urllib3.PoolManager()

        def ask() -> None:
            for _ in range(3):
                plain(pool, url, body)

        ask()
        gc.collect()
        pairs = [(seconds(lambda: talk(desk)), seconds(ask)) for _ in range(rounds)]
        pool.clear()
    calls, requests = zip(*pairs, strict=True)
    ratio: float = statistics.median(calls) / statistics.median(requests)
    return ratio


def event_rate(urls: int = 4, events: int = 2000) -> float:
    """The rate of events to several urls, in rates of urllib3 with as many connections."""
    with receiver() as url:
        names = ["102", "103", "104", "106"][:urls]
        desk = Desk(subscribed=False)
        for name in names:
            listen(desk, f"{url}/{name}", name=name)
        talk(desk)
        body = next(iter(desk.world.deliveries)).request.body
        pool = urllib3.PoolManager(maxsize=urls)
        rounds = events // (3 * urls * PARTS) + 1

        def calls(name: str) -> None:
            for _ in range(rounds):
                talk(desk, name)

        def requests(name: str) -> None:
            for _ in range(3 * rounds):
                plain(pool, f"{url}/{name}", body)

        own: list[float] = []
        others: list[float] = []
        with ThreadPoolExecutor(urls) as workers:
            for _ in range(PARTS):
                own.append(seconds(lambda: list(workers.map(calls, names))))
                others.append(seconds(lambda: list(workers.map(requests, names))))
        pool.clear()
    ratio: float = min(others) / min(own)
    return ratio


def growth(first: int = 5000, then: int = 10_000) -> int:
    """The bytes by which memory grew between so many finished calls and so many more.

    Time stands still meanwhile, so that nothing goes because its time has come.
    """
    desk = Desk(subscribed=False, journal_limit=1000)
    outbox = cast(Outbox, desk.world.courier)
    outbox.transport.deliver_to("http://own.test", lambda request: (200, b""))
    listen(desk, "http://own.test/calls")
    tracemalloc.start()
    try:
        for _ in range(first):
            talk(desk)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(then - first):
            talk(desk)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


def plain(pool: urllib3.PoolManager, url: str, body: bytes) -> None:
    """One request as anybody would make it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert pool.request("POST", url, body=body, headers=headers).status == 200


def talk(desk: Desk, name: str = "102") -> None:
    """Somebody calls, is answered and hangs up: three events."""
    desk.step(desk.step(desk.incoming(name), "answer"), "hang_up")
