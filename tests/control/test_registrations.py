"""`/_mockpbx/registrations`: how a tester names a phone, and what is wrong with a request."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ..answers import json_of
from ..conftest import Caller

MakeCaller = Callable[..., Caller]


def post(there: Caller, body: Any) -> tuple[int, Any]:
    answer = there.post("/_mockpbx/registrations", json=body)
    return answer.status_code, answer.json if answer.data else None


@pytest.mark.fact("REG-8")
@pytest.mark.parametrize("extension", [85222, "105", "2566*105"])
def test_a_phone_is_named(office: Caller, extension: int | str) -> None:
    """A phone goes by its id, its number or its whole name; what is not said has a default."""
    status, body = post(office, {"extension": extension})
    assert (status, body) == (
        201,
        {
            "device": "mockpbx phone",
            "real_address": "sip:203.0.113.10:5060",
            "contact_address": "sip:2566*105@192.0.2.10:5060",
            "expires": 3600,
            "registration_id": body["registration_id"],
        },
    )
    shown = {"registered": True, "extension_id": 85222, "registrations": [body]}
    assert office.get("/extension/85222/registration/").json == shown


@pytest.mark.fact("REG-8")
def test_a_phone_of_any_client_is_named(documented: Caller) -> None:
    """A number finds the phone of whichever client has it."""
    status, body = post(documented, {"extension": "300"})
    assert (status, body["contact_address"]) == (201, "sip:000*300@192.0.2.10:5060")


@pytest.mark.fact("REG-13")
def test_the_default_contact_unregisters(office: Caller) -> None:
    """Without a contact the same phone renews, and with 0 seconds is gone."""
    first = post(office, {"extension": "105"})[1]
    assert post(office, {"extension": "105", "expires": 60}) == (201, first | {"expires": 60})
    assert post(office, {"extension": "105", "expires": 0}) == (204, None)
    shown = {"registered": False, "extension_id": 85222, "registrations": []}
    assert office.get("/extension/85222/registration/").json == shown


@pytest.mark.parametrize(
    ("extension", "message"),
    [
        ("111", "extension: there is no 111; the nearest is 2566*110"),
        (85999, "extension: there is no 85999; the nearest is 2566*109"),
        ("x" * 100, f"extension: there is no {'x' * 40}; the nearest is 2566*110"),
    ],
)
def test_no_such_phone(office: Caller, extension: Any, message: str) -> None:
    """An extension that nobody has is a 404 that names the nearest, and changes nothing."""
    before = office.state()
    status, body = post(office, {"extension": extension})
    assert status == 404
    assert body["message"].partition(";")[0] == message.partition(";")[0]
    assert "; the nearest is 2566*" in body["message"]
    assert office.state() == before


def test_no_phone_at_all(make_caller: MakeCaller) -> None:
    """In a world without extensions no nearest one is named."""
    expected = (404, {"message": "extension: there is no 101"})
    assert post(make_caller("empty"), {"extension": "101"}) == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extension": None}, "extension: must not be null"),
        ({"extension": True}, "extension: must be an id or a name"),
        ({"extension": [101]}, "extension: must be an id or a name"),
        ({"extension": 1.5}, "extension: must be an id or a name"),
        ({"expires": -1}, "expires: must be an integer from 0 to 4294967295"),
        ({"expires": "60"}, "expires: must be an integer"),
        ({"expires": None}, "expires: must not be null"),
        ({"device": 5}, "device: must be a string"),
        ({"contact_address": None}, "contact_address: must not be null"),
        ({"real_address": []}, "real_address: must be a string"),
        ({"country": 7}, "country: must be a string"),
    ],
)
def test_a_broken_request(office: Caller, changes: Any, message: str) -> None:
    """A field of another type is a 400 that names it, and changes nothing."""
    before = office.state()
    assert post(office, {"extension": "105", **changes}) == (400, {"message": message})
    assert office.state() == before


@pytest.mark.parametrize("country", ["ru", "XX", "RUS", ""])
def test_no_such_country(office: Caller, country: str) -> None:
    """A country that has no such code is a 400."""
    status, body = post(office, {"extension": "105", "country": country})
    assert status == 400
    assert body["message"].startswith("country: must be one of AD, AE, ")


def test_the_extension_is_mandatory(office: Caller) -> None:
    """A registration without an extension is a 400."""
    assert post(office, {}) == (400, {"message": "extension: is required"})


@pytest.mark.fact("REG-8")
@pytest.mark.parametrize("expires", [1, 4294967295])
def test_the_bounds_of_expiry(office: Caller, expires: int) -> None:
    """A registration lasts from one second to what 32 bits hold."""
    status, body = post(office, {"extension": "105", "expires": expires})
    assert (status, body["expires"]) == (201, expires)
    found = json.loads(office.get("/extension/85222/registration/").text)
    assert found["registrations"] == [body]


@pytest.mark.parametrize("name", ["1", "85219", "102", "2566*102"])
def test_an_agent_by_whatever_names_it(office: Caller, name: str) -> None:
    """An agent is meant by its id, or by the id, number or whole name of its extension."""
    answer = office.post(f"/_mockpbx/agents/{name}/status", json={"status": "logged_out"})
    assert (answer.status_code, json_of(answer)["id"]) == (200, 1)
