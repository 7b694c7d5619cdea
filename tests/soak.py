"""A server under load for long: `python -m tests.soak`, about ten minutes; needs `/proc`.

After each tenth of the work the server's memory, threads and descriptors are told. The command
ends with 1 when at the end it holds more than 1.05 of the memory of after the first tenth, or
another number of threads or descriptors.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from tests.server.processes import connect, port_of, serving

TENTHS = 10
#: The memory at the end, over that after the first tenth.
LIMIT = 1.05

API = "/api/ver1.0"
CALL = {"kind": "incoming", "from": "+79161112233", "to": "103"}
DAY = 10**6
SCRIPT = {"answer_after": 1, "talk": 5}

#: The status that is expected, the method, the path, and the body.
Asked = tuple[int, str, str, Any]


@dataclass(frozen=True)
class Held:
    """What a process holds."""

    memory_kb: int
    threads: int
    descriptors: int

    @classmethod
    def by(cls, pid: int) -> Held:
        """What that process holds now."""
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        )
        return cls(
            int(status["VmRSS"].split()[0]),
            int(status["Threads"]),
            len(list(Path(f"/proc/{pid}/fd").iterdir())),
        )

    def __str__(self) -> str:
        return (
            f"{self.memory_kb / 1024:.1f} MB, {self.threads} threads, "
            f"{self.descriptors} descriptors"
        )


class Client:
    """A client that keeps its connection."""

    def __init__(self, port: int) -> None:
        self._sock = connect(port)
        self._answers = self._sock.makefile("rb")
        self._token = ""

    def enter(self) -> None:
        """Have a token again: on the world's clock every tenth of the calls takes a day."""
        form = b"grant_type=client_credentials&client_id=app&client_secret=secret"
        kind = "application/x-www-form-urlencoded"
        self._sock.sendall(self._request("POST", "/oauth/token", form, kind))
        self._token = self._answer()[1]["access_token"]

    def expect(self, *asked: Asked) -> None:
        """Each of these is answered with its status; all are sent before the first is read."""
        requests = (
            self._request(method, path, b"" if body is None else json.dumps(body).encode())
            for _, method, path, body in asked
        )
        self._sock.sendall(b"".join(requests))
        for status, method, path, _ in asked:
            found, answer = self._answer()
            assert found == status, f"{method} {path}: {found} {answer}"

    def _request(
        self, method: str, path: str, body: bytes, kind: str = "application/json"
    ) -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Type: {kind}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        return head.encode() + body

    def _answer(self) -> tuple[int, Any]:
        answers, length = self._answers, 0
        status = int(answers.readline().split()[1])
        while (line := answers.readline()) != b"\r\n":
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        body = answers.read(length)
        return status, json.loads(body) if body else None


#: What programs ask.
REQUESTS: tuple[Asked, ...] = (
    (200, "GET", f"{API}/user/", None),
    (200, "GET", f"{API}/extension/@101/phone/", None),
    (200, "PUT", f"{API}/extension/@101/phone/", {"label": "Desk"}),
    (200, "GET", f"{API}/client/@me/extension/?per_page=5", None),
    (200, "GET", f"{API}/extension/@102/current_calls/", None),
    (404, "GET", f"{API}/extension/@999/phone/", None),
    (400, "PUT", f"{API}/extension/@101/phone/", {"label": 1}),
    (200, "GET", f"{API}/client/@me/did/", None),
    (404, "GET", f"{API}/extension/@101/event/1", None),
    (200, "GET", f"{API}/client/@me/client/", None),
)


def work(client: Client, *numbers: int) -> Iterator[None]:
    """A tenth after the other of that many requests, calls and worlds."""
    requests, calls, worlds = (number // TENTHS for number in numbers)
    names = (f"soak-{number}" for number in count())
    while True:
        client.enter()
        client.expect(
            (201, "POST", "/_mockpbx/registrations", {"extension": "103", "expires": DAY})
        )
        for _ in range(requests // len(REQUESTS)):
            client.expect(*REQUESTS)
        for _ in range(calls):  # answered, talked in, and over
            client.expect(
                (201, "POST", "/_mockpbx/calls", {**CALL, "script": SCRIPT}),
                (200, "POST", "/_mockpbx/clock/advance", {"seconds": 10}),
            )
        for name in islice(names, worlds):
            client.expect(
                (200, "GET", f"/worlds/{name}/_mockpbx/clock", None),
                (204, "DELETE", f"/_mockpbx/worlds/{name}", None),
            )
        yield


def main(arguments: Sequence[str]) -> int:
    """Work, tell each tenth, and answer the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--worlds", type=int, default=10_000)
    given = parser.parse_args(arguments)
    held: list[Held] = []
    with serving("--freeze", "--quiet") as process:
        client = Client(port_of(process))
        for _ in islice(work(client, given.requests, given.calls, given.worlds), TENTHS):
            held.append(Held.by(process.pid))
            print(f"{len(held)}/{TENTHS}: {held[-1]}", flush=True)
    first, last = held[0], held[-1]
    grown = last.memory_kb / first.memory_kb
    same = (first.threads, first.descriptors) == (last.threads, last.descriptors)
    print(
        f"{given.requests} requests, {given.calls} calls, {given.worlds} worlds: memory {grown:.3f}"
    )
    return 0 if grown <= LIMIT and same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
