"""The bundle as phone properties show and set it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller

NO_BUNDLE = {"bundle_list": None, "bundle_id": None}
OF_3: dict[str, Any] = {
    "bundle_list": {"124": {"active": False}, "29196": {"active": True}},
    "bundle_id": 3,
}


def _put(caller: Caller, extension: int, bundle: Any, **properties: Any) -> Any:
    # The members' order is part of the request, and `json=` of the test client would sort them.
    body = json.dumps({**properties, "bundle": bundle})
    path = f"/extension/{extension}/phone/"
    return caller.put(path, data=body, content_type="application/json")


def _shown(caller: Caller, extension: int) -> Any:
    return json_of(caller.get(f"/extension/{extension}/phone/"))["bundle"]


@pytest.mark.fact("BND-18", "PHN-40")
@pytest.mark.parametrize("extension", [3, 124, 29196])
def test_main_and_linked_phones_show_the_bundle(documented: Caller, extension: int) -> None:
    """The main extension, active and inactive members show the same object."""
    assert _shown(documented, extension) == OF_3


@pytest.mark.fact("BND-18", "PHN-40")
def test_a_phone_without_a_bundle_shows_nulls(documented: Caller) -> None:
    """Without a bundle both parts are null."""
    assert _shown(documented, 54) == NO_BUNDLE


@pytest.mark.fact("BND-18")
def test_the_bundle_set_by_post_is_shown(documented: Caller) -> None:
    """What POST of a bundle links is shown by the properties, in its own shape."""
    documented.post("/client/801/extensions_bundle/31456", json={"bundle_list": [32486, 32767]})
    assert [_shown(documented, extension) for extension in (31456, 32486, 32767)] == [
        {
            "bundle_list": {"32486": {"active": True}, "32767": {"active": True}},
            "bundle_id": 31456,
        }
    ] * 3


@pytest.mark.fact("BND-18")
def test_an_untied_bundle_is_shown_no_more(documented: Caller) -> None:
    """After DELETE neither the main extension nor the members show a bundle."""
    documented.delete("/client/801/extensions_bundle/3")
    assert [_shown(documented, extension) for extension in (3, 124, 29196)] == [NO_BUNDLE] * 3


@pytest.mark.fact("BND-19")
@pytest.mark.parametrize("bundle_id", [{}, {"bundle_id": 54}, {"bundle_id": None}])
def test_putting_a_bundle_on_the_main_extension_sets_it(
    documented: Caller, bundle_id: dict[str, Any]
) -> None:
    """PUT links the named extensions, with the main extension's id, null, or without it."""
    before = json_of(documented.get("/extension/54/phone/"))
    members = {"2": {"active": True}, "175": {"active": False}}
    answer = _put(documented, 54, {"bundle_list": members, **bundle_id})
    assert answered(answer) == (
        200,
        {**before, "bundle": {"bundle_list": members, "bundle_id": 54}},
    )


@pytest.mark.fact("BND-10", "BND-19")
def test_putting_a_bundle_keeps_its_order(documented: Caller) -> None:
    """The bundle set by PUT is read by its own resource in the order sent."""
    _put(documented, 54, {"bundle_list": {"175": {}, "2": {}, "31456": {}}})
    answer = documented.get("/client/801/extensions_bundle/54")
    assert answered(answer) == (200, {"bundle_list": [175, 2, 31456], "bundle_id": 54})


@pytest.mark.fact("BND-19", "BND-20")
def test_a_member_without_a_flag_is_active(documented: Caller) -> None:
    """`active` may be left out and is true then."""
    answer = _put(documented, 54, {"bundle_list": {"2": {}}})
    assert json_of(answer)["bundle"] == {"bundle_list": {"2": {"active": True}}, "bundle_id": 54}


@pytest.mark.fact("BND-19", "BND-20")
def test_putting_other_flags_changes_them(documented: Caller) -> None:
    """PUT on the main extension switches members on and off."""
    members = {"124": {"active": True}, "29196": {"active": False}}
    _put(documented, 3, {"bundle_list": members, "bundle_id": 3})
    assert _shown(documented, 124) == {"bundle_list": members, "bundle_id": 3}


@pytest.mark.fact("BND-19")
def test_putting_another_list_replaces_the_bundle(documented: Caller) -> None:
    """Members that the new object leaves out are untied."""
    _put(documented, 3, {"bundle_list": {"124": {}, "54": {}}})
    assert [_shown(documented, extension) for extension in (54, 29196)] == [
        {"bundle_list": {"124": {"active": True}, "54": {"active": True}}, "bundle_id": 3},
        NO_BUNDLE,
    ]


@pytest.mark.fact("BND-19", "BND-9")
@pytest.mark.parametrize("nothing", [None, {}], ids=["null", "empty"])
@pytest.mark.parametrize("bundle_id", [None, 3])
def test_putting_null_unties(documented: Caller, nothing: Any, bundle_id: Any) -> None:
    """A bundle_list of null, or an empty one, unties all from the main extension."""
    answer = _put(documented, 3, {"bundle_list": nothing, "bundle_id": bundle_id})
    assert (answer.status_code, json_of(answer)["bundle"], _shown(documented, 124)) == (
        200,
        NO_BUNDLE,
        NO_BUNDLE,
    )


