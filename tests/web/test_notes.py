"""Notes: habits that the mock serves and a real operator may punish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..conftest import API, Caller
from .walk import NOON, caller

GZIP = {"Accept-Encoding": "gzip"}
APP = {"client_id": "app", "client_secret": "secret"}
PHONE = "PUT /api/ver1.0/extension/{extension_id}/phone/"
BUNDLE = "POST /api/ver1.0/client/{client_id}/extensions_bundle/{extension_id}"


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    """The office at noon, with nothing noted yet."""
    found = caller(make_caller)
    assert found.world.now() == NOON
    found.world.notes.clear()
    return found


def note(rule: str, message: str, request: str, count: int = 1) -> dict[str, Any]:
    """A note that was taken at noon."""
    moment = "2026-03-01 12:00:00.000000"
    return {
        "rule": rule,
        "message": message,
        "count": count,
        "first_at": moment,
        "last_at": moment,
        "request": request,
    }


def notes(there: Caller) -> Any:
    """The notes as the control API lists them."""
    answer = there.get("/_mockpbx/notes")
    assert answer.status_code == 200
    return answer.json


@pytest.mark.fact("GEN-13")
def test_nothing_is_noted(there: Caller) -> None:
    """A request as the documentation wants it deserves no note."""
    there.put("/extension/85218/phone/", json={"label": "a"}, headers=GZIP)
    there.get("/client/2566/extension/85218", headers=GZIP)
    assert notes(there) == {"notes": []}


@pytest.mark.fact("GEN-13")
@pytest.mark.parametrize("offer", [{}, {"Accept-Encoding": "deflate"}])
def test_no_gzip(there: Caller, offer: dict[str, str]) -> None:
    """A request that does not offer gzip is noted."""
    there.get("/client/2566/extension/85218", headers=offer)
    text = "no `Accept-Encoding: gzip`, which the documentation makes obligatory"
    request = "GET /api/ver1.0/client/{client_id}/extension/{extension_id}"
    assert notes(there) == {"notes": [note("GEN-13", text, request)]}


@pytest.mark.fact("AUT-12")
def test_a_needless_token(there: Caller) -> None:
    """Asking for a token although the application has a valid one is noted."""
    body = {"grant_type": "client_credentials", **APP}
    assert there.post("/oauth/token", data=body, headers=GZIP).status_code == 200
    text = "a new token although the old one is valid"
    assert notes(there) == {"notes": [note("AUT-12", text, "POST /oauth/token")]}


@pytest.mark.fact("AUT-12")
def test_a_needed_token(there: Caller) -> None:
    """Asking for a token once the old one has expired is not noted."""
    there.world.clock.advance(3600)
    body = {"grant_type": "client_credentials", **APP}
    assert there.post("/oauth/token", data=body, headers=GZIP).status_code == 200
    assert notes(there) == {"notes": []}


@pytest.mark.fact("GEN-2")
@pytest.mark.parametrize(
    ("path", "request_"),
    [
        ("/extension/85218/phone", "GET /api/ver1.0/extension/{extension_id}/phone/"),
        (
            "/client/2566/extension/85218/",
            "GET /api/ver1.0/client/{client_id}/extension/{extension_id}",
        ),
    ],
)
def test_the_wrong_slash(there: Caller, path: str, request_: str) -> None:
    """A list without its slash, and an item with one, is noted with the documented path."""
    there.get(path, headers=GZIP)
    text = f"called with the wrong slash: the path is {request_}"
    assert notes(there) == {"notes": [note("GEN-2", text, request_)]}


@pytest.mark.fact("GEN-4")
def test_no_content_type(there: Caller) -> None:
    """A JSON body without a content type is noted."""
    there.put("/extension/85218/phone/", data=b"{}", headers=GZIP)
    text = f"{PHONE} without `Content-Type: application/json`"
    assert notes(there) == {"notes": [note("GEN-4", text, PHONE)]}


@pytest.mark.fact("GEN-15")
def test_unknown_fields(there: Caller) -> None:
    """Body fields that are not documented are noted by name."""
    there.put("/extension/85218/phone/", json={"zeta": 1, "Label": "a"}, headers=GZIP)
    text = f"{PHONE} with unknown fields: Label, zeta"
    assert notes(there) == {"notes": [note("GEN-15", text, PHONE)]}


@pytest.mark.fact("BND-3")
def test_the_tables_name_of_a_bundle(there: Caller) -> None:
    """A bundle's list under the name of the documentation's table is noted."""
    path = "/client/2566/extensions_bundle/85218"
    there.post(path, json={"extension_id": [85226]}, headers=GZIP)
    text = "the list was sent under the table's name extension_id"
    assert notes(there) == {"notes": [note("BND-3", text, BUNDLE)]}


def test_a_failure_repeated_at_once(there: Caller) -> None:
    """The same refused request twice within a second is noted."""
    for _ in range(2):
        there.get("/client/2566/extension/999", headers=GZIP)
    failed = "GET /api/ver1.0/client/2566/extension/999 repeated at once after 404"
    label = "GET /api/ver1.0/client/{client_id}/extension/{extension_id}"
    assert notes(there) == {"notes": [note("GEN-17", failed, label)]}


@pytest.mark.parametrize(
    ("first", "seconds", "second"),
    [
        ("/extension/999/phone/", 1, "/extension/999/phone/"),
        ("/extension/999/phone/", 0, "/extension/998/phone/"),
        ("/extension/999/phone/", 0, "/extension/999/phone/?x=1"),
        ("/client/2566/extension/85218", 0, "/client/2566/extension/85218"),
    ],
    ids=["later", "other-path", "other-query", "no-failure"],
)
def test_no_failure_repeated_at_once(there: Caller, first: str, seconds: int, second: str) -> None:
    """A refused request after a second, another one, or a served one twice is not noted."""
    there.get(first, headers=GZIP)
    there.world.clock.advance(seconds)
    there.get(second, headers=GZIP)
    assert notes(there) == {"notes": []}


def test_a_list_polled_too_often(there: Caller) -> None:
    """Reading a list twice within a second is noted."""
    there.get("/extension/85218/event/", headers=GZIP)
    there.world.clock.advance(0.999)
    there.get("/extension/85218/event/", headers=GZIP)
    label = "GET /api/ver1.0/extension/{extension_id}/event/"
    text = f"{label} polled more often than once a second"
    moment = "2026-03-01 12:00:00.999000"
    expected = {**note("GEN-17", text, label), "first_at": moment, "last_at": moment}
    assert notes(there) == {"notes": [expected]}


@pytest.mark.parametrize(
    ("first", "seconds", "second"),
    [
        ("/extension/85218/event/", 1, "/extension/85218/event/"),
        ("/extension/85218/event/", 0, "/extension/85219/event/"),
        ("/client/2566/extension/?page=1", 0, "/client/2566/extension/?page=2"),
    ],
    ids=["later", "other-list", "other-page"],
)
def test_a_list_polled_seldom(there: Caller, first: str, seconds: int, second: str) -> None:
    """Reading a list again after a second, another list, or its next page is not noted."""
    there.get(first, headers=GZIP)
    there.world.clock.advance(seconds)
    there.get(second, headers=GZIP)
    assert notes(there) == {"notes": []}


@pytest.mark.fact("GEN-13")
def test_a_note_counts(there: Caller) -> None:
    """A habit seen again is one note with its count, its first and last time and last request."""
    there.get("/user/")
    there.world.clock.advance(60)
    there.get("/client/2566/client/")
    text = "no `Accept-Encoding: gzip`, which the documentation makes obligatory"
    expected = note("GEN-13", text, "GET /api/ver1.0/client/{client_id}/client/", count=2)
    assert notes(there) == {"notes": [expected | {"last_at": "2026-03-01 12:01:00.000000"}]}


@pytest.mark.fact("GEN-2", "GEN-13")
def test_an_entry_of_the_journal_names_its_notes(there: Caller) -> None:
    """The journal's entry of a request names the rules of its notes."""
    there.world.journal.clear()
    there.get("/extension/85218/phone")
    (entry,) = there.world.journal
    assert [rule for rule, _ in entry.remarks] == ["GEN-13", "GEN-2"]


def test_the_control_api_is_not_noted(there: Caller) -> None:
    """A request to the control API deserves no note."""
    there.get("/_mockpbx/state")
    assert notes(there) == {"notes": []}


def test_notes_are_bounded(there: Caller) -> None:
    """A thousand notes are kept; the oldest go."""
    for number in range(1001):
        body = {f"field{number}": 1}
        there.put("/extension/85218/phone/", json=body, headers=GZIP)
    kept = [one["message"] for one in there.world.notes]
    assert kept == [f"{PHONE} with unknown fields: field{number}" for number in range(1, 1001)]


def test_an_unknown_path_is_noted_by_itself(there: Caller) -> None:
    """A note on a request that no operation serves names its path."""
    there.get("/none")
    text = "no `Accept-Encoding: gzip`, which the documentation makes obligatory"
    assert notes(there) == {"notes": [note("GEN-13", text, f"{API}/none")]}
