"""Queues: whom each strategy rings, for how long, and how waiting ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mockpbx.calls.model import Call
from mockpbx.resources.queue.model import STRATEGIES
from tests.calls.desk import Desk

AGENTS = ("102", "103", "104")


@pytest.fixture
def desk() -> Desk:
    """A world of ten lines, every event of which arrives."""
    return Desk()


def rung(desk: Desk, call: Call, times: int) -> list[str]:
    """The phones that ring one after the other, when each lets it ring until its time is over."""
    found = []
    for _ in range(times):
        (name,) = desk.ringing(call)
        found.append(name)
        desk.advance(60)
    return found


def serve(desk: Desk, name: str, seconds: int) -> None:
    """The agent takes one call, and talks for so long."""
    call = desk.incoming("887")
    while desk.ringing(call) != [name]:
        desk.step(call, "decline")
    desk.step(call, "answer")
    desk.advance(seconds)
    desk.step(call, "hang_up")


def test_every_strategy_is_tried() -> None:
    """The tests of this module know every strategy."""
    assert set(STRATEGIES) == {
        "top-down",
        "ring-all",
        "longest-idle-agent",
        "round-robin",
        "agent-with-least-talk-time",
        "agent-with-fewest-calls",
        "sequentially-by-agent-order",
        "random",
    }


@pytest.mark.fact("SIM-12", "QUE-1")
@pytest.mark.parametrize("strategy", ["top-down", "sequentially-by-agent-order"])
def test_in_the_order_of_the_agents(desk: Desk, strategy: str) -> None:
    """Each call rings the agents in their order, from the first one on."""
    desk.queue(*AGENTS, strategy=strategy)
    for _ in range(2):
        call = desk.incoming("887")
        assert rung(desk, call, 1) == ["102"]
        assert desk.ringing(call) == ["103"]
        desk.step(call, "hang_up")


@pytest.mark.fact("SIM-12", "QUE-1")
def test_round_robin(desk: Desk) -> None:
    """The next call begins with the agent after the one that was rung last."""
    desk.queue(*AGENTS, strategy="round-robin")
    first = desk.incoming("887")
    assert rung(desk, first, 1) == ["102"]
    assert desk.ringing(first) == ["103"]
    desk.step(first, "hang_up")
    assert rung(desk, desk.incoming("887"), 3) == ["104", "102", "103"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_ring_all(desk: Desk) -> None:
    """All agents ring at once; the first to answer has the call, the others are cancelled."""
    desk.queue(*AGENTS, strategy="ring-all")
    call = desk.incoming("887")
    assert desk.story() == ["dial-in 887", "dial-in 102", "dial-in 103", "dial-in 104"]
    desk.step(call, "answer", "104")
    assert desk.story() == ["hangup 102 CANCEL", "hangup 103 CANCEL", "answer 104"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_longest_idle_agent(desk: Desk) -> None:
    """The agent whose last call is longest ago comes first."""
    agents = desk.queue(*AGENTS, strategy="longest-idle-agent")
    for agent, seconds in zip(agents, (3, 1, 2), strict=True):
        desk.agent(agent, idle_since=timedelta(seconds=seconds))
    assert rung(desk, desk.incoming("887"), 3) == ["103", "104", "102"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_agent_with_least_talk_time(desk: Desk) -> None:
    """The agent who talked least comes first."""
    agents = desk.queue(*AGENTS, strategy="agent-with-least-talk-time")
    for agent, seconds in zip(agents, (30, 10, 20), strict=True):
        desk.agent(agent, talked=timedelta(seconds=seconds))
    assert rung(desk, desk.incoming("887"), 3) == ["103", "104", "102"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_agent_with_fewest_calls(desk: Desk) -> None:
    """The agent who took the fewest calls comes first."""
    agents = desk.queue(*AGENTS, strategy="agent-with-fewest-calls")
    for agent, calls in zip(agents, (2, 0, 1), strict=True):
        desk.agent(agent, calls=calls)
    assert rung(desk, desk.incoming("887"), 3) == ["103", "104", "102"]


@pytest.mark.fact("SIM-12", "QUE-1")
@pytest.mark.parametrize(
    "strategy", ["longest-idle-agent", "agent-with-least-talk-time", "agent-with-fewest-calls"]
)
def test_calls_that_were_taken_count(desk: Desk, strategy: str) -> None:
    """An agent who took a call comes after those who took none."""
    desk.queue(*AGENTS, strategy=strategy)
    serve(desk, "102", 30)
    assert desk.ringing(desk.incoming("887")) == ["103"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_random() -> None:
    """Any agent may be first, each is rung once a round, and a seed always gives the same order."""
    orders = []
    for seed in [*range(20), 0]:
        desk = Desk(seed=seed)
        desk.queue(*AGENTS, strategy="random")
        orders.append(rung(desk, desk.incoming("887"), 3))
    assert {order[0] for order in orders} == set(AGENTS)
    assert all(sorted(order) == list(AGENTS) for order in orders)
    assert orders[0] == orders[-1]


@pytest.mark.fact("SIM-12")
@pytest.mark.parametrize("strategy", sorted(set(STRATEGIES) - {"ring-all"}))
def test_each_agent_once_a_round(strategy: str) -> None:
    """Whatever the strategy, nobody is rung twice before everybody was rung once."""
    desk = Desk()
    desk.queue(*AGENTS, strategy=strategy)
    assert sorted(rung(desk, desk.incoming("887"), 3)) == list(AGENTS)


@pytest.mark.fact("SIM-12", "PHN-21")
def test_each_agent_for_its_own_time(desk: Desk) -> None:
    """An agent's phone rings for as long as its own hangup_timeout says."""
    desk.phone("102", hangup_timeout=7)
    desk.queue(*AGENTS)
    desk.incoming("887")
    desk.events()
    desk.advance(6.9)
    assert desk.story() == []
    desk.advance(0.2)
    assert desk.story() == ["hangup 102 NOANSWER", "dial-in 103"]
    desk.advance(59.8)
    assert desk.story() == []
    desk.advance(0.2)
    assert desk.story() == ["hangup 103 NOANSWER", "dial-in 104"]


