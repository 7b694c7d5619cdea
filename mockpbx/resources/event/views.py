"""`/extension/{extension_id}/event/`, and the limit on subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.accounts import Client
from ...core.path import CLIENT_ID, ID, PathParameter
from ...core.world import World
from ...web.operation import Resource
from ..extension.model import EXTENSION_ID, Extension
from . import model
from .schema import EventIn, EventOut, LimitOut

event = Resource(
    "event",
    "Which url is told about which events of an extension.",
    parameters=(CLIENT_ID, EXTENSION_ID, PathParameter("subscription", "id", ID)),
)

LIST = "/extension/<extension>/event/"
ITEM = "/extension/<extension>/event/<subscription>"


@event.operation(
    "POST",
    LIST,
    body=EventIn,
    returns=EventOut,
    call_api=True,
    facts=["EVT-1", "EVT-4", "EVT-5", "EVT-6", "EVT-9", "EVT-11"],
    refuses={400: ["EVT-6", "EVT-7", "EVT-8"], 403: ["EVT-10"]},
)
def subscribe(world: World, extension: Extension, fields: Mapping[str, Any]) -> Any:
    """Add a subscription."""
    return model.subscribe(world, extension, fields)


@event.operation("GET", LIST, returns=EventOut, many=True, call_api=True, facts=["EVT-2", "EVT-13"])
def list_subscriptions(world: World, extension: Extension) -> Any:
    """List the extension's subscriptions."""
    return model.listed(world, extension)


@event.operation("DELETE", LIST, call_api=True, facts=["EVT-2"])
def unsubscribe_all(world: World, extension: Extension) -> None:
    """Delete all subscriptions of the extension."""
    model.unsubscribe_all(world, extension)


@event.operation("GET", ITEM, item=model.find, returns=EventOut, call_api=True, facts=["EVT-3"])
def get_subscription(subscription: model.Subscription) -> Any:
    """Read one subscription."""
    return subscription


@event.operation(
    "PUT",
    ITEM,
    item=model.find,
    body=EventIn,
    returns=EventOut,
    call_api=True,
    facts=["EVT-3", "EVT-4", "EVT-5", "EVT-6"],
    refuses={400: ["EVT-6", "EVT-7", "EVT-8"]},
)
def change_subscription(
    world: World, extension: Extension, subscription: model.Subscription, fields: Mapping[str, Any]
) -> Any:
    """Give one subscription another url, method and type."""
    return model.change(world, extension, subscription, fields)


@event.operation("DELETE", ITEM, item=model.find, call_api=True, facts=["EVT-3"])
def unsubscribe(world: World, subscription: model.Subscription) -> None:
    """Delete one subscription."""
    world.store.remove(subscription)


@event.operation("GET", "/client/<client>/limit/", returns=LimitOut, facts=["CLI-2", "EVT-10"])
def get_limits(world: World, client: Client) -> Any:
    """Read how many subscriptions the client may have, and has."""
    return {"event": {"limit": client.event_limit, "used": model.used(world, client)}}
