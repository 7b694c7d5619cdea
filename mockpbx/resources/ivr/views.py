"""`/extension/{extension_id}/ivr/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import IvrIn, IvrOut

ivr = Resource("ivr", "The settings of a voice menu.", parameters=(EXTENSION_ID,))

PATH = "/extension/<extension>/ivr/"


@ivr.operation(
    "GET", PATH, needs=model.of, returns=IvrOut, facts=["IVR-1"], refuses={404: ["IVR-1"]}
)
def get_ivr(world: World, extension: Extension) -> Any:
    """Read all settings of a voice menu."""
    return model.of(world, extension)


@ivr.operation(
    "PUT",
    PATH,
    needs=model.of,
    body=IvrIn,
    returns=IvrOut,
    facts=["IVR-1"],
    refuses={404: ["IVR-1"]},
)
def change_ivr(world: World, extension: Extension, fields: Mapping[str, Any]) -> Any:
    """Change some settings of a voice menu; the others keep their values."""
    return model.change(world, extension, fields)
