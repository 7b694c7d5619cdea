"""One application and one socket, which several worlds use one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ..core.world import World
    from ..server.socket import Server


class SharedServer:
    """An application and a socket, in which one world lives after the other."""

    def __init__(self, world: Callable[[], World], host: str = "127.0.0.1", port: int = 0) -> None:
        self._world = world
        self._address = (host, port)
        self._making = threading.RLock()
        self._app: Flask | None = None
        self._server: Server | None = None

    @property
    def app(self) -> Flask:
        """The WSGI application."""
        from .. import create_app

        with self._making:
            if self._app is None:
                world = self._world()
                self._app = create_app(world, world.config)
            return self._app

    @property
    def url(self) -> str:
        """Where the application answers; the first use opens the socket.

        Raises:
            mockpbx.server.socket.ServerError: it cannot listen there.
        """
        from ..server.socket import Server

        __tracebackhide__ = True
        with self._making:
            if self._server is None:
                server = Server(self.app, *self._address)
                server.start()
                self._server = server
            return self._server.url

    @property
    def own_url(self) -> str | None:
        """Where it answers, when somebody asked for that before."""
        server = self._server
        return None if server is None else server.url

    def enter(self, world: World) -> None:
        """That world answers from now on."""
        with self._making:
            if self._app is None:
                return
            worlds = self._app.extensions["mockpbx"].worlds
            world.moved = worlds.default.moved
            worlds.default = world
            world.moved.ring()

    def close(self) -> None:
        """The socket is closed; asking for `url` opens another one."""
        with self._making:
            server, self._server = self._server, None
        if server is not None:
            server.stop()
