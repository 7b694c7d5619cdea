"""The OpenAPI documents as a server gives them out: with the address at which it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response

from .address import root_of
from .errors import json_response
from .status import no_content

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Where each document is, below the host and below the control API.
PATH = "/openapi.json"
_METHODS = "GET, HEAD, OPTIONS"


class Documents:
    """Both documents, made when the first is asked for and kept as texts."""

    def __init__(self, make: Callable[[], Mapping[str, dict[str, Any]]]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._texts: dict[str, tuple[str, str]] = {}

    def response(self, name: str, root: str) -> Response:
        """The document of that name, with that address as its server."""
        with self._making:
            if not self._texts:
                self._texts = {key: _text(found) for key, found in self._make().items()}
        text, address = self._texts[name]
        return Response(text.replace(address, json.dumps(root)[1:-1]), mimetype="application/json")

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The API's document, which any page may read; no operation of the API answers here."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            response = self.response("mockpbx", root_of(environ))
        elif environ["REQUEST_METHOD"] == "OPTIONS":
            response = no_content()
        else:
            response = json_response({"message": "Method not allowed"}, 405)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Allow"] = _METHODS
        return response(environ, start_response)


def _text(document: dict[str, Any]) -> tuple[str, str]:
    """The document as a text in which all addresses are whole, and how they all begin."""
    address: str = document["servers"][0]["url"]
    schemes = document["components"]["securitySchemes"]
    flows = schemes.get("oauth2", {}).get("flows", {})
    whole = {
        name: {
            key: address + value if key.endswith("Url") else value for key, value in flow.items()
        }
        for name, flow in flows.items()
    }
    if whole:
        schemes["oauth2"] = {**schemes["oauth2"], "flows": whole}
    return json.dumps(document), address
