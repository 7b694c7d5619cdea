"""Requests as they may be shown to anybody: without what would open a door."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote_plus

#: What stands in the place of a secret.
MASK = "***"
_SECRETS = frozenset(
    {"client_secret", "password", "access_token", "refresh_token", "token", "code", "secret"}
)
_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


def header(name: str, value: str) -> str:
    """The header's value; of credentials only their scheme."""
    if name.lower() not in _HEADERS:
        return value
    scheme, blank, rest = value.partition(" ")
    return f"{scheme} {MASK}" if blank and rest else MASK


def query(text: str) -> str:
    """The query or form, with its secrets masked."""
    pairs = text.split("&")
    return "&".join(
        f"{name}={MASK}" if sign and _bare(name) in _SECRETS else pair
        for pair in pairs
        for name, sign, _ in [pair.partition("=")]
    )


def value(found: Any) -> Any:
    """The JSON value, with the secrets in it masked."""
    if isinstance(found, dict):
        return {
            name: MASK if name in _SECRETS and isinstance(inner, str) else value(inner)
            for name, inner in found.items()
        }
    if isinstance(found, list):
        return [value(inner) for inner in found]
    return found


def body(raw: bytes) -> str:
    """A body as text, with the secrets of JSON or of a form masked."""
    text = raw.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except ValueError:
        return query(text) if _is_form(text) else text
    return json.dumps(value(found), ensure_ascii=False) if _has_secret(found) else text


def _bare(name: str) -> str:
    return name.partition("[")[0].lower()


def _is_form(text: str) -> bool:
    pairs = parse_qsl(text, keep_blank_values=True)
    return bool(pairs) and any(quote_plus(name) in text for name, _ in pairs)


def _has_secret(found: Any) -> bool:
    return bool(value(found) != found)
