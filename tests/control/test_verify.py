"""Verification, faults and coverage through the control API."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.app import RESOURCES
from mockpbx.web.documented import statuses
from tests.answers import json_of
from tests.conftest import Caller

VERIFY = "/_mockpbx/requests/verify"
FAULTS = "/_mockpbx/faults"
USER = {"method": "GET", "path": "/user/"}

MakeCaller = Callable[..., Caller]


def verified(there: Caller, **asked: Any) -> Any:
    answer = there.post(VERIFY, json=asked)
    assert answer.status_code == 200, answer.text
    return json_of(answer)


def test_what_came(office: Caller) -> None:
    """The answer names the requests that are as asked for."""
    office.delete("/_mockpbx/requests")
    office.get("/user/")
    office.get("/user/")
    first = office.world.journal.number() - 2
    expected = {"verified": True, "matched": [first, first + 1], "message": None, "nearest": []}
    assert verified(office, **USER) == expected
    assert verified(office, **USER, times=2) == expected
    assert verified(office, **USER, at_least=1, query={}, headers={}) == expected


def test_what_did_not_come(office: Caller) -> None:
    """The answer says why in words, and names the nearest requests with what differed."""
    office.delete("/_mockpbx/requests")
    office.get("/user/?a=1")
    number = office.world.journal.number() - 1
    assert verified(office, **USER, query={"a": "2"}) == {
        "verified": False,
        "matched": [],
        "message": "GET /user/ was requested never, not at least once\n"
        "  with query: {'a': '2'}\n"
        "The nearest of 1 request:\n"
        f"  #{number} GET /api/ver1.0/user/?a=1 -> 200\n"
        "     query.a: '1', not '2'",
        "nearest": [{"id": number, "differences": ["query.a: '1', not '2'"]}],
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"json": {"label": "x"}}, True),
        ({"body": {"label": "x"}}, True),
        ({"body": '{"label": "x"}'}, True),
        ({"body": '{"label":"x"}'}, False),
        ({"json": None}, False),
        ({"headers": {"content-type": "application/json"}}, True),
        ({"form": {"label": "x"}}, False),
    ],
)
def test_bodies(office: Caller, asked: dict[str, Any], found: bool) -> None:
    """A body is compared as JSON, as a form, or as a text."""
    office.put("/extension/102/phone/", json={"label": "x"})
    request = {"method": "PUT", "path": "/extension/{id}/phone/"}
    assert verified(office, **request, **asked)["verified"] is found


def test_waiting(office: Caller) -> None:
    """With `within` a request may come meanwhile: nobody else waits for the verification."""
    timer = threading.Timer(0.05, lambda: Caller(office.app, office.token).get("/user/"))
    timer.start()
    assert verified(office, **USER, within=30)["verified"] is True
    timer.join()


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ({**USER, "path": "/usr/"}, 404, "GET /usr/ is not documented; the nearest is /user/"),
        ({**USER, "times": 1, "at_least": 1}, 400, "times and at_least: only one of them"),
        ({**USER, "json": 1, "body": 1}, 400, "json and body: only one of them"),
        ({**USER, "within": 61}, 400, "within: must be a number of seconds, from 0 to 60"),
        (
            {**USER, "path": "/user/?a=1"},
            400,
            "path: /user/?a=1 has more than a path; a query is given by query=",
        ),
        ({**USER, "times": -1}, 400, "times: must be an integer from 0 to 4294967295"),
        ({"path": "/user/"}, 400, "method: is required"),
    ],
)
def test_what_cannot_be_verified(
    office: Caller, asked: dict[str, Any], status: int, message: str
) -> None:
    """What makes no sense is refused, naming the field and the rule."""
    answer = office.post(VERIFY, json=asked)
    assert (answer.status_code, json_of(answer)["message"]) == (status, message)


RULE = {
    "id": 1,
    "operation": "*",
    "status": None,
    "drop": False,
    "reset": False,
    "malformed": False,
    "latency": 0.0,
    "times": None,
    "probability": 1.0,
    "seed": 0,
    "body": None,
    "headers": {},
    "fired": 0,
    "left": None,
}


def test_rules_are_set_and_listed(office: Caller) -> None:
    """A PUT replaces all rules; a GET shows them with how often they hit."""
    rules = [{"operation": "get /user", "status": 503, "times": 2}, {"malformed": True}]
    answer = office.put(FAULTS, json={"faults": rules})
    expected = [
        {**RULE, "operation": "get /user", "status": 503, "times": 2, "left": 2},
        {**RULE, "id": 2, "malformed": True},
    ]
    assert (answer.status_code, json_of(answer)) == (200, {"faults": expected})
    hit = office.get("/user/")
    assert (hit.status_code, json_of(hit)) == (503, {"message": "Service Unavailable"})
    expected[0].update(fired=1, left=1)
    assert json_of(office.get(FAULTS)) == {"faults": expected}
    assert office.delete(FAULTS).status_code == 204
    assert json_of(office.get(FAULTS)) == {"faults": []}


def test_a_rule_is_added(office: Caller) -> None:
    """A POST adds a rule after the others, which go on as they were."""
    office.post(FAULTS, json={"operation": "GET /user/", "status": 503, "times": 1})
    assert office.get("/user/").status_code == 503
    answer = office.post(FAULTS, json={"status": 500})
    assert (answer.status_code, json_of(answer)) == (201, {**RULE, "id": 2, "status": 500})
    assert office.get("/user/").status_code == 500
    assert [one["fired"] for one in json_of(office.get(FAULTS))["faults"]] == [1, 1]


@pytest.mark.parametrize(
    ("rule", "status", "message"),
    [
        ({}, 400, "status: is needed, or drop, reset, malformed or latency"),
        (
            {"operation": "GET /usr/", "drop": True},
            404,
            "operation: GET /usr/ is not documented; the nearest is /user/",
        ),
    ],
)
def test_a_rule_that_cannot_be_added(
    office: Caller, rule: dict[str, Any], status: int, message: str
) -> None:
    """A rule that makes no sense is refused, and none is added."""
    answer = office.post(FAULTS, json=rule)
    assert (answer.status_code, json_of(answer)["message"]) == (status, message)
    assert json_of(office.get(FAULTS)) == {"faults": []}


@pytest.mark.parametrize(
    ("rule", "status", "message"),
    [
        ({}, 400, "faults[1].status: is needed, or drop, reset, malformed or latency"),
        (
            {"drop": True, "status": 500},
            400,
            "faults[1].drop: closes the connection, so there is neither status, reset nor "
            "malformed",
        ),
        ({"status": 499}, 400, "faults[1].status: must be one of HTTP, from 400 to 599"),
        ({"status": 200}, 400, "faults[1].status: must be an integer from 400 to 599"),
        (
            {"drop": True, "probability": 0},
            400,
            "faults[1].probability: must be above 0 and at most 1",
        ),
        ({"latency": 3601}, 400, "faults[1].latency: must be a number of seconds, from 0 to 3600"),
        (
            {"drop": True, "times": 0},
            400,
            "faults[1].times: must be an integer from 1 to 4294967295",
        ),
        (
            {"statsu": 500},
            400,
            "faults[1].statsu: is none of operation, status, drop, reset, malformed, latency, "
            "times, probability, seed, body, headers",
        ),
        (
            {"operation": "GET /usr/", "drop": True},
            404,
            "faults[1].operation: GET /usr/ is not documented; the nearest is /user/",
        ),
        (
            {"operation": "/user/", "drop": True},
            404,
            "faults[1].operation: '/user/' is no method and path, such as GET /user/",
        ),
    ],
)
def test_rules_that_cannot_be(
    office: Caller, rule: dict[str, Any], status: int, message: str
) -> None:
    """A rule that makes no sense is refused with its place, and the rules before stay."""
    office.put(FAULTS, json={"faults": [{"drop": True}]})
    answer = office.put(FAULTS, json={"faults": [{"malformed": True}, rule]})
    assert (answer.status_code, json_of(answer)["message"]) == (status, message)
    assert json_of(office.get(FAULTS)) == {"faults": [{**RULE, "drop": True}]}


def test_worlds_have_their_own_rules(make_caller: Callable[..., Caller]) -> None:
    """Rules are those of one world, and a reset ends them."""
    office = make_caller("office", alone=True, freeze=True)
    office.put(f"/worlds/two{FAULTS}", json={"faults": [{"status": 500}]})
    assert office.get("/user/").status_code == 200
    assert office.get("/worlds/two/api/ver1.0/user/").status_code == 500
    office.post("/worlds/two/_mockpbx/reset")
    assert office.get("/worlds/two/api/ver1.0/user/").status_code == 401


def test_coverage(office: Caller) -> None:
    """Operations and statuses are counted out of those documented, and a reset keeps the counts."""
    for path in ("/user/", "/user/", "/extension/@102/phone/", "/extension/@999/phone/", "/usr/"):
        office.get(path)
    office.put(FAULTS, json={"faults": [{"status": 500}]})
    office.get("/user/")
    office.post("/_mockpbx/reset")
    found = json_of(office.get("/_mockpbx/coverage"))
    operations = [operation for resource in RESOURCES for operation in resource.operations]
    pairs = sum(len(statuses(operation)) for operation in operations)
    exercised = {one["operation"]: one for one in found["exercised"]}
    assert found["operations"] == {
        "exercised": 3,
        "documented": len(operations),
        "percent": round(300 / len(operations), 1),
    }
    assert found["statuses"] == {
        "exercised": 4,
        "documented": pairs,
        "percent": round(400 / pairs, 1),
    }
    assert {label: one["statuses"] for label, one in exercised.items()} == {
        "POST /oauth/token": {"200": 1},
        "GET /api/ver1.0/user/": {"200": 2},
        "GET /api/ver1.0/extension/{extension_id}/phone/": {"200": 1, "404": 1},
    }
    assert exercised["GET /api/ver1.0/user/"]["missing"] == [401, 403, 404, 413, 429]
    assert len(found["missing"]) == len(operations) - 3
