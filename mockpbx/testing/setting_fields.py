"""What the command that changes settings takes: whatever the one that shows them answers."""

from __future__ import annotations

from copy import copy
from typing import Any

from marshmallow import fields

from ..web.schema import made
from .result import schema_of
from .results import Settings
from .schema import Given


def _optional(field: fields.Field[Any]) -> fields.Field[Any]:
    again = copy(field)
    again.required = False
    return again


#: The settings to change; of readings and quirks those that are given.
SettingsIn: type[Given] = type(
    "SettingsIn",
    (Given,),
    {
        "__doc__": "The settings to change; of readings and quirks those that are given.",
        "example": {"rate_limits": True, "readings": {"bundle_delete": "no_content"}},
        **{name: _optional(one) for name, one in made(schema_of(Settings)).fields.items()},
    },
)
