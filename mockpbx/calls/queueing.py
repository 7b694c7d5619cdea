"""Queues: who waits, and which agents are rung for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.agent.model import Agent
from ..resources.extension.model import BundleLink, Extension, Type
from ..resources.phone.model import Phone
from ..resources.queue.model import Queue
from ..resources.queue.model import of as queue_of
from ..resources.queue.model import order as agents_in_order
from ..resources.registration.model import Registration
from .legs import Via, arrive, ring, run_script
from .model import Call, Leg, is_waiting, legs_of, live
from .reachability import place_of, refusal
from .states import Role, Status

#: The tables that tell whether an agent can be rung: whoever changes one of them makes the queues
#: look again, without knowing of it.
REACHABILITY = frozenset(
    kind.TABLE for kind in (Agent, BundleLink, Extension, Phone, Queue, Registration)
)
#: Seconds after which a queue rings its agents again when all of them were rung (assumed).
LOOK_AGAIN_S = 5


def wait_in(world: World, call: Call, extension: Extension, via: Via) -> Status | None:
    """Put the call into a queue.

    Source: CAL-3, SIM-12
    """
    leg = arrive(world, call, extension, Role.QUEUE, via)
    settings = queue_of(world, extension)
    if settings.max_wait_time:
        world.schedule(timedelta(seconds=settings.max_wait_time), JobKind.QUEUE_TIMEOUT, leg.id)
    run_script(world, call, leg)
    ring_agents(world, call, leg)
    return None


def ring_agents(world: World, call: Call, waiting: Leg, *, again: bool = False) -> None:
    """Ring the agent whose turn it is, or all of them.

    Once each was rung, they are rung `again` only after a pause; while none is free, nothing
    happens until one is.

    Source: CAL-4, SIM-12
    """
    extension = world.store.get(Extension, waiting.extension_id)
    settings = queue_of(world, extension)
    times = Counter(
        leg.extension_id for leg in legs_of(world, call) if leg.through_id == waiting.id
    )
    agents = agents_in_order(world, settings, list(times.elements()))
    free = [(agent, phone) for agent in agents if (phone := _free_phone(world, agent))]
    most = max(times.values(), default=0)
    next_ones = [one for one in free if again or not most or times[one[1].id] < most]
    at_once = settings.strategy == "ring-all" and not settings.tier_rules_apply
    for agent, phone in next_ones if at_once else next_ones[:1]:
        world.store.put(replace(settings, turn=agent.id))
        via = Via(waiting.caller_num, waiting.caller_name, extension, through=waiting)
        ring(world, call, phone, via, rings_at=place_of(world, phone))
    job, alone_job = waiting.job, None
    if free and not next_ones and job is None:
        job = world.schedule(timedelta(seconds=LOOK_AGAIN_S), JobKind.LOOK_AGAIN, waiting.id)
    if not agents and settings.max_wait_time_with_no_agent:
        limit = timedelta(seconds=settings.max_wait_time_with_no_agent)
        alone_job = waiting.alone_job or world.schedule(limit, JobKind.NO_AGENT_TIMEOUT, waiting.id)
    if (job, alone_job) != (waiting.job, waiting.alone_job):
        world.store.put(replace(waiting, job=job, alone_job=alone_job))


def _free_phone(world: World, agent: Agent) -> Extension | None:
    """The agent's phone, when it can be rung and is in no call.

    Source: SIM-12
    """
    phone = world.store.find(Extension, agent.extension_id)
    if phone is None or phone.type != Type.PHONE or refusal(world, phone) is not None:
        return None
    return None if world.store.ids(Leg, "live_on", phone.id) else phone


def ring_free_agents(world: World, client_id: int | None = None) -> list[str]:
    """Every queue in which nobody is rung for a caller looks for an agent again.

    With a client's id only its queues do.

    Answers the CallIDs of those for whom somebody rings now.

    Source: SIM-12
    """
    rung = []
    for queue in world.store.all(Queue):
        for waiting in world.store.of(Leg, "live_on", queue.id):
            call = world.store.get(Call, waiting.call_id)
            if client_id not in (None, call.client_id):
                continue
            if is_waiting(waiting) and not is_rung(world, waiting):
                ring_agents(world, call, waiting)
                rung += [call.hex] if is_rung(world, waiting) else []
    return rung


def is_rung(world: World, waiting: Leg) -> bool:
    """Whether an agent rings for that caller now."""
    call = world.store.get(Call, waiting.call_id)
    return any(leg.through_id == waiting.id for leg in live(world, call))
