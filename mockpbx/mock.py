"""One mocked PBX as a Python object."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from . import worlds
from .calls import start
from .calls.handle import Call
from .config import Config
from .core.access import Application, AppType
from .core.errors import Missing
from .core.world import World
from .resources.extension.model import Extension, named
from .webhooks.outbox import Delivery, Outbox
from .webhooks.receiver import receiver_of

if TYPE_CHECKING:
    from flask import Flask

    from .server import Server
    from .web.journal import Exchange


class Clock:
    """The time of one mocked PBX; whatever comes due in it is done when it is moved."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        """The PBX's present moment, in UTC."""
        return self._world.now()

    def advance(self, seconds: float) -> list[dict[str, Any]]:
        """Time moves forward; answers what came due on the way, in order.

        Raises:
            Invalid: the seconds are negative, or more than a clock can show.
        """
        return self._world.advance(seconds)

    def move_to(self, moment: datetime) -> list[dict[str, Any]]:
        """It is that moment, UTC when it has no zone; answers what came due on the way."""
        return self._world.move_to(moment)

    def freeze(self) -> None:
        """Time stands still."""
        with self._world.lock:
            self._world.clock.freeze()

    def run(self) -> None:
        """Time runs on."""
        self._world.run()


class MockPBX:
    """A PBX of its own, and everything that can happen to it.

    Made from a configuration, or from its fields: `MockPBX(world="documented", freeze=True)`. As
    a context manager it is closed at the end.
    """

    def __init__(self, config: Config | None = None, **config_fields: Any) -> None:
        self.config = replace(config or Config(), **config_fields)
        self.world = World(worlds.read(self.config.world), self.config)
        self.clock = Clock(self.world)
        self._making = threading.RLock()
        self._app: Flask | None = None
        self._server: Server | None = None

    @property
    def app(self) -> Flask:
        """The WSGI application."""
        from .app import create_app

        with self._making:
            if self._app is None:
                self._app = create_app(self.world, self.config)
            return self._app

    @property
    def url(self) -> str:
        """Where the PBX answers, without a slash at the end; the first use opens the socket."""
        from .server import Server

        with self._making:
            if self._server is None:
                server = Server(self.app, port=0)
                server.start()
                self._server = server
            return self._server.url

    @property
    def api_url(self) -> str:
        """Where its REST API answers."""
        from .web.operation import API

        return self.url + API

    @property
    def app_id(self) -> str:
        """The client_id of the world's first trusted application."""
        return self._application().client_id

    @property
    def app_secret(self) -> str:
        """Its client_secret."""
        return self._application().client_secret

    def token(self) -> str:
        """A new bearer token of that application."""
        from .oauth.grants import token

        fields = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.app_secret,
        }
        with self.world.change():
            text: str = token(self.world, fields).answer["access_token"]
        return text

    def register(
        self,
        extension: int | str,
        *,
        device: str = "mockpbx phone",
        contact_address: str | None = None,
        real_address: str = "sip:203.0.113.10:5060",
        expires: int = 3600,
        country: str | None = None,
    ) -> dict[str, Any]:
        """The extension's phone is online for so many seconds; answers its registration.

        Raises:
            Missing: there is no such extension; the nearest is named.
            Invalid: it is no phone.
            Denied: the phone may not register from that country or network.
        """
        from .control.model import register_device

        fields = {
            "extension": extension,
            "device": device,
            "contact_address": contact_address,
            "real_address": real_address,
            "expires": expires,
            "country": country,
        }
        with self.world.change():
            return register_device(self.world, fields) or {}

    def unregister(self, extension: int | str) -> None:
        """None of the extension's phones is online any more.

        Raises:
            Missing: there is no such extension; the nearest is named.
            Invalid: it is no phone.
        """
        self.register(extension, contact_address="*", expires=0)

    def extension(self, name_or_id: int | str) -> Extension:
        """The extension with that id, number or whole name.

        Raises:
            Missing: there is none; the nearest is named.
        """
        with self.world.lock:
            return named(self.world, name_or_id)

    def incoming_call(
        self,
        caller: str,
        to: str | None = None,
        did: str | None = None,
        name: str | None = None,
        script: Mapping[str, Any] | None = None,
    ) -> Call:
        """Somebody outside calls an extension, a public number, or the one through the other.

        `name` is what the caller's phone shows besides the number. Without a `script` the call
        waits for its steps. A number that nobody has ends it with CONGESTION.

        Raises:
            Invalid: neither `to` nor `did` is given, or the script cannot be followed.
        """
        return start.incoming(self.world, caller, to, did=did, name=name, script=script)

    def outgoing_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials a number outside.

        Raises:
            Missing: there is no such extension; the nearest is named.
            Invalid: it is no phone, or the script cannot be followed.
        """
        return start.outgoing(self.world, extension, to, script=script)

    def internal_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials another extension.

        Raises:
            Missing: there is no such extension; the nearest is named.
            Invalid: it is no phone, or the script cannot be followed.
        """
        return start.internal(self.world, extension, to, script=script)

    def message(self, from_: str, to: str, text: str) -> None:
        """A text message came in when `to` is a phone of the PBX, and went out when `from_` is.

        Raises:
            Missing: neither is.
            Invalid: the extension is no phone.
        """
        start.message(self.world, from_, to, text)

    def deliver_to(self, url_prefix: str, target: Callable[..., Any]) -> None:
        """Events for urls with that prefix reach the target in this process, not the network.

        The target is a WSGI application, a function of the request, or one of method, url,
        headers and body; a function answers a status, (status, body), or None for 200.

        Raises:
            TypeError: it takes another number of parameters.
        """
        self._outbox.transport.deliver_to(url_prefix, receiver_of(target))

    @property
    def requests(self) -> list[Exchange]:
        """The requests to the API with their answers, the oldest first."""
        return list(self.world.journal)

    @property
    def deliveries(self) -> list[Delivery]:
        """The events that were sent up to now, the oldest first, each with its attempts."""
        with self.world.change():
            pass  # what is due by now is sent
        return list(self.world.deliveries)

    @property
    def notes(self) -> list[dict[str, Any]]:
        """The habits of the client that a real operator may punish."""
        return list(self.world.notes)

    def reset(self) -> None:
        """The PBX is as at the start; its address and its receivers stay."""
        with self.world.lock:
            self.world.reset()

    def close(self) -> None:
        """The socket and all connections are closed; asking for `url` opens another one."""
        with self._making:
            server, self._server = self._server, None
        if server is not None:
            server.stop()
        self._outbox.transport.close()

    def __enter__(self) -> MockPBX:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _outbox(self) -> Outbox:
        courier = self.world.courier
        assert isinstance(courier, Outbox)
        return courier

    def _application(self) -> Application:
        with self.world.lock:
            for application in self.world.store.all(Application):
                if application.type == AppType.TRUSTED:
                    return application
        raise Missing((), "the world has no trusted application")
