"""A test double of a PBX's HTTP API: offline, in one process, and honest about what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import catalog as catalog
    from .app import create_app
    from .config import Config, Quirks
    from .core.errors import (
        AccessDeniedError,
        ConflictError,
        InvalidError,
        LimitReachedError,
        MisdirectedError,
        NotFoundError,
        RefusalError,
        UnauthorizedError,
    )
    from .core.world import World
    from .readings import Readings
    from .server.socket import ServerError
    from .testing.call import Call, CallList
    from .testing.clock import Clock
    from .testing.fault_rules import Fault, FaultRules
    from .testing.mock import MockPBX
    from .testing.remote import RemoteError, RemotePBX
    from .testing.results import (
        Agent,
        Attempt,
        Coverage,
        Delivery,
        Extension,
        Leg,
        Mail,
        Note,
        Registration,
        Request,
        Snapshot,
        WorldEntry,
    )
    from .worlds import WorldError

__version__ = "0.1.0"

__all__ = [
    "AccessDeniedError",
    "Agent",
    "Attempt",
    "Call",
    "CallList",
    "Clock",
    "Config",
    "ConflictError",
    "Coverage",
    "Delivery",
    "Extension",
    "Fault",
    "FaultRules",
    "InvalidError",
    "Leg",
    "LimitReachedError",
    "Mail",
    "MisdirectedError",
    "MockPBX",
    "NotFoundError",
    "Note",
    "Quirks",
    "Readings",
    "RefusalError",
    "Registration",
    "RemoteError",
    "RemotePBX",
    "Request",
    "ServerError",
    "Snapshot",
    "UnauthorizedError",
    "World",
    "WorldEntry",
    "WorldError",
    "__version__",
    "create_app",
]

# A test run pays for this import even when no test uses mockpbx, so every name waits for its use.
# What is composed in `app` is asked for here by the modules that `app` itself is made of.
# `dir` does not list them: freezegun reads all that it lists, in every module, at each freeze.
_NAMES = {
    "app": (
        "catalog",
        "create_app",
    ),
    "config": (
        "Config",
        "Quirks",
    ),
    "core.errors": (
        "AccessDeniedError",
        "ConflictError",
        "InvalidError",
        "LimitReachedError",
        "MisdirectedError",
        "NotFoundError",
        "RefusalError",
        "UnauthorizedError",
    ),
    "core.world": ("World",),
    "readings": ("Readings",),
    "server.socket": ("ServerError",),
    "testing.call": (
        "Call",
        "CallList",
    ),
    "testing.clock": ("Clock",),
    "testing.fault_rules": (
        "Fault",
        "FaultRules",
    ),
    "testing.mock": ("MockPBX",),
    "testing.remote": (
        "RemoteError",
        "RemotePBX",
    ),
    "testing.results": (
        "Agent",
        "Attempt",
        "Coverage",
        "Delivery",
        "Extension",
        "Leg",
        "Mail",
        "Note",
        "Registration",
        "Request",
        "Snapshot",
        "WorldEntry",
    ),
    "worlds": ("WorldError",),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return globals()[name]