@pytest.mark.fact("BND-19")
@pytest.mark.parametrize("bundle_id", [{}, {"bundle_id": 3}, {"bundle_id": None}])
def test_a_member_may_send_its_bundle_unchanged(
    documented: Caller, bundle_id: dict[str, Any]
) -> None:
    """PUT of the same bundle on a linked member is taken, and changes nothing."""
    before = documented.state()
    shown = json_of(documented.get("/extension/124/phone/"))
    answer = _put(documented, 124, {"bundle_list": OF_3["bundle_list"], **bundle_id})
    assert (*answered(answer), documented.state()) == (200, shown, before)


@pytest.mark.fact("BND-19", "ERR-12")
@pytest.mark.parametrize(
    "bundle",
    [
        NO_BUNDLE,
        {"bundle_list": None, "bundle_id": 3},
        {"bundle_list": {}},
        {"bundle_list": {"124": {"active": True}, "29196": {"active": True}}, "bundle_id": 3},
        {"bundle_list": {"124": {"active": False}}, "bundle_id": 3},
        {"bundle_list": {**OF_3["bundle_list"], "54": {}}, "bundle_id": 3},
        {"bundle_list": OF_3["bundle_list"], "bundle_id": 124},
        {"bundle_list": {"54": {}}, "bundle_id": 124},
    ],
)
def test_a_member_that_sends_another_bundle_is_refused(documented: Caller, bundle: Any) -> None:
    """PUT of a different bundle on a linked member is a 400, and sets no property either."""
    before = documented.state()
    answer = _put(documented, 124, bundle, label="Desk")
    message = "bundle: 124 is linked to 3, which alone can change it"
    assert refused(answer) == (400, {"message": message}, "BND-19", "doc, assumed")
    assert documented.state() == before


@pytest.mark.fact("BND-19")
@pytest.mark.parametrize("extension", [54, 3], ids=["without a bundle", "main"])
def test_the_bundle_of_another_main_extension_is_refused(
    documented: Caller, extension: int
) -> None:
    """A bundle_id that is not the phone's own is a 400 on a phone that is no member."""
    before = documented.state()
    answer = _put(documented, extension, {"bundle_list": {"2": {}}, "bundle_id": 31456})
    message = f"bundle.bundle_id: must be {extension} or null"
    assert refused(answer) == (400, {"message": message}, "BND-19", "doc, assumed")
    assert documented.state() == before


@pytest.mark.fact("BND-4", "BND-5", "BND-6", "BND-7", "BND-8", "BND-19", "ERR-12")
@pytest.mark.parametrize(
    ("member", "reason", "rule", "basis"),
    [
        (3, "is the main extension of a bundle", "BND-5", "doc"),
        (124, "is linked to 3", "BND-6", "doc"),
        (54, "is the main extension itself", "BND-7", "assumed"),
        (30, "belongs to another client", "BND-8", "assumed"),
        (999, "there is no such extension", "BND-8", "assumed"),
    ],
)
def test_putting_a_bundle_obeys_the_rules_of_bundles(
    documented: Caller, member: int, reason: str, rule: str, basis: str
) -> None:
    """A member that POST would refuse is refused by PUT, and the other properties are not set."""
    before = documented.state()
    answer = _put(documented, 54, {"bundle_list": {"2": {}, str(member): {}}}, geo_list="BY")
    message = f"bundle_list: {member} {reason}"
    assert refused(answer) == (400, {"message": message}, rule, basis)
    assert documented.state() == before


@pytest.mark.fact("BND-4", "BND-19", "ERR-12")
def test_putting_a_member_that_is_no_phone_is_refused(office: Caller) -> None:
    """A queue in the bundle of a PUT is a 400, and nothing changes."""
    before = office.state()
    answer = _put(office, 85219, {"bundle_list": {"85220": {}, "96857": {}}})
    message = "bundle_list: 96857 must be of type phone, it is queue"
    assert refused(answer) == (400, {"message": message}, "BND-4", "doc")
    assert office.state() == before


@pytest.mark.fact("BND-19", "PHN-40")
@pytest.mark.parametrize(
    ("bundle", "place"),
    [
        ({}, "bundle.bundle_list: is required"),
        ({"bundle_id": 54}, "bundle.bundle_list: is required"),
        (
            {"bundle_list": [2]},
            "bundle.bundle_list: must be an object keyed by extension ids, or null",
        ),
        ({"bundle_list": {"x": {}}}, "bundle.bundle_list: 'x' is no extension id"),
        ({"bundle_list": {"02": {}}}, "bundle.bundle_list: '02' is no extension id"),
        ({"bundle_list": {"0": {}}}, "bundle.bundle_list: '0' is no extension id"),
        (
            {"bundle_list": {"2": True}},
            'bundle.bundle_list: 2 must be an object such as {"active": true}',
        ),
        (
            {"bundle_list": {"2": {"active": 1}}},
            'bundle.bundle_list: 2 must be an object such as {"active": true}',
        ),
        (
            {"bundle_list": {"2": {"active": None}}},
            'bundle.bundle_list: 2 must be an object such as {"active": true}',
        ),
        ({"bundle_list": None, "bundle_id": "54"}, "bundle.bundle_id: must be an integer"),
    ],
)
def test_a_bundle_of_another_shape_is_refused(documented: Caller, bundle: Any, place: str) -> None:
    """A bundle that has not the documented shape is a 400, and nothing changes."""
    before = documented.state()
    answer = _put(documented, 54, bundle)
    assert refused(answer) == (400, {"message": place}, "PHN-40", "doc")
    assert documented.state() == before
