"""Registrations: read, dropped, renewed, lost by time, refused by place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mockpbx import Readings

from ...company import TOKEN, client, company, phone
from ...conftest import Caller

MakeCaller = Callable[..., Caller]

NOT_FOUND = {"message": "Not found"}
DENIED = {"message": "Access denied", "status": "access_denied"}
OF_101 = "/extension/101/registration/"
LIST = "/extension/registration/"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def device(name: str, expires: int, **more: Any) -> dict[str, Any]:
    """A registration in a world file; its id ends in the name."""
    return {
        "device": f"Phone {name}",
        "contact_address": f"sip:10*101@192.168.5.{name}:5062",
        "real_address": f"sip:203.0.113.{name}:5060",
        "expires": expires,
        "registration_id": f"uloc-00000000-0000-0{name}",
        **more,
    }


def element(name: str, expires: int) -> dict[str, Any]:
    """That registration in an answer."""
    return device(name, expires)


def shown(extension: int, registered: bool, *elements: dict[str, Any]) -> dict[str, Any]:
    """The registrations of an extension in an answer."""
    return {
        "registered": registered,
        "extension_id": extension,
        "registrations": list(elements),
    }


@pytest.fixture
def world(make_caller: MakeCaller) -> Callable[..., Caller]:
    """Makes a caller of a company whose phone 101 has these registrations, at noon."""

    def make(*registrations: dict[str, Any], readings: Any = None, **phone_101: Any) -> Caller:
        extensions = [
            phone(101, registrations=list(registrations), **phone_101),
            phone(102),
            {"id": 103, "name": "103", "type": "queue"},
        ]
        groups = [{"id": 1, "networks": ["203.0.113.0/24", "2001:db8::/32"]}]
        data = company(extensions=extensions, geo_list="RU BY", network_permission_groups=groups)
        other = client(
            id=20, prefix="20", extensions=[phone(201)], users=[], applications=[], name="Other"
        )
        data["clients"].append(other)
        there = make_caller(data, freeze=True, readings=readings or Readings())
        there.token = TOKEN
        return there

    return make


def register(there: Caller, **fields: Any) -> tuple[int, Any]:
    """A SIP REGISTER of the phone 101."""
    answer = there.post("/_mockpbx/registrations", json={"extension": "101", **fields})
    return answer.status_code, answer.json if answer.data else None


def read(there: Caller, path: str = OF_101) -> tuple[int, Any]:
    """Status and body of a reading."""
    answer = there.get(path)
    return answer.status_code, answer.json


@pytest.mark.fact("REG-2", "REG-5", "REG-14")
def test_the_documented_registration(documented: Caller) -> None:
    """The registration of the documentation's example is read as printed."""
    expected = {
        "registered": True,
        "extension_id": 3,
        "registrations": [
            {
                "device": "Yealink SIP-T46G 28.72.14.5",
                "real_address": "sip:203.0.113.9:62338",
                "contact_address": "sip:000*002@192.168.5.52:5062",
                "expires": 699,
                "registration_id": "uloc-572b0ffb-6d47-001",
            }
        ],
    }
    assert read(documented, "/extension/3/registration/") == (200, expected)
    assert read(documented, "/extension/registration/?extension_id=3") == (200, expected)


@pytest.mark.fact("REG-2")
def test_several_devices(world: Callable[..., Caller]) -> None:
    """All active registrations of an extension are shown."""
    there = world(device("11", 60), device("12", 120))
    expected = shown(101, True, element("11", 60), element("12", 120))
    assert read(there) == (200, expected)


@pytest.mark.fact("REG-6", "REG-2")
def test_a_phone_that_never_registered(world: Callable[..., Caller]) -> None:
    """A phone without registrations is not registered."""
    assert read(world()) == (200, shown(101, False))


@pytest.mark.fact("REG-7", "REG-8", "REG-6")
@pytest.mark.parametrize(
    ("seconds", "expires", "registered"),
    [
        (0, 700, True),
        (0.000001, 700, True),
        (0.5, 700, True),
        (1, 699, True),
        (1.5, 699, True),
        (699, 1, True),
        (699.5, 1, True),
        (699.999999, 1, True),
        (700, 0, False),
        (700.5, 0, False),
        (10_000_000, 0, False),
    ],
)
def test_a_registration_is_lost(
    world: Callable[..., Caller], seconds: float, expires: int, registered: bool
) -> None:
    """Whole seconds are left, rounded up; at 0 the device is lost and listed as the last one."""
    there = world(device("11", 700))
    there.world.clock.advance(seconds)
    assert read(there) == (200, shown(101, registered, element("11", expires)))


