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

import urllib3

from tests.calls.desk import Desk
from tests.webhooks.test_sending import listen

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


@contextmanager
def receiver() -> Iterator[str]:
    """The url of a receiver in this process that does as little as one can, and keeps on."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as stream:
            while stream.readline():
                length = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line[15:])
                stream.read(length)
                connection.sendall(_ANSWER)

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
    return float(statistics.median(calls) / statistics.median(requests))


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
        each = events // urls

        def calls(name: str) -> None:
            for _ in range(each // 3 + 1):
                talk(desk, name)

        def requests(name: str) -> None:
            for _ in range(3 * (each // 3 + 1)):
                plain(pool, f"{url}/{name}", body)

        ratios = []
        with ThreadPoolExecutor(urls) as workers:
            for _ in range(3):
                own = seconds(lambda: list(workers.map(calls, names)))
                ratios.append(seconds(lambda: list(workers.map(requests, names))) / own)
        pool.clear()
    return max(ratios)


def growth(first: int = 5000, then: int = 10_000) -> int:
    """The bytes by which memory grew between so many finished calls and so many more."""
    with receiver() as url:
        desk = Desk(subscribed=False, journal_limit=1000)
        listen(desk, url)
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


if __name__ == "__main__":
    print(f"{call_to_requests():8.2f} x at most 1.5: a call of three events, over three requests")
    print(f"{event_rate():8.2f} x at least 0.7: 2000 events to four urls, over urllib3 alone")
    print(f"{growth():8d} bytes more after 10 000 finished calls than after 5 000")
