"""Every request that the documentation prints, as printed there, and what it says comes back."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Answer, Client, Example, control

BUNDLE_PATH = "/client/801/extensions_bundle/31456"
SET_BUNDLE = Example("POST", BUNDLE_PATH, '{"bundle_list": [32486, 32767]}')
GET_BUNDLE = Example("GET", BUNDLE_PATH)
UNTIE_BUNDLE = Example("DELETE", BUNDLE_PATH)

BUNDLE = {"bundle_list": [32486, 32767], "bundle_id": 31456}
NO_BUNDLE = {"bundle_list": [], "bundle_id": 31456}

#: The printed curl command lacks the quote that closes this body.
SET_EXTERNAL_NUMBER = Example("PUT", "/extension/54/phone/", '{"external_number": "+79876543210"}')

#: What the documentation answers to that request, but for the bundle.
DOCUMENTED_PHONE: dict[str, Any] = {
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
}

#: The properties that the table has and the example does not show.
UNSHOWN_PROPERTIES = {
    "label": None,
    "announce_sound_upon_incoming_call": None,
    "record_on_transfer": False,
    "intercom": None,
    "allow_webrtc": False,
}

OF_3 = Example("GET", "/extension/registration/?extension_id=3")
OF_3_AND_2 = Example("GET", "/extension/registration/?extension_id=3&extension_id=2")
ALONE_OF_3 = Example("GET", "/extension/3/registration/")
DROP = Example("DELETE", "/extension/3/registration/uloc-572b0ffb-6d47-001")


def registrations_of_3(expires: int) -> dict[str, Any]:
    return {
        "registered": True,
        "extension_id": 3,
        "registrations": [
            {
                "device": "Yealink SIP-T46G 28.72.14.5",
                "real_address": "sip:203.0.113.9:62338",
                "contact_address": "sip:000*002@192.168.5.52:5062",
                "expires": expires,
                "registration_id": "uloc-572b0ffb-6d47-001",
            }
        ],
    }


REGISTRATIONS_OF_2 = {
    "registered": True,
    "extension_id": 2,
    "registrations": [
        {
            "device": "Yealink SIP-T46G 28.72.14.5",
            "real_address": "sip:203.0.113.10:62339",
            "contact_address": "sip:000*001@192.168.5.51:5062",
            "expires": 1799,
            "registration_id": "uloc-572b0ffa-6d47-001",
        }
    ],
}

RECEIVER = "https://somehost.com/fordel/show.php?myid=175"


def subscribe(event_type: str) -> Example:
    body = f'{{\n "url": "{RECEIVER}",\n "method": "GET",\n "event_type": "{event_type}"\n}}'
    return Example("POST", "/extension/175/event/", body)


def subscription(event_type: str, number: int) -> dict[str, Any]:
    return {"url": RECEIVER, "method": "GET", "event_type": event_type, "id": number}


@pytest.mark.fact("BND-1", "BND-3", "BND-10", "BND-11", "BND-22", "AUT-19")
def test_bundle_is_set(server: str, client: Client) -> None:
    """Setting the bundle of 31456 answers 201 with both members, as sent, and the main id."""
    assert client(server, SET_BUNDLE) == Answer(201, BUNDLE)


@pytest.mark.fact("BND-1", "BND-10", "BND-22")
def test_bundle_is_read(server: str, client: Client) -> None:
    """Reading the bundle answers what setting it did, with 200."""
    client(server, SET_BUNDLE)
    assert client(server, GET_BUNDLE) == Answer(200, BUNDLE)


@pytest.mark.fact("BND-13", "BND-22")
def test_bundle_is_not_there_at_first(server: str, client: Client) -> None:
    """In the world `documented` the extension 31456 has no bundle yet."""
    assert client(server, GET_BUNDLE) == Answer(200, NO_BUNDLE)


@pytest.mark.fact("BND-1", "BND-12", "BND-22")
def test_bundle_is_untied(server: str, client: Client) -> None:
    """Untying answers 200 with an empty list and the main id."""
    client(server, SET_BUNDLE)
    assert client(server, UNTIE_BUNDLE) == Answer(200, NO_BUNDLE)


@pytest.mark.fact("PHN-1", "PHN-4", "PHN-40")
def test_phone_gets_an_external_number(server: str, client: Client) -> None:
    """The external number of 54 is set and all properties answered, with the example's values."""
    body = {
        **DOCUMENTED_PHONE,
        **UNSHOWN_PROPERTIES,
        "bundle": {"bundle_list": None, "bundle_id": None},
    }
    assert client(server, SET_EXTERNAL_NUMBER) == Answer(200, body)


