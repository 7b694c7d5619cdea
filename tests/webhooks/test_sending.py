"""How events are sent over real sockets: to whom, in which form and order, and to whom it fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
import urllib3

from mockpbx import Config, Readings, create_app
from mockpbx.config import Quirks
from mockpbx.core.stopwatch import Deadline
from mockpbx.resources.event.model import Subscription, subscribe, unsubscribe_all
from mockpbx.resources.phone_events.model import subscribe as subscribe_phones
from mockpbx.server.socket import Server
from mockpbx.testing.commands.traffic import delivery
from mockpbx.webhooks.delivery import Delivery
from mockpbx.webhooks.network import Network
from mockpbx.webhooks.outbox import replay
from mockpbx.webhooks.transport import Answer, Request
from tests.calls.desk import Desk, Event
from tests.handles import call_of, pbx_of
from tests.webhooks.receivers import LIMIT_S, Handler, Receiver, Seen, raw, refused_url

CALL = ("dial-in", "answer", "hangup")
TIMEOUT_S = 0.3


@contextmanager
def receiver(handler: Handler | None = None, **options: Any) -> Iterator[Receiver]:
    """A receiver that is closed in the end."""
    with closing(Receiver(handler, **options)) as one:
        yield one


def desk_of(**config: Any) -> Desk:
    """A world without subscriptions, whose sender is not patient."""
    return Desk(subscribed=False, **{"delivery_timeout_s": TIMEOUT_S, **config})


def listen(
    desk: Desk, url: str, *types: str, name: str = "102", method: str = "POST"
) -> list[Subscription]:
    """Let the url be told about these events of the extension: by default those of a call."""
    with desk.world.change():
        fields = [{"url": url, "method": method, "event_type": kind} for kind in types or CALL]
        return [subscribe(desk.world, desk.ext(name), one) for one in fields]


def talk(desk: Desk, name: str = "102") -> None:
    """Somebody calls the extension, is answered, and hangs up."""
    desk.step(desk.step(desk.incoming(name), "answer"), "hang_up")


def deliveries(desk: Desk) -> list[Delivery]:
    """What the world sent, in order."""
    return list(desk.world.deliveries)


def types(seen: list[Seen]) -> list[str]:
    """The types of events as they arrived."""
    return [one.event["EventType"] for one in seen]


def in_order(events: list[Event]) -> bool:
    """Whether the events arrived in the order in which they arose."""
    times = [int(event["EventTime"]) for event in events]
    return times == sorted(set(times))


# --- to whom


@pytest.mark.fact("DLV-1", "EVT-9")
def test_each_subscription_gets_one_request() -> None:
    """Each subscription to that type of that extension gets one request; no other gets any."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, f"{one.url}/a", "dial-in", "hangup")
        listen(desk, f"{one.url}/b", "dial-in")
        listen(desk, f"{one.url}/c", "answer")
        listen(desk, f"{one.url}/d", "dial-in", name="103")
        call = desk.incoming("102")
        assert sorted(seen.target for seen in one.seen) == ["/calls/a", "/calls/b"]
        desk.step(call, "hang_up")
        assert [seen.target for seen in one.seen[2:]] == ["/calls/a"]


@pytest.mark.fact("DLV-1", "EVT-9")
def test_the_same_subscription_twice() -> None:
    """Two subscriptions of the same url and type are two requests."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url, "dial-in")
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        assert types(one.seen) == ["dial-in", "dial-in"]


@pytest.mark.fact("DLV-1", "EVT-12")
def test_subscriptions_on_all_phones() -> None:
    """A subscription on all phones of the client is told of each phone, and of nothing else."""
    desk = desk_of()
    desk.queue("103")
    with receiver() as one:
        with desk.world.change():
            fields = {"url": one.url, "method": "POST", "event_type": "dial-in"}
            subscribe_phones(desk.world, desk.client, fields)
        desk.incoming("102")
        desk.incoming("887")
        numbers = [seen.event["CalledNumber"] for seen in one.seen]
        assert numbers == ["2566*102", "2566*103"]


@pytest.mark.fact("DLV-1")
def test_nothing_without_a_subscription() -> None:
    """Without a subscription nothing is sent, nor kept as if it were."""
    desk = desk_of()
    talk(desk)
    assert deliveries(desk) == []


@pytest.mark.fact("DLV-1", "EVT-2")
def test_a_subscription_that_goes_in_the_middle_of_a_call() -> None:
    """From the moment a subscription is deleted nothing is sent to it; the call goes on."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url)
        call = desk.incoming("102")
        with desk.world.change():
            unsubscribe_all(desk.world, desk.ext("102"))
        desk.step(desk.step(call, "answer"), "hang_up")
        assert types(one.seen) == ["dial-in"]
        assert desk.now(call).result == "ANSWER"


