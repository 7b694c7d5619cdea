"""Refusals: who is refused what, with which body, and which of several refusals wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from mockpbx.web.operation import Operation

from ..company import TOKEN, application, client, company, phone
from ..conftest import API, Caller
from .walk import OPEN_TO_CALL_API, OPERATIONS, body_of, caller, each, path_of

MakeCaller = Callable[..., Caller]

UNAUTHORIZED = {"message": "Unauthorized"}
NOT_FOUND = {"message": "Not found"}
NO_CLIENT = {"message": "Client not found", "status": "client_not_found"}
NO_METHOD = {"message": "Method not allowed"}
DENIED = {"message": "Access denied", "status": "access_denied"}
BLOCKED = {"message": "User blocked", "status": "user_blocked"}
READ_ONLY = {"message": "User access type deny", "status": "user_access_type_deny"}
CALL_API = {"message": "Application access type deny", "status": "app_access_type_deny"}
LIMIT = {"message": "Rate limit exceeded", "status": "rate_limit_exceeded"}

WRITING = [operation for operation in OPERATIONS if operation.method != "GET"]
READING = [operation for operation in OPERATIONS if operation.method == "GET"]
IN_REALM = [operation for operation in OPERATIONS if "<" in operation.path]
FOR_CALLS = [operation for operation in OPERATIONS if operation.call_api]
FOR_ALL = [operation for operation in OPERATIONS if not operation.call_api]

#: Every user of the worlds below: what it may do, and a token of the same name.
USERS = [
    {"id": 1, "login": "admin", "password": "secret"},
    {"id": 2, "login": "reader", "password": "secret", "access": "read_only"},
    {"id": 3, "login": "blocked", "password": "secret", "status": "blocked"},
    {"id": 4, "login": "own", "password": "secret", "extension": 101},
]
APPLICATIONS = [
    application(),
    application("reader", "reader"),
    application("blocked", "blocked"),
    application("own", "own"),
    application("calls", access="Call API"),
    application("blocked-calls", "blocked", access="Call API"),
    application("reader-calls", "reader", access="Call API"),
]


def staff(**changes: Any) -> dict[str, Any]:
    """A world with these users, beside another client with the phone 201."""
    users: dict[str, Any] = {"users": USERS, "applications": APPLICATIONS, **changes}
    other = client(
        id=20,
        prefix="20",
        extensions=[phone(201)],
        extension_groups=[{"id": 15, "name": "Other"}],
        users=[],
        applications=[],
        name="Other",
    )
    return {"format": 1, "clients": [client(**users), other]}


def answered(there: Caller, method: str, path: str, **options: Any) -> tuple[int, Any, str]:
    """Status, body and rules of an answer."""
    answer = there.send(method, path, **options)
    return answer.status_code, answer.json, answer.headers.get("X-Mockpbx-Rule", "")


@pytest.mark.fact("ERR-1", "AUT-11")
@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "forever", "Basic forever", "Token forever", "BearerX forever"],
)
def test_a_request_without_a_bearer_token(make_caller: MakeCaller, header: str) -> None:
    """Without a bearer token in the header the answer is 401."""
    there = make_caller(company())
    headers = {"Authorization": header}
    expected = (401, UNAUTHORIZED, "ERR-1, AUT-11")
    assert answered(there, "GET", "/user/", headers=headers) == expected


@pytest.mark.fact("ERR-1", "AUT-11")
@pytest.mark.parametrize(
    "query", ["access_token=forever", "token=forever", "Authorization=forever"]
)
def test_a_token_in_the_query(make_caller: MakeCaller, query: str) -> None:
    """A token in the query is not read."""
    there = make_caller(company())
    there.token = None
    expected = (401, UNAUTHORIZED, "ERR-1, AUT-11")
    assert answered(there, "GET", f"/user/?{query}") == expected


@pytest.mark.fact("AUT-11")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer forever"),
        ("authorization", "Bearer forever"),
        ("AUTHORIZATION", "bearer forever"),
        ("Authorization", "  BEARER   forever  "),
    ],
)
def test_a_bearer_token(make_caller: MakeCaller, name: str, value: str) -> None:
    """The header's name and the word Bearer go in any case, with any blanks around the token."""
    there = make_caller(company())
    there.token = None
    assert there.get("/user/", headers={name: value}).status_code == 200


@pytest.mark.fact("ERR-1")
@each()
def test_an_unknown_token(make_caller: MakeCaller, operation: Operation) -> None:
    """With an unknown token every operation answers 401 and changes nothing."""
    there = caller(make_caller)
    before = there.state()
    there.token = "x" * 30
    request = operation.method, path_of(operation)
    assert answered(there, *request, **body_of(operation)) == (401, UNAUTHORIZED, "ERR-1")
    assert there.state() == before


