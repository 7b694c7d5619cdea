"""The command `mockpbx`. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import click

from .. import __version__
from .call import call
from .commands import Commands
from .openapi import openapi
from .serve import serve
from .settings import settings
from .worlds import worlds


@click.group(
    cls=Commands,
    commands=[serve, call, settings, worlds, openapi],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="mockpbx", message="%(prog)s %(version)s")
def main() -> None:
    """A test double of a PBX's HTTP API."""
    from ..settings import misspelt

    options = (one for command in main.commands.values() for one in command.params)
    for text in misspelt(str(one.envvar) for one in options if one.envvar):
        click.echo(f"mockpbx: {text}", err=True)
