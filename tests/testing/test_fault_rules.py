"""Requests that go wrong, in process and over a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any

import pytest

from mockpbx import InvalidError, MockPBX
from tests import shared

USER = "/api/ver1.0/user/"
EVENTS = "/api/ver1.0/extension/102/event/"


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx(freeze=True) as made:
        yield made


def get(pbx: MockPBX, path: str = USER) -> Any:
    headers = {"Authorization": f"Bearer {pbx.token()}"}
    return pbx.app.test_client().get(path, headers=headers)


def test_a_status(pbx: MockPBX) -> None:
    """A request that is answered with a status was not done, needs no token, and says why."""
    fault = pbx.faults.add("POST /extension/{id}/event/", status=502, times=1)
    body = {"url": "https://crm.example.com/", "method": "POST", "event_type": "hangup"}
    path = f"/api/ver1.0/extension/{pbx.extension('102').id}/event/"
    answer = pbx.app.test_client().post(path, json=body)
    assert (answer.status, answer.json) == ("502 Bad Gateway", {"message": "Bad Gateway"})
    assert answer.headers["X-Mockpbx-Reason"] == "a fault rule"
    assert "X-Mockpbx-Rule" not in answer.headers
    assert (fault.fired, fault.left, str(fault)) == (1, 0, "status 502")
    assert get(pbx, path).json == []
    assert [(one.status, one.fault) for one in pbx.requests] == [
        (502, "status 502"),
        (200, None),
    ]


@pytest.mark.parametrize(
    ("body", "data", "kind"),
    [
        ({"error": [1]}, b'{"error": [1]}', "application/json"),
        ("down for an hour", b"down for an hour", "text/plain; charset=utf-8"),
        ("", b"", "text/plain; charset=utf-8"),
    ],
)
def test_a_body_of_its_own(pbx: MockPBX, body: Any, data: bytes, kind: str) -> None:
    """A text is answered as it is, anything else as JSON, beside the headers that are given."""
    pbx.faults.add("GET /user/", status=503, body=body, headers={"Retry-After": "5", "X-A": "b"})
    answer = get(pbx)
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (503, data, kind)
    assert (answer.headers["Retry-After"], answer.headers["X-A"]) == ("5", "b")


def test_headers_win(pbx: MockPBX) -> None:
    """A header that is given stands there once, in place of the answer's own."""
    headers = {"Content-Type": "text/html", "X-RateLimit-Remaining": "7"}
    pbx.faults.add("GET /user/", status=503, body="<p>", headers=headers)
    answer = get(pbx)
    assert [answer.headers.getlist(name) for name in headers] == [["text/html"], ["7"]]


def test_the_429_of_the_limit(pbx: MockPBX) -> None:
    """A 429 says what the limit says: the same body, with nothing that remains."""
    pbx.settings.rate_limits = True
    session = pbx.session()
    session.headers["Authorization"] = f"Bearer {pbx.token()}"
    answers = [session.get(f"{pbx.api_url}/user/") for _ in range(1001)]
    limit = answers[-1]
    pbx.reset()
    session.headers["Authorization"] = f"Bearer {pbx.token()}"
    pbx.faults.add("GET /user/", status=429)
    fault = session.get(f"{pbx.api_url}/user/")
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "Content-Type")
    assert (limit.status_code, limit.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert (fault.status_code, fault.json()) == (429, limit.json())
    assert [fault.headers[name] for name in names] == [limit.headers[name] for name in names]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"drop": True, "body": "x"}, "body: needs a status"),
        ({"latency": 1, "headers": {"X-A": "b"}}, "headers: need a status"),
        ({"status": 500, "headers": {"X A": "b"}}, "headers.X A: is no name of a header"),
        ({"status": 500, "headers": {"X-A": "b\r\nc"}}, "headers.X-A: must be printable ASCII"),
        (
            {"status": 500, "headers": {"Content-Length": "1"}},
            "headers.Content-Length: is what the",
        ),
        ({"status": 500, "headers": {"X-A": 5}}, "headers.X-A"),
        ({"status": 500, "headers": "x"}, "headers: "),
    ],
)
def test_answers_that_cannot_be(pbx: MockPBX, fields: dict[str, Any], text: str) -> None:
    """A body or header that no answer could have is refused by its name."""
    with pytest.raises(InvalidError) as caught:
        pbx.faults.add("GET /user/", **fields)
    assert str(caught.value).startswith(text)
    assert len(pbx.faults) == 0


