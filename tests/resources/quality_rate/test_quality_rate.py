"""How those who talked rated their calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered, json_of
from tests.company import company
from tests.conftest import Caller

LIST = "/client/@me/quality_rate/"
DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}
RATES = [
    {"extension_id": 101, "call_uuid": "ab" * 16, "at": "2026-03-01 10:00:00", "rate": 4},
    {
        "extension_id": 102,
        "call_uuid": "cd" * 16,
        "at": "2026-03-01 11:00:00",
        "rate": 9,
        "max_rate": 10,
    },
    {"extension_id": 102, "call_uuid": "ef" * 16, "at": "2026-03-02 00:00:00", "rate": 1},
]


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    return make_caller(company(quality_rates=RATES), freeze=True)


@pytest.mark.fact("REC-7", "GEN-14")
def test_ratings(there: Caller) -> None:
    """The ratings of a time are listed, the newest first, page by page."""
    found = json_of(there.get(LIST, query_string=DAY))
    assert [one.pop("id") for one in found] == [2, 1]
    assert found == [
        {
            "client_id": 10,
            "extension_id": 102,
            "call_uuid": "CD" * 16,
            "datetime": "2026-03-01 11:00:00",
            "rate": 9,
            "max_rate": 10,
        },
        {
            "client_id": 10,
            "extension_id": 101,
            "call_uuid": "AB" * 16,
            "datetime": "2026-03-01 10:00:00",
            "rate": 4,
            "max_rate": 5,
        },
    ]
    page: dict[str, Any] = {**DAY, "order": "asc", "per_page": 1}
    assert [one["rate"] for one in json_of(there.get(LIST, query_string=page))] == [4]
    state = there.state()
    there.put("/_mockpbx/state", json=state)
    assert there.state() == state


@pytest.mark.fact("REC-7", "GEN-10")
def test_without_a_time(there: Caller) -> None:
    """The time is mandatory."""
    text = "start_datetime: is required; end_datetime: is required"
    assert answered(there.get(LIST)) == (400, {"message": text})
