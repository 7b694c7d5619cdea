"""What the commands that add records take: what a world file has of each, and its client."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from marshmallow import Schema, fields

from ..web.schema import Integer, Reference, String, Word
from ..worlds.schema import AgentState, ApplicationState, DidState, GroupState, UserState
from .schema import Given

_CLIENT = {"description": "The client's id; else the first."}


def _new(
    name: str,
    about: str,
    state: type[Schema],
    example: Mapping[str, Any],
    **others: fields.Field[Any] | None,
) -> type[Given]:
    """A command's fields: those of that part of a world file, but for the others."""
    own: dict[str, Any] = {**deepcopy(state._declared_fields), **others}
    own = {key: one for key, one in own.items() if one is not None}
    own["client"] = Integer(at_least=1, metadata=_CLIENT)
    return type(name, (Given,), {"__doc__": about, "example": example, **own})


UserIn = _new(
    "UserToAdd",
    "A new user; `extension` or `extension_group` makes it one of that level.",
    UserState,
    {"login": "ivanov", "extension": "105", "email": "ivanov@example.com"},
    password=String(load_default="secret"),
)
ApplicationIn = _new(
    "ApplicationToAdd",
    "A new application, of the client's first user unless another one is named.",
    ApplicationState,
    {"client_id": "crm", "type": "trusted"},
    client_secret=String(load_default="secret"),
    type=Word(("trusted", "public", "password_credentials"), load_default="trusted"),
    user=Reference(metadata={"description": "Who created it, by login or id."}),
    tokens=None,
    refresh_tokens=None,
)
GroupIn = _new("GroupToAdd", "A new group of extensions.", GroupState, {"name": "Sales"})
AgentIn = _new(
    "AgentToAdd",
    "A phone that takes the calls of queues.",
    AgentState,
    {"name": "Smirnova", "extension": "109"},
)
DidIn = _new(
    "DidToAdd",
    "A new public number, and the extension that it leads to.",
    DidState,
    {"name": "79161110000", "extension": "101"},
)
