"""What a long history costs: a page of it, its loading, and a long record."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from mockpbx import Config, World, create_app
from mockpbx.core.store import Store
from mockpbx.resources.call_history.model import moment_id, row_of
from mockpbx.resources.cdr.model import part_of, sides_of
from mockpbx.worlds import read
from mockpbx.worlds.dump import dump

from ..company import TOKEN, company
from ..conftest import API
from .stopwatch import Work, ratio

DAY = datetime(2026, 3, 1, tzinfo=timezone.utc)
PATH = f"{API}/client/@me/call_history/"
SPAN = "start_datetime=2026-03-01 00:00:00&end_datetime=2026-04-30 23:59:59&per_page=20"


def world_of(calls: int) -> World:
    """A company with so many finished calls, evenly over a month."""
    start = read(company())
    store = Store(start.kinds, start.base)
    step = timedelta(days=30) / calls
    for number in range(calls):
        began = DAY + step * number
        sides = sides_of(
            flow="in",
            extension_id=101,
            extension_name="10*101",
            extension_type="phone",
            domain="sip.example.com",
            from_username="+79161112233",
            to_username="10*101",
        )
        part = part_of(
            sides,
            "answered",
            init_at=began,
            answered_at=began + timedelta(seconds=3),
            ended_at=began + timedelta(seconds=63),
        )
        row = row_of(10, f"{number:032x}", [part])
        store.put(replace(row, id=moment_id(began)))
    return World(replace(start, name="calls", base=store.as_base()), Config())


def get(world: World, path: str, query: str) -> Work:
    """Reads that page, again and again."""
    client = create_app(world).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}

    def ask() -> None:
        answer = client.get(path, query_string=query, headers=headers)
        assert answer.status_code == 200
        assert len(answer.get_json()["call_history"]) == 20

    return ask


def page_ratio() -> float:
    """A page in the middle of 1 000 000 calls, over one of 1 000."""
    large, small = world_of(1_000_000), world_of(1_000)
    return ratio(
        get(large, PATH, f"{SPAN}&page=20000"), get(small, PATH, f"{SPAN}&page=20"), times=50
    )


def _file(calls: int) -> dict[str, Any]:
    step = timedelta(days=1) / calls
    items = []
    for number in range(calls):
        began = (DAY + step * number).replace(tzinfo=None)
        items.append(
            {
                "cdr": [
                    {
                        "flow": "in",
                        "extension": "101",
                        "from_username": "+79161112233",
                        "to_username": "10*101",
                        "init_time_gmt": began.isoformat(" ", "microseconds"),
                        "hangup_time_gmt": (began + timedelta(seconds=9)).isoformat(" "),
                        "result": "not answered",
                    }
                ]
            }
        )
    return company(calls=items)


def loading_ratio() -> float:
    """One of 100 000 calls of a day's world file, over one of 10 000: 1 is linear."""

    def each_s(calls: int) -> float:
        file = _file(calls)
        began = time.perf_counter()
        read(file)
        return (time.perf_counter() - began) / calls

    small = min(each_s(10_000) for _ in range(3))
    return min(each_s(100_000) for _ in range(2)) / small


def streaming_kb() -> float:
    """Memory that the download of a one-hour stereo wav takes beyond what was there, in kB."""
    began = "2026-03-01 00:00:00"
    part = {
        "flow": "in",
        "extension": "101",
        "from_username": "+79161112233",
        "to_username": "10*101",
        "init_time_gmt": began,
        "bridged_time_gmt": began,
        "hangup_time_gmt": "2026-03-01 01:00:00",
        "result": "answered",
        "record": {"format": "wav", "stereo": True},
    }
    world = World(read(company(calls=[{"cdr": [part]}])), Config())
    (call,) = dump(world)["clients"][0]["calls"]
    path = f"{API}/client/@me/record/{call['cdr'][0]['record']['record_uuid']}"
    client = create_app(world).test_client()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    client.get(path, headers={**headers, "Range": "bytes=0-9"})
    tracemalloc.start()
    answer = client.get(path, headers=headers, buffered=False)
    size = sum(len(chunk) for chunk in answer.iter_encoded())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 3600 * 8000 * 2 * 2
    return peak / 1000
