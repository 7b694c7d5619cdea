"""The Python door: one PBX as an object."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import flask
import httpx
import pytest
import requests
import urllib3

from mockpbx import Config, MockPBX
from mockpbx.core.errors import ConflictError, InvalidError, NotFoundError
from mockpbx.doors import routes
from mockpbx.resources.event.model import TYPES, subscribe
from mockpbx.resources.extension.model import Extension
from mockpbx.webhooks.transport import Request
from tests import shared
from tests.handles import record_of

from ..company import company
from ..receivers import listening

CALLER = "+79161112233"
CRM = "http://crm.test/hook"


def subscribed(mock: MockPBX, number: str, url: str = CRM, method: str = "POST") -> None:
    """Let that url be told of every event of that phone."""
    with mock.world.change():
        for event_type in TYPES:
            fields = {"url": url, "method": method, "event_type": event_type}
            subscribe(mock.world, record_of(mock.world, number), fields)


def types(mock: MockPBX) -> list[str]:
    """The types of the events that were sent."""
    return [one.event_type for one in mock.deliveries]


def threads() -> Counter[str]:
    return Counter(one.name for one in threading.enumerate() if one.name.startswith("mockpbx"))


@pytest.mark.fact("CAL-1", "SIM-11", "DLV-1")
def test_a_missed_call_reaches_a_wsgi_application(mock: MockPBX) -> None:
    """A caller who gives up is told to the integration before the step returns."""
    crm = flask.Flask("crm")
    leads = []

    @crm.post("/hook")
    def hook() -> str:
        form = flask.request.form
        if form["EventType"] == "hangup" and form["CallStatus"] == "CANCEL":
            leads.append(form["CallerIDNum"])
        return ""

    mock.deliver_to("http://crm.test/", crm)
    subscribed(mock, "101")
    call = mock.incoming_call(CALLER, to="101")
    assert leads == []
    call.hang_up()
    assert leads == [CALLER]


@pytest.mark.fact("DLV-2", "DLV-3")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wsgi_application_gets_the_request_of_the_network(mock: MockPBX, method: str) -> None:
    """A WSGI application sees host, path, the url's own query, content type and body."""
    crm = flask.Flask("crm")
    seen: list[tuple[Any, ...]] = []

    @crm.route("/a%20b/hook", methods=["GET", "POST"])
    @crm.route("/a b/hook", methods=["GET", "POST"])
    def hook() -> str:
        now = flask.request
        seen.append((now.method, now.host, now.args["key"], now.mimetype, dict(now.values)))
        return ""

    mock.deliver_to("http://crm.test:8080/", crm)
    subscribed(mock, "101", "http://crm.test:8080/a%20b/hook?key=1", method)
    call = mock.incoming_call(CALLER, to="101")
    [delivery] = mock.deliveries
    kind = "application/x-www-form-urlencoded" if method == "POST" else ""
    sent = {"key": "1", **dict(delivery.data)}
    assert seen == [(method, "crm.test:8080", "1", kind, sent)]
    assert sent["CallID"] == call.id


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (None, 200, b""),
        (503, 503, b""),
        ((418, "tea"), 418, b"tea"),
        ((200, b"\xff"), 200, b"\xff"),
    ],
)
def test_answers_of_a_function(mock: MockPBX, answer: Any, status: int, text: bytes) -> None:
    """A function answers a status, a status and a body, or None; the delivery keeps it."""
    mock.deliver_to(CRM, lambda request: answer)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    [attempt] = mock.deliveries[0].attempts
    assert (attempt.outcome.status, attempt.outcome.answer) == (status, text)


def test_a_function_of_the_request(mock: MockPBX) -> None:
    """A function of one parameter gets the request."""
    seen: list[Request] = []
    mock.deliver_to(CRM, seen.append)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    (told,), (one,) = seen, mock.deliveries
    assert (told.method, told.url, dict(told.headers)) == (one.method, one.url, one.headers)
    assert told.body.decode() == one.body


def test_a_function_of_method_url_headers_and_body(mock: MockPBX) -> None:
    """A function of four parameters gets them as a client library names them."""
    seen: list[tuple[Any, ...]] = []

    def hook(method: str, url: str, headers: dict[str, str], body: bytes) -> int:
        seen.append((method, url, headers, body))
        return 204

    mock.deliver_to(CRM, hook)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    headers = {"User-Agent": "mockpbx", "Content-Type": "application/x-www-form-urlencoded"}
    assert seen == [("POST", CRM, headers, mock.deliveries[0].body.encode())]
    assert mock.deliveries[0].status == 204


def failing(request: Request) -> None:
    """A receiver with a bug."""
    assert request.method == "GET"


class Wrong(Exception):
    """What a program raises."""


def raising(request: Request) -> None:
    """A receiver that raises what its program does."""
    raise Wrong("no such lead")


