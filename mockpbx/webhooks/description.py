"""The events as webhooks of an OpenAPI 3.1 document, read off the table of their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any

from ..core.clock import EPOCH
from ..core.facts import by_id
from ..resources.event.model import EventType
from .payload import PARAMETERS, Event, Party, agent_parameters, parameters

_FORM = "application/x-www-form-urlencoded"
_TAKEN = {
    "default": {"description": "Whatever is said; a 2xx means that the event was taken (DLV-4)."}
}
#: The extension of the examples, and one that calls it.
_PARTY = Party(85218, "2566*101", "sip.example.com")
_OTHER = Party(85219, "2566*102", "sip.example.com")
#: CallID, SubCallID, CallAPIID, CallStatus, CallerIDNum and CalledNumber of the examples.
_CALL = (
    "8cf1c9a36fa64b6b8ffd8d2b9f6d3c1e",
    "1f0c7d3e5a9b4c2d8e6f7a8b9c0d1e2f",
    "3141592653-8cf1c9a3-6fa6-4b6b-8ffd-8d2b9f6d3c1e",
    "ANSWER",
    "+79161112233",
    "101",
)
_MORE: Mapping[str, Any] = {
    "caller_name": "Anna Smirnova",
    "called_did": "74959998877",
    "caller": _OTHER,
    "talked": timedelta(seconds=30),
    "record_uuid": "85218-8cf1c9a36fa64b6b8ffd8d2b9f6d3c1e",
    "transfered": True,
    "remote_number": "+79161112233",
    "callback_id": "3141592653-8cf1c9a3-6fa6-4b6b-8ffd-8d2b9f6d3c1e",
}


def webhooks(types: Iterable[str], agent_types: Iterable[str]) -> dict[str, Any]:
    """A webhook for each of these types of events, by POST and by GET as a subscription says.

    Source: DLV-1, DLV-2, DLV-3, DAT-1, AGT-1
    """
    found = {kind: _webhook(kind, *_of_type(kind)) for kind in types}
    agent = dict(agent_parameters(1, "available", _PARTY.name))
    properties = {
        name: {"type": "string", "description": _said("AGT-1"), "examples": [value]}
        for name, value in agent.items()
    }
    found.update({kind: _webhook(kind, properties, list(agent)) for kind in agent_types})
    return found


def _of_type(kind: str) -> tuple[dict[str, Any], list[str]]:
    """The parameters that an event of that type may have, and those that it always has."""
    seen = [dict(parameters(event)) for event in _events(kind)]
    properties = {}
    for one in PARAMETERS:
        values = [event[one.name] for event in seen if one.name in event]
        if values:
            properties[one.name] = {
                "type": "string",
                "description": _said(one.fact),
                "examples": values[:1],
                "x-fact": one.fact,
            }
    properties["EventType"]["const"] = kind
    return properties, [name for name in properties if all(name in event for event in seen)]


def _events(kind: str) -> Iterator[Event]:
    """Events of that type on legs of every sort, with everything that there can be and without."""
    for flow, role, full in product(("in", "out"), ("phone", "ivr", "queue"), (True, False)):
        more = _MORE if full else {}
        yield Event(EventType(kind), EPOCH, _PARTY, role, flow, *_CALL, text="Hello", **more)


def _webhook(kind: str, properties: Mapping[str, Any], always: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": dict(properties), "required": always}
    summary = f"The event `{kind}`."
    shared = {
        "summary": summary,
        "description": summary,
        "tags": ["event"],
        "security": list[Any](),
        "responses": _TAKEN,
    }
    name = kind.replace("-", "_")
    example = {key: found["examples"][0] for key, found in properties.items()}
    query = [
        {
            "name": key,
            "in": "query",
            "required": key in always,
            "schema": dict(found),
            "example": example[key],
        }
        for key, found in properties.items()
    ]
    return {
        "post": {
            "operationId": f"on_{name}",
            **shared,
            "requestBody": {
                "required": True,
                "content": {_FORM: {"schema": schema, "example": example}},
            },
        },
        "get": {"operationId": f"on_{name}_by_get", **shared, "parameters": query},
    }


def _said(fact: str) -> str:
    return f"{fact}: {by_id()[fact].statement}"
