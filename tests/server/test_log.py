"""The log tells what happened, and nobody waits for it."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
import urllib3

from mockpbx import MockPBX
from mockpbx.cli.access_log import AccessLog
from mockpbx.cli.lines import WAITING_LINES, Lines, LogStream
from mockpbx.resources.event.model import subscribe
from mockpbx.resources.extension.model import named
from mockpbx.server.socket import Server
from mockpbx.webhooks.transport import Request
from tests.test_cli import command, environment

from .processes import answer_on, ask, connect, is_well, port_of, serving

REQUESTS = 4000
URL = "http://crm.test/in?token=sesame"
#: A server without a ready line is asked until it answers.
PATIENT = urllib3.Retry(300, backoff_factor=0.02, backoff_max=0.1)

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")


class Pipe:
    """A pipe that nobody reads until the test does."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.lines = Lines(self.writing)

    def read(self) -> list[str]:
        """All lines, after the last one was written."""
        self.lines.close(20)
        self._end()
        with open(self.reading, encoding="utf-8") as found:
            return found.read().splitlines()

    def read_late(self) -> list[str]:
        """All lines, read while they are written, the first now."""
        found = bytearray()
        reader = Thread(target=lambda: found.extend(_all_of(self.reading)))
        reader.start()
        self.lines.close(20)
        self._end()
        reader.join()
        return found.decode().splitlines()

    def _end(self) -> None:
        with suppress(OSError):
            os.close(self.writing)


def _all_of(descriptor: int) -> bytes:
    return b"".join(iter(lambda: os.read(descriptor, 65536), b""))


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made._end()
    with suppress(OSError):
        os.close(made.reading)


def without_time(line: str) -> str:
    time, _, rest = line.partition(" ")
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}", time), line
    return rest


def test_a_request(pipe: Pipe) -> None:
    """A line tells time, client, world, request, status, rule and reason; secrets are masked."""
    with MockPBX() as pbx, Server(pbx.app, port=0, log=AccessLog(pipe.lines).request) as server:
        path = "/api/ver1.0/user/?access_token=sesame&page=1"
        answer = urllib3.request("GET", server.url + path)
        urllib3.request("GET", f"{server.url}/worlds/mine/_mockpbx/health")
    refused, well = map(without_time, pipe.read())
    rule, reason = (answer.headers[f"X-Mockpbx-{name}"] for name in ("Rule", "Reason"))
    asked = "GET /api/ver1.0/user/?access_token=***&page=1"
    assert refused == f"127.0.0.1 office {asked} 401 {rule} {reason}"
    assert well == "127.0.0.1 mine GET /worlds/mine/_mockpbx/health 200"


def test_a_request_as_json(pipe: Pipe) -> None:
    """A line of JSON has the same by name, with the date."""
    log = AccessLog(pipe.lines, as_json=True)
    with MockPBX() as pbx, Server(pbx.app, port=0, log=log.request) as server:
        urllib3.request("GET", f"{server.url}/_mockpbx/health")
    (found,) = map(json.loads, pipe.read())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", found.pop("at"))
    assert found == {
        "kind": "request",
        "client": "127.0.0.1",
        "world": "office",
        "request": "GET /_mockpbx/health",
        "status": 200,
    }


def test_no_request_below_the_application_goes_untold(pipe: Pipe) -> None:
    """What is refused as no HTTP has its line too, harmless to a terminal."""
    with (
        MockPBX() as pbx,
        Server(pbx.app, port=0, log=AccessLog(pipe.lines).request) as server,
        connect(int(server.url.rpartition(":")[2])) as client,
    ):
        client.sendall(b"GET /\x1b[31m HTTP/1.1\r\n\r\n")
        assert answer_on(client)[0] == 400
    (line,) = map(without_time, pipe.read())
    reason = "Malformed request: Invalid char in url path"
    assert line == f"127.0.0.1 GET /\\x1b[31m 400 GEN-12 {reason}"


