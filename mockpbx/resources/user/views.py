"""`/user/`."""

from __future__ import annotations

from typing import Any

from ...core.access import Principal
from ...web.operation import Resource
from .schema import UserOut

user = Resource("user", "Users.")


@user.operation(
    "GET", "/user/", returns=UserOut, call_api=True, facts=["USR-1", "AUT-15", "AUT-18"]
)
def get_user(principal: Principal) -> Any:
    """Read the user to whom the token belongs."""
    return principal.user
