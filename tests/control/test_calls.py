"""Calls, messages, agents and deliveries over the control API."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from werkzeug.test import TestResponse

from mockpbx.calls import lifecycle
from mockpbx.resources.event.model import TYPES, subscribe
from mockpbx.resources.extension.model import named
from mockpbx.webhooks.outbox import Outbox
from mockpbx.webhooks.transport import Request

from ..answers import json_of
from ..conftest import Caller

CALLER = "+79161112233"
CRM = "http://crm.test/hook"

RINGING = ["ring", "answer", "decline", "hang_up"]
ANSWERED = ["hold", "transfer", "press", "hang_up"]


@pytest.fixture
def events(office: Caller) -> list[dict[str, str]]:
    """What the receiver of all events of 101, 102, 103 and 107 is told."""
    told: list[dict[str, str]] = []

    def hook(request: Request) -> tuple[int, bytes]:
        told.append(dict(parse_qsl(request.body.decode())))
        return 200, b"taken"

    world = office.world
    assert isinstance(world.courier, Outbox)
    world.courier.transport.deliver_to(CRM, hook)
    with world.change():
        for number in ("101", "102", "103", "107"):
            for event_type in TYPES:
                fields = {"url": CRM, "method": "POST", "event_type": event_type}
                subscribe(world, named(world, number), fields)
    return told


def shown(answer: TestResponse) -> Any:
    """The answer's JSON."""
    return json.loads(answer.text)


def started(caller: Caller, **fields: Any) -> Any:
    """A call that was begun."""
    answer = caller.post("/_mockpbx/calls", json=fields)
    assert answer.status_code == 201, answer.text
    return shown(answer)


def step(caller: Caller, call: dict[str, Any], name: str, **fields: Any) -> Any:
    """The call after that step."""
    options = {"json": fields} if fields else {}
    answer = caller.post(f"/_mockpbx/calls/{call['call_id']}/{name}", **options)
    assert answer.status_code == 200, answer.text
    return shown(answer)


@pytest.mark.fact("CAL-1")
def test_a_call_step_by_step(office: Caller, events: list[dict[str, str]]) -> None:
    """Each step is answered with the call as it stands, after its events were sent."""
    call = started(office, **{"from": CALLER, "to": "102"})
    seen = [(call["state"], call["steps"], len(events))]
    for name in ("answer", "hold", "hang_up"):
        call = step(office, call, name)
        seen.append((call["state"], call["steps"], len(events)))
    assert seen == [
        ("ringing", RINGING, 1),
        ("answered", ANSWERED, 2),
        ("held", ["hold", "transfer", "hang_up"], 2),
        ("finished", [], 3),
    ]
    assert {event["CallID"] for event in events} == {call["call_id"]}


def test_the_whole_answer(office: Caller) -> None:
    """A call is shown with its numbers, times and legs."""
    call = started(office, **{"from": CALLER, "did": "74959998878", "name": "Olga"})
    assert list(call) == [
        "call_id",
        "call_api_id",
        "kind",
        "from",
        "to",
        "did",
        "state",
        "steps",
        "result",
        "started_at",
        "answered_at",
        "ended_at",
        "legs",
    ]
    [leg] = call.pop("legs")
    number, rest = call.pop("call_id"), call.pop("call_api_id")
    assert rest[10:].replace("-", "") == number
    assert call == {
        "kind": "incoming",
        "from": CALLER,
        "to": "74959998878",
        "did": "74959998878",
        "state": "ringing",
        "steps": RINGING,
        "result": None,
        "started_at": call["started_at"],
        "answered_at": None,
        "ended_at": None,
    }
    assert leg == {
        "extension": "2566*101",
        "extension_id": 85218,
        "sub_call_id": leg["sub_call_id"],
        "role": "phone",
        "flow": "in",
        "state": "ringing",
        "status": "CALLING",
        "caller_num": CALLER,
        "called_number": "2566*101",
        "began_at": leg["began_at"],
        "answered_at": None,
        "ended_at": None,
        "record_uuid": None,
        "heard": [],
    }


