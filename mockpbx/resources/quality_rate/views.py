"""`/client/{client_id}/quality_rate/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import model
from .schema import QualityRateFilter, QualityRateOut

quality_rate = Resource(
    "quality_rate", "How those who talked rated their calls.", parameters=(CLIENT_ID,)
)


@quality_rate.operation(
    "GET",
    "/client/<client>/quality_rate/",
    query=QualityRateFilter,
    returns=QualityRateOut,
    many=True,
    facts=["REC-7", "GEN-14"],
    refuses={400: ["GEN-10", "REC-7"]},
)
def list_quality_rates(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the ratings of a time, one page."""
    return model.listed(world, client, query)
