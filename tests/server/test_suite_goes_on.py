"""What one client does to the server, another one's suite in another world does not notice."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
import urllib3

from mockpbx import RemotePBX
from tests.receivers import listening

from .processes import connect, port_of, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

CALLER = "+79161112233"
TYPES = ("dial-in", "answer", "hangup")
HALF = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\ngrant"
#: What the suite sees: the results of its calls, and the events that its receiver is sent.
SEEN = ["ANSWER", "CANCEL"], ["dial-in", "answer", "hangup", "dial-in", "hangup"]

Process = subprocess.Popen[str]


def suite(port: int) -> tuple[list[Any], list[str]]:
    """The suite of a program that is told of calls; answers what it saw."""
    with listening() as receiver, RemotePBX(f"http://127.0.0.1:{port}/worlds/suite") as pbx:
        pbx.reset()
        pbx.clock.freeze()
        for word in TYPES:
            subscribe(pbx.url, pbx.token(), receiver.url, word)
        pbx.incoming_call(CALLER, to="103").answer().talk(30).hang_up()
        pbx.incoming_call(CALLER, to="103").hang_up()
        return [call.result for call in pbx.calls], receiver.types()


def subscribe(root: str, token: str, url: str, word: str) -> None:
    """Extension 103 of that world tells that url of these events."""
    answer = urllib3.request(
        "POST",
        f"{root}/api/ver1.0/extension/@103/event/",
        headers={"Authorization": f"Bearer {token}"},
        json={"url": url, "method": "POST", "event_type": word},
    )
    assert answer.status == 201


@contextmanager
def many(port: int, number: int, sent: bytes = b"") -> Iterator[None]:
    """So many connections, on each of which that was sent."""
    with ExitStack() as ends:
        for _ in range(number):
            client = ends.enter_context(connect(port))
            with suppress(ConnectionError):
                client.sendall(sent)
        yield


@contextmanager
def nobody_reads(process: Process, port: int) -> Iterator[None]:
    """The log's reader goes away, and so does that of stdout."""
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()
    yield


@contextmanager
def slow_clients(process: Process, port: int) -> Iterator[None]:
    """Six hundred clients sent half of a request."""
    with many(port, 600, HALF):
        yield


@contextmanager
def killed_clients(process: Process, port: int) -> Iterator[None]:
    """Twenty clients vanish in the middle of a request, as a killed process does."""
    for _ in range(20):
        client = connect(port)
        client.sendall(HALF)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        client.close()
    yield


@contextmanager
def a_hanging_receiver(process: Process, port: int) -> Iterator[None]:
    """In the world beside it each event goes to somebody who never answers."""
    there = f"http://127.0.0.1:{port}/worlds/beside"
    with socket.create_server(("127.0.0.1", 0)) as silent, RemotePBX(there) as pbx:
        for word in TYPES:
            subscribe(pbx.url, pbx.token(), f"http://127.0.0.1:{silent.getsockname()[1]}/", word)
        body = b'{"kind": "incoming", "from": "%s", "to": "103"}' % CALLER.encode()
        asked = b"POST /worlds/beside/_mockpbx/calls HTTP/1.1\r\nHost: x\r\n"
        asked += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        with many(port, 20, asked + body):
            yield


@contextmanager
def much_nonsense(process: Process, port: int) -> Iterator[None]:
    """A hundred clients send what is no HTTP, and nobody reads what is said to it."""
    with many(port, 100, b"\x16\x03\x01\x02\x00" * 1000):
        yield


DISASTERS: tuple[Callable[[Process, int], Any], ...] = (
    nobody_reads,
    slow_clients,
    killed_clients,
    a_hanging_receiver,
    much_nonsense,
)


@pytest.mark.parametrize("disaster", DISASTERS, ids=lambda one: one.__name__)
def test_a_suite_goes_on(disaster: Callable[[Process, int], Any]) -> None:
    """It sees the same before, meanwhile and afterwards, and the server ends with code 0."""
    with serving() as process:
        port = port_of(process)
        assert suite(port) == SEEN
        with disaster(process, port):
            assert suite(port) == SEEN
        assert suite(port) == SEEN
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_few_descriptors_and_a_full_disk() -> None:
    """So it is with 64 descriptors and a stderr that takes nothing."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    with open("/dev/full", "w") as full, serving(preexec_fn=limit, stderr=full) as process:
        port = port_of(process)
        with many(port, 100, HALF):
            assert suite(port) == SEEN
        assert suite(port) == SEEN
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
