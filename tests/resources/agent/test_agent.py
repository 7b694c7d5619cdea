"""Agents and their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.resources.agent.model import Agent, AgentStatus, set_status
from tests.answers import answered, json_of, refused
from tests.conftest import Caller
from tests.resources.line import CRM, Line

LIST = "/client/2566/agent/local/"
EVENTS = f"{LIST}2/event/"
CLARA: dict[str, Any] = {
    "id": 2,
    "name": "Clara Volkova",
    "status": "available",
    "type": "local",
    "client_id": 2566,
    "extension_id": 85220,
    "extension_name": "2566*103",
}
BORIS = {
    **CLARA,
    "id": 1,
    "name": "Boris Ivanov",
    "extension_id": 85219,
    "extension_name": "2566*102",
}
DENIS = {
    **CLARA,
    "id": 3,
    "name": "Denis Orlov",
    "extension_id": 85221,
    "extension_name": "2566*104",
}
NOT_FOUND = {"message": "Not found"}


def wish(**changes: Any) -> dict[str, Any]:
    return {"url": f"{CRM}/agent", "method": "GET", "event_type": "agent-login", **changes}


def set_to(line: Line, status: str, number: int = 2) -> None:
    """The agent logs in or out."""
    with line.world.change():
        set_status(line.world, line.world.store.get(Agent, number), AgentStatus(status))


@pytest.mark.fact("AGT-1")
def test_agents_are_listed(office: Caller) -> None:
    """GET of the list answers the client's agents by rising id."""
    assert answered(office.get(LIST)) == (200, [BORIS, CLARA, DENIS])


@pytest.mark.fact("AGT-1")
def test_one_agent_is_read(office: Caller) -> None:
    """GET of an agent answers its element of the list."""
    assert answered(office.get(f"{LIST}2")) == (200, CLARA)


@pytest.mark.fact("AGT-1")
@pytest.mark.parametrize(
    ("number", "agents"), [(85220, [CLARA]), (85218, []), (96857, [])], ids=["102", "101", "887"]
)
def test_agents_of_an_extension(office: Caller, number: int, agents: Any) -> None:
    """An extension lists the agents whose phone it is."""
    assert answered(office.get(f"/extension/{number}/agent/")) == (200, agents)


@pytest.mark.fact("AGT-1", "ERR-6")
@pytest.mark.parametrize("number", ["4", "0", "x", "@me"])
def test_an_unknown_agent_is_not_found(office: Caller, number: str) -> None:
    """An agent that the client does not have is a 404, with all below it."""
    for path in (f"{LIST}{number}", f"{LIST}{number}/event/", f"{LIST}{number}/event/1"):
        assert refused(office.get(path)) == (404, NOT_FOUND, "ERR-6", "doc, observed")
    answer = office.post(f"{LIST}{number}/event/", json=wish())
    assert refused(answer) == (404, NOT_FOUND, "ERR-6", "doc, observed")


@pytest.mark.fact("AGT-1", "ERR-2")
def test_agents_of_another_client_are_not_seen(make_caller: Callable[..., Caller]) -> None:
    """Another client's agent is a 404 below one's own client."""
    from tests.company import client, phone

    mine = client()
    other = client(
        id=20,
        name="Other",
        prefix="20",
        extensions=[phone(201)],
        agents=[{"id": 7, "name": "A", "extension": "201"}],
        users=[{"id": 2, "login": "other", "password": "secret"}],
        applications=[],
    )
    caller = make_caller({"format": 1, "clients": [mine, other]})
    answer = caller.get("/client/10/agent/local/7")
    assert refused(answer) == (404, NOT_FOUND, "ERR-6", "doc, observed")


@pytest.mark.fact("AGT-1")
@pytest.mark.parametrize("event_type", ["agent-login", "agent-logout"])
def test_an_agent_is_subscribed_to(office: Caller, event_type: str) -> None:
    """POST answers 201 with the subscription, which can be listed, read and deleted."""
    made = {**wish(event_type=event_type), "id": 1}
    assert answered(office.post(EVENTS, json=wish(event_type=event_type))) == (201, made)
    assert answered(office.get(EVENTS)) == (200, [made])
    assert answered(office.get(f"{EVENTS}1")) == (200, made)
    assert answered(office.delete(f"{EVENTS}1")) == (204, None)
    assert answered(office.get(EVENTS)) == (200, [])
    assert refused(office.get(f"{EVENTS}1")) == (404, NOT_FOUND, "ERR-6", "doc, observed")


@pytest.mark.fact("AGT-1", "ERR-6")
def test_a_subscription_belongs_to_its_agent(office: Caller) -> None:
    """Another agent's subscription is a 404, and stays."""
    made = office.post(EVENTS, json=wish()).json
    for answer in (office.get(f"{LIST}1/event/1"), office.delete(f"{LIST}1/event/1")):
        assert refused(answer) == (404, NOT_FOUND, "ERR-6", "doc, observed")
    assert answered(office.get(EVENTS)) == (200, [made])


