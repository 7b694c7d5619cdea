"""`/extension/{extension_id}/phone/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import PhoneIn, PhoneOut

phone = Resource("phone", "The properties of a phone terminal.", parameters=(EXTENSION_ID,))

PATH = "/extension/<extension>/phone/"


@phone.operation(
    "GET",
    PATH,
    needs=model.of,
    returns=PhoneOut,
    facts=["PHN-1", "PHN-2", "BND-18"],
    refuses={404: ["PHN-3"]},
)
def get_phone(world: World, extension: Extension) -> Any:
    """Read all properties of a phone."""
    return model.shown(world, extension)


@phone.operation(
    "PUT",
    PATH,
    needs=model.of,
    body=PhoneIn,
    returns=PhoneOut,
    facts=["PHN-1", "PHN-2", "PHN-5", "BND-17", "BND-19"],
    refuses={
        400: ["BND-4", "BND-5", "BND-6", "BND-7", "BND-8", "BND-19"],
        404: ["PHN-3"],
    },
)
def change_phone(world: World, extension: Extension, fields: Mapping[str, Any]) -> Any:
    """Change some properties of a phone; the others keep their values."""
    model.change(world, extension, fields)
    return model.shown(world, extension)
