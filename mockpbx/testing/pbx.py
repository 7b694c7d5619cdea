"""One mocked PBX as a Python object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .. import worlds
from ..config import Config
from ..core.accounts import Application, AppType
from ..core.errors import InvalidError, NotFoundError
from ..core.world import Snapshot, World
from ..readings import Readings, choices
from ..resources.extension.model import Extension, named
from ..server.shared import SharedServer
from ..webhooks.outbox import Delivery, Outbox
from ..webhooks.receiver import receiver_of
from . import originate
from .call import Call, ladders
from .verification.count import Count

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

    from ..doors.for_httpx import Transport
    from ..doors.for_requests import Session
    from ..doors.routes import Route
    from ..doors.site import Site
    from ..web.catalog import Catalog
    from ..web.journal import Exchange
    from .fault_rules import FaultRules
    from .verification.requests import Verdict

R = TypeVar("R")


class Clock:
    """The time of one mocked PBX; whatever comes due in it is done when it is moved."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        """The PBX's present moment, in UTC."""
        self._world.check()
        return self._world.now()

    def advance(self, seconds: float | timedelta) -> list[dict[str, Any]]:
        """Time moves forward; answers what came due on the way, in order.

        Raises:
            InvalidError: the seconds are negative, or more than a clock can show.
            TypeError: they are no number.
        """
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"seconds: must be a number or a timedelta, not {seconds!r}")
        self._world.check()
        return self._world.advance(seconds)

    def move_to(self, moment: datetime) -> list[dict[str, Any]]:
        """It is that moment, UTC when it has no zone; answers what came due on the way.

        Raises:
            InvalidError: it is one that a clock cannot show.
            TypeError: it is no datetime.
        """
        if not isinstance(moment, datetime):
            raise TypeError(f"moment: must be a datetime, not {moment!r}")
        self._world.check()
        return self._world.move_to(moment)

    def freeze(self) -> None:
        """Time stands still."""
        self._world.check()
        with self._world.lock:
            self._world.clock.freeze()

    def run(self) -> None:
        """Time runs on."""
        self._world.check()
        self._world.run()


