"""Who takes out what a change of the world has to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..config import Config


class Courier(Protocol):
    """Carries what a world sends to the outside."""

    def accept(self, parcels: list[Any]) -> None:
        """Take these into the receivers' queues; called under the world's lock."""

    def carry(self, parcels: list[Any], *, wait: bool) -> None:
        """Send what was accepted; with `wait`, come back when these were sent."""

    def check(self) -> None:
        """Nobody in this process who was sent something has answered nonsense."""


class NoCourier:
    """Sends nothing: for a world that is only looked at."""

    def __init__(self, config: Config) -> None:
        """Need nothing."""

    def accept(self, parcels: list[Any]) -> None:
        """Take nothing."""

    def carry(self, parcels: list[Any], *, wait: bool) -> None:
        """Send nothing."""

    def check(self) -> None:
        """Nobody was sent anything."""
