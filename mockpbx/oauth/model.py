"""Authorizations: the login at which a user allows an application, and the code for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlencode

from ..core.accounts import Application, AppType, User
from ..core.address import is_redirection
from ..core.errors import InvalidError, NotFoundError, RefusalError, UnauthorizedError
from ..core.world import World

Fields = Mapping[str, str]

#: Seconds within which a user must allow it, and then the code be used.
CODE_S = 600

_GONE = "this login is unknown, used or too old"


@dataclass(frozen=True, slots=True)
class Authorization:
    """One user's answer to one application, from the question to the code.

    `secret` is what its present address holds, and at last the code. `given` says that it is.

    Source: AUT-5, AUT-6
    """

    TABLE: ClassVar[str] = "authorization"
    PARENTS: ClassVar[Mapping[str, str]] = {"application_id": "application", "user_id": "user"}
    NAME: ClassVar[str | None] = "secret"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    secret: str
    application_id: int
    redirect_uri: str
    asked_at: timedelta
    state: str | None = None
    user_id: int | None = None
    given: bool = False


def ask(world: World, fields: Fields) -> Authorization | str:
    """Begin an authorization; answers it, or the address for the browser when it is refused.

    Raises:
        InvalidError: a parameter is missing, or the redirect_uri is none, or not the application's.
        UnauthorizedError: the application is not known.

    Source: AUT-2, AUT-5, AUT-8, AUT-9
    """
    client_id = fields.get("client_id") or fields.get("application_id")
    for name, value in (("client_id", client_id), ("redirect_uri", fields.get("redirect_uri"))):
        if not value:
            raise refusal(InvalidError, "invalid_request", f"{name} is missing")
    application = world.store.named(Application, client_id or "")
    if application is None:
        raise refusal(UnauthorizedError, "invalid_client", "the application is unknown")
    redirect_uri = _redirect_uri(application, fields["redirect_uri"])
    state = fields.get("state")
    if fields.get("response_type") != "code":
        return _with(redirect_uri, error="unsupported_response_type", state=state)
    if application.type != AppType.PUBLIC:
        return _with(redirect_uri, error="unauthorized_client", state=state)
    return world.store.put(
        Authorization(
            world.store.next_id(Authorization),
            world.ids.hex32(),
            application.id,
            redirect_uri,
            world.clock.elapsed(),
            state,
        )
    )


def find(world: World, secret: str) -> Authorization:
    """The authorization of that login page.

    Raises:
        NotFoundError: there is none, or it was answered, or its time is over.

    Source: AUT-5
    """
    found = world.store.named(Authorization, secret)
    if found is None or found.given or not _is_open(world, found):
        raise refusal(NotFoundError, "invalid_request", _GONE, "AUT-5")
    return found


def name_of(world: World, asked: Authorization) -> str:
    """The client_id of the application that asks."""
    return world.store.get(Application, asked.application_id).client_id


def log_in(world: World, asked: Authorization, fields: Fields) -> Authorization:
    """Log the user in, who thereby allows the application.

    Raises:
        UnauthorizedError: there is no such user, or the password is another one.

    Source: AUT-5, AUT-6
    """
    user = world.store.named(User, fields.get("username", ""))
    if user is None or user.password != fields.get("password"):
        text = "the username or the password is wrong"
        raise refusal(UnauthorizedError, "invalid_grant", text, "AUT-5")
    return world.store.put(replace(asked, user_id=user.id, secret=world.ids.hex32()))


def deny(world: World, asked: Authorization) -> str:
    """Deny the authorization; answers the address for the browser.

    Source: AUT-8
    """
    world.store.remove(asked)
    return _with(asked.redirect_uri, error="access_denied", state=asked.state)


def give_code(world: World, allowed: Authorization) -> str:
    """Issue the code; answers the address for the browser, which carries it.

    Raises:
        NotFoundError: nobody has allowed it.

    Source: AUT-5, AUT-6
    """
    if allowed.user_id is None:
        raise refusal(NotFoundError, "invalid_request", _GONE, "AUT-5")
    given = world.store.put(replace(allowed, secret=world.ids.token(), given=True))
    return _with(given.redirect_uri, code=given.secret, state=given.state)


def redeem(world: World, application: Application, code: str, redirect_uri: str) -> User:
    """Use the code up; answers the user who allowed it.

    Raises:
        UnauthorizedError: the code is unknown, used, too old, another application's, or was
            asked for with another redirect_uri.

    Source: AUT-5, AUT-8
    """
    found = world.store.named(Authorization, code)
    if (
        found is None
        or not found.given
        or found.application_id != application.id
        or found.redirect_uri != redirect_uri
        or not _is_open(world, found)
    ):
        text = "the code is unknown, used or too old, or its redirect_uri is another one"
        raise refusal(UnauthorizedError, "invalid_grant", text, "AUT-5")
    world.store.remove(found)
    return world.store.get(User, found.user_id or 0)


def refusal(
    kind: type[RefusalError],
    word: str,
    text: str,
    rule: str = "AUT-8",
    *,
    reason: str | None = None,
) -> RefusalError:
    """The refusal in the words of OAuth.

    Source: AUT-8
    """
    return kind(rule, text, reason=reason, body={"error": word, "error_description": text})


def _is_open(world: World, one: Authorization) -> bool:
    since = world.clock.elapsed() - one.asked_at
    return timedelta(0) <= since < timedelta(seconds=CODE_S)


def redirection(text: str) -> str:
    """The address, to which a browser can be sent.

    Raises:
        InvalidError: it is none.

    Source: AUT-8
    """
    if not is_redirection(text):
        message = "redirect_uri: must be an absolute address without a fragment"
        raise refusal(InvalidError, "invalid_request", message)
    return text


def _redirect_uri(application: Application, text: str) -> str:
    """The address, which is absolute and one of the application's, when those are fixed."""
    redirection(text)
    if application.redirect_uris and text not in application.redirect_uris:
        message = "redirect_uri: is none of the application's"
        known = f"{message}, which are {', '.join(application.redirect_uris)}"
        raise refusal(InvalidError, "invalid_request", message, reason=known)
    return text


def _with(address: str, **parameters: str | None) -> str:
    """The address with these parameters added to its query."""
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"{address}{'&' if '?' in address else '?'}{query}"
