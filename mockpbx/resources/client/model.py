"""A client as its users see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.access import check_client
from ...core.accounts import Client, Level, Principal
from ...core.errors import NotFoundError, access_denied
from ...core.ids import parse_id
from ...core.world import World


def in_path(world: World, principal: Principal, text: str, found: Mapping[str, Any]) -> Client:
    """The client that a path names: by id, or `@me` for a user of a whole client.

    Raises:
        NotFoundError: there is no such client.
        AccessDeniedError: `@me` is no client for this user.

    Source: AUT-16, ERR-7
    """
    user = principal.user
    if text == "@me":
        if user.level is not Level.CLIENT:
            raise access_denied(
                f"@me is a {user.level.value} for this user, not a client", "AUT-16"
            )
        return principal.client
    number = parse_id(text)
    client = world.store.find(Client, number) if number is not None else None
    if client is None:
        raise NotFoundError(
            "ERR-7", "Client not found", word="client_not_found", reason=f"no client {text[:40]}"
        )
    return client


def allow(principal: Principal, client: Client, found: Mapping[str, Any]) -> None:
    """Check that the user belongs to that client as a whole.

    Raises:
        AccessDeniedError: it does not.

    Source: ERR-2, AUT-16
    """
    check_client(principal.user, client.id)
