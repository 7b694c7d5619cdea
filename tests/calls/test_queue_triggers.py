"""What makes a queue look for an agent again, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.core.store import altered
from mockpbx.resources.agent.model import Agent, AgentStatus, set_status
from mockpbx.resources.bundle.model import link
from mockpbx.resources.extension.model import change as change_extension
from mockpbx.resources.extension.model import delete
from mockpbx.resources.queue.model import Queue
from mockpbx.resources.registration.model import register
from tests.calls.desk import Desk

Door = Callable[[Desk], Any]

AGENTS = ("102", "103", "104")


@pytest.fixture
def desk() -> Desk:
    """A world of ten lines, every event of which arrives."""
    return Desk()


def by_bundle(desk: Desk) -> None:
    link(desk.world, desk.ext("105"), [desk.ext("106").id])


def by_phone_bundle(desk: Desk) -> None:
    members = {desk.ext("106").id: True}
    desk.phone("105", bundle={"bundle_list": members})


def by_status(desk: Desk) -> None:
    change_extension(desk.world, desk.ext("105"), {"status": "active"})


def by_login(desk: Desk) -> None:
    agent = next(iter(desk.world.store.all(Agent)))
    set_status(desk.world, agent, AgentStatus.AVAILABLE)


def by_membership(desk: Desk) -> None:
    queue = desk.world.store.get(Queue, desk.ext("887").id)
    (agent,) = desk.world.store.all(Agent)
    desk.world.store.put(altered(queue, agents=(agent.id,)))


DOORS: dict[str, Door] = {
    "a registration": lambda desk: desk.register("105"),
    "an outside number": lambda desk: desk.phone("105", external_number="+79161114455"),
    "a fixed address": lambda desk: desk.phone("105", static_reg_address="203.0.113.5:5060"),
    "POST of a bundle": by_bundle,
    "PUT of a phone's bundle": by_phone_bundle,
}


@pytest.mark.fact("SIM-12", "BND-14")
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_an_agent_who_is_reachable_now(desk: Desk, door: Door) -> None:
    """Whatever makes an offline agent's phone reachable has it rung at once."""
    desk.queue("105")
    desk.unregister("105")
    call = desk.incoming("887")
    assert desk.ringing(call) == []
    with desk.world.change():
        door(desk)
    assert desk.ringing(call) == ["105"]


@pytest.mark.fact("SIM-12", "SIM-10")
def test_an_agent_who_is_unblocked(desk: Desk) -> None:
    """An agent whose blocked extension becomes active is rung at once."""
    desk.queue("105")
    desk.register("105")
    desk.block("105")
    call = desk.incoming("887")
    with desk.world.change():
        by_status(desk)
    assert desk.ringing(call) == ["105"]


@pytest.mark.fact("SIM-12", "AGT-1")
def test_an_agent_who_logs_in(desk: Desk) -> None:
    """An agent who logs in is rung at once."""
    (agent,) = desk.queue("102")
    desk.agent(agent, status="logged_out")
    call = desk.incoming("887")
    with desk.world.change():
        by_login(desk)
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_an_agent_who_joins(desk: Desk) -> None:
    """An agent who joins the queue is rung at once for those who wait."""
    desk.queue("102")
    desk.queue()
    call = desk.incoming("887")
    with desk.world.change():
        by_membership(desk)
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12", "SIM-5")
def test_an_agent_with_room_for_a_call(desk: Desk) -> None:
    """What leaves an agent unreachable rings nobody: a label, or the phone of somebody else."""
    desk.queue("105")
    desk.unregister("105")
    call = desk.incoming("887")
    desk.phone("105", label="Desk")
    desk.register("106")
    assert desk.ringing(call) == []


@pytest.mark.fact("SIM-12")
def test_a_refused_change_rings_nobody(desk: Desk) -> None:
    """A change that is not kept makes no queue look."""
    desk.queue("105")
    desk.unregister("105")
    call = desk.incoming("887")

    def refused() -> None:
        with desk.world.change():
            desk.register("105")
            raise KeyError

    with pytest.raises(KeyError):
        refused()
    assert desk.ringing(call) == []


@pytest.mark.fact("SIM-12")
def test_another_clients_registration(desk: Desk) -> None:
    """A registration at one client never rings the queue of another."""
    desk.queue("105")
    desk.unregister("105")
    call = desk.incoming("887")
    before = list(desk.world.store.all(Queue))
    fields = {
        "device": "Phone",
        "real_address": "sip:203.0.113.1:5060",
        "contact_address": "sip:101@192.0.2.1:5060",
        "expires": 60,
    }
    with desk.world.change():
        register(desk.world, desk.ext("3000*101"), fields)
    assert (desk.ringing(call), list(desk.world.store.all(Queue))) == ([], before)


@pytest.mark.fact("SIM-12", "EXT-7")
def test_an_agent_who_was_deleted(desk: Desk) -> None:
    """An agent that was deleted before its turn came is rung no more: the round is over."""
    desk.queue(*AGENTS)
    call = desk.incoming("887")
    desk.step(call, "decline")
    assert desk.ringing(call) == ["103"]
    with desk.world.change():
        delete(desk.world, desk.ext("104"))
    desk.step(call, "decline")
    assert desk.ringing(call) == []
    desk.advance(5)
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_looking_again_while_there_is_no_agent(desk: Desk) -> None:
    """Looking again does not restart the time for a queue without agents."""
    desk.queue(max_wait_time_with_no_agent=10)
    call = desk.incoming("887")
    desk.advance(6)
    desk.register("110")
    desk.advance(3.9)
    assert desk.state(call) == "queued"
    desk.advance(0.1)
    assert desk.story() == ["dial-in 887", "hangup 887 NOANSWER"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-12", "QUE-1")
def test_the_exit_key_of_a_queue_without_agents(desk: Desk) -> None:
    """Who left a queue without agents by its exit key is not let go again when its time is up."""
    desk.queue(max_wait_time_with_no_agent=10, exit_key="*", timeout_transfer_dst="102")
    call = desk.incoming("887")
    desk.advance(4)
    desk.step(call, "press", "*")
    desk.step(call, "answer")
    desk.events()
    assert desk.advance(20) == []
    assert (desk.state(call), desk.story()) == ("answered", [])
