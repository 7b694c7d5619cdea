"""`/extension/{extension_id}/message/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import MessageFilter, MessageOut

message = Resource("message", "Text messages that phones sent and got.", parameters=(EXTENSION_ID,))


@message.operation(
    "GET",
    "/extension/<extension>/message/",
    needs=model.of_phone,
    query=MessageFilter,
    returns=MessageOut,
    many=True,
    facts=["MSG-1", "GEN-14"],
    refuses={404: ["MSG-1"]},
)
def list_messages(world: World, extension: Extension, query: Mapping[str, Any]) -> Any:
    """List a phone's messages, one page, the newest first."""
    return model.listed(world, extension, query)
