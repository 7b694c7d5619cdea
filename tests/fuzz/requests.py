"""Odd requests for every operation: half of what each says is sensible, half is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol
from urllib.parse import quote

from marshmallow import Schema, fields, validate

from mockpbx.web.operation import Operation
from mockpbx.web.prefix import CONTROL
from mockpbx.web.schema import made

#: Where nobody listens, so that no event leaves this computer.
NOWHERE = "http://127.0.0.1:9/"

_DEEP: Any = 0
for _ in range(60):
    _DEEP = [_DEEP]

#: What no field expects.
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**32,
    2**63,
    10**40,
    1.5,
    1e308,
    "",
    " ",
    "0",
    "@me",
    "a" * 3000,
    "\x00",
    "\r\nX-Odd: 1",
    "1'; --",
    "%s{0}$x",
    "кто",
    "☎\U0001f4de",
    "\ud800",
    "٣",
    [],
    {},
    [None],
    {"": ""},
    {"a": {"b": [1, {"c": None}]}},
    _DEEP,
)

#: What the world `office` knows, by the name of the field or parameter that it may stand in.
SENSIBLE: Mapping[str, Sequence[Any]] = {
    "client_id": ["@me"],
    "extension_id": ["@101", "@102", "@887", "@099"],
    "extension": ["101", "2566*102", "887", "099"],
    "name": ["101", "110", "120", "night", "Sales"],
    "type": ["phone", "queue", "ivr"],
    "login": ["boss", "new"],
    "url": [NOWHERE],
    "method": ["GET", "POST"],
    "path": ["/user/", "/oauth/token"],
    "event_type": ["dial-in", "dial-out", "hangup", "answer"],
    "bundle_list": [["101"], [1, 2]],
    "from": ["+79161112233", "101"],
    "to": ["101", "102", "887", "+79161112244"],
    "kind": ["incoming", "internal", "outgoing"],
    "src_num": [["101"], "101"],
    "dst_num": ["+79161112244", "102"],
    "start_datetime": ["2026-01-01 00:00:00", "2026-01-31 23:59:59"],
    "end_datetime": ["2026-01-31 23:59:59", "2026-02-28 00:00:00"],
    "moment": ["2026-01-31 09:00:00", "2027-01-01T00:00:00Z"],
    "seconds": [0, 1, 5.5],
    "within": [0],
    "grant_type": ["client_credentials", "password", "refresh_token", "authorization_code"],
    "client_secret": ["secret"],
    "password": ["secret", "longer-secret"],
    "key": ["1", "#"],
    "latency": [0],
    "properties": [{}, {"record_enabled": True}],
    "faults": [[]],
    "status": ["active", "blocked", "Available", 503],
    "page": ["1", "2"],
    "per_page": ["1", "100"],
}

#: Fields whose odd values would wait or move time further than a run can.
STEADY = frozenset({"within", "latency", "url"})

#: Bodies that are no JSON, or JSON that nobody should write.
RAW: tuple[bytes, ...] = (
    b"{",
    b"nonsense",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b'{"a": NaN}',
    b'{"a": 1, "a": 2}',
    b"[]" * 3,
    b"[" * 5000,
    b'{"a": ' + b"9" * 5000 + b"}",
    b"\x00\x01\x02",
    b"null",
    b'"text"',
)

HEADERS: tuple[tuple[str, str], ...] = (
    ("Accept-Encoding", "gzip"),
    ("Accept-Encoding", "gzip;q=nonsense, *;q=0"),
    ("Accept", "text/html"),
    ("Content-Type", "application/json; charset=koi8-r"),
    ("Content-Type", "text/plain"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "multipart/form-data; boundary=\xe9"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Encoding", "br"),
    ("Authorization", "Bearer"),
    ("Authorization", "Basic eA=="),
    ("Authorization", "Bearer \xff"),
    ("Range", "bytes=5-1,-0"),
    ("Range", "bytes=0-99999999999999999999"),
    ("If-Range", "x"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Forwarded-Host", "pbx.example.com"),
    ("Cookie", "a=; ;=;\x80"),
    ("Origin", "http://127.0.0.1:1"),
    ("Referer", "\xe9" * 300),
)

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH")


class Existing(Protocol):
    """What is known of the world."""

    @property
    def token(self) -> str:
        """A token that is valid."""

    def of(self, parameter: str) -> Sequence[Any]:
        """Some that such a parameter may name."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: its target is percent-encoded, its headers are latin-1."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __str__(self) -> str:
        lines = [
            f"{self.method} {self.target}",
            *(f"{key}: {value}" for key, value in self.headers),
        ]
        return "\n".join([*lines, repr(self.body[:300])])


