"""Time moves by the world's clock, or by the libraries that tests freeze time with.

Each test has a live server in a thread and a client that keeps one connection to it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from typing import Any

import pytest
import requests
import time_machine
from flask import Flask, request
from freezegun import freeze_time
from requests.adapters import HTTPAdapter

from mockpbx import Config, create_app
from mockpbx.core.clock import Clock
from mockpbx.server.socket import Server

from .conftest import API, DOCUMENTED_TOKEN

START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
TEN_YEARS_S = 3653 * 24 * 3600
SECRET = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}

#: Moves time on by so many seconds.
Advance = Callable[[float], None]
#: Stops time at that moment while the context lasts.
Travel = Callable[[datetime], AbstractContextManager[Any]]


class Client:
    """A program that keeps one connection to the server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def send(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Send one request: the answer's status and its JSON."""
        answer = self.session.request(method, self.url + path, timeout=30, **options)
        return answer.status_code, answer.json() if answer.content else None

    def token(self) -> str:
        status, body = self.send("POST", "/oauth/token", data=SECRET)
        assert status == 200, body
        return str(body["access_token"])

    def user(self, token: str) -> int:
        """Read the user with that token: the status."""
        return self.send("GET", f"{API}/user/", headers={"Authorization": f"Bearer {token}"})[0]

    def control(self, path: str, **body: Any) -> Any:
        return self.send("POST", f"/_mockpbx{path}", json=body)[1]

    def register(self, name: str = "110") -> None:
        """Register that extension for 700 seconds."""
        self.control("/registrations", extension=name, expires=700)

    def registrations(self, token: str, name: str = "110") -> tuple[bool, list[int]]:
        """Whether that extension is registered, and the seconds left of each registration."""
        headers = {"Authorization": f"Bearer {token}"}
        status, body = self.send("GET", f"{API}/extension/@{name}/registration/", headers=headers)
        assert status == 200, body
        return body["registered"], [one["expires"] for one in body["registrations"]]

    @property
    def connections(self) -> int:
        """How many connections it made to the server so far."""
        adapter = self.session.get_adapter(self.url)
        assert isinstance(adapter, HTTPAdapter)
        pools = adapter.poolmanager.pools
        return sum(pools[key].num_connections for key in pools.keys())  # noqa: SIM118


@contextmanager
def serving(app: Flask) -> Iterator[Client]:
    """A client of a server of that application, which needs no second connection."""
    with Server(app, port=0) as server:
        client = Client(server.url)
        yield client
        assert client.connections == 1


@contextmanager
def by_control() -> Iterator[tuple[Client, Advance]]:
    """Time moves by the control API."""
    with serving(create_app("office", Config(freeze=True))) as client:
        yield client, lambda seconds: client.control("/clock/advance", seconds=seconds)


@contextmanager
def by_freezegun() -> Iterator[tuple[Client, Advance]]:
    """Time moves by freezegun, which the test uses around a server that already runs."""
    with serving(create_app("office", Config())) as client, freeze_time(START) as frozen:

        def advance(seconds: float) -> None:
            frozen.tick(timedelta(seconds=seconds))

        yield client, advance


@contextmanager
def by_time_machine() -> Iterator[tuple[Client, Advance]]:
    """Time moves by time-machine, which the test uses around a server that already runs."""
    with (
        serving(create_app("office", Config())) as client,
        time_machine.travel(START, tick=False) as traveller,
    ):
        yield client, traveller.shift


@pytest.fixture(params=[by_control, by_freezegun, by_time_machine])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Client, Advance]]:
    """A client of a server, and what moves time."""
    with request.param() as pair:
        yield pair


@pytest.mark.fact("REG-6", "REG-7", "REG-8")
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, (True, [700])),
        (0.5, (True, [700])),
        (699.5, (True, [1])),
        (699.999999, (True, [1])),
        (700.0, (False, [0])),
        (TEN_YEARS_S, (False, [0])),
    ],
)
def test_registration_ends(
    served: tuple[Client, Advance], seconds: float, expected: tuple[bool, list[int]]
) -> None:
    """A registration of 700 seconds is active before its last moment, and then only listed."""
    client, advance = served
    client.register()
    advance(seconds)
    assert client.registrations(client.token()) == expected


