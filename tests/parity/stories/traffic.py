"""Requests, notes, coverage, and reports of it all."""

from __future__ import annotations

from typing import Any

import requests

from mockpbx.core.errors import InvalidError

from ..receivers import Receivers
from ..told import refused
from .table import CALLER, Face, listen, send, story


@story
def requests_are_remembered(pbx: Face, receivers: Receivers) -> Any:
    """With all that was sent and answered, refused ones with their rules."""
    seen = [pbx.requests]
    send(pbx, "GET", "/user/?a=1&b=%20", headers={"X-Thing": "Ж".encode()})
    send(pbx, "POST", "/extension/@102/event/", json={"url": "nowhere"})
    send(pbx, "GET", "/extension/@999/phone/")
    requests.get(f"{pbx.api_url}/user/", timeout=30)
    requests.post(f"{pbx.url}/oauth/token", data={"grant_type": "x", "x": ["1", "2"]}, timeout=30)
    requests.post(f"{pbx.api_url}/user/", data=b"\xff\x00", timeout=30)
    found = pbx.requests
    seen += [found, [(repr(one), one.text, one.form) for one in found]]
    seen += [[(one.header("host") != "", one.header("x-none")) for one in found]]
    seen += [found[1].json, refused(ValueError, lambda: found[0].json), found[0]["operation"]]
    return [*seen, [one.as_json() for one in found], pbx.clear_requests(), pbx.requests]


@story
def notes(pbx: Face, receivers: Receivers) -> Any:
    """Habits of the client that a real operator may punish."""
    seen = [pbx.notes]
    for _ in range(3):
        requests.post(
            f"{pbx.url}/oauth/token", data={"grant_type": "client_credentials"}, timeout=30
        )
        send(pbx, "GET", "/user")
        send(pbx, "GET", "/extension/@101/event/", params={"access_token": pbx.token()})
    pbx.clock.advance(5)
    send(pbx, "PUT", "/extension/@101/phone/", data=b'{"geo_list": "RU"}')
    return [*seen, pbx.notes]


@story
def what_was_exercised(pbx: Face, receivers: Receivers) -> Any:
    """Operations and statuses, as often as they came; a reset changes nothing."""
    send(pbx, "GET", "/user/")
    send(pbx, "GET", "/user/")
    send(pbx, "GET", "/extension/@999/phone/")
    seen: list[Any] = [sorted(pbx.exercised().items()), type(pbx.exercised()).__name__]
    pbx.reset()
    return [*seen, sorted(pbx.exercised().items())]


@story
def coverage(pbx: Face, receivers: Receivers) -> Any:
    """What was exercised out of all that is documented."""
    seen = [pbx.coverage()]
    send(pbx, "GET", "/user/")
    send(pbx, "GET", "/extension/@999/phone/")
    return [*seen, pbx.coverage()]


@story
def the_story(pbx: Face, receivers: Receivers) -> Any:
    """Requests, refusals, notes, deliveries and calls as text."""
    seen = [pbx.story()]
    listen(pbx, receivers.taking, "dial-in", "hangup")
    listen(pbx, receivers.refusing, "dial-in", extension="103")
    send(pbx, "GET", "/user/")
    send(pbx, "POST", "/extension/@102/event/", json={"url": "nowhere"})
    pbx.incoming_call(CALLER, to="102").answer().talk(30).hang_up()
    pbx.incoming_call(CALLER, to="103").decline()
    seen += [pbx.story()]
    pbx.faults.add(status=503, times=1)
    requests.get(f"{pbx.api_url}/user/", timeout=30)
    return [*seen, pbx.story()]


@story
def undocumented_paths(pbx: Face, receivers: Receivers) -> Any:
    """Requests to paths that the PBX does not have, with the nearest."""
    seen = [pbx.undocumented()]
    for path in ("/usr/", "/user/", "/extension/@101/phones/"):
        send(pbx, "GET", path)
    requests.get(f"{pbx.url}/elsewhere", timeout=30)
    return [*seen, pbx.undocumented()]


@story
def texts_of_more_than_one_line(pbx: Face, receivers: Receivers) -> Any:
    """A refusal that quotes what was given keeps it as it was."""
    return [
        refused(InvalidError, lambda: pbx.incoming_call("a\nb", to="101")),
        refused(InvalidError, lambda: pbx.add_extension("3\n0")),
    ]
