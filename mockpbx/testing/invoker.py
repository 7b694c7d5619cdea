"""Who has commands done: in this process or over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .command import Command

if TYPE_CHECKING:
    from ..web.catalog import Catalog
    from .results import Delivery, Request

T = TypeVar("T", covariant=True)
R = TypeVar("R")

#: No field is given.
NOTHING: Mapping[str, Any] = {}


class History(Protocol[T]):
    """What a PBX remembers of one kind, the oldest first, and how many it dropped."""

    @property
    def dropped(self) -> int:
        """How many it remembers no more."""

    def __iter__(self) -> Iterator[T]:
        """Those that it remembers."""

    def __len__(self) -> int:
        """How many it remembers."""

    def wait_for(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Whether that is so, or becomes so within so many seconds of real time."""


class Invoker(Protocol):
    """Has commands done. Fields that are None are left out; the rest are parts of the path."""

    def do(
        self, command: Command[Any], fields: Mapping[str, Any] = NOTHING, /, **path: Any
    ) -> None:
        """Have it done, and forget what it answers."""

    def ask(self, command: Command[R], fields: Mapping[str, Any] = NOTHING, /, **path: Any) -> R:
        """Have it done; answers its result."""

    def begin(self, command: Command[Any], fields: Mapping[str, Any]) -> str:
        """Have it begin a call; answers the CallID."""

    @property
    def requests(self) -> History[Request]:
        """The requests to the API."""

    @property
    def deliveries(self) -> History[Delivery]:
        """The events that were sent."""

    @property
    def catalog(self) -> Catalog:
        """The documented operations."""


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without those that nobody gave."""
    return {name: value for name, value in fields.items() if value is not None}
