"""Broken world files: every fault is named, with its exact place and the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockpbx import create_app, worlds
from mockpbx.worlds import WorldError

from ..company import TOKEN, application, client, phone

EVENT = {"url": "https://crm.example.com/", "method": "GET", "event_type": "dial-in"}
DEVICE = {"contact_address": "sip:10*101@192.0.2.1", "expires": 60}
USER = {"id": 2, "login": "anna", "password": "secret"}
WORDS_OF_TYPE = "must be one of phone, queue, ivr, fax"
TOKENS = [{"token": "x", "user": "admin"}]


def world(**changes: Any) -> dict[str, Any]:
    """A world of two clients, the first one changed."""
    second = client(
        id=20,
        prefix="20",
        extensions=[phone(201)],
        extension_groups=[{"id": 5, "name": "Far"}],
        users=[{"id": 9, "login": "far", "password": "secret"}],
        applications=[],
    )
    return {"format": 1, "clients": [client(**changes), second]}


def one(**changes: Any) -> dict[str, Any]:
    """A world whose only extension of the first client is a phone with these keys."""
    return world(extensions=[{**phone(101), **changes}])


def app(**changes: Any) -> dict[str, Any]:
    """A world whose only application of the first client has these keys."""
    return world(applications=[{**application(), **changes}])


def user(**changes: Any) -> dict[str, Any]:
    """A world with a second user that has these keys."""
    return world(users=[client()["users"][0], {**USER, **changes}])


def without(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The mapping without these keys."""
    return {key: value for key, value in mapping.items() if key not in keys}


C = "clients[0]"
E = f"{C}.extensions[0]"
A = f"{C}.applications[0]"

