"""Receivers in this process: applications and functions, in place of the network."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from ..core.user_agent import USER_AGENT
from .asgi import through_asgi
from .transport import ANSWER_LIMIT, Receiver, ReceiverAnswerError, Request

#: What a function may answer.
_FORMS = "a status, (status, body), or None"


def receiver_of(target: Callable[..., Any]) -> Receiver:
    """A receiver that calls that target, which is known by how many parameters it needs.

    One: it is given the `Request`. Two: it is a WSGI application. Three, asynchronous: it is an
    ASGI application. Four: it is given method, url, headers as a dict, and body as bytes. A
    function answers a status from 100 to 599, (status, body), or None for 200; a body is text or
    bytes.

    Raises:
        TypeError: it is no function, or takes another number of parameters.
    """
    if not callable(target):
        raise TypeError(f"{target!r} is no receiver: it must be a function or a WSGI application")
    count = _parameters(target)
    if _is_asynchronous(target):
        if count != 3:
            raise TypeError(
                f"{target!r} is no receiver: it must not be asynchronous, unless it is an ASGI "
                "application"
            )
        return lambda request: through_asgi(target, request)
    if count == 2:
        return lambda request: _through_wsgi(target, request)
    if count == 1:
        return lambda request: _answer(target(request))
    if count == 4:
        return lambda request: _answer(
            target(request.method, request.url, dict(_headers(request)), request.body)
        )
    raise TypeError(
        f"{target!r} is no receiver: it must be a WSGI application, or a function of the request "
        "or of method, url, headers and body"
    )


def _parameters(target: Callable[..., Any]) -> int:
    """How many it needs; a function that takes any number is given the request alone."""
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(target).parameters.values()
    except ValueError:  # some built-in functions do not say
        return 1
    needed = [one for one in parameters if one.kind in named and one.default is one.empty]
    takes_any = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters)
    return 1 if takes_any and not needed else len(needed)


def _is_asynchronous(target: Callable[..., Any]) -> bool:
    call = getattr(target, "__call__", None)  # noqa: B004  # of an object, an instance's method
    return inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(call)


def _headers(request: Request) -> Iterable[tuple[str, str]]:
    return (("User-Agent", USER_AGENT), *request.headers)


def _answer(answer: Any) -> tuple[int, bytes]:
    if answer is None:
        answer = 200
    status, body = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, b"")
    if isinstance(body, str):
        body = body.encode()
    is_status = isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599
    if not is_status or not isinstance(body, bytes):
        raise ReceiverAnswerError(f"a receiver answers {_FORMS}, not {answer!r}")
    return status, body[:ANSWER_LIMIT]


def _through_wsgi(app: Callable[..., Any], request: Request) -> tuple[int, bytes]:
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    parts = urlsplit(request.url)
    builder = EnvironBuilder(
        path=parts.path or "/",
        base_url=f"{parts.scheme}://{parts.netloc}",
        query_string=parts.query,
        method=request.method,
        headers=list(_headers(request)),
        data=request.body,
    )
    try:
        chunks, status, _ = run_wsgi_app(app, builder.get_environ(), buffered=True)
        return int(status.partition(" ")[0]), b"".join(chunks)[:ANSWER_LIMIT]
    finally:
        builder.close()