@pytest.mark.fact("DLV-4")
@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (failing, AssertionError),
        (raising, Wrong),
        (lambda request: 1 / 0, ZeroDivisionError),
        (lambda environ, start_response: raising(environ), Wrong),
        (lambda method, url, headers, body: raising(body), Wrong),
    ],
    ids=["assert", "raise", "bug", "wsgi", "four"],
)
def test_a_receiver_that_fails(target: Callable[..., Any], kind: type[Exception]) -> None:
    """It harms no call; the delivery says why, and the end of the PBX raises it, once."""

    def use() -> MockPBX:
        with shared.pbx() as pbx:
            made.append(pbx)
            pbx.deliver_to(CRM, target)
            subscribed(pbx, "101")
            call = pbx.incoming_call(CALLER, to="101")
            error = pbx.deliveries[0].attempts[0].outcome.error
            assert (call.state, str(error).partition(":")[0]) == ("ringing", kind.__name__)
        return pbx

    made: list[MockPBX] = []
    with pytest.raises(kind) as caught:
        use()
    assert caught.traceback[-1].path == Path(__file__)
    made[0].check_receivers()


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("closed"), TimeoutError(), OSError("no route")]
)
def test_a_receiver_that_plays_a_broken_network(mock: MockPBX, error: OSError) -> None:
    """What a network can do to an event is no failure of the receiver."""

    def hook(request: Request) -> None:
        raise error

    mock.deliver_to(CRM, hook)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    mock.check_receivers()
    assert mock.deliveries[0].status is None


@pytest.mark.parametrize("target", [failing, lambda request: "fine"], ids=["failure", "answer"])
def test_receivers_that_may_fail(mock: MockPBX, target: Callable[..., Any]) -> None:
    """With strict=False a receiver may raise and answer what it wants; the delivery says it."""
    mock.deliver_to(CRM, target, strict=False)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    mock.check_receivers()
    assert mock.deliveries[0].attempts[0].outcome.error is not None


@pytest.mark.parametrize(
    "answer",
    [
        "fine",
        True,
        20,
        600,
        -1,
        200.0,
        {},
        [200],
        (200,),
        ("200", b""),
        (200, b"", {}),
        (200, {"ok": True}),
        b"OK",
    ],
    ids=repr,
)
def test_what_is_no_answer(mock: MockPBX, answer: Any) -> None:
    """A wrong answer fails the step that caused the event, which is done all the same."""
    mock.deliver_to(CRM, lambda request: answer)
    subscribed(mock, "101")
    with pytest.raises(TypeError) as caught:
        mock.incoming_call(CALLER, to="101")
    text = f"a receiver answers a status, (status, body), or None, not {answer!r}"
    assert (str(caught.value), mock.calls.last.state) == (text, "ringing")
    mock.check_receivers()


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (None, 200, b""),
        (100, 100, b""),
        (599, 599, b""),
        (HTTPStatus.NO_CONTENT, 204, b""),
        ((201, "ю"), 201, "ю".encode()),
        ((500, b"no"), 500, b"no"),
    ],
)
def test_what_a_receiver_may_answer(mock: MockPBX, answer: Any, status: int, body: bytes) -> None:
    """None for 200, a status, or a status with text or bytes."""
    mock.deliver_to(CRM, lambda request: answer)
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    outcome = mock.deliveries[0].attempts[0].outcome
    assert (outcome.status, outcome.answer) == (status, body)


class Asgi:
    """An ASGI application that is an object; it remembers each scope and body."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        self.seen.append((scope, body))
        await asyncio.sleep(0)
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": b"tak", "more_body": True})
        await send({"type": "http.response.body", "body": b"en"})


@pytest.mark.parametrize("inside", [True, False], ids=["in a loop", "outside"])
@pytest.mark.parametrize("kind", ["object", "function"])
def test_an_asgi_receiver(mock: MockPBX, inside: bool, kind: str) -> None:
    """An ASGI application is given the event as a server gives it, in a loop of its own."""
    app = Asgi()

    async def function(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    mock.deliver_to(CRM, app if kind == "object" else function)
    subscribed(mock, "101")

    async def call() -> None:
        mock.incoming_call(CALLER, to="101")

    if inside:
        asyncio.run(call())
    else:
        mock.incoming_call(CALLER, to="101")
    outcome = mock.deliveries[0].attempts[0].outcome
    assert (outcome.status, outcome.answer) == (202, b"taken")
    ((scope, body),) = app.seen
    assert body == mock.deliveries[0].body.encode()
    assert dict(scope["headers"]) == {
        b"host": b"crm.test",
        b"user-agent": b"mockpbx",
        b"content-length": str(len(body)).encode(),
        b"content-type": b"application/x-www-form-urlencoded",
    }
    plain = ("type", "method", "scheme", "path", "query_string", "server")
    assert [scope[name] for name in plain] == [
        "http",
        "POST",
        "http",
        urlsplit(CRM).path or "/",
        b"",
        ("crm.test", 80),
    ]


def test_an_asgi_receiver_that_fails(mock: MockPBX) -> None:
    """What it raises is told at the end; to send nothing is a wrong answer."""

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise Wrong("no such lead")

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    mock.deliver_to(CRM, broken)
    subscribed(mock, "101")
    call = mock.incoming_call(CALLER, to="101")
    with pytest.raises(Wrong):
        mock.check_receivers()
    mock.deliver_to(CRM, silent)
    with pytest.raises(TypeError, match="has sent no answer"):
        call.hang_up()


def test_what_is_no_receiver(mock: MockPBX) -> None:
    """A function of three parameters is refused when it is given."""
    with pytest.raises(TypeError, match="is no receiver"):
        mock.deliver_to(CRM, lambda scope, receive, send: None)


@pytest.mark.fact("DLV-7")
def test_a_receiver_makes_a_step(mock: MockPBX) -> None:
    """A receiver may make the next step from inside its handler; its events follow in order."""
    seen = []

    def hook(request: Request) -> None:
        seen.append(request.body.decode().split("&")[0])
        if seen == ["EventType=dial-in"]:
            mock.calls[0].answer()

    mock.deliver_to(CRM, hook)
    subscribed(mock, "101")
    call = mock.incoming_call(CALLER, to="101")
    call.hang_up()
    assert seen == ["EventType=dial-in", "EventType=answer", "EventType=hangup"]


@pytest.mark.fact("DLV-6")
def test_steps_wait_for_the_network() -> None:
    """Over a socket too, a step's events have arrived when it returns."""
    with listening() as crm, MockPBX() as mock:
        subscribed(mock, "101", crm.url)
        call = mock.incoming_call(CALLER, to="101")
        seen = [crm.types()]
        call.answer()
        seen.append(crm.types())
        call.hang_up()
        seen.append(crm.types())
    assert seen == [["dial-in"], ["answer"], ["hangup"]]


