"""`/extension/{extension_id}/callback/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.journal import Exchange
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import CallbackIn, CallbackOut

callback = Resource(
    "callback", "Calls that a program starts for an extension.", parameters=(EXTENSION_ID,)
)


@callback.operation(
    "POST",
    "/extension/<extension>/callback/",
    body=CallbackIn,
    returns=CallbackOut,
    call_api=True,
    facts=["CBK-1", "CAL-6", "CAL-7"],
    refuses={400: ["CBK-1"]},
)
def start_callback(
    world: World, extension: Extension, fields: Mapping[str, Any], exchange: Exchange
) -> Any:
    """Ring the first numbers, and dial the other one once somebody picked up."""
    for name in model.strange_anis(world, extension, fields):
        text = f"{name} is ignored: it is no public number of the client"
        exchange.remarks.append(("CBK-1", text))
    return model.start(world, extension, fields)
