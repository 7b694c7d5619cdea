"""Operations: one declaration makes route, access checks, schema checks and description."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema

from ..core.errors import not_found
from ..core.paging import MOST
from ..core.path import PathParameter
from ..core.world import World
from . import body as bodies
from . import journal
from .errors import json_response
from .guard import Guard, asking_client
from .loading import load
from .media import media_response
from .page import Page, Redirect
from .prefix import API
from .routing import converted, documented
from .schema import made
from .status import no_content
from .waiting import waiting

#: What a view may take of the application beside its world.
_OF_THE_APPLICATION = {"catalog", "worlds"}

View = TypeVar("View", bound=Callable[..., Any])
#: Finds the record that the last part of a path names, for the record it belongs to.
FindItem = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one documented path.

    `path` uses Flask's `<name>`, `documented_path` is the same as the documentation writes it,
    and `parameters` are those that the resource declares for it. The guard resolves the realms
    among them and `item` a last one; `needs` raises when what the path names does not have the
    resource. `body` is loaded and `returns` dumped by its schema; `raw` and
    `documents` are the same for JSON that only the model understands. `refuses` lists the rules
    by which the view itself refuses, by status code; what the guard and the checks refuse is
    known without saying. An operation with `media` answers a file of one of these types, one
    that `has_pages` a page or a redirection. With `body_optional` no body is as good as an empty
    object. `also` are further codes of success. A view that is not `changes` runs outside a
    change of the world, to make several of its own; one that `waits` for what may happen takes
    one of the places that a server has for those.
    """

    resource: Resource
    method: str
    path: str
    view: Callable[..., Any]
    status: int
    body: type[Schema] | None = None
    body_optional: bool = False
    form: type[Schema] | None = None
    query: type[Schema] | None = None
    raw: type[Schema] | None = None
    returns: type[Schema] | None = None
    documents: type[Schema] | None = None
    media: tuple[str, ...] = ()
    has_pages: bool = False
    many: bool = False
    one_or_many: bool = False
    item: FindItem | None = None
    needs: FindItem | None = None
    facts: tuple[str, ...] = ()
    refuses: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    call_api: bool = False
    changes: bool = True
    waits: bool = False
    also: tuple[int, ...] = ()
    links: Mapping[str, Any] = field(default_factory=dict)
    wants: frozenset[str] = frozenset()
    parameters: tuple[PathParameter, ...] = ()
    documented_path: str = ""

    @property
    def label(self) -> str:
        """Method and documented path."""
        return f"{self.method} {self.resource.prefix}{self.documented_path}"

    @property
    def is_list(self) -> bool:
        """Whether the path is that of a list.

        Source: GEN-1, GEN-2
        """
        return self.path.endswith("/")

    @property
    def takes_json(self) -> bool:
        """Whether the request has a JSON body."""
        return self.body is not None or self.raw is not None

    def respond(self, **path: str) -> Response:
        """Serve one request."""
        exchange = journal.current()
        exchange.operation = self
        self._check_slash(exchange)
        world = exchange.world
        # Who tells the mock to do something wants it done, with its events; the vendor's own
        # clients are answered at once and told of the events meanwhile, as by the real PBX.
        change = world.change(wait=not self.resource.guarded) if self.changes else nullcontext()
        place = waiting(request.environ) if self.waits else nullcontext()
        with self.resource.gate(world), place, change:
            given = self._admit(exchange, path)
            given.update(self._load(exchange))
            given["world"] = world
            parts = current_app.extensions["mockpbx"]
            for name in _OF_THE_APPLICATION & self.wants:
                given[name] = getattr(parts, name)
            result = self.view(**{name: given[name] for name in self.wants})
            if result is None:
                return no_content()
            if self.returns is not None:
                result = made(self.returns).dump(result, many=isinstance(result, list))
        if isinstance(result, (Page, Redirect)):
            return result.response()
        if self.media:
            return media_response(result)
        return json_response(result, self.status)

    def _admit(self, exchange: journal.Exchange, path: dict[str, str]) -> dict[str, Any]:
        given: dict[str, Any] = {**path, "principal": None, "exchange": exchange}
        if self.resource.guarded:
            guard: Guard = current_app.extensions["mockpbx"].guard
            given.update(guard.admit(exchange, exchange.method, path, call_api=self.call_api))
            given["principal"] = exchange.principal
        if self.needs is not None:
            self.needs(exchange.world, given[next(reversed(path))])
        if self.item is not None:
            *owners, last = path
            owner = [given[owners[-1]]] if owners else []
            given[last] = self.item(exchange.world, *owner, path[last])
        return given

    def _check_slash(self, exchange: journal.Exchange) -> None:
        """Take the list with its slash and the item without, or take both.

        Source: GEN-2
        """
        if exchange.slash != self.is_list and self.resource.guarded:
            exchange.wrong_slash = True
            if exchange.world.readings.slashes == "strict":
                raise not_found(f"the documented path is {self.documented_path}", "GEN-2")

    def _load(self, exchange: journal.Exchange) -> dict[str, Any]:
        loaded: dict[str, Any] = {}
        rule = self.facts[0] if self.facts else "ERR-9"
        bodies.check_size(exchange)
        if self.query is not None:
            query = made(self.query)
            loaded["query"] = load(query, bodies.read_query(query), rule)
            most = getattr(self.query, "MOST", MOST)
            if loaded["query"].get("per_page", 0) > most:
                exchange.remarks.append(("GEN-14", f"per_page above {most} is taken as {most}"))
        if self.body is not None:
            body = made(self.body)
            data = bodies.read_json(exchange) if self._has_body(exchange) else {}
            exchange.unknown_fields = unknown = bodies.unknown(body, data)
            if exchange.world.readings.unknown_fields == "ignore":
                unknown = ()
            loaded["fields"] = load(body, data, rule, unknown)
        elif self.raw is not None:
            loaded["raw"] = bodies.read_json(exchange)
        if self.form is not None:
            loaded["fields"] = bodies.read_form(made(self.form))
        return loaded

    def _has_body(self, exchange: journal.Exchange) -> bool:
        return not self.body_optional or exchange.too_large or bool(exchange.body)


