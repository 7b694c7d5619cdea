"""Status lines."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response


def status_line(status: int) -> str:
    """The code and its reason phrase, spelt as in the standard.

    Source: GEN-13
    """
    return f"{status} {HTTPStatus(status).phrase}"


def no_content() -> Response:
    """An answer without a body, and so without a type of one.

    Source: GEN-5
    """
    response = Response(status=status_line(204))
    del response.headers["Content-Type"]
    return response
