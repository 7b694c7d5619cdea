"""Several clients that set bundles at the same time."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from mockpbx.resources.bundle.model import link
from tests.conftest import Caller
from tests.invariants import check_bundles

BUNDLE = "/client/801/extensions_bundle"
PHONES = [2, 54, 175, 200, 31456, 32486, 32767]
THREADS, ROUNDS = 8, 30


def _dawdle(frame: FrameType, event: str, arg: Any) -> Any:
    # Two requests meet between the rules and the change only by luck; spending time on each
    # line there, so that the interpreter goes on with another thread, makes it likely.
    if frame.f_code is not link.__code__:
        return None
    for _ in range(5000):
        pass
    return _dawdle


@pytest.fixture
def _eager_switching() -> Iterator[None]:
    """Threads give way to each other in the middle of linking."""
    interval, trace = sys.getswitchinterval(), threading.gettrace()
    sys.setswitchinterval(1e-6)
    threading.settrace(_dawdle)
    yield
    threading.settrace(trace)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("_eager_switching")
@pytest.mark.fact("BND-5", "BND-6", "BND-7", "BND-8", "BND-17")
def test_bundles_set_at_once_obey_the_rules(documented: Caller) -> None:
    """Eight threads set overlapping bundles: each request is taken or refused as a whole."""
    choose = random.Random(1)
    statuses: list[int] = []
    for extension in PHONES:
        documented.put(f"/extension/{extension}/phone/", json={"incoming_limit": extension})
    documented.post("/_mockpbx/snapshots", json={"name": "untied"})

    def run(barrier: threading.Barrier, main: int, members: list[int]) -> None:
        caller = Caller(documented.app, documented.token)
        barrier.wait()
        answer = caller.post(f"{BUNDLE}/{main}", json={"bundle_list": members})
        statuses.append(answer.status_code)

    for _ in range(ROUNDS):
        documented.post("/_mockpbx/snapshots/untied/restore")
        barrier = threading.Barrier(THREADS)
        lists = [choose.sample(PHONES, choose.randint(2, 4)) for _ in range(THREADS)]
        threads = [
            threading.Thread(target=run, args=(barrier, main, members)) for main, *members in lists
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check_bundles(documented.state())
    counted = Counter(statuses)
    assert (set(counted), counted.total()) == ({201, 400}, THREADS * ROUNDS)
