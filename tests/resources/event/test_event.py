"""Event subscriptions of one extension."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import Readings

from ...company import client, company, phone
from ...conftest import Caller
from ..line import CRM, Line

MakeCaller = Callable[..., Caller]

NOT_FOUND = {"message": "Not found"}
OF_101 = "/extension/101/event/"
TYPES = ["dial-in", "dial-out", "hangup", "answer", "message-in", "message-out", "voicemail"]
URL = "https://crm.example.com/hook?id=1"
GOOD = {"url": URL, "method": "GET", "event_type": "dial-in"}
OTHER = {"url": "http://crm.example.com/", "method": "POST", "event_type": "hangup"}

EXTENSIONS = [
    phone(101),
    phone(102),
    {"id": 103, "name": "103", "type": "queue"},
    {"id": 104, "name": "104", "type": "ivr"},
    {"id": 105, "name": "105", "type": "fax"},
]


@pytest.fixture
def world(make_caller: MakeCaller) -> Callable[..., Caller]:
    """Makes a caller of a company with an extension of each type, beside another company."""

    def make(**changes: Any) -> Caller:
        data = company(**{"extensions": EXTENSIONS, **changes})
        extensions = [phone(201, events=[GOOD])]
        data["clients"].append(
            client(
                id=20, prefix="20", extensions=extensions, users=[], applications=[], name="Other"
            )
        )
        return make_caller(data, freeze=True)

    return make


def sent(there: Caller, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and body of an answer."""
    options = {} if body is None else {"json": body}
    answer = there.send(method, path, **options)
    return answer.status_code, answer.json if answer.data else None


def refused(there: Caller, method: str, path: str, body: Any, message: str, rule: str) -> None:
    """Check that the request is a 400 with that message and rule, and changes nothing."""
    before = there.state()
    answer = there.send(method, path, json=body)
    assert (answer.status_code, answer.json) == (400, {"message": message})
    assert answer.headers["X-Mockpbx-Rule"] == rule
    assert there.state() == before


@pytest.mark.fact("EVT-1", "EVT-11")
def test_the_documented_subscription(documented: Caller) -> None:
    """The subscription of the documentation's example is answered as printed, with the id 72."""
    body = {
        "url": "https://somehost.com/fordel/show.php?myid=175",
        "method": "GET",
        "event_type": "dial-out",
    }
    assert sent(documented, "POST", "/extension/175/event/", body) == (201, {**body, "id": 72})


@pytest.mark.fact("EVT-4", "EVT-5", "EVT-1")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("event_type", TYPES)
def test_types_and_methods(world: Callable[..., Caller], event_type: str, method: str) -> None:
    """A phone has every type of event, sent by GET or POST."""
    body = {"url": URL, "method": method, "event_type": event_type}
    assert sent(world(), "POST", OF_101, body) == (201, {**body, "id": 2})


WRONG_TYPE = f"event_type: must be one of {', '.join(TYPES)}"
WRONG_METHOD = "method: must be one of GET, POST"
WRONG_URL = "url: must be an absolute http or https address with a host"

