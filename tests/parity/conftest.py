"""A PBX of each kind, in the same state: in this process, and on a server in this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from mockpbx import Config, MockPBX, World, create_app
from mockpbx.core.control_access import ControlAccess
from mockpbx.core.worlds import Worlds
from mockpbx.server.socket import Server
from mockpbx.testing.remote import RemotePBX
from mockpbx.testing.shared_server import SharedServer

from .receivers import Receivers, receiving
from .stories.table import NOON

#: With which a server shows what it shows in this process, secrets too.
TOKEN = "parity"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two faces of worlds that are alike to the last identifier."""

    local: MockPBX
    remote: RemotePBX


@dataclass(slots=True)
class Faces:
    """A server for each face, and fresh worlds on both."""

    server: Server
    worlds: Worlds
    shared: SharedServer
    _numbers: Iterator[int] = field(default_factory=count)

    def pair(self) -> Pair:
        """A PBX of each kind in a world of its own; both worlds begin at noon."""
        name = f"parity-{next(self._numbers)}"
        elsewhere = self.worlds.named(name)
        here = World(elsewhere.start, elsewhere.config)
        for world in (here, elsewhere):
            world.clock.move_to(NOON)  # before anything is counted from its start
        self.shared.enter(here)
        local = MockPBX.of_world(here, self.shared)
        return Pair(local, RemotePBX(f"{self.server.url}/worlds/{name}", TOKEN))


@pytest.fixture(scope="session")
def faces() -> Iterator[Faces]:
    app = create_app("office", Config(freeze=True))
    worlds: Worlds = app.extensions["mockpbx"].worlds
    shared = SharedServer(lambda: World(worlds.default.start, worlds.default.config))
    assert shared.app
    with Server(app, port=0, access=ControlAccess(TOKEN)) as server:
        yield Faces(server, worlds, shared)
    shared.close()


@pytest.fixture
def pair(faces: Faces) -> Iterator[Pair]:
    """A PBX of each kind, alike."""
    made = faces.pair()
    yield made
    made.remote.close()


@pytest.fixture(scope="session")
def receivers() -> Iterator[Receivers]:
    with receiving() as made:
        yield made
