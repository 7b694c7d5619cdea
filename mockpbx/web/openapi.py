"""The OpenAPI 3.1 documents, made from the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any, ClassVar

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from .. import __version__
from ..core.facts import by_id
from .documented import refusals
from .operation import Operation, Resource
from .prefix import CONTROL
from .schema import Moment, Reference, Strict, made

#: The vendor's status words (ERR-2 to ERR-8).
_WORDS = (
    "access_denied",
    "user_blocked",
    "user_access_type_deny",
    "app_access_type_deny",
    "client_not_found",
    "rate_limit_exceeded",
)

_INFO = {
    "description": "Generated from mockpbx. Rule ids are explained in docs/fidelity.md.",
    "license": {"name": "MIT", "identifier": "MIT"},
    "contact": {"name": "mockpbx contributors"},
}

_LOCATION = {"description": "An address.", "schema": {"type": "string"}}
_TOKEN = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token that is there already."}
}

_EXPLAINED = {
    name: {"description": text, "schema": {"type": "string"}}
    for name, text in (
        ("X-Mockpbx-Rule", "Ids of the rules that refused."),
        ("X-Mockpbx-Basis", "What those rules are known from."),
        ("X-Mockpbx-Reason", "What the tester should know."),
    )
}


class Error(Strict):
    """Why a request was refused."""

    #: What is said, by status code.
    said: ClassVar[Mapping[int, Any]] = {
        400: {"message": "name: is required"},
        401: {"message": "Unauthorized"},
        403: {"message": "Access denied", "status": "access_denied"},
        404: {"message": "Not found"},
        409: {"message": "hold: the call is ringing"},
        413: {"message": "the body is too large"},
        416: {"message": "Range: the record has 8000 bytes"},
        429: {"message": "Rate limit exceeded", "status": "rate_limit_exceeded"},
    }

    message = fields.String(required=True)
    status = fields.String(metadata={"enum": list(_WORDS)})


def describe(title: str, resources: Sequence[Resource]) -> dict[str, Any]:
    """The document of these resources."""
    plugin = _plugin()
    spec = APISpec(
        title=title,
        version=__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        info=_INFO,
        servers=[{"url": "http://127.0.0.1:8900"}],
    )
    _teach(plugin)
    schemes = _TOKEN | {key: one for each in resources for key, one in each.grants.items()}
    for name, scheme in schemes.items():
        spec.components.security_scheme(name, dict(scheme))
    access = [{name: _scopes(scheme)} for name, scheme in schemes.items()]
    for resource in resources:
        spec.tag({"name": resource.name, "description": resource.about})
        for operation in resource.operations:
            spec.path(
                path=resource.prefix + operation.documented_path,
                operations={operation.method.lower(): _operation(operation, access)},
            )
    document: dict[str, Any] = spec.to_dict()
    assert plugin.converter is not None
    _require_every_field(document, plugin.converter.refs)
    return document


def components(schema: type[Schema]) -> dict[str, Any]:
    """That schema and all that it consists of, in JSON Schema, by their names."""
    plugin = _plugin()
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    _teach(plugin)
    spec.components.schema(_schema_name(schema), schema=schema)
    found: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return found


def _plugin() -> MarshmallowPlugin:
    return MarshmallowPlugin(schema_name_resolver=_schema_name)


def _teach(plugin: MarshmallowPlugin) -> None:
    """Let the plugin, which has its specification now, know our kinds of fields."""
    assert plugin.converter is not None
    plugin.converter.map_to_openapi_type(Moment, None, None)
    plugin.converter.map_to_openapi_type(Reference, None, None)
    plugin.converter.add_attribute_function(_own_description)


def _scopes(scheme: Mapping[str, Any]) -> list[str]:
    flows: Mapping[str, Any] = scheme.get("flows", {})
    return list(dict.fromkeys(scope for flow in flows.values() for scope in flow["scopes"]))


def _operation(operation: Operation, access: list[dict[str, list[str]]]) -> dict[str, Any]:
    # Pythons from 3.13 on have taken the indentation away already.
    summary, _, more = cleandoc(operation.view.__doc__ or "").partition("\n")
    more = more.partition("\nRaises:")[0]  # what is raised stands below, by its status
    shown: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "tags": [operation.resource.name],
        "summary": summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    facts = f"Facts: {', '.join(operation.facts)}." if operation.facts else ""
    shown["description"] = f"{more.strip()}\n\n{facts}".strip() or summary
    shown["security"] = access if operation.resource.guarded else []
    if operation.resource.prefix == CONTROL:
        shown["security"] = [{"token": []}, {}]  # as the server was started
    body = _request_body(operation)
    if body:
        shown["requestBody"] = body
    return shown


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = [
        {"name": one.documented, "in": "path", "required": True, "schema": one.schema_at(place)}
        for place, one in enumerate(operation.parameters)
    ]
    for query in (operation.query, operation.form if operation.method == "GET" else None):
        if query is not None:
            shown.append({"in": "query", "schema": query})
    return shown


def _request_body(operation: Operation) -> dict[str, Any] | None:
    if operation.form is not None:
        if operation.method == "GET":
            return None  # its parameters stand in the query
        types = ("application/x-www-form-urlencoded", "multipart/form-data")
        return {"content": {name: {"schema": operation.form} for name in types}}
    schema = operation.body or operation.raw
    if schema is None:
        return None
    required = not operation.body_optional
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _responses(operation: Operation) -> dict[str, Any]:
    limits = _limits() if operation.resource.guarded else {}
    shown: dict[str, Any] = {}
    for status in (operation.status, *operation.also):
        answer: dict[str, Any] = {"description": "Done." if status == 204 else "The answer."}
        if status == 302:
            answer = {"description": "Go on there.", "headers": {"Location": _LOCATION}}
        elif status != 204:
            answer["content"] = _content(operation)
            links = _links(operation)
            if links:
                answer["links"] = links
        shown[str(status)] = {**answer, **({"headers": limits} if limits else {})}
    error: type[Schema] = operation.resource.error or Error
    for status, rules in refusals(operation).items():
        limited = operation.resource.limited and status in (413, 429)
        said = Error if limited else error
        shown[str(status)] = {
            "description": _explained(rules),
            "headers": {**limits, **_EXPLAINED},
            "content": {"application/json": _said(said, status)},
        }
    return shown


def _said(schema: type[Schema], status: int) -> dict[str, Any]:
    words: Mapping[int, Any] = getattr(schema, "said", {})
    example = {"example": words[status]} if status in words else {}
    return {"schema": schema, **example}


def _content(operation: Operation) -> dict[str, Any]:
    if operation.has_pages:
        return {"text/html": {"schema": {"type": "string"}}}
    if operation.media:
        return {kind: {"schema": {"contentMediaType": kind}} for kind in operation.media}
    return {"application/json": {"schema": _answer(operation)}}


def _answer(operation: Operation) -> Any:
    schema = operation.returns or operation.documents
    if operation.many:
        return {"type": "array", "items": schema}
    if operation.one_or_many:
        return {"oneOf": [schema, {"type": "array", "items": schema}]}
    return schema


def _links(operation: Operation) -> dict[str, Any]:
    """From a created resource to the operations on it."""
    returns = operation.returns
    if operation.method != "POST" or returns is None or "id" not in made(returns).fields:
        return {}
    owners = [one.documented for one in operation.parameters]
    given = {name: f"$request.path.{name}" for name in owners}
    links = {}
    items = ((one, one.parameters[-1]) for one in operation.resource.operations if one.parameters)
    for other, last in items:
        if other.path == f"{operation.path}<{last.name}>":
            links[other.view.__name__] = {
                "operationId": other.view.__name__,
                "parameters": {**given, last.documented: "$response.body#/id"},
            }
    return links


def _limits() -> dict[str, Any]:
    texts = {
        "X-RateLimit-Limit": "Requests an hour.",
        "X-RateLimit-Remaining": "Requests left in this hour.",
        "X-RateLimit-Reset": "Seconds to the full hour.",
    }
    schema = {"type": "integer", "minimum": 0}
    return {name: {"description": text, "schema": schema} for name, text in texts.items()}


def _explained(rules: Sequence[str]) -> str:
    return "\n".join(f"- {rule}: {by_id()[rule].statement}" for rule in rules) or "Refused."


def _schema_name(schema: Any) -> str:
    return schema.__name__ if isinstance(schema, type) else type(schema).__name__


def _own_description(_self: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What a field of ours says of itself, for types that apispec does not know."""
    shown: dict[str, Any] = dict(getattr(field, "openapi", {}))
    if field.allow_none and "anyOf" in shown:
        shown["anyOf"] = [*shown["anyOf"], {"type": "null"}]
    elif field.allow_none and "type" in shown:
        shown["type"] = [shown["type"], "null"]
    if "fact" in field.metadata:
        shown["x-fact"] = field.metadata["fact"]
    return shown


def _require_every_field(document: dict[str, Any], refs: Mapping[Any, str]) -> None:
    components = document["components"]["schemas"]
    for key, name in refs.items():
        if getattr(key[0].Meta, "every_field", False):
            components[name]["required"] = sorted(components[name]["properties"])