def requests(operations: Sequence[Operation], dice: Random, ids: Existing) -> Iterator[Sent]:
    """Requests without end, each for one of the operations."""
    while True:
        operation = dice.choice(operations)
        headers = {"Authorization": f"Bearer {ids.token}"} if dice.random() < 0.95 else {}
        body = _body(operation, dice)
        if body and dice.random() < 0.9:
            form = operation.form is not None
            headers["Content-Type"] = (
                "application/x-www-form-urlencoded" if form else "application/json"
            )
        for name, value in dice.sample(HEADERS, dice.choice((0, 0, 1, 2))):
            # Pages of others may not use the control API of a server, and are none in process.
            if name != "Origin" or not operation.resource.prefix.startswith(CONTROL):
                headers[name] = value
        method = operation.method if dice.random() < 0.95 else dice.choice(METHODS)
        yield Sent(method, _target(operation, dice, ids), tuple(headers.items()), body)


def _target(operation: Operation, dice: Random, ids: Existing) -> str:
    path = operation.resource.prefix + operation.documented_path
    parts = [
        _segment(part[1:-1], dice, ids) if part.startswith("{") else part
        for part in path.split("/")
    ]
    target = "/".join(parts)
    if dice.random() < 0.05:
        target = dice.choice((target + "/", target.rstrip("/"), "/" + target, target + "/.."))
    query = _query(operation.query, dice) if operation.query is not None else ""
    if dice.random() < 0.05:
        query += dice.choice(("&&=", "&a=%", "&%FF=%00", "&page", "&" + "x=1&" * 50))
    return target + ("?" + query if query else "")


def _segment(name: str, dice: Random, ids: Existing) -> str:
    if dice.random() < 0.8:
        text = str(dice.choice([*SENSIBLE.get(name, ()), *ids.of(name)] or ["1"]))
    else:
        text = str(dice.choice([value for value in ODD if isinstance(value, (str, int))]))
    return _quoted(text)


def _quoted(value: Any) -> str:
    return quote(str(value)[:300].encode("utf-8", "surrogatepass"), safe="@*")


def _query(schema: type[Schema], dice: Random) -> str:
    pairs = []
    for name, field in made(schema).fields.items():
        for _ in range(dice.choice((0, 0, 1, 1, 2)) if not field.required else 1):
            pairs.append(f"{name}={_quoted(_value(name, field, dice))}")
    dice.shuffle(pairs)
    return "&".join(pairs)


def _body(operation: Operation, dice: Random) -> bytes:
    schema = operation.body or operation.raw or operation.form
    if schema is None:
        return dice.choice((b"", b"", b"{}"))
    if dice.random() < 0.08:
        return dice.choice(RAW)
    if dice.random() < 0.04:
        return json.dumps(dice.choice(ODD)).encode()
    fields_sent = _object(schema, dice)
    if operation.form is not None:
        return "&".join(
            f"{_quoted(name)}={_quoted(value)}" for name, value in fields_sent.items()
        ).encode()
    return json.dumps(fields_sent).encode()


def _object(schema: type[Schema], dice: Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in made(schema).fields.items():
        if dice.random() < (0.95 if field.required else 0.4):
            key = field.data_key or name
            found[key] = _value(key, field, dice)
    if dice.random() < 0.05:
        found[str(dice.choice(ODD))[:50]] = dice.choice(ODD)
    return found


def _value(name: str, field: fields.Field[Any], dice: Random) -> Any:
    if dice.random() < 0.15 and name not in STEADY:
        return dice.choice(ODD)
    if name in SENSIBLE:
        return dice.choice(SENSIBLE[name])
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return dice.choice(list(check.choices))
    if isinstance(field, fields.Boolean):
        return dice.random() < 0.5
    if isinstance(field, fields.Number):
        return dice.choice((0, 1, 2, 30, 100))
    if isinstance(field, fields.List):
        return [_value(name, field.inner, dice) for _ in range(dice.choice((0, 1, 2)))]
    return dice.choice(("text", "1", "101", "+79161112233"))
