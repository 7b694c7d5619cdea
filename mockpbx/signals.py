"""Signals that end a server: with exit code 0, whenever and however often they come."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")


def exit_at_once() -> None:
    """Let Ctrl-C and SIGTERM end this process with exit code 0 while it still starts.

    What a handler raises is lost where a signal meets a callback of the import system; here
    nothing has been begun that must be brought to an end.
    """
    _handle(lambda number, frame: os._exit(0))


def exit_on_signals() -> None:
    """Let Ctrl-C and SIGTERM end this process with exit code 0, by `SystemExit`."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    # Set for SIGINT too: a shell script starts its background jobs with Ctrl-C ignored.
    _handle(end)


def ignore_signals() -> None:
    """Ignore Ctrl-C and SIGTERM from now on, since the process is ending."""
    _handle(signal.SIG_IGN)


def _handle(handler: object) -> None:
    for name in _NAMES:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)  # type: ignore[arg-type]
