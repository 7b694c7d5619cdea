"""Extensions as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import Paged
from ...web.schema import Boolean, Integer, Strict, String, Word

TYPES = ("phone", "queue", "ivr", "fax")
STATUSES = ("active", "blocked")
#: A number that can be dialled, inside the PBX or outside.
NUMBER = (r"^\+?[0-9*#]{1,32}$", "digits, with + before them or not")


class ExtensionFilter(Paged):
    """Which extensions a list shows."""

    example: ClassVar[Mapping[str, Any]] = {"name": "101"}

    name = String(metadata={"fact": "EXT-1", "description": "Name, with or without the prefix."})
    type = Word(TYPES, metadata={"fact": "EXT-1"})
    status = Word(STATUSES, metadata={"fact": "EXT-1"})


class ExtensionChange(Strict):
    """The fields of an extension that may be given; all optional."""

    example: ClassVar[Mapping[str, Any]] = {"label": "Petrov", "caller_id_name": "Petrov P. P."}

    name = String(metadata={"fact": "EXT-5", "description": "Only the present name."})
    type = Word(TYPES, metadata={"fact": "EXT-5", "description": "Only the present type."})
    status = Word(STATUSES, metadata={"fact": "EXT-3"})
    label = String(allow_none=True, metadata={"fact": "EXT-2"})
    caller_id_name = String(allow_none=True, metadata={"fact": "EXT-2"})
    extension_group_id = Integer(at_least=1, allow_none=True, metadata={"fact": "EXT-2"})
    dial_rule_id = Integer(allow_none=True, metadata={"fact": "EXT-2"})
    dial_rule_limit = Integer(allow_none=True, metadata={"fact": "EXT-2"})
    message_did = String(allow_none=True, metadata={"fact": "EXT-2"})
    did_as_transfer_caller_id = String(allow_none=True, metadata={"fact": "EXT-2"})
    ani_rfc3325 = Boolean(metadata={"fact": "EXT-2"})
    extra_params = String(allow_none=True, metadata={"fact": "EXT-6"})


class ExtensionIn(ExtensionChange):
    """A new extension; name and type are mandatory."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "300",
        "type": "phone",
        **ExtensionChange.example,
    }

    name = String(
        required=True,
        metadata={"fact": "EXT-4", "description": "Digits; the client's prefix may be left out."},
    )
    type = Word(TYPES, required=True, metadata={"fact": "EXT-4"})


class ExtensionOut(Strict):
    """An extension."""

    status = Word(STATUSES, required=True)
    domain = fields.String(required=True)
    create_date = fields.String(required=True, metadata={"description": "UTC."})
    name = fields.String(required=True)
    dial_rule_limit = fields.Integer(required=True, allow_none=True)
    extension_group_id = fields.Integer(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    caller_id_name = fields.String(required=True, allow_none=True)
    client_id = fields.Integer(required=True)
    extra_params = fields.String(required=True, allow_none=True)
    message_did = fields.String(required=True, allow_none=True)
    dial_rule_id = fields.Integer(required=True, allow_none=True)
    ani_rfc3325 = fields.Boolean(required=True)
    type = Word(TYPES, required=True)
    id = fields.Integer(required=True)
    did_as_transfer_caller_id = fields.String(required=True, allow_none=True)
