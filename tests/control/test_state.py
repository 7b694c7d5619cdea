"""`/_mockpbx/state`, `/reset` and `/snapshots`: the whole world, written, replaced and kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine

from mockpbx.core import world as core_world
from mockpbx.resources.extension.model import Extension
from mockpbx.worlds import names

from ..answers import json_of
from ..company import company, phone
from ..conftest import Caller

MakeCaller = Callable[..., Caller]

STATE = "/_mockpbx/state"


def put(there: Caller, state: Any) -> tuple[int, Any]:
    answer = there.put(STATE, json=state)
    return answer.status_code, answer.json if answer.data else None


def change(there: Caller) -> None:
    """Make a change of every kind that the API has, in a world of any content."""
    user = json.loads(there.get("/user/").text)
    extensions = f"/client/{user['client_id']}/extension/"
    made = []
    for name in ("701", "702", "703"):
        answer = there.post(extensions, json={"name": name, "type": "phone", "label": "Ж"})
        made.append(json.loads(answer.text)["id"])
    main, member, other = made
    bundle = f"/client/{user['client_id']}/extensions_bundle/{main}"
    body = {"bundle_list": {str(member): {"active": True}, str(other): {"active": False}}}
    event = {"url": "https://crm.example.com/", "method": "GET", "event_type": "answer"}
    for method, path, sent in [
        ("POST", bundle, {"bundle_list": [member, other]}),
        ("PUT", f"/extension/{main}/phone/", {"hold_music": 5, "password": "x", "bundle": body}),
        ("POST", f"/extension/{main}/event/", event),
        ("POST", f"/extension/{member}/event/", event),
        ("DELETE", f"/extension/{main}/event/", None),
        ("POST", "/_mockpbx/registrations", {"extension": main}),
        ("POST", "/_mockpbx/clock/advance", {"seconds": 0.5}),
        ("POST", "/_mockpbx/registrations", {"extension": main, "contact_address": "sip:a@b"}),
    ]:
        options = {} if sent is None else {"json": sent}
        assert there.send(method, path, **options).status_code < 300, path


@pytest.mark.parametrize("world", names())
@pytest.mark.parametrize("changed", [False, True], ids=["fresh", "changed"])
def test_a_state_read_is_a_state_put(make_caller: MakeCaller, world: str, changed: bool) -> None:
    """A world that is put as it was read is the same world, also elsewhere."""
    there = make_caller(world, freeze=True)
    if changed:
        change(there)
    state = there.state()
    assert put(there, state) == (204, None)
    assert there.state() == state
    elsewhere = make_caller("empty")
    assert put(elsewhere, state) == (204, None)
    assert elsewhere.state() == state


def test_a_state_is_a_world_file(make_caller: MakeCaller) -> None:
    """A world that starts from a state that was read has that state."""
    first = make_caller("office", freeze=True)
    change(first)
    second = make_caller(company(), freeze=True)
    assert put(second, first.state()) == (204, None)
    assert second.state() == first.state()


def test_the_state_of_a_small_world(make_caller: MakeCaller) -> None:
    """A state holds all of the world, with the values that its file left out."""
    there = make_caller(company(extensions=[phone(101)]), freeze=True)
    there.world.clock.move_to(datetime(2026, 3, 1, 12))
    state = there.state()
    tokens = state["clients"][0]["applications"][0].pop("tokens")
    assert [(one["token"], one["user"], one["expires_in"]) for one in tokens] == [
        ("forever", 1, None),
        (there.token, 1, 3600),
    ]
    assert state == {
        "format": 1,
        "next_ids": {
            "extension": 102,
            "event": 1,
            "user": 2,
            "extension_group": 1,
            "agent": 1,
            "did": 1,
        },
        "clients": [
            {
                "id": 10,
                "name": "Company",
                "prefix": "10",
                "domain": "sip.example.com",
                "create_date": "2020-01-01 00:00:00",
                "extension_len": 3,
                "status": "active",
                "timezone": "Europe/Moscow",
                "dealer_id": None,
                "email": None,
                "geo_list": "*",
                "record_format": "mp3",
                "record_stereo": False,
                "total_space": 10737418240,
                "event_limit": 1000,
                "rate_limit": 1000,
                "network_permission_groups": [],
                "extension_groups": [],
                "agents": [],
                "dids": [],
                "phone_events": [],
                "calls": [],
                "extensions": [
                    {
                        "id": 101,
                        "name": "10*101",
                        "type": "phone",
                        "domain": "sip.example.com",
                        "create_date": "2020-01-01 00:00:00",
                        "status": "active",
                        "label": None,
                        "caller_id_name": None,
                        "dial_rule_id": None,
                        "dial_rule_limit": None,
                        "message_did": None,
                        "did_as_transfer_caller_id": None,
                        "ani_rfc3325": False,
                        "extra_params": None,
                        "extension_group": None,
                    }
                ],
                "users": [
                    {
                        "id": 1,
                        "login": "admin",
                        "password": "secret",
                        "access": "full",
                        "status": "active",
                        "timezone": "Europe/Moscow",
                        "extra_params": None,
                        "name": None,
                        "comment": None,
                        "email": None,
                        "email_notify": False,
                        "email_for_notify": None,
                        "extension": None,
                        "extension_group": None,
                    }
                ],
                "applications": [
                    {
                        "client_id": "app",
                        "client_secret": "secret",
                        "type": "trusted",
                        "access": "All",
                        "rate_limit": None,
                        "redirect_uris": [],
                        "user": 1,
                        "refresh_tokens": [],
                    }
                ],
            }
        ],
    }


@pytest.mark.fact("REG-7", "AUT-12")
def test_times_in_a_state_are_absolute(make_caller: MakeCaller) -> None:
    """A state that is put an hour later has tokens and registrations that are an hour older."""
    there = make_caller("office", freeze=True)
    state = there.state()
    state["clients"][0]["extensions"][0]["registrations"][0]["renews"] = False
    there.world.clock.advance(3599)
    assert put(there, state) == (204, None)
    found = json.loads(there.get("/extension/85218/registration/").text)["registrations"]
    assert [one["expires"] for one in found] == [1]
    there.world.clock.advance(1)
    assert there.get("/user/").status_code == 401


def test_a_put_state_replaces_all(make_caller: MakeCaller) -> None:
    """A put state takes the place of everything: clients, tokens and the next ids."""
    there = make_caller("office", freeze=True)
    assert put(there, company(extensions=[])) == (204, None)
    assert there.get("/user/").status_code == 401
    there.token = "forever"
    answer = there.post("/client/10/extension/", json={"name": "101", "type": "phone"})
    assert json.loads(answer.text)["id"] == 1
    assert there.get("/client/2566/client/").status_code == 404


def broken() -> Any:
    """A state with four faults of four kinds."""
    state = company(
        extensions=[
            phone(101, label=5, bundle=[102]),
            phone(102, colour="red"),
            phone(103, phone={"hangup_timeout": 0}),
        ]
    )
    del state["format"]
    return state


def test_a_broken_state(office: Caller) -> None:
    """A broken state is a 400 that names every fault with its place, and changes nothing."""
    before = office.state()
    place = "clients[0].extensions"
    message = "; ".join(
        [
            "format: is required",
            f"{place}[0].label: must be a string",
            f"{place}[1].colour: is not known here",
            f"{place}[2].phone.hangup_timeout: must be an integer from 1 to 4294967295",
        ]
    )
    status, body = put(office, broken())
    assert status == 400
    assert sorted(body["message"].split("; ")) == sorted(message.split("; "))
    assert office.state() == before


@pytest.mark.parametrize("body", ["[]", "null", "{", '"office"', ""])
def test_a_state_that_is_no_object(office: Caller, body: str) -> None:
    """A state that is no JSON object is a 400 and changes nothing."""
    before = office.state()
    answer = office.put(STATE, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert json.loads(answer.text)["message"].startswith("the body ")
    assert office.state() == before


@time_machine.travel("2026-03-01 12:00:00Z", tick=False)
def test_reset(office: Caller) -> None:
    """A reset world is as it was started: state, journal, notes, snapshots and identifiers."""
    office.world.reset()
    before = office.state()
    first = office.post("/oauth/token", data=APP).json
    office.post("/_mockpbx/snapshots", json={"name": "a"})
    assert office.post("/_mockpbx/reset").status_code == 204
    after = office.state()
    for state in (before, after):
        for agent in state["clients"][0]["agents"]:
            del agent["idle_since"]
        for extension in state["clients"][0]["extensions"]:
            for one in extension.get("registrations", []):
                del one["registered_at"]
    assert after == before
    assert office.get("/_mockpbx/requests").json == {"requests": [], "dropped": 0}
    assert office.get("/_mockpbx/notes").json == {"notes": []}
    assert office.get("/_mockpbx/snapshots").json == []
    assert office.post("/oauth/token", data=APP).json == first


APP = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}


def test_reset_goes_back_to_the_start(make_caller: MakeCaller) -> None:
    """A world whose state was put goes back to what it was started with."""
    there = make_caller(company())
    assert put(there, there.state() | {"clients": company(id=11)["clients"]}) == (204, None)
    assert [one["id"] for one in there.state()["clients"]] == [11]
    assert there.post("/_mockpbx/reset").status_code == 204
    assert [one["id"] for one in there.state()["clients"]] == [10]


@pytest.mark.fact("REG-7")
def test_reset_starts_time_anew(make_caller: MakeCaller) -> None:
    """After a reset the start world's registrations have all their seconds again."""
    there = make_caller("documented", freeze=True)
    there.world.clock.advance(10_000)
    there.post("/_mockpbx/reset")
    found = json.loads(there.get("/extension/3/registration/").text)["registrations"]
    assert [one["expires"] for one in found] == [699]