@pytest.mark.fact("SIM-12")
def test_all_over_again(desk: Desk) -> None:
    """When nobody took the call, the queue rings them again after a pause."""
    desk.queue("102", "103")
    call = desk.incoming("887")
    assert rung(desk, call, 2) == ["102", "103"]
    assert (desk.state(call), desk.ringing(call)) == ("queued", [])
    desk.advance(5)
    assert rung(desk, call, 1) == ["102"]


@pytest.mark.fact("SIM-12", "SIM-11")
def test_a_queue_whose_only_agent_declines(desk: Desk) -> None:
    """Who declines at once is rung again only after a pause, by script as well."""
    desk.queue("102", max_wait_time=12)
    desk.incoming("887", script={"outcome": "busy"})
    desk.advance(20)
    assert desk.story() == [
        "dial-in 887",
        *["dial-in 102", "hangup 102 BUSY"] * 3,
        "hangup 887 NOANSWER",
    ]


@pytest.mark.fact("SIM-12", "SIM-1", "SIM-5", "SIM-10")
def test_agents_that_cannot_take_a_call(desk: Desk) -> None:
    """Agents whose phones are away, busy or blocked are passed over without an event."""
    desk.phone("102", incoming_limit=1)
    desk.incoming("102")
    desk.block("103")
    desk.queue("105", "102", "103", "104")
    desk.events()
    desk.incoming("887")
    assert desk.story() == ["dial-in 887", "dial-in 104"]


@pytest.mark.fact("SIM-12", "AGT-1")
def test_logged_out_agents(desk: Desk) -> None:
    """An agent who is logged out is not rung."""
    first, *_ = desk.queue(*AGENTS)
    desk.agent(first, status="logged_out")
    assert desk.ringing(desk.incoming("887")) == ["103"]


