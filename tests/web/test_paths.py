"""Paths: their form, both slash forms, doubled slashes, and paths that are not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.core.path import CLIENT_ID
from mockpbx.web.operation import Operation, Resource

from ..conftest import API, Caller
from .walk import OPERATIONS, body_of, caller, each, path_of

#: Paths that the documentation writes without a realm's id.
WITHOUT_ID = {"/user/", "/extension/registration/"}

STRICT = {"slashes": "strict"}

PATHS = sorted({operation.path for operation in OPERATIONS})


def send(there: Caller, operation: Operation, path: str) -> tuple[int, Any]:
    answer = there.send(operation.method, path, **body_of(operation))
    return answer.status_code, answer.json if answer.data else None


def other_slash(path: str) -> str:
    return path[:-1] if path.endswith("/") else path + "/"


@pytest.mark.fact("GEN-1")
@each([operation for operation in OPERATIONS if operation.path not in WITHOUT_ID])
def test_a_path_begins_with_its_realm(operation: Operation) -> None:
    """A path is the realm, its id, the resource, and an item's id behind a slash.

    Some resources have a documented part of their own below them.
    """
    form = r"/(client|extension_group|extension)/\{\1_id\}/[a-z_]+(/|/\{(\w+_)?id\})"
    nested = r"/client/\{client_id\}/agent/local(/|/\{agent_id\}(/event(/|/\{id\}))?)"
    record = r"record/\{record_uuid\}(/storage_url/)?"
    parts = rf"((calls|cdr|record)/stats/|record/archive/|call_history/\{{call_uuid\}}|{record})"
    history = rf"/(client/\{{client_id\}}|extension/\{{extension_id\}})/{parts}"
    form = rf"{form}|{nested}|{history}|/extension/\{{extension_id\}}/queue/status/"
    users = r"/client/\{client_id\}/user/(client|extension|extension_group)/"
    odd = r"/client/client_info/\{client_id\}/|/client/\{client_id\}/sound/\{sound_id\}/download/"
    form = rf"{form}|{users}|{odd}"
    assert re.fullmatch(form, operation.documented_path)


@pytest.mark.fact("GEN-5")
@each()
def test_success(make_caller: Callable[..., Caller], operation: Operation) -> None:
    """GET and PUT answer 200, POST 201, DELETE 204 without a body, but for bundles and records."""
    there = caller(make_caller)
    answer = there.send(operation.method, path_of(operation), **body_of(operation))
    usual = {"GET": 200, "PUT": 200, "POST": 201, "DELETE": 204}[operation.method]
    other = ("untie_bundle", "delete_record", "delete_own_record", "delete_records")
    expected = 200 if operation.view.__name__ in other else usual
    assert (answer.status_code, bool(answer.data)) == (expected, expected != 204)


@pytest.mark.fact("GEN-2")
@each()
def test_the_other_slash_is_served(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """With the wrong slash at its end a path is answered, and changes the world, all the same."""
    documented, other = caller(make_caller), caller(make_caller)
    path = path_of(operation)
    assert send(other, operation, other_slash(path)) == send(documented, operation, path)
    assert other.state() == documented.state()


@pytest.mark.fact("GEN-2")
@each()
def test_the_other_slash_is_strictly_refused(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """Under the strict reading the wrong slash is a 404 that tells the documented path."""
    there = caller(make_caller, readings=STRICT)
    before = there.state()
    answer = there.send(operation.method, other_slash(path_of(operation)), **body_of(operation))
    assert (answer.status_code, answer.json) == (404, {"message": "Not found"})
    assert answer.headers["X-Mockpbx-Rule"] == "GEN-2"
    reason = f"the documented path is {operation.documented_path}"
    assert answer.headers["X-Mockpbx-Reason"] == reason
    assert there.state() == before


@pytest.mark.fact("GEN-2")
@each()
def test_the_documented_slash_is_strictly_served(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """Under the strict reading the documented form is answered as under the tolerant one."""
    tolerant, strict = caller(make_caller), caller(make_caller, readings=STRICT)
    path = path_of(operation)
    assert send(strict, operation, path) == send(tolerant, operation, path)


@pytest.mark.fact("GEN-3")
@each()
def test_a_doubled_slash_counts_as_one(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """A path in which every slash but the first is doubled is answered as the documented one."""
    documented, doubled = caller(make_caller), caller(make_caller)
    path = path_of(operation)
    twice = "/" + path[1:].replace("/", "//")
    assert send(doubled, operation, twice) == send(documented, operation, path)


@pytest.mark.fact("ERR-6", "GEN-6")
@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        (f"{API}/users/", "/api/ver1.0/user/"),
        (f"{API}/extension/1/phones/", "/api/ver1.0/extension/{extension_id}/phone/"),
        ("/oauth/tokens", "/oauth/token"),
        ("/_mockpbx/helth", "/_mockpbx/health"),
    ],
)
def test_an_unknown_path_is_not_found(office: Caller, path: str, nearest: str) -> None:
    """A path that does not exist is a 404 that names the nearest one that does."""
    answer = office.get(path)
    reason = f"no such path; the nearest is {nearest}"
    message = reason if path.startswith("/_mockpbx") else "Not found"
    assert (answer.status_code, answer.json) == (404, {"message": message})
    assert answer.headers["X-Mockpbx-Reason"] == reason


@pytest.mark.parametrize("path", [f"{API}/", f"{API}/zzzzzzz", "/_mockpbx/zzz", "/favicon.ico"])
def test_a_path_that_is_near_to_none(office: Caller, path: str) -> None:
    """Where nothing is near nothing is named."""
    assert office.get(path).headers["X-Mockpbx-Reason"] == "no such path"


def test_a_document_that_is_misspelt(office: Caller) -> None:
    """The documents are paths, too."""
    reason = "no such path; the nearest is /_mockpbx/openapi.json"
    assert office.get("/_mockpbx/openapi").headers["X-Mockpbx-Reason"] == reason


@pytest.mark.fact("ERR-6")
@pytest.mark.parametrize("path", ["//", "/" + "x" * 5000, "/api/ver1.0/%00", "/%FF", "/worlds/a b"])
def test_an_odd_unknown_path_is_not_found(office: Caller, path: str) -> None:
    """A path of any letters and length that does not exist is a 404."""
    answer = office.get(f"{API}/{path}")
    assert (answer.status_code, answer.json) == (404, {"message": "Not found"})


@pytest.mark.fact("ERR-10", "GEN-6")
@pytest.mark.parametrize("path", PATHS)
def test_another_method_is_not_allowed(make_caller: Callable[..., Caller], path: str) -> None:
    """A method that is not documented for the path is a 405 whose Allow names those that are."""
    there = caller(make_caller)
    served = {operation.method for operation in OPERATIONS if operation.path == path}
    operation = next(operation for operation in OPERATIONS if operation.path == path)
    before = there.state()
    allowed = sorted(served | ({"HEAD"} if "GET" in served else set()))
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - served:
        answer = there.send(method, path_of(operation), json={})
        assert (answer.status_code, answer.json) == (405, {"message": "Method not allowed"})
        assert answer.headers["Allow"] == ", ".join([*allowed, "OPTIONS"])
    assert there.state() == before


@pytest.mark.fact("ERR-10", "AUT-1")
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_tokens_are_posted(office: Caller, path: str) -> None:
    """Only POST is served under `/oauth`."""
    answer = office.get(path)
    assert (answer.status_code, answer.json) == (405, {"message": "Method not allowed"})
    assert answer.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.fact("GEN-3")
def test_another_protocol_leads_nowhere_else(make_caller: Callable[..., Caller]) -> None:
    """Who offers to speak WebSocket is answered over HTTP, as by a server that knows it not."""
    there = caller(make_caller)
    offer = {"Connection": "Upgrade", "Upgrade": "websocket"}
    plain = there.get("/client/@me/extension/")
    answer = there.get("/client/@me/extension/", headers=offer)
    assert (answer.status_code, answer.json) == (200, plain.json)


def test_a_path_names_what_its_resource_declares() -> None:
    """A parameter that the resource does not declare is refused where the path is declared."""
    toy = Resource("toy", "Toys.", parameters=(CLIENT_ID,))
    with pytest.raises(ValueError, match=r"^/client/<client>/toy/<toy>: toy has no parameter toy$"):
        toy.operation("GET", "/client/<client>/toy/<toy>")
