"""The application on a socket, for clients in any language."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

from .http import HTTPServer
from .ticker import Ticker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOP_TIMEOUT_S = 0.4
SIGNAL_POLL_S = 0.2

# An address that means "every interface" is no address that a client can call.
_CALLABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class ServerError(OSError):
    """The server cannot listen where it was told to."""


ServerFault = ServerError  # its name before 0.2, for one release


class Server:
    """One WSGI application, served by threads that keep connections alive.

    `port` 0 takes a free one. All threads are daemons, so a server that nobody stopped does not
    keep its process alive. While an application of mockpbx is served, time passes in its worlds:
    what comes due in them is done.
    """

    def __init__(self, app: WSGIApplication, host: str = "127.0.0.1", port: int = 8900) -> None:
        self._app = app
        self._address = (host, port)
        self._http: HTTPServer | None = None
        self._thread: Thread | None = None
        parts = getattr(app, "extensions", {}).get("mockpbx")
        self._ticker = None if parts is None else Ticker(parts.worlds)

    @property
    def url(self) -> str:
        """Where clients find the application, without a slash at the end.

        Raises:
            RuntimeError: the server does not run.
        """
        if self._http is None:
            raise RuntimeError("the server does not run")
        host, port = self._http.bind_addr
        host = _CALLABLE.get(host, host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self) -> None:
        """Requests are answered from now on, by threads of their own.

        Raises:
            ServerError: another program listens there, or the address is not this machine's.
        """
        __tracebackhide__ = True  # pytest shows the line that wanted it
        if self._http is not None:
            return
        http = HTTPServer(self._address, self._app)
        listening: Future[None] = Future()
        thread = Thread(target=_serve, args=(http, listening), name="mockpbx", daemon=True)
        thread.start()
        try:
            listening.result()
        except OSError as fault:
            _forget(http)
            host, port = self._address
            reason = http.bind_fault or fault
            raise ServerError(
                f"cannot listen on {host}:{port}: {reason.strerror or reason}"
            ) from None
        self._http, self._thread = http, thread
        if self._ticker is not None:
            self._ticker.start()

    def serve_forever(self) -> None:
        """Requests were answered until another thread called `stop` or a signal handler raised.

        Raises:
            ServerError: as `start`, which it calls first.
        """
        self.start()
        thread = self._thread
        try:
            while thread and thread.is_alive():
                # Windows delivers Ctrl-C only between two waits.
                thread.join(SIGNAL_POLL_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """The socket is closed; a request that is still being answered loses its connection."""
        http, self._http, self._thread = self._http, None, None
        if http is None:
            return
        if self._ticker is not None:
            self._ticker.stop()
        # cheroot waits for every request to end, and one of them may wait for a test's next step.
        stopping = Thread(target=http.stop, name="mockpbx stop", daemon=True)
        stopping.start()
        stopping.join(STOP_TIMEOUT_S)
        _forget(http)

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _serve(http: HTTPServer, listening: Future[None]) -> None:
    # cheroot's workers inherit being a daemon from the thread that prepares the server.
    try:
        http.prepare()
    except OSError as fault:
        listening.set_exception(fault)
        return
    listening.set_result(None)
    http.serve()


def _forget(http: HTTPServer) -> None:
    # cheroot registers the figures of every server for good, and with them its application.
    logging.statistics.pop(f"Cheroot HTTPServer {id(http)}", None)  # type: ignore[attr-defined]
