"""What calls need of a world file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.worlds import WorldError, read
from tests.answers import answered
from tests.company import company, phone
from tests.conftest import Caller
from tests.resources.line import CRM, Line


def telephony(**changes: Any) -> dict[str, Any]:
    """A company with all that calls need, written as short as it can be."""
    extensions = [
        phone(101, forward={"to": "+79161112200", "when": "busy"}),
        phone(102),
        phone(103),
        {"id": 200, "name": "200", "type": "queue", "queue": {"agents": ["Ann", "103"]}},
        {
            "id": 300,
            "name": "300",
            "type": "ivr",
            "ivr": {"menu": {"1": "200", "*": "+79161112200"}},
        },
    ]
    return company(
        **{
            "extensions": extensions,
            "agents": [
                {
                    "name": "Ann",
                    "extension": 102,
                    "events": [{"url": CRM, "method": "GET", "event_type": "agent-login"}],
                },
                {"name": "Bob", "extension": "103", "status": "logged_out"},
            ],
            "dids": [{"name": "74951112233", "extension": "300"}, {"name": "74951112244"}],
            "phone_events": [{"url": CRM, "method": "POST", "event_type": "hangup"}],
            **changes,
        }
    )


def faults_of(world: Any) -> list[str]:
    """What is wrong with that world."""
    with pytest.raises(WorldError) as raised:
        read(world)
    return raised.value.faults


def parts(state: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The client of an exported world, and its extensions by number."""
    (found,) = state["clients"]
    return found, {one["name"].partition("*")[2]: one for one in found["extensions"]}


@pytest.mark.fact("QUE-1", "IVR-1", "AGT-1", "DID-1", "EVT-12")
def test_everything_is_exported(make_caller: Callable[..., Caller]) -> None:
    """The exported state shows what the file said, references by name."""
    caller = make_caller(telephony(), freeze=True)
    own, extensions = parts(caller.state())
    assert extensions["101"]["forward"] == {"to": "+79161112200", "when": "busy"}
    assert extensions["200"]["queue"] == {"agents": ["Ann", "Bob"]}
    assert extensions["300"]["ivr"] == {"menu": {"1": "200", "*": "+79161112200"}}
    since = own["agents"][0]["idle_since"]
    told = {"url": CRM, "method": "GET", "event_type": "agent-login", "id": 2}
    agent = {"calls": 0, "talk_time_s": 0.0, "idle_since": since}
    assert own["agents"] == [
        {
            "id": 1,
            "name": "Ann",
            "extension": "10*102",
            "status": "available",
            **agent,
            "events": [{**told, "id": own["agents"][0]["events"][0]["id"]}],
        },
        {
            "id": 2,
            "name": "Bob",
            "extension": "10*103",
            "status": "logged_out",
            **agent,
            "events": [],
        },
    ]
    did = {
        "create_date": "2020-01-01 00:00:00",
        "domain": None,
        "comment": None,
        "allow_message": False,
        "message_extension": None,
    }
    assert own["dids"] == [
        {"id": 1, "name": "74951112233", "extension": "10*300", **did},
        {"id": 2, "name": "74951112244", "extension": None, **did},
    ]
    assert own["phone_events"] == [{"url": CRM, "method": "POST", "event_type": "hangup", "id": 2}]


def state_after(caller: Caller) -> tuple[Any, Any]:
    """The exported state, and the one after it was put back."""
    before = caller.state()
    assert answered(caller.put("/_mockpbx/state", json=before)) == (204, None)
    return before, caller.state()


@pytest.mark.fact("QUE-1", "IVR-1", "AGT-1", "DID-1", "EVT-12")
@pytest.mark.parametrize("world", ["office", "documented", "empty", telephony()])
def test_a_state_put_back_is_the_same(make_caller: Callable[..., Caller], world: Any) -> None:
    """GET of the state, PUT of it and GET again gives an equal state."""
    before, after = state_after(make_caller(world, freeze=True))
    assert before == after


@pytest.mark.fact("QUE-1", "AGT-1", "SIM-12")
def test_what_agents_did_is_part_of_the_state(office: Caller) -> None:
    """Calls, talk time and the turn of a queue are kept, so that its order goes on."""
    line = Line(office)
    office.put("/extension/96857/queue/", json={"strategy": "round-robin"})
    call = line.step("answer", line.incoming("887"))
    line.world.advance(12.5)
    line.step("hang_up", call)
    before, after = state_after(office)
    assert before == after
    own, extensions = parts(after)
    assert (own["agents"][0]["calls"], own["agents"][0]["talk_time_s"]) == (1, 12.5)
    assert extensions["887"]["queue"]["turn"] == "Boris Ivanov"
    line.incoming("887")
    status: Any = office.get("/extension/96857/queue/status/").json
    assert [agent["state"] for agent in status["agents"]] == ["waiting", "ringing", "waiting"]


@pytest.mark.fact("EXT-7", "QUE-1", "IVR-1", "DID-1")
@pytest.mark.parametrize("number", [85218, 85219, 96856, 96857])
def test_a_state_without_a_deleted_extension(office: Caller, number: int) -> None:
    """After an extension was deleted the state names it nowhere, and can be put back."""
    office.delete(f"/client/2566/extension/{number}")
    before, after = state_after(office)
    assert before == after


