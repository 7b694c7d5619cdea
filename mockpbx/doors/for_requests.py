"""The door for the library requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from . import wsgi
from .site import Site, site_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_builder = HTTPAdapter()


class Adapter(BaseAdapter):
    """Carries every request into the application."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """The application's answer; with `stream` it is read as the caller reads it.

        Raises:
            requests.ConnectionError: a fault rule closes the connection.
            requests.ReadTimeout: a fault rule answers later than the caller waits.
        """
        try:
            answer = wsgi.ask(
                self._app,
                request.method or "GET",
                request.url or "",
                request.headers.items(),
                _bytes(request.body),
                timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "total", timeout),
            )
        except TimeoutError as error:
            raise requests.ReadTimeout(str(error), request=request) from error
        except ConnectionResetError as error:
            gone = RemoteDisconnected("Remote end closed connection without response")
            closed = ProtocolError("Connection aborted.", gone)
            raise requests.ConnectionError(closed, request=request) from error
        raw = HTTPResponse(
            answer.body,
            headers=HTTPHeaderDict(answer.headers),
            status=answer.status,
            version=11,
            reason=answer.reason,
            preload_content=False,
            decode_content=False,
            request_method=request.method,
        )
        return _builder.build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


class Session(requests.Session):
    """A session some of whose hosts are in this process; the others are asked over the network."""

    def __init__(self, app: WSGIApplication, is_here: Callable[[Site | None], bool]) -> None:
        super().__init__()
        self._here = Adapter(app)
        self._is_here = is_here

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The way to that url."""
        text = url.decode() if isinstance(url, bytes) else url
        return self._here if self._is_here(site_of(text)) else super().get_adapter(text)


def patched(route: Callable[[str], WSGIApplication | None]) -> Callable[..., requests.Response]:
    """`HTTPAdapter.send` that asks the application which `route` names for a url, if it does.

    `route` raises ConnectionRefusedError for a url that may not be asked.
    """
    send = HTTPAdapter.send

    def routed(
        self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any
    ) -> requests.Response:
        try:
            app = route(request.url or "")
        except ConnectionRefusedError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        if app is None:
            return send(self, request, *args, **options)
        return Adapter(app).send(request, *args, **options)

    return routed


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if isinstance(body, str):
        return body.encode("utf-8")
    if hasattr(body, "read"):
        return _bytes(body.read())
    assert isinstance(body, Iterable)
    return b"".join(map(_bytes, body))
