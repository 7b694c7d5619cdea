"""Real time: what comes due is done while a server runs, without a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
import urllib3
from freezegun import freeze_time

from mockpbx import Config, MockPBX, World, create_app
from mockpbx.core.scheduler import Job, JobKind
from mockpbx.resources.event.model import TYPES, subscribe
from mockpbx.resources.extension.model import named
from mockpbx.server.socket import Server
from mockpbx.webhooks.transport import Request
from mockpbx.worlds import read

from ..receivers import listening

CALLER = "+79161112233"
START = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
TICKER = "mockpbx ticker"


class Told:
    """A receiver in this process; `next` waits for its next event."""

    def __init__(self) -> None:
        self._events: Queue[dict[str, str]] = Queue()

    def __call__(self, request: Request) -> None:
        self._events.put(dict(parse_qsl(request.body.decode())))

    def next(self) -> tuple[str, str]:
        event = self._events.get(timeout=10)
        return event["EventType"], event["CallStatus"]


def subscribed(world: World, number: str, url: str) -> None:
    """Let that url be told of every event of that phone."""
    with world.change():
        for event_type in TYPES:
            fields = {"url": url, "method": "POST", "event_type": event_type}
            subscribe(world, named(world, number), fields)


@pytest.fixture
def mock() -> Iterator[MockPBX]:
    """A PBX that is served, and whose time runs."""
    with MockPBX(freeze=False) as made:
        assert made.url
        yield made


@pytest.fixture
def told(mock: MockPBX) -> Told:
    """Who is told of what happens to phone 106."""
    receiver = Told()
    mock.deliver_to("http://crm.test/", receiver)
    subscribed(mock.world, "106", "http://crm.test/106")
    return receiver


def tickers() -> int:
    return sum(one.name == TICKER for one in threading.enumerate())


def test_a_script_runs_in_real_time(mock: MockPBX, told: Told) -> None:
    """Each event of a scripted call comes when it is due, though nobody asks for anything."""
    call = mock.incoming_call(CALLER, "106", script={"answer_after": 0.05, "talk": 0.1})
    assert [told.next() for _ in range(3)] == [
        ("dial-in", "CALLING"),
        ("answer", "ANSWER"),
        ("hangup", "ANSWER"),
    ]
    assert call.answered_at is not None
    assert call.ended_at is not None
    assert call.answered_at - call.started_at >= timedelta(seconds=0.05)
    assert call.ended_at - call.answered_at >= timedelta(seconds=0.1)


def test_a_sooner_job_does_not_wait_for_a_later_one(mock: MockPBX, told: Told) -> None:
    """A job that is planned while the next is far away is done in its own time."""
    mock.incoming_call(CALLER, "103", script={"answer_after": 50})
    mock.incoming_call(CALLER, "106", script={"outcome": "busy", "after": 0.02})
    assert [told.next(), told.next()] == [("dial-in", "CALLING"), ("hangup", "BUSY")]


def test_a_clock_that_stands_is_left_alone() -> None:
    """While time stands still nothing is due, whatever is planned; once it runs it is done."""
    with MockPBX(freeze=True) as mock:
        assert mock.url
        receiver = Told()
        mock.deliver_to("http://crm.test/", receiver)
        subscribed(mock.world, "106", "http://crm.test/106")
        mock.incoming_call(CALLER, "106", script={"outcome": "busy", "after": 0.02})
        assert mock.world.due_in() is None
        assert receiver.next() == ("dial-in", "CALLING")
        mock.clock.run()
        assert receiver.next() == ("hangup", "BUSY")


@pytest.mark.parametrize(
    ("travel", "tick"),
    [
        (freeze_time, lambda frozen, seconds: frozen.tick(timedelta(seconds=seconds))),
        (
            lambda to: time_machine.travel(to, tick=False),
            lambda traveller, seconds: traveller.shift(seconds),
        ),
    ],
    ids=["freezegun", "time-machine"],
)
@pytest.mark.fact("SIM-4")
def test_other_clocks_are_followed(
    mock: MockPBX,
    told: Told,
    travel: Callable[[datetime], AbstractContextManager[Any]],
    tick: Callable[[Any, float], object],
) -> None:
    """A test that moves time by freezegun or time-machine is noticed soon."""
    with travel(START) as traveller:
        mock.world.clock.move_to(START)
        mock.incoming_call(CALLER, "106")
        assert told.next() == ("dial-in", "CALLING")
        tick(traveller, 61)
        assert told.next() == ("hangup", "NOANSWER")


def test_worlds_by_name() -> None:
    """Time passes in every world of the server."""
    with listening() as crm, Server(create_app("office", Config(freeze=False)), port=0) as server:
        door = f"{server.url}/worlds/other"
        form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
        token = urllib3.request("POST", f"{door}/oauth/token", fields=form).json()["access_token"]
        fields = {"url": crm.url, "method": "POST", "event_type": "hangup"}
        path = f"{door}/api/ver1.0/extension/@106/event/"
        bearer = {"Authorization": f"Bearer {token}"}
        assert urllib3.request("POST", path, json=fields, headers=bearer).status == 201
        script = {"outcome": "cancel", "after": 0.05}
        call = {"from": CALLER, "to": "106", "script": script}
        assert urllib3.request("POST", f"{door}/_mockpbx/calls", json=call).status == 201
        assert crm.next()["CallStatus"] == "CANCEL"


@pytest.mark.fact("DLV-6")
def test_a_dead_receiver_delays_no_other_job(mock: MockPBX, told: Told) -> None:
    """While one receiver hangs, jobs of other calls are done and their events arrive."""
    hangs, released = threading.Event(), threading.Event()

    def dead(request: Request) -> None:
        if b"EventType=hangup" in request.body:
            hangs.set()
            assert released.wait(10)

    mock.deliver_to("http://dead.test/", dead)
    subscribed(mock.world, "103", "http://dead.test/103")
    try:
        mock.incoming_call(CALLER, "103", script={"outcome": "busy", "after": 0.02})
        assert hangs.wait(10)
        mock.incoming_call(CALLER, "106", script={"outcome": "busy", "after": 0.02})
        assert [told.next(), told.next()] == [("dial-in", "CALLING"), ("hangup", "BUSY")]
    finally:
        released.set()


def test_the_ticker_lives_with_its_server() -> None:
    """A server of mockpbx has one such thread from start to stop; a server of others has none."""
    before = tickers()

    def other(environ: object, start_response: object) -> list[bytes]:
        return []

    with Server(other, port=0):
        counts = [tickers() - before]
    with Server(create_app("empty"), port=0) as server:
        counts.append(tickers() - before)
        server.stop()
        counts.append(tickers() - before)
        server.start()
        counts.append(tickers() - before)
    counts.append(tickers() - before)
    assert counts == [0, 1, 0, 1, 0]


def test_a_fault_in_one_job_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that fails is reported as any thread's fault is, and the next one is done."""
    faults: Queue[BaseException | None] = Queue()
    done = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda args: faults.put(args.exc_value))

    def fail(world: World, job: Job) -> dict[str, Any]:
        raise LookupError("broken")

    def succeed(world: World, job: Job) -> dict[str, Any]:
        done.set()
        return {}

    handlers = {JobKind.PRESS: fail, JobKind.REFUSE: succeed}
    world = World(replace(read("empty"), handlers=handlers), Config(freeze=False))
    with Server(create_app(world), port=0):
        with world.change():
            world.schedule(timedelta(seconds=0.01), JobKind.PRESS)
            world.schedule(timedelta(seconds=0.02), JobKind.REFUSE)
        assert done.wait(10)
        assert repr(faults.get(timeout=10)) == "LookupError('broken')"