@pytest.mark.fact("AUT-12", "ERR-1")
@pytest.mark.parametrize(
    ("seconds", "status"), [(0, 200), (3599.999999, 200), (3600, 401), (TEN_YEARS_S, 401)]
)
def test_token_ends(served: tuple[Client, Advance], seconds: float, status: int) -> None:
    """A token is valid for 3600 seconds and no longer."""
    client, advance = served
    token = client.token()
    advance(seconds)
    assert client.user(token) == status


@pytest.mark.fact("REG-7", "REG-8")
def test_registration_counts_down(served: tuple[Client, Advance]) -> None:
    """Each step of the clock is seen by the next request."""
    client, advance = served
    client.register()
    token = client.token()
    seen = []
    for _ in range(4):
        seen.append(client.registrations(token))
        advance(233.25)
    assert seen == [(True, [700]), (True, [467]), (True, [234]), (True, [1])]


def travels() -> list[Any]:
    return [
        pytest.param(lambda to: freeze_time(to), id="freezegun"),
        pytest.param(lambda to: time_machine.travel(to, tick=False), id="time-machine"),
    ]


@pytest.mark.parametrize("travel", travels())
@pytest.mark.fact("AUT-12")
def test_token_after_ten_years_and_back(travel: Travel) -> None:
    """Where time runs a token that expired within a freeze is valid again when that is left."""
    with serving(create_app("office", Config(freeze=False))) as client:
        token = client.token()
        with travel(datetime.now(timezone.utc) + timedelta(seconds=TEN_YEARS_S)):
            assert client.user(token) == 401
        assert client.user(token) == 200


@pytest.mark.parametrize("travel", travels())
@pytest.mark.fact("REG-8")
def test_registration_after_ten_years_and_back(travel: Travel) -> None:
    """Where time runs a registration lost within a freeze is there when that is left."""
    with serving(create_app("documented", Config(freeze=False))) as client:
        client.register("124")
        with travel(datetime.now(timezone.utc) + timedelta(seconds=TEN_YEARS_S)):
            assert client.registrations(DOCUMENTED_TOKEN, "124") == (False, [0])
        registered, [seconds_left] = client.registrations(DOCUMENTED_TOKEN, "124")
        assert registered
        assert 600 < seconds_left <= 700


@pytest.mark.parametrize("travel", travels())
def test_freeze_ends_within_a_request(travel: Travel) -> None:
    """A request that began within a freeze and ends after it is answered as any other.

    The journal has it at the moment of its beginning, with a duration that it can have had.
    """
    began, left = threading.Event(), threading.Event()
    app = create_app("office", Config())

    @app.before_request
    def wait() -> None:
        if request.method == "PUT":
            began.set()
            assert left.wait(30)

    with serving(app) as client, ThreadPoolExecutor(1) as threads:
        headers = {"Authorization": f"Bearer {client.token()}"}
        with travel(datetime.now(timezone.utc) + timedelta(minutes=59)):
            at = datetime.now(timezone.utc)
            path = f"{API}/extension/@101/phone/"
            put = threads.submit(client.send, "PUT", path, json={"label": "Desk"}, headers=headers)
            assert began.wait(30)
        left.set()
        status, phone = put.result(30)
        assert (status, phone["label"]) == (200, "Desk")
        entry = client.send("GET", "/_mockpbx/requests")[1]["requests"][-1]
        assert (entry["method"], entry["at"]) == ("PUT", f"{at:%Y-%m-%d %H:%M:%S.%f}")
        assert 0 <= entry["duration_us"] < 60_000_000


