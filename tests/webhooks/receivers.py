"""Receivers of events on real sockets: one that works, and all sorts of others."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

#: Seconds after which a test that waits for another thread gives up.
LIMIT_S = 20


class Seen(NamedTuple):
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def event(self) -> dict[str, str]:
        """The parameters, of the query or the body."""
        text = self.body if self.method == "POST" else self.target.partition("?")[2]
        return dict(parse_qsl(text))


Handler = Callable[[Seen], "int | None"]


class Receiver:
    """An HTTP server that remembers what it was sent, and may do something with it."""

    def __init__(self, handler: Handler | None = None, protocol: str = "HTTP/1.1") -> None:
        self.seen: list[Seen] = []
        self.connections: set[Any] = set()
        self._changed = threading.Condition()
        self._http = _Server(("127.0.0.1", 0), _handler_class(self, protocol))
        self.handler = handler
        self.url = f"http://127.0.0.1:{self._http.server_port}/calls"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def take(self, seen: Seen, peer: Any) -> int:
        """Handle one request; answers the status."""
        with self._changed:
            self.seen.append(seen)
            self.connections.add(peer)
            self._changed.notify_all()
        return (self.handler(seen) if self.handler else None) or 200

    def wait_for(self, count: int) -> list[Seen]:
        """What arrived, once it is that many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.seen) >= count, LIMIT_S)
            return list(self.seen)

    def close(self) -> None:
        """Nobody listens any more."""
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200


def _handler_class(receiver: Receiver, protocol: str) -> type[BaseHTTPRequestHandler]:
    class Handling(BaseHTTPRequestHandler):
        protocol_version = protocol
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            seen = Seen(self.command, self.path, dict(self.headers.items()), body)
            status = receiver.take(seen, self.client_address)
            self.wfile.write(b"%s %d X\r\nContent-Length: 2\r\n\r\nOK" % (_PROTOCOL, status))

        do_GET = do_POST = _serve

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent."""

    return Handling


_PROTOCOL = b"HTTP/1.1"


@contextmanager
def raw(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """The url of a socket server that does that with each connection once a request came."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.recv(65_536)
            with suppress(OSError):  # the sender may have gone
                behave(connection)

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
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def refused_url() -> str:
    """A url where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/calls"
