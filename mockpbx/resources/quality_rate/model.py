"""How those who talked rated their calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.clock import stamp
from ...core.paging import page_in_time
from ...core.world import World


@dataclass(frozen=True, slots=True)
class QualityRate:
    """One rating, which comes with the world file.

    Source: REC-7 (observed)
    """

    TABLE: ClassVar[str] = "quality_rate"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    extension_id: int
    call_uuid: str
    at: datetime
    rate: int
    max_rate: int = 5


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The client's ratings of that time, one page of them.

    Source: REC-7, GEN-14 (observed, assumed)
    """
    found = world.store.of(QualityRate, "client_id", client.id)
    return [_shown(one) for one in page_in_time(found, lambda one: one.at, query)]


def _shown(one: QualityRate) -> dict[str, Any]:
    names = ("id", "client_id", "extension_id", "rate", "max_rate")
    shown = {name: getattr(one, name) for name in names}
    return {**shown, "call_uuid": one.call_uuid.upper(), "datetime": stamp(one.at)}
