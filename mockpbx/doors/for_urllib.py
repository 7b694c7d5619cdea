"""The door for urllib.request."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPResponse
from io import BufferedReader
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import AbstractHTTPHandler, Request

from . import wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Socket:
    """What an HTTPResponse reads from."""

    def __init__(self, answer: wsgi.Answer) -> None:
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        lines = ("\r\n".join([*head, "", ""])).encode("latin-1")
        self._stream = wsgi.Body(_Closing([lines], answer.body))

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(self._stream)


class _Closing:
    """The head and then the body, which is closed with it."""

    def __init__(self, head: list[bytes], body: wsgi.Body) -> None:
        self._chunks = chain(head, iter(lambda: body.read(65_536), b""))
        self.close = body.close

    def __iter__(self) -> Any:
        return self._chunks


def respond(app: WSGIApplication, request: Request) -> HTTPResponse:
    """The application's answer.

    Raises:
        http.client.RemoteDisconnected: a fault rule closes the connection.
        ConnectionResetError: a fault rule resets it.
        TimeoutError: a fault rule answers later than the caller waits.
    """
    headers = {**request.headers, **request.unredirected_hdrs}
    timeout = getattr(request, "timeout", None)
    answer = wsgi.ask(
        app,
        request.get_method(),
        request.full_url,
        [(name, str(value)) for name, value in headers.items()],
        wsgi.bytes_of(request.data),
        timeout if isinstance(timeout, (int, float)) else None,
    )
    response = HTTPResponse(_Socket(answer), method=request.get_method())  # type: ignore[arg-type]
    response.begin()
    # As urllib.request itself leaves it.
    response.url = request.full_url
    response.msg = response.reason  # type: ignore[assignment]
    return response


def patched(route: Callable[[str], WSGIApplication | None]) -> Callable[..., HTTPResponse]:
    """`AbstractHTTPHandler.do_open` that asks the application which `route` names, if it does."""
    do_open = AbstractHTTPHandler.do_open

    def routed(
        self: AbstractHTTPHandler, http_class: Any, request: Request, **options: Any
    ) -> HTTPResponse:
        try:
            app = route(request.full_url)
        except ConnectionRefusedError as error:
            raise URLError(error) from error
        if app is None:
            return do_open(self, http_class, request, **options)
        return respond(app, request)

    return routed
