"""Every operation, asked once with its example in a world `office` of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from . import worlds as world_files
from .config import Config
from .core.world import World
from .core.worlds import WORLD
from .web.examples import Told, body_example, query_example
from .web.operation import Operation
from .web.prefix import CONTROL
from .webhooks.outbox import Outbox

#: The moment at which every request comes.
MOMENT = datetime(2026, 1, 31, 9, 0, tzinfo=timezone.utc)
#: Where the examples find the server.
ADDRESS = "http://127.0.0.1:8900"

#: What stands in a path, by the parameter's name in the code. `$operation.key` is found in the
#: answer of an operation that is asked first; a number counts items, or parts of an address.
USUAL = {
    "client": "@me",
    "extension": "@101",
    "extension_group": "14",
    "agent": "1",
    "sound": "1",
    "did": "1",
    "leg": "$list_current_calls.call_list.0.call_api_id",
    "row": "$list_calls.calls.0.call_uuid",
    "record": "$list_own_records.0.record_uuid",
    "registration": "$get_registrations.registrations.0.registration_id",
}
_RECORD = "$get_address.record_url"
_ARCHIVE = "$archive_records.record_url"
_SUBSCRIPTION = {"subscription": "$subscribe.id"}
_AGENT_EVENT = {"subscription": "$subscribe_agent.id"}
_MENU = {"extension": "@099"}
_QUEUE = {"extension": "@887"}
#: The parameters of paths and queries that are others for one operation.
OWN: Mapping[str, Mapping[str, Any]] = {
    "go_on": {"name": "$begin_login.-1"},
    "log_in": {"name": "$begin_login.-1"},
    "list_extension_users": {"login": "anna"},
    "list_group_users": {"login": "sales"},
    "list_group_extensions": {"name": "103"},
    "get_subscription": _SUBSCRIPTION,
    "change_subscription": _SUBSCRIPTION,
    "unsubscribe": _SUBSCRIPTION,
    "get_agent_event": _AGENT_EVENT,
    "unsubscribe_agent": _AGENT_EVENT,
    "list_agents_of_extension": {"extension": "@102"},
    "get_queue": _QUEUE,
    "change_queue": _QUEUE,
    "get_queue_status": _QUEUE,
    "get_ivr": _MENU,
    "change_ivr": _MENU,
    "change_group": {"group": "14"},
    "delete_group": {"group": "14"},
    "hear_stored_record": {
        "record_uuid": f"{_RECORD}.-3",
        "key": f"{_RECORD}.-2",
        "name": f"{_RECORD}.-1",
    },
    "download_archive": {
        "realm": f"{_ARCHIVE}.-4",
        "owner_id": f"{_ARCHIVE}.-3",
        "key": f"{_ARCHIVE}.-2",
        "name": f"{_ARCHIVE}.-1",
    },
    "control.put_world": {"name": "suite-1"},
    "control.delete_world": {"name": "suite-1"},
    "control.restore": {"name": "$control.snapshot.name"},
    "control.extension": {"name": "@101"},
    "control.set_agent_status": {"name": "102"},
    "control.replay": {"id": "$control.deliveries.deliveries.0.id"},
    "control.test_subscription": {"id": "$subscribe.id"},
}

_TALK = ("control.start_call", "control.answer")
_CONSULTATION = (*_TALK, "control.transfer", "control.answer")
_EVENT = ("subscribe", "control.start_call")
#: What happens before an operation is asked, with fields that its body then has.
BEFORE: Mapping[str, tuple[str | tuple[str, Mapping[str, Any]], ...]] = {
    "list_subscriptions": ("subscribe",),
    "list_phone_events": ("subscribe_phones",),
    "list_agent_events": ("subscribe_agent",),
    "list_current_calls": _TALK,
    "list_current_calls_of_extension": _TALK,
    "list_messages": ("control.message",),
    "list_reg_status_log": ("control.register",),
    "control.calls": ("control.start_call",),
    "control.hang_up": ("control.answer",),
    "control.complete": _CONSULTATION,
    "control.cancel": _CONSULTATION,
    "control.hold": ("control.answer",),
    "control.transfer": ("control.answer",),
    "control.press": ("control.answer",),
    "control.leave_message": (("control.start_call", {"to": "107"}), "control.advance"),
    "control.talk": ("control.answer",),
    "control.snapshots": ("control.snapshot",),
    "control.deliveries": _EVENT,
    "control.all_worlds": ("control.put_world",),
    "control.delete_world": ("control.put_world",),
    "control.faults": ("control.add_fault",),
}


def tell(app: Flask, operations: Iterable[Operation]) -> list[Told]:
    """Each operation with its example, and what the application answered to it."""
    named = {_key(operation): operation for operation in operations}
    start = world_files.read("office")
    told = []
    for key in named:
        world = World(start, Config(freeze=True))
        world.clock.move_to(MOMENT)
        told.append(_Teller(app, world, named).ask(key))
    return told


class _Teller:
    """Asks operations in one world; every event that it sends is taken in this process."""

    def __init__(self, app: Flask, world: World, operations: Mapping[str, Operation]) -> None:
        assert isinstance(world.courier, Outbox)
        world.courier.transport.deliver_to("", lambda request: (200, b""))
        self._client = Client(app)
        self._environ = {WORLD: world}
        self._operations = operations
        self._answers: dict[str, Any] = {}

    def ask(self, key: str, fields: Mapping[str, Any] | None = None) -> Told:
        """Send the operation's example, with these fields added; an empty mapping sends none."""
        operation = self._operations[key]
        for before in BEFORE.get(key, ()):
            name, fields = (before, None) if isinstance(before, str) else before
            self.ask(name, fields)
        names = re.findall(r"<(\w+)>", operation.path)
        path = {name: self._value(operation, key, name) for name in names}
        query = query_example(operation.query)
        query |= {name: value for name, value in OWN.get(key, {}).items() if name in query}
        body = body_example(operation)
        if fields is not None:
            body = {**(body or {}), **fields} if fields else {}
        response = self._send(operation, path, query, body)
        self._answers[key] = answer = _answer(response)
        return Told(operation, path, query, body, response.status_code, answer)

    def _send(
        self, operation: Operation, path: Mapping[str, Any], query: Any, body: Any
    ) -> TestResponse:
        filled = re.sub(r"<(\w+)>", lambda found: path[found[1]], operation.path)
        headers = {"User-Agent": "example"}
        if operation.resource.guarded:
            headers["Authorization"] = f"Bearer {self._found('$token.access_token')}"
        options: dict[str, Any] = {
            "query_string": {key: _written(one) for key, one in query.items()}
        }
        if operation.form is not None:
            options["query_string" if operation.method == "GET" else "data"] = body
        elif body is not None:
            options["json"] = body
        return self._client.open(
            operation.resource.prefix + filled,
            ADDRESS,
            method=operation.method,
            headers=headers,
            environ_overrides=self._environ,
            **options,
        )

    def _value(self, operation: Operation, key: str, name: str) -> str:
        if name in OWN.get(key, {}):
            return self._found(OWN[key][name])
        if name == "extension" and "<client>" in operation.path:
            return "85218"  # below a client only ids are taken
        if name == "call" and operation.resource.prefix == CONTROL:
            return self._found("$control.start_call.call_id")
        return self._found(USUAL.get(name, name))

    def _found(self, value: str) -> str:
        if not value.startswith("$"):
            return value
        names = [name for name in self._operations if value[1:].startswith(f"{name}.")]
        name = max(names, key=len)
        if name not in self._answers:
            self.ask(name)
        found = self._answers[name]
        for key in value[len(name) + 2 :].split("."):
            if isinstance(found, str):
                found = found.split("/")
            found = found[int(key)] if isinstance(found, list) else found[key]
        return str(found)


def _key(operation: Operation) -> str:
    name = operation.view.__name__
    return f"control.{name}" if operation.resource.prefix == CONTROL else name


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _answer(response: TestResponse) -> Any:
    if "Location" in response.headers:
        return response.headers["Location"]
    if response.mimetype == "application/json":
        return json.loads(response.text)
    return response.text if response.mimetype == "text/html" else None
