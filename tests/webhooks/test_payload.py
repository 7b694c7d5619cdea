"""The table of parameters: which are present in each kind of event, and what they hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from mockpbx.resources.event.model import EventType
from mockpbx.webhooks.payload import PARAMETERS, Event, Party, parameters

PHONE = Party(85219, "2566*102", "sipproxy.telphin.ru")
QUEUE = Party(96857, "2566*887", "sipproxy.telphin.ru")
HEX = "262077ef325f4868aa49bf22309229f7"
LEG_HEX = "e6bd7bb2622b424392a012e28473f91a"
API_ID = "3584709739-262077ef-325f-4868-aa49-bf22309229f7"
RECORD = "85219-00000000000000000000000000000001"

#: Everything that an event can know.
FULL: dict[str, Any] = {
    "at": datetime(2017, 8, 17, 16, 8, 5, 686478, tzinfo=timezone.utc),
    "extension": PHONE,
    "role": "phone",
    "call_id": HEX,
    "leg_hex": LEG_HEX,
    "api_id": API_ID,
    "caller_num": "+79161112233",
    "caller_name": "Анна & Co",
    "called_number": "2566*102",
    "called_did": "74959998877",
    "caller": QUEUE,
    "talked": timedelta(seconds=11, microseconds=420018),
    "record_uuid": RECORD,
    "bridged": True,
    "transfered": True,
    "remote_number": "+79161110000",
    "callback_id": "f" * 32,
    "text": "Hello",
}
#: The same, knowing nothing that it need not know.
SPARSE: dict[str, Any] = {
    **FULL,
    "caller_name": None,
    "called_did": None,
    "caller": None,
    "talked": None,
    "record_uuid": None,
    "bridged": False,
    "transfered": False,
    "remote_number": None,
    "callback_id": None,
    "text": None,
}
STATUS = {"dial-in": "CALLING", "dial-out": "CALLING", "answer": "ANSWER", "hangup": "NOANSWER"}
#: Every kind of event there is: type, flow, role.
KINDS = [
    ("dial-in", "in", "phone"),
    ("answer", "in", "phone"),
    ("hangup", "in", "phone"),
    ("dial-out", "out", "phone"),
    ("answer", "out", "phone"),
    ("hangup", "out", "phone"),
    ("dial-in", "in", "queue"),
    ("hangup", "in", "queue"),
    ("dial-in", "in", "ivr"),
    ("hangup", "in", "ivr"),
    ("dial-out", "out", "forward"),
    ("answer", "out", "forward"),
    ("hangup", "out", "forward"),
    ("message-in", "in", "phone"),
    ("message-out", "out", "phone"),
    ("voicemail", "in", "phone"),
]

ALL = set(KINDS)
CALLS = {kind for kind in KINDS if kind[0] in STATUS}
MESSAGES = {kind for kind in KINDS if kind[0].startswith("message")}
IN = {kind for kind in KINDS if kind[1] == "in"}
OUT = ALL - IN
HANGUP = {kind for kind in KINDS if kind[0] == "hangup"}
DIAL_IN = {kind for kind in KINDS if kind[0] == "dial-in"}
NOT_PHONE = {kind for kind in KINDS if kind[2] in ("queue", "ivr")}
VOICEMAIL = {("voicemail", "in", "phone")}
NONE: set[tuple[str, str, str]] = set()

#: Parameter -> its facts, where it is present in a full event, where in a sparse one.
PRESENCE = {
    "EventType": ("DAT-1", ALL, ALL),
    "EventTime": ("DAT-2", ALL, ALL),
    "CallID": ("DAT-3", ALL, ALL),
    "SubCallID": ("DAT-4", CALLS, CALLS),
    "CallAPIID": ("DAT-5", CALLS, CALLS),
    "CallFlow": ("DAT-6", ALL, ALL),
    "CallStatus": ("DAT-7", CALLS, CALLS),
    "CallerIDNum": ("DAT-8", ALL, ALL),
    "CallerIDName": ("DAT-9", CALLS, NONE),
    "CalledNumber": ("DAT-10", ALL, ALL),
    "CalledDID": ("DAT-11", CALLS & IN, NONE),
    "CalledExtension": ("DAT-12", IN, IN),
    "CalledExtensionID": ("DAT-12", IN, IN),
    "CallerExtension": ("DAT-13", ALL, OUT),
    "CallerExtensionID": ("DAT-13", ALL, OUT),
    "Duration": ("DAT-14", HANGUP, HANGUP),
    "RecID": ("DAT-15", HANGUP | VOICEMAIL, NONE),
    "Bridged": ("DAT-16", HANGUP & NOT_PHONE, HANGUP & NOT_PHONE),
    "Transfered": ("DAT-17", ALL, NONE),
    "RemoteNumber": ("DAT-18", DIAL_IN, NONE),
    "CallBackID": ("DAT-19", CALLS, NONE),
    "Message": ("DAT-21", MESSAGES, MESSAGES),
}


def event_of(kind: tuple[str, str, str], known: dict[str, Any]) -> Event:
    """An event of that kind which knows that."""
    event_type, flow, role = kind
    status = STATUS.get(event_type, "")
    more = {"type": EventType(event_type), "flow": flow, "role": role, "status": status}
    return Event(**{**known, **more})


def sent(
    kind: tuple[str, str, str], known: dict[str, Any] = FULL, **changes: Any
) -> dict[str, str]:
    """The parameters of such an event, by name."""
    return dict(parameters(replace(event_of(kind, known), **changes)))


@pytest.mark.fact("DAT-1")
def test_the_table_holds_each_parameter_once() -> None:
    """The table that drives events has exactly the documented parameters, each under its fact."""
    table = [(one.name, one.fact) for one in PARAMETERS]
    assert table == [(name, facts) for name, (facts, _, _) in PRESENCE.items()]


@pytest.mark.fact(
    "DAT-1",
    "DAT-2",
    "DAT-3",
    "DAT-4",
    "DAT-5",
    "DAT-6",
    "DAT-7",
    "DAT-8",
    "DAT-9",
    "DAT-10",
    "DAT-11",
    "DAT-12",
    "DAT-13",
    "DAT-14",
    "DAT-15",
    "DAT-16",
    "DAT-17",
    "DAT-18",
    "DAT-19",
    "DAT-21",
)
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_presence_when_everything_is_known(kind: tuple[str, str, str]) -> None:
    """An event that knows everything holds exactly the parameters of its kind."""
    assert set(sent(kind)) == {name for name, (_, full, _) in PRESENCE.items() if kind in full}


@pytest.mark.fact(
    "DAT-9", "DAT-11", "DAT-13", "DAT-14", "DAT-15", "DAT-16", "DAT-17", "DAT-18", "DAT-19"
)
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_presence_when_nothing_more_is_known(kind: tuple[str, str, str]) -> None:
    """An event without the things that not every call has holds only what is always there."""
    expected = {name for name, (_, _, sparse) in PRESENCE.items() if kind in sparse}
    assert set(sent(kind, SPARSE)) == expected


@pytest.mark.fact("DAT-1")
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_event_type(kind: tuple[str, str, str]) -> None:
    """`EventType` is the type of the event, and comes first."""
    assert parameters(event_of(kind, FULL))[0] == ("EventType", kind[0])


@pytest.mark.fact("DAT-2")
def test_event_time() -> None:
    """`EventTime` is microseconds since 1970 in 16 digits."""
    assert sent(KINDS[0])["EventTime"] == "1502986085686478"


@pytest.mark.fact("DAT-3", "DAT-4", "DAT-5")
def test_identifiers() -> None:
    """The call, the leg and the API's id of the call are in their forms."""
    found = sent(KINDS[0])
    assert found["CallID"] == HEX
    assert found["SubCallID"] == f"85219-{LEG_HEX}"
    assert found["CallAPIID"] == API_ID