FAULTS: list[tuple[str, Any, list[str]]] = [
    # The file as a whole
    ("list", [], ["must be a JSON object"]),
    ("text", "office", ["must be a JSON object"]),
    ("null", None, ["must be a JSON object"]),
    ("nothing", {}, ["format: is required", "clients: is required"]),
    ("format-0", {**world(), "format": 0}, ["format: must be 1"]),
    ("format-2", {**world(), "format": 2}, ["format: must be 1"]),
    ("format-text", {**world(), "format": "1"}, ["format: must be an integer"]),
    ("no-clients", {"format": 1, "clients": []}, ["clients: must hold at least one"]),
    ("clients-null", {"format": 1, "clients": None}, ["clients: must not be null"]),
    ("clients-object", {"format": 1, "clients": {}}, ["clients: must be an array"]),
    ("client-text", {"format": 1, "clients": ["x"]}, [f"{C}: must be a JSON object"]),
    ("unknown-key", {**world(), "colour": 1}, ["colour: is not known here"]),
    ("about", {**world(), "about": 1}, ["about: must be a string"]),
    (
        "next-id",
        {**world(), "next_ids": {"event": 0, "extension": "5", "client": 3}},
        [
            "next_ids.extension: must be an integer",
            "next_ids.event: must be an integer from 1 to 4294967295",
            "next_ids.client: is not known here",
        ],
    ),
    # Clients
    (
        "client-empty",
        {"format": 1, "clients": [{}]},
        [f"{C}.{name}: is required" for name in ("id", "name", "prefix", "domain")],
    ),
    ("client-id", world(id=0), [f"{C}.id: must be an integer from 1 to 4294967294"]),
    ("client-id-32-bits", world(id=2**32), [f"{C}.id: must be an integer from 1 to 4294967294"]),
    ("prefix", world(prefix="x1"), [f"{C}.prefix: must be digits"]),
    ("prefix-star", world(prefix="10*"), [f"{C}.prefix: must be digits"]),
    ("length-1", world(extension_len=1), [f"{C}.extension_len: must be an integer from 2 to 4"]),
    ("length-5", world(extension_len=5), [f"{C}.extension_len: must be an integer from 2 to 4"]),
    ("status", world(status="gone"), [f"{C}.status: must be one of active, blocked"]),
    (
        "rate-limit",
        world(rate_limit=0),
        [f"{C}.rate_limit: must be an integer from 1 to 4294967295"],
    ),
    (
        "geo-list",
        world(geo_list="RU XX"),
        [f"{C}.geo_list: must be ISO 3166 alpha-2 codes separated by blanks, or *"],
    ),
    *(
        (
            f"create-date-{text}",
            world(create_date=text),
            [f"{C}.create_date: must be a time such as 2020-03-16 12:18:08"],
        )
        for text in (
            "",
            "2020",
            "2020-03-16",
            "2020-03-16T12:18:08",
            "2020-3-16 12:18:08",
            "2020-03-16 12:18:08.5",
            "2020-03-16 12:18:08+03:00",
            "2020-02-30 12:18:08",
        )
    ),
    (
        "network",
        world(
            network_permission_groups=[{"id": 1, "networks": ["203.0.113.0/24", "203.0.113.1/24"]}]
        ),
        [
            f"{C}.network_permission_groups[0].networks[1]: must be a network such as "
            "203.0.113.0/24: 203.0.113.1/24 has host bits set"
        ],
    ),
    (
        "client-twice",
        {"format": 1, "clients": [client(extensions=[]), client(users=[], applications=[])]},
        ["clients[1]: id: 10 stands there twice"],
    ),
    # Groups
    (
        "group-twice",
        world(extension_groups=[{"id": 5, "name": "Near"}]),
        ["clients[1].extension_groups[0]: id: 5 stands there twice"],
    ),
    (
        "group-name",
        world(extension_groups=[{"id": 6}]),
        [f"{C}.extension_groups[0].name: is required"],
    ),
    # Extensions
    (
        "extension-empty",
        world(extensions=[{}]),
        [f"{E}.name: is required", f"{E}.type: is required"],
    ),
    ("extension-type", one(type="door"), [f"{E}.type: {WORDS_OF_TYPE}"]),
    ("extension-status", one(status="off"), [f"{E}.status: must be one of active, blocked"]),
    ("extension-label", one(label=5), [f"{E}.label: must be a string"]),
    ("extension-key", one(extension_group_id=5), [f"{E}.extension_group_id: is not known here"]),
    (
        "extension-name",
        one(name="1234"),
        [f"{E}: name: must be 3 digits after the prefix, not '1234'"],
    ),
    (
        "extension-letters",
        one(name="1o1"),
        [f"{E}: name: must be 3 digits after the prefix, not '1o1'"],
    ),
    ("extension-prefix", one(name="11*101"), [f"{E}: name: the prefix must be 10"]),
    (
        "extension-create-date",
        one(create_date="x"),
        [f"{E}.create_date: must be a time such as 2020-03-16 12:18:08"],
    ),
    (
        "extension-id-twice",
        world(extensions=[phone(101), {**phone(102), "id": 101}]),
        [f"{C}.extensions[1]: id: 101 stands there twice"],
    ),
    (
        "extension-name-twice",
        world(extensions=[phone(101), {**phone(102), "name": "10*101"}]),
        [f"{C}.extensions[1]: name: '10*101' stands there twice"],
    ),
    ("group-unknown", one(extension_group="Far"), [f"{E}: client 10 has no extension_group 'Far'"]),
    ("group-of-another", one(extension_group=5), [f"{E}: client 10 has no extension_group 5"]),
    ("group-type", one(extension_group=1.5), [f"{E}.extension_group: must be an id or a name"]),
    # What hangs on extensions
    (
        "phone",
        one(phone={"hangup_timeout": 0, "colour": 1, "bundle": {}, "geo_list": "ru"}),
        [
            f"{E}.phone.geo_list: must be ISO 3166 alpha-2 codes separated by blanks, or *",
            f"{E}.phone.hangup_timeout: must be an integer from 1 to 4294967295",
            f"{E}.phone.colour: is not known here",
            f"{E}.phone.bundle: is not known here",
        ],
    ),
    ("phone-list", one(phone=[]), [f"{E}.phone: must be a JSON object"]),
    (
        "no-phone",
        one(type="queue", phone={"label": "x"}, registrations=[DEVICE], bundle=[101]),
        [
            f"{E}.{key}: only an extension of type phone has it"
            for key in ("phone", "registrations", "bundle")
        ],
    ),
    (
        "registration-empty",
        one(registrations=[{}]),
        [
            f"{E}.registrations[0].contact_address: is required",
            f"{E}.registrations[0].expires: is required",
        ],
    ),
    (
        "registration",
        one(
            registrations=[
                DEVICE,
                {**DEVICE, "expires": 0, "registration_id": "uloc-1", "registered_at": "x"},
            ]
        ),
        [
            f"{E}.registrations[1].expires: must be an integer from 1 to 4294967295",
            f"{E}.registrations[1].registered_at: must be a moment such as 2026-01-31 09:00:00",
            f"{E}.registrations[1].registration_id: must be like uloc-572b0ffb-6d47-001",
        ],
    ),
    (
        "registered-at-overflow",
        one(registrations=[{**DEVICE, "registered_at": "0001-01-01 00:00:00+14:00"}]),
        [f"{E}.registrations[0].registered_at: must be a moment such as 2026-01-31 09:00:00"],
    ),
    (
        "registration-twice",
        one(registrations=[{**DEVICE, "registration_id": "uloc-572b0ffb-6d47-001"}] * 2),
        [
            f"{E}.registrations[1]: registration_id: 'uloc-572b0ffb-6d47-001' stands there twice",
        ],
    ),
    (
        "event",
        one(events=[EVENT, {"url": "x", "event_type": "dial", "method": "PUT", "id": 0}, {}]),
        [
            f"{E}.events[1].url: must be an absolute http or https address with a host",
            f"{E}.events[1].method: must be one of GET, POST",
            f"{E}.events[1].event_type: must be one of dial-in, dial-out, hangup, answer, "
            "message-in, message-out, voicemail",
            f"{E}.events[1].id: must be an integer from 1 to 4294967294",
            f"{E}.events[2].url: is required",
            f"{E}.events[2].method: is required",
            f"{E}.events[2].event_type: is required",
        ],
    ),
    (
        "event-rules",
        one(type="ivr", events=[{**EVENT, "event_type": "message-in"}]),
        [
            f"{E}.events[0]: event_type: message-in exists only on extensions of type phone, "
            "not ivr",
        ],
    ),
    (
        "event-twice",
        one(events=[{**EVENT, "id": 7}] * 2),
        [f"{E}.events[1]: id: 7 stands there twice"],
    ),
    # Bundles
    ("bundle-unknown", one(bundle=["109"]), [f"{E}.bundle: client 10 has no extension '109'"]),
    ("bundle-of-another", one(bundle=[201]), [f"{E}.bundle: client 10 has no extension 201"]),
    (
        "bundle-itself",
        one(bundle=[101]),
        [f"{E}.bundle: bundle_list: 101 is the main extension itself"],
    ),
    (
        "bundle-no-phone",
        world(extensions=[phone(101, bundle=[102]), {"id": 102, "name": "102", "type": "fax"}]),
        [f"{E}.bundle: bundle_list: 102 must be of type phone, it is fax"],
    ),
    (
        "bundle-two",
        world(extensions=[phone(101, bundle=[103]), phone(102, bundle=[103]), phone(103)]),
        [f"{C}.extensions[1].bundle: bundle_list: 103 is linked to 101"],
    ),
    (
        "bundle-in-bundle",
        world(extensions=[phone(101, bundle=[102]), phone(102, bundle=[103]), phone(103)]),
        [f"{C}.extensions[1].bundle: extension_id: 102 is itself linked to 101"],
    ),
    (
        "bundle-of-main",
        world(extensions=[phone(101, bundle=[102]), phone(102), phone(103, bundle=[101])]),
        [f"{C}.extensions[2].bundle: bundle_list: 101 is the main extension of a bundle"],
    ),
    (
        "bundle-member",
        one(bundle=[{"active": True}, {"extension": 102, "active": 1}, None, 1.5]),
        [
            f"{E}.bundle[0].extension: is required",
            f"{E}.bundle[1].active: must be a boolean",
            f"{E}.bundle[2]: must not be null",
            f"{E}.bundle[3]: must be an id or a name",
        ],
    ),
    # Users
    (
        "user-empty",
        world(users=[{}], applications=[]),
        [f"{C}.users[0].login: is required", f"{C}.users[0].password: is required"],
    ),
    ("user-access", user(access="none"), [f"{C}.users[1].access: must be one of full, read_only"]),
    ("user-extension", user(extension="999"), [f"{C}.users[1]: client 10 has no extension '999'"]),
    ("user-of-another", user(extension=201), [f"{C}.users[1]: client 10 has no extension 201"]),
    ("user-group", user(extension_group=5), [f"{C}.users[1]: client 10 has no extension_group 5"]),
    (
        "user-of-two-levels",
        world(
            extension_groups=[{"id": 6, "name": "Near"}],
            users=[client()["users"][0], {**USER, "extension": 101, "extension_group": "Near"}],
        ),
        [f"{C}.users[1]: has an extension and a group: only one level is possible"],
    ),
    ("user-id-twice", user(id=1), [f"{C}.users[1]: id: 1 stands there twice"]),
    ("login-twice", user(login="admin"), [f"{C}.users[1]: login: 'admin' stands there twice"]),
    (
        "login-of-another",
        user(login="far"),
        ["clients[1].users[0]: login: 'far' stands there twice"],
    ),
    # Applications
    (
        "application-empty",
        world(applications=[{}]),
        [f"{A}.{name}: is required" for name in ("client_id", "client_secret", "type", "user")],
    ),
    (
        "application-words",
        app(type="private", access="all"),
        [
            f"{A}.type: must be one of public, trusted, password_credentials",
            f"{A}.access: must be one of All, Call API",
        ],
    ),
    ("application-user", app(user="none", tokens=[]), [f"{A}: client 10 has no user 'none'"]),
    ("application-of-another", app(user="far", tokens=[]), [f"{A}: client 10 has no user 'far'"]),
    (
        "application-twice",
        world(applications=[application(tokens=TOKENS), application(tokens=[])]),
        [f"{C}.applications[1]: client_id: 'app' stands there twice"],
    ),
    (
        "token",
        app(tokens=[{"expires_in": 0}], refresh_tokens=[{"token": 1, "user": None}]),
        [
            f"{A}.tokens[0].token: is required",
            f"{A}.tokens[0].user: is required",
            f"{A}.tokens[0].expires_in: must be an integer from 1 to 4294967295",
            f"{A}.refresh_tokens[0].token: must be a string",
            f"{A}.refresh_tokens[0].user: must not be null",
        ],
    ),
    (
        "token-user",
        app(tokens=[{"token": "x", "user": 9}]),
        [f"{A}.tokens[0]: client 10 has no user 9"],
    ),
    (
        "token-twice",
        app(tokens=TOKENS * 2, refresh_tokens=TOKENS),
        [f"{A}.tokens[1]: value: 'x' stands there twice"],
    ),
]


