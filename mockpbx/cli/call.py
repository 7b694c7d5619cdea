"""`mockpbx call`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Event
from typing import Any

import click

from .control import ask, url_option
from .errors import CommandError

POLL_S = 0.2

#: The steps, and what the value of each is; None where it takes none.
_STEPS: Mapping[str, str | None] = {
    "ring": None,
    "answer": "extension",
    "decline": "extension",
    "transfer": "to",
    "press": "key",
    "hold": None,
    "leave_message": None,
    "hang_up": None,
}


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
@url_option
def call(
    caller: str,
    to: str,
    kind: str,
    did: str | None,
    script: str | None,
    steps: tuple[str, ...],
    url: str,
) -> None:
    """Call TO from FROM at a running server, and print the CallID.

    With steps or a script the call's ladder follows, with a script as it goes.
    """
    bodies = [_step_of(step) for step in steps]
    wanted = {"kind": kind, "from": caller, "to": to, "did": did, "script": _script_of(script)}
    given = {name: value for name, value in wanted.items() if value is not None}
    call_id = ask(url, "POST", "/calls", given)["call_id"]
    click.echo(call_id)
    for name, body in bodies:
        ask(url, "POST", f"/calls/{call_id}/{name}", body)
    if steps or script:
        _follow(url, call_id, given.get("script"))


def _step_of(text: str) -> tuple[str, dict[str, str]]:
    name, equals, value = text.partition("=")
    if name not in _STEPS:
        raise CommandError(f"--step {name}: is none of {', '.join(_STEPS)}")
    takes = _STEPS[name]
    if equals and takes is None:
        raise CommandError(f"--step {name}: takes no value")
    return name, {takes: value} if takes and value else {}


def _script_of(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError as fault:
        raise CommandError(f"--script: no JSON: {fault}") from fault


def _follow(url: str, call_id: str, script: Mapping[str, Any] | None) -> None:
    """Print the ladder, and what is added to it until nothing more comes by itself."""
    frozen = ask(url, "GET", "/clock")["frozen"]
    printed: list[str] = []
    never = Event()
    while True:
        found = ask(url, "GET", f"/calls/{call_id}")
        rows = found["ladder"].splitlines()
        if rows[: len(printed)] != printed:  # somebody came into the call: a new column
            printed = []
            click.echo()
        for row in rows[len(printed) :]:
            click.echo(row)
        printed = rows
        if frozen or found["result"] or _rests(found, script):
            return
        never.wait(POLL_S)


def _rests(found: Mapping[str, Any], script: Mapping[str, Any] | None) -> bool:
    return script is None or (found["state"] in ("answered", "held") and "talk" not in script)
