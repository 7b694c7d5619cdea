"""Groups of extensions; an extension is in one group at the most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...core.accounts import Client, ExtensionGroup, Level, Principal, User
from ...core.errors import InvalidError, access_denied, not_found
from ...core.ids import parse_id
from ...core.paging import page_matching, page_of
from ...core.path import ID, ME, PathParameter
from ...core.world import World
from ..extension.model import Extension, matching

#: The group realm in a path.
GROUP_ID = PathParameter("extension_group", "extension_group_id", {"anyOf": [ID, ME]})


def in_path(
    world: World, principal: Principal, text: str, found: Mapping[str, Any]
) -> ExtensionGroup:
    """The group that a path names: by id, or `@me` for a user of one group.

    Raises:
        NotFoundError: there is no such group.
        AccessDeniedError: `@me` is no group for this user.

    Source: AUT-16, GRP-1
    """
    user = principal.user
    number = parse_id(text)
    if text == "@me":
        if user.level is not Level.EXTENSION_GROUP:
            reason = f"@me is a {user.level.value} for this user, not an extension group"
            raise access_denied(reason, "AUT-16")
        number = user.extension_group_id
    group = world.store.find(ExtensionGroup, number) if number is not None else None
    if group is None:
        raise not_found(f"no extension group {text[:40]}", "GRP-1")
    return group


def allow(principal: Principal, group: ExtensionGroup, found: Mapping[str, Any]) -> None:
    """Check that the group is the user's own, or one of its client.

    Raises:
        AccessDeniedError: it does not.

    Source: ERR-2, AUT-15, AUT-16
    """
    user = principal.user
    own = {Level.CLIENT: group.client_id == user.owner_id}
    own[Level.EXTENSION_GROUP] = group.id == user.extension_group_id
    if not own.get(user.level, False):
        raise access_denied(f"extension group {group.id} is not the user's")


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[ExtensionGroup]:
    """One page of the client's groups, by rising id.

    Source: GRP-1, GEN-14
    """
    ids = world.store.ids(ExtensionGroup, "client_id", client.id)
    get = lambda key: world.store.get(ExtensionGroup, key)  # noqa: E731
    return page_of(ids, get, query["page"], query["per_page"])


def extensions(world: World, group: ExtensionGroup, query: Mapping[str, Any]) -> list[Extension]:
    """One page of the group's extensions, of those that the filters let through.

    Source: GRP-1, EXT-1
    """
    client = world.store.get(Client, group.client_id)
    members = (one for one in matching(world, client, query) if one.extension_group_id == group.id)
    return page_matching(members, query["page"], query["per_page"])


def find(world: World, client: Client, text: str) -> ExtensionGroup:
    """The client's group with that id.

    Raises:
        NotFoundError: it has none.

    Source: GRP-1, ERR-6
    """
    found = world.store.find(ExtensionGroup, parse_id(text) or 0)
    if found is None or found.client_id != client.id:
        raise not_found(f"client {client.id} has no extension group {text[:40]}", "GRP-1")
    return found


def create(world: World, client: Client, fields: Mapping[str, Any]) -> ExtensionGroup:
    """The client has one more group.

    Raises:
        InvalidError: another one has that name.

    Source: GRP-1
    """
    _check_free(world, client.id, fields["name"])
    number = world.store.next_id(ExtensionGroup)
    return world.store.put(ExtensionGroup(number, client.id, **fields))


def change(world: World, group: ExtensionGroup, fields: Mapping[str, Any]) -> ExtensionGroup:
    """The group has these values; what is left out is kept.

    Raises:
        InvalidError: another one has that name.

    Source: GRP-1
    """
    if fields.get("name", group.name) != group.name:
        _check_free(world, group.client_id, fields["name"])
    return world.store.put(replace(group, **fields))


def delete(world: World, group: ExtensionGroup) -> None:
    """The group is gone: its extensions are in none, and its users are gone.

    Source: GRP-1
    """
    for extension in world.store.of(Extension, "client_id", group.client_id):
        if extension.extension_group_id == group.id:
            world.store.put(replace(extension, extension_group_id=None))
    for user in world.store.of(User, "owner_id", group.client_id):
        if user.extension_group_id == group.id:
            world.store.remove(user)
    world.store.remove(group)


def _check_free(world: World, client_id: int, name: str) -> None:
    if any(one.name == name for one in world.store.of(ExtensionGroup, "client_id", client_id)):
        raise InvalidError("GRP-1", f"name: there is a group {name!r} already")