@pytest.mark.fact("AGT-1", "EVT-5", "EVT-6")
@pytest.mark.parametrize(
    ("body", "message", "rule", "basis"),
    [
        (
            wish(event_type="dial-in"),
            "event_type: must be one of agent-login, agent-logout",
            "AGT-1",
            "doc, assumed",
        ),
        (wish(method="HEAD"), "method: must be one of GET, POST", "EVT-5", "doc"),
        (
            wish(url="ftp://crm.example.com"),
            "url: must be an absolute http or https address with a host",
            "EVT-20",
            "assumed",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(
    office: Caller, body: Any, message: str, rule: str, basis: str
) -> None:
    """A wrong field is a 400, and nothing changes."""
    before = office.state()
    answer = office.post(EVENTS, json=body)
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert office.state() == before


@pytest.mark.fact("AGT-1")
def test_a_change_of_status_is_told(office: Caller) -> None:
    """Logging out and in sends one event each, with exactly the documented data."""
    line = Line(office)
    for event_type in ("agent-login", "agent-logout"):
        office.post(EVENTS, json=wish(event_type=event_type))
    set_to(line, "logged_out")
    set_to(line, "available")
    data = {
        "agent_id": "2",
        "agent_type": "local",
        "extension_name": "2566*103",
        "event_source": "phone",
    }
    assert [(one.event_type, dict(one.data)) for one in line.world.deliveries] == [
        ("agent-logout", {**data, "agent_status": "logged_out"}),
        ("agent-login", {**data, "agent_status": "available"}),
    ]


@pytest.mark.fact("AGT-1")
def test_the_same_status_again_is_not_told(office: Caller) -> None:
    """Who logs in twice is told of once."""
    line = Line(office)
    office.post(EVENTS, json=wish())
    set_to(line, "available")
    assert list(line.world.deliveries) == []


@pytest.mark.fact("AGT-1")
def test_other_agents_are_not_told_of(office: Caller) -> None:
    """A subscription is about one agent."""
    line = Line(office)
    office.post(EVENTS, json=wish(event_type="agent-logout"))
    set_to(line, "logged_out", number=1)
    assert list(line.world.deliveries) == []


@pytest.mark.fact("AGT-1", "DLV-2", "DLV-3")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_is_sent_as_asked(office: Caller, method: str) -> None:
    """GET carries the data in the query, POST in the body."""
    line = Line(office)
    office.post(EVENTS, json=wish(method=method, event_type="agent-logout"))
    set_to(line, "logged_out")
    (delivery,) = line.world.deliveries
    data = (
        "agent_id=2&agent_status=logged_out&agent_type=local"
        "&extension_name=2566%2A103&event_source=phone"
    )
    expected = {"GET": (f"{CRM}/agent?{data}", b""), "POST": (f"{CRM}/agent", data.encode())}
    assert (delivery.request.url, delivery.request.body) == expected[method]


@pytest.mark.fact("AGT-1", "SIM-12")
def test_a_logged_out_agent_is_not_rung(office: Caller) -> None:
    """A queue leaves out agents who do not take calls."""
    line = Line(office)
    set_to(line, "logged_out", number=1)
    office.post("/client/2566/phone_events/", json=wish(event_type="dial-in"))
    line.incoming("887")
    assert line.sent("CalledNumber") == ["2566*103"]


@pytest.mark.fact("AGT-1", "EVT-11")
def test_ids_are_unique_among_all_subscriptions(office: Caller) -> None:
    """Subscriptions to agents share the rising ids of all others."""
    paths = ("/extension/85219/event/", EVENTS, "/client/2566/phone_events/")
    types = ("dial-in", "agent-login", "dial-in")
    answers: list[Any] = [
        office.post(path, json=wish(event_type=name)).json
        for path, name in zip(paths, types, strict=True)
    ]
    assert [answer["id"] for answer in answers] == [1, 2, 3]


@pytest.mark.fact("AGT-1", "EXT-7")
def test_an_agent_goes_with_its_phone(office: Caller) -> None:
    """Deleting the phone takes the agent and its subscriptions along."""
    office.post(EVENTS, json=wish())
    office.delete("/client/2566/extension/85220")
    assert answered(office.get(LIST)) == (200, [BORIS, DENIS])
    assert office.state()["clients"][0]["agents"][1]["name"] == "Denis Orlov"


@pytest.mark.fact("AGT-1", "GEN-11")
@pytest.mark.parametrize(
    ("query", "agents"),
    [
        ("extension_id[0]=85219&extension_id[1]=85221", [1, 3]),
        ("extension_id[]=85220", [2]),
        ("extension_id=85220&extension_id=85219", [1, 2]),
        ("extension_id=85218", []),
        ("extension_id=", [1, 2, 3]),
    ],
)
def test_agents_of_some_extensions(office: Caller, query: str, agents: list[int]) -> None:
    """The list shows the agents of the extensions that are asked for, however they are written."""
    assert [one["id"] for one in json_of(office.get(f"{LIST}?{query}"))] == agents


@pytest.mark.fact("AGT-1", "ERR-9")
def test_an_extension_that_is_no_number(office: Caller) -> None:
    """An extension_id that is no number is refused, naming the field."""
    answer = office.get(f"{LIST}?extension_id[0]=x")
    assert answered(answer) == (400, {"message": "extension_id[0]: must be an integer"})
