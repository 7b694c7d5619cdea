"""`/_mockpbx/health` and `/_mockpbx/requests`: the server answers and tells what came in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import __version__
from mockpbx.control.views import control
from tests import shared

from ..company import company
from ..conftest import API, Caller

MakeCaller = Callable[..., Caller]

REQUESTS = "/_mockpbx/requests"


@pytest.mark.parametrize("world", ["office", "documented", "empty"])
def test_health(world: str) -> None:
    """The server says that it answers, its version, and what its world was started from."""
    there = Caller(shared.enter(shared.fresh(world)))
    answer = there.get("/_mockpbx/health")
    expected = {"status": "ok", "version": __version__, "world": world}
    assert (answer.status_code, answer.json) == (200, expected)


def test_health_of_a_world_of_ones_own() -> None:
    """A world that is no shipped one is called custom."""
    there = Caller(shared.enter(shared.fresh(company())))
    expected = {"status": "ok", "version": __version__, "world": "custom"}
    assert there.get("/_mockpbx/health").json == expected


def entries(there: Caller) -> list[dict[str, Any]]:
    """The journal as the control API lists it."""
    answer = there.get(REQUESTS)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.text)["requests"]
    return found


def test_an_entry(make_caller: MakeCaller) -> None:
    """An entry has the request, the operation, the answer and what they deserve."""
    there = make_caller(company(), freeze=True)
    there.delete(REQUESTS)
    moment = there.world.now().strftime("%Y-%m-%d %H:%M:%S.%f")
    there.put("/extension/101/phone?a=1&b=%20", json={"label": "é"}, headers={"X-Own": "1"})
    (entry,) = entries(there)
    number, duration = entry.pop("id"), entry.pop("duration_us")
    assert (type(number), type(duration)) == (int, int)
    answer, headers = entry.pop("answer"), entry.pop("headers")
    assert json.loads(answer)["label"] == "é"
    assert headers["X-Own"] == "1"
    assert headers["Authorization"] == f"Bearer {there.token}"
    assert entry == {
        "at": moment,
        "method": "PUT",
        "path": "/api/ver1.0/extension/101/phone",
        "query": "a=1&b=%20",
        "body": '{"label": "\\u00e9"}',
        "operation": "PUT /api/ver1.0/extension/{extension_id}/phone/",
        "status": 200,
        "rules": [],
        "basis": None,
        "reason": None,
        "notes": ["GEN-13", "GEN-2"],
        "fault": None,
    }


def test_an_entry_of_a_refusal(office: Caller) -> None:
    """An entry of a refusal has its rules, their basis and the reason."""
    office.post("/client/2566/extensions_bundle/85218", json={"bundle_list": [85218, 96856]})
    entry = entries(office)[-1]
    text = "bundle_list: 85218 is the main extension itself; 96856 must be of type phone, it is ivr"
    shown = {name: entry[name] for name in ("status", "answer", "rules", "basis", "reason")}
    assert shown == {
        "status": 400,
        "answer": json.dumps({"message": text}),
        "rules": ["BND-7", "BND-4"],
        "basis": "assumed, doc",
        "reason": text,
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "rule"),
    [
        ("GET", f"{API}/none", 404, "ERR-6"),
        ("PATCH", f"{API}/user/", 405, "ERR-10"),
        ("OPTIONS", f"{API}/user/", 204, None),
    ],
)
def test_an_entry_without_an_operation(
    office: Caller, method: str, path: str, status: int, rule: str | None
) -> None:
    """A request that no operation serves is listed all the same."""
    office.send(method, path)
    entry = entries(office)[-1]
    assert (entry["method"], entry["operation"], entry["status"]) == (method, None, status)
    assert entry["rules"] == ([rule] if rule else [])


def test_an_odd_body_is_listed(office: Caller) -> None:
    """A body that is not UTF-8 is listed with marks in the place of what is none."""
    office.put("/extension/85218/phone/", data=b"\xff\x00a", content_type="application/json")
    assert entries(office)[-1]["body"] == "\ufffd\x00a"


def test_the_oldest_comes_first(office: Caller) -> None:
    """Entries are listed in the order of the requests, with rising ids."""
    office.delete(REQUESTS)
    for number in (85218, 85219, 85220):
        office.get(f"/extension/{number}/event/")
    found = entries(office)
    assert [entry["path"].split("/")[4] for entry in found] == ["85218", "85219", "85220"]
    assert [entry["id"] for entry in found] == sorted(entry["id"] for entry in found)


def test_the_control_api_is_not_listed(office: Caller) -> None:
    """Requests to the control API leave no entry."""
    before = entries(office)
    office.get("/_mockpbx/state")
    office.post("/_mockpbx/clock/advance", json={"seconds": 1})
    assert entries(office) == before


def test_the_journal_is_bounded(make_caller: MakeCaller) -> None:
    """A journal of three keeps the last three and counts those that it dropped."""
    there = make_caller(company(), journal_limit=3)
    for _ in range(4):
        there.get("/user/")
    body = json.loads(there.get(REQUESTS).text)
    assert ([entry["id"] for entry in body["requests"]], body["dropped"]) == ([3, 4, 5], 2)


@pytest.mark.parametrize("part", ["body", "query", "header"])
def test_the_journal_is_bounded_in_bytes(make_caller: MakeCaller, part: str) -> None:
    """A journal of 100 000 bytes keeps the last requests that have room, whatever is large."""
    there = make_caller(company(), journal_bytes=100_000)
    there.delete(REQUESTS)
    text = "x" * 30_000
    for _ in range(10):
        if part == "body":
            there.put("/none", json={"label": text})
        elif part == "query":
            there.get(f"/user/?a={text}")
        else:
            there.get("/user/", headers={"X-Own": text})
    body = json.loads(there.get(REQUESTS).text)
    assert (len(body["requests"]), body["dropped"]) == (3, 7)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("?after=0", [1, 2, 3, 4, 5]),
        ("?after=2", [3, 4, 5]),
        ("?limit=2", [1, 2]),
        ("?after=2&limit=2", [3, 4]),
        ("?after=4&limit=2", [5]),
        ("?after=5", []),
        ("?after=4294967294&limit=4294967294", []),
    ],
)
def test_the_journal_in_pages(make_caller: MakeCaller, query: str, expected: list[int]) -> None:
    """A page has the first so many of the requests that came after one."""
    there = make_caller(company())
    for _ in range(4):  # the first one asked for the token
        there.get("/user/")
    answer = json.loads(there.get(REQUESTS + query).text)
    assert [entry["id"] for entry in answer["requests"]] == expected


@pytest.mark.parametrize("path", [REQUESTS, "/_mockpbx/deliveries"])
@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("limit=0", "limit: must be an integer from 1 to 4294967295"),
        ("limit=-1", "limit: must be an integer"),
        ("limit=1.5", "limit: must be an integer"),
        ("after=x", "after: must be an integer"),
        ("after=4294967296", "after: must be an integer from 0 to 4294967295"),
    ],
)
def test_a_page_that_is_none(office: Caller, path: str, query: str, text: str) -> None:
    """A page that cannot be is refused."""
    answer = office.get(f"{path}?{query}")
    assert (answer.status_code, answer.json) == (400, {"message": text})


def test_a_request_larger_than_the_journal(make_caller: MakeCaller) -> None:
    """The last request is always there, however large it is."""
    there = make_caller(company(), journal_bytes=10_000)
    for text in ("x" * 50_000, "y" * 60_000):
        there.put("/extension/101/phone", json={"label": text})
    (entry,) = entries(there)
    assert json.loads(entry["body"]) == {"label": "y" * 60_000}


@pytest.mark.fact("GEN-2")
@pytest.mark.parametrize("path", ["/client/2566/client/", "/client/2566/client"])
def test_a_path_is_listed_as_it_was_sent(office: Caller, path: str) -> None:
    """An entry's path has a slash at its end when the request had one."""
    office.get(path)
    assert entries(office)[-1]["path"] == f"{API}{path}"


