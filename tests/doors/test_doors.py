"""Clients of three libraries reach a PBX without a socket."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import RemoteDisconnected
from importlib import import_module
from typing import Any

import httpx
import pytest
import requests
import urllib3

from mockpbx import Config, MockPBX
from mockpbx.core.clock import stamp
from tests import shared
from tests.receivers import listening

TEST = "http://mockpbx.test"
HOST = "https://pbx.example.com"
LOGIN = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}

#: What a library answers to a GET: status, reason, content type and the JSON.
Get = Callable[[str, dict[str, str]], tuple[int, str, str, Any]]


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx(freeze=True) as made:
        yield made


def with_requests(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    answer = requests.get(url, headers=headers, timeout=5)
    return answer.status_code, answer.reason, answer.headers["Content-Type"], answer.json()


def with_httpx(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    answer = httpx.get(url, headers=headers)
    kind = answer.headers["Content-Type"]
    return answer.status_code, answer.reason_phrase, kind, answer.json()


def with_async_httpx(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    async def get() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(url, headers=headers)

    answer = asyncio.run(get())
    kind = answer.headers["Content-Type"]
    return answer.status_code, answer.reason_phrase, kind, answer.json()


def with_urllib(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        assert answer.url == url
        return answer.status, answer.reason, answer.headers["Content-Type"], json.load(answer)


LIBRARIES = [with_requests, with_httpx, with_async_httpx, with_urllib]


def bearer(pbx: MockPBX) -> dict[str, str]:
    return {"Authorization": f"Bearer {pbx.token()}"}


def test_a_session(pbx: MockPBX) -> None:
    """A requests session posts forms and JSON, and reads status, reason and body."""
    session = pbx.session()
    answer = session.post(f"{TEST}/oauth/token", data=LOGIN)
    assert (answer.status_code, answer.reason, answer.json()["token_type"]) == (200, "OK", "Bearer")
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    event = {"url": "https://crm.example.com/", "method": "POST", "event_type": "hangup"}
    made = session.post(f"{TEST}/api/ver1.0/extension/@102/event/", json=event)
    assert (made.status_code, made.reason) == (201, "Created")
    gone = session.delete(f"{TEST}/api/ver1.0/extension/@102/event/{made.json()['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert pbx.requests[1].header("User-Agent").startswith("python-requests/")


def test_a_session_reads_as_it_comes(pbx: MockPBX) -> None:
    """With `stream` a long record is read in pieces."""
    record = pbx.session()
    record.headers.update(bearer(pbx))
    now = pbx.clock.now()
    day = {"start_datetime": stamp(now - timedelta(days=2)), "end_datetime": stamp(now)}
    listed = record.get(f"{TEST}/api/ver1.0/client/@me/record/", params=day).json()
    url = listed[0]["storage_url"]
    assert url.startswith(f"{TEST}/storage/")
    with record.get(url, stream=True) as answer:
        length = int(answer.headers["Content-Length"])
        assert sum(map(len, answer.iter_content(4096))) == length > 0


def test_a_session_and_the_socket() -> None:
    """Once there is a socket, the session answers for its address too, without using it."""
    pbx = MockPBX(freeze=True)
    session = pbx.session()
    url = pbx.url
    assert session.get(f"{url}/_mockpbx/health").json()["status"] == "ok"
    pbx.close()
    assert session.get(f"{TEST}/_mockpbx/health").status_code == 200
    with pytest.raises(requests.ConnectionError):
        session.get(f"{url}/_mockpbx/health", timeout=5)


def test_other_hosts_of_a_session(pbx: MockPBX) -> None:
    """A session, and a transport, ask other hosts over the network when they are told to."""
    with listening() as other:
        session = pbx.session(passthrough=True)
        assert session.post(other.url, data="EventType=a").status_code == 200
        with httpx.Client(transport=pbx.httpx_transport(passthrough=True)) as client:
            assert client.post(other.url, content="EventType=b").status_code == 200
        assert other.types() == ["a", "b"]
    assert "refused" not in pbx.story()


def test_other_hosts_are_refused(pbx: MockPBX) -> None:
    """Without that nobody else is asked, by whichever door; the story of the test names them."""

    async def ask(url: str) -> None:
        async with httpx.AsyncClient(transport=pbx.httpx_transport()) as client:
            await client.get(url)

    with listening() as other:
        with pytest.raises(requests.ConnectionError, match="passthrough=True") as caught:
            pbx.session().get(f"{other.url}?token=abc")
        with (
            httpx.Client(transport=pbx.httpx_transport()) as client,
            pytest.raises(httpx.ConnectError, match="passthrough=True"),
        ):
            client.get("https://crm.example.com/a")
        with pytest.raises(httpx.ConnectError, match="passthrough=True"):
            asyncio.run(ask("http://crm.example.com/b"))
        assert other.types() == []
    assert "abc" not in str(caught.value)
    hosts = (f"{other.url}?token=***", "https://crm.example.com/a", "http://crm.example.com/b")
    told = [f"refused, as it is none of the PBX's: {url}" for url in hosts]
    assert pbx.story().splitlines()[-3:] == told


@pytest.mark.neighbour("responses")
def test_a_session_beside_responses(pbx: MockPBX) -> None:
    """While responses is active the world answers its own addresses; the rest is mocked."""
    import responses

    with responses.RequestsMock() as mock:
        mock.get("https://crm.example.com/", json={"mocked": True})
        session = pbx.session(passthrough=True)
        assert session.get(f"{TEST}/_mockpbx/health").json()["status"] == "ok"
        assert session.get("https://crm.example.com/").json() == {"mocked": True}
        with pytest.raises(requests.ConnectionError, match="passthrough=True"):
            pbx.session().get("https://crm.example.com/")


@pytest.mark.neighbour("requests_mock")
@pytest.mark.parametrize("real_http", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_a_session_beside_requests_mock(pbx: MockPBX, real_http: bool, before: bool) -> None:
    """While requests-mock is active the world answers its own addresses; the rest is mocked."""
    requests_mock = import_module("requests_mock")

    session = pbx.session(passthrough=True) if before else None
    with requests_mock.Mocker(real_http=real_http) as mock:
        mock.get("https://crm.example.com/", json={"mocked": True})
        session = session or pbx.session(passthrough=True)
        for _ in range(2):
            assert session.get(f"{TEST}/_mockpbx/health").json()["status"] == "ok"
            assert session.get("https://crm.example.com/").json() == {"mocked": True}
        with pytest.raises(requests.ConnectionError, match="passthrough=True"):
            pbx.session().get("https://elsewhere.example.com/")
    assert session.get(f"{TEST}/_mockpbx/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "body",
    [
        "grant_type=x",
        b"grant_type=x",
        bytearray(b"grant_type=x"),
        io.BytesIO(b"grant_type=x"),
        iter([b"grant_", b"type=x"]),
    ],
    ids=["text", "bytes", "bytearray", "file", "pieces"],
)
def test_bodies_of_a_session(pbx: MockPBX, body: Any) -> None:
    """Whatever requests takes for a body arrives."""
    pbx.session().post(f"{TEST}/oauth/token", data=body)
    assert pbx.requests[0].body == b"grant_type=x"


def test_httpx_clients(pbx: MockPBX) -> None:
    """One transport serves plain and asynchronous clients."""
    transport = pbx.httpx_transport()
    with httpx.Client(transport=transport, base_url=TEST) as client:
        answer = client.post("/oauth/token", data=LOGIN)
    assert (answer.status_code, answer.reason_phrase, answer.http_version) == (
        200,
        "OK",
        "HTTP/1.1",
    )

    async def get() -> Any:
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        async with httpx.AsyncClient(transport=transport, base_url=TEST, headers=headers) as client:
            return (await client.get("/api/ver1.0/user/")).json()["login"]

    assert asyncio.run(get()) == "admin"


def test_an_asynchronous_receiver_in_the_loop(pbx: MockPBX) -> None:
    """The loop runs on while a request is served, so that it can answer what the PBX asks it."""
    told: list[bytes] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def receive(body: bytes) -> None:
            told.append(body)

        def hook(request: Any) -> None:
            asyncio.run_coroutine_threadsafe(receive(request.body), loop).result(5)

        pbx.deliver_to("https://crm.example.com", hook)
        event = {"url": "https://crm.example.com/", "method": "POST", "event_type": "dial-in"}
        async with httpx.AsyncClient(
            transport=pbx.httpx_transport(), base_url=TEST, headers=bearer(pbx)
        ) as client:
            await client.post("/api/ver1.0/extension/@102/event/", json=event)
            call = {"from": "+79161112233", "to": "102"}
            await client.post("/_mockpbx/calls", json=call)

    asyncio.run(main())
    assert [body.partition(b"&")[0] for body in told] == [b"EventType=dial-in"]


@pytest.mark.parametrize("get", LIBRARIES)
def test_a_hard_coded_host(pbx: MockPBX, get: Get) -> None:
    """While it is intercepted a host is the PBX, for every library."""
    with pbx.intercept(f"{HOST}/api/ver1.0"):
        answer = get(f"{HOST}/api/ver1.0/user/", bearer(pbx))
    assert answer[:3] == (200, "OK", "application/json")
    assert answer[3]["login"] == "admin"


@pytest.mark.parametrize("get", LIBRARIES)
def test_another_host_is_asked_as_ever(pbx: MockPBX, get: Get) -> None:
    """Other hosts, ports and schemes pass untouched."""
    with (
        MockPBX(world="documented") as other,
        pbx.intercept(HOST),
        pbx.intercept("http://127.0.0.1"),
    ):
        answer = get(f"{other.url}/_mockpbx/health", {})
    assert (answer[0], answer[3]["world"]) == (200, "documented")


@pytest.mark.parametrize(
    ("get", "error"),
    [
        (with_requests, requests.ConnectionError),
        (with_httpx, httpx.ConnectError),
        (with_async_httpx, httpx.ConnectError),
        (with_urllib, urllib.error.URLError),
    ],
)
def test_only_this_host(pbx: MockPBX, get: Get, error: type[Exception]) -> None:
    """With `only` any other host is refused, and the PBX's own addresses are not."""
    with pbx.intercept(HOST, only=True), pytest.raises(error) as caught:
        get("https://other.example.com/x", {})
    text = f"mockpbx lets only {HOST} be asked here (only=True), not https://other.example.com/x"
    assert text in str(caught.value)
    with pbx.intercept(HOST, only=True):
        assert get(f"{pbx.url}/_mockpbx/health", {})[0] == 200


