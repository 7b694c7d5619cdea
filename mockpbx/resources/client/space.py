"""How much room a client's records take."""

from __future__ import annotations

from ...core.accounts import Client
from ...core.world import World
from ..call_history.model import Row

#: Bytes that a client has for its records.
TOTAL = 10 * 1024**3


def taken(world: World, client: Client) -> dict[str, int]:
    """Bytes that the client has, and that its records take.

    Source: CLI-2 (assumed)
    """
    world.hooks.settle_history(world, client.id)
    rows = world.store.of(Row, "client_id", client.id)
    recordings = (part.recording for row in rows for part in row.parts)
    return {"total": TOTAL, "used": sum(one.size for one in recordings if one is not None)}