def test_the_journal_is_cleared(make_caller: MakeCaller) -> None:
    """A cleared journal has no entries and has dropped none; ids go on rising."""
    there = make_caller(company(), journal_limit=1)
    there.get("/user/")
    (before,) = entries(there)
    answer = there.delete(REQUESTS)
    assert (answer.status_code, answer.data) == (204, b"")
    assert there.get(REQUESTS).json == {"requests": [], "dropped": 0}
    there.get("/user/")
    (after,) = entries(there)
    assert after["id"] > before["id"]


PATHS = sorted({operation.path for operation in control.operations})


@pytest.mark.fact("ERR-10")
@pytest.mark.parametrize("path", PATHS)
def test_another_method_is_not_allowed(office: Caller, path: str) -> None:
    """A method that the control API does not have is a 405 with Allow, and changes nothing."""
    served = {operation.method for operation in control.operations if operation.path == path}
    before = office.state()
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - served:
        answer = office.send(method, f"/_mockpbx{path.replace('<name>', 'a')}", json={})
        assert (answer.status_code, answer.json) == (405, {"message": "Method not allowed"})
        allowed = sorted(served | ({"HEAD"} if "GET" in served else set()))
        assert answer.headers["Allow"] == ", ".join([*allowed, "OPTIONS"])
    assert office.state() == before


BODIES = {
    "empty": b"",
    "cut": b"{",
    "array": b"[]",
    "null": b"null",
    "nan": b'{"a": NaN}',
    "no-utf-8": b"\xff",
    "deep": b"[" * 100_000,
    "key-twice": b'{"a": 1, "a": 1}',
}
BROKEN = [
    pytest.param(operation, body, id=f"{operation.view.__name__}-{name}")
    for operation in control.operations
    for name, body in BODIES.items()
    if (operation.body or operation.raw) and "<call>" not in operation.path
    if body or not operation.body_optional
]


@pytest.mark.parametrize(("operation", "body"), BROKEN)
def test_a_broken_body(office: Caller, operation: Any, body: bytes) -> None:
    """A body that is no JSON object is a 400 of the control API too, and changes nothing."""
    before = office.state()
    path = f"/_mockpbx{operation.path}"
    answer = office.send(operation.method, path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert json.loads(answer.text)["message"].startswith("the body ")
    assert office.state() == before


def test_no_token_is_needed() -> None:
    """The control API is served without a token."""
    there = Caller(shared.enter(shared.fresh("office", freeze=True)))
    operations = [one for one in control.operations if one.method == "GET"]
    paths = [one.path for one in operations if "<" not in one.path]
    found = {path: there.get(f"/_mockpbx{path}").status_code for path in paths}
    assert found == dict.fromkeys(paths, 200)
