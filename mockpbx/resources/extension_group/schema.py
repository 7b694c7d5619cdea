"""Groups of extensions as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.query import Paged
from ...web.schema import Strict, String
from ..extension.schema import ExtensionFilter, ExtensionOut

_FACT = {"fact": "GRP-1"}
_NAME = (r"^.{1,255}$", "1 to 255 characters in one line")


class GroupFilter(Paged):
    """Which page of the groups."""


class GroupChange(Strict):
    """What of a group may be changed; what is left out is kept."""

    example: ClassVar[Mapping[str, Any]] = {"name": "Support"}

    name = String(form=_NAME, metadata=_FACT)
    extra_params = String(allow_none=True, metadata=_FACT)


class GroupIn(GroupChange):
    """A new group; its name is mandatory."""

    name = String(form=_NAME, required=True, metadata=_FACT)


class GroupOut(Strict):
    """A group of extensions."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    client_id = fields.Integer(required=True)
    extra_params = fields.String(required=True, allow_none=True)


class MemberFilter(ExtensionFilter):
    """Which of the group's extensions a list shows."""


class MemberOut(ExtensionOut):
    """An extension of the group."""