@pytest.mark.fact("REG-7")
@pytest.mark.parametrize("seconds", [0, 0.5, 699.5, 700, 1000])
def test_the_moment_of_loss(world: Callable[..., Caller], seconds: float) -> None:
    """Under the reading `utc` the answer is the moment of loss in seconds since 1970."""
    there = world(readings=Readings(registration_expires="utc"))
    there.world.clock.move_to(NOON)
    register(there, expires=700, **{name: device("11", 1)[name] for name in SENT})
    there.world.clock.advance(seconds)
    (found,) = json.loads(there.get(OF_101).text)["registrations"]
    assert found["expires"] == int(NOON.timestamp()) + 700


SENT = ("device", "contact_address", "real_address")


@pytest.mark.fact("REG-7")
def test_the_moment_of_loss_is_rounded_up(world: Callable[..., Caller]) -> None:
    """Under the reading `utc` a loss within a second is told as the end of that second."""
    there = world(readings=Readings(registration_expires="utc"))
    there.world.clock.move_to(NOON)
    there.world.clock.advance(0.25)
    register(there, expires=700)
    (found,) = json.loads(there.get(OF_101).text)["registrations"]
    assert found["expires"] == int(NOON.timestamp()) + 701


@pytest.mark.fact("REG-6", "REG-13")
def test_the_last_registrations(world: Callable[..., Caller]) -> None:
    """Of lost registrations those that were lost last are kept, all that were lost together."""
    there = world(device("11", 60), device("12", 120), device("13", 120))
    there.world.clock.advance(119)
    expected = shown(101, True, element("12", 1), element("13", 1))
    assert read(there) == (200, expected)
    there.world.clock.advance(1)
    expected = shown(101, False, element("12", 0), element("13", 0))
    assert read(there) == (200, expected)


@pytest.mark.fact("REG-3", "REG-13")
@pytest.mark.parametrize("seconds", [0, 700], ids=["active", "last"])
def test_all_are_dropped(world: Callable[..., Caller], seconds: int) -> None:
    """Dropping all leaves nothing, neither active registrations nor last ones."""
    there = world(device("11", 700), device("12", 700))
    there.world.clock.advance(seconds)
    answer = there.delete(OF_101)
    assert (answer.status_code, answer.data) == (204, b"")
    assert read(there) == (200, shown(101, False))


@pytest.mark.fact("REG-3")
@pytest.mark.parametrize("extension", [102, 103])
def test_nothing_to_drop(world: Callable[..., Caller], extension: int) -> None:
    """Dropping all of an extension that has none is a 204 too."""
    there = world(device("11", 700))
    before = there.state()
    assert there.delete(f"/extension/{extension}/registration/").status_code == 204
    assert there.state() == before


@pytest.mark.fact("REG-4", "REG-13")
@pytest.mark.parametrize(
    ("seconds", "left"), [(0, element("12", 700)), (700, element("12", 0))], ids=["active", "last"]
)
def test_one_is_dropped(world: Callable[..., Caller], seconds: int, left: dict[str, Any]) -> None:
    """Dropping one leaves the others, active ones or last ones."""
    there = world(device("11", 700), device("12", 700))
    there.world.clock.advance(seconds)
    answer = there.delete(f"{OF_101}uloc-00000000-0000-011")
    assert (answer.status_code, answer.data) == (204, b"")
    assert read(there) == (200, shown(101, seconds == 0, left))


@pytest.mark.fact("REG-13")
@pytest.mark.parametrize("how", ["dropped", "unregistered"])
def test_what_was_lost_before_does_not_come_back(world: Callable[..., Caller], how: str) -> None:
    """Once the last active registration has gone, one that was lost before it is not the last."""
    there = world(device("11", 60), device("12", 700))
    there.world.clock.advance(61)
    if how == "dropped":
        there.delete(f"{OF_101}uloc-00000000-0000-012")
    else:
        register(there, contact_address=device("12", 1)["contact_address"], expires=0)
    assert read(there) == (200, shown(101, False))


