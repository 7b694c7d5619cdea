"""What every request passes before Flask sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..core.errors import LimitReachedError
from ..core.worlds import NAME, WORLD, Worlds
from . import faulty, gate, journal, served
from .errors import in_a_header
from .status import status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask


class Front:
    """Finds the world that a path names, and takes world, double and last slashes out of it.

    Source: GEN-2, GEN-3
    """

    _WORLD = re.compile(rf"^/worlds/({NAME})(?=/|$)")
    #: What is of the process, and no world's.
    _OF_ALL = re.compile(rf"^{journal.CONTROL}/worlds(?=/|$)")
    _SLASHES = re.compile(r"//+")

    def __init__(
        self,
        wsgi_app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]],
        worlds: Worlds,
        control: Callable[[], Flask],
        documents: Callable[[], served.Documents],
    ) -> None:
        self._wsgi_app = wsgi_app
        self._worlds = worlds
        self._control = control
        self._documents = documents

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on under the path that the documentation writes."""
        path = environ.get("PATH_INFO", "")
        if "//" in path:
            path = self._SLASHES.sub("/", path)
        world = environ.get(WORLD) or self._worlds.default
        door = self._WORLD.match(path) if path.startswith("/worlds/") else None
        inner = path if door is None else path[door.end() :]
        if inner.startswith(journal.CONTROL) and gate.stop(environ, inner):
            path = inner  # who is refused has no world made
        elif door is not None:
            if self._OF_ALL.match(inner):
                return _refused(404, "all worlds are at /_mockpbx/worlds", start_response)
            try:
                world = self._worlds.named(door[1])
            except LimitReachedError as refusal:
                return _refused(429, refusal.reason, start_response)
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + door[0]
            path = inner
        if world.over is not None:
            return _refused(410, world.over, start_response)
        if path == served.PATH:
            return self._documents().answer(environ, start_response)
        environ["mockpbx.world"] = world
        environ["mockpbx.slash"] = len(path) > 1 and path.endswith("/")
        environ["PATH_INFO"] = path[:-1] if environ["mockpbx.slash"] else path
        if path.startswith(journal.CONTROL):
            return self._control().wsgi_app(environ, start_response)
        return faulty.on_the_way(environ, self._wsgi_app(environ, start_response))


def _refused(status: int, reason: str, start_response: StartResponse) -> Iterable[bytes]:
    """The answer where there is no world that could give one."""
    body = json.dumps({"message": reason}).encode("ascii")
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    headers.append(("X-Mockpbx-Reason", in_a_header(reason)))
    start_response(status_line(status), headers)
    return [body]
