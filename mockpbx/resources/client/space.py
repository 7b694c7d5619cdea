"""How much room a client's records take."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.accounts import Client
from ...core.world import World
from ..call_history.model import Row
from ..cdr.model import Part


def taken(world: World, client: Client) -> dict[str, int]:
    """How many files the client has and how many bytes they take; there are no faxes.

    Source: DSK-1, DSK-2 (doc, example)
    """
    world.hooks.settle_history(world, client.id)
    rows = world.store.of(Row, "client_id", client.id)
    parts = [part for row in rows for part in row.parts if part.recording is not None]
    messages = [part for part in parts if part.result == "voicemail"]
    records = [part for part in parts if part.result != "voicemail"]
    used = _size(parts)
    return {
        "call_records_count": len(records),
        "call_records_size": _size(records),
        "fax_count": 0,
        "fax_size": 0,
        "free_space": max(0, client.total_space - used),
        "total_space": client.total_space,
        "voicemail_count": len(messages),
        "voicemail_size": _size(messages),
    }


def _size(parts: Iterable[Part]) -> int:
    return sum(part.recording.size for part in parts if part.recording is not None)
