"""Rules by which requests go wrong."""

from __future__ import annotations

from typing import Any

import requests

from mockpbx.core.errors import InvalidError, NotFoundError

from ..receivers import Receivers
from ..told import refused
from .table import Face, send, story

USER = "GET /user/"


@story
def rules_hit(pbx: Face, receivers: Receivers) -> Any:
    """A rule hits as often as it may; the rules that are listed know it."""
    rule = pbx.faults.add(USER, status=503, times=2)
    seen: list[Any] = [rule, len(pbx.faults), rule.fired, rule.left]
    for _ in range(3):
        seen += [send(pbx, "GET", "/user/"), rule.fired, rule.left]
    return [*seen, rule, list(pbx.faults), pbx.requests]


@story
def rules_of_every_kind(pbx: Face, receivers: Receivers) -> Any:
    """Statuses, broken and late answers, dropped connections, dice."""
    token = {"Authorization": f"Bearer {pbx.token()}"}
    rules = [
        pbx.faults.add("GET /client/{id}/limit", status=500),
        pbx.faults.add(USER, malformed=True, times=1),
        pbx.faults.add(USER, drop=True, times=1),
        pbx.faults.add("GET /extension/{id}/phone/", reset=True, times=1),
        pbx.faults.add(USER, latency=0.001, times=1),
        pbx.faults.add(USER, status=429, probability=0.5, seed=7),
        pbx.faults.add(operation="POST /oauth/token", status=400, latency=0.001),
        pbx.faults.add("GET /client/{id}/extension/", status=500, body="down"),
        pbx.faults.add(USER, status=503, body={"a": [1]}, headers={"Retry-After": "5"}, times=1),
        pbx.faults.add(status=504, probability=0.01),
    ]
    url = f"{pbx.api_url}/user/"
    seen: list[Any] = [requests.get(url, headers=token, timeout=30).text]
    refused(requests.ConnectionError, lambda: requests.get(url, headers=token, timeout=30))
    seen += [requests.get(url, headers=token, timeout=30).status_code for _ in range(6)]
    return seen, rules, list(pbx.faults), [str(one) for one in rules], pbx.requests


@story
def rules_are_set_and_cleared(pbx: Face, receivers: Receivers) -> Any:
    """All at once in place of those that were; one that is gone stays as it was last seen."""
    old = pbx.faults.add(USER, status=503)
    seen: list[Any] = [pbx.faults.set([{"operation": USER, "status": 500}, {"drop": True}])]
    seen += [list(pbx.faults), old.fired, old.left, old.as_json()]
    seen += [pbx.faults.set([]), len(pbx.faults), pbx.faults.set(iter([{"status": 404}]))]
    return [*seen, list(pbx.faults), pbx.faults.clear(), list(pbx.faults), old]


@story
def rules_that_could_never_happen(pbx: Face, receivers: Receivers) -> Any:
    """Unknown operations, statuses that are none, and rules that contradict themselves."""
    add = pbx.faults.add
    odd: tuple[dict[str, Any], ...] = (
        {},
        {"status": 200},
        {"status": 498},
        {"status": "503"},
        {"status": True},
        {"status": 503, "drop": True},
        {"reset": True, "drop": True},
        {"reset": True, "malformed": True},
        {"status": 503, "times": 0},
        {"status": 503, "probability": 1.5},
        {"status": 503, "probability": -0.1},
        {"status": 503, "probability": "half"},
        {"status": 503, "probability": float("nan")},
        {"status": 503, "probability": True},
        {"status": 503, "seed": 1.5},
        {"status": 503, "seed": -1},
        {"latency": -1},
        {"latency": 10**6},
        {"latency": float("inf")},
        {"latency": "1"},
        {"malformed": "yes"},
        {"malformed": True, "drop": True},
        {"operation": 5, "status": 503},
    )
    known = (
        {"operation": "GET /usr/", "status": 503},
        {"operation": "FETCH /user/", "status": 503},
        {"operation": "", "status": 503},
        {"operation": "жук", "status": 503},
    )
    return [
        [refused(InvalidError, add, **one) for one in odd],
        [refused(NotFoundError, add, **one) for one in known],
        list(pbx.faults),
    ]


@story
def lists_of_rules_that_could_never_happen(pbx: Face, receivers: Receivers) -> Any:
    """The rule that is wrong is named, and none of them counts."""
    pbx.faults.add(USER, status=503)
    set_ = pbx.faults.set
    odd: tuple[Any, ...] = (
        [{"status": 503}, {"status": 200}],
        [{"status": 503}, {}],
        [{"colour": "red"}],
        [{"status": 503, "drop": True}],
        [{"status": "x"}, {"times": "y"}],
    )
    return [
        [refused(InvalidError, set_, one) for one in odd],
        refused(NotFoundError, lambda: set_([{"operation": "GET /usr/", "status": 503}])),
        refused(TypeError, lambda: set_(None)),
        refused(TypeError, lambda: set_(5)),
        refused(TypeError, lambda: set_([5])),
        refused(ValueError, lambda: set_(["status"])),
        list(pbx.faults),
    ]


@story
def attributes_of_a_rule(pbx: Face, receivers: Receivers) -> Any:
    """Those that it does not have are missing as from any object."""
    rule: Any = pbx.faults.add(USER, status=503)
    return refused(AttributeError, lambda: rule.colour)
