"""`/client/{client_id}/call_history/`, `/calls/` and `/cdr/`, `/extension/{extension_id}/cdr/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.paging import MOST
from ...core.path import CLIENT_ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import answers, model
from .schema import (
    CallFilter,
    CallHistoryOut,
    CallOut,
    CallPage,
    CallsOut,
    CdrOut,
    CdrPage,
    PartFilter,
    StatsOut,
)

call_history = Resource(
    "call_history",
    "Calls that are over.",
    history=True,
    parameters=(CLIENT_ID, EXTENSION_ID, PathParameter("row", "call_uuid")),
)

_DATES = {400: ["GEN-10", "HIS-1"]}


def _page(query: Mapping[str, Any], most: int = MOST) -> dict[str, Any]:
    per_page = min(query["per_page"], most)
    return {"page": query["page"], "per_page": per_page, "order": query["order"]}


@call_history.operation(
    "GET",
    "/client/<client>/call_history/",
    query=CallPage,
    returns=CallHistoryOut,
    call_api=True,
    facts=["HIS-1", "HIS-2", "HIS-3", "HIS-4", "SIM-13", "SIM-14", "GEN-14"],
    refuses=_DATES,
)
def list_history(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List calls with their parts, one page."""
    rows = model.listed(world, client, query)
    shown = [answers.whole(row, world.readings) for row in rows]
    return {**_page(query), "call_history": shown}


@call_history.operation(
    "GET",
    "/client/<client>/calls/",
    query=CallPage,
    returns=CallsOut,
    call_api=True,
    facts=["HIS-1", "HIS-2", "HIS-3", "GEN-14"],
    refuses=_DATES,
)
def list_calls(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List calls without their parts, one page."""
    rows = model.listed(world, client, query)
    return {**_page(query), "calls": [answers.shown(row, world.readings) for row in rows]}


@call_history.operation(
    "GET",
    "/client/<client>/calls/stats/",
    query=CallFilter,
    returns=StatsOut,
    call_api=True,
    facts=["HIS-1", "HIS-7"],
    refuses=_DATES,
)
def count_calls(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """Count calls of each direction."""
    return model.totals(world, client, query)


@call_history.operation(
    "GET",
    "/client/<client>/call_history/<row>",
    item=model.find,
    returns=CallOut,
    call_api=True,
    facts=["HIS-5", "HIS-2", "HIS-4"],
    refuses={404: ["HIS-5"]},
)
def get_call(world: World, row: model.Row) -> Any:
    """Read one call with its parts."""
    return answers.whole(row, world.readings)


@call_history.operation(
    "GET",
    "/client/<client>/cdr/",
    query=CdrPage,
    returns=CdrOut,
    facts=["HIS-1", "HIS-8", "HIS-28"],
    refuses=_DATES,
)
def list_parts(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the parts of calls, one page."""
    return _parts(world, query, model.parts(world, client, query))


@call_history.operation(
    "GET",
    "/extension/<extension>/cdr/",
    query=CdrPage,
    returns=CdrOut,
    facts=["HIS-1", "HIS-8", "HIS-28"],
    refuses=_DATES,
)
def list_own_parts(world: World, extension: Extension, query: Mapping[str, Any]) -> Any:
    """List one extension's parts of calls, one page."""
    client = world.store.get(Client, extension.client_id)
    return _parts(world, query, model.parts(world, client, query, extension.id))


def _parts(
    world: World, query: Mapping[str, Any], found: list[tuple[model.Row, Any]]
) -> dict[str, Any]:
    parts = [answers.element(row, part, world.readings) for row, part in found]
    return {**_page(query, model.MOST_PARTS), "cdr": parts}


@call_history.operation(
    "GET",
    "/client/<client>/cdr/stats/",
    query=PartFilter,
    returns=StatsOut,
    facts=["HIS-1", "HIS-8", "HIS-28"],
    refuses=_DATES,
)
def count_parts(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """Count parts of each direction."""
    return model.part_totals(world, client, query)


@call_history.operation(
    "GET",
    "/extension/<extension>/cdr/stats/",
    query=PartFilter,
    returns=StatsOut,
    facts=["HIS-1", "HIS-8", "HIS-28"],
    refuses=_DATES,
)
def count_own_parts(world: World, extension: Extension, query: Mapping[str, Any]) -> Any:
    """Count one extension's parts of each direction."""
    client = world.store.get(Client, extension.client_id)
    return model.part_totals(world, client, query, extension.id)
