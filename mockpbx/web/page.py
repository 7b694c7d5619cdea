"""Answers for browsers: pages, and where to go next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Response, request

from .status import status_line

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Page:
    """A page made of a template of `mockpbx/pages`."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200

    def response(self) -> Response:
        """The page as an answer."""
        html = _templates().get_template(self.template).render(self.values)
        response = Response(html, status_line(self.status), mimetype="text/html")
        response.headers["Cache-Control"] = "no-store"
        return response


@dataclass(frozen=True, slots=True)
class Redirect:
    """Somewhere else to go: an absolute address."""

    location: str

    def response(self) -> Response:
        """The redirection as an answer."""
        response = Response(status=status_line(302))
        response.autocorrect_location_header = False
        response.headers["Location"] = self.location
        response.headers["Cache-Control"] = "no-store"
        return response


def wants_page() -> bool:
    """Whether the client is a browser, which shows a page rather than JSON."""
    return "text/html" in request.headers.get("Accept", "")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader  # only pages need it

    return Environment(loader=PackageLoader("mockpbx", "pages"), autoescape=True)
