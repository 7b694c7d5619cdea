"""The worlds of one application, by name."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import InvalidError, LimitReachedError, NotFoundError
from .world import Start, World

if TYPE_CHECKING:
    from ..config import Config

#: Where whoever asks in process names the world that it means.
WORLD = "mockpbx.of"
#: What a world may be called.
NAME = r"[A-Za-z0-9_.-]{1,64}"


class Worlds:
    """The worlds of one application: the default one, and others by name, made on first use.

    When there are as many as may be, the one that was used least lately among those that nobody
    changed makes way for a new one; `dropped` counts them.
    """

    LIMIT = 1000

    def __init__(self, default: World) -> None:
        self.default = default
        self.dropped = 0
        #: The one that was used last comes last.
        self._named: dict[str, World] = {}
        self._lock = threading.Lock()

    def named(self, name: str) -> World:
        """The world of that name, a fresh one the first time.

        Raises:
            LimitReachedError: there are as many as the server keeps, and all were changed.
        """
        with self._lock:
            world = self._named.pop(name, None)
            if world is None:
                self._make_room()
                world = self._made(name, self.default.start, self.default.start_config)
            self._named[name] = world
            return world

    def put(self, name: str, start: Start, config: Config) -> World:
        """Put a fresh world in the place of the one of that name.

        Raises:
            InvalidError: that is no name.
            LimitReachedError: as `named`.
        """
        if not re.fullmatch(NAME, name):
            raise InvalidError((), "name: must be 1 to 64 letters, digits, _ . -")
        with self._lock:
            if self._named.pop(name, None) is None:
                self._make_room()
            self._named[name] = self._made(name, start, config)
            return self._named[name]

    def remove(self, name: str) -> None:
        """Forget the world of that name.

        Raises:
            NotFoundError: there was none.
        """
        with self._lock:
            if self._named.pop(name, None) is None:
                raise NotFoundError((), f"there is no world {name[:64]}")

    def by_name(self) -> Mapping[str, World]:
        """All but the default one, the one that was used last at the end."""
        with self._lock:
            return dict(self._named)

    def all(self) -> list[World]:
        """The worlds that there are, the default one first."""
        with self._lock:
            return [self.default, *self._named.values()]

    def _made(self, name: str, start: Start, config: Config) -> World:
        # Its tokens and CallIDs are others than those of the default world and the rest.
        seed = config.seed + zlib.crc32(name.encode())
        world = World(start, replace(config, seed=seed))
        world.moved = self.default.moved
        return world

    def _make_room(self) -> None:
        if len(self._named) < self.LIMIT:
            return
        idle = next((name for name, one in self._named.items() if not one.is_changed), None)
        if idle is None:
            text = (
                f"there are {self.LIMIT} worlds, and all were changed; delete those that are done"
            )
            raise LimitReachedError((), f"{text} with: DELETE /_mockpbx/worlds/NAME")
        del self._named[idle]
        self.dropped += 1
