"""Addresses of the web, as programs give them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

#: The schemes of the web, and the port of each where an address names none.
WEB = {"http": 80, "https": 443}


def is_ip(text: str) -> bool:
    """Whether it is an IPv4 or IPv6 address, and not a name."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def absolute(text: str) -> SplitResult:
    """The parts of an absolute address that a client could follow.

    Raises:
        ValueError: it is none; the message says what it must be.

    Source: EVT-6, AUT-8
    """
    wrong = ValueError("must be an absolute address")
    if any(letter.isspace() or not letter.isprintable() for letter in text):
        raise wrong
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # refuses a port that is no number or too large
    except ValueError:
        raise wrong from None
    if not parts.scheme or not (parts.netloc or parts.path):
        raise wrong
    if parts.scheme in WEB and not parts.hostname:
        raise wrong
    return parts


def is_web(text: str) -> bool:
    """Whether it is an absolute http or https address with a host."""
    try:
        return absolute(text).scheme in WEB
    except ValueError:
        return False


def is_redirection(text: str) -> bool:
    """Whether a browser can be sent there with more in the query: absolute, without a fragment."""
    try:
        return text.isascii() and "#" not in text and bool(absolute(text))
    except ValueError:
        return False