# --- in which form


@pytest.mark.fact("DLV-2", "EVT-6")
@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        ("", "?EventType=dial-in&"),
        ("?", "?EventType=dial-in&"),
        ("?key=a%20b&x", "?key=a%20b&x&EventType=dial-in&"),
        ("?key=1&", "?key=1&EventType=dial-in&"),
        ("?key=1#part", "?key=1&EventType=dial-in&"),
    ],
)
def test_get(suffix: str, start: str) -> None:
    """By GET the data follow what the url already has in its query; there is no body."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url + suffix, "dial-in", method="GET")
        desk.incoming("102", caller_name="Анна & Co")
        (seen,) = one.seen
        assert (seen.method, seen.body) == ("GET", "")
        assert seen.target.startswith(f"/calls{start}")
        assert seen.event["CallerIDName"] == "Анна & Co"
        assert "Content-Type" not in seen.headers


@pytest.mark.fact("DLV-3", "EVT-6")
def test_a_url_in_other_letters() -> None:
    """What a url has beyond ASCII is percent-encoded as UTF-8; what is encoded stays."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, f"{one.url}/звонок/%20a?имя=%2B", "dial-in")
        desk.incoming("102")
        (seen,) = one.seen
        path, _, query = seen.target.partition("?")
        assert path == "/calls/%D0%B7%D0%B2%D0%BE%D0%BD%D0%BE%D0%BA/%20a"
        assert query == "%D0%B8%D0%BC%D1%8F=%2B"


@pytest.mark.fact("DLV-2")
def test_get_with_headers() -> None:
    """With the reading `header` a GET carries the data as headers; the url stays as it is."""
    desk = desk_of(readings=Readings(event_get="header"))
    with receiver() as one:
        listen(desk, f"{one.url}?key=1", "dial-in", method="GET")
        call = desk.incoming("102")
        (seen,) = one.seen
        assert seen.target == "/calls?key=1"
        (delivery,) = deliveries(desk)
        assert {name: seen.headers[name] for name, _ in delivery.data} == dict(delivery.data)
        assert seen.headers["CallID"] == call.hex


@pytest.mark.fact("DLV-2")
@pytest.mark.parametrize("name", ["Анна", "a\r\nX-Other: 1", "é", "a\x00b"])
def test_any_name_in_a_header(name: str) -> None:
    """With the reading `header` no caller's name keeps the event from arriving, or adds to it."""
    desk = desk_of(readings=Readings(event_get="header"))
    with receiver() as one:
        listen(desk, one.url, "dial-in", method="GET")
        desk.incoming("102", caller_name=name)
        (seen,) = one.seen
        assert "X-Other" not in seen.headers
        assert seen.headers["CalledNumber"] == "2566*102"
        if name == "Анна":
            assert seen.headers["CallerIDName"].encode("latin-1").decode() == name


@pytest.mark.fact("DLV-3", "EVT-6")
def test_post() -> None:
    """By POST the data are the body, as a form; the url keeps its own query."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, f"{one.url}?key=a%20b", "dial-in")
        desk.incoming("102", caller_name="Анна & Co")
        (seen,) = one.seen
        (delivery,) = deliveries(desk)
        assert (seen.method, seen.target) == ("POST", "/calls?key=a%20b")
        assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert tuple(parse_qsl(seen.body)) == delivery.data
        assert seen.event["CallerIDName"] == "Анна & Co"


@pytest.mark.fact("DAT-6", "DLV-1")
def test_flow_in_capitals() -> None:
    """With the reading `upper` CallFlow is written IN and OUT."""
    desk = desk_of(readings=Readings(call_flow_case="upper"))
    with receiver() as one:
        listen(desk, one.url, "dial-in", "dial-out")
        desk.incoming("102")
        desk.outgoing("102", "+79161112200")
        assert [seen.event["CallFlow"] for seen in one.seen] == ["IN", "OUT"]


def test_connections_are_kept() -> None:
    """Event after event goes through one connection."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url)
        for _ in range(5):
            talk(desk)
        assert (len(one.seen), len(one.connections)) == (15, 1)


def test_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events go to their url, whatever proxy the environment names."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, refused_url())
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url)
        talk(desk)
        assert types(one.seen) == list(CALL)


