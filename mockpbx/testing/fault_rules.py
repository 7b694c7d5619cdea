"""The rules by which requests to one PBX go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .commands import fault_of

if TYPE_CHECKING:
    from ..core.faults import Fault
    from ..core.world import World
    from ..web.catalog import Catalog


class FaultRules:
    """What `MockPBX.faults` is: a request is hit by the first rule that hits it."""

    def __init__(self, world: World, catalog: Catalog) -> None:
        self._of = world
        self._catalog = catalog

    @property
    def _world(self) -> World:
        self._of.check()
        return self._of

    def add(
        self,
        operation: str = "*",
        *,
        status: int | None = None,
        drop: bool = False,
        malformed: bool = False,
        latency: float = 0.0,
        times: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> Fault:
        """Requests go wrong from now on, those for one operation or all of them.

        `operation` is written like `"POST /extension/{id}/event/"`. With `status` the request is
        not done and answered so, with `drop` it is not done and its connection closed. Else it is
        done, and the answer is `malformed` (half of it is missing), or `latency` seconds of real
        time late: a client of this process that waits for less has its time-out at once. The
        rule hits the first `times` requests, each with a `probability` whose dice begin with
        `seed`. It answers the rule, whose `fired` counts its hits.

        Raises:
            LookupError: the operation is none of the documentation; the nearest is named.
            ValueError: the rule could never happen.
        """
        given: dict[str, Any] = {
            "operation": operation,
            "status": status,
            "drop": drop,
            "malformed": malformed,
            "latency": latency,
            "times": times,
            "probability": probability,
            "seed": seed,
        }
        fault = fault_of(self._catalog, **given)
        self._world.faults.add(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more; answers that are late arrive now."""
        self._world.faults.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._world.faults)

    def __len__(self) -> int:
        return len(self._world.faults)
