"""How those who talked rated their calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.paging import page_in_time
from ...core.world import World


@dataclass(frozen=True, slots=True)
class QualityRate:
    """One rating, which comes with the world file.

    Source: REC-7
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

    @property
    def shown_uuid(self) -> str:
        """The call's id as answers write it."""
        return self.call_uuid.upper()


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[QualityRate]:
    """The client's ratings of that time, one page of them.

    Source: REC-7, GEN-14
    """
    found = world.store.of(QualityRate, "client_id", client.id)
    return page_in_time(found, lambda one: one.at, query)
