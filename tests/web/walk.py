"""Every operation of the API, each with a request that succeeds in one and the same world."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any

import pytest
import time_machine

from mockpbx import Config, Readings, World, worlds
from mockpbx.app import RESOURCES
from mockpbx.core.world import Start
from mockpbx.testing.call import Call
from mockpbx.web.operation import Operation
from mockpbx.web.schema import made
from mockpbx.webhooks.outbox import Outbox
from tests.handles import pbx_of

from ..conftest import Caller

OPERATIONS = [
    operation for resource in RESOURCES if resource.guarded for operation in resource.operations
]

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)

#: The values that the requests below put into paths.
NAMED = {
    "client": "2566",
    "extension": "85218",
    "registration": "uloc-00000001-0001-001",
    "subscription": "1",
    "did": "1",
    "agent": "1",
    "row": "a" * 32,
    "extension_group": "14",
    "sound": "1",
    "record": f"85218-{'b' * 32}",
}

#: The time of which lists tell that need one.
SPAN = {"start_datetime": "2026-02-01 00:00:00", "end_datetime": "2026-03-31 23:59:59"}

#: Those of the operations that are about something else than extension 101.
ABOUT = {
    "get_queue": {"extension": "96857"},
    "change_queue": {"extension": "96857"},
    "get_queue_status": {"extension": "96857"},
    "get_ivr": {"extension": "96856"},
    "change_ivr": {"extension": "96856"},
    "get_agent_event": {"subscription": "2"},
    "unsubscribe_agent": {"subscription": "2"},
    "change_group": {"group": "14"},
    "delete_group": {"group": "14"},
}

_EVENT = {"url": "https://crm.example.com/?id=1", "method": "GET", "event_type": "dial-in"}

_USER = {"login": "new", "password": "secret", "name": "New", "email": "new@example.com"}

BODIES: dict[str, dict[str, Any]] = {
    "archive_records": SPAN,
    "archive_own_records": SPAN,
    "create_group": {"name": "Support"},
    "change_group": {"name": "Support"},
    "change_did": {"extension_id": 85218},
    "change_ani": {"ani_number": "74959998877"},
    "create_client_user": _USER,
    "create_extension_user": {**_USER, "extension_id": 85218},
    "create_group_user": {**_USER, "extension_group_id": 14},
    "create_extension": {"name": "120", "type": "phone"},
    "change_extension": {"label": "Reception"},
    "set_bundle": {"bundle_list": [85226]},
    "change_phone": {"hangup_timeout": 30},
    "subscribe": _EVENT,
    "change_subscription": _EVENT,
    "subscribe_phones": _EVENT,
    "subscribe_agent": {**_EVENT, "event_type": "agent-login"},
    "change_queue": {"strategy": "ring-all"},
    "change_ivr": {"lifetime": 30},
    "start_callback": {"src_num": ["102"], "dst_num": "+79161112233"},
    "steer_current_call": {"action": "hold", "send_dst": None},
}


#: What an application of the level `Call API` may use (AUT-10).
OPEN_TO_CALL_API = {
    "get_user",
    "list_extensions",
    "list_group_extensions",
    "get_extension",
    "list_registrations",
    "get_registrations",
    "subscribe",
    "list_subscriptions",
    "unsubscribe_all",
    "get_subscription",
    "change_subscription",
    "unsubscribe",
    "subscribe_phones",
    "list_phone_events",
    "subscribe_agent",
    "list_agent_events",
    "get_agent_event",
    "unsubscribe_agent",
    "start_callback",
    "list_current_calls",
    "list_current_calls_of_extension",
    "get_current_call",
    "steer_current_call",
    "hang_up_current_call",
    "list_history",
    "get_call",
    "list_calls",
    "count_calls",
}


def each(operations: list[Operation] = OPERATIONS) -> pytest.MarkDecorator:
    """Run the test once for each of these operations."""
    names = [operation.view.__name__ for operation in operations]
    return pytest.mark.parametrize("operation", operations, ids=names)


@cache
def start() -> Start:
    """The office, with things of known ids.

    Extension 101 has a subscription, a registration, a message and a recorded call that somebody
    rated, an agent has a subscription.
    """
    office: dict[str, Any] = json.loads(worlds.find("office").read_text(encoding="utf-8"))
    extension = office["clients"][0]["extensions"][0]
    extension["registrations"][0]["registration_id"] = NAMED["registration"]
    extension["events"] = [{"id": 1, **_EVENT}]
    office["clients"][0]["calls"] = [
        {
            "call_uuid": NAMED["row"],
            "cdr": [
                {
                    "flow": "in",
                    "extension": "101",
                    "from_username": "+79161112233",
                    "to_username": "2566*101",
                    "init_time_gmt": "2026-02-28 12:00:00",
                    "bridged_time_gmt": "2026-02-28 12:00:10",
                    "hangup_time_gmt": "2026-02-28 12:01:00",
                    "result": "answered",
                    "record": {"record_uuid": NAMED["record"]},
                }
            ],
        }
    ]
    office["clients"][0]["sounds"] = [{"id": 1, "title": "Welcome", "filename": "welcome.wav"}]
    office["clients"][0]["messages"] = [
        {
            "extension": "101",
            "flow": "in",
            "from_number": "+79161112233",
            "to_number": "2566*101",
            "text": "Hello",
            "at": "2026-02-28 12:00:00",
        }
    ]
    office["clients"][0]["quality_rates"] = [
        {
            "extension_id": 85218,
            "call_uuid": NAMED["row"],
            "at": "2026-02-28 12:02:00",
            "rate": 5,
        }
    ]
    agent = office["clients"][0]["agents"][0]
    agent["events"] = [{"id": 2, **BODIES["subscribe_agent"]}]
    return worlds.read(office)


def caller(
    make_caller: Callable[..., Caller],
    *,
    user: str | None = None,
    application: str = "app",
    readings: Mapping[str, str] | None = None,
) -> Caller:
    """A caller of that world at noon, while 101 talks; two of them have the same state."""
    config = Config(freeze=True, readings=Readings.parse(readings or {}))
    with time_machine.travel(NOON, tick=False):
        return make_caller(talking(config)[0], user=user, application=application)


@cache
def call_id() -> str:
    """The CallAPIID of the call that every such world has."""
    return talking(Config(freeze=True))[1].api_id


def talking(config: Config) -> tuple[World, Call]:
    """A new such world, in which 101 talks, and the call; its receiver takes every event."""
    world = World(start(), config)
    assert isinstance(world.courier, Outbox)
    world.courier.transport.deliver_to("https://crm.example.com", lambda request: (200, b""))
    return world, pbx_of(world).incoming_call("+79161112233", "101").answer()


def path_of(operation: Operation, **changes: str) -> str:
    """The operation's path with the values above, or these."""
    named = {**NAMED, "leg": call_id(), **ABOUT.get(operation.view.__name__, {}), **changes}
    path = re.sub(r"<(\w+)>", lambda found: named[found[1]], operation.path)
    return operation.resource.prefix + path


def body_of(operation: Operation) -> dict[str, Any]:
    """What sends the operation's body and its query, as options of a request."""
    options: dict[str, Any] = {}
    if operation.body is not None:
        options["json"] = BODIES[operation.view.__name__]
    if operation.query is not None and SPAN.keys() <= made(operation.query).fields.keys():
        options["query_string"] = SPAN
    return options


def parameters(operation: Operation) -> list[str]:
    """The names of the operation's path parameters."""
    return re.findall(r"<(\w+)>", operation.path)
