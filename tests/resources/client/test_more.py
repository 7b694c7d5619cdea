"""What else is told of a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx.resources.call_history.model import Row
from tests.answers import answered, json_of
from tests.company import company
from tests.conftest import Caller
from tests.resources.line import Line


@pytest.mark.fact("CLI-2")
def test_client_info(office: Caller) -> None:
    """The client is read under its other address too."""
    expected = json_of(office.get("/client/@me/client/"))
    assert answered(office.get("/client/client_info/2566/")) == (200, expected)
    assert answered(office.get("/client/client_info/@me/")) == (200, expected)


@pytest.mark.fact("CLI-2")
def test_aliases(office: Caller) -> None:
    """There are no aliases."""
    assert answered(office.get("/client/@me/alias/")) == (200, [])


@pytest.mark.fact("DSK-1")
def test_disk_space(office: Caller) -> None:
    """The room that is taken is that of all records; the rest of the quota is free."""
    rows = office.world.store.all(Row)
    sizes = [part.recording.size for row in rows for part in row.parts if part.recording]
    total = 10 * 1024**3
    assert answered(office.get("/client/@me/disk_space/")) == (
        200,
        {
            "call_records_count": len(sizes),
            "call_records_size": sum(sizes),
            "fax_count": 0,
            "fax_size": 0,
            "free_space": total - sum(sizes),
            "total_space": total,
            "voicemail_count": 0,
            "voicemail_size": 0,
        },
    )
    assert len(sizes) > 10


@pytest.mark.fact("DSK-1", "DSK-2")
def test_disk_space_of_nothing(make_caller: Callable[..., Caller]) -> None:
    """A client without files has all of its room free, and nothing below none with too many."""
    empty = make_caller(company(total_space=10485760), freeze=True)
    assert json_of(empty.get("/client/10/disk_space/")) == {
        "total_space": 10485760,
        "fax_size": 0,
        "voicemail_count": 0,
        "free_space": 10485760,
        "fax_count": 0,
        "call_records_size": 0,
        "voicemail_size": 0,
        "call_records_count": 0,
    }
    state = empty.state()
    assert state["clients"][0]["total_space"] == 10485760
    full = make_caller(company(total_space=1, calls=[CALL]), freeze=True)
    found = json_of(full.get("/client/10/disk_space/"))
    assert (found["call_records_count"], found["free_space"]) == (1, 0)


@pytest.mark.fact("PHN-28", "PHN-29", "CLI-1")
@pytest.mark.parametrize(
    ("client", "phone", "expected"),
    [
        ({}, {}, ("mp3", False)),
        ({"record_format": "wav", "record_stereo": True}, {}, ("wav", True)),
        ({"record_format": "wav"}, {"record_format": "mp3"}, ("mp3", False)),
        ({"record_stereo": True}, {"record_stereo": False}, ("mp3", False)),
        ({"record_format": "wav"}, {"record_format": None, "record_stereo": True}, ("wav", True)),
    ],
)
def test_what_a_phone_leaves_to_its_client(
    make_caller: Callable[..., Caller],
    client: dict[str, Any],
    phone: dict[str, Any],
    expected: tuple[str, bool],
) -> None:
    """A phone without a format, or a number of channels, records in the client's."""
    device = {"contact_address": "sip:101@192.0.2.1", "expires": 3600}
    extension = {"id": 101, "name": "101", "type": "phone", "registrations": [device]}
    there = make_caller(company(extensions=[{**extension, "phone": phone}], **client), freeze=True)
    line = Line(there, 10)
    call = line.step("answer", line.incoming("101"))
    line.world.advance(10)
    line.step("hang_up", call)
    (row,) = there.state()["clients"][0]["calls"]
    record = row["cdr"][0]["record"]
    assert (record["format"], record["stereo"]) == expected
    shown = json_of(there.get("/client/10/client/"))
    assert {name: shown[name] for name in client} == client


CALL = {
    "cdr": [
        {
            "flow": "in",
            "extension": "101",
            "from_username": "+79161112233",
            "to_username": "10*101",
            "init_time_gmt": {"seconds_ago": 90},
            "bridged_time_gmt": {"seconds_ago": 80},
            "hangup_time_gmt": {"seconds_ago": 10},
            "result": "answered",
            "record": {},
        }
    ]
}