FAULTS = [
    ({"event_type": "dial"}, WRONG_TYPE, "EVT-4"),
    ({"event_type": "Dial-in"}, WRONG_TYPE, "EVT-4"),
    ({"event_type": "extension-call-status"}, WRONG_TYPE, "EVT-4"),
    ({"event_type": ""}, WRONG_TYPE, "EVT-4"),
    ({"event_type": 1}, "event_type: must be a string", "EVT-4"),
    ({"event_type": ["dial-in"]}, "event_type: must be a string", "EVT-4"),
    ({"event_type": None}, "event_type: must not be null", "EVT-4"),
    ({"method": "get"}, WRONG_METHOD, "EVT-5"),
    ({"method": "PUT"}, WRONG_METHOD, "EVT-5"),
    ({"method": True}, "method: must be a string", "EVT-5"),
    ({"method": None}, "method: must not be null", "EVT-5"),
    ({"url": 1}, "url: must be a string", "EVT-6"),
    ({"url": None}, "url: must not be null", "EVT-6"),
    *(
        ({"url": url}, WRONG_URL, "EVT-20")
        for url in (
            "",
            "crm.example.com/hook",
            "/hook",
            "//crm.example.com/hook",
            "ftp://crm.example.com/",
            "javascript:alert(1)",
            "mailto:a@example.com",
            "http:",
            "http://",
            "http:///hook",
            "http://:80/",
            "http://user@/",
            "http://?a=b",
            "http:crm.example.com",
            "http://crm.example.com:port/",
            "http://crm.example.com:65536/",
            "http://crm.example.com:-1/",
            "http://[::1/",
            "http://crm.example.com/a b",
            " http://crm.example.com/",
            "http://crm.example.com/\n",
            "http://crm.example.com/\u0000",
            "http://crm.example.com/\u200b",
        )
    ),
    (
        {"url": "x", "method": "x", "event_type": "x"},
        f"{WRONG_URL}; {WRONG_METHOD}; {WRONG_TYPE}",
        "EVT-20, EVT-5, EVT-4",
    ),
]


@pytest.mark.fact("EVT-4", "EVT-5", "EVT-6", "EVT-20", "EVT-3", "ERR-9")
@pytest.mark.parametrize(("changes", "message", "rule"), FAULTS, ids=repr)
def test_a_fault_of_a_field(
    world: Callable[..., Caller], changes: dict[str, Any], message: str, rule: str
) -> None:
    """Type, method and url must be those documented, in a new subscription and a changed one."""
    there = world(extensions=[phone(101, events=[{"id": 5, **OTHER}])])
    for method, path in (("POST", OF_101), ("PUT", f"{OF_101}5")):
        refused(there, method, path, {**GOOD, **changes}, message, rule)


@pytest.mark.fact("EVT-1", "EVT-3")
@pytest.mark.parametrize(
    ("name", "rule"), [("url", "EVT-6"), ("method", "EVT-5"), ("event_type", "EVT-4")]
)
def test_all_fields_are_mandatory(world: Callable[..., Caller], name: str, rule: str) -> None:
    """A subscription without one of its three fields is refused, a changed one too."""
    there = world(extensions=[phone(101, events=[{"id": 5, **OTHER}])])
    body = {key: value for key, value in GOOD.items() if key != name}
    for method, path in (("POST", OF_101), ("PUT", f"{OF_101}5")):
        refused(there, method, path, body, f"{name}: is required", rule)


@pytest.mark.fact("EVT-6")
@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com",
        "HTTPS://CRM.example.com:65535/hook?a=1&b=%20#part",
        "http://user:password@crm.example.com/",
        "http://127.0.0.1:1/",
        "http://[::1]:8080/hook",
        "http://localhost/",
        "https://пример.example/путь?имя=1",
    ],
)
def test_a_url(world: Callable[..., Caller], url: str) -> None:
    """An absolute http or https address with a host is kept as it was sent."""
    body = {**GOOD, "url": url}
    assert sent(world(), "POST", OF_101, body) == (201, {**body, "id": 2})


NO_MESSAGES = "exists only on extensions of type phone"
NOT_ON_IVR = "does not exist on an ivr-type extension"


@pytest.mark.fact("EVT-7", "EVT-3")
@pytest.mark.parametrize(("number", "kind"), [(103, "queue"), (104, "ivr"), (105, "fax")])
@pytest.mark.parametrize("event_type", ["message-in", "message-out"])
def test_messages_are_for_phones(
    world: Callable[..., Caller], event_type: str, number: int, kind: str
) -> None:
    """Events of messages are refused on every extension that is no phone, a change to one too."""
    extension = {"id": number, "name": str(number), "type": kind, "events": [{"id": 5, **OTHER}]}
    there = world(extensions=[extension])
    message = f"event_type: {event_type} {NO_MESSAGES}, not {kind}"
    path = f"/extension/{number}/event/"
    body = {**GOOD, "event_type": event_type}
    refused(there, "POST", path, body, message, "EVT-7")
    refused(there, "PUT", f"{path}5", body, message, "EVT-7")


