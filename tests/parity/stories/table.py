"""The table of stories, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import requests

from ..receivers import Receivers
from ..told import told

CALLER = "+79161112233"
OUTSIDE = "+79161112244"
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)

#: A PBX of either kind. Stories also give it what its types forbid, so they are not checked.
Face = Any
#: Does something with a PBX and answers whatever it observed.
Story = Callable[[Face, Receivers], Any]

#: All stories by their names.
STORIES: dict[str, Story] = {}


def story(function: Story) -> Story:
    """That function is a story."""
    assert function.__name__ not in STORIES, f"{function.__name__} is told twice"
    STORIES[function.__name__] = function
    return function


def observed(name: str, pbx: Face, receivers: Receivers) -> Any:
    """What that story observes at noon on that PBX, as plain values."""
    pbx.clock.freeze()
    pbx.clock.move_to(NOON)
    masks = {
        pbx.url: "http://pbx",
        urlsplit(pbx.url).netloc: "pbx",
        receivers.taking: "http://taking",
        receivers.refusing: "http://refusing",
        receivers.absent: "http://absent",
    }
    return told(STORIES[name](pbx, receivers), masks)


def send(pbx: Face, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """A request to the API, as an integration makes it: the answer's status and JSON."""
    headers = {"Authorization": f"Bearer {pbx.token()}", **options.pop("headers", {})}
    url = pbx.api_url + path
    answer = requests.request(method, url, headers=headers, timeout=30, **options)
    return answer.status_code, answer.json() if answer.content else None


def listen(pbx: Face, url: str, *event_types: str, extension: str = "102") -> list[int]:
    """That url is told of such events of that phone; answers the subscriptions' ids."""
    made = []
    for event_type in event_types:
        event = {"url": url, "method": "POST", "event_type": event_type}
        status, shown = send(pbx, "POST", f"/extension/@{extension}/event/", json=event)
        assert status == 201, shown
        made.append(shown["id"])
    return made
