"""Commands done in this process, on a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..core.errors import RefusalError
from ..core.log import Log
from ..core.world import World
from ..core.worlds import Worlds
from .command import Command, own_rules, part
from .commands.traffic import delivery, request
from .invoker import NOTHING, given

if TYPE_CHECKING:
    from ..web.catalog import Catalog
    from .results import Delivery, Request

T = TypeVar("T")


class LocalHistory(Generic[T]):
    """A log of the world, each entry as a tester sees it."""

    def __init__(self, log: Log[Any], shown: Callable[[Any], T]) -> None:
        self._log = log
        self._shown = shown

    @property
    def dropped(self) -> int:
        """How many it remembers no more."""
        return self._log.dropped

    def __iter__(self) -> Iterator[T]:
        return map(self._shown, self._log)

    def __len__(self) -> int:
        return len(self._log)

    def wait_for(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Whether that is so, or becomes so within so many seconds of real time."""
        return self._log.wait_for(wanted, seconds)


class Local:
    """Has commands done on a world of this process."""

    def __init__(
        self,
        world: World,
        catalog: Callable[[], Catalog],
        worlds: Callable[[], Worlds] | None = None,
    ) -> None:
        self._world = world
        self._catalog = catalog
        self._worlds = worlds or (lambda: Worlds(world))

    def do(
        self, command: Command[Any], fields: Mapping[str, Any] = NOTHING, /, **path: Any
    ) -> None:
        """Have it done, and forget what it answers."""
        self._world.check()
        self._run(command, fields, path)

    def ask(self, command: Command[T], fields: Mapping[str, Any] = NOTHING, /, **path: Any) -> T:
        """Have it done; answers its result."""
        self._world.check()
        return self.look(command, fields, **path)

    def look(self, command: Command[T], fields: Mapping[str, Any] = NOTHING, /, **path: Any) -> T:
        """The same, also after the end of the test to which the world belonged."""
        shown: T = self._run(command, fields, path, command.shown)
        return shown

    def begin(self, command: Command[Any], fields: Mapping[str, Any]) -> str:
        """Have it begin a call; answers the CallID."""
        self._world.check()
        call_id: str = self._run(command, fields, NOTHING).hex
        return call_id

    @property
    def requests(self) -> LocalHistory[Request]:
        """The requests to the API."""
        self._world.check()
        return LocalHistory(self._world.journal, request)

    @property
    def deliveries(self) -> LocalHistory[Delivery]:
        """The events that were sent."""
        self._world.check()
        return LocalHistory(self._world.deliveries, delivery)

    @property
    def catalog(self) -> Catalog:
        """The documented operations."""
        return self._catalog()

    def _arguments(
        self, command: Command[Any], fields: Mapping[str, Any], path: Mapping[str, Any]
    ) -> dict[str, Any]:
        arguments: dict[str, Any] = {"world": self._world}
        for name, value in path.items():
            arguments[name] = part(name, value)
        if command.takes is not None:
            arguments["fields"] = command.load(given(fields))
        elif command.raw is not None:
            arguments["raw"] = command.whole(fields)
        if "catalog" in command.wants:
            arguments["catalog"] = self.catalog
        if command.of_process:
            arguments["worlds"] = self._worlds()
        return arguments

    def _run(
        self,
        command: Command[Any],
        fields: Mapping[str, Any],
        path: Mapping[str, Any],
        shown: Callable[[World, Any], Any] = lambda world, found: found,
    ) -> Any:
        try:
            change: AbstractContextManager[Any]
            change = self._world.change() if command.changes else nullcontext()
            with change:
                found = command.run(self._arguments(command, fields, path))
                result = shown(self._world, found)
        except RefusalError as error:
            error.rules = own_rules(error.rules)
            raise
        self._world.courier.check()
        return result