@contextmanager
def many_freezes(travel: Travel) -> Iterator[threading.Event]:
    """Freezes that begin and end while other threads run; sets the event after the last one."""
    over, interval = threading.Event(), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads meet where they seldom would
    try:
        yield over
        for days in range(20):
            with travel(START + timedelta(days=days)):
                pass
    finally:
        over.set()
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("travel", travels())
def test_freezes_end_while_the_clock_is_read(travel: Travel) -> None:
    """However often a freeze begins and ends meanwhile, the clock tells the time."""
    clock = Clock()

    def read() -> None:
        while not over.is_set():
            clock.now()

    with ThreadPoolExecutor(4) as threads, many_freezes(travel) as over:
        readers = [threads.submit(read) for _ in range(4)]
    assert [reader.exception() for reader in readers] == [None] * 4


@pytest.mark.parametrize("travel", travels())
def test_freezes_end_while_the_server_answers(travel: Travel) -> None:
    """However often a freeze begins and ends meanwhile, every request is answered."""

    def ask(address: str) -> set[int]:
        connection = HTTPConnection(address, timeout=30)  # which itself reads no clock
        seen: set[int] = set()
        while not (seen and over.is_set()):
            connection.request("GET", "/_mockpbx/clock")
            answer = connection.getresponse()
            answer.read()
            seen.add(answer.status)
        connection.close()
        return seen

    with (
        Server(create_app("empty"), port=0) as server,
        ThreadPoolExecutor(2) as threads,
        many_freezes(travel) as over,
    ):
        address = server.url.removeprefix("http://")
        answers = [threads.submit(ask, address) for _ in range(2)]
    assert [answer.result() for answer in answers] == [{200}, {200}]


#: A process of its own: servers of other tests would read the time too, and move it by that.
ONE_MOMENT = """
from datetime import datetime, timedelta, timezone
from freezegun import freeze_time
from mockpbx import MockPBX

start, tick = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc), timedelta(seconds={seconds})
with freeze_time(start, auto_tick_seconds={seconds}):
    pbx = MockPBX()
    begun = pbx.clock.now()
    call = pbx.incoming_call("+79161112233", to="102")
    assert pbx.clock.now() == begun + 2 * tick
    call.answer()
    call.hang_up()
    assert pbx.clock.now() == begun + 5 * tick
    pbx.clock.advance(100)
    assert pbx.clock.now() == begun + 7 * tick + timedelta(seconds=100)
    pbx.clock.move_to(start + timedelta(days=1))
    assert pbx.clock.now() == start + timedelta(days=1) + tick
    (leg,) = call.legs
    assert leg.answered_at == leg.began_at + 2 * tick
    assert leg.ended_at == leg.answered_at + tick
"""


@pytest.mark.parametrize("seconds", [1, 10])
def test_a_step_is_one_moment(seconds: int) -> None:
    """What reads the time again and again at once reads it once: a step, a move of the clock."""
    code = ONE_MOMENT.format(seconds=seconds)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


#: A process of its own, in which mockpbx is first imported while time is frozen.
IMPORTED_FROZEN = """
from freezegun import freeze_time

with freeze_time("2026-03-01 12:00"):
    from mockpbx import MockPBX
    pbx = MockPBX()
    {inside}
{outside}
"""
WAITS = """
for wait in (
    lambda: pbx.wait_for_request("GET", "/user/", timeout=0.05),
    lambda: pbx.wait_for_delivery(timeout=0.05),
    lambda: pbx.assert_requested("GET", "/user/", within=0.05),
):
    try:
        wait()
    except AssertionError:
        continue
    raise SystemExit("it came")
"""


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_waiting_ends_after_an_import_within_a_freeze(place: str) -> None:
    """What is first imported within a freeze waits in real time, there and in later tests."""
    indented = WAITS.strip().replace("\n", "\n    ")
    code = IMPORTED_FROZEN.format(
        inside=indented if place == "inside" else "pass",
        outside=WAITS if place == "outside" else "",
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_requests_are_timed_within_a_freeze() -> None:
    """What is first imported within a freeze knows there how long a request took."""
    code = IMPORTED_FROZEN.format(
        inside='pbx.session().get("http://mockpbx.test/oauth/token")\n'
        "    assert 0 < pbx.requests[0].duration_us < 60_000_000, pbx.requests[0]",
        outside="",
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