@pytest.mark.fact("PHN-4", "BND-18")
@pytest.mark.parametrize("extension_id", [3, 124, 29196])
def test_phone_shows_the_bundle_of_the_example(
    server: str, client: Client, extension_id: int
) -> None:
    """The bundle that the example shows stands on its main extension and on both linked ones."""
    answer = client(server, Example("GET", f"/extension/{extension_id}/phone/"))
    assert (answer.status, answer.body["bundle"]) == (
        200,
        {"bundle_list": {"124": {"active": False}, "29196": {"active": True}}, "bundle_id": 3},
    )


@pytest.mark.fact("REG-1", "REG-5", "REG-9", "REG-14")
def test_registrations_of_one(server: str, client: Client) -> None:
    """Asking for extension 3 alone answers one object, with 699 seconds left."""
    assert client(server, OF_3) == Answer(200, registrations_of_3(699))


@pytest.mark.fact("REG-1", "REG-5", "REG-9")
def test_registrations_of_two(server: str, client: Client) -> None:
    """Asking for extensions 3 and 2 answers both, in that order."""
    assert client(server, OF_3_AND_2) == Answer(200, [registrations_of_3(699), REGISTRATIONS_OF_2])


@pytest.mark.fact("REG-2", "REG-5")
def test_registrations_below_the_extension(server: str, client: Client) -> None:
    """The path of extension 3 answers the same object as the list with its id."""
    assert client(server, ALONE_OF_3) == Answer(200, registrations_of_3(699))


@pytest.mark.fact("REG-4", "GEN-5")
def test_registration_is_dropped(server: str, client: Client) -> None:
    """Dropping the registration shown before answers 204 without a body."""
    assert client(server, DROP) == Answer(204, None)


@pytest.mark.fact("REG-4", "REG-13")
def test_dropped_registration_is_gone(server: str, client: Client) -> None:
    """After the drop extension 3 is not registered, and nothing is kept of the registration."""
    client(server, DROP)
    gone = {"registered": False, "extension_id": 3, "registrations": []}
    assert client(server, OF_3) == Answer(200, gone)


@pytest.mark.fact("REG-4", "ERR-6")
def test_registration_is_dropped_once(server: str, client: Client) -> None:
    """A registration that was dropped cannot be dropped again."""
    client(server, DROP)
    assert client(server, DROP) == Answer(404, {"message": "Not found"})


@pytest.mark.fact("REG-7", "REG-8")
def test_registration_runs_out(running_server: str, client: Client) -> None:
    """On a server whose time runs the seconds left count down from 699."""
    assert client(running_server, OF_3).body["registrations"][0]["expires"] in range(670, 700)
    control(running_server, "/clock/advance", seconds=600)
    assert client(running_server, OF_3).body["registrations"][0]["expires"] in range(40, 100)


@pytest.mark.fact("EVT-1", "EVT-9", "EVT-11")
def test_three_subscriptions(server: str, client: Client) -> None:
    """The three subscriptions of extension 175 are answered with 201 and the ids 72, 73 and 74."""
    answers = [client(server, subscribe(kind)) for kind in ("dial-out", "answer", "hangup")]
    assert answers == [
        Answer(201, subscription("dial-out", 72)),
        Answer(201, subscription("answer", 73)),
        Answer(201, subscription("hangup", 74)),
    ]


@pytest.mark.fact("EVT-2", "EVT-3")
def test_subscriptions_are_read(server: str, client: Client) -> None:
    """The list of extension 175 shows its subscriptions, and each has a path of its own."""
    for kind in ("dial-out", "answer"):
        client(server, subscribe(kind))
    whole = [subscription("dial-out", 72), subscription("answer", 73)]
    assert client(server, Example("GET", "/extension/175/event/")) == Answer(200, whole)
    assert client(server, Example("GET", "/extension/175/event/73")) == Answer(200, whole[1])
