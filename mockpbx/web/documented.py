"""What the documentation of an operation says of its answers."""

from __future__ import annotations

from marshmallow import Schema

from .operation import Operation
from .prefix import CONTROL
from .schema import made


def statuses(operation: Operation) -> list[int]:
    """Every status that it can answer with."""
    return sorted({operation.status, *operation.also, *refusals(operation)})


def refusals(operation: Operation) -> dict[int, tuple[str, ...]]:
    """The rules by which the operation can refuse, by status code; the guard's come first."""
    found: dict[int, list[str]] = {413: ["GEN-12"]}
    if operation.resource.guarded:
        found[401] = ["ERR-1", "AUT-11", "AUT-12"]
        found[429] = ["ERR-8", "GEN-17"]
        found[403] = ["ERR-3"]
        if not operation.call_api:
            found[403].append("ERR-5")
        if operation.method != "GET":
            found[403].append("ERR-4")
        if operation.parameters:
            found[403] += ["ERR-2", "AUT-16"]
        found[404] = ["GEN-2"]
    elif operation.resource.limited:
        found[429] = ["ERR-8", "AUT-13"]
    if operation.resource.prefix == CONTROL:  # what its door refuses, by no rule of the vendor's
        found.update({401: [], 403: [], 421: []})
    unknown = [fact for one in operation.parameters for fact in one.refused_by]
    if operation.item is not None:
        unknown.append("ERR-6")
    if unknown:
        found.setdefault(404, []).extend(unknown)
    if operation.resource.history:
        found[429].append("HIS-6")
    if operation.takes_json or operation.query:
        found[400] = ["ERR-9", *_field_facts(operation.query)]
    if operation.takes_json:
        found[400] += ["GEN-4", "GEN-12", "GEN-15", "GEN-16"]
        found[400] += _field_facts(operation.body)
    for status, rules in operation.refuses.items():
        found.setdefault(status, []).extend(rules)
    return {status: tuple(dict.fromkeys(rules)) for status, rules in sorted(found.items())}


def _field_facts(schema: type[Schema] | None) -> list[str]:
    if schema is None:
        return []
    metadata = [field.metadata for field in made(schema).fields.values()]
    facts = (one.get(key) for key in ("fact", "null", "form") for one in metadata)
    return [fact for fact in dict.fromkeys(facts) if fact is not None]
