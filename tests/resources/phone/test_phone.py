"""Reading and changing the properties of a phone as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockpbx import Readings
from tests.answers import answered, json_of, refused
from tests.conftest import Caller

PHONE = "/extension/54/phone/"

#: What a phone answers as long as nobody set anything.
DEFAULTS: dict[str, Any] = {
    "label": None,
    "announce_sound_upon_outgoing_call": None,
    "announce_sound_upon_incoming_call": None,
    "append_to_cid_name_on_transfer": None,
    "auth_type": "digest",
    "call_screening_enabled": False,
    "conference_announce_caller_name": True,
    "conference_end_on_exit": True,
    "conference_pin": None,
    "external_number": None,
    "geo_list": None,
    "hangup_timeout": 60,
    "hold_music": 0,
    "ignore_early_media": True,
    "incoming_limit": 0,
    "network_permission_group_id": 0,
    "preserve_caller_id_number_att_tr": True,
    "record_enabled": True,
    "record_format": None,
    "record_stereo": None,
    "record_transfer": True,
    "record_on_transfer": False,
    "ringback_sound": 0,
    "static_reg_address": None,
    "transfer_caller_id_number": None,
    "vm_attach_file": True,
    "vm_enabled": True,
    "vm_greeting": 0,
    "vm_mailto": None,
    "intercom": None,
    "allow_webrtc": False,
    "bundle": {"bundle_list": None, "bundle_id": None},
}

#: The answer printed in the documentation, and the properties that its age leaves out.
PRINTED: dict[str, Any] = {
    "auth_type": "digest",
    "hold_music": None,
    "preserve_caller_id_number_att_tr": False,
    "conference_pin": None,
    "conference_end_on_exit": True,
    "network_permission_group_id": 1,
    "append_to_cid_name_on_transfer": None,
    "record_stereo": False,
    "incoming_limit": 1,
    "vm_mailto": None,
    "vm_enabled": False,
    "hangup_timeout": 5,
    "record_enabled": True,
    "vm_attach_file": True,
    "conference_announce_caller_name": True,
    "announce_sound_upon_outgoing_call": None,
    "vm_greeting": None,
    "ignore_early_media": False,
    "static_reg_address": None,
    "geo_list": "RU",
    "call_screening_enabled": True,
    "ringback_sound": None,
    "record_format": "mp3",
    "transfer_caller_id_number": None,
    "record_transfer": True,
    "external_number": "+79876543210",
    "label": None,
    "announce_sound_upon_incoming_call": None,
    "record_on_transfer": False,
    "intercom": None,
    "allow_webrtc": False,
    "bundle": {"bundle_list": None, "bundle_id": None},
}


@pytest.mark.fact(
    "PHN-1",
    "PHN-10",
    "PHN-11",
    "PHN-12",
    "PHN-13",
    "PHN-14",
    "PHN-15",
    "PHN-16",
    "PHN-17",
    "PHN-18",
    "PHN-19",
    "PHN-20",
    "PHN-21",
    "PHN-22",
    "PHN-23",
    "PHN-24",
    "PHN-25",
    "PHN-26",
    "PHN-27",
    "PHN-28",
    "PHN-29",
    "PHN-30",
    "PHN-31",
    "PHN-32",
    "PHN-33",
    "PHN-34",
    "PHN-35",
    "PHN-36",
    "PHN-37",
    "PHN-38",
    "PHN-39",
    "PHN-40",
    "PHN-41",
    "PHN-42",
)
def test_a_fresh_phone_answers_the_documented_defaults(documented: Caller) -> None:
    """GET of a phone that nobody changed answers every property with its default."""
    assert answered(documented.get("/extension/2/phone/")) == (200, DEFAULTS)


@pytest.mark.fact("PHN-1", "PHN-4")
def test_the_printed_example_gives_the_printed_answer(documented: Caller) -> None:
    """The documentation's PUT of an external number is answered with the documented values."""
    answer = documented.put(PHONE, json={"external_number": "+79876543210"})
    assert answered(answer) == (200, PRINTED)


