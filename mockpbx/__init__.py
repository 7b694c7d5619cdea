"""A test double of a PBX's HTTP API: offline, in one process, and honest about what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import catalog as catalog
    from .app import create_app
    from .config import Config
    from .core.world import World
    from .readings import Readings
    from .testing.mock import MockPBX

__version__ = "0.1.0"

__all__ = ["Config", "MockPBX", "Readings", "World", "__version__", "create_app"]

# A test run pays for this import even when no test uses mockpbx, so every name waits for its use.
# What is composed in `app` is asked for here by the modules that `app` itself is made of.
# `dir` does not list them: freezegun reads all that it lists, in every module, at each freeze.
_HOMES = {
    "Config": "config",
    "MockPBX": "testing.mock",
    "Readings": "readings",
    "World": "core.world",
    "catalog": "app",
    "create_app": "app",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return globals()[name]
