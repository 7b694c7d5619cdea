"""`/client/{client_id}/agent/local/`, `/extension/{extension_id}/agent/`, and agents' events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID, ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .model import AGENT_ID, Agent, AgentSubscription
from .schema import AgentEventIn, AgentEventOut, AgentFilter, AgentOut

agent = Resource(
    "agent",
    "The employees' phones that take the calls of queues.",
    parameters=(CLIENT_ID, EXTENSION_ID, AGENT_ID, PathParameter("subscription", "id", ID)),
)

LIST = "/client/<client>/agent/local/"
ITEM = "/client/<client>/agent/local/<agent>"
EVENTS = "/client/<client>/agent/local/<agent>/event/"
EVENT = "/client/<client>/agent/local/<agent>/event/<subscription>"


@agent.operation(
    "GET", LIST, query=AgentFilter, returns=AgentOut, many=True, facts=["AGT-1", "GEN-11"]
)
def list_agents(world: World, client: Client, query: Mapping[str, Any]) -> Any:
    """List the client's agents, or those of some extensions."""
    return model.of_client(world, client, query.get("extension_id"))


@agent.operation("GET", ITEM, returns=AgentOut, facts=["AGT-1"], refuses={404: ["ERR-6"]})
def get_agent(world: World, agent: Agent) -> Any:
    """Read one agent."""
    return model.shown(world, agent)


@agent.operation(
    "GET", "/extension/<extension>/agent/", returns=AgentOut, many=True, facts=["AGT-1"]
)
def list_agents_of_extension(world: World, extension: Extension) -> Any:
    """List the agents whose phone this is."""
    return model.of_extension(world, extension)


@agent.operation(
    "POST",
    EVENTS,
    body=AgentEventIn,
    returns=AgentEventOut,
    call_api=True,
    facts=["AGT-1", "EVT-5", "EVT-6"],
    refuses={404: ["ERR-6"]},
)
def subscribe_agent(world: World, agent: Agent, fields: Mapping[str, Any]) -> Any:
    """Add a subscription to an agent's logins or logouts."""
    return model.subscribe(world, agent, fields)


@agent.operation(
    "GET",
    EVENTS,
    returns=AgentEventOut,
    many=True,
    call_api=True,
    facts=["AGT-1"],
    refuses={404: ["ERR-6"]},
)
def list_agent_events(world: World, agent: Agent) -> Any:
    """List the agent's subscriptions."""
    return model.subscriptions(world, agent)


@agent.operation(
    "GET",
    EVENT,
    item=model.subscription,
    returns=AgentEventOut,
    call_api=True,
    facts=["AGT-1"],
)
def get_agent_event(subscription: AgentSubscription) -> Any:
    """Read one subscription of an agent."""
    return subscription


@agent.operation("DELETE", EVENT, item=model.subscription, call_api=True, facts=["AGT-1"])
def unsubscribe_agent(world: World, subscription: AgentSubscription) -> None:
    """Delete one subscription of an agent."""
    world.store.remove(subscription)
