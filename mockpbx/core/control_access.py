"""Who may use a server's control API: by the request's Host, Origin and token."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

from .address import WEB, is_ip
from .errors import AccessDeniedError, MisdirectedError, UnauthorizedError

#: Ends of names that no public site can have, so that none can point them here.
_OWN_NAMES = (".localhost", ".test", ".internal", ".local")
_AUTHORITY = re.compile(r"(\[[0-9a-f:.%]+\]|[^\s:/?#@\[\]]+)(?::([0-9]{0,5}))?")
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([^\s/?#@]+)")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}")
_TOKEN = re.compile(r"[!-~]{1,1024}")


@dataclass(frozen=True, slots=True)
class ControlAccess:
    """The token that is asked for, if any, and what is allowed beside this machine's own.

    `hosts` are further names of the server, `origins` further pages that may use it.
    """

    token: str | None = None
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Take names and origins in any spelling.

        Raises:
            ValueError: one of them is none; the message begins with what it is.
        """
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise ValueError("control token: must be 1 to 1024 ASCII characters without blanks")
        for name in self.hosts:
            if not _NAME.fullmatch(name):
                raise ValueError(f"allowed host {name!r}: must be a name without a port")
        for origin in self.origins:
            if _canonical(origin) is None:
                raise ValueError(f"allowed origin {origin!r}: must be scheme://host[:port]")
        object.__setattr__(self, "hosts", frozenset(map(str.lower, self.hosts)))
        object.__setattr__(self, "origins", frozenset(map(_canonical, self.origins)))

    def check_host(self, host: str | None) -> None:
        """Refuse a Host that is no name of this server.

        A page of a public site reaches this one under that site's name alone, after its name
        server has pointed that here.

        Raises:
            MisdirectedError: it means a server under a public name.
        """
        if host is not None and not self._is_own(host.lower()):
            text = f"Host {host[:100]}: is no name of this server; allow it by --allow-host"
            raise MisdirectedError((), text)

    def check_origin(self, origin: str | None, own: str) -> None:
        """Refuse a page of another origin that is not allowed by name.

        Raises:
            AccessDeniedError: it is of another site, or nobody knows which, as with files.
        """
        if origin is not None and not self.allows(origin) and _canonical(origin) != _canonical(own):
            text = f"Origin {origin[:100]}: is another site's; allow it by --allow-origin"
            raise AccessDeniedError((), text)

    def check_token(self, authorization: str | None) -> None:
        """Refuse a client without the token, when there is one.

        Raises:
            UnauthorizedError: it has none, or another one.
        """
        if self.token is not None and not self.knows(authorization):
            raise UnauthorizedError((), "the control API wants its token: Authorization: Bearer")

    def allows(self, origin: str) -> bool:
        """Whether pages of that origin are allowed by name."""
        return _canonical(origin) in self.origins

    def knows(self, authorization: str | None) -> bool:
        """Whether the client has the token; False when there is none."""
        scheme, _, given = (authorization or "").partition(" ")
        if self.token is None or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self.token.encode())

    def _is_own(self, host: str) -> bool:
        found = _AUTHORITY.fullmatch(host)
        if found is None:
            return False
        name = found[1].removesuffix(".")
        if name.startswith("["):
            return is_ip(name[1:-1])
        own = "." not in name or name.endswith(_OWN_NAMES) or is_ip(name)
        return own or name in self.hosts


def _canonical(origin: str) -> str | None:
    """The origin as browsers spell it; None when it is none, such as `null`."""
    found = _ORIGIN.fullmatch(origin.lower())
    authority = _AUTHORITY.fullmatch(found[2]) if found is not None else None
    if found is None or authority is None:
        return None
    port = authority[2] or ""
    return f"{found[1]}://{authority[1]}" + (
        f":{port}" if port and port != str(WEB.get(found[1])) else ""
    )
