"""Users as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.schema import Strict


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