def test_the_socket_opens_when_it_is_asked_for() -> None:
    """Without a look at `url` there is neither a socket nor a thread; `close` ends both."""
    before = threads()
    with MockPBX() as mock:
        mock.incoming_call(CALLER, to="101").hang_up()
        assert threads() == before
        health = f"{mock.url}/_mockpbx/health"
        assert urllib3.request("GET", health).status == 200
        assert {"mockpbx", "mockpbx ticker"} <= (threads() - before).keys()
    assert not {"mockpbx", "mockpbx ticker"} & (threads() - before).keys()
    with pytest.raises(urllib3.exceptions.MaxRetryError):
        urllib3.request("GET", health, retries=0)


@pytest.mark.fact("AUT-3", "AUT-9")
def test_the_application_and_its_token(mock: MockPBX) -> None:
    """The token, the id and the secret are good for the API at `api_url`."""
    bearer = {"Authorization": f"Bearer {mock.token()}"}
    assert urllib3.request("GET", f"{mock.api_url}/user/", headers=bearer).status == 200
    fields = {
        "grant_type": "client_credentials",
        "client_id": mock.app_id,
        "client_secret": mock.app_secret,
    }
    assert urllib3.request("POST", f"{mock.url}/oauth/token", fields=fields).status == 200
    assert [one.path for one in mock.requests] == ["/api/ver1.0/user/", "/oauth/token"]


def test_configuration() -> None:
    """Fields given by name win over the configuration; an unknown one is a TypeError."""
    mock = MockPBX(Config(world="empty", seed=5), freeze=True)
    assert (mock.world.start.name, mock.config.seed, mock.config.freeze) == ("empty", 5, True)
    with pytest.raises(TypeError, match="nonsense"):
        MockPBX(nonsense=1)


def test_two_mocks_share_nothing() -> None:
    """What happens in one PBX is unknown to another."""
    one, two = MockPBX(), MockPBX()
    one.unregister("106")
    results = [mock.incoming_call(CALLER, to="106").result for mock in (one, two)]
    assert results == ["CHANUNAVAIL", None]


@pytest.mark.fact("SIM-4")
def test_clock(mock: MockPBX) -> None:
    """Moving the clock does what comes due, and answers it."""
    call = mock.incoming_call(CALLER, to="107")
    began = mock.clock.now()
    assert mock.clock.advance(19) == []
    due = {"kind": "ring_timeout", "call": call.id, "extension": 85224, "state": "voicemail"}
    assert mock.clock.move_to(began + timedelta(seconds=20)) == [due]
    assert (mock.clock.now(), call.state) == (began + timedelta(seconds=20), "voicemail")


def test_clock_runs(mock: MockPBX) -> None:
    """A clock that runs goes on from where it stood, and stands again when it is frozen."""
    stood = mock.clock.now()
    mock.clock.run()
    assert mock.clock.now() > stood
    mock.clock.freeze()
    assert mock.clock.now() == mock.clock.now()


@pytest.mark.fact("SIM-1", "REG-8")
def test_register_and_unregister(mock: MockPBX) -> None:
    """A phone rings when it is registered, and not any more once it is unregistered."""
    shown = mock.register("105", device="Desk phone", expires=60)
    assert (shown["device"], shown["expires"]) == ("Desk phone", 60)
    ringing = mock.incoming_call(CALLER, to="105")
    mock.unregister("105")
    gone = mock.incoming_call(CALLER, to="105")
    assert (ringing.state, gone.state, gone.result) == ("ringing", "finished", "CHANUNAVAIL")