@pytest.mark.parametrize(
    ("status", "told"), [(204, "204"), (500, "500 it broke")], ids=["taken", "refused"]
)
def test_a_delivery(pipe: Pipe, status: int, told: str) -> None:
    """A line tells of each delivery: its event, the address, and what the receiver said."""

    def receive(request: Request) -> tuple[int, bytes]:
        return status, b"it broke" if status == 500 else b""

    with MockPBX() as pbx, AccessLog(pipe.lines).of_deliveries():
        pbx.world.courier.transport.deliver_to("http://crm.test/", receive)  # type: ignore[attr-defined]
        with pbx.world.change():
            fields = {"url": URL, "method": "GET", "event_type": "dial-in"}
            subscribe(pbx.world, named(pbx.world, "106"), fields)
        pbx.incoming_call("+79161112233", "106")
    (line,) = map(without_time, pipe.read())
    assert line == f"office dial-in GET http://crm.test/in?token=*** {told}"


def test_messages_pass_as_they_are(pipe: Pipe) -> None:
    """What libraries write to stderr is in the log, a line at a time."""
    stream = LogStream(AccessLog(pipe.lines).message)
    stream.write("Traceback:\n  a\x1b")
    stream.write("b\n")
    assert pipe.read() == ["Traceback:", "  a\\x1bb"]


def test_messages_as_json(pipe: Pipe) -> None:
    """In a log of JSON they are JSON too."""
    LogStream(AccessLog(pipe.lines, as_json=True).message).write("one\n")
    (found,) = map(json.loads, pipe.read())
    assert (found["kind"], found["message"]) == ("message", "one")


def test_lines_that_nobody_reads_are_counted(pipe: Pipe) -> None:
    """When nobody reads, lines are dropped; how many is said as soon as somebody does."""
    sent = WAITING_LINES * 3
    for number in range(sent):
        pipe.lines.add(f"{number:0100}")
    found = pipe.read_late()
    (note,) = [line for line in found if line.startswith("mockpbx: ")]
    dropped = int(note.split()[1])
    assert dropped > 0
    assert len(found) - 1 + dropped == sent


@posix
def test_nobody_reads_the_log_of_a_server() -> None:
    """A program that reads the ready line alone gets every answer; what was dropped is said."""
    with serving() as process:
        with connect(port_of(process)) as client:
            path = "/_mockpbx/health?" + "x" * 100
            assert {ask(client, path)[0] for _ in range(REQUESTS)} == {200}
        assert process.stderr is not None
        seen = dropped = 0
        while seen + dropped < REQUESTS:
            line = process.stderr.readline()
            seen += "/_mockpbx/health" in line
            note = re.fullmatch(r"mockpbx: (\d+) lines of this log were dropped\n", line)
            dropped += int(note[1]) if note else 0
        assert dropped > 0
        assert seen + dropped == REQUESTS


@posix
def test_the_reader_of_the_log_goes_away() -> None:
    """A closed stderr ends nothing."""
    with serving() as process:
        port = port_of(process)
        assert process.stderr is not None
        process.stderr.close()
        with connect(port) as client:
            assert {ask(client)[0] for _ in range(100)} == {200}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_the_disk_of_the_log_is_full() -> None:
    """A stderr that takes nothing keeps the server from nothing."""
    with open("/dev/full", "w") as full, serving(stderr=full) as process:
        with connect(port_of(process)) as client:
            assert {ask(client)[0] for _ in range(100)} == {200}
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@posix
@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", ">/dev/full", "<&- >&- 2>&-"])
def test_streams_that_were_never_open(streams: str) -> None:
    """A server whose streams are closed or full from the start answers, and ends with code 0."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked = shlex.join([*command("serve"), "--port", str(port)])
    process = subprocess.Popen(["sh", "-c", f"exec {asked} {streams}"], env=environment({}))
    try:
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/_mockpbx/health", retries=PATIENT)
        assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


@posix
def test_quiet() -> None:
    """`--quiet` tells of no request and gives no hints."""
    with serving("--quiet") as process:
        assert is_well(port_of(process))
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


@posix
def test_json_on_stderr() -> None:
    """With `--log-format json` every line of stderr is an object."""
    with serving("--log-format", "json") as process:
        assert is_well(port_of(process))
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    kinds = [json.loads(line)["kind"] for line in stderr.splitlines()]
    assert kinds == ["message", "message", "request"]
