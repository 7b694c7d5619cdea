"""What goes on in a queue now: who waits, and what its agents do."""

from __future__ import annotations

from typing import Any

from ...calls.model import Call, Leg
from ...calls.states import LegState, Role
from ...core.world import World
from ..agent import model as agents
from ..agent.model import Agent
from ..extension.model import Extension
from ..queue.model import of as queue_of

#: What an agent's phone does.
STATES = ("waiting", "ringing", "talking", "logged_out")


def shown(world: World, extension: Extension) -> dict[str, Any]:
    """The calls that wait, the longest first, and the agents in the order of the queue.

    Raises:
        NotFoundError: the extension is no queue.

    Source: QUE-1
    """
    queue = queue_of(world, extension)
    legs = world.store.of(Leg, "live_on", extension.id)
    found = (world.store.find(Agent, key) for key in queue.agents)
    return {
        "calls": [_waiting(world, leg) for leg in legs if _waits(leg)],
        "agents": [
            {**agents.shown(world, agent), "state": state_of(world, agent)}
            for agent in found
            if agent is not None
        ],
    }


def state_of(world: World, agent: Agent) -> str:
    """What the agent does now; a call that is not the queue's counts too.

    Source: QUE-1, AGT-1
    """
    states = {leg.state for leg in world.store.of(Leg, "live_on", agent.extension_id)}
    if states & {LegState.ANSWERED, LegState.HELD}:
        return "talking"
    if states:
        return "ringing"
    return "waiting" if agents.is_available(agent) else "logged_out"


def _waits(leg: Leg) -> bool:
    return leg.role == Role.QUEUE and not leg.bridged


def _waiting(world: World, leg: Leg) -> dict[str, Any]:
    return {
        "call_api_id": world.store.get(Call, leg.call_id).api_id,
        "caller_id_number": leg.caller_num,
        "caller_id_name": leg.caller_name,
        "wait_time": int((world.clock.elapsed() - leg.began_at).total_seconds()),
    }