@pytest.mark.fact("DAT-6")
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_call_flow(kind: tuple[str, str, str]) -> None:
    """`CallFlow` is in or out, in small letters."""
    assert sent(kind)["CallFlow"] == kind[1]


@pytest.mark.fact("DAT-7")
@pytest.mark.parametrize(
    "status", ["ANSWER", "BUSY", "NOANSWER", "CANCEL", "CONGESTION", "CHANUNAVAIL"]
)
def test_call_status(status: str) -> None:
    """`CallStatus` is the word for how a leg stands or ended."""
    assert sent(("hangup", "in", "phone"), status=status)["CallStatus"] == status


@pytest.mark.fact("DAT-8", "DAT-9", "DAT-10", "DAT-11")
def test_numbers_of_an_incoming_call() -> None:
    """Who called, and what was called, are told apart: extension and public number."""
    found = sent(("dial-in", "in", "phone"))
    assert found["CallerIDNum"] == "+79161112233"
    assert found["CallerIDName"] == "Анна & Co"
    assert found["CalledNumber"] == "2566*102"
    assert found["CalledDID"] == "74959998877"


@pytest.mark.fact("DAT-9")
def test_an_empty_name_is_no_name() -> None:
    """`CallerIDName` is left out when the caller's name is empty."""
    assert "CallerIDName" not in sent(("dial-in", "in", "phone"), caller_name="")


