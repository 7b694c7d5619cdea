"""Whether the requests came that should have."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import requests

from ..receivers import Receivers
from ..told import refused
from .table import Face, send, story

EVENT = {"url": "https://example.com/", "method": "POST", "event_type": "dial-in"}


def asked(pbx: Face) -> None:
    """A few requests of different kinds."""
    send(pbx, "GET", "/user/?a=1&a=2&b=x")
    send(pbx, "GET", "/user/")
    send(pbx, "POST", "/extension/@102/event/", json=EVENT)
    form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "wrong"}
    requests.post(f"{pbx.url}/oauth/token", data=form, timeout=30)


@story
def requests_that_came(pbx: Face, receivers: Receivers) -> Any:
    """By method, documented or whole path, query, body, form and headers."""
    asked(pbx)
    event = "/extension/{id}/event/"
    return [
        pbx.assert_requested("GET", "/user/"),
        pbx.assert_requested("get", "/user/", times=2),
        pbx.assert_requested("GET", "/user/", at_least=2, within=0.01),
        pbx.assert_requested("GET", "/user/", query={"a": ["1", "2"]}, times=1),
        pbx.assert_requested("GET", "/user/", query={"b": ANY}, headers={"Accept": "*/*"}),
        pbx.assert_requested("POST", event, json=EVENT),
        pbx.assert_requested("POST", event, json={**EVENT, "url": ANY}),
        pbx.assert_requested("POST", "/extension/@102/event/"),
        pbx.assert_requested("*", "/user/", times=2),
        pbx.assert_requested("POST", "/oauth/token", form=ANY_FORM),
        pbx.assert_not_requested("DELETE", event),
        pbx.assert_not_requested("GET", "/user/", query={"a": "3"}, within=0.01),
        pbx.wait_for_request("GET", "/user/", query={"b": "x"}),
        pbx.wait_for_request("POST", event, timeout=0),
    ]


ANY_FORM = {"grant_type": "client_credentials", "client_id": "app", "client_secret": ANY}


@story
def requests_that_did_not_come(pbx: Face, receivers: Receivers) -> Any:
    """The nearest are shown with what differed."""
    assert_requested = pbx.assert_requested
    never = pbx.assert_not_requested
    seen = [refused(AssertionError, lambda: assert_requested("GET", "/user/"))]
    asked(pbx)
    event = "/extension/{id}/event/"
    return [
        *seen,
        refused(AssertionError, lambda: assert_requested("GET", "/user/", times=1)),
        refused(AssertionError, lambda: assert_requested("GET", "/user/", at_least=3)),
        refused(AssertionError, lambda: assert_requested("GET", "/user/", query={"a": "3"})),
        refused(AssertionError, lambda: assert_requested("POST", event, json={"url": "x"})),
        refused(AssertionError, lambda: assert_requested("POST", event, json=[1])),
        refused(AssertionError, lambda: assert_requested("POST", event, headers={"X-A": "1"})),
        refused(AssertionError, lambda: assert_requested("POST", "/oauth/token", form={"a": "1"})),
        refused(AssertionError, lambda: assert_requested("DELETE", event, within=0.01)),
        refused(AssertionError, lambda: never("GET", "/user/")),
        refused(AssertionError, lambda: never("POST", event, json=EVENT, within=0.01)),
        refused(AssertionError, lambda: pbx.wait_for_request("DELETE", event, timeout=0)),
    ]


@story
def requests_that_cannot_be_asked_for(pbx: Face, receivers: Receivers) -> Any:
    """Unknown paths and fields, and what contradicts itself."""
    ask = pbx.assert_requested
    never = pbx.assert_not_requested
    wait = pbx.wait_for_request
    return [
        refused(LookupError, lambda: ask("GET", "/usr/")),
        refused(LookupError, lambda: ask("FETCH", "/user/")),
        refused(LookupError, lambda: never("GET", "/usr/")),
        refused(LookupError, lambda: wait("GET", "/usr/", timeout=0)),
        refused(ValueError, lambda: ask("GET", "/user/?a=1")),
        refused(ValueError, lambda: ask("GET", "/user/", times=1, at_least=1)),
        refused(ValueError, lambda: ask("GET", "/user/", times=-1)),
        refused(TypeError, lambda: ask("GET", "/user/", times="1")),
        refused(TypeError, lambda: ask("GET", "/user/", at_least=True)),
        refused(TypeError, lambda: ask("GET", "/user/", colour="red", size=1)),
        refused(TypeError, lambda: ask("GET", "/user/", json={}, form={})),
        refused(TypeError, lambda: ask("GET", "/user/", query="a=1")),
        refused(TypeError, lambda: ask("GET", 5)),
        refused(TypeError, lambda: ask("GET", "/user/", within="long")),
        refused(ValueError, lambda: ask("GET", "/user/", within=-1)),
        refused(ValueError, lambda: never("GET", "/user/", within=float("nan"))),
        refused(TypeError, lambda: never("GET", "/user/", times=1)),
        refused(TypeError, lambda: wait("GET", "/user/", timeout=None)),
        refused(ValueError, lambda: wait("GET", "/user/", timeout=-1)),
    ]
