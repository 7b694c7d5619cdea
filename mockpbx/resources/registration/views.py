"""`/extension/registration/` and `/extension/{extension_id}/registration/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Principal
from ...core.path import PathParameter
from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import RegistrationFilter, RegistrationsOut

registration = Resource(
    "registration",
    "Which devices a phone can be reached at.",
    parameters=(EXTENSION_ID, PathParameter("registration", "registration_id")),
)

LIST = "/extension/<extension>/registration/"
ITEM = "/extension/<extension>/registration/<registration>"


@registration.operation(
    "GET",
    "/extension/registration/",
    query=RegistrationFilter,
    returns=RegistrationsOut,
    one_or_many=True,
    call_api=True,
    facts=["REG-1", "REG-9", "REG-10", "REG-11"],
    refuses={403: ["ERR-2"], 404: ["REG-11"]},
)
def list_registrations(world: World, principal: Principal, query: Mapping[str, Any]) -> Any:
    """Read the registrations of several extensions."""
    return model.several(world, principal, query["extension_id"])


@registration.operation(
    "GET",
    LIST,
    returns=RegistrationsOut,
    call_api=True,
    facts=["REG-2", "REG-5", "REG-6", "REG-7", "REG-8"],
)
def get_registrations(world: World, extension: Extension) -> Any:
    """Read the registrations of one extension."""
    return model.shown(world, extension.id)


@registration.operation("DELETE", LIST, facts=["REG-3", "REG-13"])
def drop_registrations(world: World, extension: Extension) -> None:
    """Drop all registrations of one extension."""
    model.drop_all(world, extension)


@registration.operation(
    "DELETE", ITEM, item=model.find, facts=["REG-4", "REG-13"], refuses={404: ["REG-4"]}
)
def drop_registration(world: World, registration: model.Registration) -> None:
    """Drop one registration."""
    model.drop(world, registration)
