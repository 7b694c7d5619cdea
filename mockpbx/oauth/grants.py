"""The grants: how an application comes by a token."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ..core.access import has_active_token, issue, issue_refresh
from ..core.accounts import TOKEN_S, AccessToken, Application, AppType, RefreshToken, User
from ..core.errors import InvalidError, UnauthorizedError
from ..core.world import World
from .model import redeem, redirection, refusal

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer, and whether the application still had a valid token of that user."""

    answer: dict[str, Any]
    needless: bool = False


#: Which grant each type of application may use; whoever got a refresh token may use it.
ALLOWED = {
    "client_credentials": AppType.TRUSTED,
    "password": AppType.PASSWORD_CREDENTIALS,
    "authorization_code": AppType.PUBLIC,
}


def token(world: World, fields: Fields) -> Granted:
    """A token by the grant that the application asks for.

    Raises:
        InvalidError: a parameter is missing, the grant is unknown or not for this application.
        UnauthorizedError: the application, its user or its refresh token is not known.

    Source: AUT-1, AUT-8, AUT-9
    """
    grant_type = _mandatory(fields, "grant_type")
    if grant_type not in (*ALLOWED, "refresh_token"):
        raise refusal(
            InvalidError, "unsupported_grant_type", f"grant_type: {grant_type} is unknown"
        )
    application = _application(world, fields)
    allowed = ALLOWED.get(grant_type)
    if allowed is not None and application.type != allowed:
        text = f"an application of type {application.type} may not use {grant_type}"
        raise refusal(InvalidError, "unauthorized_client", text, "AUT-9")
    return _GRANTS[grant_type](world, application, fields)


def with_basic(fields: Fields, header: str) -> Fields:
    """The fields with the application out of HTTP Basic, which OAuth libraries send unasked.

    Both parts are form-encoded, as RFC 6749 has it.

    Raises:
        InvalidError: it is no Basic, or the body names another application or secret.

    Source: AUT-2
    """
    try:
        pair = b64decode(header[6:].strip(), validate=True).decode()
    except ValueError:
        pair = ""
    if ":" not in pair:
        raise refusal(InvalidError, "invalid_request", "Authorization: is no HTTP Basic")
    given = dict(fields)
    for name, value in zip(("id", "secret"), pair.split(":", 1), strict=True):
        said = unquote_plus(value)
        for one in (f"client_{name}", f"application_{name}"):
            if fields.get(one, said) != said:
                text = f"{one}: is another one than in the header Authorization"
                raise refusal(InvalidError, "invalid_request", text)
        given[f"client_{name}"] = said
    return given


def client_credentials(world: World, application: Application, fields: Fields) -> Granted:
    """A token of the user who created the application.

    Source: AUT-3, AUT-9
    """
    user = world.store.get(User, application.user_id)
    return _access(world, application, user, scope="all")


def password(world: World, application: Application, fields: Fields) -> Granted:
    """A token of the user with that login and password, and a refresh token.

    Raises:
        UnauthorizedError: there is no such user, or the password is another one.

    Source: AUT-4, AUT-8
    """
    login, secret = _mandatory(fields, "username"), _mandatory(fields, "password")
    user = world.store.named(User, login)
    if user is None or user.password != secret:
        raise refusal(UnauthorizedError, "invalid_grant", "the username or the password is wrong")
    return _pair(world, application, user)


def refresh_token(world: World, application: Application, fields: Fields) -> Granted:
    """A new pair; the refresh token that was given is used up.

    Raises:
        UnauthorizedError: the refresh token is unknown, expired, or another application's.

    Source: AUT-7, AUT-12
    """
    value = _mandatory(fields, "refresh_token")
    found = world.store.named(RefreshToken, value)
    if (
        found is None
        or found.application_id != application.id
        or not found.is_active(world.clock.elapsed())
    ):
        text = "the refresh token is unknown or expired"
        raise refusal(UnauthorizedError, "invalid_grant", text, "AUT-7")
    world.store.remove(found)
    return _pair(world, application, world.store.get(User, found.user_id))


def authorization_code(world: World, application: Application, fields: Fields) -> Granted:
    """A token of the user who allowed it, and a refresh token.

    Raises:
        InvalidError: the redirect_uri is none.
        UnauthorizedError: the code or its redirect_uri is another one.

    Source: AUT-5
    """
    code = _mandatory(fields, "code")
    redirect_uri = redirection(_mandatory(fields, "redirect_uri"))
    return _pair(world, application, redeem(world, application, code, redirect_uri))


_GRANTS: dict[str, Callable[[World, Application, Fields], Granted]] = {
    "client_credentials": client_credentials,
    "password": password,
    "refresh_token": refresh_token,
    "authorization_code": authorization_code,
}


def revoke(world: World, fields: Fields) -> dict[str, Any]:
    """The application's token is no longer valid; one that nobody has is as good as revoked.

    Raises:
        InvalidError: a parameter is missing.
        UnauthorizedError: the application is not known.

    Source: AUT-14, AUT-8
    """
    application = _application(world, fields)
    value = _mandatory(fields, "token")
    for found in (world.store.named(AccessToken, value), world.store.named(RefreshToken, value)):
        if found is not None and found.application_id == application.id:
            world.store.remove(found)
    return {}


def _application(world: World, fields: Fields) -> Application:
    """Find the application and check its secret.

    Source: AUT-2, AUT-8, AUT-19
    """
    client_id = _mandatory(fields, "client_id", "application_id")
    secret = _mandatory(fields, "client_secret", "application_secret")
    found = world.store.named(Application, client_id)
    if found is None or found.client_secret != secret:
        text = "the application is unknown or its secret is wrong"
        raise refusal(UnauthorizedError, "invalid_client", text)
    return found


def _mandatory(fields: Fields, *names: str) -> str:
    for name in names:
        if name in fields:
            return fields[name]
    raise refusal(InvalidError, "invalid_request", f"{names[0]} is missing")


def _access(world: World, application: Application, user: User, **extra: str) -> Granted:
    elapsed = world.clock.elapsed()
    needless = has_active_token(world.store, elapsed, application, user)
    issued = issue(world.store, world.ids, elapsed, application, user)
    answer = {"access_token": issued.value, "token_type": "Bearer", "expires_in": TOKEN_S}
    return Granted({**answer, **extra}, needless)


def _pair(world: World, application: Application, user: User) -> Granted:
    issued = issue_refresh(world.store, world.ids, world.clock.elapsed(), application, user)
    return _access(world, application, user, refresh_token=issued.value)
