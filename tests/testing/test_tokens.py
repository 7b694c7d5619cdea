"""Tokens that expire when a test says so."""

from __future__ import annotations

import pytest

from mockpbx import MockPBX
from mockpbx.core.errors import NotFoundError
from tests import shared


def status(mock: MockPBX, token: str) -> tuple[int, str | None]:
    """What a request with that token is answered, and by which rule."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = mock.session().get(f"{mock.api_url}/user/", headers=headers)
    return answer.status_code, answer.headers.get("X-Mockpbx-Reason")


def test_as_after_an_hour(mock: MockPBX) -> None:
    """The next request is refused as one with a token that expired by itself."""
    old = mock.token()
    assert mock.expire_tokens() == 1
    refused = status(mock, old)
    assert refused == (401, "the token expired: it was valid for 3600 s")
    new = mock.token()
    assert status(mock, new)[0] == 200
    mock.clock.advance(3600)
    assert status(mock, new) == refused


def test_of_one_application(mock: MockPBX) -> None:
    """Those of other applications stay valid."""
    one = mock.token()
    fields = {"grant_type": "client_credentials", "client_id": "crm", "client_secret": "secret"}
    mock.add_application("crm")
    answer = mock.session().post(f"{mock.url}/oauth/token", data=fields)
    other = answer.json()["access_token"]
    assert mock.expire_tokens("crm") == 1
    assert [status(mock, token)[0] for token in (one, other)] == [200, 401]


def test_of_one_user(mock: MockPBX) -> None:
    """Those of other users stay valid."""
    mock.add_user("porter", extension="110")
    token = mock.token()
    assert [mock.expire_tokens(user=one) for one in ("porter", 1)] == [0, 1]
    assert status(mock, token)[0] == 401


def test_a_refresh_token_stays(mock: MockPBX) -> None:
    """A program gets a new pair for its refresh token, as after an hour."""
    fields = {"client_id": "desktop", "client_secret": "secret"}
    login = {"grant_type": "password", "username": "admin", "password": "secret"}
    url = f"{mock.url}/oauth/token"
    pair = mock.session().post(url, data={**fields, **login}).json()
    assert mock.expire_tokens() == 1
    again = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert mock.session().post(url, data={**fields, **again}).status_code == 200


def test_one_that_never_expires() -> None:
    """It expires, too."""
    with shared.pbx("documented", freeze=True) as pbx:
        assert pbx.expire_tokens() == 1
        assert pbx.expire_tokens() == 0


def test_of_nobody(mock: MockPBX) -> None:
    """A name that is none is refused with the nearest."""
    with pytest.raises(NotFoundError, match=r"^application: there is no ap; did you mean app"):
        mock.expire_tokens("ap")
