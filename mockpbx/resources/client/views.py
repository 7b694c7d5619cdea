"""`/client/{client_id}/client/`, and what else is told of a client."""

from __future__ import annotations

from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import space
from .schema import AliasOut, ClientOut, DiskSpaceOut

client = Resource("client", "The client itself.", parameters=(CLIENT_ID,))


@client.operation("GET", "/client/<client>/client/", returns=ClientOut, facts=["CLI-1"])
def get_client(client: Client) -> Any:
    """Read the client: one object, although the path is that of a list."""
    return client


@client.operation("GET", "/client/client_info/<client>/", returns=ClientOut, facts=["CLI-2"])
def get_client_info(client: Client) -> Any:
    """Read the client under its other address."""
    return client


@client.operation("GET", "/client/<client>/disk_space/", returns=DiskSpaceOut, facts=["DSK-1"])
def get_disk_space(world: World, client: Client) -> Any:
    """Read how many bytes the client's files take, out of how many."""
    return space.taken(world, client)


@client.operation("GET", "/client/<client>/alias/", returns=AliasOut, many=True, facts=["CLI-2"])
def list_aliases(client: Client) -> Any:
    """List the client's aliases: there are none."""
    return []