# --- what receivers answer


@pytest.mark.fact("DLV-4", "DLV-5")
@pytest.mark.parametrize("status", [200, 201, 204, 301, 302, 307, 400, 404, 410, 429, 500, 503])
def test_any_status_is_fine(status: int) -> None:
    """Whatever status the receiver answers is recorded, and the call goes on; no retry."""
    desk = desk_of()
    with receiver(lambda seen: status) as one:
        listen(desk, one.url)
        call = desk.step(desk.incoming("102"), "answer")
        desk.step(call, "hang_up")
        assert types(one.seen) == list(CALL)
        assert [delivery.status for delivery in deliveries(desk)] == [status] * 3
        assert [len(delivery.attempts) for delivery in deliveries(desk)] == [1] * 3
        assert desk.now(call).result == "ANSWER"


def hang(connection: socket.socket) -> None:
    """Say nothing."""
    connection.recv(1)


def close_at_once(connection: socket.socket) -> None:
    """Hang up."""


def reset(connection: socket.socket) -> None:
    """Break the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, (1).to_bytes(4, "little") + bytes(4))


def redirect(connection: socket.socket) -> None:
    """Send elsewhere: to somewhere that nobody may be sent."""
    connection.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    )


def fail(connection: socket.socket) -> None:
    """Answer 500."""
    connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nsorry")


def flood(connection: socket.socket) -> None:
    """Answer 100 MB."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(100):
        connection.sendall(bytes(1_000_000))


def flood_without_end(connection: socket.socket) -> None:
    """Answer for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def close_in_the_middle(connection: socket.socket) -> None:
    """Announce more than comes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def no_http(connection: socket.socket) -> None:
    """Speak something else."""
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


def drip_head(connection: socket.socket) -> None:
    """Send the head byte by byte, each in time."""
    drip(connection, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)


def drip_body(connection: socket.socket) -> None:
    """Send the body byte by byte, each in time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    drip(connection, b"x" * 10_000)


def drip(connection: socket.socket, data: bytes) -> None:
    """Send bytes, one every tenth of the sender's time."""
    pace = threading.Event()
    for byte in data:
        connection.sendall(bytes([byte]))
        pace.wait(TIMEOUT_S / 10)


#: What it does -> status, bytes of the answer, and error that are recorded.
BAD: list[tuple[Callable[[socket.socket], None], int | None, bytes, str | None]] = [
    (hang, None, b"", "TimeoutError"),
    (close_at_once, None, b"", "RemoteDisconnected"),
    (reset, None, b"", "ConnectionResetError"),
    (redirect, 302, b"", None),
    (fail, 500, b"sorry", None),
    (flood, 200, bytes(65_536), None),
    (flood_without_end, 200, bytes(65_536), None),
    (close_in_the_middle, 200, b"half", "IncompleteRead"),
    (no_http, None, b"", "BadStatusLine"),
    (drip_head, None, b"", "TimeoutError"),
    (drip_body, 200, b"x", "TimeoutError"),
]


@pytest.mark.fact("DLV-4", "DLV-5")
@pytest.mark.parametrize(
    ("behave", "status", "answer", "error"), BAD, ids=lambda value: getattr(value, "__name__", "")
)
def test_bad_receivers(
    behave: Callable[[socket.socket], None], status: int | None, answer: bytes, error: str | None
) -> None:
    """Whatever a receiver does is recorded, costs no more than the time-out, and harms none."""
    desk = desk_of()
    with raw(behave) as url:
        listen(desk, url, "dial-in")
        call = desk.incoming("102")
        (delivery,) = deliveries(desk)
        (attempt,) = delivery.attempts
        outcome = attempt.outcome
        assert outcome.status == status
        assert outcome.answer.startswith(answer)
        assert len(outcome.answer) <= 65_536
        assert (outcome.error or "None").partition(":")[0] == str(error)
        assert outcome.duration_us < 2 * TIMEOUT_S * 1_000_000
        assert desk.state(call) == "ringing"


@pytest.mark.fact("DLV-4")
def test_a_receiver_that_is_not_there() -> None:
    """A url where nobody listens is an error in the record, not in the call."""
    desk = desk_of()
    listen(desk, refused_url())
    call = desk.step(desk.incoming("102"), "answer")
    assert [delivery.attempts[0].outcome.error is None for delivery in deliveries(desk)] == [
        False,
        False,
    ]
    assert desk.state(call) == "answered"


