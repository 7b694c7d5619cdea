"""Odd requests: every one is answered with JSON and the right status, and changes nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from mockpbx.web.operation import Operation

from ..conftest import API, Caller
from .walk import OPERATIONS, body_of, caller, each, parameters, path_of

WITH_PARAMETERS = [operation for operation in OPERATIONS if parameters(operation)]
WITH_BODY = [operation for operation in OPERATIONS if operation.body is not None]
WITHOUT_BODY = [operation for operation in OPERATIONS if operation.body is None]

JSON = {"Content-Type": "application/json"}

ODD_IDS = [
    "abc",
    "-1",
    "+1",
    "0",
    "00085218",
    "1.0",
    "1e3",
    "4294967296",
    "9223372036854775808",
    "9" * 5000,
    "x" * 5000,
    "%00",
    "%0A",
    "%FF",
    "%D9%A1",
    "%20",
    "@",
    "@x",
    "@@me",
    "@101@sipproxy.telphin.ru",
    "@1*2*3",
    "@%00",
    "@" + "1" * 5000,
]

BROKEN_BODIES = {
    "empty": b"",
    "cut": b"{",
    "apostrophes": b"{'a': 1}",
    "more": b'{"label": "a"} x',
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "text": b'"text"',
    "array": b"[]",
    "array of object": b'[{"label": "a"}]',
    "nan": b'{"label": NaN}',
    "infinity": b'{"label": -Infinity}',
    "key twice": b'{"label": "a", "label": "b"}',
    "inner key twice": b'{"other": {"a": 1, "a": 1}}',
    "not utf 8": b'{"label": "\xff"}',
    "utf 16": '{"label": "a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"label": "a"}',
    "half a pair": b'{"label": "\\ud800"}',
    "pair turned": b'{"label": "\\uDC00\\uD800"}',
    "half a pair unread": b'{"other": "\\udfff"}',
    "control character": b'{"label": "a\x00b"}',
    "deep array": b'{"other": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "huge integer": b'{"other": ' + b"9" * 5000 + b"}",
}

NEEDLESS: list[tuple[bytes, dict[str, str]]] = [
    (b"", JSON),
    (b"", {"Content-Length": "0"}),
    (b"", {**JSON, "Content-Length": "0"}),
    (b"[]", JSON),
    (b"{}", JSON),
    (b"{", JSON),
    (b'{"url": 1}', {"Content-Type": "text/plain"}),
    (b"", {"Expect": "100-continue", "Connection": "close"}),
    (b"", {"Content-Length": "abc"}),
    (b"", {"Content-Length": "-1"}),
]

ODD_QUERIES = ["x=*", "x=%2A", "*", "%2A=%2A", "&&=&==", "%", "%zz=%f", "a[=1", "x=%FF%00"]


def refused(answer: TestResponse, status: int) -> str:
    """Check that it is a refusal of that status, and give its message."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    assert isinstance(answer.json, dict)
    return str(answer.json["message"])


def label_of(answer: TestResponse) -> Any:
    """Give the phone's label in the answer."""
    return json.loads(answer.text)["label"]


@pytest.mark.fact("GEN-6", "GEN-7", "ERR-6", "ERR-7")
@each(WITH_PARAMETERS)
def test_no_resource_has_an_odd_id(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """An id of any other shape than the documented ones names nothing: 404, nothing changes."""
    there = caller(make_caller)
    before = there.state()
    for name in parameters(operation):
        expected = {"message": "Not found"}
        if name == "client":
            expected = {"message": "Client not found", "status": "client_not_found"}
        if name == "record":
            expected = {"message": "Record not found"}
        for odd in ODD_IDS:
            path = path_of(operation, **{name: odd})
            answer = there.send(operation.method, path, **body_of(operation))
            assert (answer.status_code, answer.json) == (404, expected), (name, odd)
            reason = answer.headers["X-Mockpbx-Reason"]
            assert reason.isascii()
            assert reason.isprintable(), (name, odd)
    assert there.state() == before


@pytest.mark.fact("GEN-12", "ERR-9")
@each(WITH_BODY)
def test_a_broken_body_is_refused(make_caller: Callable[..., Caller], operation: Operation) -> None:
    """A body that is no JSON object of sane text is a 400, and nothing changes."""
    there = caller(make_caller)
    before = there.state()
    for name, body in BROKEN_BODIES.items():
        answer = there.send(operation.method, path_of(operation), data=body, headers=JSON)
        assert refused(answer, 400).startswith("the body "), name
        assert answer.headers["X-Mockpbx-Rule"] == "GEN-12", name
    assert there.state() == before


@pytest.mark.fact("GEN-12")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "the body must be a JSON object"),
        (b'{"a": NaN}', "the body is not JSON: NaN is no JSON value"),
        (b'{"b": 1, "a": 2, "b": 3}', "the body is not JSON: the key b stands there twice"),
        (b'{"a": "\\ud800"}', "the body holds half a surrogate pair"),
        (b'{"a": "\xff"}', "the body is not UTF-8"),
    ],
)
def test_the_refusal_tells_what_is_broken(office: Caller, body: bytes, message: str) -> None:
    """The refusal of a body says what is wrong with it."""
    answer = office.put("/extension/85218/phone/", data=body, headers=JSON)
    assert (answer.status_code, answer.json) == (400, {"message": message})


