"""What the stories reach: which functions they call, and which commands are run for that."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from mockpbx.testing.command import Command

HERE = str(Path(__file__).parent)
_RUN = Command.run.__code__


class Witness:
    """Notes what is called from a story, in the thread that tells it."""

    def __init__(self) -> None:
        self.called: set[CodeType] = set()
        self.commands: set[str] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What is called meanwhile is noted."""
        before = sys.getprofile()
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(before)

    def _note(self, frame: FrameType, event: str, given: Any) -> None:
        if event != "call":
            return
        if frame.f_code is _RUN:
            self.commands.add(frame.f_locals["self"].name)
        elif frame.f_back is not None and frame.f_back.f_code.co_filename.startswith(HERE):
            self.called.add(frame.f_code)


def public(face: type, concrete: type | None = None) -> dict[str, CodeType]:
    """The public methods and properties of a class, each with the code that a story calls."""
    found: dict[str, CodeType] = {}
    for name in vars(face):
        one = inspect.getattr_static(concrete or face, name)
        function: Callable[..., Any] | None = one.fget if isinstance(one, property) else one
        if not name.startswith("_") and inspect.isfunction(function):
            found[f"{face.__name__}.{name}"] = function.__code__
    return found
