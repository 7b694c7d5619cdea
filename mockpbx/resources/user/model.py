"""Users of a client, of its groups and of its extensions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ...core.accounts import Client, ExtensionGroup, Level, User
from ...core.errors import InvalidError, check_all
from ...core.paging import page_matching
from ...core.world import World
from ..extension.model import Extension

#: The field that makes a user one of that level, and what it refers to.
OWNERS: dict[Level, tuple[str, type[Extension] | type[ExtensionGroup]]] = {
    Level.EXTENSION: ("extension_id", Extension),
    Level.EXTENSION_GROUP: ("extension_group_id", ExtensionGroup),
}


def listed(world: World, client: Client, level: Level, query: Mapping[str, Any]) -> list[User]:
    """One page of the client's users of that level, by rising id, or the one with that login.

    Source: USR-2, GEN-14
    """
    login = query.get("login")
    found = (
        one
        for one in world.store.of(User, "owner_id", client.id)
        if one.level is level and login in (None, one.login)
    )
    return page_matching(found, query["page"], query["per_page"])


def create(world: World, client: Client, level: Level, fields: Mapping[str, Any]) -> User:
    """The client has one more user, who may log in at once.

    Raises:
        InvalidError: the login is taken, or the extension or group is not the client's.

    Source: USR-2, AUT-15
    """
    check_all(
        partial(_check_login, world, fields["login"]),
        partial(_check_owner, world, client, level, fields),
    )
    return world.store.put(User(id=world.store.next_id(User), owner_id=client.id, **fields))


def _check_login(world: World, login: str) -> None:
    if world.store.named(User, login) is not None:
        raise InvalidError("USR-2", f"login: {login} is taken")


def _check_owner(world: World, client: Client, level: Level, fields: Mapping[str, Any]) -> None:
    if level not in OWNERS:
        return
    name, kind = OWNERS[level]
    found: Any = world.store.find(kind, fields[name])
    if found is None or found.client_id != client.id:
        noun = kind.TABLE.replace("_", " ")
        raise InvalidError("USR-2", f"{name}: client {client.id} has no {noun} {fields[name]}")