def snapshot(there: Caller, name: Any) -> tuple[int, Any]:
    answer = there.post("/_mockpbx/snapshots", json={"name": name})
    return answer.status_code, answer.json


def restore(there: Caller, name: str) -> tuple[int, Any]:
    answer = there.post(f"/_mockpbx/snapshots/{name}/restore")
    return answer.status_code, answer.json if answer.data else None


NOON = datetime(2026, 3, 1, 12)
AT_NOON = "2026-03-01 12:00:00.000000"


def test_a_snapshot(office: Caller) -> None:
    """A snapshot is taken under a name with its moment, and is listed."""
    office.world.clock.move_to(NOON)
    assert snapshot(office, "before") == (201, {"name": "before", "at": AT_NOON})
    office.world.clock.advance(60)
    expected = [
        {"name": "before", "at": AT_NOON},
        {"name": "a.b-c_D9", "at": "2026-03-01 12:01:00.000000"},
    ]
    assert snapshot(office, "a.b-c_D9") == (201, expected[1])
    answer = office.get("/_mockpbx/snapshots")
    assert (answer.status_code, answer.json) == (200, expected)


def test_no_snapshots(office: Caller) -> None:
    """A world of which none was taken has no snapshots."""
    assert office.get("/_mockpbx/snapshots").json == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": None}, "name: must not be null"),
        ({"name": 1}, "name: must be a string"),
        *(
            ({"name": name}, "name: must be 1 to 64 letters, digits, _ . -")
            for name in ("", "a b", "a/b", "é", "x" * 65, "a\n")
        ),
    ],
)
def test_a_snapshot_without_a_name(office: Caller, body: Any, message: str) -> None:
    """The name of a snapshot fits into a path."""
    answer = office.post("/_mockpbx/snapshots", json=body)
    assert (answer.status_code, answer.json) == (400, {"message": message})
    assert office.get("/_mockpbx/snapshots").json == []


