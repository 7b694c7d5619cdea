"""Processes whose start is measured."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]

#: Where these processes keep compiled modules: an installed package has them, a checkout may not.
_COMPILED = TemporaryDirectory()


def python(statement: str) -> Callable[[], None]:
    """Runs that statement in a new interpreter."""
    command = [sys.executable, "-c", statement]
    return lambda: _start(command, "")


def serve() -> Callable[[], None]:
    """Starts a server, until it says that it is ready."""
    command = [sys.executable, "-m", "mockpbx", "serve", "--port", "0"]
    return lambda: _start(command, "mockpbx ready on ")


def _start(command: list[str], first_words: str) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if "MOCKPBX" not in name and name != "PYTHONDONTWRITEBYTECODE"
    }
    environment["PYTHONPYCACHEPREFIX"] = _COMPILED.name
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()  # empty when the process ends without a word
        process.kill()
    assert line.startswith(first_words), line
