"""`/extension/{extension_id}/ani/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import AniIn, AniOut

ani = Resource(
    "ani", "The number that an extension's calls show outside.", parameters=(EXTENSION_ID,)
)

PATH = "/extension/<extension>/ani/"


@ani.operation("GET", PATH, returns=AniOut, facts=["ANI-1"])
def get_ani(world: World, extension: Extension) -> Any:
    """Read the number that calls of the extension show."""
    return model.shown(world, extension)


@ani.operation("PUT", PATH, body=AniIn, returns=AniOut, facts=["ANI-1"], refuses={400: ["ANI-1"]})
def change_ani(world: World, extension: Extension, fields: Mapping[str, Any]) -> Any:
    """Let calls of the extension show another number."""
    return model.change(world, extension, fields)
