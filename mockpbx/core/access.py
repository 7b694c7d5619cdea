"""Who may do what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from .accounts import (
    TOKEN_S,
    AccessToken,
    AppAccess,
    Application,
    Client,
    Level,
    Principal,
    RefreshToken,
    Status,
    User,
)
from .errors import AccessDeniedError, UnauthorizedError, access_denied
from .ids import Ids
from .store import Store


class Owned(Protocol):
    """An extension, as far as access is concerned."""

    @property
    def id(self) -> int:
        """The extension's id."""

    @property
    def client_id(self) -> int:
        """The client that owns it."""

    @property
    def extension_group_id(self) -> int | None:
        """The id of its group; None outside of groups."""


def authenticate(store: Store, elapsed: timedelta, header: str | None) -> Principal:
    """The user behind an `Authorization` header.

    Raises:
        UnauthorizedError: no bearer token, an unknown one, or one that has expired.

    Source: ERR-1, AUT-11, AUT-12
    """
    scheme, _, value = (header or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise _unauthorized("no `Authorization: Bearer <token>` header", "AUT-11")
    token = store.named(AccessToken, value.strip())
    if token is None:
        raise _unauthorized("the token is not known here", "ERR-1")
    if not token.is_active(elapsed):
        raise _unauthorized(f"the token expired: it was valid for {token.expires_in} s", "AUT-12")
    user = store.get(User, token.user_id)
    return Principal(
        user, store.get(Client, user.owner_id), store.get(Application, token.application_id)
    )


def check_blocked(principal: Principal) -> None:
    """Check that neither the user nor its client is blocked.

    Raises:
        AccessDeniedError: one of them is blocked.

    Source: ERR-3
    """
    for noun, status in (("user", principal.user.status), ("client", principal.client.status)):
        if status == Status.BLOCKED:
            raise AccessDeniedError(
                "ERR-3", "User blocked", word="user_blocked", reason=f"the {noun} is blocked"
            )


def check_application(principal: Principal, *, call_api: bool) -> None:
    """Check that the application's access level covers the operation.

    Raises:
        AccessDeniedError: it is `Call API` and the operation is none of those.

    Source: ERR-5, AUT-10
    """
    if not call_api and principal.application.access != AppAccess.ALL:
        raise AccessDeniedError(
            "ERR-5",
            "Application access type deny",
            word="app_access_type_deny",
            reason="the application's access level is `Call API`; this operation needs `All`",
        )


def check_writing(principal: Principal, method: str) -> None:
    """Check that a user of access `read_only` sends no request but a GET.

    Raises:
        AccessDeniedError: a `read_only` user sends something other than GET.

    Source: ERR-4
    """
    if method not in ("GET", "HEAD") and principal.user.access == "read_only":
        raise AccessDeniedError(
            "ERR-4",
            "User access type deny",
            word="user_access_type_deny",
            reason=f"the user is read_only and {method} is not GET",
        )


def check_client(user: User, client_id: int) -> None:
    """Check that the user belongs to that client as a whole, not to a group or an extension.

    Raises:
        AccessDeniedError: it is another client, or the user reaches only a part of this one.

    Source: ERR-2, AUT-15, AUT-16
    """
    if user.level is not Level.CLIENT:
        raise access_denied(f"a user of one {user.level.value} has no right to the client realm")
    if user.owner_id != client_id:
        raise access_denied(f"client {client_id} is not the user's client {user.owner_id}")


def reaches(user: User, extension: Owned) -> bool:
    """Whether the user may use that extension.

    Source: ERR-2, AUT-15
    """
    if user.level is Level.EXTENSION:
        return extension.id == user.extension_id
    if user.level is Level.EXTENSION_GROUP:
        return (
            extension.client_id == user.owner_id
            and extension.extension_group_id == user.extension_group_id
        )
    return extension.client_id == user.owner_id


def issue(store: Store, ids: Ids, elapsed: timedelta, app: Application, user: User) -> AccessToken:
    """A new access token of that user; the application's expired ones are forgotten.

    Source: AUT-3, AUT-12
    """
    _forget_expired(store, AccessToken, elapsed, app)
    number = store.next_id(AccessToken)
    value = _new_value(store, ids, AccessToken)
    return store.put(AccessToken(number, value, app.id, user.id, elapsed))


def expire(store: Store, elapsed: timedelta, app: Application | None, user: User | None) -> int:
    """The valid access tokens, of that application and user or of any, have just expired.

    Refresh tokens stay. Answers how many there were.

    Source: AUT-12
    """
    found = [
        token
        for token in store.all(AccessToken)
        if token.is_active(elapsed)
        if app is None or token.application_id == app.id
        if user is None or token.user_id == user.id
    ]
    for token in found:
        lasted = TOKEN_S if token.expires_in is None else token.expires_in
        begun = elapsed - timedelta(seconds=lasted)
        store.put(replace(token, issued_at=begun, expires_in=lasted))
    return len(found)


def has_active_token(store: Store, elapsed: timedelta, app: Application, user: User) -> bool:
    """Whether the application holds a valid token of that user, so that it needs no other.

    Source: AUT-12
    """
    for number in reversed(store.ids(AccessToken, "application_id", app.id)):
        token = store.get(AccessToken, number)
        if token.user_id == user.id:
            return token.is_active(elapsed)  # the newest decides
    return False


def issue_refresh(
    store: Store, ids: Ids, elapsed: timedelta, app: Application, user: User
) -> RefreshToken:
    """A new refresh token of that user; the application's expired ones are forgotten.

    Source: AUT-4, AUT-7
    """
    _forget_expired(store, RefreshToken, elapsed, app)
    number = store.next_id(RefreshToken)
    value = _new_value(store, ids, RefreshToken)
    return store.put(RefreshToken(number, value, app.id, user.id, elapsed))


def _new_value(store: Store, ids: Ids, kind: type[AccessToken | RefreshToken]) -> str:
    # A world that was saved holds the first tokens that the same seed makes again.
    while store.named(kind, value := ids.token()) is not None:
        pass
    return value


def _forget_expired(
    store: Store, kind: type[AccessToken | RefreshToken], elapsed: timedelta, app: Application
) -> None:
    # Oldest first and only as far as they are expired: what is kept is bounded by what was
    # issued within one lifetime, at no cost to the request.
    for number in list(store.ids(kind, "application_id", app.id)[:8]):
        token = store.get(kind, number)
        if not token.is_active(elapsed):
            store.remove(token)


def _unauthorized(reason: str, rule: str) -> UnauthorizedError:
    rules = tuple(dict.fromkeys(("ERR-1", rule)))
    return UnauthorizedError(rules, "Unauthorized", reason=reason)
