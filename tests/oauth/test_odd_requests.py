"""Odd token requests: each is answered as the contract says, with JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..conftest import Caller
from .test_token import TRUSTED

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"

MISSING = {"error": "invalid_request", "error_description": "grant_type is missing"}

PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'


@pytest.mark.fact("AUT-1", "AUT-8", "GEN-12")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"", ""),
        (b"grant_type=", FORM),
        (b"=&&=&%&%zz", FORM),
        (b"GRANT_TYPE=client_credentials", FORM),
        (b"\xff\xfe\x00", FORM),
        (b"&".join(b"a%d=1" % number for number in range(5000)), FORM),
        (b"grant_type=client_credentials", "text/plain"),
        (b"grant_type=client_credentials", ""),
        (b"--x\r\nbroken", PARTS),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", PARTS),
        (PART, PARTS),
        (PART + b"--x--", "multipart/form-data"),
    ],
)
def test_a_body_without_parameters(office: Caller, body: bytes, content_type: str) -> None:
    """A body in which no parameter can be read is a request without parameters."""
    answer = office.post("/oauth/token", data=body, content_type=content_type)
    assert (answer.status_code, answer.json) == (400, MISSING)


@pytest.mark.fact("GEN-12", "GEN-6")
def test_a_body_of_too_many_parts(office: Caller) -> None:
    """A body of more parts than any form has is a 413."""
    answer = office.post("/oauth/token", data=PART * 2000 + b"--x--\r\n", content_type=PARTS)
    assert (answer.status_code, list(json.loads(answer.text))) == (413, ["message"])


@pytest.mark.fact("AUT-1")
@pytest.mark.parametrize(
    ("query", "form"),
    [
        ({"grant_type": "client_credentials", "client_id": "app"}, {"client_secret": "secret"}),
        (TRUSTED, {"other": "1"}),
        ({"grant_type": ""}, TRUSTED),
        ({}, {**TRUSTED, "grant_type": ["client_credentials", "password"]}),
    ],
)
def test_parameters_in_both_places(
    office: Caller, query: dict[str, Any], form: dict[str, Any]
) -> None:
    """Parameters are taken from the query and the body together; of several values the first."""
    answer = office.post("/oauth/token", query_string=query, data=form)
    assert (answer.status_code, json.loads(answer.text)["scope"]) == (200, "all")


@pytest.mark.fact("AUT-1", "AUT-11")
def test_a_token_request_needs_no_token(office: Caller) -> None:
    """A token request with an unknown token in its header is answered as one without."""
    headers = {"Authorization": "Bearer none"}
    answer = office.post("/oauth/token", data=TRUSTED, headers=headers)
    assert (answer.status_code, json.loads(answer.text)["scope"]) == (200, "all")


@pytest.mark.fact("AUT-1", "GEN-2", "GEN-3")
@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth//token", "/oauth//token//"])
def test_odd_slashes(office: Caller, path: str) -> None:
    """A slash at the end and doubled slashes are taken under `/oauth` too."""
    assert office.post(path, data=TRUSTED).status_code == 200


@pytest.mark.fact("ERR-1", "AUT-11")
@pytest.mark.parametrize("token", ["x" * 100_000, "\u00ff\u00fe", "forever\t", ",", "a b"])
def test_an_odd_token(office: Caller, token: str) -> None:
    """A token of any length and letters that nobody has is unknown."""
    answer = office.get("/user/", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json) == (401, {"message": "Unauthorized"})
