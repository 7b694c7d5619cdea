"""How a command says that it did not do what it was asked for."""

from __future__ import annotations

from typing import IO, Any

import click


class CommandError(click.ClickException):
    """The command cannot be run as it was given: one line on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """The line is on stderr."""
        click.echo(f"mockpbx: {' '.join(self.message.split())}", file=file, err=True)


class CommandFailedError(CommandError):
    """The command was run and the answer is no: one line on stderr, exit code 1."""

    exit_code = 1
