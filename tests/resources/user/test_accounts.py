"""Users of the three levels, as their client's administrator sees them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller, token_of

LEVELS = ("client", "extension", "extension_group")
NEW = {"login": "new", "password": "s3cret", "name": "New User", "email": "new@example.com"}
OWNER: dict[str, dict[str, Any]] = {
    "client": {},
    "extension": {"extension_id": 85219},
    "extension_group": {"extension_group_id": 14},
}


def path(level: str, client: str = "@me") -> str:
    return f"/client/{client}/user/{level}/"


@pytest.mark.fact("USR-2", "AUT-15")
@pytest.mark.parametrize("level", LEVELS)
def test_a_new_user(office: Caller, level: str) -> None:
    """A new user is shown without its password, and may log in at once."""
    answer = office.post(path(level), json={**NEW, **OWNER[level]})
    shown = json_of(answer)
    assert answer.status_code == 201
    assert shown == {
        "id": 6,
        "login": "new",
        "name": "New User",
        "access": "full",
        "status": "active",
        "comment": None,
        "extra_params": None,
        "timezone": "Europe/Moscow",
        "email": "new@example.com",
        "email_notify": False,
        "email_for_notify": None,
        "client_id": 2566 if level == "client" else None,
        "extension_id": 85219 if level == "extension" else None,
        "extension_group_id": 14 if level == "extension_group" else None,
    }
    login = {"username": "new", "password": "s3cret"}
    secret = {"client_id": "desktop", "client_secret": "secret"}
    token = token_of(office.app, grant_type="password", **secret, **login)
    assert json_of(Caller(office.app, token).get("/user/"))["login"] == "new"
    assert json_of(office.get(path(level)))[-1] == shown


@pytest.mark.fact("USR-2")
def test_all_fields(office: Caller) -> None:
    """Every optional field is kept."""
    more = {
        "access": "read_only",
        "status": "blocked",
        "comment": "Temporary",
        "extra_params": "x",
        "timezone": "Asia/Omsk",
        "email_notify": True,
        "email_for_notify": "boss@example.com",
    }
    shown = json_of(office.post(path("client"), json={**NEW, **more}))
    assert {name: shown[name] for name in more} == more
    assert office.state()["clients"][0]["users"][-1]["comment"] == "Temporary"


@pytest.mark.fact("USR-2", "GEN-14")
def test_lists(office: Caller) -> None:
    """A list has the users of its level, page by page, or the one with that login."""
    logins = {level: [one["login"] for one in json_of(office.get(path(level)))] for level in LEVELS}
    assert logins == {
        "client": ["admin", "auditor", "former"],
        "extension": ["anna"],
        "extension_group": ["sales"],
    }
    page = json_of(office.get(path("client"), query_string={"page": 2, "per_page": 2}))
    assert [one["login"] for one in page] == ["former"]
    found = json_of(office.get(path("client"), query_string={"login": "auditor"}))
    assert [one["login"] for one in found] == ["auditor"]
    assert json_of(office.get(path("client"), query_string={"login": "anna"})) == []
    assert "secret" not in office.get(path("client")).text


@pytest.mark.fact("USR-2", "ERR-9")
@pytest.mark.parametrize(
    ("level", "change", "text"),
    [
        ("client", {"login": "admin"}, "login: admin is taken"),
        ("client", {"login": ""}, "login: must be 1 to 255 characters in one line"),
        ("client", {"password": None}, "password: must not be null"),
        ("client", {"email": "nobody"}, "email: must be an email address"),
        ("client", {"access": "all"}, "access: must be one of full, read_only"),
        ("client", {"status": "gone"}, "status: must be one of active, blocked"),
        ("client", {"timezone": "+3"}, "timezone: must be a time zone such as Europe/Moscow"),
        ("client", {"email_notify": "yes"}, "email_notify: must be a boolean"),
        (
            "extension",
            {"extension_id": 99},
            "extension_id: client 2566 has no extension 99",
        ),
        (
            "extension_group",
            {"extension_group_id": 99},
            "extension_group_id: client 2566 has no extension group 99",
        ),
    ],
)
def test_bad_fields(office: Caller, level: str, change: dict[str, Any], text: str) -> None:
    """A field that breaks its rule is refused by its name, and nobody is added."""
    before = office.state()
    answer = refused(office.post(path(level), json={**NEW, **OWNER[level], **change}))
    assert (answer.status, answer.body, answer.rule) == (400, {"message": text}, "USR-2")
    assert office.state() == before


@pytest.mark.fact("USR-2")
@pytest.mark.parametrize("level", LEVELS)
def test_mandatory_fields(office: Caller, level: str) -> None:
    """Every mandatory field that is missing is named."""
    names = ["login", "password", "name", "email", *OWNER[level]]
    text = "; ".join(f"{name}: is required" for name in names)
    assert answered(office.post(path(level), json={})) == (400, {"message": text})
