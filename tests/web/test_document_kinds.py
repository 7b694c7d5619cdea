"""The schemas of the OpenAPI documents by their kinds: generators take them, and they are true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from marshmallow import Schema

from mockpbx.app import documents
from mockpbx.resources.call_history.schema import CallFilter
from mockpbx.resources.callback.schema import CallbackIn
from mockpbx.resources.event.schema import EventIn
from mockpbx.resources.phone.schema import PhoneIn
from mockpbx.testing.schema import FaultIn, MoveIn
from mockpbx.web.schema import made

from ..conftest import Caller

MADE = documents()
NAMES = pytest.mark.parametrize("name", ["mockpbx", "control"])
SCOPES = {"all": "What the application and its user may do."}
APP = {"client_id": "app", "client_secret": "secret"}
BACK = {"redirect_uri": "https://crm.example.com/back"}
#: What JSON Schema itself says of a format, so that a pattern is not needed.
STANDARD = {"date-time", "uri", "email", "uuid"}


def schemas(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document that may be a schema, with its place."""
    if isinstance(part, dict):
        yield place, part
        for key, value in part.items():
            if key not in ("example", "examples", "default"):
                yield from schemas(value, f"{place}/{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from schemas(value, f"{place}/{number}")


def operations(name: str) -> list[dict[str, Any]]:
    return [one for methods in MADE[name]["paths"].values() for one in methods.values()]


def kinds(schema: dict[str, Any]) -> list[str]:
    """The types that the schema names, also by its alternatives."""
    named = schema.get("type", [])
    found = [named] if isinstance(named, str) else list(named)
    for other in schema.get("anyOf", []):
        found += [kind for kind in kinds(other) if kind == "null"]
    return found


@NAMES
def test_null_is_named_once(name: str) -> None:
    """No schema names null twice, or a type."""
    found = [(place, kinds(one)) for place, one in schemas(MADE[name]["components"])]
    assert [place for place, named in found if len(named) > len(set(named))] == []


@NAMES
def test_an_enumeration_is_of_one_type(name: str) -> None:
    """All words of an enumeration are of the type beside it, or null."""
    types = {"string": str, "integer": int, "boolean": bool}
    for place, one in schemas(MADE[name]):
        if isinstance(one.get("enum"), list):
            (kind,) = set(kinds(one)) - {"null"}
            words = [word for word in one["enum"] if word is not None]
            assert [word for word in words if type(word) is not types[kind]] == [], place


@NAMES
def test_a_format_of_ours_has_a_pattern(name: str) -> None:
    """Who does not know a format, because it is no standard one, knows it by its pattern."""
    assert [
        place
        for place, one in schemas(MADE[name])
        if isinstance(one.get("format"), str)
        and one["format"] not in STANDARD
        and "pattern" not in one
    ] == []


def test_files_are_no_text() -> None:
    """Sounds and archives are bytes of a media type: their schema has no type."""
    found = [
        (kind, content["schema"])
        for operation in operations("mockpbx")
        for answer in operation["responses"].values()
        for kind, content in answer.get("content", {}).items()
        if kind not in ("application/json", "text/html")
    ]
    assert {kind for kind, _ in found} == {"audio/mpeg", "audio/wav", "application/zip"}
    assert all(schema == {"contentMediaType": kind} for kind, schema in found)


def test_open_operations_say_so() -> None:
    """An operation that needs no token has an empty list of what it needs."""
    for name in ("mockpbx", "control"):
        for operation in operations(name):
            # A 401 of these is about the application, not its token.
            open_ = operation["tags"] == ["oauth"] or "401" not in operation["responses"]
            expected: list[Any] = [] if open_ else [{"token": []}, {"oauth2": ["all"]}]
            if name == "control":  # it needs one when the server was started with one
                expected = [{"token": []}, {}]
            assert operation["security"] == expected, operation["operationId"]


@NAMES
def test_what_an_operation_needs_is_described(name: str) -> None:
    """Every scheme that an operation names is there, and every one that is there is named."""
    named = {key for one in operations(name) for way in one["security"] for key in way}
    assert named == MADE[name]["components"]["securitySchemes"].keys()


def test_the_grants_are_described() -> None:
    """Who has no token learns of the three flows by which one is had."""
    assert MADE["mockpbx"]["components"]["securitySchemes"]["oauth2"]["flows"] == {
        "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES},
        "authorizationCode": {
            "authorizationUrl": "/oauth/authorize",
            "tokenUrl": "/oauth/token",
            "refreshUrl": "/oauth/token",
            "scopes": SCOPES,
        },
        "password": {
            "tokenUrl": "/oauth/token",
            "refreshUrl": "/oauth/token",
            "scopes": SCOPES,
        },
    }


@pytest.mark.parametrize(
    ("url", "fields", "status"),
    [
        ("tokenUrl", {"grant_type": "client_credentials", **APP}, 200),
        ("refreshUrl", {"grant_type": "refresh_token", "refresh_token": "none", **APP}, 401),
        ("authorizationUrl", {"response_type": "code", "client_id": "web-app", **BACK}, 302),
    ],
)
def test_the_addresses_of_the_grants_answer(
    office: Caller, url: str, fields: dict[str, str], status: int
) -> None:
    """The addresses that a flow names are there."""
    flow = MADE["mockpbx"]["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]
    path = flow.get(url, flow["tokenUrl"])
    assert office.post(path, data=fields).status_code == status


def described(schema: type[Schema], field: str) -> dict[str, Any]:
    """What a document says of that field of a body or a query."""
    for document in MADE.values():
        component = document["components"]["schemas"].get(schema.__name__)
        if component is not None:
            found: dict[str, Any] = component["properties"][field]
            return found
    parameters = (one for name in MADE for op in operations(name) for one in op["parameters"])
    return next(one["schema"] for one in parameters if one["name"] == field)


@pytest.mark.parametrize(
    ("schema", "field", "value", "taken"),
    [
        (MoveIn, "moment", "2026-01-31 09:00:00", True),
        (MoveIn, "moment", "2026-01-31T09:00:00.25Z", True),
        (MoveIn, "moment", "2026-01-31T09:00+03:00", True),
        (MoveIn, "moment", "2026-01-31", True),
        (MoveIn, "moment", "2026-00-31 09:00:00", False),
        (MoveIn, "moment", "0000-01-31 09:00:00", False),
        (MoveIn, "moment", "2026-01-31 24:00:00", False),
        (MoveIn, "moment", "20260131T090000", False),
        (MoveIn, "moment", "2026-W05-6", False),
        (MoveIn, "moment", 1769850000, False),
        (CallFilter, "start_datetime", "2026-1-31 9:00:00", True),
        (CallFilter, "start_datetime", "2026-0-31 09:00:00", False),
        (CallFilter, "start_datetime", "2026-01-00 09:00:00", False),
        (CallFilter, "start_datetime", "0000-01-31 09:00:00", False),
        (CallFilter, "start_datetime", "2026-01-31 24:00:00", False),
        (CallFilter, "start_datetime", "2026-01-31 09:60:00", False),
        (CallbackIn, "call_duration", "999999999", True),
        (CallbackIn, "call_duration", "0060", False),
        (CallbackIn, "call_duration", "1000000000", False),
        (CallbackIn, "call_duration", None, True),
        (PhoneIn, "record_stereo", "yes", True),
        (PhoneIn, "record_stereo", False, True),
        (PhoneIn, "record_stereo", None, True),
        (PhoneIn, "record_stereo", 1, False),
        (PhoneIn, "record_stereo", "true", False),
        (PhoneIn, "static_reg_address", "8.8.8.8", False),
        (PhoneIn, "vm_mailto", "anna", False),
        (EventIn, "url", "HTTP://crm.example.com/", True),
        (EventIn, "url", "ftp://crm.example.com/", False),
        (EventIn, "url", "http:///path", False),
    ],
)
def test_documents_allow_what_is_taken(
    schema: type[Schema], field: str, value: object, taken: bool
) -> None:
    """What the document allows of a field is taken, and what it does not is refused."""
    assert Draft202012Validator(described(schema, field)).is_valid(value) is taken
    assert (field not in made(schema).validate({field: value})) is taken


@pytest.mark.parametrize(
    ("value", "taken"),
    [(0, False), (0.01, True), (1, True), (1.01, False), ("0.5", False), (True, False)],
)
def test_documents_allow_the_probabilities_that_are_taken(
    office: Caller, value: object, taken: bool
) -> None:
    """A probability is a number above 0 and up to 1, for the document as for the rule."""
    assert Draft202012Validator(described(FaultIn, "probability")).is_valid(value) is taken
    answer = office.post("/_mockpbx/faults", json={"status": 503, "probability": value})
    assert (answer.status_code == 201) is taken
