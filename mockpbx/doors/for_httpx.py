"""The door for the library httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import httpx

from . import wsgi
from .site import Site, site_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_CHUNK = 65_536


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An answer's body, read as it comes."""

    def __init__(self, body: wsgi.Body) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._body.read(_CHUNK):
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk

    def close(self) -> None:
        self._body.close()

    async def aclose(self) -> None:
        self._body.close()


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """For clients of both kinds: hosts in this process are asked here.

    Others are asked over the network, unless `elsewhere` refuses them.
    """

    def __init__(
        self,
        app: WSGIApplication,
        is_here: Callable[[Site | None], bool],
        elsewhere: Callable[[str], None],
    ) -> None:
        self._app = app
        self._is_here = is_here
        self._elsewhere = elsewhere
        self._network: httpx.HTTPTransport | None = None
        self._async_network: httpx.AsyncHTTPTransport | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a client."""
        if self._is_here(site_of(str(request.url))):
            return respond(self._app, request)
        self._check(request)
        self._network = self._network or httpx.HTTPTransport()
        return self._network.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer an asynchronous client."""
        if self._is_here(site_of(str(request.url))):
            return await respond_async(self._app, request)
        self._check(request)
        self._async_network = self._async_network or httpx.AsyncHTTPTransport()
        return await self._async_network.handle_async_request(request)

    def _check(self, request: httpx.Request) -> None:
        try:
            self._elsewhere(str(request.url))
        except ConnectionRefusedError as error:
            raise httpx.ConnectError(str(error), request=request) from error

    def close(self) -> None:
        """Close connections to other hosts."""
        if self._network is not None:
            self._network.close()

    async def aclose(self) -> None:
        """Close connections to other hosts."""
        if self._async_network is not None:
            await self._async_network.aclose()


def respond(app: WSGIApplication, request: httpx.Request) -> httpx.Response:
    """The application's answer.

    Raises:
        httpx.RemoteProtocolError: a fault rule closes the connection.
        httpx.ReadError: a fault rule resets it.
        httpx.ReadTimeout: a fault rule answers later than the client waits.
    """
    body = request.read()
    timeout_s = request.extensions.get("timeout", {}).get("read")
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
    ]
    try:
        answer = wsgi.ask(app, request.method, str(request.url), headers, body, timeout_s)
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from error
    except RemoteDisconnected as error:
        text = "Server disconnected without sending a response."
        raise httpx.RemoteProtocolError(text, request=request) from error
    except ConnectionResetError as error:
        raise httpx.ReadError(str(error), request=request) from error
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=_Stream(answer.body),
        extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode("latin-1")},
        request=request,
    )


async def respond_async(app: WSGIApplication, request: httpx.Request) -> httpx.Response:
    """The application's answer, made in a thread: it may wait for a receiver of this loop."""
    await request.aread()
    # A time limit around a late answer cuts it: whoever waits in the thread is left there.
    return await anyio.to_thread.run_sync(partial(respond, app, request), abandon_on_cancel=True)


def patched(route: Callable[[str], WSGIApplication | None]) -> Callable[..., httpx.Response]:
    """`HTTPTransport.handle_request` that asks the application which `route` names, if it does."""
    handle = httpx.HTTPTransport.handle_request

    def routed(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        app = _routed(route, request)
        return handle(self, request) if app is None else respond(app, request)

    return routed


def patched_async(route: Callable[[str], WSGIApplication | None]) -> Callable[..., Any]:
    """The same of `AsyncHTTPTransport.handle_async_request`."""
    handle = httpx.AsyncHTTPTransport.handle_async_request

    async def routed(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        app = _routed(route, request)
        return await (handle(self, request) if app is None else respond_async(app, request))

    return routed


def _routed(
    route: Callable[[str], WSGIApplication | None], request: httpx.Request
) -> WSGIApplication | None:
    try:
        return route(str(request.url))
    except ConnectionRefusedError as error:
        raise httpx.ConnectError(str(error), request=request) from error
