"""Applies fault rules to requests and to their answers."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING

from flask import Response, current_app, request

from ..core.limits import limit_reached, unused
from . import journal, waiting
from .errors import explain, json_response
from .operation import Operation
from .status import status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..core.faults import Fault

_KEY = "mockpbx.fault"
#: Where whoever asks in process says for how many seconds it waits.
_TIMEOUT = "mockpbx.timeout"


def before(exchange: journal.Exchange) -> Response | None:
    """The answer that a fault rule gives in the place of the operation's, or None.

    Raises:
        LimitReachedError: the answer would be late, and as many wait already as may.
    """
    operation = _asked_for()
    fault = exchange.world.faults.hit(None if operation is None else operation.label)
    if fault is None:
        return None
    if fault.latency:
        waiting.take(request.environ)
    exchange.operation = operation
    exchange.fault = fault
    request.environ[_KEY] = fault
    if fault.cuts:
        return Response(status=500)  # which nobody sees
    if fault.status is None:
        return None
    response = _answer(exchange, fault, fault.status)
    explain(response, (), "a fault rule")
    return response


def _answer(exchange: journal.Exchange, fault: Fault, status: int) -> Response:
    """The answer that the rule gives; a 429 is like that of the limit.

    Source: GEN-17, ERR-8
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        exchange.allowance = replace(unused(exchange.at), remaining=0)
    if isinstance(fault.body, str):
        return Response(fault.body, status_line(status), content_type="text/plain; charset=utf-8")
    if fault.body is not None:
        return json_response(fault.body, status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return json_response(limit_reached("GEN-17", "reached").body, status)
    return json_response({"message": status_line(status)[4:]}, status)


def after(fault: Fault, response: Response) -> None:
    """Change the answer as the fault rule says."""
    for name, value in fault.headers.items():
        response.headers[name] = value
    if fault.malformed and not response.direct_passthrough:
        body = response.get_data()
        response.set_data(body[: len(body) // 2])


def on_the_way(environ: WSGIEnvironment, answer: Iterable[bytes]) -> Iterable[bytes]:
    """The answer's body, delayed or cut as the fault rule says.

    Raises:
        RemoteDisconnected: the connection is closed instead, in the words of http.client.
        ConnectionResetError: it is reset, in those of the system.
        TimeoutError: the client waits for less; it is not kept waiting.
    """
    fault: Fault | None = environ.get(_KEY)
    if fault is None:
        return answer
    try:
        if fault.latency:
            try:
                environ["mockpbx.world"].faults.delay(fault, environ.get(_TIMEOUT))
            finally:
                waiting.leave(environ)
        if fault.drop:
            raise RemoteDisconnected("Remote end closed connection without response")
        if fault.reset:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    except OSError:
        getattr(answer, "close", bool)()
        raise
    return answer


def _asked_for() -> Operation | None:
    view = current_app.view_functions.get(request.endpoint or "")
    owner = getattr(view, "__self__", None)
    return owner if isinstance(owner, Operation) else None
