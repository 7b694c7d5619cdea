"""Who may use the control API of a server: names, pages and tokens, as bytes on a socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest
from flask import Flask

from mockpbx import create_app
from mockpbx.core.control_access import ControlAccess
from mockpbx.server.socket import Server
from tests.shared import fresh

from .processes import connect

HEALTH = "/_mockpbx/health"
RESET = "/_mockpbx/reset"
TOKEN = "open-sesame"
Serve = Callable[..., "Site"]


class Answer(NamedTuple):
    """Status, headers in lower case, and the JSON or text of the body."""

    status: int
    headers: dict[str, str]
    body: Any


class Site:
    """A server with these rules, asked by raw requests."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.port = int(server.url.rpartition(":")[2])

    def ask(
        self, method: str, path: str, *fields: str, host: str | None = "127.0.0.1", body: str = ""
    ) -> Answer:
        """The answer to a request with these header lines."""
        lines = [f"{method} {path} HTTP/1.1", "Connection: close", *fields]
        if host is not None:
            lines.insert(1, f"Host: {host}")
        if body:
            lines.append(f"Content-Length: {len(body)}")
        with connect(self.port) as client:
            client.sendall("\r\n".join([*lines, "", body]).encode("latin-1"))
            return _read(client)


def _read(client: socket.socket) -> Answer:
    head, _, body = b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    is_json = headers.get("content-type") == "application/json"
    return Answer(
        int(first.split()[1]), headers, json.loads(body) if is_json and body else body.decode()
    )


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application of its own, as worlds are asked for by name."""
    return create_app(fresh("office"))


@pytest.fixture
def serve(app: Flask) -> Iterator[Serve]:
    """Starts servers of that application."""
    with ExitStack() as running:

        def start(token: str | None = None, hosts: Any = (), origins: Any = ()) -> Site:
            access = ControlAccess(token, frozenset(hosts), frozenset(origins))
            return Site(running.enter_context(Server(app, port=0, access=access)))

        yield start


@pytest.fixture
def site(serve: Serve) -> Site:
    """A server that was started without any of the options."""
    return serve()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8900",
        "203.0.113.7",
        "[::1]",
        "[2001:db8::1]:8900",
        "localhost",
        "LocalHost:80",
        "localhost.",
        "mock_pbx:8900",
        "pbx",
        "a.localhost",
        "pbx.test",
        "pbx.company.internal:8900",
        "printer.local",
        "PRINTER.LOCAL.",
    ],
)
def test_a_name_of_its_own(site: Site, host: str) -> None:
    """An address, localhost, a name without a dot, and one that no public site has, are taken."""
    assert site.ask("GET", HEALTH, host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8900",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.local.example",
        "evil.example.",
        "notlocal.example",
        "evil-local.com",
        "evillocalhost.com",
        "127.1.evil",
        "999.999.999.999",
    ],
)
def test_a_public_name(site: Site, host: str) -> None:
    """A name that a public site can have is another server's, whatever a name server says."""
    answer = site.ask("GET", HEALTH, host=host)
    text = f"Host {host}: is no name of this server; allow it by --allow-host"
    assert (answer.status, answer.body) == (421, {"message": text})
    assert answer.headers["x-mockpbx-reason"] == text


def test_an_absolute_target_names_the_host(site: Site) -> None:
    """A request in absolute form means the host of its target, whatever its Host says."""
    assert site.ask("GET", f"http://evil.example{HEALTH}").status == 421
    assert site.ask("GET", f"http://127.0.0.1{HEALTH}").status == 200


def test_an_old_client_names_no_host(site: Site) -> None:
    """HTTP/1.0 has no Host."""
    with connect(site.port) as client:
        client.sendall(f"GET {HEALTH} HTTP/1.0\r\n\r\n".encode())
        assert _read(client).status == 200


