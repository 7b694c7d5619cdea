"""Two worlds that began alike: one asked in process, the other over a socket."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from http.client import HTTPResponse
from itertools import islice
from random import Random
from typing import Any

from flask import Flask

from mockpbx import Config, World, create_app
from mockpbx.app import RESOURCES, control_resource
from mockpbx.calls.model import Call, Leg
from mockpbx.core.accounts import Client, ExtensionGroup
from mockpbx.doors import wsgi
from mockpbx.resources.agent.model import Agent
from mockpbx.resources.call_history.model import Row
from mockpbx.resources.did.model import Did
from mockpbx.resources.event.model import Subscription
from mockpbx.resources.extension.model import Extension
from mockpbx.resources.record.model import Record
from mockpbx.resources.registration.model import Registration
from mockpbx.resources.sound.model import Announcement
from mockpbx.server.socket import Server
from mockpbx.web.operation import Operation
from mockpbx.worlds import read

from .requests import Sent, requests

HOST = "mockpbx.test"
START = datetime(2026, 1, 31, 9, tzinfo=timezone.utc)
#: Headers that only one of the doors has to send, or sends otherwise.
_OF_THE_DOOR = {"vary", "date", "server", "connection", "keep-alive", "content-length"}

#: Where the ids of what exists stand: parameter, kind of record, and its attribute.
_NAMED_BY: tuple[tuple[str, type[Any], str], ...] = (
    ("client_id", Client, "id"),
    ("extension_id", Extension, "id"),
    ("extension_group_id", ExtensionGroup, "id"),
    ("agent_id", Agent, "id"),
    ("sound_id", Announcement, "id"),
    ("registration_id", Registration, "registration_id"),
    ("record_uuid", Record, "uuid"),
    ("call_uuid", Row, "hex"),
    ("call_id", Call, "hex"),
    ("call_id", Leg, "id"),
    ("id", Subscription, "id"),
    ("id", Did, "id"),
    ("id", ExtensionGroup, "id"),
)

#: Operations that the two doors cannot answer alike, or that end the comparison.
LEFT_OUT = {
    "PUT /_mockpbx/state": "it takes the token away with which the others are sent",
    "POST /_mockpbx/clock/run": "time would go on in both worlds, each at its own pace",
    "POST /_mockpbx/reset": "it takes the token away",
    "POST /_mockpbx/snapshots/{name}/restore": "so does it",
    "GET /_mockpbx/requests": "the requests took their own time",
    "GET /_mockpbx/deliveries": "so did the deliveries",
    "POST /_mockpbx/deliveries/{id}/replay": "it tells how long it took",
    "POST /_mockpbx/subscriptions/{id}/test": "it tells how long it took",
}


#: The same for requests that another operation's path was given a method of.
_OWN_PACE = {tuple(label.split()) for label in LEFT_OUT}


class Found(AssertionError):
    """Something that must not be, with the request that shows it."""


@dataclass(frozen=True)
class Heard:
    """An answer, as far as both doors give the same."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, status: int, headers: list[tuple[str, str]], body: bytes) -> Heard:
        """The answer without what belongs to its door."""
        kept = [(name.lower(), value) for name, value in headers]
        return cls(
            status, tuple(sorted(pair for pair in kept if pair[0] not in _OF_THE_DOOR)), body
        )

    def __str__(self) -> str:
        return f"{self.status} {self.headers} {self.body[:400]!r}"


class InProcess:
    """The door of sessions and transports."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def ask(self, sent: Sent) -> Heard:
        """The answer of the application."""
        answer = wsgi.ask(
            self._app, sent.method, f"http://{HOST}{sent.target}", sent.headers, sent.body
        )
        with answer.body as stream:
            body = stream.read()
        return Heard.of(answer.status, answer.headers, b"" if sent.method == "HEAD" else body)


class OverSocket:
    """A connection of its own for each request."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, sent: Sent) -> Heard:
        """The answer of the server."""
        lines = [f"{sent.method} {sent.target} HTTP/1.1", f"Host: {HOST}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in sent.headers]
        if sent.body:
            lines.append(f"Content-Length: {len(sent.body)}")
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as client:
            client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + sent.body)
            response = HTTPResponse(client, method=sent.method)
            response.begin()
            return Heard.of(response.status, response.getheaders(), response.read())


