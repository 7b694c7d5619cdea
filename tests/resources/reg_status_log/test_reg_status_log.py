"""When phones came online and went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.answers import answered, json_of
from tests.conftest import Caller

LIST = "/client/@me/reg_status_log/"
DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}


@pytest.fixture
def there(office: Caller) -> Caller:
    office.world.clock.move_to(datetime(2026, 3, 1, 12))
    return office


def register(there: Caller, seconds: int, number: str = "105", **more: Any) -> None:
    body = {"extension": number, "expires": seconds, **more}
    assert there.post("/_mockpbx/registrations", json=body).status_code in (201, 204)


def log(there: Caller, **query: Any) -> list[tuple[str, str, bool]]:
    found = json_of(there.get(LIST, query_string={**DAY, "order": "asc", **query}))
    return [(one["datetime"][11:], one["extension_name"], one["registered"]) for one in found]


@pytest.mark.fact("REC-7", "REG-8")
def test_a_row(there: Caller) -> None:
    """A row says which device of which phone came or went, and when."""
    register(there, 60, device="Desk", real_address="sip:203.0.113.9:5060")
    (row,) = json_of(there.get(LIST, query_string=DAY))
    assert row == {
        "extension_id": 85222,
        "extension_name": "2566*105",
        "datetime": "2026-03-01 12:00:00",
        "registered": True,
        "device": "Desk",
        "contact_address": "sip:2566*105@192.0.2.10:5060",
        "real_address": "sip:203.0.113.9:5060",
    }


@pytest.mark.fact("REC-7", "REG-8")
def test_coming_and_going(there: Caller) -> None:
    """Renewals make no row; the end does, at its moment, whether it came by itself or not."""
    register(there, 60)
    there.world.advance(30)
    register(there, 60)
    there.world.advance(59)
    assert log(there) == [("12:00:00", "2566*105", True)]
    there.world.advance(1)
    register(there, 600, number="107")
    there.world.advance(10)
    register(there, 0, number="107")
    register(there, 600)
    there.world.advance(1)
    there.delete("/extension/@105/registration/")
    expected = [
        ("12:00:00", "2566*105", True),
        ("12:01:30", "2566*105", False),
        ("12:01:30", "2566*107", True),
        ("12:01:40", "2566*107", False),
        ("12:01:40", "2566*105", True),
        ("12:01:41", "2566*105", False),
    ]
    assert sorted(log(there)) == sorted(expected)
    assert log(there, page=2, per_page=4) == log(there)[4:]
    assert log(there, order="desc") == log(there)[::-1]
    assert log(there, end_datetime="2026-03-01 12:01:29") == expected[:1]
    state = there.state()
    there.put("/_mockpbx/state", json=state)
    assert there.state() == state


@pytest.mark.fact("REC-7", "GEN-10")
def test_without_a_time(there: Caller) -> None:
    """The time is mandatory."""
    text = "start_datetime: is required; end_datetime: is required"
    assert answered(there.get(LIST)) == (400, {"message": text})
