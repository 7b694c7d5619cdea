"""Text messages that phones sent and got."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.answers import answered, json_of
from tests.conftest import Caller
from tests.handles import pbx_of

PATH = "/extension/@101/message/"


@pytest.mark.fact("MSG-1", "GEN-14")
def test_messages(office: Caller) -> None:
    """A phone's messages are listed, the newest first, page by page or the other way round."""
    office.world.clock.move_to(datetime(2026, 3, 1, 12))
    pbx_of(office.world).message("+79161112233", "101", "one")
    office.world.advance(60)
    pbx_of(office.world).message("101", "102", "two")
    found = json_of(office.get(PATH))
    assert [one.pop("id") for one in found] == [2, 1]
    assert found == [
        {
            "extension_id": 85218,
            "flow": "out",
            "from_number": "2566*101",
            "to_number": "2566*102",
            "text": "two",
            "datetime": "2026-03-01 12:01:00",
        },
        {
            "extension_id": 85218,
            "flow": "in",
            "from_number": "+79161112233",
            "to_number": "2566*101",
            "text": "one",
            "datetime": "2026-03-01 12:00:00",
        },
    ]
    texts = [
        [one["text"] for one in json_of(office.get(PATH, query_string=query))]
        for query in ({"order": "asc"}, {"page": 2, "per_page": 1})
    ]
    assert texts == [["one", "two"], ["one"]]
    (other,) = json_of(office.get("/extension/@102/message/"))
    assert (other["flow"], other["text"]) == ("in", "two")
    state = office.state()
    office.put("/_mockpbx/state", json=state)
    assert office.state() == state
    assert [one["id"] for one in json_of(office.get(PATH))] == [2, 1]


@pytest.mark.fact("MSG-1")
def test_bad_requests(office: Caller) -> None:
    """A queue has no messages, and an order has two words."""
    assert answered(office.get("/extension/96857/message/")) == (404, {"message": "Not found"})
    text = "order: must be one of asc, desc"
    assert answered(office.get(f"{PATH}?order=up")) == (400, {"message": text})


@pytest.mark.fact("MSG-1")
def test_too_many(make_caller) -> None:  # type: ignore[no-untyped-def]
    """The oldest message goes when there are more than a world remembers."""
    there = make_caller("office", freeze=True, journal_limit=2)
    for text in ("one", "two", "three"):
        pbx_of(there.world).message("+79161112233", "101", text)
    assert [one["text"] for one in json_of(there.get(PATH))] == ["three", "two"]
