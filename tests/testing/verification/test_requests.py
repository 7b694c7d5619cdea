"""Whether requests came, and what a failure says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import ANY

import freezegun
import pytest

from mockpbx import MockPBX
from mockpbx.core.clock import stamp_us
from tests import shared

EVENTS = "/extension/{id}/event/"
EVENT = {"url": "https://crm.example.com/?id=1", "method": "POST", "event_type": "dial-in"}
CHOICE = "dial-in, dial-out, hangup, answer, message-in, message-out, voicemail"


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx(freeze=True) as made:
        yield made


def ask(pbx: MockPBX, method: str, path: str, **options: Any) -> int:
    """A request below the API, with a token."""
    headers = {"Authorization": f"Bearer {pbx.token()}", "User-Agent": "crm/1.0"}
    path = path if path.startswith("/oauth") else f"/api/ver1.0{path}"
    return (
        pbx.session()
        .request(method, f"{pbx.TEST_URL}{path}", headers=headers, **options)
        .status_code
    )


def failure(pbx: MockPBX, *asked: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        pbx.assert_requested(*asked, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        EVENTS,
        "/extension/{extension_id}/event",
        "/api/ver1.0/extension/{id}/event/",
        "/extension/@102/event/",
        "//extension//@102//event//",
    ],
)
def test_ways_to_write_a_path(pbx: MockPBX, path: str) -> None:
    """A path is that of the documentation, whatever its parameters are called, or the request's."""
    ask(pbx, "POST", "/extension/@102/event/", json=EVENT)
    pbx.assert_requested("POST", path, times=1)
    pbx.assert_requested("post", path)
    pbx.assert_requested("*", path)


def test_another_resource_is_not_meant(pbx: MockPBX) -> None:
    """A parameter stands for one part of a path, and never for a documented word."""
    ask(pbx, "GET", "/extension/registration/")
    ask(pbx, "GET", "/client/@me/call_history/" + "a" * 32)
    pbx.assert_not_requested("GET", "/client/{id}/extension/{id}")
    pbx.assert_requested("GET", "/client/{id}/call_history/{call_uuid}")
    pbx.assert_not_requested("GET", "/client/{id}/call_history/")


def test_how_often(pbx: MockPBX) -> None:
    """`times` is exact, `at_least` a least, and once or more is enough without them."""
    pbx.assert_requested("GET", "/user/", times=0)
    for _ in range(3):
        ask(pbx, "GET", "/user/")
    pbx.assert_requested("GET", "/user/")
    pbx.assert_requested("GET", "/user/", times=3)
    pbx.assert_requested("GET", "/user/", at_least=2)
    line = "GET /api/ver1.0/user/ -> 200"
    assert failure(pbx, "GET", "/user/", times=2) == (
        "GET /user/ was requested 3 times, not twice\n"
        f"Requested:\n  #1 {line}\n  #2 {line}\n  #3 {line}"
    )
    assert failure(pbx, "GET", "/user/", at_least=4) == (
        "GET /user/ was requested 3 times, not at least 4 times\n"
        f"Requested:\n  #1 {line}\n  #2 {line}\n  #3 {line}"
    )
    with pytest.raises(AssertionError, match="GET /user/ was requested 3 times, not never"):
        pbx.assert_not_requested("GET", "/user/")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"times": 1, "at_least": 1}, "times and at_least: only one of them"),
        ({"times": -1}, "times: must be 0 or more"),
        ({"at_least": -1}, "at_least: must be 0 or more"),
    ],
)
def test_impossible_counts(pbx: MockPBX, options: dict[str, int], text: str) -> None:
    """A count that contradicts itself is refused."""
    with pytest.raises(ValueError, match=text):
        pbx.assert_requested("GET", "/user/", **options)


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        (
            "POST",
            "/extension/{id}/events/",
            "POST /extension/{id}/events/ is not documented; the nearest is "
            "/extension/{extension_id}/event/",
        ),
        ("GET", "/usr", "GET /usr is not documented; the nearest is /user/"),
        ("PATCH", "/user/", "PATCH /user/ is not documented; that path has GET"),
        ("GET", "/_mockpbx/health", "GET /_mockpbx/health is not documented; the nearest is "),
    ],
)
def test_a_path_that_is_not_documented(pbx: MockPBX, method: str, path: str, text: str) -> None:
    """A slip of the pen does not pass for a request that never came."""
    with pytest.raises(LookupError) as caught:
        pbx.assert_not_requested(method, path)
    assert str(caught.value).startswith(text)


def test_an_unknown_word(pbx: MockPBX) -> None:
    """A misspelt argument is refused, not ignored."""
    with pytest.raises(TypeError, match="jsn: nothing that can be asked of a request"):
        pbx.assert_requested("GET", "/user/", jsn={})


