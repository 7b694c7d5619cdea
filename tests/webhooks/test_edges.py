"""Receivers at the edges: default parameters, answers of a limit's length, ends of a process."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from mockpbx.webhooks.receiver import receiver_of
from mockpbx.webhooks.transport import Request, Transport
from tests.webhooks.receivers import raw

#: Bytes of an answer that are kept.
ANSWER_LIMIT = 65_536
REQUEST = Request("POST", "http://crm.test/calls", (("A", "b"),), b"EventType=dial-in")


def test_a_function_with_a_default() -> None:
    """A parameter with a default is none that a receiver needs."""
    seen: list[Any] = []

    def take(request: Request, into: list[Any] = seen, status: int = 202) -> int:
        into.append(request)
        return status

    assert receiver_of(take)(REQUEST) == (202, b"")
    assert seen == [REQUEST]


def test_a_function_of_four_with_a_default() -> None:
    """So it is with a function of method, url, headers and body."""

    def take(
        method: str, url: str, headers: dict[str, str], body: bytes, status: int = 204
    ) -> tuple[int, bytes]:
        return status, f"{method} {url} {headers['A']} ".encode() + body

    answer = b"POST http://crm.test/calls b EventType=dial-in"
    assert receiver_of(take)(REQUEST) == (204, answer)


@pytest.mark.fact("DLV-4")
@pytest.mark.parametrize(
    ("length", "kept"),
    [
        (ANSWER_LIMIT - 1, ANSWER_LIMIT - 1),
        (ANSWER_LIMIT, ANSWER_LIMIT),
        (ANSWER_LIMIT + 1, ANSWER_LIMIT),
    ],
)
def test_an_answer_as_long_as_is_kept(length: int, kept: int) -> None:
    """An answer up to 65 536 bytes is kept whole, a longer one up to there; none is an error."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length

    def answer(connection: socket.socket) -> None:
        connection.sendall(head + length * b"x")

    transport = Transport(timeout_s=10)
    with raw(answer) as url:
        outcome = transport.send(replace(REQUEST, url=url))
    transport.close()
    assert (outcome.status, outcome.error, len(outcome.answer)) == (200, None, kept)


@pytest.mark.fact("DLV-4", "DLV-6")
def test_an_answer_below_the_limit_leaves_the_connection_open() -> None:
    """The connection of an answer of 65 535 bytes is used again."""
    length = ANSWER_LIMIT - 1
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length
    connections: list[socket.socket] = []

    def answer(connection: socket.socket) -> None:
        connections.append(connection)
        while True:
            connection.sendall(head + length * b"x")
            if not connection.recv(65_536):
                return

    transport = Transport(timeout_s=10)
    with raw(answer) as url:
        for _ in range(3):
            assert len(transport.send(replace(REQUEST, url=url)).answer) == length
        transport.close()
    assert len(connections) == 1


PROGRAM = """
import socket, threading
from mockpbx import MockPBX

listener = socket.create_server(("127.0.0.1", 0))
address = f"http://127.0.0.1:{listener.getsockname()[1]}"
pbx = MockPBX(freeze=True, delivery_timeout_s=600)
http = pbx.session()
http.headers["Authorization"] = f"Bearer {pbx.token()}"
for path in "ab":
    event = {"url": f"{address}/{path}", "method": "POST", "event_type": "dial-in"}
    made = http.post("http://mockpbx.test/api/ver1.0/extension/@102/event/", json=event)
    assert made.status_code == 201, made.text
call = threading.Thread(target=pbx.incoming_call, args=("+79161112233", "102"), daemon=True)
call.start()
kept = [listener.accept() for _ in "ab"]
print("both hang", flush=True)
"""


@pytest.mark.fact("DLV-6")
def test_a_process_that_ends_while_a_receiver_hangs() -> None:
    """A program ends at once, and well, though receivers that it told will never answer."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "both hang\n", "")
