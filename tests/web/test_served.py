"""The OpenAPI documents as they are served."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import MockPBX
from mockpbx.app import documents
from mockpbx.web.served import Documents

from ..conftest import Caller

BOTH = pytest.mark.parametrize(
    ("path", "name"), [("/openapi.json", "mockpbx"), ("/_mockpbx/openapi.json", "control")]
)
#: Where the documents of the repository say that the server is.
WRITTEN = "http://127.0.0.1:8900"


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    """An application of its own, which may have other worlds."""
    return make_caller("office", alone=True)


def asked(there: Caller, path: str, **options: Any) -> Any:
    answer = there.app.test_client().get(path, **options)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return json.loads(answer.text)


@BOTH
def test_the_address_is_the_one_that_was_asked(there: Caller, path: str, name: str) -> None:
    """The server of the document is the host by which it was asked, and all else is as written."""
    found = asked(there, path, base_url="https://pbx.example.com:8443")
    assert found["servers"] == [{"url": "https://pbx.example.com:8443"}]
    assert found["paths"].keys() == documents()[name]["paths"].keys()
    assert WRITTEN not in json.dumps(found)


@BOTH
def test_a_world_has_its_own_address(there: Caller, path: str, name: str) -> None:
    """Below a world's prefix the server is that world."""
    found = asked(there, f"/worlds/blue{path}", base_url="http://pbx.example.com")
    assert found["servers"] == [{"url": "http://pbx.example.com/worlds/blue"}]


def test_the_grants_are_where_the_server_is(there: Caller) -> None:
    """The addresses of the grants are whole, of the world that was asked."""
    found = asked(there, "/worlds/blue/openapi.json", base_url="http://pbx.example.com")
    flow = found["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]
    assert flow["tokenUrl"] == "http://pbx.example.com/worlds/blue/oauth/token"
    assert flow["authorizationUrl"] == "http://pbx.example.com/worlds/blue/oauth/authorize"


@BOTH
def test_a_document_is_no_operation(there: Caller, path: str, name: str) -> None:
    """Who reads a document leaves no trace: no request, no note, nothing in the coverage."""
    requests, covered = len(there.world.journal), dict(there.world.exercised)
    asked(there, path)
    assert (len(there.world.journal), dict(there.world.exercised)) == (requests, covered)
    assert path not in documents()[name]["paths"]


@pytest.mark.parametrize(
    ("method", "status", "allowed"),
    [("HEAD", 200, "*"), ("OPTIONS", 204, "*"), ("POST", 405, "*"), ("DELETE", 405, "*")],
)
def test_a_document_is_only_read(there: Caller, method: str, status: int, allowed: str) -> None:
    """Pages of any origin may read the API's document; nothing else can be done to it."""
    answer = there.app.test_client().open("/openapi.json", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (status, "GET, HEAD, OPTIONS")
    assert answer.headers["Access-Control-Allow-Origin"] == allowed
    assert answer.text == ("" if status < 300 else '{"message": "Method not allowed"}')


def test_a_document_is_made_once() -> None:
    """The documents are made for the first who asks, and kept."""
    made = []

    def make() -> dict[str, dict[str, Any]]:
        made.append(1)
        return documents()

    kept = Documents(make)
    assert made == []
    for name in ("mockpbx", "control", "mockpbx"):
        kept.response(name, "http://pbx.example.com")
    assert made == [1]


def test_a_document_comes_through_a_socket() -> None:
    """A server gives out both documents, each with its own address."""
    with MockPBX() as pbx:
        for path in ("/openapi.json", "/_mockpbx/openapi.json"):
            with urllib.request.urlopen(pbx.url + path, timeout=30) as answer:
                assert json.load(answer)["servers"] == [{"url": pbx.url}]
        assert pbx.requests == []
