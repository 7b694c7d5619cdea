"""The settings of one PBX in the hands of a tester."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import InvalidError
from ..settings import NAMES, parse
from .commands import state
from .invoker import Invoker
from .results import Settings as Present


class Settings:
    """What `PBX.settings` is: read by name, and changed from now on until a reset.

    `settings.rate_limits = True` is as good as `settings.change(rate_limits=True)`.
    """

    readings: Mapping[str, str]
    rate_limits: bool
    seed: int
    journal_limit: int
    journal_bytes: int
    delivery_timeout_s: float
    retry_delays_s: tuple[float, ...]
    quirks: Mapping[str, Any]
    callback_script: Mapping[str, Any] | None

    def __init__(self, invoker: Invoker) -> None:
        object.__setattr__(self, "_invoker", invoker)

    def now(self) -> Present:
        """All of them at once."""
        invoker: Invoker = object.__getattribute__(self, "_invoker")
        return invoker.ask(state.settings)

    def change(self, *changes: str, **values: Any) -> Present:
        """They are these from now on; of readings and quirks those that are given.

        `change("readings.slashes=strict", rate_limits=True)`: what is a text is written as on
        the command line. What happened before stays as it is.

        Raises:
            InvalidError: there is no such setting, or it cannot have that value; nothing changes.
        """
        __tracebackhide__ = True
        invoker: Invoker = object.__getattribute__(self, "_invoker")
        try:
            told = parse(changes)
        except ValueError as error:
            raise InvalidError((), str(error)) from error
        return invoker.ask(state.set_settings, {**told, **values})

    def __getattr__(self, name: str) -> Any:
        if name not in NAMES:
            raise AttributeError(f"there is no setting {name}; there are {', '.join(NAMES)}")
        return getattr(self.now(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        __tracebackhide__ = True
        self.change(**{name: value})

    def __repr__(self) -> str:
        return repr(self.now())
