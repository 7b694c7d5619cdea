"""The settings of a voice menu."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered, refused
from tests.conftest import Caller
from tests.resources.line import Line

PATH = "/extension/96856/ivr/"
SETTINGS: dict[str, Any] = {
    "lifetime": 60,
    "lifetime_exp_action": "transfer",
    "lifetime_exp_transfer_dst": "887",
    "entry_context": None,
    "sleep_time": 0,
    "vm_enabled": False,
    "vm_greeting": 0,
    "vm_attach_file": True,
    "vm_mailto": None,
}


@pytest.mark.fact("IVR-1")
def test_all_settings_are_read(office: Caller) -> None:
    """GET answers exactly the documented settings; the keys of the menu are none of them."""
    assert answered(office.get(PATH)) == (200, SETTINGS)


@pytest.mark.fact("IVR-1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lifetime", 0),
        ("lifetime_exp_action", "hangup"),
        ("lifetime_exp_transfer_dst", None),
        ("entry_context", "day"),
        ("sleep_time", 3),
        ("vm_enabled", True),
        ("vm_greeting", None),
        ("vm_attach_file", False),
        ("vm_mailto", "a@example.com, b@example.com"),
    ],
)
def test_one_setting_is_changed(office: Caller, name: str, value: Any) -> None:
    """PUT changes what it names, keeps the rest and answers all."""
    expected = (200, {**SETTINGS, name: value})
    assert answered(office.put(PATH, json={name: value})) == expected
    assert answered(office.get(PATH)) == expected


@pytest.mark.fact("IVR-1")
def test_a_change_keeps_the_keys(office: Caller) -> None:
    """After a PUT the menu still leads where it led."""
    office.put(PATH, json={"lifetime": 5})
    line = Line(office)
    call = line.step("press", line.incoming("099"), "2")
    assert line.state(call) == "ringing"


@pytest.mark.fact("IVR-1")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"lifetime": "60"}, "lifetime: must be an integer"),
        ({"lifetime": None}, "lifetime: must not be null"),
        ({"lifetime_exp_action": "dance"}, "lifetime_exp_action: must be one of hangup, transfer"),
        ({"lifetime_exp_transfer_dst": 887}, "lifetime_exp_transfer_dst: must be a string"),
        ({"entry_context": []}, "entry_context: must be a string"),
        ({"sleep_time": 1.5}, "sleep_time: must be an integer"),
        ({"vm_enabled": "no"}, "vm_enabled: must be a boolean"),
        ({"vm_greeting": "hello"}, "vm_greeting: must be an integer"),
        ({"vm_attach_file": 0}, "vm_attach_file: must be a boolean"),
        (
            {"vm_mailto": "nobody"},
            "vm_mailto: must be e-mail addresses separated by commas",
        ),
    ],
)
def test_a_wrong_setting_is_refused(office: Caller, body: Any, message: str) -> None:
    """A value that a setting cannot have is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(PATH, json={"sleep_time": 9, **body})
    assert refused(answer) == (400, {"message": message}, "IVR-1", "observed, assumed")
    assert office.state() == before


@pytest.mark.fact("IVR-1", "GEN-12")
@pytest.mark.parametrize("body", [[], [SETTINGS]], ids=["empty", "settings"])
def test_an_array_is_refused(office: Caller, body: Any) -> None:
    """PUT of a JSON array is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(PATH, json=body)
    message = {"message": "the body must be a JSON object"}
    assert refused(answer) == (400, message, "GEN-12", "observed")
    assert office.state() == before


@pytest.mark.fact("IVR-1")
@pytest.mark.parametrize("number", [85219, 96857], ids=["phone", "queue"])
def test_other_extensions_are_no_menus(office: Caller, number: int) -> None:
    """An extension of another type has no such settings: 404, for reading and for writing."""
    before = office.state()
    path = f"/extension/{number}/ivr/"
    expected = (404, {"message": "Not found"}, "IVR-1", "observed, assumed")
    assert refused(office.get(path)) == expected
    assert refused(office.put(path, json={})) == expected
    assert office.state() == before
