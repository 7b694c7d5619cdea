"""`mockpbx worlds`."""

from __future__ import annotations

import click

from .errors import CommandError, CommandFailedError


@click.group(invoke_without_command=True)
@click.pass_context
def worlds(context: click.Context) -> None:
    """Look at the shipped worlds, or check a world file."""
    if context.invoked_subcommand is None:
        context.invoke(list_worlds)


@worlds.command("list")
def list_worlds() -> None:
    """Print the names of the shipped worlds."""
    from ..worlds import names

    click.echo("\n".join(names()))


@worlds.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the world file of that name."""
    from ..worlds import WorldError, find

    try:
        path = find(name)
    except WorldError as fault:
        raise CommandError(str(fault)) from fault
    click.echo(path.read_bytes(), nl=False)


@worlds.command()
@click.argument("file")
def check(file: str) -> None:
    """Say whether that world file can be served, and if not, all that is wrong with it."""
    from ..worlds import WorldError, find, read

    try:
        read(find(file))
    except WorldError as fault:
        click.echo("\n".join(f"{file}: {one}" for one in fault.faults), err=True)
        raise click.exceptions.Exit(CommandFailedError.exit_code) from fault
    click.echo(f"{file}: good")
