"""`POST /oauth/token`: how its parameters come, the grants, and what is refused."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from mockpbx.core.accounts import AccessToken, RefreshToken

from ..company import application, company
from ..conftest import Caller

MakeCaller = Callable[..., Caller]

APP = {"client_id": "app", "client_secret": "secret"}
DESKTOP = {"client_id": "desktop", "client_secret": "secret"}
TRUSTED = {"grant_type": "client_credentials", **APP}
LOGIN = {"grant_type": "password", **DESKTOP, "username": "anna", "password": "secret"}

WRONG_APPLICATION = {
    "error": "invalid_client",
    "error_description": "the application is unknown or its secret is wrong",
}
WRONG_REFRESH = {
    "error": "invalid_grant",
    "error_description": "the refresh token is unknown or expired",
}


def ask(there: Caller, fields: dict[str, Any]) -> TestResponse:
    """A token request as a form."""
    return there.post("/oauth/token", data=fields)


def granted(there: Caller, fields: dict[str, Any]) -> dict[str, Any]:
    """The answer to a token request that succeeds."""
    answer = ask(there, fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def refresh(value: str, **changes: str) -> dict[str, str]:
    """A request for a new pair."""
    return {"grant_type": "refresh_token", **DESKTOP, "refresh_token": value, **changes}


def reads(there: Caller, token: str) -> int:
    """The status of a request with that token."""
    there.token = token
    return there.get("/user/").status_code


def tokens(there: Caller) -> list[tuple[Any, Any]]:
    """All tokens of the world."""
    store = there.world.store
    return [*((one.id, one.value) for one in store.all(AccessToken))] + [
        (one.id, one.value) for one in store.all(RefreshToken)
    ]


@pytest.mark.fact("AUT-3")
def test_client_credentials(office: Caller) -> None:
    """The grant client_credentials gives a Bearer token of an hour and no refresh token."""
    answer = granted(office, TRUSTED)
    token = answer.pop("access_token")
    assert re.fullmatch("[A-Za-z0-9]{30}", token)
    assert answer == {"token_type": "Bearer", "expires_in": 3600, "scope": "all"}


@pytest.mark.fact("AUT-4")
def test_password(office: Caller) -> None:
    """The grant password gives a token of an hour with a refresh token and without a scope."""
    answer = granted(office, LOGIN)
    for name in ("access_token", "refresh_token"):
        assert re.fullmatch("[A-Za-z0-9]{30}", answer.pop(name))
    assert answer == {"token_type": "Bearer", "expires_in": 3600}


@pytest.mark.fact("AUT-7")
def test_refresh_token(office: Caller) -> None:
    """The grant refresh_token gives a new pair."""
    first = granted(office, LOGIN)
    second = granted(office, refresh(first["refresh_token"]))
    assert second.keys() == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert len({*first.values(), *second.values()}) == 6
    assert (second["token_type"], second["expires_in"]) == ("Bearer", 3600)


@pytest.mark.fact("AUT-9")
def test_the_user_of_a_trusted_application(office: Caller) -> None:
    """The token of a trusted application is that of the user who created it."""
    office.token = granted(office, TRUSTED)["access_token"]
    assert json.loads(office.get("/user/").text)["login"] == "admin"


@pytest.mark.fact("AUT-4", "AUT-7")
def test_the_user_who_logged_in(office: Caller) -> None:
    """The tokens of the grants password and refresh_token are those of the user who logged in."""
    first = granted(office, LOGIN)
    second = granted(office, refresh(first["refresh_token"]))
    logins = []
    for pair in (first, second):
        office.token = pair["access_token"]
        logins.append(json.loads(office.get("/user/").text)["login"])
    assert logins == ["anna", "anna"]


FORMS: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "form": lambda fields: {"data": fields},
    "multipart": lambda fields: {"data": fields, "content_type": "multipart/form-data"},
    "query": lambda fields: {"query_string": fields},
    "query with an empty form": lambda fields: {
        "query_string": fields,
        "content_type": "application/x-www-form-urlencoded",
    },
    "query with an empty JSON": lambda fields: {
        "query_string": fields,
        "content_type": "application/json",
    },
}


@pytest.mark.fact("AUT-1")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fields", [TRUSTED, LOGIN], ids=["client_credentials", "password"])
def test_how_parameters_come(office: Caller, form: str, fields: dict[str, str]) -> None:
    """Parameters come as a form, as multipart/form-data, or in the query with an empty body."""
    answer = office.post("/oauth/token", **FORMS[form](fields))
    assert (answer.status_code, json.loads(answer.text)["expires_in"]) == (200, 3600)


@pytest.mark.fact("AUT-1", "AUT-8")
def test_a_json_body_is_not_read(office: Caller) -> None:
    """A token request in JSON has no parameters."""
    answer = office.post("/oauth/token", json=TRUSTED)
    missing = {"error": "invalid_request", "error_description": "grant_type is missing"}
    assert (answer.status_code, answer.json) == (400, missing)


@pytest.mark.fact("AUT-2")
@pytest.mark.parametrize(
    "fields",
    [
        {"application_id": "app", "application_secret": "secret"},
        {"application_id": "app", "client_secret": "secret"},
        {"client_id": "app", "application_secret": "secret"},
        {**APP, "scope": "all"},
        {**APP, "scope": "all", "redirect_uri": "https://crm.example.com", "other": "1"},
        {**APP, "application_id": "other", "application_secret": "other"},
    ],
    ids=lambda fields: "-".join(fields),
)
@pytest.mark.parametrize("form", FORMS)
def test_other_names(office: Caller, form: str, fields: dict[str, str]) -> None:
    """The application goes by either pair of names, and scope=all may be sent."""
    fields = {"grant_type": "client_credentials", **fields}
    answer = office.post("/oauth/token", **FORMS[form](fields))
    assert (answer.status_code, json.loads(answer.text)["scope"]) == (200, "all")


@pytest.mark.fact("AUT-19")
@pytest.mark.parametrize("name", ["a" * 32, "Приложение", "1", "a b&c=d+%41"])
def test_any_text_names_an_application(make_caller: MakeCaller, name: str) -> None:
    """Id and secret of an application are any text."""
    applications = [application(), application(name, client_secret=name)]
    there = make_caller(company(applications=applications))
    fields = {"grant_type": "client_credentials", "client_id": name, "client_secret": name}
    assert granted(there, fields)["scope"] == "all"


@pytest.mark.fact("AUT-19", "AUT-12")
def test_the_documented_token_never_expires(documented: Caller) -> None:
    """In the world `documented` the token of the examples is valid for ever."""
    documented.world.clock.advance(100 * 365 * 24 * 3600)
    assert documented.get("/user/").status_code == 200


def without(fields: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in fields.items() if key != name}


def missing(name: str) -> dict[str, str]:
    return {"error": "invalid_request", "error_description": f"{name} is missing"}


REFUSED = [
    *(
        pytest.param(without(fields, name), 400, missing(name), "AUT-8", id=f"no-{name}")
        for fields, name in [
            (TRUSTED, "grant_type"),
            (TRUSTED, "client_id"),
            (TRUSTED, "client_secret"),
            (LOGIN, "username"),
            (LOGIN, "password"),
            (refresh("x"), "refresh_token"),
        ]
    ),
    pytest.param({**TRUSTED, "client_id": ""}, 400, missing("client_id"), "AUT-8", id="empty-id"),
    pytest.param({}, 400, missing("grant_type"), "AUT-8", id="nothing"),
    *(
        pytest.param(
            {**TRUSTED, "grant_type": grant},
            400,
            {
                "error": "unsupported_grant_type",
                "error_description": f"grant_type: {grant} is unknown",
            },
            "AUT-8",
            id=grant,
        )
        for grant in ("implicit", "Password", "client_credentials ")
    ),
    pytest.param({**TRUSTED, "client_id": "none"}, 401, WRONG_APPLICATION, "AUT-8", id="other-id"),
    pytest.param(
        {**TRUSTED, "client_secret": "Secret"}, 401, WRONG_APPLICATION, "AUT-8", id="other-secret"
    ),
    *(
        pytest.param(
            {**LOGIN, **changes},
            401,
            {
                "error": "invalid_grant",
                "error_description": "the username or the password is wrong",
            },
            "AUT-8",
            id=name,
        )
        for name, changes in {
            "other-user": {"username": "none"},
            "other-password": {"password": "Secret"},
        }.items()
    ),
    pytest.param(refresh("x" * 30), 401, WRONG_REFRESH, "AUT-7", id="other-refresh-token"),
    *(
        pytest.param(
            {**LOGIN, "code": "x", "grant_type": grant, "client_id": app},
            400,
            {
                "error": "unauthorized_client",
                "error_description": f"an application of type {kind} may not use {grant}",
            },
            "AUT-9",
            id=f"{kind}-{grant}",
        )
        for grant, app, kind in [
            ("client_credentials", "desktop", "password_credentials"),
            ("client_credentials", "web-app", "public"),
            ("password", "app", "trusted"),
            ("password", "web-app", "public"),
            ("authorization_code", "app", "trusted"),
            ("authorization_code", "desktop", "password_credentials"),
        ]
    ),
    pytest.param(
        {**APP, "client_id": "web-app", "grant_type": "authorization_code", "code": "x"},
        400,
        {"error": "invalid_request", "error_description": "redirect_uri is missing"},
        "AUT-8",
        id="authorization_code",
    ),
]


@pytest.mark.fact("AUT-8", "AUT-9")
@pytest.mark.parametrize(("fields", "status", "body", "rule"), REFUSED)
def test_a_refused_request(
    office: Caller, fields: dict[str, str], status: int, body: dict[str, str], rule: str
) -> None:
    """A token error is JSON with a word of RFC 6749 and a description, and issues nothing."""
    before = tokens(office)
    answer = ask(office, fields)
    assert (answer.status_code, answer.json) == (status, body)
    assert answer.headers["X-Mockpbx-Rule"] == rule
    assert tokens(office) == before


@pytest.mark.fact("AUT-12")
@pytest.mark.parametrize("fields", [TRUSTED, LOGIN], ids=["client_credentials", "password"])
def test_a_token_expires(office: Caller, fields: dict[str, str]) -> None:
    """A token is valid until 3600 s have passed, and not at 3600 s."""
    token = granted(office, fields)["access_token"]
    office.world.clock.advance(3599.999999)
    assert reads(office, token) == 200
    office.world.clock.advance(0.000001)
    office.token = token
    answer = office.get("/user/")
    assert (answer.status_code, answer.json) == (401, {"message": "Unauthorized"})
    assert answer.headers["X-Mockpbx-Rule"] == "ERR-1, AUT-12"
    reason = "the token expired: it was valid for 3600 s"
    assert answer.headers["X-Mockpbx-Reason"] == reason


@pytest.mark.fact("AUT-12", "AUT-3")
def test_an_older_token_stays_valid(office: Caller) -> None:
    """A new token does not end the older one of the same application."""
    first = granted(office, TRUSTED)["access_token"]
    office.world.clock.advance(1800)
    second = granted(office, TRUSTED)["access_token"]
    assert [reads(office, first), reads(office, second)] == [200, 200]
    office.world.clock.advance(1800)
    assert [reads(office, first), reads(office, second)] == [401, 200]


@pytest.mark.fact("AUT-12", "AUT-7")
def test_a_refresh_token_expires(office: Caller) -> None:
    """A refresh token is good until 30 days have passed, and not at 30 days."""
    value = granted(office, LOGIN)["refresh_token"]
    office.world.clock.advance(30 * 24 * 3600)
    answer = ask(office, refresh(value))
    assert (answer.status_code, answer.json) == (401, WRONG_REFRESH)


@pytest.mark.fact("AUT-12", "AUT-7")
def test_a_refresh_token_lasts(office: Caller) -> None:
    """A refresh token is good in the last moment of its 30 days, long after its access token."""
    pair = granted(office, LOGIN)
    office.world.clock.advance(30 * 24 * 3600 - 0.000001)
    assert reads(office, pair["access_token"]) == 401
    assert reads(office, granted(office, refresh(pair["refresh_token"]))["access_token"]) == 200


@pytest.mark.fact("AUT-7")
def test_a_refresh_token_is_used_up(office: Caller) -> None:
    """A refresh token is good once; the new one goes on."""
    first = granted(office, LOGIN)["refresh_token"]
    second = granted(office, refresh(first))["refresh_token"]
    answer = ask(office, refresh(first))
    assert (answer.status_code, answer.json) == (401, WRONG_REFRESH)
    assert granted(office, refresh(second))["expires_in"] == 3600


@pytest.mark.fact("AUT-7")
def test_a_refused_refresh_uses_nothing_up(office: Caller) -> None:
    """A refresh token that another application sends is refused, and still good for its own."""
    value = granted(office, LOGIN)["refresh_token"]
    answer = ask(office, refresh(value, client_id="app"))
    assert (answer.status_code, answer.json) == (401, WRONG_REFRESH)
    assert granted(office, refresh(value))["expires_in"] == 3600


@pytest.mark.fact("AUT-7")
def test_an_access_token_refreshes_nothing(office: Caller) -> None:
    """An access token is no refresh token, and a refresh token opens nothing."""
    pair = granted(office, LOGIN)
    assert ask(office, refresh(pair["access_token"])).status_code == 401
    assert reads(office, pair["refresh_token"]) == 401


@pytest.mark.fact("AUT-3", "AUT-12")
def test_a_saved_world_issues_other_tokens(make_caller: MakeCaller) -> None:
    """A world that starts from a saved one issues no token that the saved one has."""
    first = make_caller("office", freeze=True)
    second = make_caller(first.state(), freeze=True)
    assert second.token != first.token
    third = make_caller(second.state(), freeze=True)
    assert [reads(third, str(one.token)) for one in (first, second)] == [200, 200]


def busy(make_caller: MakeCaller, *, on: bool) -> Caller:
    """A caller, a second after its own token, with rate limits on or off."""
    there = make_caller("office", freeze=True, rate_limits=on)
    there.world.clock.advance(1)
    return there


LIMIT = {"message": "Rate limit exceeded", "status": "rate_limit_exceeded"}


@pytest.mark.fact("AUT-13", "ERR-8")
def test_twenty_requests_a_second(make_caller: MakeCaller) -> None:
    """With rate limits on the twenty-first request within a second is a 429."""
    there = busy(make_caller, on=True)
    assert [ask(there, TRUSTED).status_code for _ in range(20)] == [200] * 20
    answer = ask(there, TRUSTED)
    assert (answer.status_code, answer.json) == (429, LIMIT)
    assert answer.headers["X-Mockpbx-Rule"] == "ERR-8, AUT-13"
    assert answer.headers["X-Mockpbx-Reason"] == "the limit is 20 requests a second"


@pytest.mark.fact("AUT-13")
def test_the_second_passes(make_caller: MakeCaller) -> None:
    """A second after the first of twenty requests the next one is served, and not before."""
    there = busy(make_caller, on=True)
    for _ in range(20):
        ask(there, TRUSTED)
    there.world.clock.advance(0.999999)
    assert ask(there, TRUSTED).status_code == 429
    there.world.clock.advance(0.000001)
    assert ask(there, TRUSTED).status_code == 200


@pytest.mark.fact("AUT-13")
def test_refused_requests_count(make_caller: MakeCaller) -> None:
    """A token request that is refused for another reason counts too, a revocation as well."""
    there = busy(make_caller, on=True)
    for _ in range(10):
        ask(there, {})
        there.post("/oauth/revoke", data={})
    assert ask(there, TRUSTED).status_code == 429


@pytest.mark.fact("AUT-13")
def test_six_connections_at_once(make_caller: MakeCaller) -> None:
    """With rate limits on a request beside six others in progress is a 429."""
    there = busy(make_caller, on=True)
    usage, now = there.world.usage, there.world.now()
    with usage.oauth(now), usage.oauth(now), usage.oauth(now), usage.oauth(now), usage.oauth(now):
        assert ask(there, TRUSTED).status_code == 200
        with usage.oauth(now):
            answer = ask(there, TRUSTED)
    assert (answer.status_code, answer.json) == (429, LIMIT)
    assert answer.headers["X-Mockpbx-Reason"] == "the limit is 6 connections at once"
    assert ask(there, TRUSTED).status_code == 200


@pytest.mark.fact("AUT-13")
def test_limits_that_are_off(make_caller: MakeCaller) -> None:
    """With rate limits off any number of token requests is served."""
    there = busy(make_caller, on=False)
    assert [ask(there, TRUSTED).status_code for _ in range(40)] == [200] * 40


def basic(there: Caller, pair: str, fields: dict[str, Any]) -> TestResponse:
    """A token request whose application comes as HTTP Basic."""
    header = f"Basic {b64encode(pair.encode()).decode()}"
    return there.post("/oauth/token", data=fields, headers={"Authorization": header})


GRANT = {"grant_type": "client_credentials"}


@pytest.mark.fact("AUT-2", "AUT-3")
@pytest.mark.parametrize(
    ("pair", "fields"),
    [
        ("app:secret", GRANT),
        ("a%70p:se%63ret", GRANT),
        ("app:secret", TRUSTED),
        ("app:secret", {**GRANT, "client_id": "app"}),
        ("app:secret", {**GRANT, "application_id": "app", "application_secret": "secret"}),
    ],
)
def test_http_basic(make_caller: MakeCaller, pair: str, fields: dict[str, str]) -> None:
    """The application may come as HTTP Basic, also besides the body; that is noted."""
    there = make_caller("office")
    answer = basic(there, pair, fields)
    assert (answer.status_code, answer.json["token_type"]) == (200, "Bearer")  # type: ignore[index]
    noted = [one["message"] for one in there.world.notes if one["rule"] == "AUT-2"]
    assert noted == ["the application came as HTTP Basic (assumed)"]


@pytest.mark.fact("AUT-2", "AUT-8")
@pytest.mark.parametrize(
    ("pair", "fields", "text"),
    [
        ("app:secret", {"client_id": "desktop"}, "client_id: is another one"),
        ("app:secret", {"client_secret": "other"}, "client_secret: is another one"),
        ("app:secret", {"application_id": "desktop"}, "application_id: is another one"),
        ("app", {}, "Authorization: is no HTTP Basic"),
        ("", TRUSTED, "Authorization: is no HTTP Basic"),
    ],
)
def test_http_basic_that_contradicts(
    make_caller: MakeCaller, pair: str, fields: dict[str, str], text: str
) -> None:
    """Header and body that differ, and a header that is none, are an invalid request."""
    answer = basic(make_caller("office"), pair, {**GRANT, **fields})
    found: Any = answer.json
    assert (answer.status_code, found["error"]) == (400, "invalid_request")
    assert found["error_description"].startswith(text)


@pytest.mark.fact("AUT-2", "AUT-8")
def test_a_wrong_secret_in_http_basic(make_caller: MakeCaller) -> None:
    """It is refused as one in the body is."""
    answer = basic(make_caller("office"), "app:wrong", GRANT)
    assert (answer.status_code, answer.json) == (401, WRONG_APPLICATION)
