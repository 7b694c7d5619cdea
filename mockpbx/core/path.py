"""What the parts of a documented path are: the parameters, as their resources declare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .ids import MAX_ID

#: JSON Schemas of what a path can hold.
TEXT: Mapping[str, Any] = {"type": "string"}
ID: Mapping[str, Any] = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
ME: Mapping[str, Any] = {"type": "string", "const": "@me"}


@dataclass(frozen=True, slots=True)
class PathParameter:
    """One `<name>` in the path of an operation.

    `shown` is its name in the documentation, `name` unless given. `schema` is the JSON Schema of
    its values, any text unless given; `below` the one where another parameter stands before it.
    `excluded` are words that stand in its place and are paths of their own. An unknown value is a
    404 by the facts `refused_by`.
    """

    name: str
    shown: str = ""
    schema: Mapping[str, Any] | None = None
    below: Mapping[str, Any] | None = None
    excluded: tuple[str, ...] = ()
    refused_by: tuple[str, ...] = ()

    @property
    def documented(self) -> str:
        """The name in the documentation."""
        return self.shown or self.name

    def schema_at(self, place: int) -> Mapping[str, Any]:
        """The schema of the values, for the parameter at that place of a path, from 0."""
        return (self.below if place else None) or self.schema or TEXT


#: The client realm.
CLIENT_ID = PathParameter("client", "client_id", {"anyOf": [ID, ME]}, refused_by=("ERR-7",))