@pytest.mark.parametrize(
    "act",
    [
        lambda mock: mock.register("1O2"),
        lambda mock: mock.unregister("1O2"),
        lambda mock: mock.extension("2566*1O2"),
        lambda mock: mock.outgoing_call("1O2", CALLER),
        lambda mock: mock.internal_call("1O2", "101"),
        lambda mock: mock.incoming_call(CALLER, "101").answer("1O2"),
        lambda mock: mock.incoming_call(CALLER, "101").decline("1O2"),
    ],
)
def test_unknown_extension(mock: MockPBX, act: Callable[[MockPBX], object]) -> None:
    """An extension that nobody has is an error that names the nearest."""
    with pytest.raises(
        NotFoundError, match=r"^extension: there is no .*1O2; the nearest is 2566\*1.2$"
    ):
        act(mock)


@pytest.mark.parametrize("wanted", [85218, "101", "2566*101"])
def test_extension(mock: MockPBX, wanted: int | str) -> None:
    """An extension is found by id, number, and whole name."""
    assert (mock.extension(wanted).id, mock.extension(wanted).name) == (85218, "2566*101")


@pytest.mark.fact("SIM-11")
def test_a_number_that_nobody_has(mock: MockPBX) -> None:
    """A call to an unknown number is no error; it ends with CONGESTION."""
    assert mock.incoming_call(CALLER, to="999").result == "CONGESTION"
    assert mock.internal_call("101", "999").result == "CONGESTION"


@pytest.mark.fact("DAT-11", "DAT-9")
def test_a_public_number_and_a_name(mock: MockPBX) -> None:
    """A call through a public number, to its extension or another, carries it and the name."""
    mock.deliver_to(CRM, lambda request: None)
    for number in ("101", "102"):
        subscribed(mock, number)
    mock.incoming_call(CALLER, did="74959998878", name="Ольга")
    mock.incoming_call(CALLER, to="102", did="+74959998877")
    shown = [
        [dict(one.data)[name] for name in ("CalledNumber", "CalledDID", "CallerIDName")]
        for one in mock.deliveries
    ]
    assert shown == [
        ["2566*101", "74959998878", "Ольга"],
        ["2566*102", "74959998877", CALLER],
    ]


def test_an_incoming_call_needs_a_number(mock: MockPBX) -> None:
    """An incoming call to nobody is refused."""
    with pytest.raises(InvalidError, match="needs to or did"):
        mock.incoming_call(CALLER)


def test_only_a_phone_dials(mock: MockPBX) -> None:
    """A queue or a menu cannot start a call."""
    with pytest.raises(InvalidError, match=r"2566\*887 is queue; only a phone does this"):
        mock.outgoing_call("887", CALLER)


@pytest.mark.fact("CAL-1", "CAL-8")
def test_kinds_of_calls(mock: MockPBX) -> None:
    """Each kind begins with its own events and is answered by whom it reaches."""
    mock.deliver_to(CRM, lambda request: None)
    for number in ("101", "102"):
        subscribed(mock, number)
    calls = [
        mock.incoming_call(CALLER, to="101"),
        mock.outgoing_call("101", CALLER),
        mock.internal_call("101", "102"),
    ]
    assert [call.kind for call in calls] == ["incoming", "outgoing", "internal"]
    assert types(mock) == ["dial-in", "dial-out", "dial-out", "dial-in"]
    assert [call.answer().state for call in calls] == ["answered"] * 3


@pytest.mark.fact("DAT-14")
def test_talk(mock: MockPBX) -> None:
    """Talking moves the clock, so the hangup tells how long it was."""
    mock.deliver_to(CRM, lambda request: None)
    subscribed(mock, "101")
    call = mock.incoming_call(CALLER, to="101").ring().answer().talk(42).hang_up()
    assert dict(mock.deliveries[-1].data)["Duration"] == "42000000"
    assert (call.state, call.result, call.steps) == ("finished", "ANSWER", ())


def test_a_leg(mock: MockPBX) -> None:
    """A call tells its legs as they stand."""
    call = mock.incoming_call(CALLER, to="102").answer().talk(5)
    [leg] = call.legs
    assert leg.answered_at == leg.began_at
    assert leg.sub_call_id.startswith("85219-")
    assert [leg.extension, leg.role, leg.flow, leg.state, leg.status, leg.ended_at] == [
        "2566*102",
        "phone",
        "in",
        "answered",
        "CALLING",
        None,
    ]


ILLEGAL: list[tuple[str, Callable[[Any], object], str]] = [
    (
        "hold",
        lambda call: call.hold(),
        "ringing; steps that it allows: ring, answer, decline, hang_up",
    ),
    (
        "talk",
        lambda call: call.talk(5),
        "ringing; steps that it allows: ring, answer, decline, hang_up",
    ),
    (
        "answer",
        lambda call: call.answer().answer(),
        "answered; steps that it allows: hold, transfer, press, hang_up",
    ),
    (
        "ring",
        lambda call: call.answer().ring(),
        "answered; steps that it allows: hold, transfer, press, hang_up",
    ),
    (
        "hang_up",
        lambda call: call.hang_up().hang_up(),
        "finished: CANCEL, it was given up before an answer; steps that it allows: none",
    ),
]


@pytest.mark.parametrize(("step", "act", "text"), ILLEGAL)
def test_illegal_steps(mock: MockPBX, step: str, act: Callable[[Any], object], text: str) -> None:
    """A step that the state does not allow is refused, naming the state and what it allows."""
    with pytest.raises(ConflictError) as refused:
        act(mock.incoming_call(CALLER, to="108"))
    assert str(refused.value) == f"{step}: the call is {text}"


