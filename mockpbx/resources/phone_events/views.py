"""`/client/{client_id}/phone_events/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID
from ...core.world import World
from ...web.operation import Resource
from . import model
from .schema import PhoneEventIn, PhoneEventOut

phone_events = Resource(
    "phone_events", "Which url is told about which events of all phones.", parameters=(CLIENT_ID,)
)

LIST = "/client/<client>/phone_events/"


@phone_events.operation(
    "POST",
    LIST,
    body=PhoneEventIn,
    returns=PhoneEventOut,
    call_api=True,
    facts=["EVT-12", "EVT-5", "EVT-6", "EVT-11"],
    refuses={403: ["EVT-10"]},
)
def subscribe_phones(world: World, client: Client, fields: Mapping[str, Any]) -> Any:
    """Add a subscription to an event of every phone of the client."""
    return model.subscribe(world, client, fields)


@phone_events.operation(
    "GET", LIST, returns=PhoneEventOut, many=True, call_api=True, facts=["EVT-12"]
)
def list_phone_events(world: World, client: Client) -> Any:
    """List the subscriptions on all phones of the client."""
    return model.listed(world, client)
