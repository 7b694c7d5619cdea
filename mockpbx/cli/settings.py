"""`mockpbx settings`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from .commands import answered, server_options
from .errors import CommandError

if TYPE_CHECKING:
    from ..testing.remote import Remote


@click.command()
@click.argument("changes", metavar="[NAME=VALUE]...", nargs=-1)
@server_options
def settings(changes: tuple[str, ...], url: str, control_token: str | None) -> None:
    """Show a running server's settings, as JSON; those that are given are changed before.

    A value is JSON or a word: rate_limits=yes, retry_delays_s=[5,30], readings.slashes=strict,
    quirks.dial_in_twice=true. A reset puts back those of the start.
    """
    from ..settings import parse
    from ..testing.commands import state

    try:
        wanted = parse(changes)
    except ValueError as error:
        raise CommandError(str(error)) from error

    def act(remote: Remote) -> None:
        found = remote.ask(state.set_settings, wanted) if wanted else remote.ask(state.settings)
        click.echo(json.dumps(found.as_json()))

    answered(url, control_token, act)
