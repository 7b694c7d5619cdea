"""What a test adds to its PBX: users, applications, groups, agents, public numbers."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx import MockPBX
from mockpbx.core.errors import InvalidError

CALLER = "+79161112233"
DID = "79161110000"


def logged_in(mock: MockPBX, **fields: str) -> tuple[int, Any]:
    """What the API says to that login."""
    answer = mock.session().post(f"{mock.url}/oauth/token", data=fields)
    return answer.status_code, answer.json()


def test_a_user_logs_in(mock: MockPBX) -> None:
    """A user of a phone reaches that phone alone, by the application of the test."""
    mock.add_user("porter", "deep", extension="110")
    mock.add_application("door", "open", "password_credentials")
    fields = {"client_id": "door", "client_secret": "open", "grant_type": "password"}
    status, told = logged_in(mock, **fields, username="porter", password="deep")
    assert status == 200
    session = mock.session()
    session.headers["Authorization"] = f"Bearer {told['access_token']}"
    url = f"{mock.api_url}/extension"
    found = [session.get(f"{url}/@{name}/phone/").status_code for name in ("110", "101")]
    assert found == [200, 403]


def test_a_password_of_its_own(mock: MockPBX) -> None:
    """A user and an application have the password `secret` unless another one is given."""
    mock.add_user("porter")
    mock.add_application("door", type="password_credentials")
    fields = {"client_id": "door", "client_secret": "secret", "grant_type": "password"}
    assert logged_in(mock, **fields, username="porter", password="secret")[0] == 200
    assert logged_in(mock, **fields, username="porter", password="deep")[0] == 401


def test_an_application_of_a_user(mock: MockPBX) -> None:
    """An application is of the first user of the whole client, or of the one that is named."""
    porter = mock.add_user("porter", extension="110")
    assert mock.add_application("one").user_id == 1
    assert mock.add_application("two", user="porter").user_id == porter.id


def test_a_queue_of_agents(mock: MockPBX) -> None:
    """A queue rings its agents, who are named, or meant by their extension's number or id."""
    mock.register("110")
    agent = mock.add_agent("Night shift", "110")
    for number, one in (("300", agent.name), ("301", "110"), ("302", agent.extension_id)):
        mock.add_extension(number, "queue", agents=[one])
        call = mock.incoming_call(CALLER, to=number)
        assert [leg.extension for leg in call.legs] == [f"2566*{number}", "2566*110"]
        call.hang_up()


def test_a_menu(mock: MockPBX) -> None:
    """A menu leads where its keys say."""
    mock.add_extension("300", "ivr", menu={"7": "102"})
    call = mock.incoming_call(CALLER, to="300").press("7")
    assert call.legs[-1].extension == "2566*102"


def test_a_public_number(mock: MockPBX) -> None:
    """A call to it comes to its extension."""
    mock.add_did(DID, "102")
    call = mock.incoming_call(CALLER, did=DID)
    assert [leg.extension for leg in call.legs] == ["2566*102"]


def test_a_group(mock: MockPBX) -> None:
    """An extension is in a group by its name."""
    group = mock.add_group("Night")
    assert mock.add_extension(extension_group="Night").extension_group_id == group.id


def test_what_begins_now(mock: MockPBX) -> None:
    """A registration without a moment begins when it is added."""
    mock.clock.advance(3600)
    phone = mock.add_extension(registrations=[{"contact_address": "sip:a@b", "expires": 60}])
    assert mock.incoming_call(CALLER, to=phone.id).state == "ringing"


def test_ids_go_on_after_one_that_is_given(mock: MockPBX) -> None:
    """An id may be chosen, and the next one comes after it."""
    assert mock.add_extension("300", id=200_000).id == 200_000
    assert mock.add_extension("301").id == 200_001


@pytest.mark.parametrize(
    ("what", "given", "text"),
    [
        ("user", {"login": "admin"}, "login: 'admin' is there already"),
        ("user", {"login": "x", "extension": "999"}, "client 2566 has no extension '999'"),
        ("user", {"login": "x", "extensoin": "1"}, "extensoin: is none of id, login, password"),
        ("agent", {"name": "x", "extension": "099"}, "extension: must be of type phone"),
        ("did", {"name": "+7"}, "name: must be digits"),
        ("group", {"name": "x", "id": 14}, "id: 14 is there already"),
        ("application", {"client_id": "x", "user": "y"}, "client 2566 has no user 'y'"),
        ("extension", {"type": "queue", "agents": ["y"]}, "queue.agents[0]: client 2566 has no"),
    ],
)
def test_what_cannot_be(mock: MockPBX, what: str, given: dict[str, Any], text: str) -> None:
    """It is refused in the words of world files, and nothing is added."""
    before = mock.state()
    with pytest.raises(InvalidError) as caught:
        getattr(mock, f"add_{what}")(**given)
    assert str(caught.value).startswith(text)
    assert mock.state() == before


def test_it_is_in_a_state(mock: MockPBX) -> None:
    """What was added is part of the world's state."""
    mock.add_user("porter", extension="110")
    mock.add_agent("Night shift", "110", status="logged_out")
    mock.add_did(DID, "102")
    kept = mock.state()
    [client] = kept["clients"]
    added = [client[key][-1] for key in ("users", "agents", "dids")]
    assert [one.get("login") or one["name"] for one in added] == ["porter", "Night shift", DID]
    with MockPBX(kept) as other:
        assert {one.name: one.status for one in other.agents}["Night shift"] == "logged_out"
