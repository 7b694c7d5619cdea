"""Whether receivers were told what they should have been, and took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core import masking
from ...resources.event.model import EventType
from ..invoker import History
from ..results import Delivery
from . import story

EVENT_TYPES = tuple(one.value for one in EventType)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which event is waited for: what is left out may be anything."""

    event_type: str | None = None
    extension_id: int | None = None
    url: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is never sent.

        Raises:
            ValueError: there is no such type of event.
            TypeError: the data is no mapping.
        """
        if not isinstance(self.data, Mapping):
            raise TypeError("data: must be a mapping of names to values")
        if self.event_type is not None and self.event_type not in EVENT_TYPES:
            known = ", ".join(EVENT_TYPES)
            raise ValueError(f"event_type: {self.event_type!r} is none of {known}")

    def is_told(self, one: Delivery) -> bool:
        """Whether that delivery is one."""
        told = one.data
        return (
            self.event_type in (None, one.event_type)
            and self.extension_id in (None, one.extension_id)
            and self.url in (None, one.url)
            and all(name in told and told[name] == text for name, text in self.data.items())
        )

    def missed(self, timeout_s: float, told: Sequence[Delivery]) -> str:
        """What is said when there was none among those that were told."""
        lines = [f"{self} was not delivered within {timeout_s:g} s"]
        lines += ["Delivered:"] if told else ["Nothing was delivered at all."]
        return "\n".join([*lines, *map(story.delivery_line, told)])

    def __str__(self) -> str:
        parts = [self.event_type or "an event"]
        parts += [f"of extension {self.extension_id}"] if self.extension_id is not None else []
        parts += [f"to {masking.text(self.url)}"] if self.url is not None else []
        parts += [f"with {dict(self.data)}"] if self.data else []
        return " ".join(parts)


def wait_for(log: History[Delivery], wanted: Wanted, timeout_s: float) -> Delivery | None:
    """The first such delivery that was tried; None within so many seconds of real time."""

    def found() -> Delivery | None:
        return next((one for one in log if one.attempts and wanted.is_told(one)), None)

    log.wait_for(lambda: found() is not None, timeout_s)
    return found()


def unanswered(deliveries: Sequence[Delivery]) -> str:
    """What the receivers did not take, a line for each; empty when they took all."""
    failed = [one for one in deliveries if not one.ok]
    if not failed:
        return ""
    text = f"{len(failed)} of {len(deliveries)} events were not answered with a 2xx:"
    return "\n".join([text, *map(story.delivery_line, failed)])
