"""The door for urllib3 used by itself, and by whatever is built on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError

from . import wsgi
from .site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def patched(route: Callable[[str], WSGIApplication | None]) -> Callable[..., Any]:
    """`HTTPConnectionPool.urlopen` that asks the application which `route` names, if it does."""
    urlopen = HTTPConnectionPool.urlopen

    def routed(
        self: HTTPConnectionPool,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        retries: Any = None,
        *args: Any,
        **options: Any,
    ) -> Any:
        whole = url if "://" in url else f"{_root(self)}{url}"
        try:
            app = route(whole)
        except ConnectionRefusedError as error:
            refused = NewConnectionError(self, str(error))  # type: ignore[arg-type]
            _retry(self, retries, method, url, refused)
            raise refused from error
        if app is None:
            return urlopen(self, method, url, body, headers, retries, *args, **options)
        given = headers if headers is not None else self.headers
        asked = _Asked(self, app, method, url, whole, body, given, options)
        return asked.answer(retries)

    return routed


class _Asked:
    """One request of a pool, which is asked again as its retries say."""

    def __init__(self, pool: HTTPConnectionPool, app: Any, *request: Any) -> None:
        self._pool = pool
        self._app = app
        self._method, self._url, self._whole, body, headers, self._options = request
        self._body = wsgi.bytes_of(body)
        self._headers = list(dict(headers or {}).items())

    def answer(self, retries: Any) -> urllib3.HTTPResponse:
        left = _retries(self._pool, retries)
        while True:
            try:
                found = self._ask()
            except (ReadTimeoutError, ProtocolError) as error:
                left = _retry(self._pool, left, self._method, self._url, error)
                continue
            later = "Retry-After" in found.headers
            if not left.is_retry(self._method, found.status, later):
                found.retries = left
                return found
            left = _retry(self._pool, left, self._method, self._url, None, found)
            found.drain_conn()
            left.sleep(found)

    def _ask(self) -> urllib3.HTTPResponse:
        timeout = self._options.get("timeout", self._pool.timeout)
        if not isinstance(timeout, urllib3.Timeout):
            is_number = isinstance(timeout, (int, float))
            timeout = urllib3.Timeout(timeout) if is_number else self._pool.timeout
        read_s = timeout.clone().read_timeout if timeout.total is None else timeout.total
        seconds = read_s if isinstance(read_s, (int, float)) else None
        try:
            answer = wsgi.ask(
                self._app, self._method, self._whole, self._headers, self._body, seconds
            )
        except TimeoutError as error:
            raise ReadTimeoutError(self._pool, self._url, str(error)) from error
        except ConnectionResetError as error:
            raise ProtocolError("Connection aborted.", error) from error
        return urllib3.HTTPResponse(
            answer.body,
            headers=urllib3.HTTPHeaderDict(answer.headers),
            status=answer.status,
            version=11,
            reason=answer.reason,
            preload_content=self._options.get("preload_content", True),
            decode_content=self._options.get("decode_content", True),
            request_method=self._method,
            request_url=self._url,
        )


def _retries(pool: HTTPConnectionPool, given: Any) -> urllib3.Retry:
    return urllib3.Retry.from_int(given if given is not None else pool.retries)


def _retry(
    pool: HTTPConnectionPool,
    given: Any,
    method: str,
    url: str,
    error: Exception | None,
    answer: Any = None,
) -> urllib3.Retry:
    """The retries less one; raises urllib3's error when none is left."""
    left = _retries(pool, given)
    return left.increment(method, url, response=answer, error=error, _pool=pool)


def _root(pool: HTTPConnectionPool) -> str:
    return str(Site(pool.scheme or "http", pool.host.strip("[]"), pool.port or 80))
