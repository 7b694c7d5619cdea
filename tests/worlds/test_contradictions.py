"""Calls of a world file that cannot have happened are refused, with all other faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import Config, create_app
from mockpbx.worlds import WorldError, read
from tests.company import application, client, company
from tests.conftest import Caller

C = "clients[0]"
PART: dict[str, Any] = {
    "flow": "in",
    "extension": "101",
    "from_username": "+79161112233",
    "to_username": "10*101",
    "init_time_gmt": "2026-03-01 09:00:00",
    "bridged_time_gmt": "2026-03-01 09:00:10",
    "hangup_time_gmt": "2026-03-01 09:01:00",
    "result": "answered",
}
FORMER = {"extension_id": 99, "extension_name": "10*199", "extension_type": "phone"}


def call(**changes: Any) -> dict[str, Any]:
    """A call of one part with these keys; None takes a key away."""
    part = {**PART, **changes}
    return {"cdr": [{key: value for key, value in part.items() if value is not None}]}


def former(**changes: Any) -> dict[str, Any]:
    """A call of an extension that the client has no more."""
    return call(extension=None, **{**FORMER, **changes})


def row(of: Any = None, **changes: Any) -> dict[str, Any]:
    """A call whose row says this otherwise than its parts."""
    return {**(of or call()), "row": changes}


#: The row of a call that came to no part.
ALONE = {
    "flow": "out",
    "extension": "101",
    "from_username": "10*101",
    "to_username": "1",
    "init_time_gmt": "2026-03-01 09:00:00",
    "hangup_time_gmt": "2026-03-01 09:00:00",
    "result": "failed",
    "hangup_cause": "NO_ROUTE_DESTINATION",
    "hangup_disposition": "internal_cancel",
}


def faults_of(*calls: Any, **changes: Any) -> list[str]:
    """What is wrong with a company of these calls."""
    with pytest.raises(WorldError) as raised:
        read(company(calls=list(calls), **changes))
    return raised.value.faults


@pytest.mark.fact("HIS-2")
@pytest.mark.parametrize(
    ("broken", "text"),
    [
        (
            call(hangup_time_gmt="2026-03-01 09:00:09"),
            ".cdr[0].hangup_time_gmt: must be the last of the times",
        ),
        (
            call(init_time_gmt="2026-03-01 09:00:11"),
            ".cdr[0].bridged_time_gmt: must not be before init_time_gmt",
        ),
        (
            call(bridged_time_gmt=None, record={}),
            ".cdr[0].record: only what was answered is recorded",
        ),
        (call(extension="199"), ": client 10 has no extension '199'"),
        (
            former(extension_id=103),
            ": extension_id: 103 was never given; next_ids.extension tells the next one",
        ),
        (former(extension_id=101), ": extension_id: 101 is the phone 10*101"),
        (
            former(extension_id=101, extension_name="10*101", extension_type="queue"),
            ": extension_id: 101 is the phone 10*101",
        ),
        *(
            (
                former(extension_name=name),
                ": extension_name: must begin with 10*, and digits must follow",
            )
            for name in ("20*199", "199", "10*", "10*x99", "10*١٩٩", "*199")
        ),
        (call(extension_id=102), ": extension_id: extension 10*101 has the id 101"),
        (
            call(bridged_time_gmt=None),
            ": bridged_time_gmt: is required with result answered",
        ),
        *(
            (
                call(result=result),
                ".cdr[0].bridged_time_gmt: must be null where nobody answered",
            )
            for result in ("busy", "not answered", "failed", "rejected", "answered elsewhere")
        ),
        *(
            (
                call(record={"began_at": f"2026-03-01 {moment}"}),
                ".cdr[0].record: must begin between bridged_time_gmt and hangup_time_gmt",
            )
            for moment in ("08:59:59", "09:00:09", "09:01:01")
        ),
        *(
            (
                call(record={"length_s": length}),
                ".cdr[0].record.length_s: must not last longer than the call",
            )
            for length in (50.5, 100_000, 1e12)
        ),
        *(
            (
                call(record={"record_uuid": f"{number}-{'0' * 32}"}),
                ": record_uuid: must begin with 101-, the id of its extension",
            )
            for number in (102, 999, 1)
        ),
        (
            row(init_time_gmt="2026-03-01 09:00:01"),
            ".row.init_time_gmt: must not be after that of a part",
        ),
        *(
            (
                row(hangup_time_gmt=f"2026-03-01 {moment}"),
                ".row.hangup_time_gmt: must be the last of the times",
            )
            for moment in ("08:00:00", "09:00:59")
        ),
        (
            row(result="busy"),
            ": row.result: is busy, and in its 1 parts two people talked",
        ),
        (
            row(call(bridged_time_gmt=None, result="busy"), result="bridged"),
            ": row.result: is bridged, and in its 1 parts nobody talked with anybody",
        ),
        (
            {"cdr": [], "row": {**ALONE, "result": "bridged"}},
            ": row.result: is bridged, and in its 0 parts nobody talked with anybody",
        ),
        (
            {"cdr": [], "row": {**ALONE, "init_time_gmt": "2026-03-01 09:00:01"}},
            ".row.hangup_time_gmt: must be the last of the times",
        ),
    ],
)
def test_a_call_that_cannot_have_happened(broken: Any, text: str) -> None:
    """A hangup before the answer, a record without one, an extension that was never there."""
    assert faults_of(broken) == [f"{C}.calls[0]{text}"]


@pytest.mark.fact("HIS-2")
@pytest.mark.parametrize(
    "world",
    [
        company(calls=[former()]),
        company(calls=[former(extension_id=101, extension_name="10*101")]),
        {**company(calls=[former(extension_id=500)]), "next_ids": {"extension": 501}},
    ],
)
def test_an_extension_that_is_gone(make_caller: Callable[..., Caller], world: Any) -> None:
    """A call may name an extension that was deleted, below the id that the next one gets."""
    caller = make_caller("empty")
    assert caller.put("/_mockpbx/state", json=world).status_code == 204


@pytest.mark.fact("HIS-2")
def test_all_faults_at_once() -> None:
    """Every broken call is named with its own place, and what is wrong elsewhere too."""
    extensions = [*client()["extensions"], {"id": 103, "name": "1", "type": "phone"}]
    found = faults_of(
        call(hangup_time_gmt="2026-03-01 09:00:09"),
        call(),
        call(extension="199"),
        {"cdr": []},
        former(extension_id=4_000_000),
        {},
        messages=[{"extension": "101"}, {"extension": "198", **MESSAGE}],
        extensions=extensions,
    )
    assert found == [
        f"{C}.calls[0].cdr[0].hangup_time_gmt: must be the last of the times",
        f"{C}.calls[3].cdr: must hold at least one",
        f"{C}.calls[5].cdr: is required",
        *(
            f"{C}.messages[0].{name}: is required"
            for name in ("flow", "from_number", "to_number", "text", "at")
        ),
        f"{C}.extensions[2]: name: must be 3 digits after the prefix, not '1'",
        f"{C}.calls[2]: client 10 has no extension '199'",
        f"{C}.calls[4]: extension_id: 4000000 was never given; "
        "next_ids.extension tells the next one",
        f"{C}.messages[1]: client 10 has no extension '198'",
    ]


MESSAGE = {
    "flow": "in",
    "from_number": "1",
    "to_number": "2",
    "text": "x",
    "at": "2026-03-01 09:00:00",
}


@pytest.mark.fact("HIS-2")
def test_nothing_is_half_made(office: Caller) -> None:
    """A state with one broken call changes nothing."""
    before = office.state()
    broken = office.state()
    broken["clients"][0]["extensions"] = broken["clients"][0]["extensions"][:3]
    broken["clients"][0]["calls"][0]["cdr"][0]["hangup_time_gmt"] = "2020-01-01 00:00:00"
    assert office.put("/_mockpbx/state", json=broken).status_code == 400
    assert office.state() == before


@pytest.mark.fact("AUT-7", "AUT-12")
def test_a_refresh_token_that_never_expires(make_caller: Callable[..., Caller]) -> None:
    """A refresh token may have no end: ten years later it still gives a pair."""
    own = application(
        type="public", refresh_tokens=[{"token": "r", "user": "admin", "expires_in": None}]
    )
    there = Caller(create_app(company(applications=[own]), Config(freeze=True)))
    (shown,) = there.state()["clients"][0]["applications"]
    assert [one["expires_in"] for one in shown["refresh_tokens"]] == [None]
    there.world.advance(3650 * 86400)
    fields = {"client_id": "app", "client_secret": "secret", "grant_type": "refresh_token"}
    answer = there.post("/oauth/token", data={**fields, "refresh_token": "r"})
    assert answer.status_code == 200