@pytest.mark.fact("PHN-4", "BND-18")
def test_the_bundle_of_the_printed_example_stands_on_extension_3(documented: Caller) -> None:
    """Extension 3 shows the bundle that the documentation prints."""
    answer = documented.get("/extension/3/phone/")
    assert answered(answer) == (
        200,
        {
            **DEFAULTS,
            "bundle": {
                "bundle_list": {"124": {"active": False}, "29196": {"active": True}},
                "bundle_id": 3,
            },
        },
    )


@pytest.mark.fact("PHN-1")
def test_what_was_put_is_read(documented: Caller) -> None:
    """GET after a PUT answers what the PUT answered."""
    put = documented.put(PHONE, json={"label": "Desk", "intercom": 3})
    assert json_of(documented.get(PHONE)) == json_of(put)


@pytest.mark.fact("PHN-1")
def test_other_properties_keep_their_values(documented: Caller) -> None:
    """PUT changes the properties that it names, and no others."""
    before = json_of(documented.get(PHONE))
    answer = documented.put(PHONE, json={"hangup_timeout": 30, "vm_enabled": True})
    assert answered(answer) == (200, {**before, "hangup_timeout": 30, "vm_enabled": True})


@pytest.mark.fact("PHN-1")
def test_an_empty_subset_changes_nothing(documented: Caller) -> None:
    """PUT of an empty object answers all properties and changes none."""
    before = documented.state()
    expected = json_of(documented.get(PHONE))
    assert (*answered(documented.put(PHONE, json={})), documented.state()) == (
        200,
        expected,
        before,
    )


@pytest.mark.fact("PHN-1")
def test_an_answer_can_be_put_back(documented: Caller) -> None:
    """PUT of everything that GET answers, the bundle too, changes nothing."""
    before = documented.state()
    for extension in (2, 3, 54, 124):
        path = f"/extension/{extension}/phone/"
        shown = json_of(documented.get(path))
        assert answered(documented.put(path, json=shown)) == (200, shown)
    assert documented.state() == before


@pytest.mark.fact("PHN-1", "ERR-10")
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_there_is_no_post_and_no_delete(documented: Caller, method: str) -> None:
    """POST and DELETE of phone properties are a 405, and change nothing."""
    before = documented.state()
    answer = documented.send(method, PHONE, json={"label": "Desk"})
    expected = (405, {"message": "Method not allowed"}, "ERR-10", "assumed")
    assert (refused(answer), documented.state()) == (expected, before)