@pytest.mark.fact("DLV-4")
def test_the_name_of_a_refusal() -> None:
    """A port where nobody listens is a refused connection, not a time-out."""
    desk = desk_of()
    listen(desk, refused_url(), "dial-in")
    desk.incoming("102")
    error = deliveries(desk)[0].attempts[0].outcome.error
    assert error is not None
    assert error.startswith("ConnectionRefusedError: ")


def ring_three(desk: Desk, url: str) -> list[str | None]:
    """One step of three events to one url: the errors with which they were sent."""
    for name in ("102", "103", "106"):
        listen(desk, url, "dial-in", name=name)
    desk.queue("102", "103", "106", strategy="ring-all")
    desk.incoming("887")
    return [delivery.attempts[0].outcome.error for delivery in deliveries(desk)]


def late(seconds: float) -> str:
    return f"TimeoutError: no complete answer within {seconds} s"


@pytest.mark.fact("DLV-5")
def test_a_step_has_one_deadline_for_a_url() -> None:
    """Events of one step to a url that hangs are all sent, and hold it as long as one does."""
    came = threading.Semaphore(0)

    def count(connection: socket.socket) -> None:
        came.release()
        hang(connection)

    with raw(count) as url:
        assert ring_three(desk_of(), url) == [late(0.3), late(0.1), late(0.1)]
        assert all(came.acquire(timeout=LIMIT_S) for _ in range(3))


@pytest.mark.fact("DLV-5")
def test_each_step_has_a_deadline_of_its_own() -> None:
    """The next step waits for the same url anew."""
    desk = desk_of()
    with raw(hang) as url:
        listen(desk, url)
        talk(desk)
    errors = [delivery.attempts[0].outcome.error for delivery in deliveries(desk)]
    assert errors == [late(0.3)] * 3


@pytest.mark.fact("DLV-5")
def test_a_silent_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody tells of costs a step its time once, and one thread at a time."""
    asked: list[str] = []
    released = threading.Event()

    def silent(host: str, *args: Any, **options: Any) -> Any:
        asked.append(host)
        assert released.wait(LIMIT_S)
        raise socket.gaierror("nobody")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    desk = desk_of()
    try:
        errors = ring_three(desk, "http://silent.example.com/hook")
    finally:
        released.set()
    assert (errors, asked) == ([late(0.3), late(0.1), late(0.1)], ["silent.example.com"])


@pytest.mark.fact("DLV-4")
def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the name server says is the error of each event, and it is asked anew for the next."""
    asked: list[str] = []

    def unknown(host: str, *args: Any, **options: Any) -> Any:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    errors = ring_three(desk_of(), "http://nowhere.example.com/hook")
    assert errors == ["gaierror: [Errno -2] Name or service not known"] * 3
    assert asked == ["nowhere.example.com"] * 3


@pytest.mark.fact("EVT-21")
@pytest.mark.parametrize(
    ("pair", "sent"),
    [
        ("user:pw@", "dXNlcjpwdw=="),
        ("user@", "dXNlcjo="),
        (":pw@", "OnB3"),
        ("us%40er:p%3Aw%2F@", "dXNAZXI6cDp3Lw=="),
        ("%D1%8E:%C3%A9@", "0Y46w6k="),
    ],
)
def test_credentials_of_a_url(pair: str, sent: str) -> None:
    """They are sent as Basic, in UTF-8, and not as part of the host; and noted, masked."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url.replace("://", f"://{pair}"), "dial-in")
        desk.incoming("102")
        (seen,) = one.seen
        host = one.url.partition("://")[2].partition("/")[0]
        assert (seen.headers["Authorization"], seen.headers["Host"]) == (f"Basic {sent}", host)
    (noted,) = desk.world.notes
    text = "the url of a subscription has credentials; they are sent as Basic (assumed)"
    assert (noted["rule"], noted["message"], noted["count"]) == ("EVT-21", text, 1)
    assert "pw" not in noted["request"]


@pytest.mark.fact("EVT-21")
def test_a_url_without_credentials() -> None:
    """Nothing is sent or noted for it."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        assert "Authorization" not in one.seen[0].headers
    assert list(desk.world.notes) == []


