"""`/client/{client_id}/current_calls/` and `/extension/{extension_id}/current_calls/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...calls.model import Leg
from ...core.accounts import Client
from ...core.path import CLIENT_ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import ActionIn, CurrentCallOut, CurrentCallsOut

current_calls = Resource(
    "current_calls",
    "Calls that run, and what may be done with them.",
    parameters=(CLIENT_ID, EXTENSION_ID, PathParameter("leg", "call_id")),
)

LIST = "/extension/<extension>/current_calls/"
ITEM = "/extension/<extension>/current_calls/<leg>"


@current_calls.operation(
    "GET",
    "/client/<client>/current_calls/",
    returns=CurrentCallsOut,
    call_api=True,
    facts=["CUR-1", "CUR-3"],
)
def list_current_calls(world: World, client: Client) -> Any:
    """List the running calls of all the client's phones."""
    return model.of_client(world, client)


@current_calls.operation(
    "GET", LIST, returns=CurrentCallsOut, call_api=True, facts=["CUR-1", "CUR-3"]
)
def list_current_calls_of_extension(world: World, extension: Extension) -> Any:
    """List the running calls of one extension."""
    return model.of_extension(world, extension)


@current_calls.operation(
    "GET",
    ITEM,
    item=model.find,
    returns=CurrentCallOut,
    call_api=True,
    facts=["CUR-2"],
    refuses={404: ["CUR-2"]},
)
def get_current_call(world: World, leg: Leg) -> Any:
    """Read one running call."""
    return model.element(world, leg)


@current_calls.operation(
    "PUT",
    ITEM,
    item=model.find,
    body=ActionIn,
    returns=CurrentCallsOut,
    call_api=True,
    facts=["CUR-2"],
    refuses={400: ["CUR-2"], 404: ["CUR-2"]},
)
def steer_current_call(
    world: World, extension: Extension, leg: Leg, fields: Mapping[str, Any]
) -> Any:
    """Do something with one running call; answers what is left of it at the extension."""
    return model.steer(world, extension, leg, fields)


@current_calls.operation(
    "DELETE",
    ITEM,
    item=model.find,
    call_api=True,
    facts=["CUR-2"],
    refuses={404: ["CUR-2"]},
)
def hang_up_current_call(world: World, extension: Extension, leg: Leg) -> None:
    """Hang up."""
    model.hang_up(world, extension, leg)