@pytest.mark.parametrize("name", ["mock.example.com", "MOCK.Example.com"])
@pytest.mark.parametrize("host", ["mock.example.com", "Mock.Example.Com:8900", "mock.example.com."])
def test_an_allowed_name(serve: Serve, name: str, host: str) -> None:
    """A name that is allowed is taken in any spelling, with any port; names below it are not."""
    site = serve(hosts=[name])
    assert site.ask("GET", HEALTH, host=host).status == 200
    assert site.ask("GET", HEALTH, host=f"a.{host}").status == 421


@pytest.mark.parametrize(
    "path", [RESET, "//_mockpbx/reset", "/%5Fmockpbx/reset", "/worlds/a/_mockpbx/reset"]
)
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost",
        "null",
        "",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1, http://evil.example",
        "http://evil.example@127.0.0.1",
    ],
)
def test_a_page_of_another_site(site: Site, path: str, origin: str) -> None:
    """A page of another origin changes nothing, nor does one whose origin nobody knows."""
    answer = site.ask("POST", path, f"Origin: {origin}", "Content-Type: text/plain", body="x")
    text = f"Origin {origin}: is another site's; allow it by --allow-origin"
    assert (answer.status, answer.body) == (403, {"message": text})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("OPTIONS", "/_mockpbx/state"),
        ("PUT", "/_mockpbx/state"),
        ("POST", "/_mockpbx/subscriptions/1/test"),
        ("GET", "/_mockpbx/requests"),
        ("GET", HEALTH),
        ("GET", "/_mockpbx/none"),
        ("DELETE", "/_mockpbx/requests"),
    ],
)
def test_whatever_it_asks_for(site: Site, method: str, path: str) -> None:
    """Another site's page may ask for nothing of the control API, nor whether it might."""
    assert site.ask(method, path, "Origin: http://evil.example").status == 403


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8900", "http://127.0.0.1:8900"),
        ("mock_pbx:8900", "http://mock_pbx:8900"),
        ("localhost", "http://localhost"),
        ("localhost:80", "http://localhost"),
        ("LOCALHOST", "http://localhost:80"),
        ("[::1]:8900", "http://[::1]:8900"),
    ],
)
def test_its_own_pages(site: Site, host: str, origin: str) -> None:
    """The pages of the address that was asked may do everything."""
    assert site.ask("POST", RESET, f"Origin: {origin}", host=host).status == 204


@pytest.mark.parametrize("allowed", ["http://localhost:5173", "HTTP://LocalHost:5173"])
def test_an_allowed_origin(serve: Serve, allowed: str) -> None:
    """Pages of an allowed origin are answered, and may read the answers."""
    site = serve(origins=[allowed])
    answer = site.ask("POST", RESET, "Origin: http://localhost:5173")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "X-Mockpbx-Reason" in answer.headers["access-control-expose-headers"]
    assert answer.headers["vary"] == "Origin"
    assert site.ask("POST", RESET, "Origin: http://localhost:5174").status == 403


def test_a_preflight_of_an_allowed_origin(serve: Serve) -> None:
    """Such a page learns beforehand, without the token, what it may send."""
    site = serve(TOKEN, origins=["http://localhost:5173"])
    wanted = "Access-Control-Request-Headers: authorization, content-type"
    answer = site.ask("OPTIONS", "/_mockpbx/state", "Origin: http://localhost:5173", wanted)
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, PUT, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type"


def test_a_client_that_is_no_page(site: Site) -> None:
    """Without an Origin it is no page, and the answer is for no page either."""
    answer = site.ask("POST", RESET)
    assert (answer.status, answer.headers["x-content-type-options"]) == (204, "nosniff")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("host", ["evil.example", "pbx.example.com:8900"])
