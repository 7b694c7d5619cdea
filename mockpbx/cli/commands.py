"""The commands of a tester on the command line, made from their declarations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .errors import CommandError, CommandFailedError

if TYPE_CHECKING:
    from marshmallow import Schema
    from marshmallow.fields import Field

    from ..testing.command import Command
    from ..testing.remote import Remote

#: What has a shape of its own on the command line (see `call.py` and `settings.py`).
OWN_SHAPE = frozenset({"call", "settings", "set-settings"})
#: The command that a group of several words is by itself.
_ALONE = {"clock": "clock"}
#: What a group does that is no command by itself.
_ABOUT = {"step": "Make a step of the call.", "world": "List, make and delete a server's worlds."}
#: The part of the path that a group's commands have in common.
_SHARED = {"step": "call"}

_url = click.option(
    "--url",
    default="http://127.0.0.1:8900",
    show_default=True,
    envvar="MOCKPBX_URL",
    show_envvar=True,
    help="The running server, with /worlds/NAME for another world.",
)
_control_token = click.option(
    "--control-token",
    metavar="TOKEN",
    envvar="MOCKPBX_CONTROL_TOKEN",
    show_envvar=True,
    help="The one that the server was started with.",
)

Decorated = TypeVar("Decorated", bound="Callable[..., Any] | click.Command")


def server_options(command: Decorated) -> Decorated:
    """Let the command take which server it is for, and that server's token."""
    return _url(_control_token(command))


def answered(url: str, control_token: str | None, act: Callable[[Remote], Any]) -> Any:
    """What a command answers at the server of that url, asked with its token if it has one.

    Raises:
        CommandError: the command cannot be understood.
        CommandFailedError: no server answers there, or it refuses; with its reason.
    """
    from ..core.errors import RefusalError
    from ..testing.remote import Remote, RemoteError

    remote = Remote(url, control_token)
    try:
        return act(remote)
    except (RefusalError, RemoteError) as error:
        raise CommandFailedError(str(error)) from error
    finally:
        remote.close()


def made() -> dict[str, click.Command]:
    """All declared commands, by their first words."""
    from ..testing.commands import COMMANDS

    found: dict[str, click.Command] = {}
    groups: dict[str, click.Group] = {}
    for command in COMMANDS:
        first, _, second = command.name.partition(" ")
        if command.name in OWN_SHAPE:
            continue
        if second:
            if first not in groups:
                groups[first] = _group(first, found.get(_ALONE.get(first, "")))
                found[first] = groups[first]
            groups[first].add_command(_command(command, second, _SHARED.get(first)))
        else:
            found[first] = _command(command, first)
    return found


def _group(name: str, alone: click.Command | None) -> click.Group:
    shared = _SHARED.get(name)

    def act(context: click.Context, **given: Any) -> None:
        context.obj = given
        if context.invoked_subcommand is None and alone is not None:
            context.invoke(alone, **given)

    group = click.Group(
        name,
        callback=click.pass_context(act),
        invoke_without_command=alone is not None,
        help=alone.help if alone else _ABOUT[name],
    )
    if shared is not None:
        group.params.append(click.Argument([shared]))
    if alone is not None:
        group.params += alone.params
    return group


def _command(command: Command[Any], name: str, shared: str | None = None) -> click.Command:
    arguments = [one for one in command.parameters if one != shared]
    parts: list[click.Parameter] = [click.Argument([one]) for one in arguments]
    wire: dict[str, Field[Any]] = {}
    if command.takes is not None:
        from ..web.schema import made as schema

        wire = _fields(schema(command.takes))
        parts += [_parameter(one, field) for one, field in wire.items()]
    if command.raw is not None:
        parts.append(click.Argument(["file"], type=click.File("r", encoding="utf-8")))

    def act(context: click.Context, url: str, control_token: str | None, **given: Any) -> None:
        path = {one: given[one] for one in arguments}
        if shared is not None:
            path[shared] = context.obj[shared]
        if command.raw is not None:
            fields = _json("file", given["file"].read())
        else:
            fields = {one: given[_variable(one)] for one in wire}
        shown = answered(url, control_token, lambda remote: remote.send(command, fields, path))
        if shown is not None:
            click.echo(json.dumps(shown))

    found = click.Command(name, callback=click.pass_context(act), params=parts)
    found.help = (command.function.__doc__ or "").partition("Raises:")[0].partition("Source:")[0]
    return server_options(found)


def _fields(schema: Schema) -> dict[str, Field[Any]]:
    """The fields by their names as JSON; those that are required come first, as arguments."""
    found = {field.data_key or name: field for name, field in schema.fields.items()}
    return dict(sorted(found.items(), key=lambda item: not item[1].required))


def _parameter(name: str, field: Field[Any]) -> click.Parameter:
    from marshmallow import fields

    kind: Any = None
    if isinstance(field, fields.Integer):
        kind = int
    elif isinstance(field, fields.Float):
        kind = float
    if field.required or field.metadata.get("argument"):
        read = _read(name, field)
        return click.Argument([_variable(name)], type=kind, required=field.required, callback=read)
    flag = f"--{name.replace('_', '-')}"
    text = str(field.metadata.get("description", ""))
    if isinstance(field, fields.Boolean):
        return click.Option([f"{flag}/--no-{flag[2:]}", _variable(name)], default=None, help=text)
    return click.Option([flag, _variable(name)], type=kind, help=text, callback=_read(name, field))


def _variable(name: str) -> str:
    return name.replace("-", "_").rstrip("_") + "_" if name in ("from", "json") else name


def _read(name: str, field: Field[Any]) -> Callable[..., Any]:
    from marshmallow import fields

    from ..testing.schema import Script

    plain = not isinstance(field, (fields.Dict, fields.List, fields.Raw, Script))

    def read(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        return value if plain or value is None else _json(name, value)

    return read


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CommandError(f"{name}: no JSON: {error}") from error


class Commands(click.Group):
    """The commands that need no declaration, and those that are made when one is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(context), *self._made()})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        return super().get_command(context, name) or self._made().get(name)

    def _made(self) -> Mapping[str, click.Command]:
        if not hasattr(self, "_commands"):
            self._commands = made()
        return self._commands
