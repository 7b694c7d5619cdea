"""What records ask of the parts above them, which they cannot import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .world import World


class Hooks(Protocol):
    """The calls upward; each is made inside a change of the world and is part of it."""

    def agents_free(self, world: World, client_id: int) -> None:
        """Let the client's queues look for an agent for those who wait.

        Called when an agent logs in or out, a phone registers, and the settings of an extension
        or a phone change: each can make an agent reachable, or the last one unreachable.
        """

    def publish_agent(self, world: World, agent_id: int) -> None:
        """Tell the agent's subscribers that it takes calls now, or no longer.

        Called when the agent's status has changed.
        """

    def settle_history(self, world: World, client_id: int) -> None:
        """Let the client's finished calls be in its history.

        Called before anything reads the client's history or records.
        """

    def leave_calls(self, world: World, extension_id: int) -> None:
        """Take the extension out of its calls, and let no number lead to it.

        Called when the extension is about to be deleted, and still has all that belongs to it.
        """


class NoHooks:
    """Does nothing: for a world that is only looked at."""

    def agents_free(self, world: World, client_id: int) -> None:
        """Ring nobody."""

    def publish_agent(self, world: World, agent_id: int) -> None:
        """Tell nobody."""

    def settle_history(self, world: World, client_id: int) -> None:
        """Write nothing."""

    def leave_calls(self, world: World, extension_id: int) -> None:
        """Leave calls as they are."""