@pytest.mark.fact("DLV-4", "DLV-5")
def test_an_event_is_sent_once() -> None:
    """A receiver that takes an event over a kept connection and hangs up does not get it again."""
    taken: list[bytes] = []

    def once(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        taken.append(connection.recv(65_536))  # the next event, which is never answered

    desk = desk_of()
    with raw(once) as url:
        listen(desk, url)
        talk(desk)
    outcomes = [[tried.outcome for tried in delivery.attempts] for delivery in deliveries(desk)]
    assert [[outcome.status for outcome in tried] for tried in outcomes] == [[200], [None], [200]]
    assert outcomes[1][0].error is not None
    assert outcomes[1][0].error.startswith("RemoteDisconnected: ")
    assert b"EventType=answer" in taken[0]


@pytest.mark.fact("DLV-1", "DLV-5")
def test_a_connection_that_was_closed_meanwhile() -> None:
    """A receiver that closes a kept connection before the next event comes loses none."""
    closed = threading.Semaphore(0)

    def hasty(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_RDWR)
        closed.release()

    desk = desk_of()
    with raw(hasty) as url:
        listen(desk, url)
        call = desk.incoming("102")
        for step in ("answer", "hang_up"):
            assert closed.acquire(timeout=LIMIT_S)
            desk.step(call, step)
    assert [delivery.status for delivery in deliveries(desk)] == [200] * 3


@pytest.mark.parametrize(("idle_s", "connections"), [(60.0, 1), (0.0, 3)])
def test_idle_connections_are_closed(idle_s: float, connections: int) -> None:
    """A connection is used again unless it was idle for too long."""
    with receiver() as one:
        network = Network(idle_s)
        for _ in range(3):
            answer = Answer()
            network.ask(Request("GET", one.url, (), b""), answer, Deadline(TIMEOUT_S))
            assert answer.status == 200
        assert len(one.connections) == connections
        network.close()


@pytest.mark.fact("DLV-4", "DLV-5")
@pytest.mark.parametrize("behave", [flood, close_in_the_middle, drip_body, no_http])
def test_the_next_event_after_a_bad_answer(behave: Callable[[socket.socket], None]) -> None:
    """What is left of a bad answer is not taken for the next one."""
    desk = desk_of()
    with raw(behave) as url:
        listen(desk, url)
        talk(desk)
        statuses = {delivery.status for delivery in deliveries(desk)}
        assert len(statuses) == 1


@pytest.mark.fact("DLV-5")
def test_a_redirect_is_not_followed() -> None:
    """The place that a receiver points to is not asked."""
    desk = desk_of()
    with receiver() as other:

        def point(connection: socket.socket) -> None:
            head = f"HTTP/1.1 307 X\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(head.encode())

        with raw(point) as url:
            listen(desk, url)
            talk(desk)
        assert other.seen == []


@pytest.mark.fact("DLV-4")
def test_the_mock_itself_as_receiver() -> None:
    """A subscription to the mock's own address gets the mock's own answer, and nothing hangs."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    with Server(create_app(desk.world), port=0) as server:
        listen(desk, f"{server.url}/_mockpbx/health", method="GET")
        listen(desk, f"{server.url}/api/ver1.0/extension/@102/event/")
        call = desk.step(desk.incoming("102"), "answer")
        desk.step(call, "hang_up")
        assert (
            sorted(delivery.status or 0 for delivery in deliveries(desk)) == [200] * 3 + [401] * 3
        )
        assert desk.now(call).result == "ANSWER"


# --- retries


@pytest.mark.fact("DLV-5")
def test_retries_run_on_the_worlds_clock() -> None:
    """A refused event is sent again after each of the delays of the mock's clock, no more."""
    desk = desk_of(retry_delays_s=(10, 60))
    with receiver(lambda seen: 500) as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        began = desk.world.now()
        assert desk.advance(9.9) == []
        fired = desk.advance(0.2)
        assert fired == [{"kind": "retry", "delivery": deliveries(desk)[0].id}]
        desk.phone("102", hangup_timeout=10_000)
        desk.advance(1000)
        (delivery,) = deliveries(desk)
        seconds = [(attempt.at - began).total_seconds() for attempt in delivery.attempts]
        assert [round(one) for one in seconds] == [0, 10, 70]
        assert [seen.body for seen in one.seen] == [one.seen[0].body] * 3


@pytest.mark.fact("DLV-5")
def test_a_retry_that_is_taken_is_the_last() -> None:
    """After an answer of 2xx the event is not sent again."""
    desk = desk_of(retry_delays_s=(10, 10, 10))
    statuses = iter([500, 302, 200])
    with receiver(lambda seen: next(statuses)) as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        desk.advance(55)
        assert [attempt.outcome.status for attempt in deliveries(desk)[0].attempts] == [
            500,
            302,
            200,
        ]
        assert len(one.seen) == 3


@pytest.mark.fact("DLV-5")
def test_a_fork_does_not_tell_again() -> None:
    """A world that was forked off sends none of what its origin still tries to send."""
    desk = desk_of(retry_delays_s=(10,))
    with receiver(lambda seen: 500) as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        fork = desk.world.fork()
        fork.advance(20)
        assert (len(one.seen), len(fork.deliveries)) == (1, 0)


@pytest.mark.fact("DLV-5")
def test_nothing_is_tried_after_a_reset() -> None:
    """What was still to be tried is forgotten with all else."""
    desk = desk_of(retry_delays_s=(10,))
    with receiver(lambda seen: 500) as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        desk.world.reset()
        desk.advance(20)
        assert (len(one.seen), len(desk.world.deliveries)) == (1, 0)


@pytest.mark.fact("DLV-5")
def test_no_retry_by_default() -> None:
    """Unless retries are set, a refused event is not sent again."""
    desk = desk_of()
    with receiver(lambda seen: 500) as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        desk.advance(50)
        assert len(one.seen) == 1


@pytest.mark.fact("DLV-4")
def test_replay() -> None:
    """A delivery can be sent once more as it was, under a number of its own."""
    desk = desk_of()
    with receiver() as one:
        listen(desk, one.url, "dial-in")
        desk.incoming("102")
        (first,) = deliveries(desk)
        with desk.world.change():
            again = replay(desk.world, first)
        assert [seen.body for seen in one.seen] == [one.seen[0].body] * 2
        assert deliveries(desk) == [first, again]
        assert again.id != first.id
        assert (len(first.attempts), len(again.attempts)) == (1, 1)


@pytest.mark.fact("DLV-4")
def test_the_record_of_a_delivery() -> None:
    """What is kept of a delivery: the request, and of each attempt the answer and its time.

    How the last attempt ended stands at the top, too.
    """
    desk = desk_of()
    with receiver() as one:
        (subscription,) = listen(desk, f"{one.url}?key=1", "dial-in")
        desk.incoming("102")
        shown = delivery(deliveries(desk)[0]).as_json()
        (attempt,) = shown.pop("attempts")
        assert attempt.pop("duration_us") > 0
        assert attempt == {"at": shown["at"], "status": 200, "answer": "OK", "error": None}
        assert shown["data"] == one.seen[0].event
        assert {name: shown[name] for name in shown if name not in ("at", "data", "id")} == {
            "subscription": subscription.id,
            "extension": 85219,
            "event_type": "dial-in",
            "method": "POST",
            "url": f"{one.url}?key=1",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            "ok": True,
            "outcome": "taken",
            "status": 200,
            "answer": "OK",
            "error": None,
            "body": one.seen[0].body,
            "sent": True,
        }


@pytest.mark.fact("DLV-4")
def test_the_log_of_deliveries_is_bounded() -> None:
    """Only the last deliveries are kept, and the rest is counted."""
    desk = desk_of(journal_limit=5)
    with receiver() as one:
        listen(desk, one.url)
        for _ in range(4):
            talk(desk)
        assert (len(desk.world.deliveries), desk.world.deliveries.dropped) == (5, 7)
        assert len(one.seen) == 12


@pytest.mark.fact("DLV-4")
def test_the_log_of_deliveries_is_bounded_in_bytes() -> None:
    """What receivers answer counts: deliveries are kept as long as there is room for that."""
    desk = desk_of(journal_bytes=110_000)
    url = "http://crm.test/large"
    outbox: Any = desk.world.courier
    outbox.transport.deliver_to(url, lambda request: (200, b"x" * 30_000))
    listen(desk, url)
    for _ in range(4):
        talk(desk)
    assert (len(desk.world.deliveries), desk.world.deliveries.dropped) == (3, 9)


# --- order and independence


@pytest.mark.fact("DLV-6")
def test_a_slow_receiver_delays_no_other() -> None:
    """While one receiver has not answered yet, another one is told."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    told = threading.Event()

    def tell(seen: Seen) -> None:
        told.set()

    def wait(seen: Seen) -> int:
        return 200 if told.wait(LIMIT_S) else 500

    for first, second in ((wait, tell), (tell, wait)):
        told.clear()
        desk = desk_of(delivery_timeout_s=LIMIT_S)
        with receiver(first) as one, receiver(second) as two:
            listen(desk, one.url, "dial-in")
            listen(desk, two.url, "dial-in")
            desk.incoming("102")
            assert [delivery.status for delivery in deliveries(desk)] == [200, 200]


@pytest.mark.fact("DLV-6")
def test_a_dead_receiver_delays_no_other_call() -> None:
    """While a receiver hangs, the API and calls that do not concern it go on."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    release = threading.Event()
    with receiver(lambda seen: release.wait(LIMIT_S) and None) as slow, receiver() as quick:
        listen(desk, slow.url, "dial-in", name="103")
        listen(desk, quick.url)
        step = threading.Thread(target=desk.incoming, args=("103",), daemon=True)
        step.start()
        slow.wait_for(1)
        talk(desk)
        assert types(quick.seen) == list(CALL)
        assert step.is_alive()
        release.set()
        step.join(LIMIT_S)
        assert not step.is_alive()


@pytest.mark.fact("DLV-6")
def test_order_for_each_url() -> None:
    """Many calls at once: each url gets its events in the order in which they arose."""
    desk = desk_of()
    with receiver() as one, receiver() as two:
        for url in (one.url, two.url):
            for name in ("102", "103", "104"):
                listen(desk, url, name=name)
        names = ["102", "103", "104"] * 5
        run_all([lambda name=name: talk(desk, name) for name in names])  # type: ignore[misc]
        for each in (one, two):
            events = [seen.event for seen in each.wait_for(45)]
            assert len(events) == 45
            assert in_order(events)


def run_all(jobs: list[Callable[[], None]]) -> None:
    """Do all of these at once, and come back when they are done."""
    faults: list[BaseException] = []
    barrier = threading.Barrier(len(jobs))

    def work(job: Callable[[], None]) -> None:
        barrier.wait(LIMIT_S)
        try:
            job()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)
    assert faults == []
    assert not any(thread.is_alive() for thread in threads), "deadlock"


