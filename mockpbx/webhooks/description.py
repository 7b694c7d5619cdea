"""The events as webhooks of an OpenAPI 3.1 document, read off the table of their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

from ..core.clock import EPOCH
from ..core.facts import FACTS
from ..resources.event.model import EventType
from .payload import PARAMETERS, Event, Party, agent_parameters, parameters

_FORM = "application/x-www-form-urlencoded"
_TAKEN = {
    "default": {"description": "Whatever is said; a 2xx means that the event was taken (DLV-4)."}
}
#: One that has everything, for what every leg can have.
_PARTY = Party(1, "000*001", "sip.example.com")


def webhooks(types: Iterable[str], agent_types: Iterable[str]) -> dict[str, Any]:
    """A webhook for each of these types of events, by POST and by GET as a subscription says.

    Source: DLV-1, DLV-2, DLV-3, DAT-1, AGT-1 (doc, example)
    """
    found = {kind: _webhook(kind, *_of_type(kind)) for kind in types}
    names = [name for name, _ in agent_parameters(1, "available", "000*001")]
    properties = {name: {"type": "string", "description": _said("AGT-1")} for name in names}
    found.update({kind: _webhook(kind, properties, names) for kind in agent_types})
    return found


def _of_type(kind: str) -> tuple[dict[str, Any], list[str]]:
    """The parameters that an event of that type may have, and those that it always has."""
    seen = [dict(parameters(event)) for event in _events(kind)]
    properties = {}
    for one in PARAMETERS:
        if any(one.name in event for event in seen):
            properties[one.name] = {
                "type": "string",
                "description": _said(one.fact),
                "x-fact": one.fact,
            }
    properties["EventType"]["const"] = kind
    return properties, [name for name in properties if all(name in event for event in seen)]


def _events(kind: str) -> Iterator[Event]:
    """Events of that type on legs of every sort, with everything that there can be and without."""
    for flow, role, full in product(("in", "out"), ("phone", "ivr", "queue"), (True, False)):
        more: Mapping[str, Any] = {}
        if full:
            more = {
                "caller_name": "x",
                "called_did": "x",
                "caller": _PARTY,
                "talked": timedelta(1),
                "record_uuid": "x",
                "transfered": True,
                "remote_number": "x",
                "callback_id": "x",
            }
        base = ("x", "x", "x", "x", "x", "x")
        yield Event(EventType(kind), EPOCH, _PARTY, role, flow, *base, **more)


def _webhook(kind: str, properties: Mapping[str, Any], always: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(properties), "required": always}
    shared = {"summary": f"The event `{kind}`.", "tags": ["event"], "responses": _TAKEN}
    name = kind.replace("-", "_")
    query = [
        {"name": key, "in": "query", "required": key in always, "schema": dict(found)}
        for key, found in properties.items()
    ]
    return {
        "post": {
            "operationId": f"on_{name}",
            **shared,
            "requestBody": {"required": True, "content": {_FORM: {"schema": schema}}},
        },
        "get": {"operationId": f"on_{name}_by_get", **shared, "parameters": query},
    }


def _said(fact: str) -> str:
    return f"{fact}: {FACTS[fact].statement}"
