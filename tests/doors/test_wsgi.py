"""A request into a WSGI application, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockpbx.doors.wsgi import ask


class Application:
    """Remembers what it was asked, and answers in pieces."""

    def __init__(self, *chunks: bytes) -> None:
        self.environ: dict[str, Any] = {}
        self.chunks = chunks
        self.closed = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.environ = {**environ, "body": environ["wsgi.input"].read()}
        start_response("207 Multi-Status", [("X-One", "1"), ("X-One", "2")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        self.closed += 1


def test_what_the_application_sees() -> None:
    """Method, path, query, host, port, headers and body arrive as from a socket."""
    app = Application()
    headers = [("Content-Type", "text/plain"), ("X-Two", "a"), ("x-two", "b"), ("Connection", "x")]
    ask(app, "PUT", "https://u:p@pbx.example.com:8443/a%20b/%D0%9F?q=%20", headers, b"body", 2.5)
    seen = {name: app.environ.get(name) for name in ("HTTP_CONNECTION", "HTTP_X_TWO", "body")}
    assert seen == {"HTTP_CONNECTION": None, "HTTP_X_TWO": "a,b", "body": b"body"}
    names = (
        "REQUEST_METHOD",
        "PATH_INFO",
        "QUERY_STRING",
        "HTTP_HOST",
        "SERVER_NAME",
        "SERVER_PORT",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "wsgi.url_scheme",
        "mockpbx.timeout",
    )
    assert [app.environ[name] for name in names] == [
        "PUT",
        "/a b/\xd0\x9f",
        "q=%20",
        "pbx.example.com:8443",
        "pbx.example.com",
        "8443",
        "text/plain",
        "4",
        "https",
        2.5,
    ]


def test_the_answer() -> None:
    """Status, reason, all headers, and a body that is read as it comes and closed once."""
    app = Application(b"", b"ab", b"cde")
    answer = ask(app, "GET", "http://mockpbx.test", [])
    assert app.environ["PATH_INFO"] == "/"
    assert (answer.status, answer.reason) == (207, "Multi-Status")
    assert answer.headers == [("X-One", "1"), ("X-One", "2")]
    assert (answer.body.read(1), answer.body.read(2), answer.body.read()) == (b"a", b"b", b"cde")
    answer.body.close()
    answer.body.close()
    assert app.closed == 1
