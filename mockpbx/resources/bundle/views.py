"""`/client/{client_id}/extensions_bundle/{extension_id}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.journal import Exchange
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import BundleIn, BundleOut

bundle = Resource(
    "bundle",
    "Several extensions of one employee, behind a main one.",
    parameters=(CLIENT_ID, EXTENSION_ID),
)

PATH = "/client/<client>/extensions_bundle/<extension>"


@bundle.operation(
    "POST",
    PATH,
    body=BundleIn,
    returns=BundleOut,
    facts=["BND-1", "BND-3", "BND-9", "BND-10", "BND-11", "BND-17"],
    refuses={
        400: ["BND-2", "BND-3", "BND-4", "BND-5", "BND-6", "BND-7", "BND-8", "BND-13"],
    },
)
def set_bundle(
    world: World, extension: Extension, fields: Mapping[str, Any], exchange: Exchange
) -> Any:
    """Set the list of extensions linked to a main extension."""
    if "extension_id" in fields:
        exchange.remarks.append(("BND-3", "the list was sent under the table's name extension_id"))
    return model.link(world, extension, model.chosen(fields))


@bundle.operation(
    "GET",
    PATH,
    returns=BundleOut,
    facts=["BND-1", "BND-10", "BND-13"],
    refuses={400: ["BND-2"]},
)
def get_bundle(world: World, extension: Extension) -> Any:
    """Read the bundle that an extension is in, whether it is the main one or linked."""
    return model.shown(world, extension)


@bundle.operation(
    "DELETE",
    PATH,
    status=200,
    also=(204,),
    returns=BundleOut,
    facts=["BND-1", "BND-10", "BND-12"],
    refuses={400: ["BND-2", "BND-13"]},
)
def untie_bundle(world: World, extension: Extension) -> Any:
    """Untie all extensions from a main extension."""
    empty = model.untie(world, extension)
    return None if world.readings.bundle_delete == "no_content" else empty