@pytest.mark.parametrize(
    ("data", "faults"), [pytest.param(*case[1:], id=case[0]) for case in FAULTS]
)
def test_a_fault(data: Any, faults: list[str]) -> None:
    """A broken world is refused with the place and the reason of each fault."""
    with pytest.raises(WorldError) as caught:
        worlds.build(data)
    assert sorted(caught.value.faults) == sorted(faults)


@pytest.mark.parametrize(
    "data",
    [
        world(),
        world(extensions=[]),
        world(extension_groups=[{"name": "Near"}], users=client()["users"]),
        one(extension_group=None, label=None, events=[], registrations=[], bundle=[]),
        user(extension=101),
        world(
            extensions=[phone(101, bundle=["102", {"extension": "10*103"}]), phone(102), phone(103)]
        ),
        app(rate_limit=None, refresh_tokens=[{"token": TOKEN, "user": 1}]),
        {**world(), "about": "", "next_ids": {"event": 1, "user": 4294967295}},
    ],
)
def test_no_fault(data: Any) -> None:
    """A world that is near to a broken one starts."""
    assert worlds.build(data).tables.keys() > {"client", "extension", "user"}


def test_faults_of_all_parts_are_told_at_once() -> None:
    """Faults that only show between the parts of a file are told together, whatever the part."""
    data = world(
        extensions=[{**phone(101), "name": "1"}, phone(102, bundle=[999])],
        users=[{**USER, "extension": 999}],
    )
    with pytest.raises(WorldError) as caught:
        worlds.read(data)
    assert caught.value.faults == [
        f"{C}.extensions[0]: name: must be 3 digits after the prefix, not '1'",
        f"{C}.users[0]: client 10 has no extension 999",
        f"{C}.applications[0]: client 10 has no user 'admin'",
        f"{C}.extensions[1].bundle: client 10 has no extension 999",
    ]
    assert str(caught.value) == f"world custom: {'; '.join(caught.value.faults)}"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "line 1 column 1: Expecting value"),
        (b'{"format": 1,\n "clients" []}', "line 2 column 12: Expecting ':' delimiter"),
        (b'{"format": 1, "format": 1}', "the key format stands there twice"),
    ],
)
def test_a_file_that_is_no_json(tmp_path: Path, content: bytes, fault: str) -> None:
    """A file that is no JSON is refused with the line and the column."""
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(WorldError) as caught:
        worlds.read(path)
    assert caught.value.faults == [fault]
    assert str(caught.value) == f"world {path}: {fault}"


