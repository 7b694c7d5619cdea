"""`/client/{client_id}/did/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID, ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from . import model
from .model import Did
from .schema import DidChange, DidFilter, DidOut

did = Resource(
    "did",
    "Public numbers, and where they lead.",
    parameters=(CLIENT_ID, PathParameter("did", "id", ID)),
)

LIST = "/client/<client>/did/"
ITEM = "/client/<client>/did/<did>"


@did.operation("GET", LIST, query=DidFilter, returns=DidOut, many=True, facts=["DID-1", "GEN-14"])
def list_dids(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's public numbers, one page."""
    return model.listed(world, client, query)


@did.operation(
    "GET", ITEM, item=model.find, returns=DidOut, facts=["DID-1"], refuses={404: ["DID-1"]}
)
def get_did(did: Did) -> Any:
    """Read one public number."""
    return did


@did.operation(
    "PUT",
    ITEM,
    item=model.find,
    body=DidChange,
    returns=DidOut,
    facts=["DID-1"],
    refuses={400: ["DID-1"], 404: ["DID-1"]},
)
def change_did(world: World, did: Did, fields: Mapping[str, Any]) -> Any:
    """Let a public number lead to another extension, or nowhere."""
    return model.change(world, did, fields)