@pytest.mark.fact("CUR-1")
def test_running_calls_are_no_part_of_a_state(office: Caller) -> None:
    """The state does not show a call, and putting it back ends all without a word."""
    line = Line(office)
    before = office.state()
    line.incoming("102")
    assert office.state() == before
    office.put("/_mockpbx/state", json=before)
    assert answered(office.get("/client/2566/current_calls/")) == (200, {"call_list": []})


@pytest.mark.fact("DID-1", "IVR-1", "QUE-1")
def test_office_can_be_called(office: Caller) -> None:
    """In office a public number leads to a menu, its keys to a queue and to a phone."""
    line = Line(office)
    office.post(
        "/client/2566/phone_events/",
        json={"url": CRM, "method": "POST", "event_type": "dial-in"},
    )
    for key in ("1", "2"):
        line.step("press", line.incoming("+74959998877"), key)
    line.incoming("74959998878")
    assert line.sent("CalledNumber", "CalledDID") == [
        ("2566*102", "74959998877"),
        ("2566*101", "74959998877"),
        ("2566*101", "74959998878"),
    ]


@pytest.mark.fact("IVR-1", "QUE-1")
def test_office_gives_up_to_the_queue(office: Caller) -> None:
    """Who presses nothing for a minute comes to the queue."""
    line = Line(office)
    call = line.incoming("099")
    line.world.advance(59)
    assert line.state(call) == "menu"
    line.world.advance(1)
    status: Any = office.get("/extension/96857/queue/status/").json
    assert [one["call_api_id"] for one in status["calls"]] == [call.api_id]


@pytest.mark.fact("EVT-11")
def test_subscriptions_share_their_ids(make_caller: Callable[..., Caller]) -> None:
    """New subscriptions of any kind come after all that the file names."""
    events = [{"id": 40, "url": CRM, "method": "GET", "event_type": "hangup"}]
    caller = make_caller(telephony(phone_events=events), freeze=True)
    body = {"url": CRM, "method": "GET", "event_type": "hangup"}
    made: Any = caller.post("/extension/101/event/", json=body).json
    assert made["id"] > 40
    assert caller.state()["next_ids"]["event"] == made["id"] + 1


@pytest.mark.fact("EVT-11")
def test_the_next_id_is_that_of_all_subscriptions(make_caller: Callable[..., Caller]) -> None:
    """A file's next id of events holds for subscriptions on all phones too."""
    caller = make_caller({**telephony(), "next_ids": {"event": 72}}, freeze=True)
    body = {"url": CRM, "method": "GET", "event_type": "hangup"}
    made: Any = caller.post("/client/10/phone_events/", json=body).json
    assert made["id"] == 72


def event(**changes: Any) -> dict[str, Any]:
    return {"url": CRM, "method": "GET", "event_type": "hangup", **changes}