def test_a_malformed_answer(pbx: MockPBX) -> None:
    """A malformed answer is the first half of the right one; the request was done."""
    whole = get(pbx).data
    pbx.faults.add("GET /user/", malformed=True)
    answer = get(pbx)
    assert (answer.status_code, answer.data) == (200, whole[: len(whole) // 2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.data)


def test_first_rules_first(pbx: MockPBX) -> None:
    """Of several rules the first that is for the request and not used up hits it."""
    pbx.faults.add("GET /user/", status=500, times=2)
    pbx.faults.add(status=501, times=1)
    pbx.faults.add("GET /oauth/authorize", status=502)
    assert [get(pbx).status_code for _ in range(4)] == [500, 500, 501, 200]
    assert [(fault.operation, fault.fired) for fault in pbx.faults] == [
        ("GET /user/", 2),
        ("*", 1),
        ("GET /oauth/authorize", 0),
    ]
    assert len(pbx.faults) == 3
    pbx.faults.clear()
    assert list(pbx.faults) == []


def test_an_unknown_path(pbx: MockPBX) -> None:
    """A rule for every request hits those to unknown paths, but none of the control API."""
    pbx.faults.add(status=503)
    assert get(pbx, "/api/ver1.0/nothing/").status_code == 503
    assert get(pbx, "/_mockpbx/health").status_code == 200


@pytest.mark.parametrize("seed", [0, 1])
def test_probability(pbx: MockPBX, seed: int) -> None:
    """With a probability the seed decides which requests are hit: the same in each run."""

    def run() -> list[int]:
        pbx.faults.clear()
        pbx.faults.add(status=500, probability=0.5, seed=seed)
        return [get(pbx).status_code for _ in range(20)]

    first = run()
    assert first == run()
    assert set(first) == {200, 500}


def test_two_seeds(pbx: MockPBX) -> None:
    """Another seed hits other requests."""
    found = []
    for seed in (0, 1):
        pbx.faults.clear()
        pbx.faults.add(status=500, probability=0.5, seed=seed)
        found.append([get(pbx).status_code for _ in range(20)])
    assert found[0] != found[1]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "status: is needed, or drop, reset, malformed or latency"),
        ({"status": 200}, "status: must be an integer from 400 to 599"),
        ({"status": 499}, "status: must be one of HTTP, from 400 to 599"),
        ({"drop": True, "malformed": True}, "drop: closes the connection, so there is neither"),
        ({"latency": -1}, "latency: must be a number of seconds, from 0 to 3600"),
        ({"drop": True, "reset": True}, "drop: closes the connection, so there is neither status"),
        ({"reset": True, "status": 503}, "reset: ends the connection, so there is neither status"),
        ({"drop": True, "times": 0}, "times: must be an integer from 1 to 4294967295"),
        ({"drop": True, "probability": 1.5}, "probability: must be above 0 and at most 1"),
        ({"drop": 1}, "drop: must be a boolean"),
        ({"status": "503"}, "status: must be an integer"),
        ({"status": True}, "status: must be an integer"),
        ({"latency": "x"}, "latency: must be a number"),
        ({"drop": True, "times": "x"}, "times: must be an integer"),
        ({"drop": True, "probability": "x"}, "probability: must be a number"),
        ({"drop": True, "operation": 1}, "operation: must be a string"),
    ],
)
def test_rules_that_cannot_be(pbx: MockPBX, fields: dict[str, Any], text: str) -> None:
    """A rule that could never happen is refused, and none is added."""
    with pytest.raises(ValueError, match=text):
        pbx.faults.add(**fields)
    assert len(pbx.faults) == 0


def test_an_operation_that_is_not_documented(pbx: MockPBX) -> None:
    """A misspelt operation is refused with the nearest."""
    with pytest.raises(LookupError, match="GET /usr/ is not documented; the nearest is /user/"):
        pbx.faults.add("GET /usr/", drop=True)


def test_over_a_socket(pbx: MockPBX) -> None:
    """Over a socket a dropped connection ends without a byte, and the next request is served."""
    connection = HTTPConnection(pbx.url.removeprefix("http://"), timeout=30)
    pbx.faults.add(drop=True, times=1)
    connection.request("GET", USER)
    with pytest.raises(RemoteDisconnected):
        connection.getresponse()
    connection.request("GET", USER)
    assert connection.getresponse().status == 401
    connection.close()


def test_a_reset_over_a_socket(pbx: MockPBX) -> None:
    """A connection that is reset ends with the system's own error, and the request is not done."""
    connection = HTTPConnection(pbx.url.removeprefix("http://"), timeout=30)
    rule = pbx.faults.add(reset=True, times=1)
    connection.request("POST", "/oauth/token")
    with pytest.raises(ConnectionResetError) as raised:
        connection.getresponse()
    connection.close()
    assert raised.type is ConnectionResetError
    assert (str(rule), [one.status for one in pbx.requests]) == ("reset", [0])


def test_a_late_answer_over_a_socket(pbx: MockPBX) -> None:
    """A late answer holds up nobody else, and arrives at once when the rules are cleared."""
    pbx.faults.add("GET /user/", latency=600)
    address = pbx.url.removeprefix("http://")
    seen: list[int] = []

    def ask() -> None:
        connection = HTTPConnection(address, timeout=300)
        connection.request("GET", USER)
        seen.append(connection.getresponse().status)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    pbx.wait_for_request("GET", "/user/", timeout=30)
    assert get(pbx, EVENTS).status_code == 404
    assert seen == []
    pbx.faults.clear()
    thread.join(30)
    assert seen == [401]


def test_latency_is_real_time(pbx: MockPBX, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is late by real time; the PBX's own clock stands where it stood."""
    waits: list[float | None] = []
    monkeypatch.setattr(threading.Event, "wait", lambda self, timeout=None: waits.append(timeout))
    pbx.faults.add(latency=0.05)
    before = pbx.clock.now()
    assert get(pbx).status_code == 200
    assert 0.05 in waits
    assert pbx.clock.now() == before
    assert [one.fault for one in pbx.requests] == ["0.05 s late"]


def test_reset_ends_faults(pbx: MockPBX) -> None:
    """A reset ends all rules, and a snapshot does not keep them."""
    kept = pbx.snapshot()
    pbx.faults.add(status=500)
    pbx.restore(kept)
    assert len(pbx.faults) == 1
    pbx.reset()
    assert len(pbx.faults) == 0
