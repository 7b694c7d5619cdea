"""`/_mockpbx/…`: the commands of a tester as operations over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, ClassVar
from urllib.parse import unquote

from marshmallow import fields

from ..core.path import ID, PathParameter
from ..testing.command import Command
from ..testing.commands import COMMANDS
from ..testing.result import schema_of
from ..web.gate import shows_secrets
from ..web.operation import Resource
from ..web.prefix import CONTROL
from ..web.schema import Strict


class Refused(Strict):
    """Why a request was refused; for a call's step also its state and the steps it allows."""

    #: What is said, by status code.
    said: ClassVar[Mapping[int, Any]] = {
        400: {"message": "seconds: is required"},
        401: {"message": "the control API wants its token: Authorization: Bearer"},
        403: {"message": "Origin https://crm.example.com: is another site's"},
        404: {"message": "Not found"},
        409: {
            "message": "hold: the call is ringing; steps that it allows: answer, hang_up",
            "state": "ringing",
            "steps": ["answer", "hang_up"],
        },
        413: {"message": "the body is too large"},
        421: {"message": "Host pbx.example.com: is no name of this server"},
        429: {"message": "as many requests wait at once as this server lets wait"},
    }

    message = fields.String(required=True)
    state = fields.String()
    steps = fields.List(fields.String())


control = Resource(
    "control",
    "What a tester tells the mock.",
    prefix=CONTROL,
    guarded=False,
    error=Refused,
    parameters=(
        PathParameter("call", "call_id"),
        PathParameter("id", schema=ID),
        PathParameter("name"),
    ),
)


def _offer(command: Command[Any]) -> None:
    """The control API has that command."""
    function: Any = command.function

    @wraps(function)
    def view(**given: Any) -> Any:
        if command.asks_by_query and command.takes is not None:
            given["fields"] = given.pop("query")
        for name in command.parameters:
            given[name] = unquote(given[name])  # the second time, as the first leaves %2F
        world: Any = given.get("world")  # what is about all worlds takes none
        found = command.shown(world, command.run(given))
        return found if command.masks is None or shows_secrets() else command.masks(found)

    if command.asks_by_query and command.takes is not None:
        names = ("query" if name == "fields" else name for name in command.wants)
        kind = Parameter.KEYWORD_ONLY
        view.__dict__["__signature__"] = Signature([Parameter(one, kind) for one in names])
    control.operation(
        command.method,
        command.path,
        status=command.status,
        facts=command.facts,
        refuses=command.refuses,
        body=None if command.asks_by_query else command.takes,
        query=command.takes if command.asks_by_query else None,
        body_optional=not command.needs_body,
        raw=command.raw,
        returns=command.answers and schema_of(command.answers),
        documents=command.document,
        many=command.many,
        changes=command.changes,
        waits=command.waits,
        also=command.also,
    )(view)


for _command in COMMANDS:
    _offer(_command)
