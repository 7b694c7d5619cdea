"""Masks secrets (tokens, passwords, codes) in texts that are shown."""

from __future__ import annotations

import re
from typing import Any

#: What stands in the place of a secret.
MASK = "***"

_NAME = r"(?!token_type)(?:[\w-]*(?:password|secret|token)[\w-]*|code)"
_PATTERNS = (
    re.compile(r"(://[^/\s:@\"']*:)[^@/\s\"']+(?=@)"),  # the password of an address
    re.compile(rf"((?<![\w-]){_NAME}(?:\[\w*\]|%5B\w*%5D)?=)[^&\s\"'#]+", re.I),  # a form or query
    re.compile(rf"(\"{_NAME}\"\s*:\s*\")(?:[^\"\\]|\\.)*", re.I),  # JSON, be it broken
    re.compile(rf"(name=\"{_NAME}\"(?:;[^\r\n]*)?\s*?\r?\n(?:[^\r\n]+\r?\n)*\r?\n)[^\r\n]+", re.I),
    re.compile(r"(\b(?:Bearer|Basic|Digest) )\S+", re.I),
    re.compile(r"()(?<![A-Za-z0-9])[A-Za-z0-9]{30}(?![A-Za-z0-9])"),  # a token, wherever (AUT-3)
)
_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_IS_SECRET = re.compile(_NAME, re.I)


def text(found: str) -> str:
    """The text, with what is secret in it masked: in addresses, queries, forms and JSON."""
    for pattern in _PATTERNS:
        found = pattern.sub(rf"\g<1>{MASK}", found)
    return found


def body(raw: bytes) -> str:
    """A body as text, with its secrets masked."""
    return text(raw.decode("utf-8", "replace"))


def raw(found: bytes) -> bytes:
    """The bytes, text or not, with their secrets masked."""
    try:
        return text(found.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return text(found.decode("latin-1")).encode("latin-1")


def header(name: str, value: str) -> str:
    """The header's value; of credentials only their scheme."""
    if name.lower() not in _HEADERS:
        return text(value)
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {MASK}" if blank and rest else MASK


def is_secret(name: str) -> bool:
    """Whether a field, parameter or header of that name holds a secret."""
    return _IS_SECRET.fullmatch(name) is not None


def value(found: Any) -> Any:
    """The JSON value, with the secrets in it masked."""
    if isinstance(found, dict):
        return {
            name: MASK if is_secret(str(name)) and isinstance(inner, str) else value(inner)
            for name, inner in found.items()
        }
    if isinstance(found, (list, tuple)):
        return [value(inner) for inner in found]
    return text(found) if isinstance(found, str) else found
