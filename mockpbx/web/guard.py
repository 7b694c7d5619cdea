"""Who may pass to an operation, in the order in which refusals win (ERR-11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flask import request

from ..core import access
from ..core.accounts import Principal
from ..core.errors import UnauthorizedError
from ..core.limits import limit_reached
from ..core.world import World
from .journal import Exchange


class Realm(Protocol):
    """What a path parameter names: the module of a resource that owns others."""

    def in_path(
        self, world: World, principal: Principal, text: str, found: Mapping[str, Any]
    ) -> Any:
        """The record named by `text`, given the records `found` before it in the path."""

    def allow(self, principal: Principal, record: Any, found: Mapping[str, Any]) -> None:
        """Refuse a record that the principal has no right to."""


def asking_client(world: World) -> int | None:
    """The client whose user sends the request, before anything is checked; None without one."""
    header = request.headers.get("Authorization")
    with world.lock:
        try:
            return access.authenticate(world.store, world.clock.elapsed(), header).client.id
        except UnauthorizedError:
            return None


#: What a path names inside a realm, found once the right to the realm is proved.
Within = Callable[[World, Mapping[str, Any], str], Any]


class Guard:
    """The checks of access before an operation.

    With one realm for each kind of path parameter that owns others, and for those within a realm
    the function that finds them.
    """

    def __init__(self, realms: Mapping[str, Realm], within: Mapping[str, Within]) -> None:
        self._realms = realms
        self._within = within

    def admit(
        self, exchange: Exchange, method: str, path: Mapping[str, str], *, call_api: bool
    ) -> dict[str, Any]:
        """The records that the path names, once the caller has proved its right to them.

        Raises:
            UnauthorizedError: the token is missing, unknown or expired.
            LimitReachedError: rate limits are on and used up.
            AccessDeniedError: the user or its client is blocked, the application or the user may
                not do this, or the resource is somebody else's.
            NotFoundError: the owner that the path names does not exist.

        Source: ERR-11, ERR-1, ERR-2, ERR-3, ERR-4, ERR-5, ERR-6, ERR-7, ERR-8, GEN-17
        """
        world = exchange.world
        principal = access.authenticate(
            world.store, world.clock.elapsed(), request.headers.get("Authorization")
        )
        exchange.principal = principal
        exchange.allowance = world.usage.count(principal, exchange.at)
        if world.config.rate_limits and exchange.allowance.remaining < 0:
            raise limit_reached("GEN-17", f"{exchange.allowance.limit} requests an hour")
        access.check_blocked(principal)
        access.check_application(principal, call_api=call_api)
        access.check_writing(principal, method)
        found: dict[str, Any] = {}
        for name, text in path.items():
            if name in self._realms:
                found[name] = self._realms[name].in_path(world, principal, text, found)
        for name, record in found.items():
            self._realms[name].allow(principal, record, found)
        for name, text in path.items():
            if name in self._within:
                found[name] = self._within[name](world, found, text)
        return found