@pytest.mark.fact("GEN-18")
def test_the_mocked_api_is_for_all(serve: Serve, host: str) -> None:
    """The API of the PBX is asked under any name, by any page, without the control token."""
    site = serve(TOKEN)
    fields = "Origin: http://evil.example", "Authorization: Bearer none"
    answer = site.ask("GET", "/api/ver1.0/user/", *fields, host=host)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, "*")
    assert answer.headers["x-mockpbx-rule"] == "ERR-1"


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        "Bearer",
        "Bearer ",
        "Bearer open",
        "Bearer open-sesame2",
        "Bearer OPEN-SESAME",
        "Bearer open-sesame open-sesame",
        "Bearer \xe9",
        "Basic open-sesame",
        "open-sesame",
    ],
)
def test_a_token_is_asked_for(serve: Serve, credentials: str | None) -> None:
    """Who has no control token, or another one, is refused, and told what is missing."""
    site = serve(TOKEN)
    fields = [] if credentials is None else [f"Authorization: {credentials}"]
    answer = site.ask("POST", RESET, *fields)
    text = "the control API wants its token: Authorization: Bearer"
    assert (answer.status, answer.body) == (401, {"message": text})
    assert answer.headers["www-authenticate"] == 'Bearer realm="mockpbx"'


@pytest.mark.parametrize("credentials", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
def test_the_token(serve: Serve, credentials: str) -> None:
    """Who has the token is let in, in the default world and in others."""
    site = serve(TOKEN)
    for world in ("", "/worlds/a"):
        answer = site.ask("POST", f"{world}{RESET}", f"Authorization: {credentials}")
        assert answer.status == 204


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", HEALTH, 200),
        ("HEAD", HEALTH, 200),
        ("GET", f"{HEALTH}/", 200),
        ("GET", f"/worlds/a{HEALTH}", 200),
        ("POST", HEALTH, 401),
        ("GET", f"{HEALTH}/x", 401),
        ("GET", "/_mockpbx/requests", 401),
        ("GET", "/worlds/a/_mockpbx/requests", 401),
        ("GET", "//_mockpbx/requests", 401),
        ("GET", "/%5fmockpbx/requests", 401),
        ("GET", "/_mockpbx/", 401),
        ("HEAD", "/_mockpbx/state", 401),
    ],
)
def test_what_needs_no_token(serve: Serve, method: str, path: str, status: int) -> None:
    """Whether the server is well may be asked by anybody; however a path is written, no more."""
    assert serve(TOKEN).ask(method, path).status == status


@pytest.mark.parametrize("field", ["Host: evil.example", "Origin: null", "X: without a token"])
def test_a_refused_request_makes_no_world(app: Flask, serve: Serve, field: str) -> None:
    """Who is refused at the door leaves no world behind."""
    site = serve(TOKEN)
    fields, host = ([], field[6:]) if field.startswith("Host") else ([field], "127.0.0.1")
    assert site.ask("POST", f"/worlds/refused{RESET}", *fields, host=host).status in (401, 403, 421)
    assert "refused" not in app.extensions["mockpbx"].worlds.by_name()


def test_a_refused_body_is_not_read(site: Site) -> None:
    """Who is refused is told so before it sends what it has."""
    answer = site.ask("PUT", "/_mockpbx/state", "Origin: null", "Content-Length: 1000000")
    assert answer.status == 403


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"token": ""}, "control token: must be 1 to 1024 ASCII characters without blanks"),
        ({"token": "a b"}, "control token: must be 1 to 1024 ASCII characters without blanks"),
        ({"hosts": {"a:80"}}, "allowed host 'a:80': must be a name without a port"),
        ({"hosts": {"http://a"}}, "allowed host 'http://a': must be a name without a port"),
        ({"origins": {"null"}}, "allowed origin 'null': must be scheme://host[:port]"),
        ({"origins": {"*"}}, "allowed origin '*': must be scheme://host[:port]"),
        ({"origins": {"http://a/"}}, "allowed origin 'http://a/': must be scheme://host[:port]"),
        ({"origins": {"a.example"}}, "allowed origin 'a.example': must be scheme://host[:port]"),
    ],
)
def test_rules_that_are_none(given: dict[str, Any], message: str) -> None:
    """What could never match, or would let in everybody, is refused by name."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its whole text follows
        ControlAccess(**given)
    assert str(refused.value) == message
