"""One line a request: what came in and how it was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..core.user_agent import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_COLOURS = {"2": "green", "3": "cyan", "4": "yellow", "5": "red"}


def logged(app: WSGIApplication) -> WSGIApplication:
    """That application, writing a line to stderr for each request; coloured on a terminal only.

    mockpbx's own clients, which ask again and again until a call is over, leave no line.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        own = (
            environ.get("HTTP_USER_AGENT") == USER_AGENT and "/_mockpbx/" in environ["REQUEST_URI"]
        )
        if own and environ["REQUEST_METHOD"] == "GET":
            return app(environ, start_response)

        def start(status, headers, exc_info=None):  # type: ignore[no-untyped-def]  # PEP 3333
            rule = next((value for name, value in headers if name == "X-Mockpbx-Rule"), "")
            line = f"{environ['REQUEST_METHOD']} {_path(environ)} {status[:3]} {rule}"
            click.secho(line.rstrip(), err=True, fg=_COLOURS.get(status[0]))
            return start_response(status, headers, exc_info)

        return app(environ, start)

    return answer


def _path(environ: WSGIEnvironment) -> str:
    # As it was sent: decoded, it could hold control characters for the terminal.
    return str(environ["REQUEST_URI"]).partition("?")[0]