# --- receivers that call back


@pytest.mark.fact("DLV-7")
def test_the_state_that_a_receiver_sees() -> None:
    """From inside its handler a receiver sees the call as it is after the event."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    seen_states = []
    pool = urllib3.PoolManager()
    with Server(create_app(desk.world), port=0) as server:

        def look(seen: Seen) -> None:
            url = f"{server.url}/_mockpbx/calls/{seen.event['CallID']}"
            seen_states.append(pool.request("GET", url).json()["state"])

        with receiver(look) as one:
            listen(desk, one.url)
            talk(desk)
        assert seen_states == ["ringing", "answered", "finished"]
    pool.clear()


@pytest.mark.fact("DLV-7", "DLV-6")
def test_a_receiver_in_the_same_thread_that_answers() -> None:
    """A receiver in this process may make the next step from inside its handler."""
    desk = desk_of()
    arrived: list[Event] = []

    def take(request: Any) -> tuple[int, bytes]:
        event = dict(parse_qsl(request.body.decode()))
        arrived.append(event)
        call = call_of(desk.world, event["CallID"])
        if event["EventType"] == "dial-in":
            call.answer()
        elif event["EventType"] == "answer":
            call.hang_up()
        return 200, b""

    desk.world.courier.transport.deliver_to("http://own.test", take)  # type: ignore[attr-defined]
    listen(desk, "http://own.test/x")
    call = desk.incoming("102")
    assert [event["EventType"] for event in arrived] == list(CALL)
    assert in_order(arrived)
    assert desk.state(call) == "finished"


@pytest.mark.fact("DLV-7", "DLV-6")
@pytest.mark.parametrize("door", ["python", "control"])
def test_a_receiver_in_another_thread_that_answers(door: str) -> None:
    """A receiver behind a socket may make the next step from inside its handler, by any door."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    pool = urllib3.PoolManager()
    with Server(create_app(desk.world), port=0) as server:

        def take(seen: Seen) -> None:
            step = {"dial-in": "answer", "answer": "hang_up"}.get(seen.event["EventType"])
            if step and door == "python":
                getattr(call_of(desk.world, seen.event["CallID"]), step)()
            elif step:
                url = f"{server.url}/_mockpbx/calls/{seen.event['CallID']}/{step}"
                assert pool.request("POST", url, json={}).status == 200

        with receiver(take) as one:
            listen(desk, one.url)
            call = desk.incoming("102")
            events = [seen.event for seen in one.wait_for(3)]
            assert [event["EventType"] for event in events] == list(CALL)
            assert in_order(events)
            assert desk.state(call) == "finished"
    pool.clear()


