"""Of all that is wrong with a request, what stands first in the order of refusals is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from mockpbx.core.access import check_application, check_blocked, check_writing
from mockpbx.core.accounts import Application, Client, Principal, User
from mockpbx.core.errors import AccessDeniedError

from ..company import application, client, phone
from ..conftest import Caller

MakeCaller = Callable[..., Caller]

BLOCKED = (False, True)
LEVELS = ("All", "Call API")
ACCESS = ("full", "read_only")
TARGETS = {"own": 101, "missing": 301, "foreign": 201}
BODIES = {"good": b'{"label": "a"}', "broken": b"{"}

RULES = ["ERR-1", "GEN-17", "ERR-3", "ERR-5", "ERR-4", "ERR-6", "ERR-2", "GEN-12"]


def name_of(blocked: bool, access: str, level: str = "") -> str:
    return f"{'blocked' if blocked else 'active'}-{access}-{level}"


def world(**changes: Any) -> dict[str, Any]:
    """A user of every kind, each through an application of both levels, beside another client."""
    kinds = list(product(BLOCKED, ACCESS))
    users = [
        {
            "login": name_of(blocked, access),
            "password": "secret",
            "status": "blocked" if blocked else "active",
            "access": access,
        }
        for blocked, access in kinds
    ]
    applications = [
        application(name_of(blocked, access, level), name_of(blocked, access), level)
        for blocked, access in kinds
        for level in LEVELS
    ]
    first = client(users=users, applications=[application(user="active-full-"), *applications])
    other = client(id=20, prefix="20", extensions=[phone(201)], users=[], applications=[])
    return {"format": 1, "clients": [{**first, **changes}, other]}


@pytest.mark.fact("ERR-11")
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("limited", [True, False], ids=["limited", "free"])
def test_every_combination(make_caller: MakeCaller, known: bool, limited: bool) -> None:
    """Whatever else is wrong too, the refusal that stands first in the order is answered."""
    there = make_caller(world(rate_limit=1), freeze=True, rate_limits=limited)
    there.token = "app"
    there.get("/user/")
    before = there.state()["clients"][0]["extensions"]
    faults = product(BLOCKED, ACCESS, LEVELS, TARGETS, BODIES)
    for blocked, access, level, target, body in faults:
        wrong = {
            "ERR-1": not known,
            "GEN-17": limited,
            "ERR-3": blocked,
            "ERR-5": level == "Call API",
            "ERR-4": access == "read_only",
            "ERR-6": target == "missing",
            "ERR-2": target == "foreign",
            "GEN-12": body == "broken",
        }
        first = next((rule for rule in RULES if wrong[rule]), None)
        there.token = name_of(blocked, access, level) if known else "none"
        answer = there.put(
            f"/extension/{TARGETS[target]}/phone/",
            data=BODIES[body],
            content_type="application/json",
        )
        told = answer.headers.get("X-Mockpbx-Rule", "").removeprefix("ERR-8, ") or None
        assert told == first, (blocked, access, level, target, body)
        assert (answer.status_code == 200) == (first is None)
    if known and not limited:
        before[0]["phone"] = {"label": "a"}
    assert there.state()["clients"][0]["extensions"] == before


def principal(
    status: str = "active", client_status: str = "active", level: str = "All", access: str = "full"
) -> Principal:
    """Somebody who sends a request."""
    return Principal(
        User(1, 1, "admin", "secret", status=status, access=access),
        Client(1, "Company", "10", "sip.example.com", "2020-01-01", status=client_status),
        Application(1, 1, "app", "secret", "trusted", access=level),
    )


@pytest.mark.fact("ERR-3")
@pytest.mark.parametrize(
    ("status", "client_status", "reason"),
    [
        ("blocked", "active", "the user is blocked"),
        ("active", "blocked", "the client is blocked"),
        ("blocked", "blocked", "the user is blocked"),
    ],
)
def test_the_reason_of_a_block(status: str, client_status: str, reason: str) -> None:
    """The refusal tells whether the user or its client is blocked."""
    with pytest.raises(AccessDeniedError) as caught:
        check_blocked(principal(status, client_status))
    assert caught.value.reason == reason


@pytest.mark.fact("ERR-5")
@pytest.mark.parametrize(("level", "call_api"), [("All", True), ("All", False), ("Call API", True)])
def test_a_level_that_is_enough(level: str, call_api: bool) -> None:
    """`All` has everything, and `Call API` what belongs to it."""
    check_application(principal(level=level), call_api=call_api)


@pytest.mark.fact("ERR-4")
@pytest.mark.parametrize(
    ("access", "method"),
    [("read_only", "GET"), ("read_only", "HEAD"), ("full", "GET"), ("full", "DELETE")],
)
def test_a_method_that_is_allowed(access: str, method: str) -> None:
    """A read_only user may GET, which HEAD is a kind of; others may do everything."""
    check_writing(principal(access=access), method)


@pytest.mark.fact("ERR-4")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_not_allowed(method: str) -> None:
    """The refusal of a read_only user names the method."""
    with pytest.raises(AccessDeniedError) as caught:
        check_writing(principal(access="read_only"), method)
    assert caught.value.reason == f"the user is read_only and {method} is not GET"


@pytest.mark.fact("ERR-11")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/client/12/extensions_bundle/999999", (404, "ERR-6")),
        ("/client/12/extensions_bundle/31456", (403, "ERR-2")),
        ("/client/801/extensions_bundle/30", (403, "ERR-2")),
        ("/client/999999/extensions_bundle/30", (404, "ERR-7")),
    ],
)
def test_every_owner_exists_before_any_is_denied(
    documented: Caller, path: str, expected: tuple[int, str]
) -> None:
    """An owner that does not exist is a 404, also beside one that is somebody else's."""
    answer = documented.get(path)
    assert (answer.status_code, answer.headers["X-Mockpbx-Rule"]) == expected


@pytest.mark.fact("ERR-11", "PHN-3")
def test_a_missing_resource_is_told_before_a_broken_body(office: Caller) -> None:
    """The properties of a queue are a 404, whatever the body is."""
    answer = office.put("/extension/96857/phone/", json={"hangup_timeout": 0})
    assert (answer.status_code, answer.headers["X-Mockpbx-Rule"]) == (404, "PHN-3")
