"""The user to whom a token belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered
from tests.conftest import Caller, token_of
from tests.shared import enter, fresh

ADMIN: dict[str, Any] = {
    "dealer_id": None,
    "admin": False,
    "extra_params": None,
    "access": "full",
    "extension_id": None,
    "client_id": 2566,
    "extension_group_id": None,
    "timezone": "Europe/Moscow",
    "login": "admin",
    "id": 1,
}


@pytest.mark.fact("USR-1", "AUT-18")
def test_the_documented_user_is_answered_as_printed() -> None:
    """GET of the user answers the ten printed fields."""
    app = enter(fresh("documented"))
    secret = {"client_id": "app12", "client_secret": "secret"}
    caller = Caller(app, token_of(app, grant_type="client_credentials", **secret))
    assert answered(caller.get("/user/")) == (
        200,
        {
            "dealer_id": None,
            "admin": False,
            "extra_params": None,
            "access": "full",
            "extension_id": None,
            "client_id": 12,
            "extension_group_id": None,
            "timezone": "Europe/Moscow",
            "login": "client1",
            "id": 20,
        },
    )


@pytest.mark.fact("USR-1", "AUT-15")
@pytest.mark.parametrize(
    ("user", "differs"),
    [
        ("admin", {}),
        ("auditor", {"id": 2, "login": "auditor", "access": "read_only"}),
        ("sales", {"id": 3, "login": "sales", "client_id": None, "extension_group_id": 14}),
        ("anna", {"id": 4, "login": "anna", "client_id": None, "extension_id": 85218}),
    ],
)
def test_exactly_one_of_the_three_ids_is_set(
    make_caller: Callable[..., Caller], user: str, differs: dict[str, Any]
) -> None:
    """A user shows the id of its level, and null for the other two."""
    caller = make_caller("office", user=user)
    assert answered(caller.get("/user/")) == (200, {**ADMIN, **differs})
