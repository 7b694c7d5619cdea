"""Routes hosts into worlds by patching the HTTP libraries that are installed.

Whoever patches a library does it for the whole process, so this is the one place of mockpbx that
keeps something in its module: what is patched, and for whom.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..core import masking
from .scope import Scope
from .site import Site, site_of

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed.wsgi import WSGIApplication

#: The library, the class and method of it that every request passes, and who makes ours.
_PATCHES = (
    ("requests", "requests.adapters", "HTTPAdapter", "send", "for_requests", "patched"),
    ("httpx", "httpx", "HTTPTransport", "handle_request", "for_httpx", "patched"),
    (
        "httpx",
        "httpx",
        "AsyncHTTPTransport",
        "handle_async_request",
        "for_httpx",
        "patched_async",
    ),
    ("urllib", "urllib.request", "AbstractHTTPHandler", "do_open", "for_urllib", "patched"),
    (
        "urllib3",
        "urllib3.connectionpool",
        "HTTPConnectionPool",
        "urlopen",
        "for_urllib3",
        "patched",
    ),
    ("aiohttp", "aiohttp", "ClientSession", "_request", "for_aiohttp", "patched"),
)

_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")

_lock = threading.Lock()
_active: list[Route] = []
_installed: list[tuple[Any, str, Any, Any]] = []


class Route(Scope):
    """While it is entered, requests for one site are answered by an application.

    It counts for the whole process, threads included. Of two for one site the one that was
    entered last wins, and they may be left in any order.
    """

    def __init__(
        self,
        app: WSGIApplication,
        base_url: str,
        *,
        only: bool,
        is_here: Callable[[Site | None], bool],
        address: Callable[[], str],
    ) -> None:
        site = site_of(base_url)
        if site is None or not _HOST.fullmatch(site.host) or "@" in base_url:
            raise ValueError(f"{base_url!r} is no http or https address of a host")
        self.app = app
        self.site = site
        self.only = only
        self.is_here = is_here
        self.address = address

    def __enter__(self) -> Route:
        with _lock:
            _active.insert(0, self)
            _install()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Let requests for the site go over the network again."""
        with _lock:
            if self in _active:
                _active.remove(self)
            if not _active:
                _restore()


def route(url: str) -> WSGIApplication | None:
    """The application that answers for that url, if one does.

    Raises:
        ConnectionRefusedError: none does, and no other host may be asked.
    """
    site = site_of(url)
    active = tuple(_active)
    for one in active:
        if one.site == site:
            return one.app
    if any(one.only for one in active) and not any(one.is_here(site) for one in active):
        allowed = ", ".join(dict.fromkeys(str(one.site) for one in active))
        raise ConnectionRefusedError(
            f"mockpbx lets only {allowed} be asked here (only=True), not {masking.text(url)}"
        )
    return None


def address(url: str) -> str:
    """Where the socket of the PBX is that answers for that url."""
    site = site_of(url)
    return next(one.address() for one in tuple(_active) if one.site == site)


def _install() -> None:
    """Patch the installed libraries that are not patched now."""
    for library, module, kind, method, ours, maker in _PATCHES:
        if library not in sys.modules and find_spec(library) is None:
            continue
        owner = getattr(import_module(module), kind)
        before = getattr(owner, method)
        if any(before is after for _, _, _, after in _installed):
            continue
        given = (route, address) if library == "aiohttp" else (route,)
        after = getattr(import_module(f".{ours}", __package__), maker)(*given)
        setattr(owner, method, after)
        _installed.append((owner, method, before, after))


def _restore() -> None:
    """Put back what nobody else has patched since; ours, where it stays, passes all on."""
    while _installed:
        owner, method, before, after = _installed.pop()
        if getattr(owner, method) is after:
            setattr(owner, method, before)
