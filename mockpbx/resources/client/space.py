"""How much room a client's records take."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.accounts import Client
from ...core.world import World
from ..cdr.model import Part
from ..record.model import Record, part_of


def taken(world: World, client: Client) -> dict[str, int]:
    """How many files the client has and how many bytes they take; there are no faxes.

    Source: DSK-1, DSK-2
    """
    records = world.store.of(Record, "client_id", client.id)
    parts = [part_of(world, record) for record in records]
    messages = [part for part in parts if part.result == "voicemail"]
    talks = [part for part in parts if part.result != "voicemail"]
    used = _size(parts)
    return {
        "call_records_count": len(talks),
        "call_records_size": _size(talks),
        "fax_count": 0,
        "fax_size": 0,
        "free_space": max(0, client.total_space - used),
        "total_space": client.total_space,
        "voicemail_count": len(messages),
        "voicemail_size": _size(messages),
    }


def _size(parts: Iterable[Part]) -> int:
    return sum(part.recording.size for part in parts if part.recording is not None)