@pytest.mark.parametrize(
    ("fields", "legs"),
    [
        ({"kind": "incoming", "from": CALLER, "to": "101"}, ["2566*101"]),
        ({"kind": "outgoing", "from": "101", "to": CALLER}, ["2566*101"]),
        ({"kind": "outgoing", "from": 85218, "to": CALLER}, ["2566*101"]),
        ({"kind": "internal", "from": "2566*101", "to": "102"}, ["2566*101", "2566*102"]),
    ],
)
def test_kinds(office: Caller, fields: dict[str, Any], legs: list[str]) -> None:
    """Each kind of call rings or dials at whom it names."""
    call = started(office, **fields)
    assert (call["kind"], [leg["extension"] for leg in call["legs"]]) == (fields["kind"], legs)


@pytest.mark.fact("DAT-3", "DAT-5")
def test_a_call_is_found_by_both_ids(office: Caller) -> None:
    """A call is read by CallID and by CallAPIID, with its ladder."""
    call = started(office, **{"from": CALLER, "to": "101"})
    found = [
        shown(office.get(f"/_mockpbx/calls/{call[key]}")) for key in ("call_id", "call_api_id")
    ]
    ladder = found[0].pop("ladder")
    assert found == [call, {**call, "ladder": ladder}]
    assert ladder.splitlines()[0] == f"incoming call {call['call_id']}: {CALLER} -> 101"


def test_calls_are_listed(office: Caller) -> None:
    """Running and finished calls are listed, the oldest first."""
    first = started(office, **{"from": CALLER, "to": "101"})
    second = started(office, **{"from": CALLER, "to": "999"})
    assert shown(office.get("/_mockpbx/calls")) == {"calls": [first, second]}
    assert [first["result"], second["result"]] == [None, "CONGESTION"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "from: is required"),
        ({"from": CALLER}, "to: an incoming call needs to or did"),
        ({"kind": "internal", "from": "101"}, "to: is required"),
        (
            {"kind": "callback", "from": CALLER, "to": "101"},
            "kind: must be one of incoming, outgoing, internal",
        ),
        (
            {"from": CALLER, "to": ""},
            "to: must be 1 to 64 ASCII characters without blanks, or an id",
        ),
        (
            {"from": CALLER, "to": "101", "form": "x"},
            "form: is none of kind, from, to, did, name, script",
        ),
        (
            {"kind": "outgoing", "from": "101", "to": CALLER, "did": "74959998877"},
            "did: only an incoming call has it",
        ),
        (
            {"kind": "outgoing", "from": "887", "to": CALLER},
            "extension: 2566*887 is queue; only a phone does this",
        ),
        ({"from": CALLER, "to": "101", "script": []}, "script: must be a JSON object"),
        (
            {"from": CALLER, "to": "101", "script": {"talk": "1", "tlak": 1}},
            "script.talk: must be a number of seconds, from 0 to 1000000000; "
            "script.tlak: is none of outcome, answer_after, talk, after, press, leave_message",
        ),
    ],
)
def test_wrong_calls(office: Caller, fields: dict[str, Any], message: str) -> None:
    """A call that cannot begin is a 400 that names what is wrong; nothing began."""
    answer = office.post("/_mockpbx/calls", json=fields)
    assert (answer.status_code, shown(answer)) == (400, {"message": message})
    assert shown(office.get("/_mockpbx/calls")) == {"calls": []}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("calls", {"kind": "outgoing", "from": "1O2", "to": CALLER}),
        ("calls", {"kind": "internal", "from": "1O2", "to": "101"}),
        ("calls/{}/answer", {"extension": "1O2"}),
        ("calls/{}/decline", {"extension": "1O2"}),
    ],
)
def test_unknown_extension(office: Caller, path: str, fields: dict[str, Any]) -> None:
    """An extension that nobody has is a 404 that names the nearest."""
    call = started(office, **{"from": CALLER, "to": "101"})
    answer = office.post(f"/_mockpbx/{path.format(call['call_id'])}", json=fields)
    message = "extension: there is no 1O2; the nearest is 2566*102"
    assert (answer.status_code, shown(answer)) == (404, {"message": message})


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", "/answer"), ("POST", "/hang_up")]
)
def test_unknown_call(office: Caller, method: str, path: str) -> None:
    """A call that nobody made is a 404."""
    answer = office.send(method, f"/_mockpbx/calls/{'0' * 32}{path}")
    assert (answer.status_code, shown(answer)) == (
        404,
        {"message": f"there is no call {'0' * 32}"},
    )


