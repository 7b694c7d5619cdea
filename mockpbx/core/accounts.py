"""Clients, groups, users, applications and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import ClassVar

#: Seconds that an access token is valid (AUT-12).
TOKEN_S = 3600
#: Seconds that a refresh token is valid: 30 days (AUT-12, assumed).
REFRESH_S = 30 * 24 * 3600


class Status(str, Enum):
    """Whether a client, a user or an extension may be used."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class Level(str, Enum):
    """What a user reaches: all of a client, one group, or one extension.

    Source: AUT-15
    """

    CLIENT = "client"
    EXTENSION_GROUP = "extension_group"
    EXTENSION = "extension"


class AppType(str, Enum):
    """The grant that an application may use.

    Source: AUT-9
    """

    PUBLIC = "public"
    TRUSTED = "trusted"
    PASSWORD_CREDENTIALS = "password_credentials"


class AppAccess(str, Enum):
    """The part of the API that an application may use.

    Source: AUT-9, AUT-10
    """

    ALL = "All"
    CALL_API = "Call API"


@dataclass(frozen=True, slots=True)
class NetworkGroup:
    """Networks that a client trusts, in CIDR form, under the id that phones refer to."""

    id: int
    networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Client:
    """A company on the PBX, with what its resources inherit from it.

    `geo_list`, `record_format` and `record_stereo` hold for phones that leave them null;
    `total_space` is the room for its files, in bytes.

    Source: PHN-20, PHN-28, PHN-29, CLI-1, DSK-1
    """

    TABLE: ClassVar[str] = "client"
    PARENTS: ClassVar[Mapping[str, str]] = {}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    name: str
    prefix: str
    domain: str
    create_date: str
    extension_len: int = 3
    status: str = Status.ACTIVE.value
    timezone: str = "Europe/Moscow"
    dealer_id: int | None = None
    email: str | None = None
    geo_list: str = "*"
    record_format: str = "mp3"
    record_stereo: bool = False
    total_space: int = 10 * 1024**3
    event_limit: int = 1000
    rate_limit: int = 1000
    network_permission_groups: tuple[NetworkGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionGroup:
    """A group of one client's extensions.

    Source: GRP-1, AUT-15
    """

    TABLE: ClassVar[str] = "extension_group"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    name: str
    extra_params: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in. `owner_id` is the client to which the user belongs.

    Source: AUT-15, AUT-18, USR-2
    """

    TABLE: ClassVar[str] = "user"
    PARENTS: ClassVar[Mapping[str, str]] = {"owner_id": "client", "extension_id": "extension"}
    NAME: ClassVar[str | None] = "login"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    owner_id: int
    login: str
    password: str
    access: str = "full"
    status: str = Status.ACTIVE.value
    extension_group_id: int | None = None
    extension_id: int | None = None
    timezone: str = "Europe/Moscow"
    extra_params: str | None = None
    name: str | None = None
    comment: str | None = None
    email: str | None = None
    email_notify: bool = False
    email_for_notify: str | None = None

    @property
    def level(self) -> Level:
        """What this user reaches, by which of the ids is set.

        Source: AUT-15
        """
        if self.extension_id is not None:
            return Level.EXTENSION
        if self.extension_group_id is not None:
            return Level.EXTENSION_GROUP
        return Level.CLIENT

    @property
    def client_id(self) -> int | None:
        """The client id that a user of the whole client shows; None for lower users."""
        return self.owner_id if self.level is Level.CLIENT else None


@dataclass(frozen=True, slots=True)
class Application:
    """A program that may ask for tokens; its user is the one who created it.

    Source: AUT-9, AUT-19
    """

    TABLE: ClassVar[str] = "application"
    PARENTS: ClassVar[Mapping[str, str]] = {"user_id": "user"}
    NAME: ClassVar[str | None] = "client_id"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    user_id: int
    client_id: str
    client_secret: str
    type: str
    access: str = AppAccess.ALL.value
    rate_limit: int | None = None
    redirect_uris: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token; `issued_at` counts from the world's start, `expires_in` None is never.

    Source: AUT-12, AUT-19
    """

    TABLE: ClassVar[str] = "access_token"
    PARENTS: ClassVar[Mapping[str, str]] = {"application_id": "application", "user_id": "user"}
    NAME: ClassVar[str | None] = "value"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    value: str
    application_id: int
    user_id: int
    issued_at: timedelta
    expires_in: int | None = TOKEN_S

    def is_active(self, elapsed: timedelta) -> bool:
        """Whether the token is valid at that time since the world's start."""
        return self.expires_in is None or elapsed < self.issued_at + timedelta(
            seconds=self.expires_in
        )


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a program trades for a new pair of tokens.

    Source: AUT-7, AUT-12
    """

    TABLE: ClassVar[str] = "refresh_token"
    PARENTS: ClassVar[Mapping[str, str]] = {"application_id": "application", "user_id": "user"}
    NAME: ClassVar[str | None] = "value"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    value: str
    application_id: int
    user_id: int
    issued_at: timedelta
    expires_in: int | None = REFRESH_S

    def is_active(self, elapsed: timedelta) -> bool:
        """Whether the token is valid at that time since the world's start."""
        return self.expires_in is None or elapsed < self.issued_at + timedelta(
            seconds=self.expires_in
        )


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends a request: a user, the client it belongs to, and the application it uses."""

    user: User
    client: Client
    application: Application
