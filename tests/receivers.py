"""Receivers of events on real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from urllib.parse import parse_qsl


class Listener:
    """A program that is told of events at `url`; `events` holds their data as they came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.events: Queue[dict[str, str]] = Queue()

    def next(self) -> dict[str, str]:
        """The next event, which must come within a few seconds."""
        return self.events.get(timeout=10)

    def types(self) -> list[str]:
        """The types of the events that came since they were last asked for."""
        return [self.events.get_nowait()["EventType"] for _ in range(self.events.qsize())]


@contextmanager
def listening() -> Iterator[Listener]:
    """A receiver on a free port, in threads of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.events.put(dict(parse_qsl(body.decode())))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        listener = Listener(f"http://127.0.0.1:{server.server_port}/events")
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()
