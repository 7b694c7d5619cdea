"""`/extension/{extension_id}/queue/status/`."""

from __future__ import annotations

from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import QueueStatusOut

queue_status = Resource(
    "queue_status", "Who waits in a queue, and who takes its calls.", parameters=(EXTENSION_ID,)
)


@queue_status.operation(
    "GET",
    "/extension/<extension>/queue/status/",
    returns=QueueStatusOut,
    facts=["QUE-1"],
    refuses={404: ["QUE-1"]},
)
def get_queue_status(world: World, extension: Extension) -> Any:
    """Read who waits in a queue, and what its agents do."""
    return model.shown(world, extension)
