"""Status lines."""

from __future__ import annotations

from http import HTTPStatus


def status_line(status: int) -> str:
    """The code and its reason phrase, spelt as in the standard.

    Source: GEN-13 (doc, observed)
    """
    return f"{status} {HTTPStatus(status).phrase}"