def test_no_such_file(tmp_path: Path) -> None:
    """A name of neither a shipped world nor a file is refused with the names that there are."""
    path = tmp_path / "none.json"
    with pytest.raises(WorldError) as caught:
        worlds.read(path)
    expected = "no such file, and no world of that name: documented, empty, office"
    assert (caught.value.source, caught.value.faults) == (str(path), [expected])


def test_a_file(tmp_path: Path) -> None:
    """A world file is read by its path and gives the world its name."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(world()), encoding="utf-8")
    for source in (path, str(path)):
        assert worlds.read(source).name == "mine"


def test_an_application_is_refused() -> None:
    """No application is made of a broken world."""
    with pytest.raises(WorldError, match=r"^world custom: clients\[0\]\.id: must be an integer"):
        create_app(world(id="10"))


def test_all_faults_at_once() -> None:
    """What is wrong in itself and what refers to nothing are told together."""
    broken = world(
        extensions=[{**phone(101), "colour": "red", "phone": {"hangup_timeout": "x"}}],
        users=[client()["users"][0], {**USER, "extension": "999"}],
        dids=[{"name": "7495", "extension": "998"}],
    )
    with pytest.raises(WorldError) as raised:
        worlds.read(broken)
    assert raised.value.faults == [
        f"{E}.phone.hangup_timeout: must be an integer",
        f"{E}.colour: is not known here",
        f"{C}.users[1]: client 10 has no extension '999'",
        f"{C}.dids[0]: client 10 has no extension '998'",
    ]


def test_a_fault_is_told_once() -> None:
    """Who refers to an agent that is wrong is not wrong."""
    broken = world(
        extensions=[
            phone(101),
            {"id": 200, "name": "200", "type": "queue", "queue": {"agents": ["Ann"], "turn": 5}},
        ],
        agents=[{"id": 5, "name": "Ann", "extension": "999"}],
    )
    with pytest.raises(WorldError) as raised:
        worlds.read(broken)
    assert raised.value.faults[0] == f"{C}.agents[0]: client 10 has no extension '999'"
    assert not [one for one in raised.value.faults if "agents[0]" in one][1:]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"about": "\xe9"}', "is not UTF-8, from byte 11 on"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"", "line 1 column 1: Expecting value"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, text: str) -> None:
    """What is no JSON in UTF-8 is said in a line."""
    file = tmp_path / "world.json"
    file.write_bytes(content)
    with pytest.raises(WorldError) as raised:
        worlds.read(file)
    assert raised.value.faults == [text]


def test_a_file_with_a_mark(tmp_path: Path) -> None:
    """The mark with which some editors begin a file is no fault."""
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world()), encoding="utf-8-sig")
    assert worlds.read(file).name == "world"
