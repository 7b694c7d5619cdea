"""A site: scheme, host and port of the requests that are answered in this process."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ..core.address import WEB


@dataclass(frozen=True, slots=True)
class Site:
    """One host that is asked under one scheme and port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = WEB[self.scheme] == self.port
        return f"{self.scheme}://{host}" if usual else f"{self.scheme}://{host}:{self.port}"


def site_of(url: str) -> Site | None:
    """The site that a url is of; None when it is none of HTTP."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, AttributeError):
        return None
    if parts.scheme not in WEB or not parts.hostname:
        return None
    return Site(parts.scheme, parts.hostname, port or WEB[parts.scheme])
