"""A mailbox that is not the first leg of its call."""

from __future__ import annotations

import pytest

from mockpbx import MockPBX
from tests.answers import json_of
from tests.conftest import Caller
from tests.resources.line import CRM, Line


@pytest.mark.fact("SIM-4", "DAT-21", "CAL-8")
def test_the_message_belongs_to_who_was_called(office: Caller) -> None:
    """When 101 calls 107, the message, its event and its record are those of 107."""
    line = Line(office)
    for number in (85218, 85224):
        body = {"url": CRM, "method": "POST", "event_type": "voicemail"}
        office.post(f"/extension/{number}/event/", json=body)
    call = line.internal("101", "107")
    line.world.advance(20)
    line.step("leave_message", call)
    (told,) = line.sent("EventType", "CalledExtensionID", "CalledNumber", "RecID")
    *values, uuid = told
    assert values == ["voicemail", "85224", "2566*107"]
    assert uuid.startswith("85224-")
    assert office.get(f"/extension/85224/record/{uuid}").status_code == 200
    assert office.get(f"/extension/85218/record/{uuid}").status_code == 404


@pytest.mark.fact("SIM-4")
def test_the_ladder_of_a_message_for_who_was_called() -> None:
    """The ladder has the message in the column of the one who was called."""
    with MockPBX(freeze=True) as pbx:
        call = pbx.internal_call("101", "107")
        pbx.clock.advance(20)
        call.leave_message()
        (row,) = [line for line in call.ladder().splitlines() if "left a message" in line]
    assert row == "    20.000  |             *   107 left a message"


@pytest.mark.fact("SIM-4", "HIS-17", "DSK-1")
def test_the_message_of_a_menu(office: Caller) -> None:
    """A message that was left in a menu is one of the voicemail, not a talk that was recorded."""
    line = Line(office)
    settings = {"vm_enabled": True, "lifetime": 5, "lifetime_exp_action": "hangup"}
    office.put("/extension/96856/ivr/", json=settings)
    call = line.incoming("099")
    line.world.advance(13)
    before = json_of(office.get("/client/@me/disk_space/"))
    line.step("leave_message", call)
    row = json_of(office.get(f"/client/@me/call_history/{call.hex}"))
    (part,) = row["cdr"]
    told = [part[key] for key in ("result", "hangup_cause", "duration", "record_file_size")]
    assert (told, row["result"]) == (["voicemail", "NO_ANSWER", 8, 15984], "not answered")
    after = json_of(office.get("/client/@me/disk_space/"))
    changed = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert changed == {
        "voicemail_count": 1,
        "voicemail_size": 15984,
        "free_space": -15984,
    }
