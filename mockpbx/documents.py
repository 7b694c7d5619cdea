"""The OpenAPI documents of both APIs, and the JSON Schema of world files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Flask

from .resources.agent.model import TYPES as AGENT_TYPES
from .resources.event.model import TYPES
from .story import tell
from .web import examples, openapi
from .web.operation import Resource
from .webhooks.description import webhooks
from .worlds.schema import WorldState


def describe(
    app: Flask, api: Sequence[Resource], control: Sequence[Resource]
) -> dict[str, dict[str, Any]]:
    """The documents of these resources, by the names of their files.

    The application answers the requests that stand in them as examples.
    """
    made = {
        "mockpbx": openapi.describe("PBX REST API", api),
        "control": openapi.describe("mockpbx control API", control),
    }
    told = tell(app, [op for one in (*api, *control) for op in one.operations])
    for document in made.values():
        examples.show(document, told)
    made["mockpbx"]["webhooks"] = webhooks(TYPES, AGENT_TYPES)
    return made


def world_schema() -> dict[str, Any]:
    """The JSON Schema of world files.

    It tells the form of each part. That parts fit each other, as that a name is there which
    another part names, is seen by `mockpbx worlds check` alone.
    """
    parts = json.loads(json.dumps(openapi.components(WorldState)).replace(*_HOMES))
    top = parts.pop(WorldState.__name__)
    return {"$schema": _DIALECT, "title": "A world file of mockpbx", **top, "$defs": parts}


_DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Where OpenAPI keeps the parts of a schema, and where JSON Schema does.
_HOMES = ("#/components/schemas/", "#/$defs/")