@pytest.mark.fact("EVT-8", "EVT-3")
@pytest.mark.parametrize("event_type", ["dial-out", "answer"])
def test_what_an_ivr_does_not_have(world: Callable[..., Caller], event_type: str) -> None:
    """The events `dial-out` and `answer` are refused on an ivr, with the word `ivr-type`."""
    extension = {"id": 104, "name": "104", "type": "ivr", "events": [{"id": 5, **OTHER}]}
    there = world(extensions=[extension])
    message = f"event_type: {event_type} {NOT_ON_IVR}"
    body = {**GOOD, "event_type": event_type}
    refused(there, "POST", "/extension/104/event/", body, message, "EVT-8")
    refused(there, "PUT", "/extension/104/event/5", body, message, "EVT-8")


@pytest.mark.fact("EVT-8", "EVT-3")
@pytest.mark.parametrize("event_type", ["dial-out", "answer"])
def test_what_an_ivr_has_when_it_forwards(make_caller: MakeCaller, event_type: str) -> None:
    """Under the reading ivr_events=all both are taken and kept by the state."""
    readings = Readings(ivr_events="all")
    extension = {"id": 104, "name": "104", "type": "ivr", "events": [{"id": 5, **OTHER}]}
    there = make_caller(company(extensions=[extension]), freeze=True, readings=readings)
    body = {**GOOD, "event_type": event_type}
    assert sent(there, "PUT", "/extension/104/event/5", body) == (200, {**body, "id": 5})
    assert sent(there, "POST", "/extension/104/event/", body) == (201, {**body, "id": 6})
    state = there.state()
    assert there.put("/_mockpbx/state", json=state).status_code == 204
    assert there.state() == state


@pytest.mark.fact("EVT-8", "CAL-5")
def test_a_menu_that_forwards_tells_its_subscriber(make_caller: MakeCaller) -> None:
    """With both of them subscribed to, a menu's forwarding outside sends dial-out and answer."""
    readings = Readings(ivr_events="all")
    there = make_caller("office", freeze=True, readings=readings)
    line = Line(there)
    for event_type in ("dial-out", "answer"):
        body = {"url": f"{CRM}/", "method": "POST", "event_type": event_type}
        assert sent(there, "POST", "/extension/96856/event/", body)[0] == 201
    state = there.state()
    menu = next(one for one in state["clients"][0]["extensions"] if one["name"] == "2566*099")
    menu["forward"] = {"to": "+79161112200", "when": "always"}
    assert there.put("/_mockpbx/state", json=state).status_code == 204
    line.step("answer", line.incoming("099"))
    assert line.sent("EventType", "CallerExtension", "CalledNumber") == [
        (event_type, "2566*099@sipproxy.telphin.ru", "+79161112200")
        for event_type in ("dial-out", "answer")
    ]


@pytest.mark.fact("EVT-7", "EVT-8")
@pytest.mark.parametrize(
    ("number", "event_type"),
    [
        *((103, event_type) for event_type in TYPES if "message" not in event_type),
        *((105, event_type) for event_type in TYPES if "message" not in event_type),
        *((104, event_type) for event_type in ("dial-in", "hangup", "voicemail")),
    ],
)
def test_what_other_extensions_have(
    world: Callable[..., Caller], number: int, event_type: str
) -> None:
    """A queue and a fax have all other events, an ivr all but those two."""
    body = {**GOOD, "event_type": event_type}
    answer = sent(world(), "POST", f"/extension/{number}/event/", body)
    assert answer == (201, {**body, "id": 2})