def test_the_whole_body(pbx: MockPBX) -> None:
    """`json` is the whole body; values of any kind compare as they do in Python, but for bools."""
    ask(pbx, "POST", "/extension/102/event/", json=EVENT)
    ask(pbx, "PUT", "/extension/@102/phone/", json={"hangup_timeout": 1, "a": [1, {"b": None}]})
    pbx.assert_requested("POST", EVENTS, json=EVENT)
    pbx.assert_requested("POST", EVENTS, json={**EVENT, "url": ANY})
    body = {"hangup_timeout": 1, "a": [1, {"b": None}]}
    pbx.assert_requested("PUT", "/extension/{id}/phone/", json=body)
    pbx.assert_not_requested("PUT", "/extension/{id}/phone/", json={**body, "hangup_timeout": True})
    pbx.assert_not_requested("PUT", "/extension/{id}/phone/", json={"hangup_timeout": 1})
    pbx.assert_not_requested("POST", EVENTS, json=None)


def test_the_query_and_headers(pbx: MockPBX) -> None:
    """`query` and `headers` are among others; a number is its text, and a name has its forms."""
    ask(pbx, "GET", "/client/@me/extension/?type=phone&page=2&x[]=a&x[]=b&on=true")
    path = "/client/{id}/extension/"
    pbx.assert_requested("GET", path, query={"type": "phone"}, headers={"user-agent": "crm/1.0"})
    pbx.assert_requested("GET", path, query={"page": 2, "x": ["a", "b"], "on": True, "type": ANY})
    pbx.assert_requested("GET", path, query={"x": ANY})
    pbx.assert_not_requested("GET", path, query={"x": "a"})
    pbx.assert_not_requested("GET", path, query={"page": 1})
    pbx.assert_not_requested("GET", path, query={"x": ["b", "a"]})
    pbx.assert_not_requested("GET", path, query={"per_page": ANY})
    pbx.assert_not_requested("GET", path, headers={"X-Other": ANY})


def test_the_whole_form(pbx: MockPBX) -> None:
    """`form` is the whole body of a form."""
    form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
    ask(pbx, "POST", "/oauth/token", data=form)
    pbx.assert_requested("POST", "/oauth/token", form=form)
    pbx.assert_requested("POST", "/oauth/token", form={**form, "client_secret": ANY})
    pbx.assert_not_requested("POST", "/oauth/token", form={"grant_type": "client_credentials"})


def test_nothing_came(pbx: MockPBX) -> None:
    """Without any request the failure says so."""
    assert failure(pbx, "GET", "/user/") == (
        "GET /user/ was requested never, not at least once\nThere was no request at all."
    )


def test_the_nearest_requests(pbx: MockPBX) -> None:
    """A failure shows what was asked for, and of the three nearest requests what differed."""
    ask(pbx, "GET", "/user/")
    ask(pbx, "GET", "/extension/@102/event/")
    ask(pbx, "POST", "/extension/@102/event/", json={**EVENT, "event_type": "ring", "more": [1]})
    ask(pbx, "POST", "/extension/@103/event/?a=1", json=EVENT)
    wanted = {**EVENT, "event_type": "hangup"}
    found = failure(pbx, "POST", EVENTS, json=wanted, query={"a": 2}, headers={"X-A": "1"})
    assert found == (
        "POST /extension/{id}/event/ was requested never, not at least once\n"
        "  with query: {'a': 2}\n"
        "  with json: {'url': 'https://crm.example.com/?id=1', 'method': 'POST', "
        "'event_type': 'hangup'}\n"
        "  with header X-A: '1'\n"
        "The nearest of 4 requests:\n"
        "  #4 POST /api/ver1.0/extension/@103/event/?a=1 -> 201\n"
        "     query.a: '1', not 2\n"
        "     json.event_type: 'dial-in', not 'hangup'\n"
        "     header X-A: is missing\n"
        '     body: {"url": "https://crm.example.com/?id=1", "method": "POST", '
        '"event_type": "dial-in"}\n'
        "  #3 POST /api/ver1.0/extension/@102/event/ -> 400 EVT-4\n"
        "     query.a: is missing\n"
        "     json.event_type: 'ring', not 'hangup'\n"
        "     json.more: [1] is not expected\n"
        "     header X-A: is missing\n"
        '     body: {"url": "https://crm.example.com/?id=1", "method": "POST", '
        '"event_type": "ring", "more": [1]}\n'
        "  #2 GET /api/ver1.0/extension/@102/event/ -> 200\n"
        "     method: GET, not POST\n"
        "     query.a: is missing\n"
        "     json: the body is none\n"
        "     header X-A: is missing"
    )


