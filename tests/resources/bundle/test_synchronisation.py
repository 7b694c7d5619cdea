"""What a bundle keeps equal: from the main extension on linking, from anybody afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import json_of
from tests.conftest import Caller
from tests.invariants import SHARED_FIELDS, SHARED_PROPERTIES

BUNDLE = "/client/801/extensions_bundle/31456"
MAIN, MEMBER, OTHER = 31456, 32486, 32767

#: name -> (value that is not the default, another one)
PROPERTIES: dict[str, tuple[Any, Any]] = {
    "record_transfer": (False, True),
    "ringback_sound": (11, 12),
    "geo_list": ("RU", "US BY"),
    "record_enabled": (False, True),
    "hold_music": (21, None),
    "announce_sound_upon_outgoing_call": (31, 0),
    "announce_sound_upon_incoming_call": (41, 0),
    "conference_pin": ("1234", "9"),
    "conference_announce_caller_name": (False, True),
    "conference_end_on_exit": (False, True),
    "record_format": ("mp3", "wav"),
    "record_stereo": (True, False),
    "incoming_limit": (3, 1),
}
FIELDS: dict[str, tuple[Any, Any]] = {
    "status": ("blocked", "active"),
    "dial_rule_id": (51, 52),
    "dial_rule_limit": (61, 62),
}
#: name -> (value that is not the default, the default)
OWN_PROPERTIES: dict[str, tuple[Any, Any]] = {
    "label": ("Desk", None),
    "append_to_cid_name_on_transfer": ("T", None),
    "auth_type": ("both", "digest"),
    "call_screening_enabled": (True, False),
    "external_number": ("+79161112233", None),
    "hangup_timeout": (5, 60),
    "ignore_early_media": (False, True),
    "network_permission_group_id": (1, 0),
    "preserve_caller_id_number_att_tr": (False, True),
    "record_on_transfer": (True, False),
    "static_reg_address": ("8.8.8.8:5068", None),
    "transfer_caller_id_number": ("79161112233", None),
    "vm_attach_file": (False, True),
    "vm_enabled": (False, True),
    "vm_greeting": (7, 0),
    "vm_mailto": ("a@example.com", None),
    "intercom": (0, None),
    "allow_webrtc": (True, False),
}
OWN_FIELDS: dict[str, tuple[Any, Any]] = {
    "label": ("Desk", None),
    "caller_id_name": ("Desk", None),
    "message_did": ("79161112233", None),
    "did_as_transfer_caller_id": ("79161112233", None),
    "ani_rfc3325": (True, False),
    "extra_params": ("{}", None),
}


def _phone(extension: int) -> str:
    return f"/extension/{extension}/phone/"


def _item(extension: int) -> str:
    return f"/client/801/extension/{extension}"


CASES = [
    *(pytest.param(_phone, name, *PROPERTIES[name], id=name) for name in PROPERTIES),
    *(pytest.param(_item, name, *FIELDS[name], id=name) for name in FIELDS),
]
OWN_CASES = [
    *(pytest.param(_phone, name, *values, id=name) for name, values in OWN_PROPERTIES.items()),
    *(pytest.param(_item, name, *values, id=f"ext {name}") for name, values in OWN_FIELDS.items()),
]


def _values(caller: Caller, place: Any, name: str, *extensions: int) -> list[Any]:
    return [json_of(caller.get(place(extension)))[name] for extension in extensions]


@pytest.mark.fact("BND-16")
def test_the_tables_name_all_that_is_kept_equal() -> None:
    """Thirteen phone properties and three extension fields are kept equal, each tried here."""
    assert (list(PROPERTIES), list(FIELDS)) == (list(SHARED_PROPERTIES), list(SHARED_FIELDS))


@pytest.mark.fact("BND-16", "BND-17")
@pytest.mark.parametrize(("place", "name", "value", "other"), CASES)
def test_linking_gives_the_main_ones_value(
    documented: Caller, place: Any, name: str, value: Any, other: Any
) -> None:
    """A member takes the main extension's value when it is linked, whatever its own was."""
    documented.put(place(MAIN), json={name: value})
    documented.put(place(MEMBER), json={name: other})
    documented.post(BUNDLE, json={"bundle_list": [MEMBER, OTHER]})
    assert _values(documented, place, name, MAIN, MEMBER, OTHER) == [value, value, value]


@pytest.mark.fact("BND-16", "BND-17")
@pytest.mark.parametrize(("place", "name", "value", "other"), CASES)
def test_linking_gives_the_main_ones_default(
    documented: Caller, place: Any, name: str, value: Any, other: Any
) -> None:
    """A value of the main extension that nobody ever set is taken too."""
    default = json_of(documented.get(place(MAIN)))[name]
    documented.put(place(MEMBER), json={name: value})
    documented.post(BUNDLE, json={"bundle_list": [MEMBER]})
    assert _values(documented, place, name, MAIN, MEMBER) == [default, default]


@pytest.mark.fact("BND-16", "BND-17")
@pytest.mark.parametrize("extension", [MAIN, MEMBER, OTHER], ids=["main", "first", "last"])
@pytest.mark.parametrize(("place", "name", "value", "other"), CASES)
def test_an_update_reaches_all(
    documented: Caller, place: Any, name: str, value: Any, other: Any, extension: int
) -> None:
    """A value set on any extension of the bundle is the value of all, at once and again."""
    documented.post(BUNDLE, json={"bundle_list": [MEMBER, OTHER]})
    seen = []
    for wanted in (value, other):
        documented.put(place(extension), json={name: wanted})
        seen.append(_values(documented, place, name, MAIN, MEMBER, OTHER))
    assert seen == [[value] * 3, [other] * 3]