def test_an_extension_that_does_not_ring(mock: MockPBX) -> None:
    """An answer by somebody else is refused, naming who rings."""
    call = mock.incoming_call(CALLER, to="101")
    with pytest.raises(ConflictError) as refused:
        call.answer("103")
    text = "answer: 2566*103 does not ring in this call; who rings: 2566*101"
    assert (str(refused.value), call.state) == (text, "ringing")


@pytest.mark.fact("CAL-4", "SIM-12")
def test_menu_and_queue(mock: MockPBX) -> None:
    """A key in the menu leads to the queue, whose second agent answers when the first does not."""
    call = mock.incoming_call(CALLER, did="74959998877")
    states = [call.state, call.press("1").state]
    call.decline()
    call.answer("103")
    assert [*states, call.state] == ["menu", "ringing", "answered"]
    assert [(leg.extension, leg.status) for leg in call.legs][2:] == [
        ("2566*102", "BUSY"),
        ("2566*103", "CALLING"),
    ]


@pytest.mark.fact("SIM-4")
def test_leave_message(mock: MockPBX) -> None:
    """Who was not answered speaks to the voicemail: event voicemail."""
    mock.deliver_to(CRM, lambda request: None)
    subscribed(mock, "107")
    call = mock.incoming_call(CALLER, to="107")
    mock.clock.advance(20)
    call.leave_message()
    assert (types(mock), call.state) == (["dial-in", "hangup", "voicemail"], "finished")


def test_a_script(mock: MockPBX) -> None:
    """A call with a script needs no steps: moving the clock is enough."""
    call = mock.incoming_call(CALLER, to="101", script={"answer_after": 3, "talk": 60})
    kinds = [one["kind"] for one in mock.clock.advance(63)]
    assert (kinds, call.result) == (["pick_up", "hang_up"], "ANSWER")


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (
            {"talkk": 1},
            "script.talkk: is none of outcome, answer_after, talk, after, press, leave_message",
        ),
        ({"talk": "1"}, "script.talk: must be a number of seconds, from 0 to 1000000000"),
        ({"talk": True}, "script.talk: must be a number of seconds, from 0 to 1000000000"),
        (
            {"answer_after": -1},
            "script.answer_after: must be a number of seconds, from 0 to 1000000000",
        ),
        (
            {"answer_after": float("nan")},
            "script.answer_after: must be a number of seconds, from 0 to 1000000000",
        ),
        ({"outcome": "fine"}, "script.outcome: must be one of answer, no_answer, busy, cancel"),
        ({"outcome": []}, "script.outcome: must be one of answer, no_answer, busy, cancel"),
        ({"press": "12"}, "script.press: must be one of 0 to 9, * and #"),
        (
            {"leave_message": 1, "outcome": "no_answer"},
            "script.leave_message: must be true or false",
        ),
        ({"leave_message": True}, "script.leave_message: needs the outcome no_answer"),
        ({"talk": 1, "outcome": "busy"}, "script.talk: needs the outcome answer"),
        ({"after": 1}, "script.after: needs press, or the outcome busy or cancel"),
    ],
)
def test_wrong_scripts(mock: MockPBX, script: dict[str, Any], text: str) -> None:
    """A script that cannot be followed is refused, naming what is wrong; nothing began."""
    for start in (mock.outgoing_call, mock.internal_call):
        with pytest.raises(InvalidError) as refused:
            start("101", "102", script=script)
        assert str(refused.value) == text
    with pytest.raises(InvalidError) as refused:
        mock.incoming_call(CALLER, "101", script=script)
    assert str(refused.value) == text


@pytest.mark.fact("DAT-21", "EVT-7")
def test_messages(mock: MockPBX) -> None:
    """A text message comes in, goes out, or does both between two phones."""
    mock.deliver_to(CRM, lambda request: None)
    for number in ("101", "102"):
        subscribed(mock, number)
    mock.message(CALLER, "101", "one")
    mock.message("101", CALLER, "two")
    mock.message("101", "102", "three")
    shown = [
        [dict(one.data)[name] for name in ("EventType", "CallerIDNum", "CalledNumber", "Message")]
        for one in mock.deliveries
    ]
    assert shown == [
        ["message-in", CALLER, "2566*101", "one"],
        ["message-out", "2566*101", CALLER, "two"],
        ["message-out", "2566*101", "2566*102", "three"],
        ["message-in", "2566*101", "2566*102", "three"],
    ]


def test_messages_to_nobody(mock: MockPBX) -> None:
    """A message between two numbers outside is refused, naming the nearest extension."""
    with pytest.raises(NotFoundError, match=r"there is no \+79161112244; the nearest is "):
        mock.message(CALLER, "+79161112244", "hi")
    with pytest.raises(InvalidError, match="only a phone does this"):
        mock.message(CALLER, "887", "hi")


