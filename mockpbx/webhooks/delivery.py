"""One event for one receiver, and how it was taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.world import World
from ..resources.event.model import EventType
from .transport import Outcome, Request, request_for

#: Bytes that a delivery, and an attempt, takes without what differs.
ENTRY_BYTES, ATTEMPT_BYTES = 3000, 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a receiver and what came of it."""

    at: datetime
    outcome: Outcome


@dataclass(slots=True, eq=False, repr=False)
class Delivery:
    """One event for one url, and the attempts to tell it."""

    id: int
    subscription_id: int
    extension_id: int
    event_type: str
    url: str
    request: Request
    data: tuple[tuple[str, str], ...]
    world: World
    at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    sent: bool = False
    sample: bool = False

    def __repr__(self) -> str:
        return f"<Delivery {self.id} {self.event_type} {self.url} -> {self.status}>"

    @classmethod
    def of(
        cls,
        world: World,
        subscription: Any,
        extension_id: int,
        event_type: EventType,
        data: tuple[tuple[str, str], ...],
    ) -> Delivery:
        """The delivery of that event to that subscription.

        Raises:
            ValueError: there is no such type of event.

        Source: DLV-1, DLV-2, DLV-3
        """
        in_header = world.readings.event_get == "header"
        request = request_for(subscription.url, subscription.method, data, in_header=in_header)
        return cls(
            id=world.deliveries.number(),
            subscription_id=subscription.id,
            extension_id=extension_id,
            event_type=EventType(event_type).value,
            url=subscription.url,
            request=request,
            data=data,
            world=world,
            at=world.now(),
        )

    @property
    def status(self) -> int | None:
        """What the receiver said last, or None when it said nothing."""
        return self.attempts[-1].outcome.status if self.attempts else None

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes before it is sent."""
        return ENTRY_BYTES + 2 * (len(self.request.url) + len(self.request.body))

    @property
    def ok(self) -> bool:
        """Whether the last attempt was answered with a 2xx."""
        return self.status is not None and 200 <= self.status < 300