@pytest.mark.fact("PHN-2", "AUT-17")
@pytest.mark.parametrize("name", ["@054", "@000*054"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_the_path_takes_a_name(documented: Caller, method: str, name: str) -> None:
    """A name after an @, with the prefix or without it, is as good as the id."""
    body = {"json": {"label": "Desk"}} if method == "PUT" else {}
    by_name = documented.send(method, f"/extension/{name}/phone/", **body)
    assert answered(by_name) == (200, json_of(documented.get(PHONE)))


@pytest.mark.fact("PHN-2", "AUT-16")
def test_the_path_takes_me_from_an_extension_user(
    office: Caller, make_caller: Callable[..., Caller]
) -> None:
    """@me is the user's own phone."""
    anna = make_caller("office", user="anna")
    answer = anna.put("/extension/@me/phone/", json={"label": "Desk"})
    mine = office.put("/extension/85218/phone/", json={"label": "Desk"})
    assert answered(answer) == answered(mine)


@pytest.mark.fact("PHN-3")
@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("kind", ["queue", "ivr", "fax"])
def test_only_phones_have_properties(office: Caller, method: str, kind: str) -> None:
    """Phone properties of an extension of another type are a 404, and nothing changes."""
    created = office.post("/client/2566/extension/", json={"name": "700", "type": kind})
    before = office.state()
    body = {"json": {"label": "Desk"}} if method == "PUT" else {}
    answer = office.send(method, f"/extension/{json_of(created)['id']}/phone/", **body)
    assert (refused(answer), office.state()) == (
        (404, {"message": "Not found"}, "PHN-3", "assumed"),
        before,
    )


@pytest.mark.fact("PHN-1", "PHN-3")
def test_a_new_phone_has_properties(office: Caller) -> None:
    """An extension of type phone has the default properties as soon as it is created."""
    created = office.post("/client/2566/extension/", json={"name": "700", "type": "phone"})
    answer = office.get(f"/extension/{json_of(created)['id']}/phone/")
    assert answered(answer) == (200, DEFAULTS)


@pytest.mark.fact("ERR-9")
def test_every_offending_property_is_named(documented: Caller) -> None:
    """One refusal names all properties that break a rule, and the good one is not set."""
    before = documented.state()
    body = {
        "label": "Desk",
        "hangup_timeout": 0,
        "geo_list": "ru",
        "record_format": "ogg",
        "vm_enabled": None,
    }
    answer = documented.put(PHONE, json=body)
    assert refused(answer) == (
        400,
        {
            "message": "geo_list: must be ISO 3166 alpha-2 codes separated by blanks, or *; "
            "hangup_timeout: must be an integer from 1 to 4294967295; "
            "record_format: must be one of mp3, wav; vm_enabled: must not be null"
        },
        "PHN-52, PHN-56, PHN-28, PHN-5",
        "assumed, doc",
    )
    assert documented.state() == before


@pytest.mark.fact("PHN-41")
def test_a_password_is_kept_and_not_answered(documented: Caller) -> None:
    """PUT and GET answer everything but the password, which the world keeps."""
    before = json_of(documented.get(PHONE))
    answer = documented.put(PHONE, json={"password": "Very secret"})
    kept = [
        one["phone"]["password"]
        for client in documented.state()["clients"]
        for one in client["extensions"]
        if one["id"] == 54
    ]
    assert (json_of(answer), json_of(documented.get(PHONE)), kept) == (
        before,
        before,
        ["Very secret"],
    )


@pytest.mark.fact("PHN-29")
@pytest.mark.parametrize(
    ("given", "shown"),
    [(True, "yes"), ("yes", "yes"), (False, "no"), ("no", "no"), (None, None)],
)
def test_stereo_is_answered_in_words_under_the_other_reading(
    make_caller: Callable[..., Caller], given: Any, shown: Any
) -> None:
    """Under the reading record_stereo=words PUT and GET answer yes, no or null."""
    caller = make_caller("documented", readings=Readings(record_stereo="words"))
    put = caller.put(PHONE, json={"record_stereo": given})
    assert (json_of(put)["record_stereo"], json_of(caller.get(PHONE))["record_stereo"]) == (
        shown,
        shown,
    )


@pytest.mark.fact("PHN-5")
def test_null_clears_all_that_may_be_absent(documented: Caller) -> None:
    """One PUT of null for each property that knows null empties them all."""
    known = {name: value for name, value in DEFAULTS.items() if value is None}
    numbers = ("hold_music", "network_permission_group_id", "ringback_sound", "vm_greeting")
    nulls = {**known, **dict.fromkeys(numbers)}
    before = json_of(documented.put(PHONE, json={"external_number": "+79876543210"}))
    assert answered(documented.put(PHONE, json=nulls)) == (200, {**before, **nulls})


@pytest.mark.fact("PHN-5")
def test_null_is_refused_for_all_that_must_have_a_value(documented: Caller) -> None:
    """PUT of null for any property without a null default or row is a 400 that names them all."""
    required = [
        "auth_type",
        "call_screening_enabled",
        "conference_announce_caller_name",
        "conference_end_on_exit",
        "hangup_timeout",
        "ignore_early_media",
        "incoming_limit",
        "preserve_caller_id_number_att_tr",
        "record_enabled",
        "record_transfer",
        "record_on_transfer",
        "vm_attach_file",
        "vm_enabled",
        "bundle",
        "allow_webrtc",
        "password",
    ]
    before = documented.state()
    answer = documented.put(PHONE, json=dict.fromkeys(required))
    message = "; ".join(f"{name}: must not be null" for name in required)
    assert (*answered(answer), documented.state()) == (400, {"message": message}, before)
