"""A world file of one small company, for tests that need a world of their own."""

from __future__ import annotations

import json
from typing import Any

from mockpbx import worlds

#: A token of the company's user that never expires.
TOKEN = "forever"


def application(
    name: str = "app", user: str = "admin", access: str = "All", **more: Any
) -> dict[str, Any]:
    """An application of that user, with a token of the same name that never expires."""
    return {
        "client_id": name,
        "client_secret": "secret",
        "type": "trusted",
        "access": access,
        "user": user,
        "tokens": [{"token": name, "user": user, "expires_in": None}],
        **more,
    }


def phone(number: int, **more: Any) -> dict[str, Any]:
    """A phone whose id is its number."""
    return {"id": number, "name": str(number), "type": "phone", **more}


def client(**changes: Any) -> dict[str, Any]:
    """A client with the phones 101 and 102, and one user."""
    return {
        "id": 10,
        "name": "Company",
        "prefix": "10",
        "domain": "sip.example.com",
        "extensions": [phone(101), phone(102)],
        "users": [{"id": 1, "login": "admin", "password": "secret"}],
        "applications": [
            application(tokens=[{"token": TOKEN, "user": "admin", "expires_in": None}])
        ],
        **changes,
    }


def company(**changes: Any) -> dict[str, Any]:
    """The world of that client, with these of its keys changed."""
    return {"format": 1, "clients": [client(**changes)]}


def quiet_office() -> dict[str, Any]:
    """The world `office` before its first call."""
    found: dict[str, Any] = json.loads(worlds.find("office").read_text(encoding="utf-8"))
    del found["clients"][0]["calls"]
    return found
