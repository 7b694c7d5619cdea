"""Whether receivers were told what they should have been, and took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.world import World
from ..webhooks.outbox import Delivery
from . import story


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which event is waited for: what is left out may be anything."""

    event_type: str | None = None
    extension_id: int | None = None
    url: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, delivery: Delivery) -> bool:
        """Whether that is one."""
        told = dict(delivery.data)
        return (
            self.event_type in (None, delivery.event_type)
            and self.extension_id in (None, delivery.extension_id)
            and self.url in (None, delivery.url)
            and all(name in told and told[name] == text for name, text in self.data.items())
        )

    def __str__(self) -> str:
        parts = [self.event_type or "an event"]
        parts += [f"of extension {self.extension_id}"] if self.extension_id is not None else []
        parts += [f"to {self.url}"] if self.url is not None else []
        parts += [f"with {dict(self.data)}"] if self.data else []
        return " ".join(parts)


def wait_for(world: World, wanted: Wanted, timeout_s: float) -> Delivery:
    """The first such delivery that was tried.

    Raises:
        AssertionError: there was none within so many seconds of real time.
    """
    log = world.deliveries

    def found() -> Delivery | None:
        return next(
            (one for one in log if one.attempts and wanted.matches(one)),
            None,
        )

    with world.change():
        pass  # what is due by now is sent
    log.wait_for(lambda: found() is not None, timeout_s)
    delivery = found()
    if delivery is None:
        lines = [f"{wanted} was not delivered within {timeout_s:g} s"]
        lines += ["Delivered:"] if len(log) else ["Nothing was delivered at all."]
        lines += [story.delivery_line(one.as_json()) for one in log]
        raise AssertionError("\n".join(lines))
    return delivery


def unanswered(world: World) -> str:
    """What the receivers did not take, a line for each; empty when they took all."""
    failed = [one for one in world.deliveries if not one.ok]
    if not failed:
        return ""
    lines = [f"{len(failed)} of {len(world.deliveries)} events were not answered with a 2xx:"]
    lines += [story.delivery_line(one.as_json()) for one in failed]
    return "\n".join(lines)