def test_unknown_step(office: Caller) -> None:
    """A step that does not exist is a 404 that names the nearest path."""
    call = started(office, **{"from": CALLER, "to": "101"})
    answer = office.post(f"/_mockpbx/calls/{call['call_id']}/anwser")
    reason = "no such path; the nearest is /_mockpbx/calls/{call_id}/answer"
    assert (answer.status_code, answer.headers["X-Mockpbx-Reason"]) == (404, reason)


@pytest.mark.parametrize(
    ("before", "name", "fields", "state", "steps"),
    [
        ([], "hold", {}, "ringing", RINGING),
        ([], "transfer", {"to": "102"}, "ringing", RINGING),
        ([], "press", {"key": "1"}, "ringing", RINGING),
        ([], "leave_message", {}, "ringing", RINGING),
        (["answer"], "answer", {}, "answered", ANSWERED),
        (["answer"], "decline", {}, "answered", ANSWERED),
        (["answer"], "ring", {}, "answered", ANSWERED),
        (["hang_up"], "hang_up", {}, "finished", []),
    ],
)
def test_illegal_steps(
    office: Caller,
    before: list[str],
    name: str,
    fields: dict[str, Any],
    state: str,
    steps: list[str],
) -> None:
    """A step that the state does not allow is a 409 with both, and changes nothing."""
    call = started(office, **{"from": CALLER, "to": "101"})
    for earlier in before:
        call = step(office, call, earlier)
    answer = office.post(f"/_mockpbx/calls/{call['call_id']}/{name}", json=fields)
    how = ": CANCEL, it was given up before an answer" if state == "finished" else ""
    legal = ", ".join(steps) or "none"
    text = f"{name}: the call is {state}{how}; steps that it allows: {legal}"
    assert (answer.status_code, shown(answer)) == (
        409,
        {"message": text, "state": state, "steps": steps},
    )
    assert shown(office.get("/_mockpbx/calls")) == {"calls": [call]}


def test_who_does_not_ring(office: Caller) -> None:
    """An answer by somebody whom the call does not ring is a 409 naming who rings."""
    call = started(office, **{"from": CALLER, "to": "101"})
    answer = office.post(
        f"/_mockpbx/calls/{call['call_id']}/answer", json={"extension": "2566*103"}
    )
    message = "answer: 2566*103 does not ring in this call; who rings: 2566*101"
    assert (answer.status_code, shown(answer)) == (409, {"message": message})


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("transfer", {}, "to: is required"),
        ("transfer", {"to": "102", "attended": 1}, "attended: must be a boolean"),
        ("press", {"key": "12"}, "key: must be one of 0 to 9, * and #"),
        ("answer", {"extention": "101"}, "extention: is none of extension"),
    ],
)
def test_wrong_steps(office: Caller, name: str, fields: dict[str, Any], message: str) -> None:
    """A step's body that cannot be read is a 400 that names what is wrong."""
    call = started(office, **{"from": CALLER, "to": "101"})
    answer = office.post(f"/_mockpbx/calls/{call['call_id']}/{name}", json=fields)
    assert (answer.status_code, shown(answer)) == (400, {"message": message})


@pytest.mark.fact("CAL-12", "DAT-18")
@pytest.mark.parametrize("attended", [False, True])
def test_transfer(office: Caller, events: list[dict[str, str]], attended: bool) -> None:
    """A call is passed on at once, or after asking; the second phone is told by whom."""
    call = step(office, started(office, **{"from": CALLER, "to": "101"}), "answer")
    call = step(office, call, "transfer", to="102", attended=attended)
    assert call["state"] == ("transferring" if attended else "ringing")
    talks = "consulting" if attended else "answered"
    assert step(office, call, "answer", extension="102")["state"] == talks
    [dial_in] = [one for one in events if one.get("RemoteNumber")]
    assert (dial_in["CalledNumber"], dial_in["RemoteNumber"]) == ("2566*102", CALLER)


@pytest.mark.fact("SIM-4", "SIM-12", "CAL-4")
def test_a_menu_a_queue_and_voicemail(office: Caller, events: list[dict[str, str]]) -> None:
    """Keys, agents who decline, and messages are steps too."""
    call = step(office, started(office, **{"from": CALLER, "did": "74959998877"}), "press", key="1")
    call = step(office, call, "decline", extension="102")
    assert step(office, call, "answer", extension="103")["state"] == "answered"
    missed = started(office, **{"from": CALLER, "to": "107"})
    office.post("/_mockpbx/clock/advance", json={"seconds": 20})
    assert step(office, missed, "leave_message")["state"] == "finished"
    assert events[-1]["EventType"] == "voicemail"


