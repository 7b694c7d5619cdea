"""What became of an event stands at the top of its delivery."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from mockpbx import MockPBX

CRM = "http://crm.test/hook"
CALLER = "+79161112233"


def failing(request: Any) -> int:
    raise ConnectionRefusedError("nobody is there")


@pytest.mark.parametrize(
    ("receiver", "expected"),
    [
        (lambda request: (200, "thanks"), (200, True, "taken", "thanks", None)),
        (lambda request: (503, "busy"), (503, False, "refused", "busy", None)),
        (failing, (None, False, "failed", "", "ConnectionRefusedError: nobody is there")),
    ],
)
def test_the_last_attempt(mock: MockPBX, receiver: Any, expected: tuple[Any, ...]) -> None:
    """Status, outcome, answer and error are those of the last attempt, in HTTP and Python."""
    mock.settings.retry_delays_s = (5,)
    answers = iter([lambda request: 500, receiver])
    tries = []

    def crm(request: Any) -> Any:
        tries.append(request)
        return next(answers)(request) if len(tries) < 3 else 200

    mock.deliver_to(CRM, crm)
    event = {"url": CRM, "method": "POST", "event_type": "hangup"}
    headers = {"Authorization": f"Bearer {mock.token()}"}
    url = f"{mock.api_url}/extension/@101/event/"
    assert mock.session().post(url, json=event, headers=headers).status_code == 201
    mock.incoming_call(CALLER, to="101").hang_up()
    mock.clock.advance(5)
    [one] = requests.get(f"{mock.url}/_mockpbx/deliveries", timeout=30).json()["deliveries"]
    names = ("status", "ok", "outcome", "answer", "error")
    assert len(one["attempts"]) == 2
    assert tuple(one[name] for name in names) == expected
    [delivery] = mock.deliveries
    assert delivery.as_json() == one
    assert (delivery.status, delivery.answer.decode()) == (expected[0], expected[3])
