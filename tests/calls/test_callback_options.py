"""Every option of a callback, whoever is rung first and whatever is dialled then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mockpbx.calls.model import Call
from mockpbx.calls.third_party_control import join
from mockpbx.core.errors import ConflictError
from mockpbx.resources.call_history.model import Row
from tests.calls.desk import Desk

OUTSIDE, VISITOR = "+79161114455", "+79161110001"
#: A sound of four seconds.
SOUND = 7
#: Who is rung first: the owner 104 itself, another phone, somebody outside.
FIRST = {"owner": "104", "another": "102", "outside": VISITOR}
#: What is dialled then: a phone, the menu, the queue, somebody outside.
THEN = {"phone": "103", "menu": "099", "queue": "887", "outside": OUTSIDE}


def begin(first: str, then: str, **options: Any) -> tuple[Desk, Call]:
    """A desk whose menu leads to 106 and whose queue to 106, and a callback that rings."""
    desk = Desk()
    desk.sound(SOUND, seconds=4)
    desk.menu(menu={"1": "106"})
    desk.queue("106")
    call = desk.callback("104", [FIRST[first]], THEN[then], **options)
    return desk, call


def talking(first: str, then: str, **options: Any) -> tuple[Desk, Call]:
    """The same, with both sides in the talk after 5 seconds."""
    desk, call = begin(first, then, **options)
    desk.advance(2)
    desk.step(call, "answer")
    if then == "menu":
        desk.step(call, "press", "1")
    desk.advance(3)
    desk.step(call, "answer")
    assert desk.state(call) == "answered"
    return desk, call


def shown_to(desk: Desk, kind: str, extension: str) -> set[tuple[str, str | None]]:
    """Number and name that the extension's events of that type show of the caller."""
    side = "CallerExtension" if kind == "dial-out" else "CalledExtension"
    return {
        (event["CallerIDNum"], event.get("CallerIDName"))
        for event in desk.arrived
        if event["EventType"] == kind and event[side].startswith(f"2566*{extension}@")
    }


#: Whoever is rung and dialled: the events up to the talk.
#: (who is rung first, what is dialled) -> type and extension, in order.
OWNER_RINGS = ["dial-out 104", "dial-in 103", "answer 103", "answer 104"]
EVENTS: Mapping[tuple[str, str], list[str]] = {
    ("owner", "phone"): OWNER_RINGS,
    ("owner", "menu"): ["dial-out 104", "dial-in 099", "dial-in 106", "answer 106", "answer 104"],
    ("owner", "queue"): ["dial-out 104", "dial-in 887", "dial-in 106", "answer 106", "answer 104"],
    ("owner", "outside"): ["dial-out 104", "answer 104"],
    ("another", "phone"): ["dial-out 104", "dial-in 102", "answer 102", "answer 104", *OWNER_RINGS],
    ("another", "menu"): [
        *["dial-out 104", "dial-in 102", "answer 102", "answer 104"],
        *["dial-out 104", "dial-in 099", "dial-in 106", "answer 106", "answer 104"],
    ],
    ("another", "queue"): [
        *["dial-out 104", "dial-in 102", "answer 102", "answer 104"],
        *["dial-out 104", "dial-in 887", "dial-in 106", "answer 106", "answer 104"],
    ],
    ("another", "outside"): [
        *["dial-out 104", "dial-in 102", "answer 102", "answer 104"],
        *["dial-out 104", "answer 104"],
    ],
    ("outside", "phone"): ["dial-out 104", "answer 104", *OWNER_RINGS],
    ("outside", "menu"): [
        *["dial-out 104", "answer 104"],
        *["dial-out 104", "dial-in 099", "dial-in 106", "answer 106", "answer 104"],
    ],
    ("outside", "queue"): [
        *["dial-out 104", "answer 104"],
        *["dial-out 104", "dial-in 887", "dial-in 106", "answer 106", "answer 104"],
    ],
    ("outside", "outside"): ["dial-out 104", "answer 104", "dial-out 104", "answer 104"],
}
EVERYBODY = list(EVENTS)


@pytest.mark.fact("CAL-6", "CAL-7", "CAL-14", "CBK-1")
@pytest.mark.parametrize(("first", "then"), EVERYBODY)
def test_who_is_told(first: str, then: str) -> None:
    """The owner dials each first number, unless that is its own, and then the other number."""
    desk, _ = talking(first, then)
    assert desk.story() == EVENTS[first, then]


