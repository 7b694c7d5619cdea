"""A PBX in this process, with the doors that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .. import worlds
from ..config import Config
from ..core import masking
from ..core.world import World
from ..webhooks.outbox import Outbox
from ..webhooks.receiver import receiver_of
from .command import Command
from .local import Local
from .pbx import PBX
from .shared_server import SharedServer

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

    from ..core.worlds import Worlds
    from ..doors.for_httpx import Transport
    from ..doors.for_requests import Session
    from ..doors.routes import Route
    from ..doors.site import Site
    from ..web.catalog import Catalog

R = TypeVar("R")
T = TypeVar("T")


class MockPBX(PBX):
    """A PBX of its own, and everything that can happen to it.

    Made from a world's name, file or mapping, or from a `Config`; fields of a configuration may
    follow: `MockPBX("documented", freeze=False)`. As a context manager it is closed at the end. As
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
        self._refused_hosts: list[str] = []
        self._owns_server = shared is None
        self._shared = shared or SharedServer(lambda: world)
        self._local = Local(world, self._catalog, self._worlds)
        super().__init__(self._local)

    @property
    def world(self) -> World:
        """The state of the PBX.

        Raises:
            RuntimeError: the test that the PBX belonged to is over.
        """
        self._world.check()
        return self._world

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

    def deliver_to(
        self, url_prefix: str, target: Callable[..., Any], *, strict: bool = True
    ) -> None:
        """Events for urls with that prefix reach the target in this process, not the network.

        The target is a WSGI or an ASGI application, a function of the request, or one of method,
        url, headers and body; a function answers a status from 100 to 599, (status, body) with
        text or bytes, or None for 200. What it raises fails the test at its end, and a wrong
        answer there and then, unless it is an OSError, as of a broken connection, or `strict` is
        False.

        Raises:
            TypeError: it takes another number of parameters, or is asynchronous.
            ValueError: the prefix is none of an http address.
        """
        if not str(url_prefix).startswith(("http://", "https://")):
            raise ValueError(f"url_prefix: {url_prefix!r} is no beginning of an http address")
        self._outbox.transport.deliver_to(url_prefix, receiver_of(target), strict=strict)

    def check_receivers(self) -> None:
        """No receiver in this process has failed; each failure is told of once.

        Raises:
            Exception: what one raised, with its own traceback.
        """
        for pbx in (self, *self._forks):
            failures = pbx._outbox.transport.failures
            if failures:
                failure = failures[0]
                failures.clear()
                raise failure

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it, and fail when a receiver in this process has."""
        super().__exit__(kind, fault, traceback)
        if fault is None:
            self.check_receivers()

    def session(self, *, passthrough: bool = False) -> Session:
        """A requests session that needs no socket for this PBX.

        It finds the PBX at `http://mockpbx.test` and, once it exists, at `url`. Other hosts are
        refused, as if nobody listened there, or with `passthrough` asked over the network.

        Raises:
            ImportError: requests is not installed.
        """
        with _installed("requests"):
            from ..doors.for_requests import Session
        return Session(self._answer, self._is_here, self._elsewhere(passthrough))

    def httpx_transport(self, *, passthrough: bool = False) -> Transport:
        """A transport for `httpx.Client` and `httpx.AsyncClient` that needs no socket.

        It finds the PBX at `http://mockpbx.test` and, once it exists, at `url`. Other hosts are
        refused, as if nobody listened there, or with `passthrough` asked over the network.

        Raises:
            ImportError: httpx is not installed.
        """
        with _installed("httpx"):
            from ..doors.for_httpx import Transport
        return Transport(self._answer, self._is_here, self._elsewhere(passthrough))

    def intercept(self, base_url: str, *, only: bool = False) -> Route:
        """What requests, httpx, urllib3, urllib.request and aiohttp ask of that host is asked here.

        For `with`, or as a decorator of plain and asynchronous functions. The host is that of
        `base_url`, under its scheme and port; its path is left aside. It counts for the whole
        process. Other hosts are asked as ever, or refused with `only`, as if nobody listened
        there. The host itself is never asked, whatever mock is started meanwhile and passes on. A
        library that is not installed is left alone; aiohttp asks over the socket at `url`.

        Raises:
            ValueError: that is no address of a host.
        """
        from ..doors.routes import Route

        route = Route(
            self._answer, base_url, only=only, is_here=self._is_here, address=lambda: self.url
        )
        self._routes.append(route)
        return route

    def fork(self) -> MockPBX:
        """Another PBX in the same state, with its own address and requests; receivers go along.

        It ends with this one.
        """
        with self.world.lock:
            twin = MockPBX.of_world(self.world.fork())
        twin._outbox.transport.take_receivers(self._outbox.transport)
        self._forks.append(twin)
        return twin

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

    def _catalog(self) -> Catalog:
        found: Catalog = self.app.extensions["mockpbx"].catalog
        return found

    def _worlds(self) -> Worlds:
        found: Worlds = self.app.extensions["mockpbx"].worlds
        return found

    @property
    def _outbox(self) -> Outbox:
        courier = self._world.courier
        assert isinstance(courier, Outbox)
        return courier

    def _is_here(self, site: Site | None) -> bool:
        from ..doors.site import site_of

        own = self._shared.own_url
        return site is not None and (
            site.host == self.TEST_HOST or (own is not None and site == site_of(own))
        )

    def story(self) -> str:
        """What happened, as text: requests, notes, deliveries and calls, in the PBX's time."""
        refused = [f"refused, as it is none of the PBX's: {url}" for url in self._refused_hosts]
        return "\n".join([super().story(), *refused])

    def _elsewhere(self, passthrough: bool) -> Callable[[str], None]:
        """What a door does with an address that is none of this PBX's."""

        def refuse(url: str) -> None:
            shown = masking.text(url)
            self._refused_hosts.append(shown)
            raise ConnectionRefusedError(
                f"{shown} is none of the addresses of this PBX ({self.TEST_URL}, and url); "
                "passthrough=True lets others be asked"
            )

        return (lambda url: None) if passthrough else refuse

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application, asked for this PBX and no other that is on the server."""
        from ..core.worlds import WORLD

        environ[WORLD] = self.world
        return self._shared.app(environ, start_response)

    def _look(self, command: Command[T], /, **path: Any) -> T:
        return self._local.look(command, **path)


@contextmanager
def _installed(library: str) -> Iterator[None]:
    """Say how to get a library that a method needs and that is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise ImportError(f"this needs {library}: pip install {library}", name=library) from error
