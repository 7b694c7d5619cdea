"""Access to the control API of a server: whom it serves, and which pages may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from ..core.control_access import ControlAccess
from ..core.errors import RefusalError
from .prefix import CONTROL

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

#: Under this name a server gives its rules; in process there are none.
ACCESS = "mockpbx.access"
#: Under this name a request has the refusal that it meets at the door.
REFUSAL = "mockpbx.refusal"
#: What anybody may ask: whether the server answers, and what a page of another origin may do.
_OPEN_PATHS = (f"{CONTROL}/health",)
_READING = ("GET", "HEAD")


def stop(environ: WSGIEnvironment, path: str) -> bool:
    """Whether the request for that path is refused; leaves the refusal in `environ`."""
    access: ControlAccess | None = environ.get(ACCESS)
    if access is None:
        return False
    host, method = environ.get("HTTP_HOST"), environ["REQUEST_METHOD"]
    try:
        access.check_host(host)
        access.check_origin(environ.get("HTTP_ORIGIN"), f"{environ['wsgi.url_scheme']}://{host}")
        is_open = path.rstrip("/") in _OPEN_PATHS and method in _READING
        if not is_open and method != "OPTIONS":
            access.check_token(environ.get("HTTP_AUTHORIZATION"))
    except RefusalError as refusal:
        environ[REFUSAL] = refusal
    return REFUSAL in environ


def finish(headers: Headers, status: int) -> str | None:
    """The answer of the control API has its headers; answers the page's origin that may read it."""
    environ = request.environ
    headers["X-Content-Type-Options"] = "nosniff"
    headers.add("Vary", "Origin")
    access: ControlAccess | None = environ.get(ACCESS)
    if access is None:
        return None
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="mockpbx"'
    origin: str | None = environ.get("HTTP_ORIGIN")
    return origin if origin is not None and access.allows(origin) else None


def shows_secrets() -> bool:
    """Whether who asks may see them: in process anybody, on a socket who has the token."""
    access: ControlAccess | None = request.environ.get(ACCESS)
    return access is None or access.knows(request.environ.get("HTTP_AUTHORIZATION"))
