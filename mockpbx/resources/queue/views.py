"""`/extension/{extension_id}/queue/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import QueueIn, QueueOut

queue = Resource("queue", "The settings of a queue.", parameters=(EXTENSION_ID,))

PATH = "/extension/<extension>/queue/"


@queue.operation(
    "GET", PATH, needs=model.of, returns=QueueOut, facts=["QUE-1"], refuses={404: ["QUE-1"]}
)
def get_queue(world: World, extension: Extension) -> Any:
    """Read all settings of a queue."""
    return model.of(world, extension)


@queue.operation(
    "PUT",
    PATH,
    needs=model.of,
    body=QueueIn,
    returns=QueueOut,
    facts=["QUE-1"],
    refuses={404: ["QUE-1"]},
)
def change_queue(world: World, extension: Extension, fields: Mapping[str, Any]) -> Any:
    """Change some settings of a queue; the others keep their values."""
    return model.change(world, extension, fields)