@pytest.mark.fact("SIM-12", "AGT-1")
def test_an_agent_who_comes_back(desk: Desk) -> None:
    """A waiting call rings an agent who logs in meanwhile."""
    (agent,) = desk.queue("102")
    desk.agent(agent, status="logged_out")
    call = desk.incoming("887")
    desk.advance(30)
    assert desk.state(call) == "queued"
    desk.agent(agent, status="available")
    desk.advance(5)
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_max_wait_time(desk: Desk) -> None:
    """A caller who waited as long as the queue lets it is let go: NOANSWER, not bridged."""
    desk.queue("102", max_wait_time=30)
    call = desk.incoming("887")
    desk.advance(29.9)
    assert desk.state(call) == "ringing"
    desk.advance(0.2)
    events = desk.events()
    assert [event["EventType"] for event in events[-2:]] == ["hangup", "hangup"]
    assert [event["CallStatus"] for event in events[-2:]] == ["CANCEL", "NOANSWER"]
    assert events[-1]["Bridged"] == "no"
    assert (desk.state(call), desk.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("SIM-12", "QUE-1")
def test_max_wait_time_is_over_with_an_answer(desk: Desk) -> None:
    """Who talks with an agent is not let go when the waiting time is over."""
    desk.queue("102", max_wait_time=30)
    call = desk.step(desk.incoming("887"), "answer")
    desk.advance(300)
    assert desk.state(call) == "answered"


@pytest.mark.fact("SIM-12", "QUE-1")
def test_timeout_transfer(desk: Desk) -> None:
    """With timeout_transfer_dst the caller is passed on there when the time is over."""
    desk.queue("102", max_wait_time=30, timeout_transfer_dst="103")
    call = desk.incoming("887")
    desk.advance(30)
    assert desk.story()[2:] == ["hangup 102 CANCEL", "hangup 887 NOANSWER", "dial-in 103"]
    assert desk.state(call) == "ringing"


@pytest.mark.fact("SIM-12", "QUE-1")
def test_max_wait_time_with_no_agent(desk: Desk) -> None:
    """Without any agent logged in the caller is let go after the time for that."""
    desk.queue(max_wait_time=300, max_wait_time_with_no_agent=10)
    call = desk.incoming("887")
    desk.advance(10)
    assert desk.story() == ["dial-in 887", "hangup 887 NOANSWER"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-12", "QUE-1")
def test_an_agent_who_comes_in_time(desk: Desk) -> None:
    """The time for a queue without agents is over when one logs in."""
    (agent,) = desk.queue("102", max_wait_time_with_no_agent=10)
    desk.agent(agent, status="logged_out")
    call = desk.incoming("887")
    desk.agent(agent, status="available")
    desk.advance(20)
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12", "SIM-11", "CAL-3")
def test_the_caller_leaves(desk: Desk) -> None:
    """A caller who leaves cancels the ringing agent's leg and the queue's."""
    desk.queue("102")
    call = desk.incoming("887")
    desk.events()
    desk.step(call, "hang_up")
    assert desk.story() == ["hangup 102 CANCEL", "hangup 887 CANCEL"]
    assert desk.advance(3600) == []


@pytest.mark.fact("SIM-12")
def test_a_script_that_gives_up(desk: Desk) -> None:
    """A scripted caller leaves a queue in which nobody is rung, too."""
    desk.queue()
    call = desk.incoming("887", script={"outcome": "cancel", "after": 7})
    desk.advance(7)
    assert desk.story() == ["dial-in 887", "hangup 887 CANCEL"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-12", "SIM-4")
def test_an_agents_voicemail_takes_no_calls_of_a_queue(desk: Desk) -> None:
    """An agent who does not answer a queue's call gets no voicemail of it."""
    desk.queue("102", max_wait_time=60)
    call = desk.incoming("887")
    desk.advance(60)
    assert desk.state(call) == "finished"


@pytest.mark.fact("SIM-12", "CAL-5")
def test_an_agents_forwarding_takes_no_calls_of_a_queue(desk: Desk) -> None:
    """An agent's forwarding rule does not take a call out of the queue."""
    desk.queue("102", "103")
    desk.forward("102", "79161114455", "busy")
    call = desk.incoming("887")
    desk.step(call, "decline")
    assert desk.ringing(call) == ["103"]
