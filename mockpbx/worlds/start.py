"""Who does a world's jobs and answers its hooks, and who carries what it sends."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..calls import timers
from ..calls.queueing import REACHABILITY, ring_free_agents
from ..config import Config
from ..core.scheduler import Handler, JobKind
from ..core.world import World
from ..webhooks import publish
from ..webhooks.outbox import Outbox, retry
from ..webhooks.transport import Transport


class PBXHooks:
    """What calls and webhooks do for the records below them."""

    def changed(self, world: World, tables: Collection[str]) -> None:
        """Ring those who can be reached now for those who wait in queues."""
        if not REACHABILITY.isdisjoint(tables):
            ring_free_agents(world)

    def publish_agent(self, world: World, agent_id: int) -> None:
        """Send the agent's login or logout to its subscribers once the change ends."""
        publish.publish_agent(world, agent_id)

    def leave_calls(self, world: World, extension_id: int) -> None:
        """Take the extension out of its calls, and its numbers from it."""
        timers.leave_calls(world, extension_id)


def handlers() -> Mapping[JobKind, Handler]:
    """Who does the jobs that come due in a world."""
    return {**timers.HANDLERS, JobKind.RETRY: retry}


def courier(config: Config) -> Outbox:
    """Who carries what a world sends."""
    return Outbox(Transport(config.delivery_timeout_s))
