"""Reading, adding, changing and deleting one extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller, token_of
from tests.shared import enter, fresh

LIST = "/client/2566/extension/"
ITEM = "/client/2566/extension/85219"

BORIS: dict[str, Any] = {
    "status": "active",
    "domain": "sipproxy.telphin.ru",
    "create_date": "2020-01-01 09:00:00",
    "name": "2566*102",
    "dial_rule_limit": None,
    "extension_group_id": None,
    "label": "Boris Ivanov",
    "caller_id_name": "Boris Ivanov",
    "client_id": 2566,
    "extra_params": None,
    "message_did": None,
    "dial_rule_id": None,
    "ani_rfc3325": False,
    "type": "phone",
    "id": 85219,
    "did_as_transfer_caller_id": None,
}

#: The next id of the world `office`.
NEW = 96858


@pytest.mark.fact("EXT-2", "EXT-5")
def test_the_documented_extension_is_answered_as_printed() -> None:
    """GET of the extension in the documentation answers the sixteen printed fields."""
    app = enter(fresh("documented"))
    secret = {"client_id": "app12", "client_secret": "secret"}
    caller = Caller(app, token_of(app, grant_type="client_credentials", **secret))
    assert answered(caller.get("/client/12/extension/30")) == (
        200,
        {
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
        },
    )


@pytest.mark.fact("EXT-4", "EXT-2")
def test_a_new_extension_has_the_defaults(office: Caller) -> None:
    """POST of name and type answers 201 with a whole extension, created now."""
    now = json_of(office.get("/_mockpbx/clock"))["now"]
    answer = office.post(LIST, json={"name": "2566*200", "type": "phone"})
    assert answered(answer) == (
        201,
        {
            **BORIS,
            "id": NEW,
            "name": "2566*200",
            "label": None,
            "caller_id_name": None,
            "create_date": now[:19],
        },
    )


@pytest.mark.fact("EXT-2", "EXT-4", "EXT-6")
def test_a_new_extension_has_the_fields_that_were_sent(office: Caller) -> None:
    """POST takes every field that the client decides, and GET answers what POST answered."""
    fields = {
        "name": "2566*200",
        "type": "phone",
        "status": "blocked",
        "label": "Desk",
        "caller_id_name": "Front desk",
        "extension_group_id": 14,
        "dial_rule_id": 3,
        "dial_rule_limit": 4,
        "message_did": "79161112233",
        "did_as_transfer_caller_id": "79161112234",
        "ani_rfc3325": True,
        "extra_params": '{"crm": 7}',
    }
    answer = office.post(LIST, json=fields)
    shown = {**BORIS, **fields, "id": NEW, "create_date": json_of(answer)["create_date"]}
    assert (answered(answer), answered(office.get(f"{LIST}{NEW}"))) == ((201, shown), (200, shown))


@pytest.mark.fact("EXT-3")
@pytest.mark.parametrize("kind", ["phone", "queue", "ivr", "fax"])
def test_each_documented_type_can_be_added(office: Caller, kind: str) -> None:
    """An extension is a phone, a queue, an ivr or a fax."""
    answer = office.post(LIST, json={"name": "200", "type": kind})
    assert (answer.status_code, json_of(answer)["type"]) == (201, kind)


@pytest.mark.fact("EXT-3")
@pytest.mark.parametrize("status", ["active", "blocked"])
def test_each_documented_status_can_be_set(office: Caller, status: str) -> None:
    """An extension is active or blocked."""
    assert answered(office.put(ITEM, json={"status": status})) == (200, {**BORIS, "status": status})


@pytest.mark.fact("EXT-4", "GEN-19")
def test_a_name_may_come_without_the_prefix(office: Caller) -> None:
    """A name of digits alone is answered with the client's prefix."""
    answer = office.post(LIST, json={"name": "200", "type": "phone"})
    assert (answer.status_code, json_of(answer)["name"]) == (201, "2566*200")


@pytest.mark.fact("EXT-4")
def test_ids_rise_and_are_not_given_twice(office: Caller) -> None:
    """The id of a deleted extension is not the next one's."""
    first = json_of(office.post(LIST, json={"name": "200", "type": "phone"}))["id"]
    office.delete(f"{LIST}{first}")
    second = json_of(office.post(LIST, json={"name": "200", "type": "phone"}))["id"]
    assert (first, second) == (NEW, NEW + 1)


