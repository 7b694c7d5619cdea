"""The door for the library requests."""

from __future__ import annotations

from collections.abc import Callable
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
            requests.ConnectionError: a fault rule closes or resets the connection.
            requests.ReadTimeout: a fault rule answers later than the caller waits.
        """
        try:
            answer = wsgi.ask(
                self._app,
                request.method or "GET",
                request.url or "",
                request.headers.items(),
                wsgi.bytes_of(request.body),
                timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "total", timeout),
            )
        except TimeoutError as error:
            raise requests.ReadTimeout(str(error), request=request) from error
        except ConnectionResetError as error:
            closed = ProtocolError("Connection aborted.", error)
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
        """Do nothing: no connection is open."""


class Session(requests.Session):
    """A session some of whose hosts are in this process.

    The others are asked over the network, unless `elsewhere` refuses them.
    """

    def __init__(
        self,
        app: WSGIApplication,
        is_here: Callable[[Site | None], bool],
        elsewhere: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._here = Adapter(app)
        self._is_here = is_here
        self._elsewhere = elsewhere
        self._mocked: Callable[..., BaseAdapter] | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        """A mock that gives this very session its own `get_adapter` has it for other hosts."""
        super().__setattr__("_mocked" if name == "get_adapter" else name, value)

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The adapter for that url.

        Raises:
            requests.ConnectionError: it leads elsewhere, where nobody may ask.
        """
        text = url.decode() if isinstance(url, bytes) else url
        if self._is_here(site_of(text)):
            return self._here
        try:
            self._elsewhere(text)
        except ConnectionRefusedError as error:
            raise requests.ConnectionError(str(error)) from error
        mocked = self._mocked
        if mocked is None or getattr(mocked, "__func__", None) is Session.get_adapter:
            return super().get_adapter(text)
        return mocked(text)


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