class Resource:
    """The operations of one documented resource: a blueprint and a section of the description.

    `parameters` are what the paths of its operations may name. `grants` are the OpenAPI security
    schemes of the ways to a token that it offers.
    """

    def __init__(
        self,
        name: str,
        about: str,
        *,
        prefix: str = API,
        guarded: bool = True,
        limited: bool = False,
        history: bool = False,
        error: type[Schema] | None = None,
        parameters: Sequence[PathParameter] = (),
        grants: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.about = about
        self.prefix = prefix
        self.guarded = guarded
        self.limited = limited
        self.history = history
        self.error = error
        self.grants = grants or {}
        self.parameters = {one.name: one for one in parameters}
        self.blueprint = Blueprint(name, __name__, url_prefix=prefix or None)
        self.operations: list[Operation] = []

    def gate(self, world: World) -> AbstractContextManager[None]:
        """The limit that a request to this resource counts against while it is served.

        Source: AUT-13, HIS-6
        """
        if self.history and world.config.quirks.one_history_request:
            client_id = asking_client(world)
            return nullcontext() if client_id is None else world.usage.history(client_id)
        if self.limited and world.config.rate_limits:
            return world.usage.oauth(world.now())
        return nullcontext()

    def operation(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        facts: Sequence[str] = (),
        refuses: Mapping[int, Sequence[str]] | None = None,
        **options: Any,
    ) -> Callable[[View], View]:
        """Make the decorated function the view of that method and path.

        The function takes those of these it names: `world`, `principal`, `fields` (the body),
        `query`, `exchange`, the `catalog` of all operations, all `worlds`, and what the path names.
        What it returns is dumped by `returns`; None is a 204.

        Raises:
            ValueError: the path has a parameter that the resource does not declare.
        """
        names = re.findall(r"<(\w+)>", path)
        if strange := set(names) - self.parameters.keys():
            raise ValueError(f"{path}: {self.name} has no parameter {', '.join(sorted(strange))}")
        parameters = tuple(self.parameters[name] for name in names)

        def declare(view: View) -> View:
            operation = Operation(
                self,
                method,
                path,
                view,
                status or {"POST": 201, "DELETE": 204}.get(method, 200),
                facts=tuple(facts),
                refuses={code: tuple(rules) for code, rules in (refuses or {}).items()},
                wants=frozenset(inspect.signature(view).parameters),
                parameters=parameters,
                documented_path=documented(path, parameters),
                **options,
            )
            self.operations.append(operation)
            self.blueprint.add_url_rule(
                converted(path.rstrip("/"), parameters),
                endpoint=f"{view.__name__}",
                view_func=operation.respond,
                methods=[method],
                provide_automatic_options=False,
            )
            return view

        return declare