@pytest.mark.fact("DLV-7", "DLV-6")
def test_fifty_receivers_call_back_at_once() -> None:
    """Fifty calls at once, each event's handler asks the API: no deadlock, order kept per url."""
    desk = desk_of(delivery_timeout_s=LIMIT_S)
    pool = urllib3.PoolManager(maxsize=64, block=False)
    statuses: list[int] = []
    with Server(create_app(desk.world), port=0) as server:

        def ask(seen: Seen) -> None:
            url = f"{server.url}/_mockpbx/calls/{seen.event['CallID']}"
            statuses.append(pool.request("GET", url).status)

        with receiver(ask) as one:
            urls = [f"{one.url}/{number}" for number in range(50)]
            phones = ["101", "102", "103", "104", "106"]
            for number, url in enumerate(urls):
                listen(desk, url, name=phones[number % 5])
            names = phones * 2
            run_all([lambda name=name: talk(desk, name) for name in names])  # type: ignore[misc]
            seen = one.wait_for(300)
        assert len(seen) == 300  # ten calls, three events, ten urls for each phone
        assert statuses == [200] * 300
        for number in range(50):
            events = [each.event for each in seen if each.target == f"/calls/{number}"]
            assert len(events) == 6
            assert in_order(events)
    assert all(delivery.status == 200 for delivery in deliveries(desk))
    pool.clear()


