"""The list of a client's extensions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller

LIST = "/client/2566/extension/"

PHONES = [*range(85218, 85228)]
ALL = [*PHONES, 96856, 96857]


def _ids(caller: Caller, query: str = "") -> list[int]:
    answer = caller.get(LIST + query)
    assert answer.status_code == 200
    return [extension["id"] for extension in json_of(answer)]


@pytest.mark.fact("EXT-1", "EXT-2")
def test_a_row_is_the_item(office: Caller) -> None:
    """Every row of the list is what GET of that extension answers."""
    items = [json_of(office.get(f"{LIST}{number}")) for number in ALL]
    assert answered(office.get(LIST)) == (200, items)


@pytest.mark.fact("EXT-1")
def test_only_the_clients_own_are_listed(documented: Caller) -> None:
    """Extensions of another client are not in the list."""
    rows = json_of(documented.get("/client/801/extension/"))
    expected = [2, 3, 54, 124, 175, 200, 29196, 31456, 32486, 32767]
    assert [row["id"] for row in rows] == expected


@pytest.mark.fact("EXT-1")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?type=phone", PHONES),
        ("?type=ivr", [96856]),
        ("?type=queue", [96857]),
        ("?type=fax", []),
        ("?status=active", ALL),
        ("?status=blocked", []),
        ("?name=102", [85219]),
        ("?name=2566*102", [85219]),
        ("?name=2566%2A102", [85219]),
        ("?name=10", []),
        ("?name=000*054", []),
        ("?name=099&type=ivr", [96856]),
        ("?name=099&type=phone", []),
        ("?name=&type=&status=&page=", ALL),
        ("?label=Menu", ALL),
    ],
)
def test_the_list_is_filtered(office: Caller, query: str, ids: list[int]) -> None:
    """name, type and status choose rows, together when several are given; nothing else does."""
    assert _ids(office, query) == ids


@pytest.mark.fact("EXT-1")
def test_blocked_extensions_are_found_by_status(office: Caller) -> None:
    """The filter status follows the present status."""
    office.put(f"{LIST}85219", json={"status": "blocked"})
    assert _ids(office, "?status=blocked") == [85219]


@pytest.mark.fact("EXT-1")
def test_a_name_of_another_client_is_not_found(documented: Caller) -> None:
    """The filter name does not reach another client's extensions."""
    assert answered(documented.get("/client/801/extension/?name=000*300")) == (200, [])


@pytest.mark.fact("EXT-1", "GEN-14")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?per_page=5", ALL[:5]),
        ("?per_page=5&page=2", ALL[5:10]),
        ("?per_page=5&page=3", ALL[10:]),
        ("?per_page=5&page=4", []),
        ("?page=2", []),
        ("?per_page=4&page=3&type=phone", PHONES[8:]),
        ("?per_page=5&page=3&type=phone", []),
    ],
)
def test_the_list_comes_in_pages(office: Caller, query: str, ids: list[int]) -> None:
    """Pages count from 1, with a filter or without; past the end there is an empty list."""
    assert _ids(office, query) == ids


@pytest.mark.fact("EXT-1", "GEN-14")
@pytest.mark.parametrize(
    ("query", "message", "rule", "basis"),
    [
        (
            "?type=trunk",
            "type: must be one of phone, queue, ivr, fax",
            "EXT-1",
            "doc, observed",
        ),
        ("?status=paused", "status: must be one of active, blocked", "EXT-1", "doc, observed"),
        ("?per_page=ten", "per_page: must be an integer", "GEN-14", "doc, observed, assumed"),
    ],
)
def test_a_filter_that_cannot_match_is_refused(
    office: Caller, query: str, message: str, rule: str, basis: str
) -> None:
    """A word that no extension can have, or a page that cannot be, is a 400."""
    assert refused(office.get(LIST + query)) == (400, {"message": message}, rule, basis)


@pytest.mark.fact("EXT-1")
def test_added_and_deleted_extensions_are_followed(office: Caller) -> None:
    """The list shows a new extension last and a deleted one no more."""
    new: Any = json_of(office.post(LIST, json={"name": "200", "type": "fax"}))
    office.delete(f"{LIST}85218")
    assert _ids(office) == [*ALL[1:], new["id"]]
