"""Pages of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

_SECOND = timedelta(seconds=1)

#: Rows of a page at the most; more is taken as this many, and noted.
MOST = 1000


def page_of(ids: Sequence[int], get: Callable[[int], T], page: int, per_page: int) -> list[T]:
    """The rows of that page; past the end an empty list. Costs as much as the page.

    Source: GEN-14
    """
    per_page = min(per_page, MOST)
    first = (page - 1) * per_page
    return [get(key) for key in ids[first : first + per_page]]


def page_in_time(
    rows: Iterable[T], at: Callable[[T], datetime], query: Mapping[str, Any]
) -> list[T]:
    """One page of the rows, by their time, of those between the query's dates if it has any.

    The second that the query ends with still counts; of one moment the later row is the newer.

    Source: GEN-14, HIS-1, REC-7
    """
    found = sorted(rows, key=at)
    if "start_datetime" in query:
        first, end = query["start_datetime"], query["end_datetime"] + _SECOND
        found = [row for row in found if first <= at(row) < end]
    in_order = found[::-1] if query["order"] == "desc" else found
    return page_matching(in_order, query["page"], query["per_page"])


def page_matching(rows: Iterable[T], page: int, per_page: int, most: int = MOST) -> list[T]:
    """The rows of that page out of those that a filter lets through.

    Source: GEN-14
    """
    per_page = min(per_page, most)
    first = (page - 1) * per_page
    return list(islice(rows, first, first + per_page))