def test_reset(mock: MockPBX) -> None:
    """A reset forgets calls, deliveries and requests, and keeps address and receivers."""
    seen: list[Request] = []
    mock.deliver_to(CRM, seen.append)
    subscribed(mock, "101")
    call, url = mock.incoming_call(CALLER, to="101"), mock.url
    mock.reset()
    assert (mock.deliveries, mock.requests, mock.notes, mock.url) == ([], [], [], url)
    with pytest.raises(NotFoundError, match="there is no call"):
        call.answer()
    subscribed(mock, "101")
    mock.incoming_call(CALLER, to="101")
    assert len(seen) == 2


def test_notes(mock: MockPBX) -> None:
    """Habits that a real operator may punish are noted."""
    fields = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
    for _ in range(2):
        assert mock.app.test_client().post("/oauth/token", data=fields).status_code == 200
    assert [note["rule"] for note in mock.notes] == ["GEN-13", "AUT-12"]


def test_more_extensions(mock: MockPBX) -> None:
    """New extensions follow the API's rules, get free numbers, and can be online at once."""
    one = mock.add_extension()
    two = mock.add_extension(label="Door", record_enabled=True, register=True)
    three = mock.add_extension("300", "queue", strategy="ring-all")
    names = [(extension.name, extension.type, extension.label) for extension in (one, two, three)]
    assert names == [
        ("2566*111", "phone", None),
        ("2566*112", "phone", "Door"),
        ("2566*300", "queue", None),
    ]
    assert [mock.incoming_call(CALLER, to=name).state for name in ("111", "112")] == [
        "finished",
        "ringing",
    ]
    api = mock.session()
    api.headers["Authorization"] = f"Bearer {mock.token()}"
    shown = api.get(f"http://mockpbx.test/api/ver1.0/extension/{two.id}/phone/").json()
    assert (shown["label"], shown["record_enabled"]) == ("Door", True)


@pytest.mark.parametrize(
    ("asked", "fault", "text"),
    [
        ({"name": "101"}, InvalidError, "name"),
        ({"name": "1"}, InvalidError, "name"),
        ({"type": "robot"}, InvalidError, "type: must be one of phone, queue, ivr, fax"),
        ({"recrd_enabled": True}, InvalidError, "phone; did you mean record_enabled?"),
        ({"colour": "red"}, InvalidError, "colour: no property of an extension of type phone"),
        ({"type": "ivr", "record_enabled": True}, InvalidError, "record_enabled: no property of"),
        ({"hangup_timeout": "1"}, InvalidError, "hangup_timeout: must be"),
        ({"client": 1}, NotFoundError, "there is no client 1"),
        ({"type": "queue", "register": True}, InvalidError, "queue"),
    ],
)
def test_extensions_that_cannot_be(
    mock: MockPBX, asked: dict[str, Any], fault: type[Exception], text: str
) -> None:
    """What breaks a rule is refused by its name, and there is no extension then."""
    before = mock.world.store.next_id(Extension)
    with pytest.raises(fault, match=text):
        mock.add_extension(**asked)
    assert mock.world.store.next_id(Extension) == before


def test_snapshots(mock: MockPBX) -> None:
    """A snapshot is restored any number of times, with the calls that were going on."""
    call = mock.incoming_call(CALLER, to="102")
    kept = mock.snapshot()
    for _ in range(2):
        call.answer()
        mock.add_extension("555")
        mock.restore(kept)
        assert call.state == "ringing"
        with pytest.raises(NotFoundError):
            mock.extension("555")


def test_forks(mock: MockPBX) -> None:
    """A fork goes its own way, with its own requests, address and receivers."""
    told: list[str] = []
    mock.deliver_to(CRM, lambda request: told.append("mock"))
    subscribed(mock, "102")
    call = mock.incoming_call(CALLER, to="102")
    with mock.fork() as twin:
        twin.deliver_to(CRM, lambda request: told.append("twin"))
        (same,) = twin.calls
        assert (same.id, twin.requests, twin.url != mock.url) == (call.id, [], True)
        same.hang_up()
        assert (same.state, call.state) == ("finished", "ringing")
    assert told == ["mock", "twin"]


@pytest.mark.parametrize("number", [10, 2000])
def test_copies_share_what_did_not_change(number: int) -> None:
    """Snapshot, fork and restore copy what was changed, however large the world is."""
    extensions = [{"id": key, "name": f"{key:04}", "type": "phone"} for key in range(1, number)]
    with shared.pbx(company(extension_len=4, extensions=extensions), freeze=True) as pbx:
        pbx.add_extension("9000")
        kept, twin = pbx.snapshot(), pbx.fork()
        pbx.restore(kept)
        stores = pbx.world.snapshots[kept.name].store, twin.world.store, pbx.world.store
        for store in stores:
            table = store._tables[Extension.TABLE]
            assert table.base is pbx.world.start.base.tables[Extension.TABLE]
            assert len(table.rows) == 1


