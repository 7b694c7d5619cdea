"""Registrations as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import QueryInteger
from ...web.schema import Strict


class RegistrationFilter(Strict):
    """Which extensions a list shows; without ids all that the user reaches."""

    example: ClassVar[Mapping[str, Any]] = {"extension_id": [85218]}

    extension_id = fields.List(
        QueryInteger(at_least=0),
        load_default=(),
        metadata={"fact": "REG-1", "description": "Repeatable."},
    )


class RegistrationOut(Strict):
    """One device's registration."""

    device = fields.String(required=True)
    real_address = fields.String(required=True)
    contact_address = fields.String(required=True)
    expires = fields.Integer(
        required=True,
        metadata={"description": "Whole seconds left, 0 when lost; or seconds since 1970."},
    )
    registration_id = fields.String(required=True)


class RegistrationsOut(Strict):
    """The registrations of one extension."""

    registered = fields.Boolean(required=True)
    extension_id = fields.Integer(required=True)
    registrations = fields.List(fields.Nested(RegistrationOut), required=True)