def test_differences_within_json(pbx: MockPBX) -> None:
    """Each place of nested JSON that differs is named."""
    ask(pbx, "PUT", "/extension/@102/phone/", json={"bundle": {"bundle_list": [1, 2]}, "a": [1]})
    wanted = {"bundle": {"bundle_list": [1, 3]}, "a": [1, 2], "b": {}}
    text = failure(pbx, "PUT", "/extension/{id}/phone/", json=wanted)
    assert text.splitlines()[4:7] == [
        "     json.bundle.bundle_list[1]: 2, not 3",
        "     json.a: [1], not [1, 2]",
        "     json.b: is missing",
    ]


def test_secrets_are_masked(pbx: MockPBX) -> None:
    """Neither what was asked for nor what came shows a secret, in any part of a request."""
    form = {"grant_type": "password", "client_secret": "secret-1", "password": "secret-2"}
    ask(pbx, "POST", "/oauth/token?refresh_token=secret-3", data=form)
    body = {"password": "secret-4", "list": [{"token": "secret-5"}]}
    ask(pbx, "POST", "/extension/@102/event/", json=body)
    token = failure(
        pbx,
        "POST",
        "/oauth/token",
        query={"refresh_token": "secret-6"},
        form={**form, "client_secret": "secret-7", "code": "secret-8"},
        headers={"Authorization": "Bearer secret-9"},
    )
    wanted = {"password": "secret-10", "list": [{"token": "secret-11"}]}
    event = failure(pbx, "POST", EVENTS, json=wanted)
    assert "secret-" not in token + event
    assert pbx.requests[0].header("Authorization").partition(" ")[2] not in token + event
    assert "     form.client_secret: ***, not ***\n" in token
    assert "     body: grant_type=password&client_secret=***&password=***" in token
    assert "     header Authorization: 'Bearer ***', not 'Bearer ***'\n" in token
    assert '     body: {"password": "***", "list": [{"token": "***"}]}' in event


def test_forgotten_requests() -> None:
    """When the journal was too short for all requests, a failure says so."""
    with shared.pbx(journal_limit=1) as pbx:
        for _ in range(3):
            ask(pbx, "GET", "/user/")
        text = failure(pbx, "GET", "/user/", times=3)
    last = "The first 2 requests are forgotten (journal_limit, journal_bytes)."
    assert text.splitlines()[-1] == last


@pytest.mark.parametrize("frozen", [False, True])
def test_waiting(pbx: MockPBX, frozen: bool) -> None:
    """A request may still come; the wait is real time, whatever a freeze holds."""
    timer = threading.Timer(0.1, lambda: ask(pbx, "GET", "/user/"))
    with freezegun.freeze_time("2026-03-01") if frozen else freezegun.freeze_time(tick=True):
        timer.start()
        pbx.assert_requested("GET", "/user/", within=10)
        assert pbx.wait_for_request("GET", "/user/").path == "/api/ver1.0/user/"
        text = failure(pbx, "GET", "/client/{id}/limit", within=0.05)
    timer.join()
    assert text.startswith("GET /client/{id}/limit was requested never, not at least once")


def test_a_request_that_stays_away(pbx: MockPBX) -> None:
    """That something never comes is known at the end of the wait, or as soon as it comes."""
    pbx.assert_not_requested("GET", "/user/", within=0.05)
    timer = threading.Timer(0.05, lambda: ask(pbx, "GET", "/user/"))
    timer.start()
    with pytest.raises(AssertionError, match="was requested once, not never"):
        pbx.assert_not_requested("GET", "/user/", within=60)
    timer.join()


def test_waiting_in_vain(pbx: MockPBX) -> None:
    """Who waits for a request that does not come is told what came."""
    ask(pbx, "GET", "/user/")
    with pytest.raises(AssertionError) as caught:
        pbx.wait_for_request("GET", "/client/{id}/limit", timeout=0.01)
    assert str(caught.value) == (
        "GET /client/{id}/limit was requested never, not at least once\n"
        "The nearest of 1 request:\n"
        "  #1 GET /api/ver1.0/user/ -> 200\n"
        "     path: /api/ver1.0/user/\n"
        f"The clock stands at {stamp_us(pbx.clock.now())} (clock.run() lets it run); "
        "nothing is due."
    )


def test_a_request_that_a_fault_hit(pbx: MockPBX) -> None:
    """A request that went wrong was requested all the same, and is shown as such."""
    pbx.faults.add("GET /user/", status=503)
    ask(pbx, "GET", "/user/")
    pbx.assert_requested("GET", "/user/", times=1)
    assert failure(pbx, "GET", "/user/", times=2).splitlines()[-1] == (
        "  #1 GET /api/ver1.0/user/ -> 503 (fault: status 503)"
    )
