"""What comes due is done when it is due, while a server runs."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

from ..core import freezes

if TYPE_CHECKING:
    from ..core.worlds import Worlds

#: Longest and shortest wait for a planned job: freezegun and time-machine move time, or hold it,
#: without ringing the bell.
RECHECK_S = 0.5
PAUSE_S = 0.01
STOP_TIMEOUT_S = 1.0


class Ticker:
    """One thread that does the due jobs of all worlds of an application.

    What a job sends goes out in threads of its own, so a slow receiver delays no other job. A
    world whose clock stands still is left to whoever moves it; freezegun may.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._bell = worlds.default.moved
        self._stopped = False
        self._thread: Thread | None = None

    def start(self) -> None:
        """Jobs are done when they are due from now on."""
        self._stopped = False
        self._begin()

    def stop(self) -> None:
        """Jobs wait for the next request, or for somebody who moves time."""
        thread, self._thread = self._thread, None
        self._stopped = True
        self._bell.ring()
        if thread is not None:
            # Not for ever: a job may wait for a lock that the caller holds.
            thread.join(STOP_TIMEOUT_S)

    def _begin(self) -> None:
        self._thread = Thread(target=self._run, name="mockpbx ticker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._stopped:
                rung = self._bell.rung
                self._bell.wait(rung, self._tick())
        except BaseException:
            # A fault in one job is reported as any thread's, and keeps no other from its time.
            if not self._stopped:
                self._begin()
            raise

    def _tick(self) -> float | None:
        """Do what is due; answers the seconds to wait, None when nothing is planned."""
        # A freeze that begins moves even clocks that stand.
        wait = RECHECK_S if freezes.are_possible() else None
        for world in self._worlds.all():
            due_in = world.due_in()
            if due_in is not None and due_in <= timedelta(0):
                with world.change(wait=False):
                    pass
                due_in = world.due_in()
            if due_in is not None:
                seconds = min(max(PAUSE_S, due_in.total_seconds()), RECHECK_S)
                wait = seconds if wait is None else min(wait, seconds)
        return wait
