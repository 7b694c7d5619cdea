"""Users as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import Paged
from ...web.schema import Boolean, Integer, Strict, String, Word

_LINE = (r"^.{1,255}$", "1 to 255 characters in one line")
_EMAIL = (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "an email address")
_ZONE = (r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$", "a time zone such as Europe/Moscow")


class UserOut(Strict):
    """The user to whom the token belongs."""

    dealer_id = fields.Integer(required=True, allow_none=True, dump_default=None)
    admin = fields.Boolean(required=True, dump_default=False)
    extra_params = fields.String(required=True, allow_none=True)
    access = fields.String(required=True)
    extension_id = fields.Integer(required=True, allow_none=True)
    client_id = fields.Integer(required=True, allow_none=True)
    extension_group_id = fields.Integer(required=True, allow_none=True)
    timezone = fields.String(required=True)
    login = fields.String(required=True)
    id = fields.Integer(required=True)


_FACT = {"fact": "USR-2"}


class UserFilter(Paged):
    """Which users a list shows."""

    example: ClassVar[Mapping[str, Any]] = {"login": "admin"}

    login = String(metadata=_FACT)


class UserIn(Strict):
    """A new user of a whole client."""

    example: ClassVar[Mapping[str, Any]] = {
        "login": "operator",
        "password": "secret",
        "name": "Operator",
        "email": "operator@example.com",
    }

    login = String(form=_LINE, required=True, metadata=_FACT)
    password = String(form=_LINE, required=True, metadata=_FACT)
    name = String(form=_LINE, required=True, metadata=_FACT)
    email = String(form=_EMAIL, required=True, metadata=_FACT)
    access = Word(("full", "read_only"), metadata=_FACT)
    status = Word(("active", "blocked"), metadata=_FACT)
    comment = String(allow_none=True, metadata=_FACT)
    extra_params = String(allow_none=True, metadata=_FACT)
    timezone = String(form=_ZONE, metadata=_FACT)
    email_notify = Boolean(metadata=_FACT)
    email_for_notify = String(form=_EMAIL, allow_none=True, metadata=_FACT)


class ExtensionUserIn(UserIn):
    """A new user of one extension."""

    example: ClassVar[Mapping[str, Any]] = {**UserIn.example, "extension_id": 85218}

    extension_id = Integer(at_least=1, required=True, metadata=_FACT)


class GroupUserIn(UserIn):
    """A new user of one group."""

    example: ClassVar[Mapping[str, Any]] = {**UserIn.example, "extension_group_id": 14}

    extension_group_id = Integer(at_least=1, required=True, metadata=_FACT)


class AccountOut(Strict):
    """A user as its client's administrator sees it; never with the password."""

    id = fields.Integer(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    access = fields.String(required=True)
    status = fields.String(required=True)
    comment = fields.String(required=True, allow_none=True)
    extra_params = fields.String(required=True, allow_none=True)
    timezone = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    email_notify = fields.Boolean(required=True)
    email_for_notify = fields.String(required=True, allow_none=True)
    client_id = fields.Integer(required=True, allow_none=True)
    extension_id = fields.Integer(required=True, allow_none=True)
    extension_group_id = fields.Integer(required=True, allow_none=True)
