"""The made-up event by which a subscription is tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import MockPBX
from tests.company import company
from tests.conftest import Caller
from tests.resources.line import CRM, Line

OUTSIDE = "+79161112233"
IN = {
    "CallFlow": "in",
    "CallStatus": "CALLING",
    "CallerIDNum": OUTSIDE,
    "CalledNumber": "2566*102",
    "CalledExtension": "2566*102@sipproxy.telphin.ru",
    "CalledExtensionID": "85219",
}
OUT = {
    "CallFlow": "out",
    "CallStatus": "CALLING",
    "CallerIDNum": "2566*102",
    "CalledNumber": OUTSIDE,
    "CallerExtension": "2566*102@sipproxy.telphin.ru",
    "CallerExtensionID": "85219",
}


def sampled(there: Caller, path: str, event_type: str) -> dict[str, str]:
    """The data of the sample event of a new subscription there."""
    line = Line(there)
    body = {"url": CRM, "method": "POST", "event_type": event_type}
    made: Any = there.post(path, json=body).json
    answer = there.post(f"/_mockpbx/subscriptions/{made['id']}/test")
    assert answer.status_code == 201, answer.text
    (delivery,) = line.world.deliveries
    return dict(delivery.data)


@pytest.mark.fact("DAT-1", "DAT-2", "DAT-3", "DAT-4", "DAT-5", "DAT-14")
@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("dial-in", IN),
        ("dial-out", OUT),
        ("answer", {**IN, "CallStatus": "ANSWER"}),
        ("hangup", {**IN, "CallStatus": "ANSWER", "Duration": "30000000"}),
    ],
)
def test_the_values_of_a_sample(office: Caller, event_type: str, expected: dict[str, str]) -> None:
    """A sample is what a call from or to outside causes, answered for half a minute."""
    found = sampled(office, "/extension/85219/event/", event_type)
    call = found.pop("CallID")
    assert re.fullmatch("[0-9a-f]{32}", call)
    leg = re.fullmatch("85219-([0-9a-f]{32})", found.pop("SubCallID"))
    assert leg is not None
    assert (leg[1] == call) is (event_type == "dial-out")
    dashed = re.fullmatch("[0-9]{10}-(.*)", found.pop("CallAPIID"))
    assert dashed is not None
    assert dashed[1].replace("-", "") == call
    time_us = int(found.pop("EventTime"))
    assert 0 <= time_us - office.world.clock.start.timestamp() * 1_000_000 < 1000
    assert found == {"EventType": event_type, **expected}


@pytest.mark.fact("EVT-12")
def test_a_sample_of_all_phones(office: Caller) -> None:
    """A subscription on all phones is tried with an event of the client's first phone."""
    found = sampled(office, "/client/2566/phone_events/", "dial-in")
    assert found["CalledExtension"] == "2566*101@sipproxy.telphin.ru"


@pytest.mark.fact("EVT-12")
def test_a_sample_without_a_phone(make_caller: Callable[..., Caller]) -> None:
    """A client without a phone has none that the sample could be about: 404, nothing is sent."""
    queue = {"id": 200, "name": "200", "type": "queue"}
    event = {"id": 5, "url": CRM, "method": "POST", "event_type": "dial-in"}
    there = make_caller(company(extensions=[queue], phone_events=[event]), freeze=True)
    answer = there.post("/_mockpbx/subscriptions/5/test")
    assert (answer.status_code, answer.json) == (404, {"message": "client 10 has no phone"})
    assert list(there.world.deliveries) == []


@pytest.mark.parametrize("ids", [(1,), (2, 1)], ids=["itself", "each other"])
def test_a_subscription_that_leads_to_its_own_test(ids: tuple[int, ...]) -> None:
    """It goes round once, then the test is refused; both are answered, and it is noted."""
    with MockPBX("empty") as pbx:
        phone = pbx.add_extension("101", register=True)
        headers = {"Authorization": f"Bearer {pbx.token()}"}
        made = [
            pbx.session()
            .post(
                f"{pbx.TEST_URL}/api/ver1.0/extension/{phone.id}/event/",
                json={
                    "url": f"{pbx.url}/_mockpbx/subscriptions/{other}/test",
                    "method": "POST",
                    "event_type": "dial-in",
                },
                headers=headers,
            )
            .json()["id"]
            for other in ids
        ]
        assert made == sorted(ids)
        first = pbx.test_subscription(1)
        statuses = [one.attempts[0].status for one in pbx.deliveries]
        assert statuses == [*[201] * (len(ids) - 1), 409]
        assert first.attempts[0].status == statuses[0]
        (noted,) = [one for one in pbx.notes if one.rule == "DLV-1"]
        text = "a sample for subscription 1 is still under way"
        assert (noted.message, noted.count) == (text, 1)