@pytest.mark.fact("DLV-7", "CBK-1")
def test_a_receiver_that_starts_a_callback() -> None:
    """Who asks for a callback from inside its handler is answered, and told of it."""
    app = create_app("office", Config(freeze=True, delivery_timeout_s=LIMIT_S))
    world = app.extensions["mockpbx"].worlds.default
    pool = urllib3.PoolManager()
    statuses: list[int] = []
    grant = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
    token = app.test_client().post("/oauth/token", data=grant).json["access_token"]  # type: ignore[index]
    headers = {"Authorization": f"Bearer {token}"}
    with Server(app, port=0) as server:
        phone = f"{server.url}/api/ver1.0/extension/@102"

        def call_back(seen: Seen) -> None:
            if seen.event["EventType"] == "hangup":
                body = {"src_num": ["102"], "dst_num": seen.event["CallerIDNum"]}
                answer = pool.request("POST", f"{phone}/callback/", json=body, headers=headers)
                statuses.append(answer.status)

        with receiver(call_back) as one:
            for kind in ("dial-in", "hangup", "dial-out"):
                body = {"url": one.url, "method": "POST", "event_type": kind}
                answer = pool.request("POST", f"{phone}/event/", json=body, headers=headers)
                assert answer.status == 201
            pbx_of(world).incoming_call("+79161112233", "102").hang_up()
            assert statuses == [201]
            world.advance(2)
            assert types(one.wait_for(3)) == ["dial-in", "hangup", "dial-out"]
    pool.clear()


# --- habits of the real PBX


@pytest.mark.fact("DLV-8")
def test_quirk_missing_rec_id() -> None:
    """With that switch RecID is missing from hangup, though the leg is recorded."""
    desk = Desk(quirks=Quirks(missing_rec_id=True))
    talk(desk)
    assert not any("RecID" in event for event in desk.events())


@pytest.mark.fact("DLV-8")
def test_quirk_dial_in_twice() -> None:
    """With that switch each dial-in is sent twice, the same both times."""
    desk = Desk(quirks=Quirks(dial_in_twice=True))
    talk(desk)
    events = desk.events()
    assert [event["EventType"] for event in events] == ["dial-in", "dial-in", "answer", "hangup"]
    assert events[0] == events[1]


@pytest.mark.fact("DLV-8")
def test_quirk_short_number_in_answer() -> None:
    """With that switch CallerIDNum in answer is the short number, in other events the whole one."""
    desk = Desk(quirks=Quirks(short_number_in_answer=True))
    desk.step(desk.step(desk.internal("101", "102"), "answer"), "hang_up")
    numbers = {
        (event["EventType"], event["CallFlow"]): event["CallerIDNum"] for event in desk.events()
    }
    assert numbers == {
        ("dial-out", "out"): "2566*101",
        ("dial-in", "in"): "2566*101",
        ("answer", "in"): "101",
        ("answer", "out"): "2566*101",
        ("hangup", "in"): "2566*101",
        ("hangup", "out"): "2566*101",
    }


@pytest.mark.fact("DLV-8")
def test_quirks_are_off() -> None:
    """By default there are no such habits."""
    desk = Desk()
    talk(desk)
    events = desk.events()
    assert [event["EventType"] for event in events] == list(CALL)
    assert "RecID" in events[-1]