def test_a_restored_snapshot(office: Caller) -> None:
    """A restored world has the state, the time and the next identifiers of the snapshot."""
    office.world.clock.move_to(NOON)
    before = office.state()
    snapshot(office, "before")
    change(office)
    changed = office.state()
    assert restore(office, "before") == (204, None)
    assert office.state() == before
    assert office.get("/_mockpbx/clock").json == {"now": AT_NOON, "frozen": True}
    change(office)
    assert office.state() == changed


def test_a_snapshot_is_restored_again(office: Caller) -> None:
    """What happens after a restoration does not touch the snapshot."""
    before = office.state()
    snapshot(office, "before")
    for _ in range(2):
        change(office)
        assert restore(office, "before") == (204, None)
        assert office.state() == before


def test_a_snapshot_is_replaced(office: Caller) -> None:
    """A snapshot of a name that was taken takes the place of the older one."""
    snapshot(office, "a")
    change(office)
    changed = office.state()
    snapshot(office, "a")
    office.post("/_mockpbx/snapshots/none/restore")
    office.delete("/client/2566/extension/85218")
    restore(office, "a")
    assert office.state() == changed


def listed(there: Caller) -> list[str]:
    return [one["name"] for one in json_of(there.get("/_mockpbx/snapshots"))]


def test_snapshots_are_limited(office: Caller) -> None:
    """A world keeps a thousand; the oldest make way, and who asks for one is told so."""
    for number in range(1002):
        assert snapshot(office, f"s{number}")[0] == 201
    assert listed(office) == [f"s{number}" for number in range(2, 1002)]
    answer = office.post("/_mockpbx/snapshots/s1/restore")
    text = "there is no snapshot s1; the 2 oldest had to make way"
    assert (answer.status_code, json_of(answer)) == (404, {"message": text})
    office.post("/_mockpbx/reset")
    answer = office.post("/_mockpbx/snapshots/s1/restore")
    assert json_of(answer) == {"message": "there is no snapshot s1"}


