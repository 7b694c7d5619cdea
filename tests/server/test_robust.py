"""Nobody can hang the server, whatever clients, signals and limits do to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import urllib3

from mockpbx import MockPBX
from mockpbx.server.connections import Connections
from mockpbx.server.request import Limits
from mockpbx.server.socket import Server
from tests.test_cli import environment

from .processes import answer_on, ask, connect, is_well, port_of, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MIB = 1024 * 1024
HALF = b"GET /_mockpbx/health HTTP/1.1\r\nHost:"

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by /proc")


def clients() -> int:
    """The threads that serve clients."""
    return sum(one.name == "mockpbx client" for one in threading.enumerate())


@contextmanager
def many(port: int, number: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections, on each of which that was sent."""
    with ExitStack() as ends:
        found = [ends.enter_context(connect(port)) for _ in range(number)]
        for one in found:
            with suppress(ConnectionError):
                one.sendall(sent)
        yield found


@posix
@pytest.mark.parametrize(
    "sent", [b"", HALF, b"POST /_mockpbx/reset HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"]
)
def test_six_hundred_slow_clients(sent: bytes) -> None:
    """More clients than there are threads, all of them slow: the next one is answered."""
    with serving() as process:
        port = port_of(process)
        with many(port, 600, sent):
            assert is_well(port)
        assert is_well(port)


class Cut:
    """A connection that tells whether it was cut."""

    was_cut = False

    def cut(self) -> None:
        self.was_cut = True


def test_the_one_that_waits_longest_goes_first() -> None:
    """When no connection is free, the one that has waited longest is closed, and no other."""
    connections = Connections(Limits(idle_s=0.04))
    first, second = Cut(), Cut()
    for one in (second, first, second):
        connections.waiting[one] = 1.0  # type: ignore[index]
    del connections.waiting[second]  # type: ignore[arg-type]
    connections.waiting[second] = 1.0  # type: ignore[index]
    connections.wait_for_room()
    assert (first.was_cut, second.was_cut) == (True, False)


def test_a_request_that_is_answered_keeps_its_connection() -> None:
    """When no connection is free, one that waits for its client gives way, not one at work."""
    entered, released = threading.Event(), threading.Event()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow":
            entered.set()
            released.wait(20)
        start_response("200 OK", [])
        return [b"1"]

    with Server(app, port=0, limits=Limits(connections=2)) as server:
        port = int(server.url.rpartition(":")[2])
        with connect(port) as busy, connect(port) as idle:
            busy.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            assert entered.wait(20)
            with connect(port) as newest:
                assert ask(newest) == (200, 1)
            assert idle.recv(1) == b""
            released.set()
            assert answer_on(busy) == (200, 1)


def test_threads_go_with_their_clients() -> None:
    """A thread ends with its connection."""
    before = clients()
    with MockPBX() as pbx, Server(pbx.app, port=0) as server:
        with many(int(server.url.rpartition(":")[2]), 20) as found:
            assert [ask(one)[0] for one in found] == [200] * 20
            assert clients() == before + 20
            for one in found:
                one.shutdown(socket.SHUT_WR)
                assert one.recv(1) == b""
        with connect(int(server.url.rpartition(":")[2])) as last:
            assert ask(last)[0] == 200
            assert clients() <= before + 3  # those that are about to end, at most


@posix
def test_sixty_four_descriptors() -> None:
    """With few descriptors the server goes on with those it has, and says so once."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    with serving("--quiet", preexec_fn=limit) as process:
        port = port_of(process)
        with many(port, 100):
            assert is_well(port)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    assert re.fullmatch(r"all \d+ connections are taken: .*\n", stderr)


@linux
@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"Content-Length: 524288000\r\n\r\n", b"a" * MIB),
        (b"Transfer-Encoding: chunked\r\n\r\n38400000\r\n", b"a" * MIB),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"100000\r\n%s\r\n" % (b"a" * MIB)),
    ],
    ids=["length", "one chunk", "many chunks"],
)
def test_large_bodies_take_no_memory(head: bytes, piece: bytes) -> None:
    """A body of hundreds of megabytes is refused while it comes, with less than 10 MB of memory."""
    with serving("--quiet") as process:
        port = port_of(process)
        assert is_well(port)
        before = peak_kb(process)
        with connect(port) as client:
            client.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: x\r\n" + head)
            with suppress(ConnectionError):
                for _ in range(500):
                    client.sendall(piece)
            with suppress(ConnectionError):
                assert answer_on(client)[0] == 413
        assert is_well(port)
        assert peak_kb(process) - before < 10 * 1024


def peak_kb(process: subprocess.Popen[str]) -> int:
    """The most memory that it ever had."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_those_who_wait_have_places_of_their_own() -> None:
    """256 requests may wait for something to happen; the next is refused, and others answered."""
    verify = (
        b"POST /_mockpbx/requests/verify HTTP/1.1\r\nHost: x\r\n"
        b"Content-Type: application/json\r\nContent-Length: 64\r\n\r\n"
        + b'{"method": "GET", "path": "/user/", "within": 60}'.ljust(64)
    )
    with MockPBX() as pbx, Server(pbx.app, port=0) as server:
        port = int(server.url.rpartition(":")[2])
        with many(port, 256, verify) as waiting:
            with connect(port) as one_more:
                refused = 0
                while refused != 429:  # until the last of them is waiting
                    one_more.sendall(verify.replace(b"60", b"0 "))
                    refused, _ = answer_on(one_more)
            assert is_well(port)
            urllib3.request("GET", f"{server.url}/api/ver1.0/user/")
            assert {answer_on(one)[0] for one in waiting} == {200}