def with_urllib3(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    pool = urllib3.PoolManager(retries=False)
    answer = pool.request("GET", url, headers=headers)
    return answer.status, str(answer.reason), answer.headers["Content-Type"], answer.json()


def with_aiohttp(url: str, headers: dict[str, str]) -> tuple[int, str, str, Any]:
    aiohttp = import_module("aiohttp")

    async def get() -> tuple[int, str, str, Any]:
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as found:
            return found.status, found.reason, found.headers["Content-Type"], await found.json()

    return asyncio.run(get())


MORE = [
    pytest.param(with_urllib3, id="urllib3"),
    pytest.param(with_aiohttp, id="aiohttp", marks=pytest.mark.neighbour("aiohttp")),
]


@pytest.mark.parametrize("get", MORE)
def test_more_libraries(pbx: MockPBX, get: Get) -> None:
    """urllib3 and aiohttp reach the PBX at its host, and other hosts as ever, or not at all."""
    with pbx.intercept(HOST), MockPBX("documented") as other:
        answer = get(f"{HOST}/api/ver1.0/user/", bearer(pbx))
        assert answer[:3] == (200, "OK", "application/json")
        assert answer[3]["login"] == "admin"
        assert get(f"{other.url}/_mockpbx/health", {})[3]["world"] == "documented"
        with pbx.intercept(HOST, only=True):
            assert get(f"{HOST}/_mockpbx/health", {})[0] == 200
            assert get(f"{pbx.url}/_mockpbx/health", {})[0] == 200
            with pytest.raises(Exception, match="mockpbx lets only"):
                get(f"{other.url}/_mockpbx/health", {})
    assert pbx.requests[0].header("Host") == "pbx.example.com"


def test_urllib3_retries(pbx: MockPBX) -> None:
    """Its own retries, and errors when there are none left, are those of urllib3."""
    pool = urllib3.PoolManager()
    with pbx.intercept(HOST):
        pbx.faults.add("GET /user/", status=503, times=2)
        retries = urllib3.Retry(3, status_forcelist=[503], backoff_factor=0)
        url = f"{HOST}/api/ver1.0/user/"
        answer = pool.request("GET", url, headers=bearer(pbx), retries=retries)
        assert (answer.status, [one.status for one in pbx.requests]) == (200, [503, 503, 200])
        pbx.faults.add(drop=True, times=2)
        with pytest.raises(urllib3.exceptions.MaxRetryError):
            pool.request("GET", url, retries=1)
        pbx.faults.add(drop=True, times=1)
        with pytest.raises(urllib3.exceptions.ProtocolError):
            pool.request("GET", url, retries=False)
        pbx.faults.clear()
        pbx.faults.add(latency=3000)
        with pytest.raises(urllib3.exceptions.ReadTimeoutError):
            pool.request("GET", url, retries=False, timeout=10)


@pytest.mark.neighbour("responses")
@pytest.mark.parametrize("only", [True, False])
def test_responses_within_passes_nothing_out(pbx: MockPBX, only: bool) -> None:
    """What responses lets pass reaches the PBX, and with only=True no other host."""
    import responses

    with pbx.intercept(HOST, only=only), responses.RequestsMock() as mock:
        mock.add_passthru("http")
        assert with_requests(f"{HOST}/_mockpbx/health", {})[3]["status"] == "ok"
        if only:
            with listening() as other, pytest.raises(requests.ConnectionError, match="lets only"):
                requests.get(other.url, timeout=5)


@pytest.mark.neighbour("requests_mock")
def test_requests_mock_within_passes_nothing_out(pbx: MockPBX) -> None:
    """What requests-mock lets pass reaches the PBX, and no other host."""
    requests_mock = import_module("requests_mock")
    with pbx.intercept(HOST, only=True), requests_mock.Mocker(real_http=True):
        assert with_requests(f"{HOST}/_mockpbx/health", {})[3]["status"] == "ok"
        with listening() as other, pytest.raises(requests.ConnectionError, match="lets only"):
            requests.get(other.url, timeout=5)


def test_two_worlds_at_two_hosts() -> None:
    """Two PBX have a host each; of two for one host the inner one answers."""
    with MockPBX(world="office") as one, MockPBX(world="documented") as two:

        def world(host: str) -> str:
            return str(with_requests(f"{host}/_mockpbx/health", {})[3]["world"])

        with one.intercept(HOST), two.intercept("https://other.example.com"):
            assert (world(HOST), world("https://other.example.com")) == ("office", "documented")
            with two.intercept(HOST):
                assert world(HOST) == "documented"
            assert world(HOST) == "office"


def test_scopes_end_in_any_order(pbx: MockPBX) -> None:
    """Scopes that end in the order in which they began leave all libraries as they were."""
    before = patchable()
    first, second = pbx.intercept(HOST), pbx.intercept("https://other.example.com")
    first.__enter__()
    second.__enter__()
    assert not set(patchable()) & set(before)
    first.__exit__(None, None, None)
    assert with_requests("https://other.example.com/_mockpbx/health", {})[0] == 200
    second.__exit__(None, None, None)
    assert patchable() == before


def patchable() -> list[Any]:
    return [
        requests.adapters.HTTPAdapter.send,
        httpx.HTTPTransport.handle_request,
        httpx.AsyncHTTPTransport.handle_async_request,
        urllib.request.AbstractHTTPHandler.do_open,
    ]


def test_somebody_else_patches_too(pbx: MockPBX, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who patches over ours meanwhile keeps its patch, and gets all that it passes on."""
    seen: list[str] = []
    scope = pbx.intercept(HOST)
    scope.__enter__()
    ours = requests.adapters.HTTPAdapter.send

    def theirs(self: Any, request: Any, **options: Any) -> Any:
        seen.append(request.url)
        return ours(self, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", theirs)
    assert with_requests(f"{HOST}/_mockpbx/health", {})[0] == 200
    scope.__exit__(None, None, None)
    assert requests.adapters.HTTPAdapter.send is theirs
    with pbx.intercept(HOST):
        assert with_requests(f"{HOST}/_mockpbx/health", {})[0] == 200
    assert seen == [f"{HOST}/_mockpbx/health"]


def test_decorated_functions(pbx: MockPBX) -> None:
    """A scope decorates plain and asynchronous functions, any number of calls."""

    @pbx.intercept(HOST)
    def plain() -> int:
        return with_requests(f"{HOST}/_mockpbx/health", {})[0]

    @pbx.intercept(HOST)
    async def asynchronous() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{HOST}/_mockpbx/health")).status_code

    assert [plain(), plain(), asyncio.run(asynchronous())] == [200, 200, 200]


def test_other_threads(pbx: MockPBX) -> None:
    """A scope counts for all threads."""
    found: list[int] = []
    with pbx.intercept(HOST):
        thread = threading.Thread(
            target=lambda: found.append(with_requests(f"{HOST}/_mockpbx/health", {})[0])
        )
        thread.start()
        thread.join()
    assert found == [200]


@pytest.mark.parametrize(
    "url",
    [
        "pbx.example.com",
        "ftp://pbx.example.com",
        "https://",
        "http://[",
        "https://x:99999",
        "https://*.example.com",
        "https://u:p@pbx.example.com",
        "https://a b",
        5,
    ],
)
def test_no_address(pbx: MockPBX, url: Any) -> None:
    """What is no address of a host is refused when it is given."""
    with pytest.raises(ValueError, match="is no http or https address of a host"):
        pbx.intercept(url)


@pytest.mark.parametrize(
    ("library", "use"), [("requests", "session"), ("httpx", "httpx_transport")]
)
def test_a_missing_library(library: str, use: str) -> None:
    """Without its library a door says what to install, and `intercept` leaves it alone."""
    code = (
        "import sys\n"
        f"sys.modules[{library!r}] = None\n"
        "sys.meta_path.insert(0, type('No', (), {'find_spec': staticmethod("
        f"lambda name, *_: (_ for _ in ()).throw(ModuleNotFoundError(name=name)) "
        f"if name == {library!r} else None)}}))\n"
        f"del sys.modules[{library!r}]\n"
        "import urllib.request\n"
        "from mockpbx import MockPBX\n"
        "pbx = MockPBX()\n"
        "try:\n"
        f"    pbx.{use}()\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"this needs {library}: pip install {library}\n"


def test_late_answers(pbx: MockPBX) -> None:
    """Who waits for less than the answer is late has its time-out at once."""
    pbx.faults.add(latency=3000)  # who waited for it would not come back
    with pytest.raises(requests.ReadTimeout):
        pbx.session().get(f"{TEST}/api/ver1.0/user/", timeout=(1, 10))
    with (
        httpx.Client(transport=pbx.httpx_transport(), timeout=10) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get(f"{TEST}/api/ver1.0/user/")
    with pbx.intercept(HOST), pytest.raises(TimeoutError):
        urllib.request.urlopen(f"{HOST}/api/ver1.0/user/", timeout=10)
    assert [one.status for one in pbx.requests] == [401, 401, 401]


@pytest.mark.parametrize(
    "backend", ["asyncio", pytest.param("trio", marks=pytest.mark.neighbour("trio"))]
)
def test_a_time_limit_cuts_a_late_answer(pbx: MockPBX, backend: str) -> None:
    """Anyio's time limit around a late answer cuts it, whichever loop runs it."""
    import anyio

    pbx.faults.add(latency=2)
    over: list[bool] = []

    async def ask() -> None:
        transport = pbx.httpx_transport()
        async with httpx.AsyncClient(transport=transport, timeout=None) as client:
            with anyio.move_on_after(0.05) as scope:
                await client.get(f"{TEST}/api/ver1.0/user/")
            over.append(scope.cancelled_caught)
            assert [one.status for one in pbx.requests] in ([], [401])

    anyio.run(ask, backend=backend)
    assert over == [True]


def test_closed_connections(pbx: MockPBX) -> None:
    """A connection that is closed without an answer is each library's own error, as on a socket."""
    pbx.faults.add(drop=True)
    url = f"{TEST}/api/ver1.0/user/"
    with pytest.raises(requests.ConnectionError) as caught:
        pbx.session().get(url)
    with pytest.raises(requests.ConnectionError) as on_socket:
        requests.get(f"{pbx.url}/api/ver1.0/user/", timeout=5)
    assert str(caught.value) == str(on_socket.value)
    with (
        httpx.Client(transport=pbx.httpx_transport()) as client,
        pytest.raises(httpx.RemoteProtocolError) as closed,
    ):
        client.get(url)
    assert str(closed.value) == "Server disconnected without sending a response."
    with pbx.intercept(HOST), pytest.raises(RemoteDisconnected):
        urllib.request.urlopen(f"{HOST}/api/ver1.0/user/")
    assert [(one.status, one.as_json()["fault"]) for one in pbx.requests] == [(0, "drop")] * 4


def test_reset_connections(pbx: MockPBX) -> None:
    """So is one that is reset."""
    pbx.faults.add(reset=True)
    url, there = f"{TEST}/api/ver1.0/user/", f"{pbx.url}/api/ver1.0/user/"
    with pytest.raises(requests.ConnectionError) as caught:
        pbx.session().get(url)
    with pytest.raises(requests.ConnectionError) as on_socket:
        requests.get(there, timeout=5)
    assert str(caught.value) == str(on_socket.value)
    with (
        httpx.Client(transport=pbx.httpx_transport()) as client,
        pytest.raises(httpx.ReadError) as read,
    ):
        client.get(url)
    with pytest.raises(httpx.ReadError) as read_there:
        httpx.get(there)
    assert str(read.value) == str(read_there.value)
    with pbx.intercept(HOST):
        with pytest.raises(ConnectionResetError):
            urllib.request.urlopen(f"{HOST}/api/ver1.0/user/")
        with pytest.raises(urllib3.exceptions.ProtocolError, match="ConnectionResetError"):
            urllib3.request("GET", f"{HOST}/api/ver1.0/user/", retries=False)


def test_a_decorated_test() -> None:
    """As a decorator a PBX is new for each call, and given where there is a parameter for it."""
    config = Config(world="documented")

    @MockPBX(config)
    def plain(number: int, pbx: MockPBX) -> tuple[int, str, int]:
        pbx.incoming_call("+79161112233", to="3")
        return number, pbx.world.start.name, len(pbx.session().get(f"{TEST}/x").content)

    @MockPBX(config)
    async def asynchronous(pbx: MockPBX) -> int:
        async with httpx.AsyncClient(transport=pbx.httpx_transport()) as client:
            await client.get(f"{TEST}/api/ver1.0/user/")
        return len(pbx.requests)

    @MockPBX(config)
    def alone() -> str:
        return "ran"

    assert plain(1)[:2] == plain(number=1)[:2] == (1, "documented")
    assert asyncio.run(asynchronous()) == asyncio.run(asynchronous()) == 1
    assert alone() == "ran"


@pytest.mark.parametrize("thing", [type("Case", (), {}), lambda: (yield)])
def test_what_cannot_be_decorated(pbx: MockPBX, thing: Any) -> None:
    """Classes and generators are refused when they are decorated."""
    with pytest.raises(TypeError, match="is no function that can be decorated; use `with` in it"):
        MockPBX()(thing)
    with pytest.raises(TypeError, match="is no function"):
        pbx.intercept(HOST)(thing)