class MockPBX:
    """A PBX of its own, and everything that can happen to it.

    Made from a world's name, file or mapping, or from a `Config`; fields of a configuration may
    follow: `MockPBX("documented", freeze=True)`. As a context manager it is closed at the end. As
    a decorator it gives each call of the function, plain or asynchronous, a PBX of its own, in
    the parameter `pbx` when there is one.
    """

    #: Where in-process clients find every PBX.
    TEST_HOST = "mockpbx.test"
    TEST_URL = f"http://{TEST_HOST}"

    def __init__(
        self, config: Config | str | Path | Mapping[str, Any] | None = None, **config_fields: Any
    ) -> None:
        if isinstance(config, Config):
            self.config = config.but(**config_fields)
        else:
            world = {} if config is None else {"world": config}
            self.config = Config().but(**world, **config_fields)
        self._begin(World(worlds.read(self.config.world), self.config))

    @classmethod
    def of_world(cls, world: World, shared: SharedServer | None = None) -> MockPBX:
        """The PBX of a world that there is, on a server that others use too or on its own."""
        made = cls.__new__(cls)
        made.config = world.config
        made._begin(world, shared)
        return made

    def _begin(self, world: World, shared: SharedServer | None = None) -> None:
        self._world = world
        self._closed = False
        self._forks: list[MockPBX] = []
        self._routes: list[Route] = []
        self._owns_server = shared is None
        self._shared = shared or SharedServer(lambda: world)

    @property
    def world(self) -> World:
        """The state of the PBX.

        Raises:
            RuntimeError: the test that the PBX belonged to is over.
        """
        self._world.check()
        return self._world

    @property
    def clock(self) -> Clock:
        """The time of the PBX."""
        return Clock(self.world)

    @property
    def app(self) -> Flask:
        """The WSGI application."""
        self._world.check()
        return self._shared.app

    @property
    def url(self) -> str:
        """Where the PBX answers, without a slash at the end; the first use opens the socket.

        Raises:
            RuntimeError: the PBX is closed.
            mockpbx.server.socket.ServerError: it cannot listen there.
        """
        __tracebackhide__ = True
        self._world.check()
        if self._closed:
            raise RuntimeError("this MockPBX is closed: it has no address any more")
        return self._shared.url

    @property
    def api_url(self) -> str:
        """Where its REST API answers."""
        from ..web.operation import API

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
        from ..oauth.grants import token

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
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone.
            AccessDeniedError: the phone may not register from that country or network.
        """
        from .commands import register_device
        from .provisioning import load
        from .schema import RegistrationIn

        fields = {
            "extension": extension,
            "device": device,
            "contact_address": contact_address,
            "real_address": real_address,
            "expires": expires,
            "country": country,
        }
        loaded = load(
            RegistrationIn, {name: one for name, one in fields.items() if one is not None}
        )
        with self.world.change():
            return register_device(self.world, loaded) or {}

    def unregister(self, extension: int | str) -> None:
        """None of the extension's phones is online any more.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone.
        """
        self.register(extension, contact_address="*", expires=0)

    def extension(self, name_or_id: int | str) -> Extension:
        """The extension with that id, number or whole name.

        Raises:
            NotFoundError: there is none; the nearest is named.
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
            InvalidError: neither `to` nor `did` is given, or the script cannot be followed.
        """
        return originate.incoming(self.world, caller, to, did=did, name=name, script=script)

    def outgoing_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials a number outside.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone, or the script cannot be followed.
        """
        return originate.outgoing(self.world, extension, to, script=script)

    def internal_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> Call:
        """The extension's phone dials another extension.

        Raises:
            NotFoundError: there is no such extension; the nearest is named.
            InvalidError: it is no phone, or the script cannot be followed.
        """
        return originate.internal(self.world, extension, to, script=script)

    def message(self, from_: str, to: str, text: str) -> None:
        """A text message came in when `to` is a phone of the PBX, and went out when `from_` is.

        Raises:
            NotFoundError: neither is.
            InvalidError: the extension is no phone.
        """
        originate.message(self.world, from_, to, text)

    def deliver_to(self, url_prefix: str, target: Callable[..., Any]) -> None:
        """Events for urls with that prefix reach the target in this process, not the network.

        The target is a WSGI application, a function of the request, or one of method, url,
        headers and body; a function answers a status, (status, body), or None for 200.

        Raises:
            TypeError: it takes another number of parameters, or is asynchronous.
            ValueError: the prefix is none of an http address.
        """
        if not str(url_prefix).startswith(("http://", "https://")):
            raise ValueError(f"url_prefix: {url_prefix!r} is no beginning of an http address")
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

    @property
    def faults(self) -> FaultRules:
        """The rules by which requests go wrong: `faults.add("POST /oauth/token", status=503)`."""
        from .fault_rules import FaultRules

        return FaultRules(self.world, self._catalog)

    def session(self) -> Session:
        """A requests session that needs no socket for this PBX.

        It finds the PBX at `http://mockpbx.test` and, once it exists, at `url`; other hosts are
        asked over the network.

        Raises:
            ImportError: requests is not installed.
        """
        with _installed("requests"):
            from ..doors.for_requests import Session
        return Session(self._ask, self._is_here)

    def httpx_transport(self) -> Transport:
        """A transport for `httpx.Client` and `httpx.AsyncClient` that needs no socket.

        It finds the PBX at `http://mockpbx.test` and, once it exists, at `url`; other hosts are
        asked over the network.

        Raises:
            ImportError: httpx is not installed.
        """
        with _installed("httpx"):
            from ..doors.for_httpx import Transport
        return Transport(self._ask, self._is_here)

    def intercept(self, base_url: str, *, only: bool = False) -> Route:
        """What requests, httpx and urllib.request ask of that host reaches this PBX.

        For `with`, or as a decorator of plain and asynchronous functions. The host is that of
        `base_url`, under its scheme and port; its path is left aside. It counts for the whole
        process. Other hosts are asked as ever, or refused with `only`, as if nobody listened
        there. A library that is not installed is left alone, and urllib3 used by itself as well.

        Raises:
            ValueError: that is no address of a host.
        """
        from ..doors.routes import Route

        route = Route(self._ask, base_url, only=only, is_here=self._is_here)
        self._routes.append(route)
        return route

    def add_extension(
        self,
        name: str | None = None,
        type: str = "phone",
        *,
        client: int | None = None,
        register: bool = False,
        **fields: Any,
    ) -> Extension:
        """The PBX has one more extension, by the rules of its API.

        Without a name it gets the first free number. `fields` are those of an extension and of
        its type: `label="Reception", record_enabled=True`. With `register` the phone is online.

        Raises:
            InvalidError: a field is unknown or breaks its rule; each is named.
            NotFoundError: there is no such client.
        """
        from .provisioning import add_extension

        if not isinstance(register, bool):
            raise InvalidError((), f"register: must be True or False, not {register!r}")
        with self.world.change():
            extension = add_extension(self.world, name, type, client, fields)
            if register:
                self.register(extension.id)
            return extension

    def snapshot(self) -> Snapshot:
        """The state, clock and identifiers as they are now, for `restore`."""
        with self.world.lock:
            return self.world.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """The PBX is as at that snapshot, any number of times; requests and deliveries stay."""
        if not isinstance(snapshot, Snapshot):
            raise TypeError(f"snapshot: must be what snapshot() answered, not {snapshot!r}")
        with self.world.lock:
            self.world.restore(snapshot)

    def fork(self) -> MockPBX:
        """Another PBX in the same state, with its own address and requests; receivers go along.

        It ends with this one.
        """
        with self.world.lock:
            twin = MockPBX.of_world(self.world.fork())
        twin._outbox.transport.take_receivers(self._outbox.transport)
        self._forks.append(twin)
        return twin

    def assert_requested(
        self,
        method: str,
        path: str,
        *,
        times: int | None = None,
        at_least: int | None = None,
        within: float = 0,
        **asked: Any,
    ) -> None:
        """Such a request came: `times` exactly, or `at_least` so often, or once and more.

        The path is that of the documentation, `/extension/{id}/event/`, or of one request. `json`
        and `form` are the whole body; `query` and `headers` what must be there among others. With
        `within` it is waited for, so many seconds of real time.

        Raises:
            AssertionError: it did not; the nearest requests are shown with what differed.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True  # pytest shows the line of the test, and none of ours
        verdict = self._verify(method, path, Count(times, at_least), within, asked)
        if not verdict.verified:
            raise AssertionError(verdict.failure)

    def assert_not_requested(self, method: str, path: str, **asked: Any) -> None:
        """No such request came; what may be asked is as in `assert_requested`.

        Raises:
            AssertionError: one did.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True
        verdict = self._verify(method, path, Count(times=0), asked.pop("within", 0), asked)
        if not verdict.verified:
            raise AssertionError(verdict.failure)

    def wait_for_request(
        self, method: str, path: str, *, timeout: float = 5, **asked: Any
    ) -> Exchange:
        """The first such request, which may come within so many seconds of real time.

        Raises:
            AssertionError: it did not; the nearest requests are shown with what differed.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True
        from .verification.asking import check_seconds

        check_seconds("timeout", timeout)
        verdict = self._verify(method, path, Count(), timeout, asked)
        if not verdict.verified:
            raise AssertionError(verdict.failure)
        return cast("Exchange", verdict.matched[0])

    def wait_for_delivery(
        self,
        event_type: str | None = None,
        *,
        extension: int | str | None = None,
        url: str | None = None,
        data: Mapping[str, Any] | None = None,
        timeout: float = 5,
    ) -> Delivery:
        """The first such event that was sent, within so many seconds of real time.

        `data` is what the event tells, among others: `{"CallStatus": "CANCEL"}`. Whether the
        receiver took it is in the delivery's `ok` and `attempts`.

        Raises:
            AssertionError: there was none; those that were sent are shown.
            NotFoundError: there is no such extension; the nearest is named.
        """
        __tracebackhide__ = True
        from .verification import deliveries
        from .verification.asking import check_seconds

        check_seconds("timeout", timeout)
        number = None if extension is None else self.extension(extension).id
        wanted = deliveries.Wanted(event_type, number, url, data or {})
        return deliveries.wait_for(self.world, wanted, timeout)

    def assert_all_answered(self) -> None:
        """Every event that was sent up to now was answered with a 2xx in the end.

        Raises:
            AssertionError: some were not; what their receivers said is shown.
        """
        from .verification.deliveries import unanswered

        __tracebackhide__ = True
        with self.world.change():
            pass  # what is due by now is sent
        text = unanswered([one.as_json() for one in self.world.deliveries])
        if text:
            raise AssertionError(text)

    def story(self) -> str:
        """What happened, as text: requests, notes, deliveries and calls, in the PBX's time."""
        from .verification import story

        world, usual = self._world, Readings()
        with world.lock:
            readings = {
                name: getattr(world.readings, name)
                for name in choices()
                if getattr(world.readings, name) != getattr(usual, name)
            }
            return story.told(
                world.start.name,
                readings,
                [one.as_json() for one in world.journal],
                list(world.notes),
                [one.as_json() for one in world.deliveries],
                ladders(world),
            )

    def undocumented(self) -> list[str]:
        """The requests to paths that the PBX does not have, a line each."""
        from .verification import story

        return story.undocumented([one.as_json() for one in self._world.journal])

    def reset(self) -> None:
        """The PBX is as at the start; its address and its receivers stay."""
        with self.world.lock:
            self.world.reset()

    def end(self, reason: str) -> None:
        """The PBX is closed, and whoever uses it again is told that reason; its forks as well."""
        self.close()
        self._world.over = reason
        for twin in self._forks:
            twin.end(reason)

    def close(self) -> None:
        """The socket and all connections are closed, and no host is intercepted any more.

        What happened can still be read.
        """
        self._closed = True
        for route in self._routes:
            route.leave()
        if self._owns_server:
            self._shared.close()
        self._outbox.transport.close()

    def __call__(self, function: Callable[..., R]) -> Callable[..., R]:
        """The function, each call of which has a PBX of its own."""
        from ..doors.scope import decorated

        return decorated(
            function, lambda: MockPBX.of_world(World(self.world.start, self.config)), "pbx"
        )

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
        courier = self._world.courier
        assert isinstance(courier, Outbox)
        return courier

    @property
    def _catalog(self) -> Catalog:
        catalog: Catalog = self.app.extensions["mockpbx"].catalog
        return catalog

    def _is_here(self, site: Site | None) -> bool:
        from ..doors.site import site_of

        own = self._shared.own_url
        return site is not None and (
            site.host == self.TEST_HOST or (own is not None and site == site_of(own))
        )

    def _ask(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application, asked for this PBX and no other that is on the server."""
        from ..core.worlds import WORLD

        environ[WORLD] = self.world
        return self._shared.app(environ, start_response)

    def _verify(
        self, method: str, path: str, count: Count, within: float, asked: Mapping[str, Any]
    ) -> Verdict:
        from .verification.asking import verify

        return verify(self.world.journal, self._catalog, method, path, count, within, asked)

    def _application(self) -> Application:
        with self.world.lock:
            for application in self.world.store.all(Application):
                if application.type == AppType.TRUSTED:
                    return application
        raise NotFoundError((), "the world has no trusted application")


@contextmanager
def _installed(library: str) -> Iterator[None]:
    """Say how to get a library that a method needs and that is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise ImportError(f"this needs {library}: pip install {library}", name=library) from error
