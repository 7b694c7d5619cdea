"""The fixtures: one PBX for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from ..config import Config
from ..core.world import Start, World
from ..testing.mock import MockPBX
from ..testing.remote import RemotePBX
from ..testing.shared_server import SharedServer
from ..worlds import WorldError, read
from . import coverage, settings

_KEY = pytest.StashKey["Fixtures"]()


def of(config: pytest.Config) -> Fixtures:
    """The fixtures of this run."""
    if _KEY not in config.stash:
        config.stash[_KEY] = made = Fixtures(config)
        config.add_cleanup(made.close)
    return config.stash[_KEY]


class Fixtures:
    """One application and one socket for the whole run, and a world of its own for each test.

    So `url` is the same in each test. Between two tests nobody answers there.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._url = settings.setting(config, "url", settings.url)
        self._control_token = settings.setting(config, "control_token", str)
        host = settings.setting(config, "host", str) or "127.0.0.1"
        port = settings.setting(config, "port", settings.port) or 0
        if port:
            port += settings.worker(config)
        self._starts: dict[Any, tuple[Any, Start]] = {}
        self._world: World | None = None
        self._lasting: World | None = None
        self._in_use = False
        self._shared = SharedServer(self._present, host, port)

    def _present(self) -> World:
        assert self._world is not None
        return self._world

    @contextmanager
    def one(
        self, request: pytest.FixtureRequest, given: Any, fixture: Any, reading: Any
    ) -> Iterator[MockPBX]:
        """Make the test's PBX, in a state of its own."""
        with _told():
            marks = settings.marked(request.node)
            config = settings.resolved(self._config, marks, given, fixture, reading)
            pbx = self._remote(config) if self._url else self._local(config)
        _enlist(request, "mockpbx", pbx)
        try:
            yield pbx
        finally:
            self._exit(pbx, request)

    @contextmanager
    def several(
        self, request: pytest.FixtureRequest, given: Any, fixture: Any, reading: Any
    ) -> Iterator[Callable[..., MockPBX]]:
        """The test makes as many as it wants, each with an address of its own."""
        made: list[MockPBX] = []

        def make(world: Any = None, **changes: Any) -> MockPBX:
            with _told():
                if self._url:
                    raise ValueError("make_mockpbx is not for a PBX at --mockpbx-url")
                marks = settings.marked(request.node)
                config = settings.resolved(self._config, marks, given, fixture, reading)
                if world is not None:
                    changes["world"] = world
                config = config.but(**changes)
                pbx = MockPBX.of_world(World(self._start(config.world), config))
            made.append(pbx)
            _enlist(request, f"mockpbx {len(made)}", pbx)
            return pbx

        with ExitStack() as exits:

            def leave() -> None:
                for pbx in made:
                    self._exit(pbx, request)

            exits.callback(leave)
            yield make

    @contextmanager
    def serve(self, request: pytest.FixtureRequest, given: Any, fixture: Any) -> Iterator[MockPBX]:
        """For the whole run there is a PBX, at the address at which each test's own answers."""
        with _told():
            config = settings.resolved(self._config, {}, given, fixture, None)
            if self._url:
                yield self._remote(config)
                return
            world = World(self._start(config.world), config)
        self._lasting = world
        if not self._in_use:
            self._world = world
            self._shared.enter(world)
        pbx = MockPBX.of_world(world, self._shared)
        assert pbx.url  # the socket is open
        try:
            yield pbx
        finally:
            coverage.add(self._config, world.exercised)
            self._lasting = None

    def close(self) -> None:
        """Close the socket."""
        self._shared.close()

    def _local(self, config: Config) -> MockPBX:
        world = World(self._start(config.world), config)
        self._world, self._in_use = world, True
        self._shared.enter(world)
        return MockPBX.of_world(world, self._shared)

    def _remote(self, config: Config) -> Any:
        assert self._url is not None
        worker = getattr(self._config, "workerinput", {}).get("workerid")
        url = f"{self._url}/worlds/{worker}" if worker else self._url
        pbx = RemotePBX(url, self._control_token)
        pbx.begin(config)
        return pbx

    def _exit(self, pbx: Any, request: pytest.FixtureRequest) -> None:
        reason = f"this PBX belonged to the test {request.node.nodeid}, which is over"
        if isinstance(pbx, MockPBX):
            coverage.add(self._config, pbx.world.exercised)
            if pbx.world is self._world:
                self._in_use = False
                if self._lasting is not None:
                    self._world = self._lasting
                    self._shared.enter(self._lasting)
        else:
            coverage.add(self._config, pbx.exercised())
        pbx.end(reason)

    def _start(self, source: Any) -> Start:
        """What worlds start from, read once in a run."""
        if isinstance(source, (str, Path)):
            path = Path(source)
            key: Any = (str(source), path.stat().st_mtime_ns if path.is_file() else None)
        else:
            key = id(source)
        if key not in self._starts:
            self._starts[key] = source, read(source)
        return self._starts[key][1]


def _enlist(request: pytest.FixtureRequest, name: str, pbx: Any) -> None:
    worlds = request.node.__dict__.setdefault("_mockpbx", [])
    worlds.append((name, pbx))


@contextmanager
def _told() -> Iterator[None]:
    """Say what is wrong without a traceback."""
    try:
        yield
    except (ValueError, WorldError, TypeError, OSError) as error:
        raise pytest.fail.Exception(f"mockpbx: {error}", pytrace=False) from None
