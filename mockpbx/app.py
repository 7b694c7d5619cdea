"""Builds the WSGI application out of the resources, the control API and their worlds."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response

from . import worlds as world_files
from .config import Config
from .core import facts
from .core.world import World
from .core.worlds import Worlds
from .oauth.views import oauth
from .resources.agent.model import find as find_agent
from .resources.agent.views import agent
from .resources.ani.views import ani
from .resources.bundle.views import bundle
from .resources.call_history.views import call_history
from .resources.callback.views import callback
from .resources.client import model as client_realm
from .resources.client.views import client
from .resources.current_calls.views import current_calls
from .resources.did.views import did
from .resources.event.views import event
from .resources.extension import model as extension_realm
from .resources.extension.views import extension
from .resources.extension_group import model as group_realm
from .resources.extension_group.views import extension_group
from .resources.ivr.views import ivr
from .resources.message.views import message
from .resources.phone.views import phone
from .resources.phone_events.views import phone_events
from .resources.quality_rate.views import quality_rate
from .resources.queue.views import queue
from .resources.queue_status.views import queue_status
from .resources.record.views import record, storage
from .resources.reg_status_log.views import reg_status_log
from .resources.registration.views import registration
from .resources.sound.views import sound
from .resources.user.views import user
from .web import errors, journal, policies, served
from .web.catalog import Catalog
from .web.front import Front
from .web.guard import Guard
from .web.operation import Resource
from .web.routing import Application

#: Every documented resource; adding one is one line here.
RESOURCES: tuple[Resource, ...] = (
    oauth,
    user,
    client,
    extension,
    bundle,
    phone,
    registration,
    event,
    phone_events,
    queue,
    queue_status,
    ivr,
    agent,
    callback,
    current_calls,
    call_history,
    record,
    storage,
    extension_group,
    did,
    ani,
    sound,
    message,
    quality_rate,
    reg_status_log,
)


class AppState:
    """What the application keeps for its requests: worlds, guard, and the control API."""

    def __init__(self, worlds: Worlds, guard: Guard) -> None:
        self.worlds = worlds
        self.guard = guard
        self._making = threading.Lock()
        self._control: Flask | None = None

    @property
    def control(self) -> Flask:
        """The control API as a Flask application of its own, made when it is first asked for."""
        with self._making:
            if self._control is None:
                self._control = _application((control_resource(),), self)
                self._control.add_url_rule(
                    journal.CONTROL + served.PATH,
                    view_func=_control_document,
                    methods=["GET"],
                    provide_automatic_options=False,
                )
            return self._control

    @property
    def catalog(self) -> Catalog:
        """The documented operations."""
        return catalog()


def create_app(
    world: World | str | Path | Mapping[str, Any] | None = None, config: Config | None = None
) -> Flask:
    """A WSGI application that answers as the PBX does.

    `world` is a running world, or what to start one from; without it the configuration's.

    Raises:
        mockpbx.worlds.WorldError: the world file is broken; every fault is named.
    """
    facts.table()  # before a test may replace the file system
    config = config or Config()
    if not isinstance(world, World):
        world = World(world_files.read(world if world is not None else config.world), config)
    realms = {
        "client": client_realm,
        "extension_group": group_realm,
        "extension": extension_realm,
    }
    parts = AppState(Worlds(world), Guard(realms, {"agent": find_agent}))
    app = _application(RESOURCES, parts)
    front = Front(app.wsgi_app, parts.worlds, lambda: parts.control, _documents)
    app.wsgi_app = front  # type: ignore[method-assign]
    return app


def control_resource() -> Resource:
    """The operations of the control API."""
    from .control.views import control

    return control


def _application(resources: Iterable[Resource], parts: AppState) -> Flask:
    app = Application("mockpbx")
    app.extensions["mockpbx"] = parts
    for resource in resources:
        app.register_blueprint(resource.blueprint)
    errors.install(app, documented_paths)
    app.before_request(policies.begin)
    app.after_request(policies.end)
    return app


def documented_paths() -> list[str]:
    """Every path that the application answers, as the documentation writes it."""
    operations = (op for resource in (*RESOURCES, control_resource()) for op in resource.operations)
    found = (op.resource.prefix + op.documented_path for op in operations)
    return list(dict.fromkeys((*found, served.PATH, journal.CONTROL + served.PATH)))


@cache
def catalog() -> Catalog:
    """Every operation of the mocked API."""
    return Catalog(operation for resource in RESOURCES for operation in resource.operations)


@cache
def _documents() -> served.Documents:
    """Both documents as every application of this process serves them."""
    return served.Documents(documents)


def _control_document() -> Response:
    return _documents().response("control", journal.current().root)


def documents() -> dict[str, dict[str, Any]]:
    """The OpenAPI documents, by the names of their files."""
    from . import documents as made  # apispec is slow to import and only needed here

    return made.describe(create_app("empty"), RESOURCES, (control_resource(),))
