"""The worlds of one application, by name."""

from __future__ import annotations

import threading
import zlib
from dataclasses import replace

from .world import World

#: Where whoever asks in process names the world that it means.
WORLD = "mockpbx.of"


class Worlds:
    """The worlds of one application: the default one, and others by name, made on first use."""

    LIMIT = 1000

    def __init__(self, default: World) -> None:
        self.default = default
        self._named: dict[str, World] = {}
        self._lock = threading.Lock()

    def named(self, name: str) -> World:
        """The world of that name, a fresh one the first time.

        Raises:
            LookupError: there are as many as the server keeps.
        """
        with self._lock:
            if name not in self._named:
                if len(self._named) >= self.LIMIT:
                    raise LookupError(name)
                config = self.default.config
                # Its tokens and CallIDs are others than those of the default world and the rest.
                seed = config.seed + zlib.crc32(name.encode())
                world = World(self.default.start, replace(config, seed=seed))
                world.moved = self.default.moved
                self._named[name] = world
            return self._named[name]

    def names(self) -> list[str]:
        """The names of all but the default one."""
        with self._lock:
            return list(self._named)

    def all(self) -> list[World]:
        """The worlds that there are, the default one first."""
        with self._lock:
            return [self.default, *self._named.values()]