@pytest.mark.fact("GEN-12")
@pytest.mark.parametrize(
    "body",
    [
        b'{"label": "\\ud83d\\ude00"}',
        b'{"label": "\xf0\x9f\x98\x80"}',
        b' {"label": "\\uD83D\\uDE00"}\r\n',
        b'{"label": "\xf0\x9f\x98\x80", "other": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'{"label": "\xf0\x9f\x98\x80", "other": ' + b"9" * 4000 + b"}",
    ],
)
def test_an_unusual_body_is_taken(office: Caller, body: bytes) -> None:
    """A whole surrogate pair, blanks around, moderate depth and a long number are JSON."""
    answer = office.put("/extension/85218/phone/", data=body, headers=JSON)
    assert (answer.status_code, label_of(answer)) == (200, "\U0001f600")


@pytest.mark.fact("GEN-4", "GEN-12")
@pytest.mark.parametrize(
    ("content_type", "rule", "message"),
    [
        ("text/plain", "GEN-4", "the body must be application/json, not text/plain"),
        (
            "application/x-www-form-urlencoded",
            "GEN-4",
            "the body must be application/json, not application/x-www-form-urlencoded",
        ),
        (
            "multipart/form-data; boundary=x",
            "GEN-4",
            "the body must be application/json, not multipart/form-data",
        ),
        (
            "application/json; charset=windows-1251",
            "GEN-12",
            "the body's charset must be utf-8, not windows-1251",
        ),
        (
            'application/json; charset="utf-16"',
            "GEN-12",
            "the body's charset must be utf-8, not utf-16",
        ),
    ],
)
def test_another_content_type_is_refused(
    office: Caller, content_type: str, rule: str, message: str
) -> None:
    """A body must be application/json in UTF-8."""
    headers = {"Content-Type": content_type}
    answer = office.put("/extension/85218/phone/", data=b'{"label": "a"}', headers=headers)
    assert (answer.status_code, answer.json) == (400, {"message": message})
    assert answer.headers["X-Mockpbx-Rule"] == rule


@pytest.mark.fact("GEN-4")
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; Charset=UTF-8",
        'application/json; charset="utf8"',
        "application/json; charset=us-ascii",
        "application/vnd.api+json",
        "",
    ],
)
def test_a_content_type_of_json_is_taken(office: Caller, content_type: str) -> None:
    """JSON is taken under its own type, with a charset or not, or without a type."""
    headers = {"Content-Type": content_type} if content_type else {}
    answer = office.put("/extension/85218/phone/", data=b'{"label": "a"}', headers=headers)
    assert (answer.status_code, label_of(answer)) == (200, "a")


