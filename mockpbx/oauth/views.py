"""`/oauth/token` and `/oauth/revoke`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.world import World
from ..web.journal import Exchange
from ..web.operation import Resource
from . import grants
from .schema import OAuthError, RevokeIn, RevokeOut, TokenIn, TokenOut

oauth = Resource(
    "oauth", "Tokens.", prefix="/oauth", guarded=False, limited=True, error=OAuthError()
)


@oauth.operation(
    "POST",
    "/token",
    status=200,
    form=TokenIn(),
    returns=TokenOut(),
    facts=["AUT-1", "AUT-2", "AUT-3", "AUT-4", "AUT-7"],
    refuses={400: ["AUT-8", "AUT-9", "AUT-5"], 401: ["AUT-7", "AUT-8"]},
)
def token(world: World, fields: Mapping[str, str], exchange: Exchange) -> Any:
    """Get a token; the parameters come as a form, as multipart/form-data, or in the query."""
    granted = grants.token(world, fields)
    if granted.needless:
        exchange.remarks.append(("AUT-12", "a new token although the old one is valid"))
    return granted.answer


@oauth.operation(
    "POST",
    "/revoke",
    status=200,
    form=RevokeIn(),
    returns=RevokeOut(),
    facts=["AUT-14"],
    refuses={400: ["AUT-8"], 401: ["AUT-8"]},
)
def revoke(world: World, fields: Mapping[str, str]) -> Any:
    """Make a token invalid."""
    return grants.revoke(world, fields)
