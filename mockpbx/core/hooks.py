"""Functions of upper layers that rules in models call without importing them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .world import World


class Hooks(Protocol):
    """The calls upward; each is made inside a change of the world and is part of it."""

    def changed(self, world: World, tables: Collection[str]) -> None:
        """Do what follows from records of these tables having changed.

        Called at the end of each change of the world, and of each job that came due.
        """

    def publish_agent(self, world: World, agent_id: int) -> None:
        """Tell the agent's subscribers that it takes calls now, or no longer.

        Called when the agent's status has changed.
        """

    def leave_calls(self, world: World, extension_id: int) -> None:
        """Take the extension out of its calls, drop its records, and let no number lead to it.

        Called when the extension is about to be deleted, and still has all that belongs to it.
        """


class NoHooks:
    """Does nothing: for a world that is only looked at."""

    def changed(self, world: World, tables: Collection[str]) -> None:
        """Do nothing."""

    def publish_agent(self, world: World, agent_id: int) -> None:
        """Tell nobody."""

    def leave_calls(self, world: World, extension_id: int) -> None:
        """Leave calls as they are."""
