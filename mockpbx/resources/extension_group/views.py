"""`/client/{client_id}/extension_group/`, and the realm `extension_group`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client, ExtensionGroup
from ...core.path import CLIENT_ID, ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from . import model
from .model import GROUP_ID
from .schema import GroupChange, GroupFilter, GroupIn, GroupOut, MemberFilter, MemberOut

extension_group = Resource(
    "extension_group",
    "Groups of extensions.",
    parameters=(CLIENT_ID, GROUP_ID, PathParameter("group", "id", ID)),
)

LIST = "/client/<client>/extension_group/"
ITEM = "/client/<client>/extension_group/<group>"


@extension_group.operation(
    "GET", LIST, query=GroupFilter, returns=GroupOut, many=True, facts=["GRP-1", "GEN-14"]
)
def list_groups(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's groups, one page."""
    return model.listed(world, client, query)


@extension_group.operation(
    "POST", LIST, body=GroupIn, returns=GroupOut, facts=["GRP-1"], refuses={400: ["GRP-1"]}
)
def create_group(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add a group."""
    return model.create(world, client, fields)


@extension_group.operation(
    "PUT",
    ITEM,
    item=model.find,
    body=GroupChange,
    returns=GroupOut,
    facts=["GRP-1"],
    refuses={400: ["GRP-1"], 404: ["GRP-1"]},
)
def change_group(world: World, group: ExtensionGroup, fields: Mapping[str, Any]) -> Any:
    """Change a group; what is left out is kept."""
    return model.change(world, group, fields)


@extension_group.operation(
    "DELETE", ITEM, item=model.find, facts=["GRP-1"], refuses={404: ["GRP-1"]}
)
def delete_group(world: World, group: ExtensionGroup) -> None:
    """Delete a group; its extensions stay, its users go."""
    model.delete(world, group)


@extension_group.operation(
    "GET",
    "/extension_group/<extension_group>/extension/",
    query=MemberFilter,
    returns=MemberOut,
    many=True,
    call_api=True,
    facts=["GRP-1", "EXT-1", "AUT-10", "AUT-16", "GEN-14"],
    refuses={404: ["GRP-1"]},
)
def list_group_extensions(
    world: World, extension_group: ExtensionGroup, query: Mapping[str, Any]
) -> Any:
    """List the extensions of a group, one page."""
    return model.extensions(world, extension_group, query)