@pytest.mark.fact("GEN-12")
@each(WITHOUT_BODY)
def test_a_needless_body_is_not_read(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """A GET or DELETE with a body or a content type is answered as one without."""
    there = caller(make_caller)
    begin, path = there.world.snapshot(), path_of(operation)
    expected = there.send(operation.method, path)
    for body, headers in NEEDLESS:
        there.world.restore(begin)
        answer = there.send(operation.method, path, data=body, headers=headers)
        assert (answer.status_code, answer.data) == (expected.status_code, expected.data), headers


@pytest.mark.fact("GEN-12", "GEN-11")
@each()
def test_an_odd_query_is_ignored(make_caller: Callable[..., Caller], operation: Operation) -> None:
    """Stars and what is not well formed in a query change no answer."""
    there = caller(make_caller)
    begin, path = there.world.snapshot(), path_of(operation)
    expected = there.send(operation.method, path, **body_of(operation))
    for query in ODD_QUERIES:
        there.world.restore(begin)
        options = body_of(operation)
        more = "&".join(filter(None, [urlencode(options.pop("query_string", {})), query]))
        answer = there.send(operation.method, f"{path}?{more}", **options)
        assert (answer.status_code, answer.data) == (expected.status_code, expected.data), query


@pytest.mark.fact("GEN-12")
@each()
def test_ten_megabytes_are_too_large(
    make_caller: Callable[..., Caller], operation: Operation
) -> None:
    """A body of ten megabytes is a 413, and nothing changes."""
    there = caller(make_caller)
    before = there.state()
    body = b'{"label": "' + b"x" * 10_000_000 + b'"}'
    answer = there.send(operation.method, path_of(operation), data=body, headers=JSON)
    assert refused(answer, 413) == "the body is too large"
    assert there.state() == before


@pytest.mark.fact("GEN-12", "GEN-6")
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_ten_megabytes_are_too_large_for_a_token(office: Caller, path: str) -> None:
    """A token request of ten megabytes is a 413 too."""
    answer = office.post(path, data=b"x" * 10_000_000, content_type="text/plain")
    assert (answer.status_code, answer.json) == (413, {"message": "the body is too large"})


def chunked(there: Caller, body: bytes) -> TestResponse:
    """Send a body without a length, as in chunks."""
    return there.put(
        "/extension/85218/phone/",
        input_stream=io.BytesIO(body),
        headers=JSON,
        environ_overrides={"wsgi.input_terminated": True},
    )


@pytest.mark.fact("GEN-12")
def test_a_chunked_body_is_read(office: Caller) -> None:
    """A body without a Content-Length is read to its end."""
    answer = chunked(office, b'{"label": "a"}')
    assert (answer.status_code, label_of(answer)) == (200, "a")


@pytest.mark.fact("GEN-12")
def test_a_large_chunked_body_is_refused(office: Caller) -> None:
    """A body without a Content-Length is a 413 past one mebibyte."""
    answer = chunked(office, b'{"label": "' + b"x" * 1024 * 1024 + b'"}')
    assert refused(answer, 413) == "the body is too large"


@pytest.mark.fact("GEN-12")
def test_one_mebibyte_is_read(office: Caller) -> None:
    """A body of exactly one mebibyte is read; one more byte is too many."""
    label = "x" * (1024 * 1024 - len('{"label": ""}'))
    body = b'{"label": "%s"}' % label.encode()
    answer = office.put("/extension/85218/phone/", data=body, headers=JSON)
    assert (answer.status_code, label_of(answer)) == (200, label)
    answer = office.put("/extension/85218/phone/", data=body + b" ", headers=JSON)
    assert refused(answer, 413) == "the body is too large"


@pytest.mark.fact("GEN-16")
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hangup_timeout", "5", "hangup_timeout: must be an integer"),
        ("hangup_timeout", 5.0, "hangup_timeout: must be an integer"),
        ("hangup_timeout", True, "hangup_timeout: must be an integer"),
        ("hangup_timeout", [], "hangup_timeout: must be an integer"),
        ("hangup_timeout", {}, "hangup_timeout: must be an integer"),
        ("hangup_timeout", 2**32, "hangup_timeout: must be an integer from 1 to 4294967295"),
        ("hangup_timeout", 10**4000, "hangup_timeout: must be an integer from 1 to 4294967295"),
        ("vm_enabled", "yes", "vm_enabled: must be a boolean"),
        ("vm_enabled", "true", "vm_enabled: must be a boolean"),
        ("vm_enabled", 1, "vm_enabled: must be a boolean"),
        ("vm_enabled", 0, "vm_enabled: must be a boolean"),
        ("label", 5, "label: must be a string"),
        ("label", ["a"], "label: must be a string"),
        ("auth_type", 5, "auth_type: must be a string"),
    ],
)
def test_types_are_those_of_json(office: Caller, field: str, value: Any, message: str) -> None:
    """Numbers, booleans and strings in a body are taken as the JSON type only."""
    before = office.state()
    answer = office.put("/extension/85218/phone/", json={field: value})
    assert (answer.status_code, answer.json) == (400, {"message": message})
    assert office.state() == before


@pytest.mark.fact("GEN-16", "ERR-9")
def test_all_offending_fields_are_named(office: Caller) -> None:
    """One refusal names every field that breaks a rule, and cites the rule of each."""
    body = {"hangup_timeout": 0, "vm_enabled": 1, "auth_type": "none", "label": "fine"}
    answer = office.put("/extension/85218/phone/", json=body)
    assert (answer.status_code, answer.json) == (
        400,
        {
            "message": "auth_type: must be one of digest, network, both; "
            "hangup_timeout: must be an integer from 1 to 4294967295; "
            "vm_enabled: must be a boolean"
        },
    )
    assert answer.headers["X-Mockpbx-Rule"] == "PHN-14, PHN-56, PHN-36"
    assert answer.headers["X-Mockpbx-Basis"] == "doc, assumed"


@pytest.mark.fact("GEN-6", "GEN-12")
@pytest.mark.parametrize(
    "path", [f"{API}/user/", "/oauth/token", f"{API}/none", "/_mockpbx/health"]
)
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_an_odd_method_is_refused(office: Caller, method: str, path: str) -> None:
    """A method that no path has is a 405 or, where there is no path, a 404; both are JSON."""
    answer = office.send(method, path)
    expected = (404, "Not found") if path == f"{API}/none" else (405, "Method not allowed")
    assert (answer.status_code, answer.json) == (expected[0], {"message": expected[1]})