@pytest.mark.fact("ERR-3")
@pytest.mark.parametrize(
    "changes",
    [
        {"status": "blocked"},
        {"users": [{"id": 1, "login": "admin", "password": "secret", "status": "blocked"}]},
    ],
    ids=["client", "user"],
)
def test_a_blocked_user(make_caller: MakeCaller, changes: dict[str, Any]) -> None:
    """A user who is blocked, or whose client is, is refused even what needs no right."""
    assert answered(make_caller(company(**changes)), "GET", "/user/") == (403, BLOCKED, "ERR-3")


@pytest.mark.fact("ERR-4")
@each(WRITING)
def test_a_read_only_user_changes_nothing(make_caller: MakeCaller, operation: Operation) -> None:
    """A read_only user is refused everything but GET."""
    there = caller(make_caller, user="auditor")
    before = there.state()
    request = operation.method, path_of(operation)
    assert answered(there, *request, **body_of(operation)) == (403, READ_ONLY, "ERR-4")
    assert there.state() == before


@pytest.mark.fact("ERR-4")
@each(READING)
def test_a_read_only_user_reads(make_caller: MakeCaller, operation: Operation) -> None:
    """A read_only user reads everything."""
    there = caller(make_caller, user="auditor")
    assert there.get(path_of(operation), **body_of(operation)).status_code == 200


@pytest.mark.fact("ERR-5", "AUT-9", "AUT-10")
@each(FOR_ALL)
def test_call_api_is_not_enough(make_caller: MakeCaller, operation: Operation) -> None:
    """An application of the level `Call API` is refused what that level does not have."""
    there = caller(make_caller, application="call-app")
    before = there.state()
    request = operation.method, path_of(operation)
    assert answered(there, *request, **body_of(operation)) == (403, CALL_API, "ERR-5")
    assert there.state() == before


@pytest.mark.fact("AUT-10")
@each(FOR_CALLS)
def test_call_api_is_enough(make_caller: MakeCaller, operation: Operation) -> None:
    """An application of the level `Call API` is served what that level has."""
    there = caller(make_caller, application="call-app")
    answer = there.send(operation.method, path_of(operation), **body_of(operation))
    assert answer.status_code == operation.status


@pytest.mark.fact("AUT-10")
def test_what_call_api_has() -> None:
    """`Call API` has the user, events, calls, and reading extensions and registrations."""
    assert {operation.view.__name__ for operation in FOR_CALLS} == OPEN_TO_CALL_API


@pytest.mark.fact("ERR-2")
@each(IN_REALM)
def test_somebody_elses_resource(make_caller: MakeCaller, operation: Operation) -> None:
    """An extension or client of somebody else is refused with 403, and stays as it is."""
    there = make_caller(staff())
    before = there.state()
    path = path_of(operation, client="20", extension="201", extension_group="15")
    expected = (403, DENIED, "ERR-2")
    assert answered(there, operation.method, path, **body_of(operation)) == expected
    assert there.state() == before


@pytest.mark.fact("ERR-6", "ERR-7")
@pytest.mark.parametrize(
    ("path", "body", "rule"),
    [
        ("/client/30/client/", NO_CLIENT, "ERR-7"),
        ("/client/30/extension/101", NO_CLIENT, "ERR-7"),
        ("/client/10/extension/301", NOT_FOUND, "ERR-6"),
        ("/extension/301/event/", NOT_FOUND, "ERR-6"),
        ("/extension/101/event/1", NOT_FOUND, "ERR-6"),
    ],
)
def test_what_does_not_exist(make_caller: MakeCaller, path: str, body: Any, rule: str) -> None:
    """A client that does not exist is a 404 with a status word, all else one without."""
    assert answered(make_caller(staff()), "GET", path) == (404, body, rule)


@pytest.mark.fact("ERR-12")
def test_a_broken_bundle_rule(make_caller: MakeCaller) -> None:
    """A bundle that breaks a rule is a 400."""
    path = "/client/10/extensions_bundle/101"
    answer = answered(make_caller(company()), "POST", path, json={"bundle_list": [101]})
    message = "bundle_list: 101 is the main extension itself"
    assert answer == (400, {"message": message}, "BND-7")


@pytest.mark.fact("ERR-9", "GEN-15")
def test_unknown_fields_are_ignored(make_caller: MakeCaller) -> None:
    """Body fields that are not documented change neither the answer nor the world."""
    plain, odd = caller(make_caller), caller(make_caller)
    path = "/extension/85218/phone/"
    expected = answered(plain, "PUT", path, json={"label": "a"})
    assert answered(odd, "PUT", path, json={"label": "a", "Label": "b", "x": []}) == expected
    assert odd.state() == plain.state()


@pytest.mark.fact("GEN-15")
@each([operation for operation in OPERATIONS if operation.body is not None])
def test_unknown_fields_are_refused(make_caller: MakeCaller, operation: Operation) -> None:
    """Under the reading `refuse` fields that are not documented are a 400, nothing changes."""
    there = caller(make_caller, readings={"unknown_fields": "refuse"})
    before = there.state()
    body = {**body_of(operation)["json"], "zeta": 1, "Alpha": None}
    expected = (400, {"message": "Alpha: not documented here; zeta: not documented here"}, "GEN-15")
    assert answered(there, operation.method, path_of(operation), json=body) == expected
    assert there.state() == before