@pytest.mark.fact("REG-4", "ERR-6")
@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        (f"{OF_101}uloc-00000000-0000-099", 0),
        (f"{OF_101}none", 0),
        (f"{OF_101}uloc-00000000-0000-011", 61),
        ("/extension/102/registration/uloc-00000000-0000-011", 0),
        ("/extension/103/registration/uloc-00000000-0000-011", 0),
    ],
    ids=["unknown", "other-form", "no-more-listed", "of-another", "of-a-queue"],
)
def test_a_registration_that_is_none(world: Callable[..., Caller], path: str, seconds: int) -> None:
    """Dropping what the extension does not list is a 404 and changes nothing."""
    there = world(device("11", 60), device("12", 700))
    there.world.clock.advance(seconds)
    before = there.state()
    answer = there.delete(path)
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    assert answer.headers["X-Mockpbx-Rule"] == "REG-4"
    assert there.state() == before


@pytest.mark.fact("REG-1", "REG-9", "REG-11")
def test_all_extensions(world: Callable[..., Caller]) -> None:
    """Without ids all extensions of the client are listed by id, queues too."""
    there = world(device("11", 700))
    expected = [shown(101, True, element("11", 700)), shown(102, False), shown(103, False)]
    assert read(there, LIST) == (200, expected)


ONE = shown(101, True, element("11", 700))
TWO = shown(102, False)


@pytest.mark.fact("REG-9", "REG-1")
@pytest.mark.parametrize(
    ("reading", "query", "expected"),
    [
        ("object_for_one", "extension_id=101", ONE),
        ("object_for_one", "extension_id=102&extension_id=101", [TWO, ONE]),
        ("object_for_one", "extension_id=101&extension_id=102", [ONE, TWO]),
        ("array", "extension_id=101", [ONE]),
        ("array", "extension_id=102&extension_id=101", [TWO, ONE]),
    ],
)
def test_the_shape_of_a_list(
    world: Callable[..., Caller], reading: Any, query: str, expected: Any
) -> None:
    """One id is answered with an object or an array, as read; several in the order asked."""
    there = world(device("11", 700), readings=Readings(registration_list=reading))
    assert read(there, f"{LIST}?{query}") == (200, expected)


@pytest.mark.fact("REG-11")
@pytest.mark.parametrize("reading", ["object_for_one", "array"])
def test_unknown_ids(world: Callable[..., Caller], reading: Any) -> None:
    """An unknown id is left out of an array and is a 404 when it is the only one."""
    there = world(device("11", 700), readings=Readings(registration_list=reading))
    assert read(there, f"{LIST}?extension_id=999&extension_id=101") == (200, [ONE])
    assert read(there, f"{LIST}?extension_id=999&extension_id=998") == (200, [])
    answer = there.get(f"{LIST}?extension_id=999")
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    assert answer.headers["X-Mockpbx-Rule"] == "REG-11"


@pytest.mark.fact("REG-11")
def test_no_phone(world: Callable[..., Caller]) -> None:
    """An extension that is no phone is not registered and has no registrations."""
    assert read(world(), "/extension/103/registration/") == (200, shown(103, False))


@pytest.mark.fact("REG-10")
def test_no_paging_and_no_filter(world: Callable[..., Caller]) -> None:
    """Parameters of paging and of other filters change nothing."""
    there = world(device("11", 700))
    query = "page=2&per_page=1&registered=true&order=desc"
    assert read(there, f"{LIST}?{query}") == read(there, LIST)


@pytest.mark.fact("REG-1", "ERR-9")
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "*", "%2A", "101,102", "@101", "4294967296"])
def test_an_id_that_is_none(world: Callable[..., Caller], value: str) -> None:
    """An id in the query that is no number is a 400 that cites the rule."""
    answer = world().get(f"{LIST}?extension_id={value}")
    what = "an integer from 0 to 4294967295" if value == "4294967296" else "an integer"
    assert (answer.status_code, answer.json) == (
        400,
        {"message": f"extension_id[0]: must be {what}"},
    )
    assert answer.headers["X-Mockpbx-Rule"] == "REG-1"


@pytest.mark.fact("REG-1", "ERR-2")
@pytest.mark.parametrize("query", ["extension_id=201", "extension_id=101&extension_id=201"])
def test_somebody_elses_extension(world: Callable[..., Caller], query: str) -> None:
    """Asking for an extension of another client is refused, whatever else is asked for."""
    assert read(world(), f"{LIST}?{query}") == (403, DENIED)


