"""A world file that is edited while it is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TypeAlias

INTERVAL_S = 0.2

Stamp: TypeAlias = tuple[int, int] | None


def watch(path: Path, changed: Callable[[], None]) -> None:
    """`changed` is called, in a thread of its own, after each edit of that file from now on."""
    Thread(target=_poll, args=(path, changed, _stamp(path)), name="watch", daemon=True).start()


def _poll(path: Path, changed: Callable[[], None], known: Stamp) -> None:
    never = Event()
    last = known
    while not never.wait(INTERVAL_S):
        now = _stamp(path)
        # Equal twice in a row: whoever writes the file is likely to be done.
        if now and now == last != known:
            known = now
            changed()
        last = now


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:  # editors that save by renaming leave a moment without the file
        return None
    return found.st_mtime_ns, found.st_size
