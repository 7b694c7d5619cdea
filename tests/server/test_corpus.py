"""Every conversation of the corpus ends as it says, and harms nobody else."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, BinaryIO

import pytest
import urllib3

from mockpbx import create_app
from mockpbx.server.request import Limits
from mockpbx.server.socket import Server

from . import corpus
from .corpus import CASES, Answer, Case, Drip, HalfClose

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DRIP_S = 0.02
#: What later versions of the parser say in addition.
LATER_PROTOCOLS = ", RTSP/ or ICE/"
#: What a client in need waits for.
TIMEOUT_S = 20


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Repeat the request: method, path, query, host and body."""
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    if path == "/drop":
        raise RemoteDisconnected("nothing")
    if path == "/parts":
        start_response("200 OK", [])
        return iter([b"first ", b"", b"second"])
    if path == "/short":
        start_response("200 OK", [("Content-Length", "5")])
        return [b"abc"]
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    if path == "/unread":
        start_response("401 Unauthorized", [("Content-Length", "6")])
        return [b"unread"]
    source = environ["wsgi.input"]
    if path == "/lines":
        body = b"|".join(source).decode()
    elif path == "/seen":
        names = ("HTTP_X_A", "HTTP_COOKIE")
        body = ",".join(f"{name[5:]}={environ[name]}" for name in names if name in environ)
    else:
        body = source.read().decode()
    query = environ["QUERY_STRING"] and "?" + environ["QUERY_STRING"]
    host = environ.get("HTTP_HOST", environ["SERVER_NAME"])
    text = f"{environ['REQUEST_METHOD']} {path}{query} {host} {body!r}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    """A server that repeats requests, with all the time there is."""
    limits = Limits(corpus.TARGET_BYTES, corpus.HEADER_BYTES, corpus.BODY_BYTES)
    with Server(echo, port=0, limits=limits) as server:
        yield server


@pytest.fixture(scope="module")
def hurried() -> Iterator[Server]:
    """The same for clients that are slow, which it waits for but a moment."""
    limits = Limits(idle_s=corpus.SLOW_S, request_s=corpus.SLOW_S)
    with Server(echo, port=0, limits=limits) as server:
        yield server


@pytest.fixture(scope="module")
def real() -> Iterator[Server]:
    """The application itself."""
    limits = Limits(idle_s=corpus.SLOW_S, request_s=corpus.SLOW_S)
    with Server(create_app("office"), port=0, limits=limits) as server:
        yield server


def connect(server: Server) -> socket.socket:
    port = int(server.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)


def read(incoming: BinaryIO, expected: Answer) -> Answer | None:
    """The next answer; None when the connection is closed instead."""
    line = incoming.readline()
    if not line:
        return None
    fields = {}
    while (field := incoming.readline()) not in (b"\r\n", b""):
        name, _, value = field.decode("latin-1").partition(":")
        fields[name.lower()] = value.strip()
    status = int(line.split()[1])
    if expected.body is None:
        return Answer(status, None)
    if "content-length" in fields:
        body = incoming.read(int(fields["content-length"]))
    elif "transfer-encoding" in fields:
        body = b"".join(iter(lambda: chunk(incoming), b""))
    else:
        body = incoming.read()
    text = body.decode().replace(LATER_PROTOCOLS, "")
    return Answer(status, json.loads(text)["message"] if text.startswith("{") else text)


def chunk(incoming: BinaryIO) -> bytes:
    data = incoming.read(int(incoming.readline(), 16))
    assert incoming.readline() == b"\r\n"
    return data


def drip(client: socket.socket) -> None:
    """Send a byte now and then, until there is an answer."""
    client.settimeout(DRIP_S)
    while True:
        client.sendall(b"a")
        try:
            client.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            continue
        client.settimeout(TIMEOUT_S)
        return


def play(case: Case, server: Server) -> list[Answer | None]:
    """The answers of the conversation; at its end that to one more request, or None."""
    answers: list[Answer | None] = []
    with connect(server) as client, client.makefile("rb") as incoming:
        for step in case.steps:
            if isinstance(step, Answer):
                answers.append(read(incoming, step))
            elif isinstance(step, HalfClose):
                client.shutdown(socket.SHUT_WR)
            elif isinstance(step, Drip):
                drip(client)
            else:
                client.sendall(step)
        if case.stays:
            client.sendall(corpus.GET_B)
        answers.append(read(incoming, corpus.B))
    return answers


@pytest.mark.fact("GEN-6", "GEN-12")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}: {case.name}")
def test_a_conversation(case: Case, patient: Server, hurried: Server) -> None:
    """Each request is answered as the corpus says, and the connection stays or ends."""
    server = hurried if case.kind == "slow" else patient
    expected = [step for step in case.steps if isinstance(step, Answer)]
    assert play(case, server) == [*expected, corpus.B if case.stays else None]


@pytest.mark.parametrize("kind", sorted({case.kind for case in CASES}))
def test_nobody_else_is_harmed(kind: str, real: Server) -> None:
    """The real application answers none of it with a fault of its own, and the next client well."""
    for case in CASES:
        if case.kind == kind:
            with connect(real) as client:
                with suppress(ConnectionError):  # the server may have had enough
                    for step in case.steps:
                        if isinstance(step, bytes):
                            client.sendall(step)
                    client.shutdown(socket.SHUT_WR)
                assert b"HTTP/1.1 5" not in rest(client), case.name
    assert urllib3.request("GET", f"{real.url}/_mockpbx/health").status == 200


def rest(client: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    found = b""
    with suppress(ConnectionError):
        while data := client.recv(65536):
            found += data
    return found


def test_the_corpus_is_large() -> None:
    """There are 150 conversations, ten of each kind, and no two under one name."""
    kinds = Counter(case.kind for case in CASES)
    assert sum(kinds.values()) >= 150
    assert min(kinds.values()) >= 10
    assert len({(case.kind, case.name) for case in CASES}) == len(CASES)
