"""The settings of a queue."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered, refused
from tests.conftest import Caller

PATH = "/extension/96857/queue/"
STRATEGIES = [
    "top-down",
    "ring-all",
    "longest-idle-agent",
    "round-robin",
    "agent-with-least-talk-time",
    "agent-with-fewest-calls",
    "sequentially-by-agent-order",
    "random",
]
SETTINGS: dict[str, Any] = {
    "strategy": "top-down",
    "sound": None,
    "tier_rules_apply": False,
    "exit_key": None,
    "timeout_transfer_dst": None,
    "max_wait_time": 300,
    "max_wait_time_with_no_agent": 0,
    "record_enabled": False,
}


@pytest.mark.fact("QUE-1")
def test_all_settings_are_read(office: Caller) -> None:
    """GET answers exactly the documented settings."""
    assert answered(office.get(PATH)) == (200, SETTINGS)


@pytest.mark.fact("QUE-1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("strategy", strategy) for strategy in STRATEGIES),
        ("sound", 5),
        ("sound", None),
        ("tier_rules_apply", True),
        ("exit_key", "#"),
        ("timeout_transfer_dst", "101"),
        ("max_wait_time", 0),
        ("max_wait_time_with_no_agent", 30),
        ("record_enabled", True),
    ],
)
def test_one_setting_is_changed(office: Caller, name: str, value: Any) -> None:
    """PUT changes what it names, keeps the rest and answers all."""
    expected = (200, {**SETTINGS, name: value})
    assert answered(office.put(PATH, json={name: value})) == expected
    assert answered(office.get(PATH)) == expected


@pytest.mark.fact("QUE-1")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"strategy": "loudest"}, f"strategy: must be one of {', '.join(STRATEGIES)}"),
        ({"strategy": None}, "strategy: must not be null"),
        ({"max_wait_time": "30"}, "max_wait_time: must be an integer"),
        (
            {"max_wait_time_with_no_agent": -1},
            "max_wait_time_with_no_agent: must be an integer from 0 to 4294967295",
        ),
        ({"tier_rules_apply": "yes"}, "tier_rules_apply: must be a boolean"),
        ({"record_enabled": 1}, "record_enabled: must be a boolean"),
        ({"sound": "bell"}, "sound: must be an integer"),
        ({"exit_key": "10"}, "exit_key: must be one of 0 to 9, * and #"),
        ({"timeout_transfer_dst": 101}, "timeout_transfer_dst: must be a string"),
    ],
)
def test_a_wrong_setting_is_refused(office: Caller, body: Any, message: str) -> None:
    """A value that a setting cannot have is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(PATH, json={"max_wait_time": 1, **body})
    assert refused(answer) == (400, {"message": message}, "QUE-1", "doc, observed, assumed")
    assert office.state() == before


@pytest.mark.fact("QUE-1", "GEN-12")
def test_an_array_is_refused(office: Caller) -> None:
    """PUT of a JSON array is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(PATH, json=[SETTINGS])
    body = {"message": "the body must be a JSON object"}
    assert refused(answer) == (400, body, "GEN-12", "observed")
    assert office.state() == before


@pytest.mark.fact("QUE-1")
@pytest.mark.parametrize("number", [85219, 96856], ids=["phone", "ivr"])
def test_other_extensions_are_no_queues(office: Caller, number: int) -> None:
    """An extension of another type has no such settings: 404, for reading and for writing."""
    before = office.state()
    path = f"/extension/{number}/queue/"
    expected = (404, {"message": "Not found"}, "QUE-1", "doc, observed, assumed")
    for answer in (office.get(path), office.put(path, json={}), office.get(f"{path}status/")):
        assert refused(answer) == expected
    assert office.state() == before


@pytest.mark.fact("QUE-1")
def test_a_new_queue_has_the_defaults(office: Caller) -> None:
    """A queue that was just made rings from the top, without a limit and without agents."""
    made: Any = office.post("/client/2566/extension/", json={"name": "888", "type": "queue"}).json
    answer = office.get(f"/extension/{made['id']}/queue/")
    assert answered(answer) == (200, {**SETTINGS, "max_wait_time": 0})
    status = office.get(f"/extension/{made['id']}/queue/status/")
    assert answered(status) == (200, {"calls": [], "agents": []})
