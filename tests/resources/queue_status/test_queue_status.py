"""What goes on in a queue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered
from tests.conftest import Caller
from tests.resources.line import OUTSIDE, Line

PATH = "/extension/96857/queue/status/"
AGENTS = [(1, "Boris Ivanov", "102"), (2, "Clara Volkova", "103"), (3, "Denis Orlov", "104")]


def agents(*states: str) -> list[dict[str, Any]]:
    """The agents of office in those states."""
    return [
        {
            "id": number,
            "name": name,
            "status": "logged_out" if state == "logged_out" else "available",
            "type": "local",
            "client_id": 2566,
            "extension_id": 85117 + int(extension),
            "extension_name": f"2566*{extension}",
            "state": state,
        }
        for (number, name, extension), state in zip(AGENTS, states, strict=True)
    ]


@pytest.mark.fact("QUE-1")
def test_a_quiet_queue(office: Caller) -> None:
    """Without calls nobody waits, and the agents do, in the order of the queue."""
    expected = {"calls": [], "agents": agents("waiting", "waiting", "waiting")}
    assert answered(office.get(PATH)) == (200, expected)


@pytest.mark.fact("QUE-1")
def test_a_waiting_call_is_shown(office: Caller) -> None:
    """A call that waits stands there with its caller and whole seconds, its agent rings."""
    line = Line(office)
    call = line.incoming("887")
    line.world.advance(10.9)
    waiting = {
        "call_api_id": call.api_id,
        "caller_id_number": OUTSIDE,
        "caller_id_name": OUTSIDE,
        "wait_time": 10,
    }
    expected = {"calls": [waiting], "agents": agents("ringing", "waiting", "waiting")}
    assert answered(office.get(PATH)) == (200, expected)


@pytest.mark.fact("QUE-1")
def test_an_answered_call_waits_no_more(office: Caller) -> None:
    """Once an agent took the call the agent talks, and nobody waits."""
    line = Line(office)
    line.step("answer", line.incoming("887"))
    expected = {"calls": [], "agents": agents("talking", "waiting", "waiting")}
    assert answered(office.get(PATH)) == (200, expected)


@pytest.mark.fact("QUE-1", "AGT-1")
def test_a_logged_out_agent_is_shown(office: Caller) -> None:
    """An agent who does not take calls is shown as logged out."""
    state = office.state()
    state["clients"][0]["agents"][1]["status"] = "logged_out"
    office.put("/_mockpbx/state", json=state)
    expected = {"calls": [], "agents": agents("waiting", "logged_out", "waiting")}
    assert answered(office.get(PATH)) == (200, expected)


@pytest.mark.fact("QUE-1", "EXT-7")
def test_a_deleted_phone_is_no_agent(office: Caller) -> None:
    """With its phone an agent leaves the queue."""
    office.delete("/client/2566/extension/85220")
    expected = {"calls": [], "agents": [agents("waiting", "waiting", "waiting")[i] for i in (0, 2)]}
    assert answered(office.get(PATH)) == (200, expected)
