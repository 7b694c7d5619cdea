"""Pages of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

#: Rows of a page at the most; more is taken as this many, and noted.
MOST = 1000


def page_of(ids: Sequence[int], get: Callable[[int], T], page: int, per_page: int) -> list[T]:
    """The rows of that page; past the end an empty list. Costs as much as the page.

    Source: GEN-14 (observed, assumed)
    """
    per_page = min(per_page, MOST)
    first = (page - 1) * per_page
    return [get(key) for key in ids[first : first + per_page]]


def page_matching(rows: Iterable[T], page: int, per_page: int) -> list[T]:
    """The rows of that page out of those that a filter lets through.

    Source: GEN-14 (observed, assumed)
    """
    per_page = min(per_page, MOST)
    first = (page - 1) * per_page
    return list(islice(rows, first, first + per_page))
