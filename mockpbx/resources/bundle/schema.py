"""Bundles as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from ...web.schema import Integer, Strict


class Members(fields.List[int]):
    """A list of extension ids."""

    def __init__(self, **options: Any) -> None:
        words = {"invalid": "must be an array", "null": "must not be null"}
        super().__init__(Integer(), **options, error_messages=words)


class BundleIn(Strict):
    """The extensions to link; one of the two names is mandatory, an empty list unties."""

    example: ClassVar[Mapping[str, Any]] = {"bundle_list": [85226, 85227]}

    bundle_list = Members(
        metadata={"fact": "BND-3", "description": "Ids, in the order in which they are answered."}
    )
    extension_id = Members(
        metadata={"fact": "BND-3", "description": "The name in the documentation's table."}
    )


class BundleOut(Strict):
    """The extensions linked to the main one."""

    bundle_list = fields.List(fields.Integer(), required=True)
    bundle_id = fields.Integer(required=True)
