"""The number that an extension shows, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.schema import Strict, String


class AniIn(Strict):
    """One of the client's public numbers, or null for none."""

    example: ClassVar[Mapping[str, Any]] = {"ani_number": "74959998877"}

    ani_number = String(
        form=(r"^\+?[0-9]{1,32}$", "digits, with + before them or not"),
        required=True,
        allow_none=True,
        metadata={"fact": "ANI-1"},
    )


class AniOut(Strict):
    """The number that is shown."""

    default = fields.String(required=True, allow_none=True)
