"""Requests that were answered, as the examples of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, missing, validate

from .operation import Operation
from .schema import made

#: Items of a list that an example of an answer shows.
SHOWN = 2
#: What a measured duration is in examples, which are the same on every computer.
DURATION_US = 250


@dataclass(frozen=True, slots=True)
class Told:
    """One request of an operation, with its parameters by their names in the code, and its answer.

    The answer is JSON, the text of a page, the address that a redirection leads to, or None.
    """

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None
    status: int
    answer: Any


def query_example(schema: type[Schema] | None) -> dict[str, Any]:
    """A value for each parameter: of the schema's example, its default, or its first word."""
    if schema is None:
        return {}
    given: Mapping[str, Any] = getattr(schema, "example", {})
    found = {name: given.get(name, _usual(one)) for name, one in made(schema).fields.items()}
    return {name: value for name, value in found.items() if value is not missing}


def _usual(field: fields.Field[Any]) -> Any:
    if field.load_default is not missing:
        return field.load_default
    words = (one.choices for one in field.validators if isinstance(one, validate.OneOf))
    return next((next(iter(found)) for found in words), missing)


def body_example(operation: Operation) -> Mapping[str, Any] | None:
    """The example of the operation's body; None when it has none."""
    schema = operation.body or operation.raw or operation.form
    return None if schema is None else getattr(schema, "example", {})


def show(document: Mapping[str, Any], told: Iterable[Told]) -> None:
    """Put these requests and answers into the document as its operations' examples."""
    for one in told:
        path = one.operation.resource.prefix + one.operation.documented_path
        if path in document["paths"]:
            _show(document["paths"][path][one.operation.method.lower()], one)


def _show(described: dict[str, Any], told: Told) -> None:
    path = {one.documented: told.path[one.name] for one in told.operation.parameters}
    query = {**told.query, **(told.body or {} if told.operation.method == "GET" else {})}
    for parameter in described["parameters"]:
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] == "path":
            is_id = path[name].isdigit() and schema.get("type") != "string"
            parameter["example"] = int(path[name]) if is_id else path[name]
        elif name in query:
            parameter["example"] = query[name]
    for content in described.get("requestBody", {}).get("content", {}).values():
        content["example"] = told.body
    answer = described["responses"].get(str(told.status), {})
    if told.answer is None:
        return
    if "Location" in answer.get("headers", {}):
        answer["headers"]["Location"]["example"] = told.answer
    for kind, content in answer.get("content", {}).items():
        if kind in ("application/json", "text/html"):
            content["example"] = shortened(told.answer)


def shortened(answer: Any) -> Any:
    """The answer with the first items of each list, and no duration that was measured."""
    if isinstance(answer, list):
        return [shortened(one) for one in answer[:SHOWN]]
    if isinstance(answer, dict):
        return {
            name: DURATION_US if name == "duration_us" else shortened(value)
            for name, value in answer.items()
        }
    return answer