def test_what_snapshots_hold_is_limited(office: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that hold too many changed records between them make way, the oldest first."""
    monkeypatch.setattr(core_world, "MOST_KEPT_CHANGES", 10)
    world = office.world
    world.reset()
    for number, extension in enumerate(list(world.store.all(Extension))[:5], 1):
        with world.change():
            world.store.put(extension)
        world.keep(f"of {number}")
    assert (list(world.snapshots), world.snapshots_dropped) == (["of 4", "of 5"], 3)
    monkeypatch.setattr(core_world, "MOST_KEPT_CHANGES", 1)
    world.keep("last")
    assert list(world.snapshots) == ["last"]


def test_snapshots_are_independent(office: Caller) -> None:
    """Restoring one snapshot leaves the others as they are."""
    first = office.state()
    snapshot(office, "first")
    change(office)
    second = office.state()
    snapshot(office, "second")
    found = []
    for name in ("first", "second", "first"):
        restore(office, name)
        found.append(office.state())
    assert found == [first, second, first]


@pytest.mark.parametrize("name", ["none", "x" * 65, "%00", "@"])
def test_no_such_snapshot(office: Caller, name: str) -> None:
    """Restoring what was not taken is a 404 and changes nothing."""
    before = office.state()
    status, body = restore(office, name)
    shown = {"%00": "\0"}.get(name, name)[:64]
    assert (status, body) == (404, {"message": f"there is no snapshot {shown}"})
    assert office.state() == before


def test_the_journal_goes_on(office: Caller) -> None:
    """A restoration keeps the journal."""
    office.world.journal.clear()
    snapshot(office, "a")
    office.get("/user/")
    restore(office, "a")
    assert [entry.path for entry in office.world.journal] == ["/api/ver1.0/user/"]
