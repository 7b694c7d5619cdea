"""`POST /oauth/revoke`: a token is no longer valid."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..conftest import Caller
from .test_token import APP, DESKTOP, FORMS, LOGIN, TRUSTED, granted, reads, refresh


def revoke(there: Caller, **fields: str) -> tuple[int, Any]:
    answer = there.post("/oauth/revoke", data=fields)
    return answer.status_code, answer.json


@pytest.mark.fact("AUT-14")
@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_token(office: Caller, form: str) -> None:
    """A revoked token is unknown; the parameters come as those of a token request."""
    token = granted(office, TRUSTED)["access_token"]
    answer = office.post("/oauth/revoke", **FORMS[form]({**APP, "token": token}))
    assert (answer.status_code, answer.json) == (200, {})
    assert reads(office, token) == 401


@pytest.mark.fact("AUT-14", "AUT-2")
def test_the_other_names(office: Caller) -> None:
    """The application may go by its other names."""
    token = granted(office, TRUSTED)["access_token"]
    fields = {"application_id": "app", "application_secret": "secret", "token": token}
    assert revoke(office, **fields) == (200, {})
    assert reads(office, token) == 401


@pytest.mark.fact("AUT-14")
def test_a_revoked_refresh_token(office: Caller) -> None:
    """A revoked refresh token gives no new pair; its access token stays valid."""
    pair = granted(office, LOGIN)
    assert revoke(office, **DESKTOP, token=pair["refresh_token"]) == (200, {})
    answer = office.post("/oauth/token", data=refresh(pair["refresh_token"]))
    assert (answer.status_code, json.loads(answer.text)["error"]) == (401, "invalid_grant")
    assert reads(office, pair["access_token"]) == 200


@pytest.mark.fact("AUT-14")
def test_an_unknown_token(office: Caller) -> None:
    """A token that nobody has is as good as revoked."""
    assert revoke(office, **APP, token="x" * 30) == (200, {})


@pytest.mark.fact("AUT-14")
def test_another_applications_token(office: Caller) -> None:
    """An application cannot revoke the token of another one."""
    token = granted(office, TRUSTED)["access_token"]
    assert revoke(office, **DESKTOP, token=token) == (200, {})
    assert reads(office, token) == 200


@pytest.mark.fact("AUT-14")
def test_other_tokens_stay(office: Caller) -> None:
    """Only the token that is named is revoked."""
    first, second = (granted(office, TRUSTED)["access_token"] for _ in range(2))
    revoke(office, **APP, token=first)
    assert [reads(office, first), reads(office, second)] == [401, 200]


@pytest.mark.fact("AUT-14", "AUT-8")
@pytest.mark.parametrize(
    ("fields", "status", "error", "description"),
    [
        (APP, 400, "invalid_request", "token is missing"),
        ({"client_secret": "secret"}, 400, "invalid_request", "client_id is missing"),
        ({"client_id": "app"}, 400, "invalid_request", "client_secret is missing"),
        (
            {**APP, "client_secret": "other"},
            401,
            "invalid_client",
            "the application is unknown or its secret is wrong",
        ),
    ],
)
def test_a_refused_revocation(
    office: Caller, fields: dict[str, str], status: int, error: str, description: str
) -> None:
    """A parameter that is missing is a 400, an application that is not known a 401."""
    expected = {"error": error, "error_description": description}
    assert revoke(office, **fields) == (status, expected)