@pytest.mark.fact("EVT-2", "EVT-9")
def test_the_list(world: Callable[..., Caller]) -> None:
    """The list is an array of all of the extension's subscriptions, those alike too, by id."""
    there = world()
    bodies = [GOOD, {**GOOD, "url": URL + "&b"}, GOOD, OTHER]
    made = [sent(there, "POST", OF_101, body)[1] for body in bodies]
    sent(there, "POST", "/extension/102/event/", OTHER)
    assert made == [{**body, "id": 2 + index} for index, body in enumerate(bodies)]
    assert sent(there, "GET", OF_101) == (200, made)


@pytest.mark.fact("EVT-2")
def test_an_empty_list(world: Callable[..., Caller]) -> None:
    """An extension without subscriptions has an empty array."""
    assert sent(world(), "GET", OF_101) == (200, [])


@pytest.mark.fact("EVT-13", "GEN-12")
def test_a_list_asked_with_a_body(world: Callable[..., Caller]) -> None:
    """A GET with the JSON body of a subscription answers the list and makes none."""
    there = world()
    assert sent(there, "GET", OF_101, GOOD) == (200, [])
    assert sent(there, "GET", OF_101) == (200, [])


@pytest.mark.fact("EVT-2")
def test_all_are_deleted(world: Callable[..., Caller]) -> None:
    """Deleting the list deletes all subscriptions of the extension and no others."""
    there = world()
    for path in (OF_101, OF_101, "/extension/102/event/"):
        sent(there, "POST", path, GOOD)
    assert sent(there, "DELETE", OF_101) == (204, None)
    assert sent(there, "GET", OF_101) == (200, [])
    assert sent(there, "GET", "/extension/102/event/") == (200, [{**GOOD, "id": 4}])
    assert sent(there, "DELETE", OF_101) == (204, None)


@pytest.mark.fact("EVT-3")
def test_one_is_read(world: Callable[..., Caller]) -> None:
    """One subscription is read by its id."""
    there = world()
    sent(there, "POST", OF_101, GOOD)
    sent(there, "POST", OF_101, OTHER)
    assert sent(there, "GET", f"{OF_101}3") == (200, {**OTHER, "id": 3})


@pytest.mark.fact("EVT-3")
def test_one_is_changed(world: Callable[..., Caller]) -> None:
    """A changed subscription has the new fields and its id; the others stay."""
    there = world()
    sent(there, "POST", OF_101, GOOD)
    sent(there, "POST", OF_101, GOOD)
    assert sent(there, "PUT", f"{OF_101}2", OTHER) == (200, {**OTHER, "id": 2})
    assert sent(there, "GET", OF_101) == (200, [{**OTHER, "id": 2}, {**GOOD, "id": 3}])


@pytest.mark.fact("EVT-3", "EVT-11")
def test_an_id_does_not_change(world: Callable[..., Caller]) -> None:
    """An id in the body is not read, neither in a new subscription nor in a changed one."""
    there = world()
    assert sent(there, "POST", OF_101, {**GOOD, "id": 9}) == (201, {**GOOD, "id": 2})
    assert sent(there, "PUT", f"{OF_101}2", {**GOOD, "id": 9}) == (200, {**GOOD, "id": 2})


@pytest.mark.fact("EVT-3")
def test_one_is_deleted(world: Callable[..., Caller]) -> None:
    """A deleted subscription is gone; the others stay."""
    there = world()
    sent(there, "POST", OF_101, GOOD)
    sent(there, "POST", OF_101, OTHER)
    assert sent(there, "DELETE", f"{OF_101}2") == (204, None)
    assert sent(there, "GET", f"{OF_101}2") == (404, NOT_FOUND)
    assert sent(there, "GET", OF_101) == (200, [{**OTHER, "id": 3}])


@pytest.mark.fact("EVT-3", "ERR-6")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path", [f"{OF_101}99", "/extension/102/event/5", f"{OF_101}1"], ids=["none", "102", "other"]
)
def test_one_that_is_none(world: Callable[..., Caller], method: str, path: str) -> None:
    """An id that the extension has no subscription of is a 404, one of another extension too."""
    there = world(extensions=[phone(101, events=[{"id": 5, **GOOD}]), phone(102)])
    before = there.state()
    body = OTHER if method == "PUT" else None
    assert sent(there, method, path, body) == (404, NOT_FOUND)
    assert there.state() == before