@pytest.mark.fact("EXT-4", "GEN-19")
@pytest.mark.parametrize(
    ("name", "message", "rule", "basis"),
    [
        ("102", "name: 2566*102 is taken", "EXT-4", "observed, assumed"),
        ("2566*102", "name: 2566*102 is taken", "EXT-4", "observed, assumed"),
        *(
            (name, message, "GEN-19, EXT-4", "doc, observed, assumed")
            for name, message in [
                ("20", "name: must be 3 digits after the prefix, not '20'"),
                ("2000", "name: must be 3 digits after the prefix, not '2000'"),
                ("", "name: must be 3 digits after the prefix, not ''"),
                ("2566*", "name: must be 3 digits after the prefix, not ''"),
                ("20a", "name: must be 3 digits after the prefix, not '20a'"),
                (" 20", "name: must be 3 digits after the prefix, not ' 20'"),
                ("٢٠٠", "name: must be 3 digits after the prefix, not '٢٠٠'"),
                ("2566*200*1", "name: must be 3 digits after the prefix, not '200*1'"),
                ("2567*200", "name: the prefix must be 2566"),
                ("*200", "name: the prefix must be 2566"),
            ]
        ),
    ],
)
def test_a_name_that_is_taken_or_malformed_is_refused(
    office: Caller, name: str, message: str, rule: str, basis: str
) -> None:
    """A name in use, of another length, of other characters or under another prefix is a 400."""
    before = office.state()
    answer = office.post(LIST, json={"name": name, "type": "phone"})
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert office.state() == before


@pytest.mark.fact("GEN-19")
@pytest.mark.parametrize("length", [2, 3, 4])
def test_a_name_is_as_long_as_the_client_has_it(
    make_caller: Callable[..., Caller], length: int
) -> None:
    """Of names with one to five digits the client takes those of its `extension_len`."""
    world = make_caller("empty").state()
    world["clients"][0]["extension_len"] = length
    caller = make_caller(world)
    names = ["1", "12", "123", "1234", "12345"]
    statuses = [
        caller.post("/client/1/extension/", json={"name": name, "type": "phone"}).status_code
        for name in names
    ]
    assert statuses == [201 if len(name) == length else 400 for name in names]


@pytest.mark.fact("EXT-4")
def test_a_name_is_free_once_its_extension_is_deleted(office: Caller) -> None:
    """The name of a deleted extension can be given again."""
    office.delete(ITEM)
    answer = office.post(LIST, json={"name": "102", "type": "fax"})
    assert (answer.status_code, json_of(answer)["name"]) == (201, "2566*102")


@pytest.mark.fact("EXT-2", "EXT-3", "EXT-4", "ERR-9", "GEN-16")
@pytest.mark.parametrize(
    ("fields", "message", "rule", "basis"),
    [
        ({}, "name: is required; type: is required", "EXT-4", "observed, assumed"),
        ({"name": "200"}, "type: is required", "EXT-4", "observed, assumed"),
        ({"type": "phone"}, "name: is required", "EXT-4", "observed, assumed"),
        (
            {"name": 200, "type": "phone"},
            "name: must be a string",
            "EXT-4",
            "observed, assumed",
        ),
        (
            {"name": "200", "type": "trunk"},
            "type: must be one of phone, queue, ivr, fax",
            "EXT-4",
            "observed, assumed",
        ),
        (
            {"name": "200", "type": "phone", "status": "paused"},
            "status: must be one of active, blocked",
            "EXT-3",
            "doc",
        ),
        (
            {"name": "200", "type": "phone", "dial_rule_id": "3", "ani_rfc3325": "yes"},
            "dial_rule_id: must be an integer; ani_rfc3325: must be a boolean",
            "EXT-2",
            "example",
        ),
        (
            {"name": "20", "type": "phone", "extension_group_id": 15},
            "name: must be 3 digits after the prefix, not '20'; "
            "extension_group_id: the client has no group 15",
            "GEN-19, EXT-4, AUT-15",
            "doc, observed, assumed",
        ),
    ],
)
def test_a_new_extension_with_bad_fields_is_refused(
    office: Caller, fields: dict[str, Any], message: str, rule: str, basis: str
) -> None:
    """A missing or bad field is a 400 that names every one, and nothing is added."""
    before = office.state()
    answer = office.post(LIST, json=fields)
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert office.state() == before


