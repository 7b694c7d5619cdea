"""Programs that a PBX tells of events: one takes them, one refuses them, one is not there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True, slots=True)
class Receivers:
    """Urls on this computer; nobody listens at the last one."""

    taking: str
    refusing: str
    absent: str


#: What a refused event is answered: no UTF-8.
REFUSAL = b"\xff busy"


@contextmanager
def receiving() -> Iterator[Receivers]:
    """The receivers listen on free ports."""
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server,
        socket.socket() as closed,
    ):
        closed.bind(("127.0.0.1", 0))  # held, so that nobody else listens there
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        here = f"http://127.0.0.1:{server.server_port}"
        absent = f"http://127.0.0.1:{closed.getsockname()[1]}/absent"
        try:
            yield Receivers(f"{here}/taking", f"{here}/refusing", absent)
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        status, text = (200, b"taken") if self.path.startswith("/taking") else (503, REFUSAL)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""