def test_the_end_of_a_test(mock: MockPBX) -> None:
    """Who uses a PBX that has ended is told why, by every door."""
    session, transport = mock.session(), mock.httpx_transport()
    scope, clock, faults = mock.intercept("https://pbx.example.com"), mock.clock, mock.faults
    call, fork = mock.incoming_call(CALLER, to="102"), mock.fork()
    rule = faults.add(status=503)
    mock.end("the test is over")
    uses: list[Callable[[], Any]] = [
        lambda: mock.url,
        lambda: mock.app,
        lambda: mock.requests,
        lambda: mock.incoming_call(CALLER, to="102"),
        lambda: session.get("http://mockpbx.test/"),
        lambda: httpx.Client(transport=transport).get("http://mockpbx.test/"),
        clock.now,
        clock.freeze,
        clock.run,
        lambda: clock.advance(1),
        lambda: clock.move_to(datetime(2026, 3, 1)),
        call.answer,
        lambda: call.state,
        lambda: faults.add(status=503),
        faults.clear,
        lambda: rule.fired,
        lambda: list(faults),
        fork.token,
        lambda: fork.url,
    ]
    for use in uses:
        with pytest.raises(RuntimeError, match=r"^the test is over$"):
            use()
    with scope, pytest.raises(RuntimeError, match=r"^the test is over$"):
        requests.get("https://pbx.example.com/", timeout=5)
    assert mock.story().startswith("world office")


def test_an_intercepted_host_is_free_again(mock: MockPBX) -> None:
    """A PBX that is closed does not answer for other hosts any more."""
    mock.intercept("https://pbx.example.com").__enter__()
    assert requests.get("https://pbx.example.com/none", timeout=5).status_code == 404
    mock.close()
    assert routes.route("https://pbx.example.com/") is None


def test_a_closed_pbx() -> None:
    """What happened can be read from a PBX that is closed, and it has no address any more."""
    with MockPBX() as mock:
        call = mock.incoming_call(CALLER, to="102")
        assert mock.url.startswith("http://127.0.0.1:")
    assert call.state == "ringing"
    with pytest.raises(RuntimeError, match=r"^this MockPBX is closed: it has no address any more$"):
        _ = mock.url


def test_the_story(mock: MockPBX) -> None:
    """The story tells what came in, what went out and what happened, by the PBX's clock."""
    mock.clock.move_to(datetime(2026, 3, 1, 12))
    mock.deliver_to(CRM, lambda request: (500, "down"))
    session = mock.session()
    url = "http://mockpbx.test/api/ver1.0/"
    session.post("http://mockpbx.test/oauth/token", data={"client_secret": "hidden"})
    session.headers["Authorization"] = f"Bearer {mock.token()}"
    session.get(f"{url}user/", params={"token": "hidden"})
    session.get(f"{url}usr/")
    subscribed(mock, "102")
    mock.clock.advance(1.5)
    call = mock.incoming_call(CALLER, to="102")
    lines = [line for line in mock.story().splitlines() if not line.startswith("note ")]
    assert lines == [
        "world office",
        "requests:",
        "  12:00:00.000 POST /oauth/token -> 400 AUT-8",
        f"      {mock.requests[0].reason}",
        "      sent: client_secret=***",
        f"      answered: {mock.requests[0].answer.decode()}",
        "  12:00:00.000 GET /api/ver1.0/user/?token=*** -> 200",
        "  12:00:00.000 GET /api/ver1.0/usr/ -> 404 ERR-6",
        "      no such path; the nearest is /api/ver1.0/user/",
        '      answered: {"message": "Not found"}',
        "deliveries:",
        f"  12:00:01.500 #1 dial-in of {call.id[:8]} POST {CRM} -> 500 'down'",
        "",
        *call.ladder().rstrip().splitlines(),
    ]
    assert mock.undocumented() == [
        "GET /api/ver1.0/usr/: no such path; the nearest is /api/ver1.0/user/"
    ]