@pytest.mark.fact("DAT-19")
@pytest.mark.parametrize(("first", "then"), EVERYBODY)
def test_who_names_the_callback(first: str, then: str) -> None:
    """CallBackID stands in all events, unless the owner rings itself."""
    desk, call = talking(first, then)
    found = {event.get("CallBackID") for event in desk.events()}
    assert found == {None if first == "owner" else call.hex}


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize(("first", "then"), EVERYBODY)
def test_call_duration(first: str, then: str) -> None:
    """The talk ends after so many seconds."""
    desk, call = talking(first, then, call_duration=30)
    desk.advance(29)
    assert desk.state(call) == "answered"
    desk.advance(1)
    assert (desk.state(call), desk.now(call).result) == ("finished", "ANSWER")


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("first", FIRST)
def test_wait_for_pickup(first: str) -> None:
    """Whoever is rung first rings so many seconds."""
    desk, call = begin(first, "phone", wait_for_pickup=7)
    desk.advance(6)
    assert desk.state(call) == "ringing"
    desk.advance(1)
    assert (desk.state(call), desk.now(call).result) == ("finished", "NOANSWER")


#: What the first and the second phone see of the caller: number and name.
#: (options, at whom, who is rung first) -> number, name.
SHOWN: list[tuple[dict[str, str], str, str, tuple[str, str | None]]] = [
    ({}, "102", "another", ("2566*104", None)),
    ({}, "103", "another", ("2566*104", None)),
    ({}, "103", "owner", ("2566*104", None)),
    ({}, "103", "outside", ("2566*104", None)),
    ({"src_caller_id_number": VISITOR}, "102", "another", (VISITOR, None)),
    ({"src_caller_id_number": VISITOR}, "103", "another", ("2566*104", None)),
    ({"src_caller_id_name": "Shop"}, "102", "another", ("2566*104", "Shop")),
    ({"src_caller_id_name": "Shop"}, "103", "another", ("2566*104", None)),
    ({"caller_id_number": VISITOR}, "102", "another", ("2566*104", None)),
    ({"caller_id_number": VISITOR}, "103", "another", (VISITOR, None)),
    ({"caller_id_number": VISITOR}, "103", "owner", (VISITOR, None)),
    ({"caller_id_name": "Shop"}, "102", "another", ("2566*104", None)),
    ({"caller_id_name": "Shop"}, "103", "outside", ("2566*104", "Shop")),
]


@pytest.mark.fact("CBK-1", "CBK-3")
@pytest.mark.parametrize(("options", "at", "first", "wanted"), SHOWN)
def test_who_is_shown(
    options: dict[str, str], at: str, first: str, wanted: tuple[str, str | None]
) -> None:
    """The first see what is given for them, the other what is given for it, else the owner."""
    desk, _ = talking(first, "phone", **options)
    assert shown_to(desk, "dial-in", at) == {wanted}


@pytest.mark.fact("CAL-15", "CBK-3")
@pytest.mark.parametrize(
    ("first", "wanted"), [("owner", "2566*104"), ("another", "2566*104"), ("outside", VISITOR)]
)
@pytest.mark.parametrize(("then", "number"), [("menu", "099"), ("queue", "887")])
def test_whom_machines_see(first: str, wanted: str, then: str, number: str) -> None:
    """A menu and a queue see the number outside that was rung first, else the owner."""
    desk, _ = begin(first, then)
    (call,) = desk.world.store.all(Call)
    desk.step(call, "answer")
    assert {num for num, _ in shown_to(desk, "dial-in", number)} == {wanted}


#: Who hangs up, and whom the one who stays is connected with then.
#: (who is rung first, option, who hangs up) -> who rings, None when the call is over.
HANGUPS: list[tuple[str, str, str, str | None]] = [
    ("owner", "transfer_after_src_hangup", "caller", "106"),
    ("owner", "transfer_after_src_hangup", "callee", None),
    ("owner", "transfer_after_dst_hangup", "caller", None),
    ("owner", "transfer_after_dst_hangup", "callee", "106"),
    ("another", "transfer_after_src_hangup", "caller", "106"),
    ("another", "transfer_after_src_hangup", "callee", None),
    ("another", "transfer_after_dst_hangup", "caller", None),
    ("another", "transfer_after_dst_hangup", "callee", "106"),
    ("outside", "transfer_after_src_hangup", "caller", "106"),
    ("outside", "transfer_after_src_hangup", "callee", None),
    ("outside", "transfer_after_dst_hangup", "caller", None),
    ("outside", "transfer_after_dst_hangup", "callee", "106"),
]


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("then", ["phone", "outside"])
@pytest.mark.parametrize(("first", "option", "who", "rings"), HANGUPS)
def test_who_stays(first: str, option: str, who: str, rings: str | None, then: str) -> None:
    """The one who stays is passed on when the other side hangs up, and only then."""
    desk, call = talking(first, then, **{option: "106"})
    desk.step(call, "hang_up", who)
    assert desk.ringing(call) == ([rings] if rings else [])
    assert (desk.state(call) == "finished") is (rings is None)


