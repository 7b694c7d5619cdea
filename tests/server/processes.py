"""`mockpbx serve` as a process, whose streams and signals a test holds in its hands."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.test_cli import command, environment


@contextmanager
def serving(*arguments: object, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process of the command, which ends with the test."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    options = {"env": environment({}), **pipes, **options}
    process = subprocess.Popen(command("serve", "--port", "0", *arguments), text=True, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def port_of(process: subprocess.Popen[str]) -> int:
    """The port, once the process is ready."""
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready, "the process ended"
    return int(ready.partition(" (")[0].rpartition(":")[2])


def connect(port: int) -> socket.socket:
    """A connection to it."""
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def ask(client: socket.socket, path: str = "/_mockpbx/health", fields: str = "") -> tuple[int, Any]:
    """The status and the JSON of one answer on that connection."""
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
    return answer_on(client)


def answer_on(client: socket.socket) -> tuple[int, Any]:
    """The status and the JSON of the next answer."""
    with client.makefile("rb", buffering=0) as incoming:
        status = int(incoming.readline().split()[1])
        length = 0
        while (line := incoming.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = b""
        while len(body) < length:
            body += incoming.read(length - len(body)) or b""
    return status, json.loads(body) if body else None


def is_well(port: int) -> bool:
    """Whether one more client is answered."""
    with connect(port) as client:
        return ask(client)[0] == 200