def test_late_answers_wait_in_places_too() -> None:
    """As many answers as there are places are late; then requests are refused, until it is over."""
    limits = Limits(waiting=3)
    with MockPBX() as pbx, Server(pbx.app, port=0, limits=limits) as server:
        port = int(server.url.rpartition(":")[2])
        pbx.faults.add(latency=600)
        sent = b"GET /api/ver1.0/user/ HTTP/1.1\r\nHost: x\r\n\r\n"
        with many(port, 3, sent) as late, connect(port) as one_more:
            journal = pbx.world.journal
            assert journal.wait_for(lambda: len(journal) == 3, 20)
            assert ask(one_more, "/api/ver1.0/user/")[0] == 429
            assert is_well(port)
            pbx.faults.clear()
            assert [answer_on(one)[0] for one in late] == [401] * 3


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_many_signals(name: str) -> None:
    """Six signals at once end it as one does."""
    with serving() as process:
        port = port_of(process)
        with many(port, 3, HALF):
            for _ in range(6):
                process.send_signal(signal.Signals[name])
            assert process.wait(30) == 0


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_before_it_is_ready(tmp_path: Path, name: str) -> None:
    """A signal while it still starts ends it with code 0 and without a word."""
    world = tmp_path / "world"
    os.mkfifo(world)
    with serving("--world", world) as process:
        with open(world, "w"):  # opened by both: it is reading
            process.send_signal(signal.Signals[name])
            assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_modules_are_imported(tmp_path: Path, name: str) -> None:
    """A signal before the command itself is there ends it with code 0 too."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "click.py").write_text(f"open({str(pipe)!r}).read()")
    variables = environment({})
    variables["PYTHONPATH"] = os.pathsep.join([str(tmp_path), variables["PYTHONPATH"]])
    with serving(env=variables) as process:
        with open(pipe, "w"):  # opened by both: it imports its first library
            process.send_signal(signal.Signals[name])
            assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


@posix
def test_a_client_that_is_killed() -> None:
    """A client that is killed in the middle of a request harms nobody."""
    script = (
        "import socket, sys\n"
        "client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "client.sendall(b'POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9\\r\\n\\r\\nabc')\n"
        "print(flush=True)\n"
        "client.recv(1)\n"
    )
    with serving() as process:
        port = port_of(process)
        killed = subprocess.Popen([sys.executable, "-c", script, str(port)], stdout=subprocess.PIPE)
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.kill()
        killed.communicate()
        assert is_well(port)


@posix
def test_it_stops_whatever_clients_do() -> None:
    """Idle, half-sent and waiting clients do not keep it from its end."""
    with serving("--quiet") as process:
        port = port_of(process)
        asked = b"GET /_mockpbx/health HTTP/1.1\r\nHost: x\r\n\r\n"
        with many(port, 5), many(port, 5, HALF), many(port, 5, asked):
            assert is_well(port)
            process.send_signal(signal.SIGTERM)
            assert process.communicate(timeout=30) == ("", "")
            assert process.returncode == 0


def test_idle_connections_are_closed() -> None:
    """`--idle-timeout` says after how long."""
    with serving("--idle-timeout", "0.2") as process, connect(port_of(process)) as client:
        assert ask(client)[0] == 200
        assert client.recv(1) == b""


def test_through_a_proxy_setting() -> None:
    """A client that takes the server for its proxy, as by `http_proxy`, is answered."""
    with MockPBX() as pbx:
        proxy = urllib3.ProxyManager(pbx.url)
        assert proxy.request("GET", f"{pbx.url}/_mockpbx/health").status == 200