@pytest.mark.fact("CBK-1")
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(("keys", "after"), [("1", 0), ("W1", 1), ("WWw1", 2.5), ("w1", 0.5)])
def test_dst_dtmf(first: str, keys: str, after: float) -> None:
    """The keys are pressed in the menu once it answers; W and w wait 1 and 0.5 seconds."""
    desk, call = begin(first, "menu", dst_dtmf=keys)
    desk.step(call, "answer")
    if after:
        desk.advance(after - 0.1)
        assert desk.state(call) == "menu"
    desk.advance(0.1)
    assert desk.ringing(call) == ["106"]


@pytest.mark.fact("CBK-6")
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("then", ["phone", "queue", "outside"])
def test_dst_dtmf_to_who_answers(first: str, then: str) -> None:
    """The keys are heard by whoever answers, from the answer on, and not before."""
    desk, call = begin(first, then, dst_dtmf="1W2")
    desk.step(call, "answer")
    desk.advance(5)
    assert pressed(desk, call) == []
    desk.step(call, "answer")
    desk.advance(0)
    assert pressed(desk, call) == [(5, "pressed 1")]
    desk.advance(1)
    assert pressed(desk, call) == [(5, "pressed 1"), (6, "pressed 2")]
    assert desk.state(call) == "answered"


@pytest.mark.fact("CBK-6")
def test_dst_dtmf_is_sent_once() -> None:
    """Keys that a menu took are not sent to whom it leads to."""
    desk, call = begin("owner", "menu", dst_dtmf="1")
    desk.step(call, "answer")
    desk.advance(0)
    desk.step(call, "answer")
    desk.advance(9)
    assert pressed(desk, call) == [(0, "pressed 1")]


def pressed(desk: Desk, call: Call) -> list[tuple[float, str]]:
    """The keys that were pressed in the call, with the seconds."""
    marks = desk.now(call).marks
    return [(int(one.at.total_seconds()), one.text) for one in marks if "pressed" in one.text]


def played(desk: Desk, call: Call) -> list[tuple[str, str, float, float | None]]:
    """What was heard in the call: at which extension, what, from when, until when."""
    return [
        (
            desk.number(leg.extension_id),
            one.what,
            one.since.total_seconds(),
            None if one.until is None else one.until.total_seconds(),
        )
        for leg in desk.legs(call)
        for one in leg.heard
    ]


@pytest.mark.fact("CBK-5")
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(("then", "state"), [("phone", "ringing"), ("menu", "menu")])
def test_an_announcement_before_the_dialling(first: str, then: str, state: str) -> None:
    """Who picks up first hears the sound to its end; only then the other number is dialled."""
    desk, call = begin(first, then, announce_sound_id=SOUND)
    desk.step(call, "answer")
    number = "102" if first == "another" else "104"
    assert played(desk, call) == [(number, "announce_sound_id", 0, 4)]
    desk.advance(3.9)
    assert (desk.state(call), desk.now(call).dial_leg_id) == ("answered", None)
    desk.advance(0.1)
    assert desk.state(call) == state
    assert desk.legs(call)[-1].began_at.total_seconds() == pytest.approx(4, abs=0.01)


@pytest.mark.fact("CBK-5", "HIS-19")
@pytest.mark.parametrize("first", FIRST)
def test_a_hangup_during_the_announcement(first: str) -> None:
    """Who hangs up before its end is not connected: the other number is never dialled."""
    desk, call = begin(first, "phone", announce_sound_id=SOUND)
    desk.step(call, "answer")
    desk.advance(3)
    desk.step(call, "hang_up")
    assert (desk.state(call), desk.now(call).result) == ("finished", "CANCEL")
    desk.advance(0)
    assert desk.world.scheduler.next_at is None
    (row,) = desk.world.store.all(Row)
    assert (row.result, row.talk) == ("answered", None)
    assert [until for _, _, _, until in played(desk, call)] == [pytest.approx(3, abs=0.01)]


@pytest.mark.fact("CBK-5")
def test_a_listener_leaves_during_the_announcement() -> None:
    """Who was to listen in and declines ends nothing."""
    desk, call = begin("another", "phone", announce_sound_id=SOUND)
    desk.step(call, "answer")
    with desk.world.change():
        join(desk.world, desk.now(call), desk.ext("102"), desk.ext("106"))
    desk.step(call, "decline", "106")
    assert desk.state(call) == "answered"
    desk.advance(4)
    assert desk.ringing(call) == ["103"]


@pytest.mark.fact("CBK-5")
@pytest.mark.parametrize(
    ("first", "then", "numbers"),
    [
        ("owner", "phone", ["104", "103"]),
        ("another", "phone", ["102", "103"]),
        ("outside", "outside", ["104", "104"]),
    ],
)
def test_an_announcement_to_all(first: str, then: str, numbers: list[str]) -> None:
    """Once the other number picks up all sides hear the sound."""
    desk, call = begin(first, then, dst_announce_sound_id=SOUND)
    desk.step(call, "answer")
    desk.advance(5)
    assert played(desk, call) == []
    desk.step(call, "answer")
    assert played(desk, call) == [(number, "dst_announce_sound_id", 5, 9) for number in numbers]


