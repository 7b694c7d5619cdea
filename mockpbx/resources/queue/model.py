"""Queues: who is rung for a waiting call, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ...core.errors import not_found
from ...core.world import World
from ..agent.model import Agent, is_available
from ..extension.model import Extension, Type

STRATEGIES = (
    "top-down",
    "ring-all",
    "longest-idle-agent",
    "round-robin",
    "agent-with-least-talk-time",
    "agent-with-fewest-calls",
    "sequentially-by-agent-order",
    "random",
)


@dataclass(frozen=True, slots=True)
class Queue:
    """The settings of one queue, under its extension's id; `agents` in the order of their tier.

    With `tier_rules_apply` an agent is rung only when none before can be, whatever the strategy
    (assumed). `exit_key` leads out of the queue to `timeout_transfer_dst`, or ends the call
    (assumed). With `record_enabled` the queue keeps a record of the talk of its own. `turn` is
    the id of the agent that was rung last. `sound` is kept and shown: nobody hears it.

    Source: QUE-1
    """

    TABLE: ClassVar[str] = "queue"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    strategy: str = "top-down"
    sound: int | None = None
    tier_rules_apply: bool = False
    exit_key: str | None = None
    timeout_transfer_dst: str | None = None
    max_wait_time: int = 0
    max_wait_time_with_no_agent: int = 0
    record_enabled: bool = False
    agents: tuple[int, ...] = ()
    turn: int | None = None


def of(world: World, extension: Extension) -> Queue:
    """The queue's settings, the defaults where none were set.

    Raises:
        NotFoundError: the extension is no queue.

    Source: QUE-1
    """
    if extension.type != Type.QUEUE:
        raise not_found(f"extension {extension.id} is {extension.type}, not queue", "QUE-1")
    return world.store.find(Queue, extension.id) or Queue(extension.id)


def change(world: World, extension: Extension, fields: Mapping[str, Any]) -> Queue:
    """The queue has the given settings; the others keep their values.

    Raises:
        NotFoundError: the extension is no queue.

    Source: QUE-1
    """
    return world.store.put(replace(of(world, extension), **fields))


def order(world: World, queue: Queue, rung: Sequence[int]) -> list[Agent]:
    """The available agents in the order in which the strategy rings them.

    `rung` are the extensions already rung for this call, each as often as it was; who was rung
    less often comes first.

    Source: SIM-12, QUE-1
    """
    found = (world.store.find(Agent, key) for key in queue.agents)
    agents = [agent for agent in found if agent is not None and is_available(agent)]
    agents = _ordered(world, queue, agents)
    return sorted(agents, key=lambda agent: rung.count(agent.extension_id))


def _ordered(world: World, queue: Queue, agents: list[Agent]) -> list[Agent]:
    strategy = queue.strategy
    if queue.tier_rules_apply:
        return agents
    if strategy == "random":
        return world.ids.shuffled(agents)
    if strategy == "round-robin":
        last = next((i for i, agent in enumerate(agents) if agent.id == queue.turn), -1)
        return agents[last + 1 :] + agents[: last + 1]
    if strategy == "longest-idle-agent":
        return sorted(agents, key=lambda agent: agent.idle_since)
    if strategy == "agent-with-least-talk-time":
        return sorted(agents, key=lambda agent: agent.talked)
    if strategy == "agent-with-fewest-calls":
        return sorted(agents, key=lambda agent: agent.calls)
    return agents
