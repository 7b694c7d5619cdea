"""Events of all phones of a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered, refused
from tests.company import client, phone
from tests.conftest import Caller
from tests.resources.line import CRM, Line

LIST = "/client/2566/phone_events/"
TYPES = [
    "dial-in",
    "dial-out",
    "hangup",
    "answer",
    "message-in",
    "message-out",
    "voicemail",
    "extension-call-status",
]


def wish(**changes: Any) -> dict[str, Any]:
    return {"url": f"{CRM}/call?a=b", "method": "POST", "event_type": "dial-in", **changes}


@pytest.mark.fact("EVT-12")
@pytest.mark.parametrize("event_type", TYPES)
def test_all_phones_are_subscribed_to(office: Caller, event_type: str) -> None:
    """POST answers 201 with what was sent and an id, for every type of a phone's events."""
    answer = office.post(LIST, json=wish(event_type=event_type))
    assert answered(answer) == (201, {**wish(event_type=event_type), "id": 1})


@pytest.mark.fact("EVT-12")
def test_subscriptions_are_listed(office: Caller) -> None:
    """GET answers the subscriptions as they were made, by rising id."""
    assert answered(office.get(LIST)) == (200, [])
    made = [office.post(LIST, json=wish(method=method)).json for method in ("GET", "POST")]
    assert answered(office.get(LIST)) == (200, made)


@pytest.mark.fact("EVT-12", "AUT-10")
def test_a_call_api_application_may_subscribe(make_caller: Callable[..., Caller]) -> None:
    """Events are part of what an application of the level Call API may use."""
    caller = make_caller("office", application="call-app")
    assert caller.post(LIST, json=wish()).status_code == 201
    assert caller.get(LIST).status_code == 200


@pytest.mark.fact("EVT-12", "DLV-1")
def test_every_phone_tells(office: Caller) -> None:
    """One subscription is told about each phone, and about no queue or menu."""
    line = Line(office)
    office.post(LIST, json=wish())
    for to in ("102", "099", "887"):
        line.incoming(to)
    assert line.sent("EventType", "CalledNumber") == [
        ("dial-in", "2566*102"),
        ("dial-in", "2566*103"),  # the queue's first agent whose phone is free
    ]


@pytest.mark.fact("EVT-12", "DLV-1")
def test_only_the_type_asked_for_is_told(office: Caller) -> None:
    """Other events of the phones are not sent."""
    line = Line(office)
    office.post(LIST, json=wish(event_type="hangup"))
    line.step("hang_up", line.incoming("102"))
    assert line.sent() == ["hangup"]


@pytest.mark.fact("EVT-12", "DLV-1")
def test_own_subscriptions_are_told_too(office: Caller) -> None:
    """An event goes to the extension's own subscription and to the one on all phones."""
    line = Line(office)
    office.post(LIST, json=wish(url=f"{CRM}/all"))
    office.post("/extension/85219/event/", json=wish(url=f"{CRM}/own"))
    line.incoming("102")
    assert sorted(one.url for one in line.world.deliveries) == [f"{CRM}/all", f"{CRM}/own"]


@pytest.mark.fact("EVT-12")
def test_phones_of_other_clients_do_not_tell(documented: Caller) -> None:
    """A subscription on all phones is about the client's own."""
    line = Line(documented, client=12)
    documented.post("/client/801/phone_events/", json=wish())
    line.incoming("300")
    assert line.sent() == []


@pytest.mark.fact("EVT-11", "EVT-12")
def test_ids_are_unique_among_all_subscriptions(documented: Caller) -> None:
    """Subscriptions on one extension and on all phones share the rising ids."""
    own, everybody = "/extension/54/event/", "/client/801/phone_events/"
    answers: list[Any] = [documented.post(path, json=wish()).json for path in (own, everybody, own)]
    assert [answer["id"] for answer in answers] == [72, 73, 74]


@pytest.mark.fact("EVT-10", "EVT-12", "CLI-2")
def test_they_count_against_the_limit(make_caller: Callable[..., Caller]) -> None:
    """The client's limit is one for subscriptions on extensions and on all phones together."""
    world = {"format": 1, "clients": [client(event_limit=2)]}
    caller = make_caller(world)
    caller.post("/client/10/phone_events/", json=wish())
    caller.post("/extension/101/event/", json=wish())
    before = caller.state()
    for path in ("/client/10/phone_events/", "/extension/101/event/"):
        message = "Event limit reached: client 10 may have 2"
        answer = caller.post(path, json=wish())
        assert refused(answer) == (403, {"message": message}, "EVT-10", "doc, assumed")
    assert caller.state() == before
    assert caller.get("/client/10/limit/").json == {"event": {"limit": 2, "used": 2}}


@pytest.mark.fact("EVT-12", "EVT-5", "EVT-6")
@pytest.mark.parametrize(
    ("body", "message", "rule", "basis"),
    [
        (
            wish(url="crm.example.com/x"),
            "url: must be an absolute http or https address with a host",
            "EVT-20",
            "assumed",
        ),
        (wish(method="PUT"), "method: must be one of GET, POST", "EVT-5", "doc"),
        (
            wish(event_type="agent-login"),
            f"event_type: must be one of {', '.join(TYPES)}",
            "EVT-12",
            "doc",
        ),
        (
            {},
            "url: is required; method: is required; event_type: is required",
            "EVT-6, EVT-5, EVT-12",
            "doc, example",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(
    office: Caller, body: Any, message: str, rule: str, basis: str
) -> None:
    """A wrong or missing field is a 400, and nothing changes."""
    before = office.state()
    answer = office.post(LIST, json=body)
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert office.state() == before


@pytest.mark.fact("EVT-12", "EXT-7")
def test_they_outlive_a_phone(make_caller: Callable[..., Caller]) -> None:
    """Deleting a phone leaves the subscriptions on all phones."""
    caller = make_caller({"format": 1, "clients": [client(extensions=[phone(101), phone(102)])]})
    made = caller.post("/client/10/phone_events/", json=wish()).json
    caller.delete("/client/10/extension/101")
    assert answered(caller.get("/client/10/phone_events/")) == (200, [made])