@pytest.mark.fact("EXT-5")
def test_an_extension_is_read(office: Caller) -> None:
    """GET of an item answers one object."""
    assert answered(office.get(ITEM)) == (200, BORIS)


@pytest.mark.fact("EXT-5", "EXT-6", "EXT-2")
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", ["blocked", "active"]),
        ("label", ["Desk", "", None]),
        ("caller_id_name", ["Иван", None]),
        ("extension_group_id", [14, None]),
        ("dial_rule_id", [0, 4294967295, None]),
        ("dial_rule_limit", [0, 4294967295, None]),
        ("message_did", ["79161112233", None]),
        ("did_as_transfer_caller_id", ["79161112233", None]),
        ("ani_rfc3325", [True, False]),
        ("extra_params", ['{"crm": 7}', "any text", "", None]),
    ],
)
def test_a_field_is_changed_and_the_others_are_kept(
    office: Caller, name: str, values: list[Any]
) -> None:
    """PUT of one field answers the extension with it, and GET the same."""
    for value in values:
        expected = (200, {**BORIS, name: value})
        assert answered(office.put(ITEM, json={name: value})) == expected
        assert answered(office.get(ITEM)) == expected


@pytest.mark.fact("EXT-5", "EXT-6", "EXT-2", "EXT-3")
@pytest.mark.parametrize(
    ("fields", "message", "rule", "basis"),
    [
        ({"status": "paused"}, "status: must be one of active, blocked", "EXT-3", "doc"),
        ({"status": None}, "status: must not be null", "EXT-3", "doc"),
        ({"label": 5}, "label: must be a string", "EXT-2", "example"),
        ({"ani_rfc3325": None}, "ani_rfc3325: must not be null", "EXT-2", "example"),
        ({"extra_params": {"crm": 7}}, "extra_params: must be a string", "EXT-6", "observed"),
        (
            {"dial_rule_limit": -1, "dial_rule_id": 4294967296},
            "dial_rule_id: must be an integer from 0 to 4294967295; "
            "dial_rule_limit: must be an integer from 0 to 4294967295",
            "EXT-2",
            "example",
        ),
        (
            {"label": "Desk", "extension_group_id": 15},
            "extension_group_id: the client has no group 15",
            "AUT-15",
            "doc",
        ),
    ],
)
def test_a_change_with_bad_fields_is_refused(
    office: Caller, fields: dict[str, Any], message: str, rule: str, basis: str
) -> None:
    """A field of another type or beyond its bounds is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(ITEM, json=fields)
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert office.state() == before


@pytest.mark.fact("EXT-5", "GEN-19")
@pytest.mark.parametrize("name", ["103", "2566*103", "999", "2567*102", "", "*102", "102*"])
def test_an_extension_cannot_be_renamed(office: Caller, name: str) -> None:
    """PUT of any other name is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(ITEM, json={"name": name, "label": "Desk"})
    message = "name: an extension cannot be renamed: 2566*102"
    assert refused(answer) == (400, {"message": message}, "EXT-5, GEN-19", "doc, assumed")
    assert office.state() == before


@pytest.mark.fact("EXT-5")
@pytest.mark.parametrize("kind", ["queue", "ivr", "fax"])
def test_an_extension_keeps_its_type(office: Caller, kind: str) -> None:
    """PUT of another type is a 400, and nothing changes."""
    before = office.state()
    answer = office.put(ITEM, json={"type": kind, "label": "Desk"})
    message = "type: does not change, it is phone"
    assert refused(answer) == (400, {"message": message}, "EXT-5", "doc, assumed")
    assert office.state() == before


