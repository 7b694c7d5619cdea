"""Errors of commands, with their exit codes."""

from __future__ import annotations

from typing import IO, Any

import click


class CommandError(click.ClickException):
    """The command cannot be run as it was given: one line on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the error to stderr in one line."""
        click.echo(f"mockpbx: {' '.join(self.message.split())}", file=file, err=True)


class CommandFailedError(CommandError):
    """The command was run and the answer is no: one line on stderr, exit code 1."""

    exit_code = 1
