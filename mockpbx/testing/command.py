"""One thing that a tester can do, declared once; Python, HTTP and the shell are its views."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from marshmallow import Schema

from ..core.errors import InvalidError, NotFoundError
from ..web.loading import load
from ..web.schema import made, plain

if TYPE_CHECKING:
    from ..core.world import World


T = TypeVar("T")

#: What begins the ids of the vendor's rules on its own requests; the mock's own have others.
VENDORS = ("GEN-", "ERR-")


@dataclass(frozen=True, slots=True)
class Command(Generic[T]):
    """A command: how it is called, what it takes and answers, and the function that does it.

    `name` is its words on the command line. `path` is that of the control API, whose parameters
    the function takes by name; `takes` is the schema of its fields, and `raw` that of a JSON
    object which the function checks itself. `answers` is the class of its result, which `shows`
    makes of what the function returned; `document` describes an answer that is plain JSON. One
    that is not `changes` makes several changes of the world, or none, by itself; one that
    `waits` may do so for what happens, in one of a server's places for that. `masks` makes of the
    result what a server shows to who may see no secrets. One that is `of_process` is about all
    worlds of a server, and no world's own. `refuses` lists the rules by which the function
    refuses, by status code.
    """

    name: str
    method: str
    path: str
    function: Callable[..., Any]
    status: int
    answers: type[T] | None = None
    many: bool = False
    shows: Callable[[World, Any], Any] | None = None
    takes: type[Schema] | None = None
    raw: type[Schema] | None = None
    document: type[Schema] | None = None
    changes: bool = True
    waits: bool = False
    masks: Callable[[Any], Any] | None = None
    of_process: bool = False
    also: tuple[int, ...] = ()
    facts: tuple[str, ...] = ()
    refuses: Mapping[int, Sequence[str]] = field(default_factory=dict)
    wants: frozenset[str] = frozenset()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of its path."""
        return tuple(re.findall(r"<(\w+)>", self.path))

    @property
    def asks_by_query(self) -> bool:
        """Whether its fields are parameters of the query."""
        return self.method == "GET"

    @property
    def needs_body(self) -> bool:
        """Whether it cannot do without a field."""
        schema = self.raw or self.takes
        return schema is not None and any(one.required for one in made(schema).fields.values())

    def load(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields as the function takes them.

        Raises:
            InvalidError: naming every field that is unknown or wrong, and its rule.
        """
        assert self.takes is not None
        if not fields and self.takes in _EMPTY:
            return {}
        rule = self.facts[0] if self.facts else "ERR-9"
        try:
            loaded = load(made(self.takes), fields, rule)
        except InvalidError as error:
            error.rules = own_rules(error.rules)
            raise
        if not fields and not loaded:
            _EMPTY.add(self.takes)
        return loaded

    def whole(self, raw: Any) -> Any:
        """The JSON object that the function checks itself, as a server would read it.

        Raises:
            InvalidError: it is none.
        """
        if not isinstance(raw, Mapping):
            raise InvalidError((), "the body must be a JSON object")
        return json.loads(as_json(raw))

    def run(self, given: Mapping[str, Any]) -> Any:
        """What the function returns; it is given those of the arguments that it names."""
        return self.function(**{name: given[name] for name in self.wants})

    def shown(self, world: World, found: Any) -> Any:
        """The result that is made of what the function returned."""
        return found if self.shows is None or found is None else self.shows(world, found)


#: The schemas to which no field is as good as any, which most steps of calls are given.
_EMPTY: set[type[Schema]] = set()

#: All of them, in the order in which they are declared.
COMMANDS: list[Command[Any]] = []


def command(
    name: str,
    method: str,
    path: str,
    *,
    answers: type[T] | None = None,
    status: int | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Command[T]]:
    """Declare the decorated function a command; without an answer it is a 204."""

    def declare(function: Callable[..., Any]) -> Command[T]:
        silent = answers is None and "document" not in options
        usual = 204 if silent else {"POST": 201}.get(method, 200)
        made_of: Command[T] = Command(
            name,
            method,
            path,
            function,
            status or usual,
            answers,
            wants=frozenset(inspect.signature(function).parameters),
            **options,
        )
        COMMANDS.append(made_of)
        return made_of

    return declare


def as_json(value: Any) -> str:
    """The value as JSON; what JSON has no form for is a text."""
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)


def own_rules(rules: Sequence[str]) -> tuple[str, ...]:
    """Those rules of a refusal that are about the PBX, not about requests to the vendor."""
    return tuple(rule for rule in rules if not rule.startswith(VENDORS))


def part(name: str, value: Any) -> str:
    """The value as a part of a command's path.

    Raises:
        NotFoundError: it is empty, as nothing's name is.
    """
    text = str(plain(value))
    if not text:
        raise NotFoundError((), f"{name}: must not be empty")
    return text


__all__ = ["COMMANDS", "Command", "as_json", "command", "own_rules", "part"]