@pytest.mark.fact("DAT-12", "DAT-13")
def test_extensions_of_an_incoming_leg() -> None:
    """Flow in: the called one is the event's extension, the calling one is who put it through."""
    found = sent(("dial-in", "in", "phone"))
    assert found["CalledExtension"] == "2566*102@sipproxy.telphin.ru"
    assert found["CalledExtensionID"] == "85219"
    assert found["CallerExtension"] == "2566*887@sipproxy.telphin.ru"
    assert found["CallerExtensionID"] == "96857"


@pytest.mark.fact("DAT-12", "DAT-13")
def test_extensions_of_an_outgoing_leg() -> None:
    """Flow out: the calling one is the event's extension, whoever it follows."""
    found = sent(("dial-out", "out", "phone"))
    assert found["CallerExtension"] == "2566*102@sipproxy.telphin.ru"
    assert found["CallerExtensionID"] == "85219"


@pytest.mark.fact("DAT-14")
@pytest.mark.parametrize(
    ("talked", "expected"),
    [
        (None, "0"),
        (timedelta(0), "0"),
        (timedelta(microseconds=1), "1"),
        (timedelta(seconds=11, microseconds=420018), "11420018"),
        (timedelta(days=2), "172800000000"),
    ],
)
def test_duration(talked: timedelta | None, expected: str) -> None:
    """`Duration` is the talk time in microseconds, 0 for none."""
    assert sent(("hangup", "in", "phone"), talked=talked)["Duration"] == expected


@pytest.mark.fact("DAT-15")
def test_rec_id() -> None:
    """`RecID` is the name of the record."""
    assert sent(("hangup", "in", "phone"))["RecID"] == RECORD


@pytest.mark.fact("DAT-16")
@pytest.mark.parametrize(("bridged", "word"), [(True, "yes"), (False, "no")])
@pytest.mark.parametrize("role", ["ivr", "queue"])
def test_bridged(role: str, bridged: bool, word: str) -> None:
    """`Bridged` says whether somebody took the call that a menu or a queue had."""
    assert sent(("hangup", "in", role), bridged=bridged)["Bridged"] == word


@pytest.mark.fact("DAT-17")
def test_transfered() -> None:
    """`Transfered`, spelt with one r, is yes or absent."""
    found = sent(("dial-out", "out", "forward"))
    assert found["Transfered"] == "yes"
    assert "Transfered" not in sent(("dial-out", "out", "forward"), transfered=False)


@pytest.mark.fact("DAT-18")
def test_remote_number() -> None:
    """`RemoteNumber` is the outside number of a transferred call."""
    assert sent(("dial-in", "in", "phone"))["RemoteNumber"] == "+79161110000"


@pytest.mark.fact("DAT-19")
def test_callback_id() -> None:
    """`CallBackID` is the CallID of the callback."""
    assert sent(("dial-in", "in", "phone"))["CallBackID"] == "f" * 32


@pytest.mark.fact("DAT-20")
@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_bridged_duration_is_not_sent(kind: tuple[str, str, str]) -> None:
    """`BridgedDuration`, which one source alone has seen, is in no event."""
    assert "BridgedDuration" not in sent(kind)


@pytest.mark.fact("DAT-21")
@pytest.mark.parametrize(("text", "expected"), [("Привет", "Привет"), ("", ""), (None, "")])
def test_message(text: str | None, expected: str) -> None:
    """`Message` is the text of a message, and there even when it is empty."""
    assert sent(("message-in", "in", "phone"), text=text)["Message"] == expected


@pytest.mark.fact("DAT-21")
def test_voicemail() -> None:
    """A voicemail event has the common parameters and the name of what was spoken."""
    assert parameters(
        event_of(("voicemail", "in", "phone"), {**SPARSE, "record_uuid": RECORD})
    ) == [
        ("EventType", "voicemail"),
        ("EventTime", "1502986085686478"),
        ("CallID", HEX),
        ("CallFlow", "in"),
        ("CallerIDNum", "+79161112233"),
        ("CalledNumber", "2566*102"),
        ("CalledExtension", "2566*102@sipproxy.telphin.ru"),
        ("CalledExtensionID", "85219"),
        ("RecID", RECORD),
    ]


def test_every_value_is_text() -> None:
    """No parameter of any event is anything but text."""
    values = [value for kind in KINDS for _, value in parameters(event_of(kind, FULL))]
    assert {type(value) for value in values} == {str}
    assert all(re.fullmatch(r"[^\x00-\x1f]*", value) for value in values)
