"""`/oauth/token`, `/oauth/revoke`, and the pages on which a user allows an application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.path import PathParameter
from ..core.world import World
from ..web.journal import Exchange
from ..web.operation import Resource
from ..web.page import Page, Redirect
from . import grants, model
from .schema import GRANTS, AuthorizeIn, LoginIn, OAuthError, RevokeIn, RevokeOut, TokenIn, TokenOut

oauth = Resource(
    "oauth",
    "Tokens.",
    prefix="/oauth",
    guarded=False,
    limited=True,
    error=OAuthError,
    parameters=(PathParameter("name"),),
    grants=GRANTS,
)


@oauth.operation(
    "POST",
    "/token",
    status=200,
    form=TokenIn,
    returns=TokenOut,
    facts=["AUT-1", "AUT-2", "AUT-3", "AUT-4", "AUT-7"],
    refuses={400: ["AUT-8", "AUT-9"], 401: ["AUT-5", "AUT-7", "AUT-8"]},
)
def token(world: World, fields: Mapping[str, str], exchange: Exchange) -> Any:
    """Get a token; the parameters come as a form, as multipart/form-data, or in the query."""
    if exchange.header("Content-Type").startswith("application/json"):
        exchange.remarks.append(("AUT-1", "a token is asked for by a form or a query, not JSON"))
    basic = exchange.header("Authorization")
    if basic[:6].lower() == "basic ":
        fields = grants.with_basic(fields, basic)
        exchange.remarks.append(("AUT-2", "the application came as HTTP Basic (assumed)"))
    granted = grants.token(world, fields)
    if granted.needless:
        exchange.remarks.append(("AUT-12", "a new token although the old one is valid"))
    return granted.answer


@oauth.operation(
    "POST",
    "/revoke",
    status=200,
    form=RevokeIn,
    returns=RevokeOut,
    facts=["AUT-14"],
    refuses={400: ["AUT-8"], 401: ["AUT-8"]},
)
def revoke(world: World, fields: Mapping[str, str]) -> Any:
    """Make a token invalid."""
    return grants.revoke(world, fields)


@oauth.operation(
    "GET",
    "/authorize",
    also=(302,),
    form=AuthorizeIn,
    has_pages=True,
    facts=["AUT-5"],
    refuses={400: ["AUT-8"], 401: ["AUT-8"]},
)
def show_login(world: World, fields: Mapping[str, str], exchange: Exchange) -> Any:
    """Show the page on which a user logs in and allows the application."""
    asked = model.ask(world, fields)
    return Redirect(asked) if isinstance(asked, str) else _login_page(world, asked, exchange)


@oauth.operation(
    "POST",
    "/authorize",
    status=302,
    form=AuthorizeIn,
    has_pages=True,
    facts=["AUT-6"],
    refuses={400: ["AUT-8"], 401: ["AUT-8"]},
)
def begin_login(world: World, fields: Mapping[str, str], exchange: Exchange) -> Any:
    """Go to the address where a user logs in."""
    asked = model.ask(world, fields)
    return Redirect(asked if isinstance(asked, str) else _address(asked, exchange))


LOGIN = "/authorize/<name>"


@oauth.operation(
    "GET",
    LOGIN,
    also=(302,),
    item=model.find,
    has_pages=True,
    facts=["AUT-5", "AUT-6"],
    refuses={404: ["AUT-5"]},
)
def go_on(world: World, name: model.Authorization, exchange: Exchange) -> Any:
    """Show the login page; after the login, send the code to the application."""
    if name.user_id is None:
        return _login_page(world, name, exchange)
    return Redirect(model.give_code(world, name))


@oauth.operation(
    "POST",
    LOGIN,
    status=302,
    item=model.find,
    form=LoginIn,
    has_pages=True,
    facts=["AUT-5", "AUT-6"],
    refuses={401: ["AUT-5"], 404: ["AUT-5"]},
)
def log_in(
    world: World, name: model.Authorization, fields: Mapping[str, str], exchange: Exchange
) -> Any:
    """Log in and allow the application, or deny it."""
    if fields.get("answer") == "deny":
        return Redirect(model.deny(world, name))
    return Redirect(_address(model.log_in(world, name, fields), exchange))


def _address(asked: model.Authorization, exchange: Exchange) -> str:
    return f"{exchange.root}/oauth/authorize/{asked.secret}"


def _login_page(world: World, asked: model.Authorization, exchange: Exchange) -> Page:
    values = {"application": model.name_of(world, asked), "action": _address(asked, exchange)}
    return Page("login.html", values)