@pytest.mark.fact("REG-1", "AUT-15")
@pytest.mark.parametrize(("user", "ids"), [("anna", [85218]), ("sales", [85220, 85221])])
def test_what_lower_users_see(make_caller: MakeCaller, user: str, ids: list[int]) -> None:
    """Without ids a user of one extension or of a group sees those."""
    answer = make_caller("office", user=user).get(LIST)
    assert [item["extension_id"] for item in json.loads(answer.text)] == ids


@pytest.mark.fact("REG-12")
def test_the_form_of_an_id(world: Callable[..., Caller]) -> None:
    """A new registration has an id of `uloc-`, 8, 4 and 3 hexadecimal digits; each another."""
    there = world()
    for number in range(20):
        register(there, contact_address=f"sip:10*101@192.168.5.{number}:5062")
    found = [one["registration_id"] for one in json.loads(there.get(OF_101).text)["registrations"]]
    form = re.compile(r"uloc-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{3}")
    assert [text for text in found if not form.fullmatch(text)] == []
    assert len(set(found)) == 20


@pytest.mark.fact("REG-8")
def test_a_device_registers(world: Callable[..., Caller]) -> None:
    """A device registers with what it says of itself."""
    there = world()
    sent = {name: device("11", 1)[name] for name in SENT}
    status, found = register(there, expires=60, **sent)
    assert (status, found) == (
        201,
        {**sent, "expires": 60, "registration_id": found["registration_id"]},
    )
    assert read(there) == (200, shown(101, True, found))


@pytest.mark.fact("REG-8")
def test_a_device_renews(world: Callable[..., Caller]) -> None:
    """The same contact renews its registration, which keeps its id and its place."""
    there = world(device("11", 60), device("12", 120))
    there.world.clock.advance(59)
    sent = {**{name: device("11", 1)[name] for name in SENT}, "device": "New firmware"}
    renewed = {**element("11", 300), "device": "New firmware"}
    assert register(there, expires=300, **sent) == (201, renewed)
    assert read(there) == (200, shown(101, True, renewed, element("12", 61)))


@pytest.mark.fact("REG-8", "REG-13")
def test_a_lost_device_renews(world: Callable[..., Caller]) -> None:
    """A lost device that registers again keeps its id; others lost before are forgotten."""
    there = world(device("11", 60), device("12", 60))
    there.world.clock.advance(61)
    sent = {name: device("11", 1)[name] for name in SENT}
    assert register(there, expires=300, **sent) == (201, element("11", 300))
    kept = there.state()["clients"][0]["extensions"][0]["registrations"]
    assert [one["registration_id"] for one in kept] == ["uloc-00000000-0000-011"]
    there.world.clock.advance(300)
    assert read(there) == (200, shown(101, False, element("11", 0)))


@pytest.mark.fact("REG-13")
def test_a_device_unregisters(world: Callable[..., Caller]) -> None:
    """A device that registers for 0 seconds is gone and not kept as the last one."""
    there = world(device("11", 60), device("12", 120))
    contact = device("11", 1)["contact_address"]
    assert register(there, contact_address=contact, expires=0) == (204, None)
    assert read(there) == (200, shown(101, True, element("12", 120)))


@pytest.mark.fact("REG-13")
def test_all_devices_unregister(world: Callable[..., Caller]) -> None:
    """The contact `*` with 0 seconds ends all registrations."""
    there = world(device("11", 60), device("12", 120))
    assert register(there, contact_address="*", expires=0) == (204, None)
    assert read(there) == (200, shown(101, False))


@pytest.mark.fact("REG-8")
def test_all_devices_do_not_register(world: Callable[..., Caller]) -> None:
    """The contact `*` with seconds is refused and changes nothing."""
    there = world(device("11", 60))
    before = there.state()
    message = "contact_address: * only ends registrations, with expires 0"
    assert register(there, contact_address="*", expires=1) == (400, {"message": message})
    assert there.state() == before


@pytest.mark.fact("REG-11")
def test_only_a_phone_registers(world: Callable[..., Caller]) -> None:
    """An extension that is no phone cannot register."""
    there = world()
    before = there.state()
    message = "extension: 10*103 is queue; only a phone registers"
    assert register(there, extension=103) == (400, {"message": message})
    assert there.state() == before