@contextmanager
def both(seed: int) -> Iterator[tuple[World, World, InProcess, OverSocket]]:
    """The worlds and the doors to them."""
    config = Config(freeze=True, seed=seed, delivery_timeout_s=0.5)
    start = read("office")
    inside, outside = World(start, config), World(start, config)
    for world in (inside, outside):
        world.clock.move_to(START)  # before anybody asked when it began
    server = Server(create_app(outside, config), "127.0.0.1", 0)
    server.start()
    try:
        port = int(server.url.rpartition(":")[2])
        yield inside, outside, InProcess(create_app(inside, config)), OverSocket(port)
    finally:
        server.stop()


def operations() -> list[Operation]:
    """What is asked for."""
    every = (one for resource in (*RESOURCES, control_resource()) for one in resource.operations)
    return [one for one in every if one.label not in LEFT_OUT]


def round_of(seed: int, number: int) -> Counter[int]:
    """So many requests of that seed; answers how often each status came.

    Raises:
        Found: something must not be.
    """
    statuses: Counter[int] = Counter()
    with both(seed) as (inside, outside, door, other):
        ids = Ids(inside, token=_token(door, other))
        state = _state(door)
        dice = Random(seed)  # chances of a test
        for sent in islice(requests(operations(), dice, ids), number):
            if (sent.method, sent.target.partition("?")[0]) in _OWN_PACE:
                continue
            heard, told = door.ask(sent), other.ask(sent)
            statuses[heard.status] += 1
            if heard.status == 401 or heard.status < 300:
                ids.look(token=_token(door, other) if heard.status == 401 else ids.token)
                state = _state(door) if heard.status == 401 else state
            if heard.status >= 500 and not inside.faults:
                raise Found(f"a fault of mockpbx\n{sent}\n{heard}")
            if heard != told and not inside.faults:
                raise Found(f"the doors differ\n{sent}\nin process: {heard}\non a socket: {told}")
            inside.faults.restart()
            outside.faults.restart()
            now = _state(door)
            if heard.status >= 400 and now != state:
                raise Found(f"a refusal changed the world\n{sent}\n{heard}\n{_changes(state, now)}")
            state = now
        if state != _state(other):
            raise Found(f"the worlds went apart\n{_changes(state, _state(other))}")
    return statuses


class Ids:
    """What exists in the world, by the path parameter that names it, and the token of `app`."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self.look(token)

    def look(self, token: str) -> None:
        """Know what exists by now."""
        self.token = token
        self._known: dict[str, list[Any]] = {}
        for parameter, kind, name in _NAMED_BY:
            found = [getattr(row, name) for row in self._world.store.all(kind)]
            self._known.setdefault(parameter, []).extend(found[:5])

    def of(self, parameter: str) -> Sequence[Any]:
        """Some that such a parameter may name; none when it is of another kind."""
        return self._known.get(parameter, ())


def _token(*doors: Any) -> str:
    """A token of `app`, by the control API: a setting may limit what /oauth/token answers."""
    found = {door.ask(Sent("POST", "/_mockpbx/tokens", (), b"")).body for door in doors}
    (answer,) = found
    token: str = json.loads(answer)["access_token"]
    return token


def _state(door: Any) -> Any:
    return json.loads(door.ask(Sent("GET", "/_mockpbx/state", (), b"")).body)


def _changes(before: Any, after: Any, place: str = "") -> str:
    if type(before) is not type(after) or not isinstance(before, (dict, list)):
        return "" if before == after else f"{place}: {before!r} -> {after!r}\n"
    pairs = (
        before.keys() | after.keys()
        if isinstance(before, dict)
        else range(max(len(before), len(after)))
    )
    text = ""
    for key in pairs:
        one, two = (
            part.get(key) if isinstance(part, dict) else part[key] if key < len(part) else None
            for part in (before, after)
        )
        text += _changes(one, two, f"{place}/{key}")
    return text