@pytest.mark.parametrize(
    ("use", "fault", "text"),
    [
        (lambda pbx: pbx.assert_requested(None, "/user/"), TypeError, "method: must be a string"),
        (lambda pbx: pbx.assert_requested("GET", None), TypeError, "path: must be a string"),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/?a=1"),
            ValueError,
            "path: /user/?a=1 has more than a path; a query is given by query=",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", query="a=1"),
            TypeError,
            "query: must be a mapping of names to values",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", headers=["a"]),
            TypeError,
            "headers: must be a mapping of names to values",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", times="1"),
            TypeError,
            "times: must be a whole number",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", times=True),
            TypeError,
            "times: must be a whole number",
        ),
        (
            lambda pbx: pbx.assert_not_requested("GET", "/user/", times=1),
            TypeError,
            "times: nothing that can be asked of a request",
        ),
        (
            lambda pbx: pbx.wait_for_request("GET", "/user/", timeout="1"),
            TypeError,
            "timeout: must be a number of seconds",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", within="1"),
            TypeError,
            "within: must be a number of seconds",
        ),
        (
            lambda pbx: pbx.assert_requested("GET", "/user/", json={}, form={}),
            TypeError,
            "json, form: a request has one body",
        ),
        (
            lambda pbx: pbx.wait_for_delivery(data=["x"]),
            TypeError,
            "data: must be a mapping of names to values",
        ),
        (
            lambda pbx: pbx.incoming_call(7916, "101"),
            InvalidError,
            "from: must be the caller",
        ),
        (
            lambda pbx: pbx.incoming_call("", "101"),
            InvalidError,
            "from: must be 1 to 64 ASCII characters without blanks, or an id",
        ),
        (
            lambda pbx: pbx.incoming_call("7 916", "101"),
            InvalidError,
            "from: must be 1 to 64 ASCII characters without blanks, or an id",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, to=101),
            NotFoundError,
            "extension: there is no 101 ",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, did=101),
            InvalidError,
            "did: must be a string",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, "101", name=5),
            InvalidError,
            "name: must be a string",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, "101", script=[1]),
            InvalidError,
            "script: must be a JSON object",
        ),
        (lambda pbx: pbx.outgoing_call("101", None), InvalidError, "to: is required"),
        (
            lambda pbx: pbx.internal_call("101", 102),
            NotFoundError,
            "extension: there is no 102 ",
        ),
        (lambda pbx: pbx.message(CALLER, "101", 5), InvalidError, "text: must be a string"),
        (lambda pbx: pbx.message(None, "101", "x"), InvalidError, "from: is required"),
        (
            lambda pbx: pbx.extension(None),
            InvalidError,
            "extension: must be an id or a number as text, not None",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, "102").answer().transfer(103),
            NotFoundError,
            "extension: there is no 103 ",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, "102").answer().press(1),
            InvalidError,
            "key: must be a string",
        ),
        (
            lambda pbx: pbx.incoming_call(CALLER, "102").answer().talk("a"),
            InvalidError,
            "seconds: must be a number",
        ),
        (
            lambda pbx: pbx.deliver_to(CRM, None),
            TypeError,
            "None is no receiver: it must be a function or a WSGI application",
        ),
        (
            lambda pbx: pbx.register("887"),
            InvalidError,
            "extension: 2566*887 is queue; only a phone registers",
        ),
        (
            lambda pbx: pbx.wait_for_delivery(timeout=-1),
            ValueError,
            "timeout: must be 0 seconds or more",
        ),
        (
            lambda pbx: pbx.wait_for_delivery("hang-up"),
            ValueError,
            "event_type: 'hang-up' is none of dial-in, dial-out, hangup, answer, message-in, "
            "message-out, voicemail, extension-call-status, agent-login, agent-logout",
        ),
        (
            lambda pbx: pbx.wait_for_delivery(extension=101),
            NotFoundError,
            "extension: there is no 101 with that id; the phone is '101', a text",
        ),
        (lambda pbx: pbx.restore("x"), NotFoundError, "there is no snapshot x"),
        (
            lambda pbx: pbx.clock.advance("1h"),
            InvalidError,
            "seconds: must be a number",
        ),
        (
            lambda pbx: pbx.clock.move_to("soon"),
            InvalidError,
            "moment: must be a moment such as 2026-01-31 09:00:00",
        ),
        (
            lambda pbx: pbx.register("101", expires="x"),
            InvalidError,
            "expires: must be an integer",
        ),
        (
            lambda pbx: pbx.register("101", expires=-1),
            InvalidError,
            "expires: must be an integer from 0 to 4294967295",
        ),
        (
            lambda pbx: pbx.add_extension(register="no"),
            InvalidError,
            "register: must be a boolean",
        ),
        (lambda pbx: pbx.add_extension(""), InvalidError, "name: "),
        (
            lambda pbx: pbx.deliver_to("crm", print),
            ValueError,
            "url_prefix: 'crm' is no beginning of an http address",
        ),
    ],
)
def test_wrong_arguments(
    mock: MockPBX, use: Callable[[Any], Any], fault: type[Exception], text: str
) -> None:
    """A wrong argument is refused by its name, at once."""
    with pytest.raises(fault) as caught:
        use(mock)
    assert str(caught.value).startswith(text)


def test_an_asynchronous_receiver(mock: MockPBX) -> None:
    """A coroutine function, which nobody would await, is refused when it is given."""

    async def receive(request: Request) -> None: ...

    with pytest.raises(TypeError, match="is no receiver: it must not be asynchronous"):
        mock.deliver_to(CRM, receive)


def test_a_clock_that_nobody_used(mock: MockPBX) -> None:
    """Who moves time before anything else happened has moved it."""
    before = mock.clock.now()
    mock.clock.advance(60)
    assert mock.clock.now() == before + timedelta(seconds=60)


def test_a_duration(mock: MockPBX) -> None:
    """Time moves by seconds or by a timedelta."""
    before = mock.clock.now()
    mock.clock.advance(timedelta(minutes=1))
    assert mock.clock.now() == before + timedelta(minutes=1)


def test_a_fork_takes_receivers_along(mock: MockPBX) -> None:
    """What a fork sends reaches the receivers that there were, and no network."""
    told: list[Request] = []
    mock.deliver_to(CRM, told.append)
    subscribed(mock, "102")
    with mock.fork() as twin:
        twin.incoming_call(CALLER, to="102")
        assert twin.deliveries[0].ok
    assert len(told) == 1


@pytest.mark.parametrize("url", ["https://mockpbx.test", "http://mockpbx.test:8080"])
def test_the_test_host(mock: MockPBX, url: str) -> None:
    """`mockpbx.test` never is a host of the network, whatever scheme and port."""
    assert mock.session().get(f"{url}/_mockpbx/health").status_code == 200