def test_a_script(office: Caller, events: list[dict[str, str]]) -> None:
    """A scripted call goes on as the clock moves, and the answer says what came due."""
    call = started(
        office, **{"from": CALLER, "to": "101", "script": {"answer_after": 3, "talk": 60}}
    )
    fired = shown(office.post("/_mockpbx/clock/advance", json={"seconds": 63}))["fired"]
    assert [(one["kind"], one["call"]) for one in fired] == [
        ("pick_up", call["call_id"]),
        ("hang_up", call["call_id"]),
    ]
    assert [one["EventType"] for one in events] == ["dial-in", "answer", "hangup"]
    assert shown(office.get(f"/_mockpbx/calls/{call['call_id']}"))["result"] == "ANSWER"


@pytest.mark.fact("DAT-21")
def test_messages(office: Caller, events: list[dict[str, str]]) -> None:
    """A text message is told to the phone that it comes to, or goes out from."""
    for fields in (
        {"from": CALLER, "to": "101", "text": "one"},
        {"from": "101", "to": CALLER, "text": "two"},
    ):
        assert office.post("/_mockpbx/messages", json=fields).status_code == 204
    assert [(one["EventType"], one["Message"]) for one in events] == [
        ("message-in", "one"),
        ("message-out", "two"),
    ]


def test_a_message_to_nobody(office: Caller) -> None:
    """A message between two numbers outside is a 404 that names the nearest extension."""
    fields = {"from": CALLER, "to": "1O2", "text": "hi"}
    answer = office.post("/_mockpbx/messages", json=fields)
    message = "extension: there is no 1O2; the nearest is 2566*102"
    assert (answer.status_code, shown(answer)) == (404, {"message": message})


@pytest.mark.fact("AGT-1", "SIM-12")
@pytest.mark.parametrize("agent", ["1", "102", "2566*102"])
def test_agents_log_out_and_in(office: Caller, agent: str) -> None:
    """An agent who is logged out is not rung; by the agent's id or the phone's number."""
    rung = []
    for status in ("logged_out", "available"):
        answer = office.post(f"/_mockpbx/agents/{agent}/status", json={"status": status})
        assert (answer.status_code, shown(answer)["status"]) == (200, status)
        legs = started(office, **{"from": CALLER, "to": "887"})["legs"]
        rung.append(legs[-1]["extension"])
    assert rung == ["2566*103", "2566*102"]


@pytest.mark.fact("AGT-1")
def test_who_subscribed_to_an_agent_is_told(office: Caller, events: list[dict[str, str]]) -> None:
    """An agent who logs out causes an event; one who is logged out already causes none."""
    fields = {"url": CRM, "method": "POST", "event_type": "agent-logout"}
    assert office.post("/client/@me/agent/local/1/event/", json=fields).status_code == 201
    for _ in range(2):
        office.post("/_mockpbx/agents/102/status", json={"status": "logged_out"})
    [event] = events
    told = {name: event[name] for name in ("agent_id", "agent_status", "extension_name")}
    assert told == {"agent_id": "1", "agent_status": "logged_out", "extension_name": "2566*102"}


def test_an_unknown_agent(office: Caller) -> None:
    """An agent who does not exist is a 404, a status that does not exist a 400."""
    fields = {"status": "available"}
    answers = [
        office.post("/_mockpbx/agents/106/status", json=fields),
        office.post("/_mockpbx/agents/1/status", json={"status": "asleep"}),
    ]
    assert [(one.status_code, shown(one)) for one in answers] == [
        (404, {"message": "there is no agent 106"}),
        (400, {"message": "status: must be one of available, logged_out"}),
    ]


@pytest.mark.fact("DLV-4")
def test_deliveries(office: Caller, events: list[dict[str, str]]) -> None:
    """Every event that was sent is listed with its request and what the receiver said."""
    started(office, **{"from": CALLER, "to": "101"})
    body = shown(office.get("/_mockpbx/deliveries"))
    [entry] = body.pop("deliveries")
    assert body == {"dropped": 0}
    [attempt] = entry.pop("attempts")
    assert 0 <= attempt.pop("duration_us") < 10_000_000
    assert attempt == {"at": attempt["at"], "status": 200, "answer": "taken", "error": None}
    assert dict(parse_qsl(entry.pop("body"))) == entry["data"] == events[0]
    assert entry == {
        "id": 1,
        "at": attempt["at"],
        "subscription": entry["subscription"],
        "extension": 85218,
        "event_type": "dial-in",
        "method": "POST",
        "url": CRM,
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "data": events[0],
        "sent": True,
        "status": 200,
        "ok": True,
        "outcome": "taken",
        "answer": "taken",
        "error": None,
    }


