"""Agents: the phones of employees who take the calls of queues."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.errors import not_found
from ...core.ids import parse_id
from ...core.path import ID, PathParameter
from ...core.world import World
from ..event.model import EventType, new_id
from ..extension.model import Extension

#: An agent in a path.
AGENT_ID = PathParameter("agent", "agent_id", ID)
#: The events of an agent.
TYPES = (EventType.AGENT_LOGIN.value, EventType.AGENT_LOGOUT.value)
#: The words for whether an agent takes calls.
STATUSES = ("available", "logged_out")


class AgentStatus(str, Enum):
    """Whether an agent takes calls.

    Source: AGT-1
    """

    AVAILABLE = "available"
    LOGGED_OUT = "logged_out"


@dataclass(frozen=True, slots=True)
class Agent:
    """An employee's phone as an agent; times count from the world's start.

    Source: AGT-1
    """

    TABLE: ClassVar[str] = "agent"
    PARENTS: ClassVar[Mapping[str, str]] = {"extension_id": "extension", "client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    extension_id: int
    name: str
    status: str = AgentStatus.AVAILABLE.value
    talked: timedelta = timedelta(0)
    calls: int = 0
    idle_since: timedelta = timedelta(0)


def is_available(agent: Agent) -> bool:
    """Whether queues ring this agent.

    Source: AGT-1
    """
    return agent.status == AgentStatus.AVAILABLE


@dataclass(frozen=True, slots=True)
class AgentSubscription:
    """One url that is told about one type of event of one agent.

    Source: AGT-1
    """

    TABLE: ClassVar[str] = "agent_event"
    PARENTS: ClassVar[Mapping[str, str]] = {"agent_id": "agent", "client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    agent_id: int
    client_id: int
    url: str
    method: str
    event_type: str


def find(world: World, found: Mapping[str, Any], text: str) -> Agent:
    """The agent of the client that a path names.

    Raises:
        NotFoundError: the client has none of that id.

    Source: AGT-1, ERR-6
    """
    client: Client = found["client"]
    number = parse_id(text)
    agent = world.store.find(Agent, number) if number is not None else None
    if agent is None or agent.client_id != client.id:
        raise not_found(f"client {client.id} has no agent {text[:40]}")
    return agent


def shown(world: World, agent: Agent) -> dict[str, Any]:
    """The agent as answers show it.

    Source: AGT-1
    """
    extension = world.store.get(Extension, agent.extension_id)
    return {
        "id": agent.id,
        "name": agent.name,
        "status": agent.status,
        "type": "local",
        "client_id": agent.client_id,
        "extension_id": extension.id,
        "extension_name": extension.name,
    }


def of_client(
    world: World, client: Client, extensions: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The client's agents by rising id, or only those whose phones are among these.

    Source: AGT-1
    """
    found = world.store.of(Agent, "client_id", client.id)
    wanted = (one for one in found if not extensions or one.extension_id in extensions)
    return [shown(world, agent) for agent in wanted]


def of_extension(world: World, extension: Extension) -> list[dict[str, Any]]:
    """The agents whose phone the extension is, by rising id.

    Source: AGT-1
    """
    return [shown(world, agent) for agent in world.store.of(Agent, "extension_id", extension.id)]


def set_status(world: World, agent: Agent, status: AgentStatus) -> Agent:
    """The agent takes calls, or does not; who subscribed to that change is told.

    Source: AGT-1
    """
    if agent.status == status:
        return agent
    logs_in = status is AgentStatus.AVAILABLE
    since = world.clock.elapsed() if logs_in else agent.idle_since
    changed = world.store.put(replace(agent, status=status.value, idle_since=since))
    world.hooks.publish_agent(world, agent.id)
    return changed


def subscribe(world: World, agent: Agent, fields: Mapping[str, Any]) -> AgentSubscription:
    """The url is told about that type of event of the agent from now on.

    Source: AGT-1, EVT-11
    """
    return world.store.put(AgentSubscription(new_id(world), agent.id, agent.client_id, **fields))


def subscriptions(world: World, agent: Agent) -> list[AgentSubscription]:
    """The agent's subscriptions, by rising id.

    Source: AGT-1
    """
    return world.store.of(AgentSubscription, "agent_id", agent.id)


def subscription(world: World, agent: Agent, text: str) -> AgentSubscription:
    """The agent's subscription with that id.

    Raises:
        NotFoundError: it has none.

    Source: AGT-1, ERR-6
    """
    number = parse_id(text)
    found = world.store.find(AgentSubscription, number) if number is not None else None
    if found is None or found.agent_id != agent.id:
        raise not_found(f"agent {agent.id} has no event {text[:40]}")
    return found
