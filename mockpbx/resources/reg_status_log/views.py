"""`/client/{client_id}/reg_status_log/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import model
from .schema import RegStatusFilter, RegStatusOut

reg_status_log = Resource(
    "reg_status_log", "When phones came online and went.", parameters=(CLIENT_ID,)
)


@reg_status_log.operation(
    "GET",
    "/client/<client>/reg_status_log/",
    query=RegStatusFilter,
    returns=RegStatusOut,
    many=True,
    facts=["REC-7", "GEN-14"],
    refuses={400: ["GEN-10", "REC-7"]},
)
def list_reg_status_log(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List when devices came online and went in a time, one page."""
    return model.listed(world, client, query)