@pytest.mark.fact("EVT-11")
def test_ids_rise_over_the_whole_pbx(world: Callable[..., Caller]) -> None:
    """Ids rise over all extensions, and that of a deleted subscription does not come again."""
    there = world()
    ids = []
    for number in (101, 103, 101):
        found = there.post(f"/extension/{number}/event/", json=GOOD)
        ids.append(json.loads(found.text)["id"])
        there.delete(f"/extension/{number}/event/")
    assert ids == [2, 3, 4]


LIMIT = "Event limit reached: client 10 may have 2"


@pytest.mark.fact("EVT-10")
def test_the_limit(world: Callable[..., Caller]) -> None:
    """Past the client's limit, over all its extensions, a subscription is a 403 that names it."""
    there = world(event_limit=2)
    assert sent(there, "POST", OF_101, GOOD)[0] == 201
    assert sent(there, "POST", "/extension/103/event/", GOOD)[0] == 201
    before = there.state()
    answer = there.post(OF_101, json=GOOD)
    assert (answer.status_code, answer.json) == (403, {"message": LIMIT})
    assert answer.headers["X-Mockpbx-Rule"] == "EVT-10"
    assert answer.headers["X-Mockpbx-Basis"] == "doc, assumed"
    assert there.state() == before


@pytest.mark.fact("EVT-10", "EVT-3")
def test_at_the_limit(world: Callable[..., Caller]) -> None:
    """At the limit a subscription can be changed, and one that was deleted makes room."""
    there = world(event_limit=1)
    assert sent(there, "POST", OF_101, GOOD) == (201, {**GOOD, "id": 2})
    assert sent(there, "PUT", f"{OF_101}2", OTHER) == (200, {**OTHER, "id": 2})
    sent(there, "DELETE", f"{OF_101}2")
    assert sent(there, "POST", OF_101, GOOD) == (201, {**GOOD, "id": 3})


@pytest.mark.fact("EVT-10", "CLI-2")
def test_the_limit_is_read(world: Callable[..., Caller]) -> None:
    """The limit is 1000 unless set, and is read with how much of it is used."""
    there = world()
    assert sent(there, "GET", "/client/10/limit/") == (200, {"event": {"limit": 1000, "used": 0}})
    sent(there, "POST", OF_101, GOOD)
    sent(there, "POST", "/extension/104/event/", GOOD)
    assert sent(there, "GET", "/client/10/limit/") == (200, {"event": {"limit": 1000, "used": 2}})


@pytest.mark.fact("EVT-10")
def test_a_limit_of_nothing(world: Callable[..., Caller]) -> None:
    """A limit of 0 refuses every subscription."""
    message = "Event limit reached: client 10 may have 0"
    assert sent(world(event_limit=0), "POST", OF_101, GOOD) == (403, {"message": message})


@pytest.mark.fact("EVT-10", "ERR-9")
def test_a_fault_wins_over_the_limit(world: Callable[..., Caller]) -> None:
    """Past the limit a broken subscription is still refused for what is broken."""
    body = {**GOOD, "url": "x"}
    refused(world(event_limit=0), "POST", OF_101, body, WRONG_URL, "EVT-20")


@pytest.mark.fact("EXT-7", "EVT-11")
def test_a_deleted_extension_takes_its_subscriptions(world: Callable[..., Caller]) -> None:
    """The subscriptions of a deleted extension are gone and use up no limit."""
    there = world()
    sent(there, "POST", OF_101, GOOD)
    sent(there, "DELETE", "/client/10/extension/101")
    assert sent(there, "GET", "/client/10/limit/") == (200, {"event": {"limit": 1000, "used": 0}})
