import gc
import json
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import flask
import pytest
import time_machine
import urllib3
from freezegun import freeze_time

from mockpbx.server.socket import Server, ServerError

MIB = 1024 * 1024


def make_app() -> flask.Flask:
    app = flask.Flask(__name__)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def echo(path: str) -> dict[str, Any]:
        body = flask.request.get_data(as_text=True)
        return {"path": path, "query": flask.request.query_string.decode(), "body": body}

    @app.route("/unread", methods=["POST"])
    def unread() -> tuple[dict[str, Any], int]:
        return {"message": "Unauthorized"}, 401

    @app.get("/host")
    def host() -> str:
        return flask.request.host

    return app


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(make_app(), port=0) as running:
        yield running


def port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(server)), timeout=10)


def exchange(server: Server, request: bytes) -> tuple[str, bytes]:
    """Send those bytes as they are: the status line and the body of the only answer."""
    with connect(server) as client:
        client.sendall(request)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0].decode(), body


def exchange_on(client: socket.socket, request: bytes) -> bytes:
    """Send those bytes on an open connection: the body of one answer of known length."""
    client.sendall(request)
    answer = client.makefile("rb")
    length = 0
    while (line := answer.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return answer.read(length)


def test_url_names_the_port_that_was_taken(server: Server) -> None:
    """Port 0 takes a free port, and `url` names it."""
    assert port_of(server) > 0
    answer = urllib3.request("GET", f"{server.url}/a?b=c")
    assert (answer.status, answer.json()) == (200, {"path": "a", "query": "b=c", "body": ""})


@pytest.mark.parametrize(
    ("host", "prefix"), [("0.0.0.0", "http://127.0.0.1:"), ("127.0.0.1", "http://127.0.0.1:")]
)
def test_url_can_be_called(host: str, prefix: str) -> None:
    """A server on all interfaces is published under an address that clients can call."""
    with Server(make_app(), host, 0) as server:
        assert server.url.startswith(prefix)
        assert urllib3.request("GET", f"{server.url}/a").status == 200


def test_url_of_ipv6_has_brackets() -> None:
    """An IPv6 address stands in brackets."""
    server = Server(make_app(), "::1", 0)
    try:
        server.start()
    except ServerError:
        pytest.skip("no IPv6 here")
    with server:
        assert server.url.startswith("http://[::1]:")


def test_an_address_may_stand_in_brackets() -> None:
    """The host may be written as in an address."""
    try:
        server = Server(make_app(), "[::1]", 0)
        server.start()
    except ServerError:
        pytest.skip("no IPv6 here")
    with server:
        assert urllib3.request("GET", f"{server.url}/a").status == 200


def test_a_stopped_server_has_no_url(server: Server) -> None:
    """After `stop` there is no address to call."""
    server.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        _ = server.url


def test_a_taken_port_is_refused(server: Server) -> None:
    """A port where another server listens is refused with the address."""
    port = port_of(server)
    with pytest.raises(ServerError, match=rf"^cannot listen on 127\.0\.0\.1:{port}: \S"):
        Server(make_app(), port=port).start()


def test_an_address_of_another_machine_is_refused() -> None:
    """An address that this machine does not have is refused."""
    with pytest.raises(ServerError, match=r"^cannot listen on 203\.0\.113\.7:0: \S"):
        Server(make_app(), "203.0.113.7", 0).start()


def test_serve_forever_ends_with_stop(server: Server) -> None:
    """`serve_forever` returns when another thread stops the server."""
    with ThreadPoolExecutor() as threads:
        serving = threads.submit(server.serve_forever)
        while not serving.done():
            server.stop()
        assert serving.exception() is None


def test_a_server_starts_again(server: Server) -> None:
    """A stopped server can be started again, on a port of its own."""
    server.stop()
    server.start()
    assert urllib3.request("GET", f"{server.url}/a").status == 200


def test_a_running_server_is_not_started_again(server: Server) -> None:
    """Starting a server that runs changes nothing."""
    url = server.url
    server.start()
    assert server.url == url


def test_stop_does_not_wait_for_idle_connections(server: Server) -> None:
    """Idle and half-sent connections do not delay the stop, which closes them."""
    with connect(server) as idle, connect(server) as half_sent:
        exchange_on(idle, b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        half_sent.sendall(b"GET /a HT")
        server.stop()  # both have stayed open until then, and would for any time
        assert idle.recv(1) == b""


def test_stop_does_not_wait_for_an_answer() -> None:
    """A server is stopped although a request still waits."""
    entered, released, answered = threading.Event(), threading.Event(), threading.Event()
    app = flask.Flask(__name__)

    @app.get("/")
    def wait() -> str:
        entered.set()
        released.wait(30)
        answered.set()
        return ""

    with Server(app, port=0) as server, connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert entered.wait(10)
        server.stop()
        assert not answered.is_set()
        released.set()


def test_stop_lets_the_application_go() -> None:
    """A stopped server keeps neither its application nor the worlds in it alive."""
    app = make_app()
    remembered = weakref.ref(app)
    with Server(app, port=0) as server:
        urllib3.request("GET", f"{server.url}/a")
    del app, server
    gc.collect()
    assert remembered() is None


def test_requests_may_wait_for_each_other(server: Server) -> None:
    """Fifty requests that each wait until all fifty have arrived are answered."""
    arrived = threading.Barrier(50)
    app = flask.Flask(__name__)

    @app.get("/")
    def wait() -> str:
        arrived.wait(20)
        return "all here"

    with Server(app, port=0) as waiting, ThreadPoolExecutor(50) as threads:
        url = waiting.url
        answers = threads.map(lambda _: urllib3.request("GET", url).data, range(50))
        assert set(answers) == {b"all here"}


@pytest.mark.fact("GEN-13")
def test_connections_are_kept(server: Server) -> None:
    """An HTTP/1.1 connection serves any number of requests."""
    with connect(server) as client:
        for path in ("a", "b", "c"):
            body = exchange_on(client, f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert json.loads(body)["path"] == path


@pytest.mark.fact("GEN-13")
def test_status_line_has_its_reason(server: Server) -> None:
    """The status line carries protocol, status and reason phrase."""
    status, _ = exchange(server, b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert status == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps_keeps_connections(server: Server, days: int) -> None:
    """An idle connection survives a jump of the process's clock, by either library."""
    request = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    with connect(server) as idle, connect(server) as busy:
        whole = exchange_on(idle, request)
        for jump in (time_machine.travel, freeze_time):
            with jump(timedelta(days=days)):
                # Other requests make the server look through its idle connections.
                assert [exchange_on(busy, request) for _ in range(3)] == [whole] * 3
                assert exchange_on(idle, request) == whole
        assert exchange_on(idle, request) == whole


def test_a_server_stops_under_a_frozen_clock(server: Server) -> None:
    """A server is stopped although no time passes."""
    with freeze_time("2020-01-01"), connect(server) as client:
        exchange_on(client, b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        server.stop()
        assert client.recv(1) == b""


@pytest.mark.fact("GEN-3")
def test_two_slashes_before_the_path_are_one(server: Server) -> None:
    """A path that begins with `//` is a path, not the name of another host."""
    status, body = exchange(
        server, b"GET //extension//1/?a=//b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    assert status == "HTTP/1.1 200 OK"
    assert json.loads(body) == {"path": "extension//1/", "query": "a=//b", "body": ""}


@pytest.mark.fact("GEN-12")
def test_expect_continue_is_answered(server: Server) -> None:
    """`Expect: 100-continue` is told to continue before the body is sent."""
    with connect(server) as client:
        client.sendall(
            b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert json.loads(exchange_on(client, b"hi"))["body"] == "hi"


@pytest.mark.fact("GEN-12")
def test_connection_close_is_obeyed(server: Server) -> None:
    """`Connection: close` ends the connection after the answer."""
    _, body = exchange(server, b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert json.loads(body) == {"path": "a", "query": "", "body": ""}


def test_a_chunked_body_is_a_body(server: Server) -> None:
    """A chunked body arrives whole, and the connection serves the next request."""
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(server) as client:
        body = exchange_on(client, head + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
        assert json.loads(body)["body"] == "abcde"
        body = exchange_on(client, b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert json.loads(body)["path"] == "b"


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Length: 5\r\n\r\nGET /",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\nTrailer: x\r\n\r\n",
    ],
    ids=["known length", "chunked"],
)
def test_a_body_that_nobody_read_is_no_request(server: Server, body: bytes) -> None:
    """After a refusal without a look at the body, the connection serves the next request."""
    with connect(server) as client:
        refusal = exchange_on(client, b"POST /unread HTTP/1.1\r\nHost: x\r\n" + body)
        assert json.loads(refusal) == {"message": "Unauthorized"}
        answer = exchange_on(client, b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
        assert json.loads(answer)["path"] == "b"


def test_a_request_without_host_is_for_this_server(server: Server) -> None:
    """HTTP/1.0 without a Host header is answered for the address that was called."""
    _, body = exchange(server, b"GET /host HTTP/1.0\r\n\r\n")
    assert body.decode() == server.url.removeprefix("http://")


@pytest.mark.fact("GEN-6")
def test_a_refusal_below_the_application_explains_itself(server: Server) -> None:
    """What cannot be read as HTTP is refused with JSON, the rule and the reason."""
    with connect(server) as client:
        client.sendall(b"GET /a HTTP/1.1\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    head, _, body = answer.partition("\r\n\r\n")
    status, date, *fields = head.split("\r\n")
    assert (status, date[:6]) == ("HTTP/1.1 400 Bad Request", "Date: ")
    assert fields == [
        "Content-Type: application/json",
        "Content-Length: 31",
        "X-Mockpbx-Rule: GEN-12",
        "X-Mockpbx-Basis: observed",
        "X-Mockpbx-Reason: There is no Host",
        "Connection: close",
    ]
    assert json.loads(body) == {"message": "There is no Host"}


def test_a_crash_is_logged_and_answered(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """An application that raises is answered with a 500 in JSON, and its traceback is logged."""

    def crash(environ: object, start_response: object) -> list[bytes]:
        raise LookupError("nothing here")

    with Server(crash, port=0) as crashing:
        line, body = exchange(crashing, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (line, json.loads(body)) == (
        "HTTP/1.1 500 Internal Server Error",
        {"message": "Internal Server Error"},
    )
    assert "LookupError: nothing here" in caplog.text


def test_a_method_that_nobody_knows_is_refused_with_those_that_are(server: Server) -> None:
    """An unknown method is a 405 that lists the methods of HTTP."""
    with connect(server) as client:
        client.sendall(b"GRAB /a HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 405 Method Not Allowed\r\n")
    assert "\r\nAllow: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n" in answer
    assert "\r\nX-Mockpbx-Rule: ERR-10\r\n" in answer


def test_an_answer_on_the_way_is_finished() -> None:
    """A request that is being answered when the server stops is answered, and then it ends."""
    entered, released = threading.Event(), threading.Event()

    def app(environ: object, start_response: Any) -> list[bytes]:
        entered.set()
        released.wait(20)
        start_response("200 OK", [])
        return [b"done"]

    with Server(app, port=0) as server, connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert entered.wait(20)
        threading.Timer(0.05, released.set).start()
        server.stop()
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"done")


def test_a_freeze_around_the_first_import_changes_nothing() -> None:
    """Imported first inside a freeze, the server still answers, cuts and stops."""
    script = (
        "from freezegun import freeze_time\n"
        "import socket\n"
        "with freeze_time('2020-01-01'):\n"
        "    from mockpbx.server.request import Limits\n"
        "    from mockpbx.server.socket import Server\n"
        "    def app(environ, start):\n"
        "        start('200 OK', [])\n"
        "        return [b'1']\n"
        "    with Server(app, port=0, limits=Limits(idle_s=0.2, request_s=0.2)) as server:\n"
        "        port = int(server.url.rpartition(':')[2])\n"
        "        for sent in (b'', b'GET', b'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'):\n"
        "            client = socket.create_connection(('127.0.0.1', port), timeout=20)\n"
        "            client.sendall(sent)\n"
        "            print(client.recv(12).decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "\nHTTP/1.1 408\nHTTP/1.1 200\n"), done.stderr


def test_what_follows_the_last_request_spoils_no_answer(server: Server) -> None:
    """Bytes behind the last request, which some clients send, do not reset the connection."""
    last = b"POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi"
    with connect(server) as client:
        client.sendall(last)
        answer = client.recv(65536)
        client.sendall(b"\r\n" * 1000)
        client.sendall(b"\r\n" * 1000)
        while data := client.recv(65536):
            answer += data
    assert answer.endswith(b'{"body":"hi","path":"a","query":""}\n')
