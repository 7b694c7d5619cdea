"""Refusals, HTTP errors and our own errors as the vendor's body and status."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ..core import errors
from ..core.facts import basis_of, by_id
from . import journal
from .nearest import nearest
from .page import Page, wants_page
from .prefix import API, CONTROL
from .status import no_content, status_line

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: How much alike two paths are that somebody may have taken for each other.
_NEAR = 0.6
#: A blank at an end of a header's value.
_AT_AN_END = re.compile("^ | $")
_log = logging.getLogger("mockpbx")

STATUS: dict[type[errors.RefusalError], int] = {
    errors.InvalidError: 400,
    errors.UnauthorizedError: 401,
    errors.AccessDeniedError: 403,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.TooLargeError: 413,
    errors.RangeNotSatisfiableError: 416,
    errors.MisdirectedError: 421,
    errors.LimitReachedError: 429,
}


def json_response(payload: object, status: int) -> Response:
    """A JSON answer, ASCII only.

    Source: GEN-8
    """
    return JsonResponse(json.dumps(payload), status_line(status))


class JsonResponse(Response):
    """A JSON answer that Flask has nothing to complete in: no Location, and a known length."""

    default_mimetype = "application/json"

    def get_wsgi_response(
        self, environ: WSGIEnvironment
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Body, status line and headers."""
        body = [] if environ["REQUEST_METHOD"] == "HEAD" else [self.get_data()]
        return body, self.status, list(self.headers)


def install(app: Flask, paths: Callable[[], Iterable[str]]) -> None:
    """Answer every error of the application as JSON; `paths` are those that exist.

    Source: GEN-6, ERR-6, ERR-10
    """

    @app.errorhandler(errors.RefusalError)
    def refused(refusal: errors.RefusalError) -> Response:
        return refuse(refusal)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            return _other_method(error)
        if isinstance(error, NotFound):
            return refuse(_no_such_path(request.path, paths()))
        response = json_response({"message": error.description or error.name}, error.code or 400)
        explain(response, ("GEN-12",), error.name)
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        # The only 5xx there is: an error of mockpbx itself, never an answer of the vendor.
        _log.exception("mockpbx failed on %s %s", request.method, request.path, exc_info=error)
        response = json_response({"message": "mockpbx itself failed; please report it"}, 500)
        explain(response, (), f"{type(error).__name__}: {error}")
        return response


def refuse(refusal: errors.RefusalError) -> Response:
    """The vendor's answer to that refusal, explained in headers."""
    status = STATUS[type(refusal)]
    operation = journal.current().operation
    if operation is not None and operation.has_pages and wants_page():
        response = Page("refused.html", {"message": refusal.message}, status).response()
    else:
        response = json_response(refusal.body, status)
    explain(response, refusal.rules, refusal.reason)
    return response


def explain(response: Response, rules: tuple[str, ...], reason: str) -> None:
    """Tell the tester which rules refused, on what basis, and why."""
    exchange = journal.current()
    if exchange.path.startswith(journal.CONTROL):
        # The vendor has no such paths, and what it has in common with them is no rule of its.
        rules = tuple(rule for rule in rules if not rule.startswith(("GEN-", "ERR-")))
    exchange.rules, exchange.reason = rules, reason
    documented = [rule for rule in rules if rule in by_id()]
    exchange.basis = basis_of(documented)
    if rules:
        response.headers["X-Mockpbx-Rule"] = ", ".join(rules)
    if exchange.basis:
        response.headers["X-Mockpbx-Basis"] = exchange.basis
    response.headers["X-Mockpbx-Reason"] = in_a_header(reason)


def in_a_header(text: str) -> str:
    """The text as a header's value can be.

    Many HTTP clients refuse an answer whose headers hold control characters, and blanks around a
    value are lost on the way.
    """
    return _AT_AN_END.sub(r"\\x20", text.encode("unicode_escape").decode("ascii")[:2000])


def _other_method(error: MethodNotAllowed) -> Response:
    allowed = sorted(error.valid_methods or ())
    if request.method == "OPTIONS":
        response = no_content()
    else:
        response = json_response({"message": "Method not allowed"}, 405)
        explain(response, ("ERR-10",), f"documented here: {', '.join(allowed)}")
    response.headers["Allow"] = ", ".join([*allowed, "OPTIONS"])
    return response


def _no_such_path(path: str, known: Iterable[str]) -> errors.NotFoundError:
    """The refusal of a path that does not exist; the nearest is named when one is near."""
    prefix = next((one for one in (CONTROL, API) if path.startswith(one)), "")
    rest = {one.removeprefix(prefix): one for one in known if one.startswith(prefix)}
    found = nearest(path.removeprefix(prefix), rest, like=_NEAR)
    reason = "no such path" if found is None else f"no such path; the nearest is {rest[found]}"
    # The vendor says no more; a path of ours speaks for itself.
    return errors.NotFoundError((), reason) if prefix == CONTROL else errors.not_found(reason)
