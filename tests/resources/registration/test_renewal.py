"""Devices of world files that renew their registration by themselves."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import pytest

from mockpbx.readings import Readings
from tests.answers import json_of
from tests.company import company, phone
from tests.conftest import Caller

CONTACT = "sip:101@192.0.2.1:5060"
DEVICE = {"contact_address": CONTACT, "expires": 60, "renews": True}


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    """A company whose phone 101 renews every half minute; time stands still."""
    return make_caller(company(extensions=[phone(101, registrations=[DEVICE])]), freeze=True)


def registration(there: Caller) -> Any:
    """The state of the phone's registrations."""
    return json_of(there.get("/extension/101/registration/"))


@pytest.mark.fact("REG-7", "REG-8")
@pytest.mark.parametrize(
    ("seconds", "left"), [(0, 60), (29, 31), (30, 60), (59, 31), (60, 60), (3001, 59)]
)
def test_a_device_that_renews(there: Caller, seconds: int, left: int) -> None:
    """It is never lost: half-way its time begins anew."""
    there.world.advance(seconds)
    found = registration(there)
    assert found["registered"] is True
    assert [one["expires"] for one in found["registrations"]] == [left]


@pytest.mark.fact("REG-7", "REG-8")
def test_the_moment_of_its_loss(make_caller: Callable[..., Caller]) -> None:
    """With the reading utc the moment is that of the present renewal."""
    world = company(extensions=[phone(101, registrations=[DEVICE])])
    there = make_caller(world, freeze=True, readings=Readings(registration_expires="utc"))
    begun = ceil(there.world.clock.start.timestamp())
    there.world.advance(45)
    assert [one["expires"] for one in registration(there)["registrations"]] == [begun + 90]


@pytest.mark.fact("REG-8")
def test_a_register_ends_that(there: Caller) -> None:
    """Who registers the device by hand decides from then on when it is lost."""
    body = {"extension": "101", "contact_address": CONTACT, "expires": 10}
    assert there.post("/_mockpbx/registrations", json=body).status_code == 201
    there.world.advance(10)
    assert registration(there)["registered"] is False
