"""Verification as the methods of a PBX offer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...web.catalog import Catalog
from ..invoker import History
from . import requests
from .count import Count
from .expectation import Expectation, Matcher, Seen

#: What may be asked of a request besides method and path.
ASKED = ("query", "json", "form", "headers")


def verify(
    journal: History[Seen],
    catalog: Catalog,
    method: str,
    path: str,
    count: Count,
    within: float,
    asked: Mapping[str, Any],
) -> requests.Verdict:
    """Whether such a request came so often, or comes within so many seconds.

    Raises:
        TypeError: what is asked is unknown, or of the wrong type.
        LookupError: the path is none of the documentation; the nearest is named.
        ValueError: the path has a query.
    """
    unknown = ", ".join(sorted(asked.keys() - set(ASKED)))
    if unknown:
        raise TypeError(f"{unknown}: nothing that can be asked of a request")
    check_seconds("within", within)
    expectation = Expectation(method, path, **asked)
    matcher = Matcher(expectation.with_method(method.upper()), catalog)
    return requests.verify(journal, matcher, count, within)


def check_seconds(name: str, seconds: Any) -> None:
    """That many seconds can be waited.

    Raises:
        TypeError: it is no number.
        ValueError: it is negative.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"{name}: must be a number of seconds")
    if not seconds >= 0:
        raise ValueError(f"{name}: must be 0 seconds or more")