def extension(number: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": str(number), "type": kind, **more}


#: What a client may hold besides, with its id.
HOLDINGS: dict[str, dict[str, Any]] = {
    "sounds": {"id": 7, "title": "Welcome", "filename": "welcome.wav"},
    "messages": {
        "id": 7,
        "extension": "101",
        "flow": "in",
        "from_number": "+79161112233",
        "to_number": "10*101",
        "text": "Hello",
        "at": "2026-03-01 12:00:00",
    },
    "quality_rates": {
        "id": 7,
        "extension_id": 101,
        "call_uuid": "ab" * 16,
        "at": "2026-03-01 12:00:00",
        "rate": 5,
    },
}


@pytest.mark.fact("GEN-7")
@pytest.mark.parametrize("key", HOLDINGS)
def test_two_things_of_one_id(key: str) -> None:
    """An id that stands in the file twice is a fault."""
    one = HOLDINGS[key]
    expected = [f"clients[0].{key}[1]: id: 7 stands there twice"]
    assert faults_of(company(extensions=[phone(101)], **{key: [one, one]})) == expected


@pytest.mark.fact("GEN-7")
@pytest.mark.parametrize("key", HOLDINGS)
def test_an_id_is_kept(make_caller: Callable[..., Caller], key: str) -> None:
    """A world that was saved has the ids of its file, and what comes next goes on from there."""
    one = HOLDINGS[key]
    other = {name: value for name, value in one.items() if name != "id"}
    there = make_caller(company(extensions=[phone(101)], **{key: [one, other]}))
    (found,) = there.state()["clients"]
    assert [item["id"] for item in found[key]] == [7, 8]


@pytest.mark.fact("QUE-1", "IVR-1", "AGT-1", "DID-1", "EVT-12")
@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"dids": [{"name": "+7495", "extension": "101"}]},
            ["clients[0].dids[0].name: must be digits"],
        ),
        (
            {"dids": [{"name": "7495", "extension": "999"}]},
            ["clients[0].dids[0]: client 10 has no extension '999'"],
        ),
        (
            {"dids": [{"name": "7495"}, {"name": "7495"}]},
            ["clients[0].dids[1]: name: '7495' stands there twice"],
        ),
        (
            {"agents": [{"name": "Ann", "extension": "999"}]},
            ["clients[0].agents[0]: client 10 has no extension '999'"],
        ),
        (
            {
                "agents": [
                    {"name": "Ann", "extension": "101"},
                    {"name": "Ann", "extension": "102"},
                ]
            },
            ["clients[0].agents[1]: name: 'Ann' stands there twice"],
        ),
        (
            {"agents": [{"name": "Ann", "extension": "101", "status": "asleep"}]},
            ["clients[0].agents[0].status: must be one of available, logged_out"],
        ),
        (
            {
                "extensions": [phone(101), extension(200, "queue")],
                "agents": [{"name": "Ann", "extension": "200"}],
            },
            ["clients[0].agents[0]: extension: must be of type phone"],
        ),
        (
            {
                "agents": [
                    {"name": "Ann", "extension": "101", "events": [event(event_type="agent-login")]}
                ],
                "phone_events": [event(id=1, url="nowhere")],
            },
            [
                "clients[0].phone_events[0].url: must be an absolute http or https address with a "
                "host"
            ],
        ),
        (
            {"phone_events": [event(id=5), event(id=5)]},
            ["clients[0].phone_events[1]: id: 5 stands there twice"],
        ),
        (
            {"extensions": [phone(101, events=[event(id=5)])], "phone_events": [event(id=5)]},
            ["clients[0].phone_events[0]: id: 5 stands there twice"],
        ),
        (
            {"phone_events": [event(event_type="agent-login")]},
            [
                "clients[0].phone_events[0].event_type: must be one of dial-in, dial-out, hangup, "
                "answer, message-in, message-out, voicemail, extension-call-status"
            ],
        ),
        (
            {"extensions": [extension(200, "queue", queue={"agents": ["Ann", "101"]}), phone(101)]},
            [
                "clients[0].extensions[0].queue.agents[0]: client 10 has no agent 'Ann'",
                "clients[0].extensions[0].queue.agents[1]: client 10 has no agent '101'",
            ],
        ),
        (
            {
                "extensions": [
                    extension(200, "queue", queue={"agents": ["Ann", "101"]}),
                    phone(101),
                ],
                "agents": [{"name": "Ann", "extension": "101"}],
            },
            ["clients[0].extensions[0].queue.agents[1]: '101' stands there twice"],
        ),
        (
            {"extensions": [extension(200, "queue", queue={"turn": "Ann"})]},
            ["clients[0].extensions[0].queue.turn: client 10 has no agent 'Ann'"],
        ),
        (
            {"extensions": [extension(200, "queue", queue={"strategy": "loudest"})]},
            [
                "clients[0].extensions[0].queue.strategy: must be one of top-down, ring-all, "
                "longest-idle-agent, round-robin, agent-with-least-talk-time, "
                "agent-with-fewest-calls, sequentially-by-agent-order, random"
            ],
        ),
        (
            {"extensions": [phone(101, queue={"max_wait_time": 5})]},
            ["clients[0].extensions[0].queue: only an extension of type queue has it"],
        ),
        (
            {"extensions": [phone(101, ivr={"lifetime": 5})]},
            ["clients[0].extensions[0].ivr: only an extension of type ivr has it"],
        ),
        (
            {"extensions": [extension(300, "ivr", ivr={"menu": {"1": "999", "2": "79161112200"}})]},
            ["clients[0].extensions[0].ivr.menu.1: client 10 has no extension '999'"],
        ),
        (
            {"extensions": [extension(300, "ivr", ivr={"menu": {"1": "the boss"}})]},
            [
                "clients[0].extensions[0].ivr.menu.1.value: must be digits, with + before them or "
                "not"
            ],
        ),
        (
            {"extensions": [extension(300, "ivr", ivr={"menu": {"12": "300"}})]},
            ["clients[0].extensions[0].ivr.menu.12.key: must be one of 0 to 9, * and #"],
        ),
        (
            {"extensions": [phone(101, forward={"when": "busy"})]},
            ["clients[0].extensions[0].forward.to: is required"],
        ),
        (
            {"extensions": [phone(101, forward={"to": "79161112200", "when": "never"})]},
            [
                "clients[0].extensions[0].forward.when: must be one of always, busy, no_answer, "
                "unavailable"
            ],
        ),
    ],
)
def test_a_fault_is_told_with_its_place(changes: Any, faults: list[str]) -> None:
    """Whatever is wrong is named with its place and the reason, all at once."""
    assert faults_of(company(**changes)) == faults


@pytest.mark.fact("QUE-1")
def test_a_broken_state_changes_nothing(office: Caller) -> None:
    """PUT of a state with a fault is a 400, and the world stays as it is."""
    before = office.state()
    broken = office.state()
    broken["clients"][0]["dids"][0]["extension"] = "999"
    answer = office.put("/_mockpbx/state", json=broken)
    message = "clients[0].dids[0]: client 2566 has no extension '999'"
    assert answered(answer) == (400, {"message": message})
    assert office.state() == before
