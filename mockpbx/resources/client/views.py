"""`/client/{client_id}/client/`."""

from __future__ import annotations

from typing import Any

from ...core.access import Client
from ...web.operation import Resource
from .schema import ClientOut

client = Resource("client", "The client itself.")


@client.operation("GET", "/client/<client>/client/", returns=ClientOut, facts=["CLI-1"])
def get_client(client: Client) -> Any:
    """Read the client: one object, although the path is that of a list."""
    return client
