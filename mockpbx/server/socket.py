"""The application on a socket, for clients in any language."""

from __future__ import annotations

import os
import selectors
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.control_access import ControlAccess
from .connections import Connections
from .http import Connection, Site
from .request import Limits
from .ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication

    from .gateway import Answer

STOP_TIMEOUT_S = 0.4
SIGNAL_POLL_S = 0.2
BACKLOG = 512

# An address that means "every interface" is no address that a client can call.
_CALLABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class ServerError(OSError):
    """The server cannot listen where it was told to."""


ServerFault = ServerError  # its name before 0.2, for one release


class Server:
    """One WSGI application, served by threads that keep connections alive.

    `port` 0 takes a free one; `log` is called with each answer, after it was sent; `access` says
    who may use the control API. All threads are daemons, so a server that nobody stopped does not
    keep its process alive. While an application of mockpbx is served, time passes in its worlds:
    what comes due in them is done.
    """

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 8900,
        *,
        limits: Limits | None = None,
        log: Callable[[Answer], None] | None = None,
        access: ControlAccess | None = None,
    ) -> None:
        self._app = app
        self._host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        self._port = port
        self._limits = limits or Limits()
        self._log = log
        self._access = access or ControlAccess()
        self._running: _Running | None = None
        parts = getattr(app, "extensions", {}).get("mockpbx")
        self._ticker = None if parts is None else Ticker(parts.worlds)

    @property
    def url(self) -> str:
        """Where clients find the application, without a slash at the end.

        Raises:
            RuntimeError: the server does not run.
        """
        host, port = self._address
        return _url(_CALLABLE.get(host, host), port)

    @property
    def listens_at(self) -> str:
        """Where it listens: on every interface that is `http://0.0.0.0:8900`.

        Raises:
            RuntimeError: the server does not run.
        """
        return _url(*self._address)

    @property
    def _address(self) -> tuple[str, int]:
        if self._running is None:
            raise RuntimeError("the server does not run")
        return self._running.address

    def start(self) -> None:
        """Requests are answered from now on, by threads of their own.

        Raises:
            ServerError: another program listens there, or the address is not this machine's.
        """
        __tracebackhide__ = True  # pytest shows the line that wanted it
        if self._running is not None:
            return
        listener = _listen(self._host, self._port)
        connections = Connections(self._limits)
        bell, ringer = socket.socketpair()
        given = {"mockpbx.places": connections.places, "mockpbx.access": self._access}
        site = Site(self._app, connections, self._log, given)
        thread = threading.Thread(
            target=_accept, args=(listener, bell, site), name="mockpbx", daemon=True
        )
        self._running = _Running(listener.getsockname()[:2], connections, ringer, thread)
        connections.start()
        thread.start()
        if self._ticker is not None:
            self._ticker.start()

    def serve_forever(self) -> None:
        """Requests were answered until another thread called `stop` or a signal handler raised.

        Raises:
            ServerError: as `start`, which it calls first.
        """
        self.start()
        running = self._running
        try:
            while running is not None and running.thread.is_alive():
                # Windows delivers Ctrl-C only between two waits.
                running.thread.join(SIGNAL_POLL_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """The socket is closed; a request that is still being answered has a moment for it."""
        running, self._running = self._running, None
        if running is None:
            return
        if self._ticker is not None:
            self._ticker.stop()
        running.connections.is_over.set()
        running.ringer.close()
        running.thread.join(STOP_TIMEOUT_S / 4)
        running.connections.close(STOP_TIMEOUT_S * 3 / 4)

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class _Running:
    """What is there while a server runs."""

    address: tuple[str, int]
    connections: Connections
    ringer: socket.socket
    thread: threading.Thread


def _accept(listener: socket.socket, bell: socket.socket, site: Site) -> None:
    """Take connections until the other end of `bell` is closed."""
    connections = site.connections
    with selectors.DefaultSelector() as selector, listener, bell:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)
        while True:
            selector.select()
            if connections.is_over.is_set():
                return
            if connections.is_full:
                connections.wait_for_room()
                continue
            try:
                accepted, address = listener.accept()
            except (BlockingIOError, ConnectionError):
                continue  # the client has gone already
            except OSError:  # no descriptor is left
                connections.wait_for_room()
                continue
            connections.add(Connection(site, accepted, address))


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        ServerError: it cannot, and why.
    """
    __tracebackhide__ = True
    reason: object = "no such address"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, *_, address in found:
            try:
                both = host == "::" and socket.has_dualstack_ipv6()
                listener = socket.create_server(
                    address[:2], family=family, backlog=BACKLOG, dualstack_ipv6=both
                )
            except OSError as fault:
                reason = os.strerror(fault.errno) if fault.errno else fault
            else:
                listener.setblocking(False)
                return listener
    except OSError as fault:  # nobody knows the name
        reason = fault.strerror or fault
    except (ValueError, OverflowError) as fault:  # it cannot be a name, or a port
        reason = fault
    raise ServerError(f"cannot listen on {host}:{port}: {reason}") from None
