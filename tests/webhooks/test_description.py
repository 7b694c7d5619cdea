"""The events in the OpenAPI document, beside what is really sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from mockpbx.app import documents
from mockpbx.resources.agent.model import TYPES as AGENT_TYPES
from mockpbx.resources.agent.model import Agent, AgentStatus, set_status
from mockpbx.resources.agent.model import subscribe as subscribe_agent
from mockpbx.resources.event.model import TYPES, subscribe
from tests import shared
from tests.handles import record_of

CRM = "https://crm.example.com/"


@pytest.fixture(scope="module")
def webhooks() -> dict[str, Any]:
    found: dict[str, Any] = documents()["mockpbx"]["webhooks"]
    return found


def schema(webhooks: dict[str, Any], kind: str) -> dict[str, Any]:
    content = webhooks[kind]["post"]["requestBody"]["content"]
    found: dict[str, Any] = content["application/x-www-form-urlencoded"]["schema"]
    return found


@pytest.mark.fact("DLV-1", "EVT-4", "AGT-1")
def test_every_type_is_described(webhooks: dict[str, Any]) -> None:
    """There is a webhook for each type of event, by POST and by GET with the same parameters."""
    assert set(webhooks) == {*TYPES, *AGENT_TYPES}
    for kind, one in webhooks.items():
        by_get = {item["name"]: item["required"] for item in one["get"]["parameters"]}
        found = schema(webhooks, kind)
        always = found["required"]
        assert by_get == {name: name in always for name in found["properties"]}


@pytest.mark.fact("DAT-1", "DAT-21")
def test_what_a_type_has(webhooks: dict[str, Any]) -> None:
    """What is always there and what may be there follows from the table of parameters."""
    hangup, message = schema(webhooks, "hangup"), schema(webhooks, "message-in")
    assert {"Duration", "CallStatus", "SubCallID"} <= set(hangup["required"])
    assert "RecID" in hangup["properties"] and "RecID" not in hangup["required"]  # noqa: PT018
    assert {"Message", "CallID"} <= set(message["required"])
    assert "CallStatus" not in message["properties"]
    assert hangup["properties"]["EventType"]["const"] == "hangup"
    assert hangup["properties"]["Duration"]["x-fact"] == "DAT-14"


@pytest.mark.fact("DLV-3", "DAT-1", "AGT-1")
def test_what_is_sent(webhooks: dict[str, Any]) -> None:
    """Every event that is sent has what is always there, and nothing that is not described."""
    told: list[dict[str, str]] = []
    with shared.pbx(freeze=True) as pbx:
        pbx.deliver_to(CRM, lambda request: told.append(dict(parse_qsl(request.body.decode()))))
        with pbx.world.change():
            for number in ("101", "102", "105"):
                for kind in TYPES:
                    fields = {"url": CRM, "method": "POST", "event_type": kind}
                    subscribe(pbx.world, record_of(pbx.world, number), fields)
            agent = next(pbx.world.store.all(Agent))
            for kind in AGENT_TYPES:
                fields = {"url": CRM, "method": "POST", "event_type": kind}
                subscribe_agent(pbx.world, agent, fields)
            gone = set_status(pbx.world, agent, AgentStatus.LOGGED_OUT)
            set_status(pbx.world, gone, AgentStatus.AVAILABLE)
        pbx.register("105")
        pbx.incoming_call("+79161112233", to="102", name="Ann").answer().talk(5).hang_up()
        pbx.internal_call("101", "102").answer().transfer("105").hang_up()
        pbx.incoming_call("+79161112233", to="105", script={"outcome": "no_answer"})
        pbx.message("101", "102", "Hello")
        pbx.clock.advance(300)
    kinds = set()
    for event in told:
        kind = event.get("EventType") or (
            "agent-login" if event["agent_status"] == "available" else "agent-logout"
        )
        kinds.add(kind)
        found = schema(webhooks, kind)
        assert set(found["required"]) <= event.keys() <= found["properties"].keys()
    assert kinds >= {"dial-in", "dial-out", "answer", "hangup", "message-in", "message-out"}
    assert kinds >= set(AGENT_TYPES)
