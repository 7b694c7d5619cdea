"""`/client/{client_id}/extension/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import model
from .model import EXTENSION_ID
from .schema import ExtensionChange, ExtensionFilter, ExtensionIn, ExtensionOut

extension = Resource(
    "extension", "The internal numbers of a client.", parameters=(CLIENT_ID, EXTENSION_ID)
)

LIST = "/client/<client>/extension/"
ITEM = "/client/<client>/extension/<extension>"


@extension.operation(
    "GET",
    LIST,
    query=ExtensionFilter,
    returns=ExtensionOut,
    many=True,
    call_api=True,
    facts=["EXT-1", "EXT-2", "GEN-14"],
)
def list_extensions(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's extensions, one page."""
    return model.listed(world, client, query)


@extension.operation(
    "POST",
    LIST,
    body=ExtensionIn,
    returns=ExtensionOut,
    facts=["EXT-4", "GEN-19"],
    refuses={400: ["EXT-4", "GEN-19", "AUT-15"]},
)
def create_extension(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add an extension to the client."""
    return model.create(world, client, fields)


@extension.operation("GET", ITEM, returns=ExtensionOut, call_api=True, facts=["EXT-5", "EXT-2"])
def get_extension(extension: model.Extension) -> Any:
    """Read one extension."""
    return extension


@extension.operation(
    "PUT",
    ITEM,
    body=ExtensionChange,
    returns=ExtensionOut,
    facts=["EXT-5", "BND-17"],
    refuses={400: ["EXT-5", "GEN-19", "AUT-15"]},
)
def change_extension(world: World, extension: model.Extension, fields: Mapping[str, Any]) -> Any:
    """Change some fields of one extension; the others keep their values."""
    return model.change(world, extension, fields)


@extension.operation("DELETE", ITEM, facts=["EXT-5", "EXT-7", "BND-21"])
def delete_extension(world: World, extension: model.Extension) -> None:
    """Delete one extension with its subscriptions, registrations, properties and bundle links."""
    model.delete(world, extension)
