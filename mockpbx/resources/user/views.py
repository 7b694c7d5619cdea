"""`/user/`, and `/client/{client_id}/user/…/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client, Level, Principal
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import model
from .schema import AccountOut, ExtensionUserIn, GroupUserIn, UserFilter, UserIn, UserOut

user = Resource("user", "Users.", parameters=(CLIENT_ID,))

_LIST = "/client/<client>/user"
_FACTS = ["USR-2", "AUT-15"]
_TAKEN = {400: ["USR-2"]}


@user.operation(
    "GET", "/user/", returns=UserOut, call_api=True, facts=["USR-1", "AUT-15", "AUT-18"]
)
def get_user(principal: Principal) -> Any:
    """Read the user to whom the token belongs."""
    return principal.user


@user.operation(
    "GET", f"{_LIST}/client/", query=UserFilter, returns=AccountOut, many=True, facts=_FACTS
)
def list_client_users(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's users of the whole client, one page."""
    return model.listed(world, client, Level.CLIENT, query)


@user.operation(
    "POST", f"{_LIST}/client/", body=UserIn, returns=AccountOut, facts=_FACTS, refuses=_TAKEN
)
def create_client_user(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add a user of the whole client."""
    return model.create(world, client, Level.CLIENT, fields)


@user.operation(
    "GET", f"{_LIST}/extension/", query=UserFilter, returns=AccountOut, many=True, facts=_FACTS
)
def list_extension_users(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's users of one extension, one page."""
    return model.listed(world, client, Level.EXTENSION, query)


@user.operation(
    "POST",
    f"{_LIST}/extension/",
    body=ExtensionUserIn,
    returns=AccountOut,
    facts=_FACTS,
    refuses=_TAKEN,
)
def create_extension_user(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add a user of one extension."""
    return model.create(world, client, Level.EXTENSION, fields)


@user.operation(
    "GET",
    f"{_LIST}/extension_group/",
    query=UserFilter,
    returns=AccountOut,
    many=True,
    facts=_FACTS,
)
def list_group_users(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's users of one group, one page."""
    return model.listed(world, client, Level.EXTENSION_GROUP, query)


@user.operation(
    "POST",
    f"{_LIST}/extension_group/",
    body=GroupUserIn,
    returns=AccountOut,
    facts=_FACTS,
    refuses=_TAKEN,
)
def create_group_user(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add a user of one group."""
    return model.create(world, client, Level.EXTENSION_GROUP, fields)
