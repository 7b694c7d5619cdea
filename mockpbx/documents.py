"""The OpenAPI documents of both APIs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask

from .resources.agent.model import TYPES as AGENT_TYPES
from .resources.event.model import TYPES
from .story import tell
from .web import examples, openapi
from .web.operation import Resource
from .webhooks.description import webhooks


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