def exhausted(make_caller: MakeCaller, token: str) -> Caller:
    """A caller with that token, whose client has used up its limit."""
    there = make_caller(staff(rate_limit=1), freeze=True, rate_limits=True)
    there.world.clock.move_to(datetime(2026, 3, 1, 9))
    there.token = TOKEN if token == TOKEN else token
    there.get("/user/")
    return there


BROKEN = {"data": b"{", "headers": {"Content-Type": "application/json"}}

#: Requests that break two rules at once: the first of the two in the order of refusals wins.
PAIRS = [
    pytest.param("none", "PATCH", "/none", (404, NOT_FOUND, "ERR-6"), id="path-method"),
    pytest.param("none", "PATCH", "/user/", (405, NO_METHOD, "ERR-10"), id="method-token"),
    pytest.param("calls", "PATCH", "/none", (404, NOT_FOUND, "ERR-6"), id="path-level"),
    pytest.param(
        "none", "PUT", "/extension/201/phone/", (401, UNAUTHORIZED, "ERR-1"), id="token-owner"
    ),
    pytest.param(
        "blocked-calls",
        "PUT",
        "/extension/101/phone/",
        (403, BLOCKED, "ERR-3"),
        id="blocked-application",
    ),
    pytest.param(
        "reader-calls",
        "PUT",
        "/extension/101/phone/",
        (403, CALL_API, "ERR-5"),
        id="application-user",
    ),
    pytest.param(
        "reader", "PUT", "/extension/301/phone/", (403, READ_ONLY, "ERR-4"), id="user-missing"
    ),
    pytest.param(
        "reader", "DELETE", "/client/30/extension/101", (403, READ_ONLY, "ERR-4"), id="user-client"
    ),
    pytest.param(
        "own", "POST", "/client/30/extension/", (404, NO_CLIENT, "ERR-7"), id="missing-foreign"
    ),
    pytest.param("own", "POST", "/client/10/extension/", (403, DENIED, "ERR-2"), id="foreign-body"),
    pytest.param(
        "app", "PUT", "/extension/201/phone/", (403, DENIED, "ERR-2"), id="foreign-phone-body"
    ),
    pytest.param(
        "app", "PUT", "/extension/301/phone/", (404, NOT_FOUND, "ERR-6"), id="missing-body"
    ),
]


@pytest.mark.fact("ERR-11")
@pytest.mark.parametrize(("token", "method", "path", "expected"), PAIRS)
def test_the_first_refusal_wins(
    make_caller: MakeCaller, token: str, method: str, path: str, expected: Any
) -> None:
    """Of two refusals that a request deserves the one that stands first in the order wins."""
    there = make_caller(staff())
    there.token = token
    assert answered(there, method, path, **BROKEN) == expected


@pytest.mark.fact("ERR-11")
def test_an_unknown_token_wins_over_the_limit(make_caller: MakeCaller) -> None:
    """An unknown token is a 401 although the client has used up its limit."""
    there = exhausted(make_caller, "app")
    there.token = "none"
    assert answered(there, "GET", "/user/") == (401, UNAUTHORIZED, "ERR-1")


@pytest.mark.fact("ERR-11", "ERR-8")
@pytest.mark.parametrize("token", ["blocked", "blocked-calls", "reader", "calls", "own"])
def test_the_limit_wins_over_rights(make_caller: MakeCaller, token: str) -> None:
    """Past the limit the answer is a 429, whatever the user and the application lack."""
    there = exhausted(make_caller, token)
    answer = answered(there, "PUT", "/extension/201/phone/", **BROKEN)
    assert answer == (429, LIMIT, "ERR-8, GEN-17")


@pytest.mark.fact("GEN-6")
@pytest.mark.parametrize(
    ("rule", "basis", "reason", "path"),
    [
        ("ERR-6", "doc, observed", "no extension 301", "/extension/301/phone/"),
        ("ERR-2", "doc", "extension 201 is not the user's", "/extension/201/phone/"),
        ("ERR-7", "doc", "no client 30", "/client/30/client/"),
        (
            "AUT-16",
            "doc, assumed",
            "@me is a client for this user, not an extension",
            "/extension/@me/phone/",
        ),
    ],
)
def test_a_refusal_explains_itself(
    make_caller: MakeCaller, rule: str, basis: str, reason: str, path: str
) -> None:
    """Headers of a refusal name its rules, what they are known from, and the reason."""
    headers = make_caller(staff()).get(path).headers
    assert headers["X-Mockpbx-Rule"] == rule
    assert headers["X-Mockpbx-Basis"] == basis
    assert headers["X-Mockpbx-Reason"] == reason


@pytest.mark.fact("GEN-6")
def test_a_success_explains_nothing(office: Caller) -> None:
    """An answer that refuses nothing has none of these headers."""
    headers = office.get(f"{API}/user/").headers
    assert [name for name, _ in headers if name.startswith("X-Mockpbx")] == []
