"""The protocol between a world and what delivers its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..config import Config


class Courier(Protocol):
    """Delivers what a world sends."""

    def accept(self, parcels: list[Any]) -> None:
        """Take these into the receivers' queues; called under the world's lock."""

    def carry(self, parcels: list[Any], *, wait: bool) -> None:
        """Send what was accepted; with `wait`, return when these have been sent."""

    def configure(self, config: Config) -> None:
        """Send by these settings from now on."""

    def check(self) -> None:
        """Raise the first error of an answer that a receiver in this process gave."""


class NoCourier:
    """Sends nothing: for a world that is only looked at."""

    def __init__(self, config: Config) -> None:
        """Ignore the configuration."""

    def accept(self, parcels: list[Any]) -> None:
        """Drop the parcels."""

    def carry(self, parcels: list[Any], *, wait: bool) -> None:
        """Send nothing."""

    def configure(self, config: Config) -> None:
        """Ignore the configuration."""

    def check(self) -> None:
        """Raise nothing."""
