"""One application for all tests of a process; each test has a world of its own in it.

Making an application costs a hundred times as much as making a world, and reading a world file
ten times as much.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response

from mockpbx import Config, MockPBX, World, create_app
from mockpbx.core.world import Start
from mockpbx.testing.shared_server import SharedServer
from mockpbx.web import journal
from mockpbx.web.documented import refusals
from mockpbx.web.operation import Operation
from mockpbx.worlds import read

#: Moments in a world file; they are counted from when it is read, so it is read each time.
_MOMENTS = ("registered_at", "issued_at", "idle_since")

#: What was answered since the last test and is not in the OpenAPI document.
surprises: list[str] = []


@lru_cache(maxsize=256)
def _written(text: str) -> Start:
    return read(json.loads(text))


_named = cache(read)


def start(source: str | Path | Mapping[str, Any]) -> Start:
    """What worlds start from, read once in a process; nobody changes it."""
    if not isinstance(source, Mapping):
        return _named(source)
    text = json.dumps(source)
    return read(source) if any(name in text for name in _MOMENTS) else _written(text)


def fresh(source: Any = "office", **config: Any) -> World:
    """A world in its first state, or that one."""
    return source if isinstance(source, World) else World(start(source), Config(**config))


def checked(app: Flask) -> Flask:
    """That application, whose answers are compared with the OpenAPI document."""

    def check(response: Response) -> Response:
        fault = undocumented(journal.current(), response.status_code)
        surprises.extend([fault] if fault else [])
        return response

    for one in (app, app.extensions["mockpbx"].control):
        one.after_request(check)
    return app


def undocumented(exchange: journal.Exchange, status: int) -> str | None:
    """What the document does not say of an answer: its status, or the rules it names."""
    operation = exchange.operation
    if exchange.fault is not None:
        return None
    if not isinstance(operation, Operation) or status in (operation.status, *operation.also):
        return None
    refused = refusals(operation)
    rules = [rule for rule in exchange.rules if rule not in refused.get(status, ())]
    if status in refused and not rules:
        return None
    return f"{operation.label}: {' '.join([str(status), *rules])} is not documented"


@cache
def application() -> Flask:
    """The application of this process."""
    return checked(create_app(fresh("empty")))


def enter(world: World) -> Flask:
    """Who names no other world asks that one from now on; answers the application."""
    app = application()
    worlds = app.extensions["mockpbx"].worlds
    assert worlds.all() == [worlds.default], "a test used other worlds by name: it needs `alone`"
    world.moved = worlds.default.moved
    worlds.default = world
    return app


class _Server(SharedServer):
    """A socket of its own for the application of this process."""

    @property
    def app(self) -> Flask:
        return application()


@contextmanager
def pbx(source: Any = "office", **config: Any) -> Iterator[MockPBX]:
    """A PBX in a fresh world; `MockPBX` itself is for tests of how one begins and ends."""
    world = fresh(source, **config)
    enter(world)
    server = _Server(lambda: world)
    with MockPBX.of_world(world, server) as made:
        try:
            yield made
        finally:
            server.close()
