"""The shipped worlds hold what their users are told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
import time_machine

from mockpbx import Config, create_app, worlds
from mockpbx.resources.user.schema import UserIn
from tests.shared import enter, fresh

from ..conftest import DOCUMENTED_TOKEN, Caller
from ..resources.line import Line

MakeCaller = Callable[..., Caller]


def clients_of(there: Caller) -> dict[int, Any]:
    """The clients of the exported world by their ids."""
    return {one["id"]: one for one in there.state()["clients"]}


def test_names() -> None:
    """Three worlds are shipped."""
    assert worlds.names() == ["documented", "empty", "office"]


@pytest.mark.parametrize("name", worlds.names())
def test_a_file_says_what_it_is_for(name: str) -> None:
    """A shipped file is JSON with its format and what it is for, readable by people."""
    text = worlds.find(name).read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["format"] == 1
    assert data["about"].endswith(".")
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", worlds.names())
def test_an_application_by_default(name: str) -> None:
    """Every shipped world has the application `app` with the secret `secret`."""
    there = Caller(enter(fresh(name)))
    fields = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
    assert there.post("/oauth/token", data=fields).status_code == 200


def test_the_default_world() -> None:
    """Without a choice the world is the office."""
    assert Caller(create_app()).world.start.name == "office"
    assert Config().world == "office"


@pytest.mark.fact("BND-22", "GEN-19")
def test_the_extensions_of_the_documentation(documented: Caller) -> None:
    """Client 801 has the extensions that the examples name, all of them phones."""
    client = clients_of(documented)[801]
    assert client["prefix"] == "000"
    assert {one["id"]: one["name"] for one in client["extensions"]} == {
        2: "000*001",
        3: "000*002",
        54: "000*054",
        124: "000*124",
        175: "000*099",
        200: "000*200",
        29196: "000*196",
        31456: "000*456",
        32486: "000*486",
        32767: "000*767",
    }
    assert {one["type"] for one in client["extensions"]} == {"phone"}


@pytest.mark.fact("BND-18", "BND-13")
def test_the_bundles_of_the_documentation(documented: Caller) -> None:
    """Extension 3 is the main one of 124, which is inactive, and 29196; 31456 has no bundle."""
    shown = json.loads(documented.get("/extension/3/phone/").text)["bundle"]
    members = {"124": {"active": False}, "29196": {"active": True}}
    assert shown == {"bundle_list": members, "bundle_id": 3}
    answer = documented.get("/client/801/extensions_bundle/31456")
    assert answer.json == {"bundle_list": [], "bundle_id": 31456}


@pytest.mark.fact("REG-5", "REG-2")
def test_the_registrations_of_the_documentation(documented: Caller) -> None:
    """Extensions 2, 3 and 000*200 are registered, 3 for 699 seconds more, and no others."""
    found = json.loads(documented.get("/extension/registration/").text)
    assert [one["extension_id"] for one in found if one["registered"]] == [2, 3, 200]
    assert [one["expires"] for one in found[1]["registrations"]] == [699]


@pytest.mark.fact("PHN-4")
def test_the_phone_of_the_documentation(documented: Caller) -> None:
    """Extension 54 has no external number yet, and 175 is recorded."""
    assert json.loads(documented.get("/extension/54/phone/").text)["external_number"] is None
    assert json.loads(documented.get("/extension/175/phone/").text)["record_enabled"] is True


@pytest.mark.fact("EVT-11")
def test_the_subscriptions_of_the_documentation(documented: Caller) -> None:
    """There are no subscriptions, and the next one gets the id 72."""
    state = documented.state()
    assert state["next_ids"]["event"] == 72
    found = [one for client in state["clients"] for one in client["extensions"] if "events" in one]
    assert found == []


@pytest.mark.fact("AUT-19")
def test_the_token_of_the_documentation(documented: Caller) -> None:
    """The token of the examples belongs to a user of client 801 and never expires."""
    (application,) = clients_of(documented)[801]["applications"]
    (token,) = application["tokens"]
    assert (token["token"], token["user"], token["expires_in"]) == (DOCUMENTED_TOKEN, 19, None)
    assert json.loads(documented.get("/user/").text)["client_id"] == 801


@pytest.mark.fact("AUT-18", "EXT-2")
def test_the_other_client_of_the_documentation(make_caller: MakeCaller) -> None:
    """Client 12 has the user and the extension of the examples, answered as printed."""
    there = make_caller("documented", user=None)
    fields = {"grant_type": "client_credentials", "client_id": "app12", "client_secret": "secret"}
    there.token = json.loads(there.post("/oauth/token", data=fields).text)["access_token"]
    assert there.get("/user/").json == {
        "dealer_id": None,
        "admin": False,
        "extra_params": None,
        "access": "full",
        "extension_id": None,
        "client_id": 12,
        "extension_group_id": None,
        "timezone": "Europe/Moscow",
        "login": "client1",
        "id": 20,
    }
    assert there.get("/client/@me/extension/30").json == {
        "status": "active",
        "domain": "sip.ringme.ru",
        "create_date": "2020-03-16 12:18:08",
        "name": "000*300",
        "dial_rule_limit": None,
        "extension_group_id": 14,
        "label": "Petrov",
        "caller_id_name": "Petrov P. P.",
        "client_id": 12,
        "extra_params": None,
        "message_did": None,
        "dial_rule_id": None,
        "ani_rfc3325": False,
        "type": "phone",
        "id": 30,
        "did_as_transfer_caller_id": None,
    }


def test_the_extensions_of_the_office(office: Caller) -> None:
    """The office has the prefix 2566, ten phones from 101 to 110, a menu 099 and a queue 887."""
    (client,) = clients_of(office).values()
    phones = {f"2566*{number}": "phone" for number in range(101, 111)}
    assert client["prefix"] == "2566"
    assert {one["name"]: one["type"] for one in client["extensions"]} == {
        **phones,
        "2566*099": "ivr",
        "2566*887": "queue",
    }


def test_the_registrations_of_the_office(office: Caller) -> None:
    """Most phones of the office are registered, two are not."""
    found = json.loads(office.get("/extension/registration/").text)
    assert Counter(one["registered"] for one in found) == {True: 8, False: 4}


@pytest.mark.fact("BND-18", "BND-20")
def test_the_bundle_of_the_office(office: Caller) -> None:
    """The office has one bundle: 101 with 109, and 110 that is inactive."""
    (client,) = clients_of(office).values()
    assert {one["name"]: one["bundle"] for one in client["extensions"] if "bundle" in one} == {
        "2566*101": [
            {"extension": "2566*109", "active": True},
            {"extension": "2566*110", "active": False},
        ]
    }


@pytest.mark.fact("AUT-15")
def test_the_users_of_the_office(office: Caller) -> None:
    """The office has users of each level, one who only reads and one who is blocked."""
    (client,) = clients_of(office).values()
    assert client["extension_groups"] == [{"id": 14, "name": "Sales", "extra_params": None}]
    names = ("login", "access", "status", "extension", "extension_group")
    assert [tuple(one[name] for name in names) for one in client["users"]] == [
        ("admin", "full", "active", None, None),
        ("auditor", "read_only", "active", None, None),
        ("sales", "full", "active", None, 14),
        ("anna", "full", "active", 85218, None),
        ("former", "full", "blocked", None, None),
    ]


@pytest.mark.fact("AUT-9")
def test_the_applications_of_the_office(office: Caller) -> None:
    """The office has an application of each type, and one of the level Call API."""
    (client,) = clients_of(office).values()
    names = ("client_id", "client_secret", "type", "access")
    assert [tuple(one[name] for name in names) for one in client["applications"]] == [
        ("app", "secret", "trusted", "All"),
        ("call-app", "secret", "trusted", "Call API"),
        ("web-app", "secret", "public", "All"),
        ("desktop", "secret", "password_credentials", "All"),
    ]


@pytest.mark.fact("HIS-1", "HIS-2", "REC-1")
def test_the_day_of_the_office(make_caller: MakeCaller) -> None:
    """Yesterday the office had 24 calls of each result, recorded in each of the four formats.

    In the first two hours after midnight some of today's were yesterday too.
    """
    with time_machine.travel(datetime(2027, 5, 6, 12, 0, tzinfo=timezone.utc), tick=False):
        office = make_caller("office", freeze=True)
    day = {"start_datetime": "2027-05-05 00:00:00", "end_datetime": "2027-05-05 23:59:59"}
    found = json.loads(office.get("/client/@me/call_history/", query_string=day).text)
    rows = found["call_history"]
    assert len(rows) == 24
    assert Counter(row["result"] for row in rows) == {
        "bridged": 14,
        "not answered": 6,
        "busy": 1,
        "rejected": 1,
        "failed": 2,
    }
    calls = office.state()["clients"][0]["calls"]
    forms = {
        (part["record"]["format"], part["record"]["stereo"])
        for call in calls
        for part in call["cdr"]
        if "record" in part
    }
    assert forms == {("mp3", False), ("mp3", True), ("wav", False), ("wav", True)}


@pytest.mark.fact("HIS-1")
def test_the_week_of_the_office(make_caller: MakeCaller) -> None:
    """The office has calls of today, yesterday and each day of the last week, none to come."""
    with time_machine.travel(datetime(2027, 5, 6, 12, 0, tzinfo=timezone.utc), tick=False):
        there = make_caller("office", freeze=True)
    week = {"start_datetime": "2027-04-30 00:00:00", "end_datetime": "2027-05-06 12:00:00"}
    found: Any = there.get("/client/@me/calls/", query_string={**week, "per_page": 100}).json
    assert Counter(row["init_time_gmt"][:10] for row in found["calls"]) == {
        "2027-05-06": 4,
        "2027-05-05": 24,
        "2027-05-04": 2,
        "2027-05-03": 2,
        "2027-05-02": 1,
        "2027-05-01": 2,
        "2027-04-30": 2,
    }
    assert len(there.state()["clients"][0]["calls"]) == 37


@pytest.mark.fact("USR-2")
@pytest.mark.parametrize("name", worlds.names())
def test_users_have_names_and_mails(make_caller: MakeCaller, name: str) -> None:
    """Every user of a shipped world has the name and the mail that a POST would demand."""
    there = make_caller(name, freeze=True)
    for client in there.state()["clients"]:
        for user in client["users"]:
            fields = ("login", "password", "name", "email")
            assert UserIn().validate({key: user[key] for key in fields}) == {}


@pytest.mark.fact("DAT-3", "DAT-15")
def test_an_office_that_goes_on(make_caller: MakeCaller) -> None:
    """A call never takes the CallID or the record of one in the file, whatever the seed."""
    first = make_caller("office", freeze=True)
    second = make_caller(first.state(), freeze=True)
    for there in (first, second):
        line = Line(there)
        line.step("hang_up", line.step("answer", line.incoming("102")))
    calls = [one["call_uuid"] for one in second.state()["clients"][0]["calls"]]
    assert len(set(calls)) == len(calls) == 38
    (made,) = set(calls) - {one["call_uuid"] for one in first.state()["clients"][0]["calls"]}
    assert made == calls[-1]


def test_the_empty_world(make_caller: MakeCaller) -> None:
    """The empty world has one client with one user and one application, nothing else."""
    (client,) = clients_of(make_caller("empty")).values()
    assert [one["login"] for one in client["users"]] == ["admin"]
    assert [one["client_id"] for one in client["applications"]] == ["app"]
    assert (client["extensions"], client["extension_groups"]) == ([], [])