@pytest.mark.fact("BND-16", "BND-17", "BND-20")
def test_an_update_reaches_inactive_members(documented: Caller) -> None:
    """An inactive member is linked, so its values are kept equal."""
    documented.put(_phone(3), json={"geo_list": "RU"})
    assert _values(documented, _phone, "geo_list", 3, 124, 29196) == ["RU", "RU", "RU"]


@pytest.mark.fact("BND-17")
def test_an_update_stays_inside_the_bundle(documented: Caller) -> None:
    """Phones outside the bundle, and other bundles, keep their values."""
    documented.post(BUNDLE, json={"bundle_list": [MEMBER]})
    before = [json_of(documented.get(_phone(other))) for other in (2, 3, 54, 124, OTHER)]
    documented.put(_phone(MEMBER), json={"geo_list": "BY", "incoming_limit": 7})
    assert [json_of(documented.get(_phone(other))) for other in (2, 3, 54, 124, OTHER)] == before


@pytest.mark.fact("BND-16")
@pytest.mark.parametrize(("place", "name", "value", "default"), OWN_CASES)
def test_other_values_are_each_ones_own(
    documented: Caller, place: Any, name: str, value: Any, default: Any
) -> None:
    """What is not on the list is neither taken on linking nor changed by an update."""
    documented.put(place(MAIN), json={name: value})
    documented.post(BUNDLE, json={"bundle_list": [MEMBER, OTHER]})
    documented.put(place(MEMBER), json={name: value})
    assert _values(documented, place, name, MAIN, MEMBER, OTHER) == [value, value, default]


@pytest.mark.fact("BND-17")
@pytest.mark.parametrize(("place", "name", "value", "other"), CASES)
def test_values_stay_on_unlinking(
    documented: Caller, place: Any, name: str, value: Any, other: Any
) -> None:
    """What was taken from the main extension stays once the bundle is untied."""
    documented.put(place(MAIN), json={name: value})
    documented.post(BUNDLE, json={"bundle_list": [MEMBER]})
    documented.delete(BUNDLE)
    documented.put(place(MAIN), json={name: other})
    assert _values(documented, place, name, MAIN, MEMBER) == [other, value]


@pytest.mark.fact("BND-17")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", BUNDLE, None),
        ("POST", BUNDLE, {"bundle_list": []}),
        ("POST", BUNDLE, {"bundle_list": [OTHER]}),
        ("PUT", _phone(MAIN), {"bundle": {"bundle_list": None}}),
        ("PUT", _phone(MAIN), {"bundle": {"bundle_list": {str(OTHER): {}}}}),
        ("DELETE", _item(MAIN), None),
    ],
)
def test_values_stay_however_a_member_leaves(
    documented: Caller, method: str, path: str, body: Any
) -> None:
    """Untied by any of the ways, a member shows the properties that it had in the bundle."""
    documented.put(_phone(MAIN), json={name: PROPERTIES[name][0] for name in PROPERTIES})
    documented.post(BUNDLE, json={"bundle_list": [MEMBER, OTHER]})
    before = json_of(documented.get(_phone(MEMBER)))
    documented.send(method, path, json=body)
    assert json_of(documented.get(_phone(MEMBER))) == {
        **before,
        "bundle": {"bundle_list": None, "bundle_id": None},
    }


@pytest.mark.fact("BND-17")
def test_an_untied_member_goes_its_own_way(documented: Caller) -> None:
    """An update of the bundle does not reach an extension that left it."""
    documented.post(BUNDLE, json={"bundle_list": [MEMBER, OTHER]})
    documented.post(BUNDLE, json={"bundle_list": [OTHER]})
    documented.put(_phone(MAIN), json={"geo_list": "RU"})
    assert _values(documented, _phone, "geo_list", MAIN, MEMBER, OTHER) == ["RU", None, "RU"]


@pytest.mark.fact("BND-16", "BND-17")
def test_putting_properties_and_a_bundle_gives_new_members_the_new_values(
    documented: Caller,
) -> None:
    """Members linked by a PUT of properties take the values that this PUT sets."""
    body = {"geo_list": "RU", "bundle": {"bundle_list": {str(MEMBER): {}}}}
    documented.put(_phone(MAIN), json=body)
    assert _values(documented, _phone, "geo_list", MAIN, MEMBER) == ["RU", "RU"]


@pytest.mark.fact("BND-17")
def test_a_refused_update_reaches_nobody(documented: Caller) -> None:
    """One bad property in a PUT keeps the good one from every extension of the bundle."""
    documented.post(BUNDLE, json={"bundle_list": [MEMBER]})
    before = documented.state()
    documented.put(_phone(MEMBER), json={"geo_list": "RU", "hangup_timeout": 0})
    assert documented.state() == before


@pytest.mark.fact("BND-17")
def test_a_refused_change_of_the_extension_reaches_nobody(documented: Caller) -> None:
    """An attempt to rename an extension keeps its status from every extension of the bundle."""
    documented.post(BUNDLE, json={"bundle_list": [MEMBER]})
    before = documented.state()
    documented.put(_item(MEMBER), json={"status": "blocked", "name": "000*999"})
    assert documented.state() == before
