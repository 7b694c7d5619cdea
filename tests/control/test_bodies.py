"""Bodies of the control API: what nothing reads is a mistake of who wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered
from tests.conftest import Caller


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock/advance", {"seconds": 1}),
        ("clock/move_to", {"moment": "2026-03-01 12:00:00"}),
        ("snapshots", {"name": "night"}),
        ("registrations", {"extension": "105"}),
        ("requests/verify", {"method": "GET", "path": "/user/"}),
        ("calls", {"from": "+79161112233", "to": "101"}),
        ("messages", {"from": "+79161112233", "to": "101", "text": "Hello"}),
        ("faults", {"status": 500}),
    ],
)
def test_a_misspelt_key(office: Caller, path: str, body: dict[str, Any]) -> None:
    """A key that is not known is refused beside those that are known, and nothing happens."""
    before = office.state()
    answer = office.post(f"/_mockpbx/{path}", json={**body, "witin": 1})
    status, shown = answered(answer)
    assert (status, shown["message"].partition(" none of ")[0]) == (400, "witin: is")
    known = shown["message"].partition(" none of ")[2].split(", ")
    assert set(body) <= set(known)
    assert office.state() == before


def test_as_curl_sends_it(office: Caller) -> None:
    """JSON is taken with the type that `curl -d` gives it; the vendor's API refuses that."""
    form = "application/x-www-form-urlencoded"
    body = '{"from": "+79161112233", "to": "101"}'
    assert office.post("/_mockpbx/calls", data=body, content_type=form).status_code == 201
    status, shown = answered(office.post("/_mockpbx/calls", data="a=b", content_type=form))
    assert (status, shown["message"].startswith("the body is not JSON: ")) == (400, True)
    answer = office.post("/extension/@101/event/", data="{}", content_type=form)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "status"), [("/_mockpbx/nothing", 404), ("/_mockpbx/clock/advance", 400)]
)
def test_refusals_have_no_rule_of_the_vendor(office: Caller, path: str, status: int) -> None:
    """The vendor has no such paths, and no rules for them."""
    answer = office.post(path, data="{", content_type="application/json")
    assert answer.status_code == status
    assert "X-Mockpbx-Rule" not in answer.headers
    assert "X-Mockpbx-Basis" not in answer.headers
    assert answer.headers["X-Mockpbx-Reason"]


@pytest.mark.fact("REG-15", "PHN-20")
def test_a_phone_that_may_not_register(office: Caller) -> None:
    """A phone that the vendor would refuse is refused by the vendor's rule."""
    office.put("/extension/@101/phone/", json={"geo_list": "RU"})
    answer = office.post("/_mockpbx/registrations", json={"extension": "101", "country": "US"})
    assert answer.status_code == 403
    assert answer.headers["X-Mockpbx-Rule"] == "REG-15, PHN-20"