def test_replay(office: Caller, events: list[dict[str, str]]) -> None:
    """A delivery is sent once more as it was, under a number of its own."""
    started(office, **{"from": CALLER, "to": "101"})
    answer = office.post("/_mockpbx/deliveries/1/replay")
    assert (answer.status_code, shown(answer)["id"]) == (201, 2)
    assert [one["status"] for one in shown(answer)["attempts"]] == [200]
    assert events == [events[0]] * 2
    assert len(shown(office.get("/_mockpbx/deliveries"))["deliveries"]) == 2


@pytest.mark.parametrize("number", ["2", "x", "0"])
def test_replay_of_nothing(office: Caller, events: list[dict[str, str]], number: str) -> None:
    """A delivery that does not exist is a 404."""
    started(office, **{"from": CALLER, "to": "101"})
    answer = office.post(f"/_mockpbx/deliveries/{number}/replay")
    message = {"message": f"there is no delivery {number}"}
    assert (answer.status_code, shown(answer), len(events)) == (404, message, 1)


@pytest.mark.parametrize("event_type", TYPES)
def test_a_sample_event(office: Caller, events: list[dict[str, str]], event_type: str) -> None:
    """A subscription is tried with an event of its type, and what its receiver said is told."""
    path = "/extension/@101/event/"
    [own] = [one for one in shown(office.get(path)) if one["event_type"] == event_type]
    answer = office.post(f"/_mockpbx/subscriptions/{own['id']}/test")
    assert (answer.status_code, shown(answer)["subscription"]) == (201, own["id"])
    assert [(one["status"], one["answer"]) for one in shown(answer)["attempts"]] == [(200, "taken")]
    [event] = events
    assert (event["EventType"], event["CallFlow"]) == (
        event_type,
        "out" if event_type in ("dial-out", "message-out") else "in",
    )


@pytest.mark.fact("EVT-12", "AGT-1")
@pytest.mark.parametrize(
    ("path", "event_type", "name"),
    [
        ("/client/@me/phone_events/", "hangup", "EventType"),
        ("/client/@me/agent/local/1/event/", "agent-login", "agent_status"),
    ],
)
def test_samples_of_other_subscriptions(
    office: Caller, events: list[dict[str, str]], path: str, event_type: str, name: str
) -> None:
    """Subscriptions on all phones and on an agent can be tried as well."""
    fields = {"url": CRM, "method": "POST", "event_type": event_type}
    number = shown(office.post(path, json=fields))["id"]
    answer = office.post(f"/_mockpbx/subscriptions/{number}/test")
    assert (answer.status_code, shown(answer)["event_type"]) == (201, event_type)
    assert [name in one for one in events] == [True]


def test_a_sample_for_nobody(office: Caller) -> None:
    """A subscription that does not exist is a 404."""
    answer = office.post("/_mockpbx/subscriptions/99/test")
    assert (answer.status_code, shown(answer)) == (404, {"message": "there is no subscription 99"})


def test_running_calls_are_limited(office: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many that run at once none is begun, by whatever way, until one of them ends."""
    monkeypatch.setattr(lifecycle, "MOST_RUNNING", 3)
    body = {"kind": "outgoing", "from": "101", "to": "79161114455"}
    begun = [json_of(office.post("/_mockpbx/calls", json=body)) for _ in range(3)]
    answer = office.post("/_mockpbx/calls", json=body)
    assert (answer.status_code, json_of(answer)) == (
        429,
        {"message": "Rate limit exceeded", "status": "rate_limit_exceeded"},
    )
    assert answer.headers["X-Mockpbx-Reason"] == "the limit is 3 calls at once"
    callback = {"src_num": ["101"], "dst_num": "79161114455"}
    assert office.post("/extension/@101/callback/", json=callback).status_code == 429
    assert office.post(f"/_mockpbx/calls/{begun[0]['call_id']}/hang_up").status_code == 200
    assert office.post("/_mockpbx/calls", json=body).status_code == 201
