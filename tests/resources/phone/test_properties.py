"""Every property of a phone: what it takes, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx.core.facts import basis_of
from tests.answers import answered, json_of, refused
from tests.conftest import Caller

PHONE = "/extension/2/phone/"
MOST = 4294967295

NULL = "must not be null"
TEXT = "must be a string"
TRUTH = "must be a boolean"
NUMBER = "must be an integer"
FROM_0 = f"must be an integer from 0 to {MOST}"
FROM_1 = f"must be an integer from 1 to {MOST}"
AUTH = "must be one of digest, network, both"
FORMAT = "must be one of mp3, wav"
DIGITS = "must be digits"
DIALLED = "must be digits, with + before them or not"
COUNTRIES = "must be ISO 3166 alpha-2 codes separated by blanks, or *"
STEREO = 'must be true, false, "yes", "no" or null'
ADDRESS = "must be address:port, as in 8.8.8.8:5068"
MAIL = "must be e-mail addresses separated by commas"
BUNDLE = "must be a JSON object"

#: The facts by which a value of the right type is refused for its form.
FORMS = {
    "external_number": "PHN-51",
    "geo_list": "PHN-52",
    "static_reg_address": "PHN-53",
    "vm_mailto": "PHN-54",
    "conference_pin": "PHN-55",
    "hangup_timeout": "PHN-56",
}

Refusals = dict[str, list[Any]]

ANY_TEXT = ["Desk", "", "Иван"]
NO_TEXT: Refusals = {TEXT: [5, True, ["Desk"], {}]}
ID = [0, 1, MOST, None]
NO_ID: Refusals = {NUMBER: ["5", 5.0, 1.5, True, [5]], FROM_0: [-1, MOST + 1]}
BOTH = [True, False]
NO_BOTH: Refusals = {TRUTH: ["yes", "true", 1, 0, []], NULL: [None]}

#: fact, property, default, values taken, values refused by what is said of them
TABLE: list[Any] = [
    pytest.param("label", None, [*ANY_TEXT, None], NO_TEXT, marks=pytest.mark.fact("PHN-10")),
    pytest.param(
        "announce_sound_upon_outgoing_call", None, ID, NO_ID, marks=pytest.mark.fact("PHN-11")
    ),
    pytest.param(
        "announce_sound_upon_incoming_call", None, ID, NO_ID, marks=pytest.mark.fact("PHN-12")
    ),
    pytest.param(
        "append_to_cid_name_on_transfer",
        None,
        [*ANY_TEXT, None],
        NO_TEXT,
        marks=pytest.mark.fact("PHN-13"),
    ),
    pytest.param(
        "auth_type",
        "digest",
        ["network", "both", "digest"],
        {AUTH: ["Digest", "", "none", "both "], TEXT: [1, True], NULL: [None]},
        marks=pytest.mark.fact("PHN-14"),
    ),
    pytest.param("call_screening_enabled", False, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-15")),
    pytest.param(
        "conference_announce_caller_name", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-16")
    ),
    pytest.param("conference_end_on_exit", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-17")),
    pytest.param(
        "conference_pin",
        None,
        ["0", "0123456789", None],
        {DIGITS: ["", "12a", " 12", "12\n", "+12", "١٢"], TEXT: [12, True]},
        marks=pytest.mark.fact("PHN-18"),
    ),
    pytest.param(
        "external_number",
        None,
        ["+79161112233", "79161112233", "1", "2566*102", None],
        {
            DIALLED: ["", "+", "++7", "7 916", "sip:101@example.com", "79161112233\n", "9" * 33],
            TEXT: [79161112233],
        },
        marks=pytest.mark.fact("PHN-19"),
    ),
    pytest.param(
        "geo_list",
        None,
        ["RU", "RU US BY", "*", None],
        {
            COUNTRIES: [
                "",
                "ru",
                "XX",
                "RUS",
                "RU,US",
                "RU  US",
                " RU",
                "RU ",
                "RU\n",
                "* RU",
                "**",
            ],
            TEXT: [7, ["RU"]],
        },
        marks=pytest.mark.fact("PHN-20"),
    ),
    pytest.param(
        "hangup_timeout",
        60,
        [1, 5, MOST],
        {NUMBER: ["5", 5.0, True], FROM_1: [0, -1, MOST + 1], NULL: [None]},
        marks=pytest.mark.fact("PHN-21"),
    ),
    pytest.param("hold_music", 0, ID, NO_ID, marks=pytest.mark.fact("PHN-22")),
    pytest.param("ignore_early_media", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-23")),
    pytest.param(
        "incoming_limit",
        0,
        [0, 1, MOST],
        {NUMBER: ["1", 1.0, True], FROM_0: [-1, MOST + 1], NULL: [None]},
        marks=pytest.mark.fact("PHN-24"),
    ),
    pytest.param("network_permission_group_id", 0, ID, NO_ID, marks=pytest.mark.fact("PHN-25")),
    pytest.param(
        "preserve_caller_id_number_att_tr", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-26")
    ),
    pytest.param("record_enabled", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-27")),
    pytest.param(
        "record_format",
        None,
        ["mp3", "wav", None],
        {FORMAT: ["MP3", "", "ogg"], TEXT: [3, False]},
        marks=pytest.mark.fact("PHN-28"),
    ),
    pytest.param(
        "record_stereo",
        None,
        [True, False, None],
        {STEREO: ["Yes", "true", "", 1, 0, []]},
        marks=pytest.mark.fact("PHN-29"),
    ),
    pytest.param("record_transfer", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-30")),
    pytest.param("record_on_transfer", False, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-31")),
    pytest.param("ringback_sound", 0, ID, NO_ID, marks=pytest.mark.fact("PHN-32")),
    pytest.param(
        "static_reg_address",
        None,
        [
            "8.8.8.8:5068",
            "8.8.8.8:1",
            "8.8.8.8:65535",
            "phone.example.com:5060",
            "[2001:db8::1]:5060",
            None,
        ],
        {
            ADDRESS: [
                "",
                "8.8.8.8",
                ":5060",
                "8.8.8.8:",
                "8.8.8.8:0",
                "8.8.8.8:65536",
                "8.8.8.8:sip",
                "8.8.8.8:5060\n",
                "8.8.8:5060",
                "8.8.8.256:5060",
                "-phone:5060",
                "phone\n:5060",
                "2001:db8::1:5060",
                "[2001:db8::1:5060",
                "[8.8.8.8]:5060",
                "sip:8.8.8.8:5060",
            ],
            TEXT: [5060],
        },
        marks=pytest.mark.fact("PHN-33"),
    ),
    pytest.param(
        "transfer_caller_id_number",
        None,
        [*ANY_TEXT, None],
        NO_TEXT,
        marks=pytest.mark.fact("PHN-34"),
    ),
    pytest.param("vm_attach_file", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-35")),
    pytest.param("vm_enabled", True, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-36")),
    pytest.param("vm_greeting", 0, ID, NO_ID, marks=pytest.mark.fact("PHN-37")),
    pytest.param(
        "vm_mailto",
        None,
        [
            "anna@example.com",
            "anna@example.com,boris@example.org",
            "anna@example.com, boris@example.org",
            None,
        ],
        {
            MAIL: [
                "",
                ",",
                "anna",
                "anna@",
                "@example.com",
                "anna@example.com,",
                "anna@example.com boris@example.org",
                "anna@example.com;boris@example.org",
                "anna@example.com,boris",
                "anna@example.com\n",
            ],
            TEXT: [1, ["anna@example.com"]],
        },
        marks=pytest.mark.fact("PHN-38"),
    ),
    pytest.param("intercom", None, ID, NO_ID, marks=pytest.mark.fact("PHN-39")),
    pytest.param(
        "bundle",
        {"bundle_list": None, "bundle_id": None},
        [{"bundle_list": {"54": {"active": True}}, "bundle_id": 2}],
        {BUNDLE: [[], "54", 54], NULL: [None]},
        marks=pytest.mark.fact("PHN-40"),
    ),
    pytest.param("allow_webrtc", False, BOTH, NO_BOTH, marks=pytest.mark.fact("PHN-42")),
]


@pytest.mark.parametrize(("name", "default", "taken", "turned_away"), TABLE)
def test_the_default(
    documented: Caller, name: str, default: Any, taken: list[Any], turned_away: Refusals
) -> None:
    """A phone that nobody changed shows the property with its default."""
    assert json_of(documented.get(PHONE))[name] == default


@pytest.mark.parametrize(("name", "default", "taken", "turned_away"), TABLE)
def test_values_that_are_taken(
    documented: Caller, name: str, default: Any, taken: list[Any], turned_away: Refusals
) -> None:
    """Each value within the rule is answered by PUT as it was sent, and kept."""
    before = json_of(documented.get(PHONE))
    for value in taken:
        expected = (200, {**before, name: value})
        assert answered(documented.put(PHONE, json={name: value})) == expected
        assert answered(documented.get(PHONE)) == expected


@pytest.mark.parametrize(("name", "default", "taken", "turned_away"), TABLE)
def test_values_that_are_refused(
    documented: Caller,
    request: pytest.FixtureRequest,
    name: str,
    default: Any,
    taken: list[Any],
    turned_away: Refusals,
) -> None:
    """Each value outside the rule is a 400 that says so under the property's fact.

    A null where none may be is refused under the rule on nulls, PHN-5, and a form that no page
    speaks of under a rule of its own, which is assumed.
    """
    (fact,) = request.node.get_closest_marker("fact").args
    before = documented.state()
    for what, values in turned_away.items():
        rule = "PHN-5" if what == NULL else fact
        rule = FORMS[name] if what in (DIGITS, DIALLED, COUNTRIES, ADDRESS, MAIL, FROM_1) else rule
        expected = (400, {"message": f"{name}: {what}"}, rule, basis_of([rule]))
        for value in values:
            assert (value, refused(documented.put(PHONE, json={name: value}))) == (value, expected)
    assert documented.state() == before


@pytest.mark.fact("PHN-29")
@pytest.mark.parametrize(("word", "shown"), [("yes", True), ("no", False)])
def test_stereo_may_be_a_word(documented: Caller, word: str, shown: bool) -> None:
    """For record_stereo the words "yes" and "no" are taken, and answered as booleans."""
    before = json_of(documented.get(PHONE))
    answer = documented.put(PHONE, json={"record_stereo": word})
    assert answered(answer) == (200, {**before, "record_stereo": shown})


@pytest.mark.fact("PHN-41", "PHN-5")
@pytest.mark.parametrize(
    ("value", "what", "rule"),
    [
        (None, NULL, "PHN-5"),
        (5, TEXT, "PHN-41"),
        (True, TEXT, "PHN-41"),
        (["secret"], TEXT, "PHN-41"),
    ],
)
def test_a_password_is_text(documented: Caller, value: Any, what: str, rule: str) -> None:
    """A password that is no string is a 400."""
    before = documented.state()
    answer = documented.put(PHONE, json={"password": value})
    expected = (400, {"message": f"password: {what}"}, rule, basis_of([rule]))
    assert (refused(answer), documented.state()) == (expected, before)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("external_number", "8 800", marks=pytest.mark.fact("PHN-51")),
        pytest.param("geo_list", "", marks=pytest.mark.fact("PHN-52")),
        pytest.param("static_reg_address", "", marks=pytest.mark.fact("PHN-53")),
        pytest.param(
            "static_reg_address", f"8.8.8.8:{5000 * '9'}", marks=pytest.mark.fact("PHN-53")
        ),
        pytest.param("vm_mailto", "", marks=pytest.mark.fact("PHN-54")),
        pytest.param("conference_pin", "", marks=pytest.mark.fact("PHN-55")),
        pytest.param("hangup_timeout", 0, marks=pytest.mark.fact("PHN-56")),
    ],
)
def test_odd_syntax_is_refused_by_assumption(documented: Caller, name: str, value: Any) -> None:
    """A value of a form that no page speaks of is a 400, and its basis says that we assume it."""
    found = refused(documented.put(PHONE, json={name: value}))
    assert (found[0], *found[2:]) == (400, FORMS[name], "assumed")
