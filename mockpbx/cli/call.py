"""`mockpbx call`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from .commands import answered, server_options
from .errors import CommandError

if TYPE_CHECKING:
    from ..testing.command import Command
    from ..testing.remote import Remote
    from ..testing.results import CallPicture

POLL_S = 0.2


@click.command()
@click.argument("caller", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option(
    "--kind",
    type=click.Choice(["incoming", "outgoing", "internal"]),
    default="incoming",
    show_default=True,
)
@click.option("--did", help="The public number that an incoming call comes through.")
@click.option("--script", help='What happens by itself, as JSON: {"answer_after": 3, "talk": 60}.')
@click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="Make that step: answer, answer=103, press=1, transfer=102, hang_up; repeatable.",
)
@server_options
def call(
    caller: str,
    to: str,
    kind: str,
    did: str | None,
    script: str | None,
    steps: tuple[str, ...],
    url: str,
    control_token: str | None,
) -> None:
    """Call TO from FROM at a running server, and print the CallID.

    With steps or a script the call's ladder follows, with a script as it goes.
    """
    wanted = [_step_of(step) for step in steps]
    fields = {"kind": kind, "from": caller, "to": to, "did": did, "script": _script_of(script)}

    def act(remote: Remote) -> None:
        from ..testing.commands import calls

        call_id = remote.ask(calls.start_call, fields).id
        click.echo(call_id)
        for step, given in wanted:
            remote.do(step, given, call=call_id)
        if steps or script:
            _follow(remote, call_id, fields["script"])

    answered(url, control_token, act)


def _step_of(text: str) -> tuple[Command[Any], dict[str, str]]:
    """The step and its one field: the one that it cannot do without, or the first."""
    from ..testing.command import COMMANDS
    from ..testing.commands import calls
    from ..web.schema import made

    name, equals, value = text.partition("=")
    known = {
        one.path.rpartition("/")[2]: one
        for one in COMMANDS
        if one.path.startswith(f"{calls.get_call.path}/")
    }
    if name not in known:
        raise CommandError(f"--step {name}: is none of {', '.join(known)}")
    step = known[name]
    if not equals or not value:
        return step, {}
    if step.takes is None:
        raise CommandError(f"--step {name}: takes no value")
    return step, {next(iter(made(step.takes).fields)): value}


def _script_of(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"--script: no JSON: {error}") from error


def _follow(remote: Remote, call_id: str, script: Mapping[str, Any] | None) -> None:
    """Print the ladder, and what is added to it until nothing more comes by itself."""
    from ..testing.commands import calls, time

    frozen = remote.ask(time.clock).frozen
    printed: list[str] = []
    never = Event()
    while True:
        found = remote.ask(calls.get_call, call=call_id)
        rows = found.ladder.splitlines()
        if rows[: len(printed)] != printed:  # somebody came into the call: a new column
            printed = []
            click.echo()
        for row in rows[len(printed) :]:
            click.echo(row)
        printed = rows
        if frozen or found.result or _rests(found, script):
            return
        never.wait(POLL_S)


def _rests(found: CallPicture, script: Mapping[str, Any] | None) -> bool:
    return script is None or (found.state in ("answered", "held") and "talk" not in script)
