"""Answers for browsers: pages, and where to go next."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask import Response, request

from .status import status_line

if TYPE_CHECKING:
    from jinja2 import Environment

#: For browsers that know no content policy, and so that no address with a secret is passed on.
_POLICIES = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


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
        response.headers.update(_POLICIES)
        response.headers["Content-Security-Policy"] = _content_policy(html)
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


def _content_policy(html: str) -> str:
    """Nothing is loaded, run or framed; only the page's own styles count.

    Where a form leads is left open: browsers ask for redirections too, and those of a login lead
    to the application, wherever that is.
    """
    digests = (sha256(one.encode("utf-8")).digest() for one in _STYLE.findall(html))
    styles = "".join(f" 'sha256-{b64encode(one).decode()}'" for one in digests)
    return (
        f"default-src 'none'; style-src{styles}; img-src data:; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def wants_page() -> bool:
    """Whether the client is a browser, which shows a page rather than JSON."""
    return "text/html" in request.headers.get("Accept", "")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader  # only pages need it

    return Environment(loader=PackageLoader("mockpbx", "pages"), autoescape=True)
