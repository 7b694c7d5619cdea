"""The server's figures, beside other servers in one run: `python -m tests.benchmarks.server`.

`json-server` 0.17 is measured when a command of that name is found.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from ..conftest import API, DOCUMENTED_TOKEN
from . import processes
from .stopwatch import ratio

PATH = f"{API}/client/801/extension/31456"
CPU_PATH = "/cpu"
ROUNDS = 7
REQUESTS = 1500
CONNECTIONS = 8


@dataclass
class Client:
    """One bare connection, which sends the same request and reads the answer."""

    port: int
    path: str
    sock: socket.socket = field(init=False)
    request: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Connect."""
        self.request = (
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {DOCUMENTED_TOKEN}\r\n\r\n"
        ).encode()
        self._connect()

    def _connect(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> bytes:
        """The body of one answer; a server that closes the connection gets another one."""
        self.sock.sendall(self.request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = head.lower()
        assert fields[8:13] == b" 200 ", head
        length = int(fields.partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        if b"connection: close" in fields:
            self.sock.close()
            self._connect()
        return body

    def _more(self) -> bytes:
        data = self.sock.recv(65536)
        assert data, "the server closed the connection"
        return data


def application() -> Callable[..., Any]:
    """The application that is measured; `/cpu` answers the process's seconds of CPU."""
    from mockpbx import create_app

    app = create_app("documented")

    def measured(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != CPU_PATH:
            return app(environ, start_response)
        body = str(process_time()).encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    return measured


def serve_with_mockpbx() -> None:
    """Serve the application with the server of mockpbx."""
    from mockpbx.server.socket import Server

    with Server(application(), port=0) as server:
        print(server.url.rpartition(":")[2], flush=True)
        sys.stdin.read()


def serve_with_cheroot() -> None:
    """Serve the application with cheroot."""
    from cheroot.wsgi import Server

    server = Server(("127.0.0.1", 0), application(), numthreads=CONNECTIONS)
    server.prepare()
    print(server.bind_addr[1], flush=True)
    server.serve()


@contextmanager
def serving(*command: str, path: str = PATH) -> Iterator[tuple[int, str]]:
    """The port of a server that runs as a process of its own, and what is asked of it.

    It prints the port first; a command with `{port}` is given a free one instead.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked_for = [part.format(port=port) for part in command]
    with subprocess.Popen(
        asked_for, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            if asked_for == list(command):
                assert process.stdout is not None
                port = int(process.stdout.readline())
            _wait_for(port)
            yield port, path
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    began = perf_counter()
    while perf_counter() - began < 60:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            continue
        return
    raise TimeoutError(f"nobody listens on {port}")


def ours(server: str) -> Any:
    """A process that serves the application with `mockpbx` or `cheroot`."""
    return serving(sys.executable, "-m", "tests.benchmarks.server", server)


def moto() -> Any:
    """A process of moto_server, asked for the list of its buckets, of which there are none."""
    command = str(Path(sys.executable).with_name("moto_server"))
    return serving(command, "-H", "127.0.0.1", "-p", "{port}", path="/")


@contextmanager
def json_server() -> Iterator[tuple[int, str]]:
    """A process of json-server, asked for one extension."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "db.json"
        file.write_text(json.dumps({"extension": [{"id": 31456, "name": "000*101"}]}))
        command = (shutil.which("json-server") or "", "--quiet", "--port", "{port}", str(file))
        with serving(*command, path="/extension/31456") as found:
            yield found


def cpu_over_cheroot() -> float:
    """CPU of one GET over a kept connection."""
    with ours("mockpbx") as here, ours("cheroot") as there:
        return min(_cpu_s(here) / _cpu_s(there) for _ in range(ROUNDS))


def _cpu_s(server: tuple[int, str]) -> float:
    port, path = server
    client, clock = Client(port, path), Client(port, CPU_PATH)
    client.ask()
    began = float(clock.ask())
    for _ in range(REQUESTS):
        client.ask()
    return float(clock.ask()) - began


def latency_over(other: Any) -> float:
    """The median of sequential requests of one client, ours and theirs in turns."""
    with ours("mockpbx") as here, other as there:
        found = []
        for _ in range(ROUNDS):
            mine, theirs = Client(*here), Client(*there)
            mine.ask(), theirs.ask()
            pairs = [(_seconds(mine.ask), _seconds(theirs.ask)) for _ in range(REQUESTS // 3)]
            found.append(median(a for a, _ in pairs) / median(b for _, b in pairs))
    return min(found)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def throughput_over(other: Any) -> float:
    """Requests a second of eight clients at once."""
    with ours("mockpbx") as here, other as there:
        return max(_rate(here) / _rate(there) for _ in range(ROUNDS))


def _rate(server: tuple[int, str]) -> float:
    clients = [Client(*server) for _ in range(CONNECTIONS)]
    each = REQUESTS // CONNECTIONS

    def ask_all(client: Client) -> None:
        for _ in range(each):
            client.ask()

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return each * CONNECTIONS / _seconds(lambda: list(threads.map(ask_all, clients)))


def ready_over_imports() -> float:
    """The start of the command until its first line."""
    imports = processes.python("import flask, marshmallow")
    return ratio(processes.serve(), imports, rounds=3, times=5)


def memory_mb() -> tuple[float, float]:
    """Resident memory of the command when idle, and after 100 000 requests."""
    command = [sys.executable, "-m", "mockpbx", "serve", "--port", "0", "--quiet"]
    with ExitStack() as ends:
        process = ends.enter_context(
            subprocess.Popen(
                [*command, "--world", "documented"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        ends.callback(process.kill)
        assert process.stdout is not None
        port = int(process.stdout.readline().partition(" (")[0].rpartition(":")[2])
        client = Client(port, PATH)
        client.ask()
        idle = _resident_mb(process.pid)
        for _ in range(100_000):
            client.ask()
        return idle, _resident_mb(process.pid)


def _resident_mb(pid: int) -> float:
    """By way of `ps`, which Linux and macOS have."""
    found = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(found.stdout) / 1024


def _say(found: float, limit: str, about: str) -> None:
    print(f"{found:8.2f}  {limit:<14} {about}", flush=True)


def main() -> None:
    """Print each figure with its limit."""
    _say(cpu_over_cheroot(), "at most 0.6", "CPU of one GET of an extension, over cheroot's")
    _say(latency_over(moto()), "at most 0.6", "p50 of sequential requests, over moto_server's")
    _say(throughput_over(moto()), "at least 2.0", "requests/s of 8 clients, over moto_server's")
    if shutil.which("json-server"):
        rate = throughput_over(json_server())
        _say(rate, "at least 1.0", "requests/s of 8 clients, over json-server's")
    else:
        print("          json-server is not installed: not measured", flush=True)
    _say(ready_over_imports(), "at most 1.3", "ready line, over importing flask and marshmallow")
    if shutil.which("ps"):
        idle, used = memory_mb()
        _say(idle, "at most 60 MB", "memory when idle")
        _say(used, "at most 80 MB", "memory after 100 000 requests")


SERVERS = {"mockpbx": serve_with_mockpbx, "cheroot": serve_with_cheroot}

if __name__ == "__main__":
    if sys.argv[1:]:
        SERVERS[sys.argv[1]]()
    else:
        main()