@pytest.mark.fact("REG-15")
@pytest.mark.parametrize(
    ("geo_list", "country", "allowed"),
    [
        (None, "RU", "RU BY"),
        (None, "BY", "RU BY"),
        (None, None, "RU BY"),
        ("US", "US", "US"),
        ("*", "US", "*"),
        (None, "US", "RU BY"),
        ("US", "RU", "US"),
    ],
)
def test_the_country_of_a_device(
    world: Callable[..., Caller], geo_list: str | None, country: str | None, allowed: str
) -> None:
    """A device registers from the countries of the phone's list, or else of the client's."""
    there = world(phone={"geo_list": geo_list})
    before = there.state()
    status, body = register(there, country=country)
    if country is None or allowed == "*" or country in allowed.split():
        assert (status, body["expires"]) == (201, 3600)
    else:
        message = f"country: {country} is not in the geo_list {allowed}"
        assert (status, body) == (403, {"message": message})
        assert there.state() == before


TRUSTED = {"network_permission_group_id": 1}


@pytest.mark.fact("REG-15")
@pytest.mark.parametrize(
    ("properties", "address", "status"),
    [
        ({"auth_type": "digest"}, "sip:198.51.100.7:5060", 201),
        ({"auth_type": "network", **TRUSTED}, "sip:203.0.113.7:5060", 201),
        ({"auth_type": "both", **TRUSTED}, "sip:203.0.113.7:5060", 201),
        ({"auth_type": "both", **TRUSTED}, "sip:203.0.113.7", 201),
        ({"auth_type": "both", **TRUSTED}, "sip:[2001:db8::7]:5060", 201),
        ({"auth_type": "network", **TRUSTED}, "sip:198.51.100.7:5060", 403),
        ({"auth_type": "both", **TRUSTED}, "sip:198.51.100.7:5060", 403),
        ({"auth_type": "both", **TRUSTED}, "sip:phone.example.com:5060", 403),
        ({"auth_type": "both", **TRUSTED}, "sip:[2001:db8::7", 403),
        ({"auth_type": "both", **TRUSTED}, "", 403),
        ({"auth_type": "both", "network_permission_group_id": 2}, "sip:203.0.113.7:5060", 403),
        ({"auth_type": "both", "network_permission_group_id": None}, "sip:203.0.113.7:5060", 403),
        ({"auth_type": "both"}, "sip:203.0.113.7:5060", 403),
    ],
)
def test_the_network_of_a_device(
    world: Callable[..., Caller], properties: dict[str, Any], address: str, status: int
) -> None:
    """With auth_type network or both a device registers only from the trusted networks."""
    there = world(phone=properties)
    before = there.state()
    found, body = register(there, real_address=address)
    assert found == status
    if status == 403:
        kind = properties["auth_type"]
        text = f"real_address: auth_type {kind} needs an address in the trusted networks"
        assert body == {"message": text}
        assert there.state() == before


@pytest.mark.fact("REG-15")
@pytest.mark.parametrize(
    ("properties", "fields", "rule"),
    [
        ({}, {"country": "US"}, "REG-15, PHN-20"),
        ({"auth_type": "both"}, {}, "REG-15, PHN-25"),
    ],
)
def test_the_rule_of_a_refused_place(
    world: Callable[..., Caller], properties: dict[str, Any], fields: dict[str, Any], rule: str
) -> None:
    """The refusal of a place cites the rule of the phone's property."""
    there = world(phone=properties)
    answer = there.post("/_mockpbx/registrations", json={"extension": 101, **fields})
    assert (answer.status_code, answer.headers["X-Mockpbx-Rule"]) == (403, rule)


@pytest.mark.fact("REG-16")
def test_a_static_address(world: Callable[..., Caller]) -> None:
    """A static address is no registration and is not listed."""
    there = world(phone={"static_reg_address": "8.8.8.8:5068"})
    assert read(there) == (200, shown(101, False))


@pytest.mark.fact("REG-2", "AUT-16", "AUT-17")
@pytest.mark.parametrize("path", ["@101", "@2566*101", "@me"])
def test_the_other_names_of_an_extension(make_caller: MakeCaller, path: str) -> None:
    """The extension goes by its name, or by `@me` for its own user."""
    there = make_caller("office", user="anna", freeze=True)
    found = read(there, f"/extension/{path}/registration/")
    assert found == read(there, "/extension/85218/registration/")
    assert found[0] == 200


@pytest.mark.fact("REG-3")
def test_other_extensions_keep_theirs(office: Caller) -> None:
    """Dropping all of one extension leaves those of the others."""
    before = json.loads(office.get(LIST).text)
    office.delete("/extension/85218/registration/")
    after = json.loads(office.get(LIST).text)
    assert after == [shown(85218, False), *before[1:]]