@pytest.mark.fact("EXT-5", "ERR-9")
def test_every_offending_field_of_a_change_is_named(office: Caller) -> None:
    """Another name, another type and a foreign group are refused together."""
    before = office.state()
    fields = {"name": "103", "type": "fax", "extension_group_id": 15}
    assert refused(office.put(ITEM, json=fields)) == (
        400,
        {
            "message": "name: an extension cannot be renamed: 2566*102; "
            "type: does not change, it is phone; extension_group_id: the client has no group 15"
        },
        "EXT-5, GEN-19, AUT-15",
        "doc, assumed",
    )
    assert office.state() == before


@pytest.mark.fact("EXT-5")
@pytest.mark.parametrize(
    "fields",
    [{}, {"name": "102"}, {"name": "2566*102"}, {"type": "phone"}, BORIS],
    ids=["nothing", "number", "name", "type", "all that was read"],
)
def test_the_present_name_and_type_may_be_sent(office: Caller, fields: dict[str, Any]) -> None:
    """PUT of what the extension is already changes nothing."""
    before = office.state()
    assert (*answered(office.put(ITEM, json=fields)), office.state()) == (200, BORIS, before)


@pytest.mark.fact("EXT-5")
def test_a_deleted_extension_is_gone(office: Caller) -> None:
    """DELETE answers 204 without a body, and the item is a 404 afterwards."""
    deleted, again = office.delete(ITEM), office.delete(ITEM)
    assert (answered(deleted), answered(again), answered(office.get(ITEM))) == (
        (204, None),
        (404, {"message": "Not found"}),
        (404, {"message": "Not found"}),
    )


@pytest.mark.fact("EXT-7", "BND-21")
def test_a_deleted_extension_takes_along_what_hangs_on_it(office: Caller) -> None:
    """Subscriptions, registrations, properties and links go with it, and nothing else does.

    A public number that led to it leads nowhere, and a key of a menu no more. The history names
    its records as deleted ones.
    """
    main = 85218
    event = {"url": "https://example.com/", "method": "GET", "event_type": "dial-in"}
    office.post(f"/extension/{main}/event/", json=event)
    office.put(f"/extension/{main}/phone/", json={"label": "Desk"})
    before = office.state()["clients"][0]
    office.delete(f"{LIST}{main}")
    after = office.state()["clients"][0]
    before["dids"][1]["extension"] = None
    menu = next(one for one in before["extensions"] if one["type"] == "ivr")
    del menu["ivr"]["menu"]["2"]
    parts = [part for call in before["calls"] for part in call["cdr"] if "record" in part]
    for part in parts:
        part["record"] |= {"deleted": True} if part["extension_id"] == main else {}
    assert after == {
        **before,
        "extensions": [one for one in before["extensions"] if one["id"] != main],
        "users": [one for one in before["users"] if one["extension"] != main],
    }


@pytest.mark.fact("EXT-7")
def test_a_new_extension_of_an_old_name_inherits_nothing(office: Caller) -> None:
    """Properties, registrations and subscriptions do not come back with the name."""
    office.put("/extension/85219/phone/", json={"label": "Desk"})
    fresh = json_of(office.get("/extension/85220/phone/"))
    office.delete(ITEM)
    new = json_of(office.post(LIST, json={"name": "102", "type": "phone"}))["id"]
    assert [
        json_of(office.get(f"/extension/{new}/{resource}/"))
        for resource in ("phone", "registration", "event")
    ] == [fresh, {"registered": False, "extension_id": new, "registrations": []}, []]


@pytest.mark.fact("EXT-5", "ERR-2", "ERR-6")
@pytest.mark.parametrize(
    ("method", "body"), [("GET", {}), ("PUT", {"json": {"label": "Desk"}}), ("DELETE", {})]
)
@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ("30", (403, {"message": "Access denied", "status": "access_denied"}, "ERR-2", "doc")),
        ("999", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
        ("054", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
        ("@054", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
        ("@me", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
        ("99999999999", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
    ],
)
def test_an_item_is_an_own_extension_by_its_id(
    documented: Caller,
    method: str,
    body: dict[str, Any],
    extension: str,
    expected: tuple[Any, ...],
) -> None:
    """An extension of another client is a 403; what is no id of any extension is a 404."""
    before = documented.state()
    answer = documented.send(method, f"/client/801/extension/{extension}", **body)
    assert refused(answer) == expected
    assert documented.state() == before