@pytest.mark.fact("CBK-5")
def test_an_announcement_in_a_menu() -> None:
    """A menu picks up at once: who is led there hears the sound, and nobody a second time."""
    desk, call = begin("another", "menu", dst_announce_sound_id=SOUND)
    desk.step(call, "answer")
    wanted = [("102", "dst_announce_sound_id", 0, 4)]
    assert played(desk, call) == wanted
    desk.step(call, "press", "1")
    desk.advance(5)
    desk.step(call, "answer")
    assert played(desk, call) == wanted


#: Who takes part, the option, and whether a transfer is refused.
#: (who is rung first, what is dialled, allow_public_transfer) -> refused
PASSED_ON: list[tuple[str, str, bool | None, bool]] = [
    ("owner", "outside", False, True),
    ("another", "outside", False, True),
    ("outside", "phone", False, True),
    ("outside", "queue", False, True),
    ("another", "phone", False, False),
    ("owner", "queue", False, False),
    ("another", "outside", True, False),
    ("another", "outside", None, False),
    ("outside", "phone", None, False),
]


@pytest.mark.fact("CBK-7")
@pytest.mark.parametrize("attended", [False, True])
@pytest.mark.parametrize(("first", "then", "allowed", "refused"), PASSED_ON)
def test_allow_public_transfer(
    first: str, then: str, allowed: bool | None, refused: bool, attended: bool
) -> None:
    """Without it nobody passes the call on while a number outside takes part."""
    desk, call = talking(first, then, allow_public_transfer=allowed)
    before = desk.legs(call)
    if not refused:
        desk.step(call, "transfer", "105", attended=attended)
        assert len(desk.legs(call)) > len(before)
        return
    text = "allow_public_transfer of the callback is false, and a number outside takes part"
    with pytest.raises(ConflictError, match=f"^transfer: {text}$"):
        desk.step(call, "transfer", "105", attended=attended)
    assert (desk.legs(call), desk.state(call)) == (before, "answered")


@pytest.mark.fact("CBK-7")
def test_a_transfer_that_the_callback_asks_for() -> None:
    """What the callback itself says of a hangup is no transfer of its sides."""
    desk, call = talking(
        "outside", "phone", allow_public_transfer=False, transfer_after_dst_hangup="106"
    )
    desk.step(call, "hang_up", "callee")
    assert desk.ringing(call) == ["106"]


#: What the phone that is rung first, 102, or the one that is dialled, 103, is set to.
#: (whose phone, properties, how many pick up) -> how the call stands.
PHONES: list[tuple[str, dict[str, Any], int, str]] = [
    ("102", {"call_screening_enabled": True}, 1, "screening"),
    ("103", {"call_screening_enabled": True}, 2, "screening"),
    ("102", {"intercom": 0}, 0, "ringing"),
    ("102", {"intercom": 0}, 1, "answered"),
    ("103", {"intercom": 0}, 1, "answered"),
    ("102", {"external_number": "79161110000"}, 2, "answered"),
    ("103", {"external_number": "79161110000"}, 2, "answered"),
]


@pytest.mark.fact("CBK-1", "SIM-6", "SIM-7", "SIM-2")
@pytest.mark.parametrize(("whose", "properties", "picked_up", "state"), PHONES)
def test_properties_of_the_phones(
    whose: str, properties: dict[str, Any], picked_up: int, state: str
) -> None:
    """Screening, intercom and an outside number act in a callback as in any call."""
    desk = Desk()
    desk.phone(whose, **properties)
    call = desk.callback("104", ["102"], "103")
    for _ in range(picked_up):
        desk.step(call, "answer")
    assert desk.state(call) == state


@pytest.mark.fact("CBK-1", "CAL-11")
@pytest.mark.parametrize(
    ("owner", "first"), [("101", "109"), ("109", "109"), ("109", "101"), ("101", "101")]
)
def test_members_of_a_bundle(owner: str, first: str) -> None:
    """A linked phone is, as owner and as first number, the main extension of its bundle."""
    desk = Desk()
    call = desk.callback(owner, [first], OUTSIDE)
    desk.step(call, "answer")
    desk.step(call, "answer")
    if first == "109" and owner == "101":
        assert desk.story() == [
            *["dial-out 101", "dial-in 109", "answer 109", "answer 101"],
            *["dial-out 101", "answer 101"],
        ]
    else:
        assert desk.story() == ["dial-out 101", "answer 101"]
