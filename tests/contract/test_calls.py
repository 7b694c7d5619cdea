"""Every event of every kind of call, compared with the recorded shapes: keys and value forms."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.calls.desk import CALLER, EXTENSIONS, Desk, Event

DID = "74959998877"
OUTSIDE = "+79161112200"
HEX = "[0-9a-f]{32}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

#: Name -> form of its value.
Shape = dict[str, str]

ANSWERED = {"Duration": "[1-9][0-9]*"}
NOT_ANSWERED = {"Duration": "0"}
BRIDGED = {"Duration": "0", "Bridged": "yes"}
NOT_BRIDGED = {"Duration": "0", "Bridged": "no"}


def exactly(**values: str) -> Shape:
    """Forms that only these values have."""
    return {name: re.escape(value) for name, value in values.items()}


def recorded(number: str) -> Shape:
    """The form of the record of an answered leg."""
    return {**ANSWERED, "RecID": f"{EXTENSIONS[number][0]}-{HEX}"}


def _common(kind: str, number: str, status: str) -> Shape:
    word = {"dial-in": "CALLING", "dial-out": "CALLING", "answer": "ANSWER"}.get(kind, status)
    return {
        "EventType": kind,
        "EventTime": "[0-9]{16}",
        "CallID": HEX,
        "SubCallID": f"{EXTENSIONS[number][0]}-{HEX}",
        "CallAPIID": f"[1-9][0-9]{{9}}-{UUID}",
        "CallStatus": word,
    }


def extension(side: str, number: str) -> Shape:
    """The two parameters that name an extension."""
    address = {side: f"2566*{number}@sipproxy.telphin.ru"}
    return exactly(**address, **{f"{side}ID": str(EXTENSIONS[number][0])})


def came(kind: str, number: str, status: str = "ANSWER", **more: Shape) -> Shape:
    """An event of a leg that is called: by somebody outside, unless `more` says otherwise."""
    shape = {
        **_common(kind, number, status),
        "CallFlow": "in",
        **exactly(CalledNumber=f"2566*{number}", CallerIDNum=CALLER, CallerIDName=CALLER),
        **extension("CalledExtension", number),
    }
    for part in more.values():
        shape.update(part)
    return shape


def left(kind: str, number: str, to: str, status: str = "ANSWER", **more: Shape) -> Shape:
    """An event of a leg that dials."""
    shape = {
        **_common(kind, number, status),
        "CallFlow": "out",
        **exactly(CalledNumber=to, CallerIDNum=f"2566*{number}"),
        **extension("CallerExtension", number),
    }
    for part in more.values():
        shape.update(part)
    return shape


def through(number: str) -> Shape:
    """The extension that put the call through."""
    return extension("CallerExtension", number)


def called_by(number: str, name: str) -> Shape:
    """An extension as the caller."""
    own = exactly(CallerIDNum=f"2566*{number}", CallerIDName=name)
    return {**own, **extension("CallerExtension", number)}


def differences(events: list[Event], shapes: list[Shape]) -> list[str]:
    """What the events have that the shapes have not, and the other way round."""
    found = []
    if len(events) != len(shapes):
        found.append(f"{len(events)} events, not {len(shapes)}")
    for number, (event, shape) in enumerate(zip(events, shapes, strict=False), 1):
        place = f"{number} {event['EventType']}"
        found += [f"{place}: {name} is missing" for name in shape if name not in event]
        found += [f"{place}: {name} is too much" for name in event if name not in shape]
        found += [
            f"{place}: {name} is {value!r}, not {shape[name]}"
            for name, value in event.items()
            if name in shape and re.fullmatch(shape[name], value) is None
        ]
    return found


def _talk(desk: Desk, call: object, *steps: str) -> None:
    for step in steps:
        desk.advance(3)
        desk.step(call, step)  # type: ignore[arg-type]


def incoming_answered(desk: Desk) -> list[Shape]:
    """Somebody outside calls, and is answered."""
    _talk(desk, desk.incoming("102"), "answer", "hang_up")
    return [
        came("dial-in", "102"),
        came("answer", "102"),
        came("hangup", "102", more=recorded("102")),
    ]


def incoming_unanswered(desk: Desk) -> list[Shape]:
    """Nobody answers for as long as the phone rings."""
    desk.incoming("102")
    desk.advance(60)
    return [came("dial-in", "102"), came("hangup", "102", "NOANSWER", more=NOT_ANSWERED)]


def incoming_busy(desk: Desk) -> list[Shape]:
    """The callee declines."""
    _talk(desk, desk.incoming("102"), "decline")
    return [came("dial-in", "102"), came("hangup", "102", "BUSY", more=NOT_ANSWERED)]


def incoming_cancelled(desk: Desk) -> list[Shape]:
    """The caller gives up."""
    _talk(desk, desk.incoming("102"), "hang_up")
    return [came("dial-in", "102"), came("hangup", "102", "CANCEL", more=NOT_ANSWERED)]


def incoming_unreachable(desk: Desk) -> list[Shape]:
    """The phone is not registered."""
    desk.incoming("105")
    return [came("dial-in", "105"), came("hangup", "105", "CHANUNAVAIL", more=NOT_ANSWERED)]


def incoming_through_a_did(desk: Desk) -> list[Shape]:
    """Somebody outside dials a public number."""
    desk.did(DID, "102")
    _talk(desk, desk.incoming(DID), "answer", "hang_up")
    did = exactly(CalledDID=DID)
    return [
        came("dial-in", "102", did=did),
        came("answer", "102", did=did),
        came("hangup", "102", did=did, more=recorded("102")),
    ]


def outgoing_answered(desk: Desk) -> list[Shape]:
    """A phone dials outside, and is answered."""
    _talk(desk, desk.outgoing("103", OUTSIDE), "answer", "hang_up")
    return [
        left("dial-out", "103", OUTSIDE),
        left("answer", "103", OUTSIDE),
        left("hangup", "103", OUTSIDE, more=recorded("103")),
    ]


def outgoing_unanswered(desk: Desk) -> list[Shape]:
    """A phone dials outside, and nobody answers."""
    desk.outgoing("103", OUTSIDE)
    desk.advance(60)
    return [
        left("dial-out", "103", OUTSIDE),
        left("hangup", "103", OUTSIDE, "NOANSWER", more=NOT_ANSWERED),
    ]


def outgoing_given_up(desk: Desk) -> list[Shape]:
    """A phone dials outside, and hangs up before anybody answers."""
    _talk(desk, desk.outgoing("103", OUTSIDE), "hang_up")
    return [
        left("dial-out", "103", OUTSIDE),
        left("hangup", "103", OUTSIDE, "CANCEL", more=NOT_ANSWERED),
    ]


def internal(desk: Desk) -> list[Shape]:
    """A phone calls a phone."""
    _talk(desk, desk.internal("101", "102"), "answer", "hang_up")
    anna = called_by("101", "Anna")
    name = exactly(CallerIDName="Anna")
    return [
        left("dial-out", "101", "2566*102", name=name),
        came("dial-in", "102", anna=anna),
        came("answer", "102", anna=anna),
        left("answer", "101", "2566*102", name=name),
        came("hangup", "102", anna=anna, more=recorded("102")),
        left("hangup", "101", "2566*102", name=name, more=recorded("101")),
    ]


def queue_second_agent(desk: Desk) -> list[Shape]:
    """The first agent lets it ring, the second one answers."""
    desk.queue("102", "103")
    call = desk.incoming("887")
    desk.advance(60)
    _talk(desk, call, "answer", "hang_up")
    queue = through("887")
    return [
        came("dial-in", "887"),
        came("dial-in", "102", queue=queue),
        came("hangup", "102", "NOANSWER", queue=queue, more=NOT_ANSWERED),
        came("dial-in", "103", queue=queue),
        came("answer", "103", queue=queue),
        came("hangup", "103", queue=queue, more=recorded("103")),
        came("hangup", "887", more=BRIDGED),
    ]


def queue_abandoned(desk: Desk) -> list[Shape]:
    """The caller leaves the queue while an agent rings."""
    desk.queue("102")
    _talk(desk, desk.incoming("887"), "hang_up")
    queue = through("887")
    return [
        came("dial-in", "887"),
        came("dial-in", "102", queue=queue),
        came("hangup", "102", "CANCEL", queue=queue, more=NOT_ANSWERED),
        came("hangup", "887", "CANCEL", more=NOT_BRIDGED),
    ]


def menu_to_phone(desk: Desk) -> list[Shape]:
    """The caller presses a key that leads to a phone."""
    desk.menu(menu={"1": "102"})
    call = desk.incoming("099")
    desk.step(call, "press", "1")
    _talk(desk, call, "answer", "hang_up")
    menu = through("099")
    return [
        came("dial-in", "099"),
        came("dial-in", "102", menu=menu),
        came("answer", "102", menu=menu),
        came("hangup", "102", menu=menu, more=recorded("102")),
        came("hangup", "099", more=BRIDGED),
    ]


def forwarded_outside(desk: Desk) -> list[Shape]:
    """The phone's rule sends every call outside."""
    desk.forward("103", "79161114455")
    _talk(desk, desk.incoming("103"), "answer", "hang_up")
    marked = exactly(Transfered="yes", CallerIDNum=CALLER, CallerIDName=CALLER)
    return [
        left("dial-out", "103", "79161114455", marked=marked),
        left("answer", "103", "79161114455", marked=marked),
        left("hangup", "103", "79161114455", marked=marked, more=recorded("103")),
    ]


def callback_of_the_owner(desk: Desk) -> list[Shape]:
    """The owner rings itself, then dials (CAL-6)."""
    call = desk.callback("103", ["103"], OUTSIDE)
    _talk(desk, call, "answer", "answer", "hang_up")
    api_id = {"CallAPIID": f"cb-[1-9][0-9]{{9}}-{HEX}"}
    return [
        left("dial-out", "103", OUTSIDE, api_id=api_id),
        left("answer", "103", OUTSIDE, api_id=api_id),
        left("hangup", "103", OUTSIDE, api_id=api_id, more=recorded("103")),
    ]


def callback_of_others(desk: Desk) -> list[Shape]:
    """Another phone is rung, then the owner dials an extension (CAL-7)."""
    call = desk.callback("103", ["102"], "104")
    _talk(desk, call, "answer", "answer", "hang_up")
    callback = {"CallAPIID": f"cb-[1-9][0-9]{{9}}-{HEX}", **exactly(CallBackID=call.hex)}
    owner = {**callback, **through("103"), **exactly(CallerIDNum="2566*103")}
    shapes = [
        left("dial-out", "103", "2566*102", callback=callback),
        came("dial-in", "102", owner=owner),
        came("answer", "102", owner=owner),
        left("answer", "103", "2566*102", callback=callback),
        left("dial-out", "103", "2566*104", callback=callback),
        came("dial-in", "104", owner=owner),
        came("answer", "104", owner=owner),
        left("answer", "103", "2566*104", callback=callback),
        came("hangup", "104", owner=owner, more=recorded("104")),
        left("hangup", "103", "2566*104", callback=callback, more=recorded("103")),
        came("hangup", "102", owner=owner, more=recorded("102")),
        left("hangup", "103", "2566*102", callback=callback, more={"Duration": "[0-9]+"}),
    ]
    for shape in shapes:
        shape.pop("CallerIDName", None)  # the owner has no name
    return shapes


def blind_transfer(desk: Desk) -> list[Shape]:
    """The phone that took the call passes it on at once."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.advance(3)
    desk.step(call, "transfer", "103")
    _talk(desk, call, "answer", "hang_up")
    first = through("102")
    return [
        came("dial-in", "102"),
        came("answer", "102"),
        came("hangup", "102", more=recorded("102")),
        came("dial-in", "103", first=first, more=exactly(RemoteNumber=CALLER)),
        came("answer", "103", first=first),
        came("hangup", "103", first=first, more=recorded("103")),
    ]


def attended_transfer(desk: Desk) -> list[Shape]:
    """The phone that took the call asks first; its own number is shown."""
    desk.phone("102", preserve_caller_id_number_att_tr=False)
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "transfer", "103", attended=True)
    _talk(desk, call, "answer", "complete", "hang_up")
    first = {**through("102"), **exactly(CallerIDNum="2566*102")}
    return [
        came("dial-in", "102"),
        came("answer", "102"),
        came("dial-in", "103", first=first, more=exactly(RemoteNumber=CALLER)),
        came("answer", "103", first=first),
        came("hangup", "102", more=recorded("102")),
        came("hangup", "103", first=first, more=recorded("103")),
    ]


def bundle_main_called(desk: Desk) -> list[Shape]:
    """The main extension is called; a linked phone is picked up (CAL-9)."""
    call = desk.incoming("101")
    desk.step(call, "answer", "109")
    _talk(desk, call, "hang_up")
    return [
        came("dial-in", "101"),
        came("answer", "101"),
        came("hangup", "101", more=recorded("101")),
    ]


def bundle_member_called(desk: Desk) -> list[Shape]:
    """A linked extension is called (CAL-10)."""
    _talk(desk, desk.incoming("109"), "answer", "hang_up")
    return [
        came("dial-in", "109"),
        came("answer", "109"),
        came("hangup", "109", more=recorded("109")),
    ]


def bundle_member_calls(desk: Desk) -> list[Shape]:
    """A linked extension calls, as the main one (CAL-11)."""
    _talk(desk, desk.outgoing("109", OUTSIDE), "answer", "hang_up")
    name = exactly(CallerIDName="Anna")
    return [
        left("dial-out", "101", OUTSIDE, name=name),
        left("answer", "101", OUTSIDE, name=name),
        left("hangup", "101", OUTSIDE, name=name, more=recorded("101")),
    ]


CALLS: list[Callable[[Desk], list[Shape]]] = [
    incoming_answered,
    incoming_unanswered,
    incoming_busy,
    incoming_cancelled,
    incoming_unreachable,
    incoming_through_a_did,
    outgoing_answered,
    outgoing_unanswered,
    outgoing_given_up,
    internal,
    queue_second_agent,
    queue_abandoned,
    menu_to_phone,
    forwarded_outside,
    callback_of_the_owner,
    callback_of_others,
    blind_transfer,
    attended_transfer,
    bundle_main_called,
    bundle_member_called,
    bundle_member_calls,
]


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
)
@pytest.mark.parametrize("make", CALLS, ids=lambda make: make.__name__)
def test_events_of_a_call(make: Callable[[Desk], list[Shape]]) -> None:
    """Every event of the call has exactly the recorded parameters, in the recorded forms."""
    desk = Desk()
    shapes = make(desk)
    assert differences(desk.events(), shapes) == []


@pytest.mark.fact("DAT-3", "DAT-4", "DAT-5")
@pytest.mark.parametrize("make", CALLS, ids=lambda make: make.__name__)
def test_identifiers_of_a_call(make: Callable[[Desk], list[Shape]]) -> None:
    """One CallID and one CallAPIID in all events of a call; the second contains the first."""
    desk = Desk()
    make(desk)
    ids = {(event["CallID"], event["CallAPIID"]) for event in desk.events()}
    assert len(ids) == 1
    call_id, api_id = ids.pop()
    digits = api_id.removeprefix("cb-").partition("-")[2]
    assert digits.replace("-", "") == call_id


@pytest.mark.fact("DAT-4")
@pytest.mark.parametrize("make", [outgoing_answered, internal], ids=lambda make: make.__name__)
def test_the_leg_that_dials_has_the_hex_of_the_call(make: Callable[[Desk], list[Shape]]) -> None:
    """On an outgoing leg the hex of SubCallID is the CallID."""
    desk = Desk()
    make(desk)
    out = [event for event in desk.events() if event["CallFlow"] == "out"]
    assert len(out) == 3
    assert {event["SubCallID"].partition("-")[2] for event in out} == {out[0]["CallID"]}


@pytest.mark.fact("DAT-11", "DAT-12", "DAT-13", "CAL-4")
def test_the_recorded_dial_in() -> None:
    """The dial-in that was recorded: queue 887, called through a public number, rings 102."""
    desk = Desk()
    desk.did(DID, "887")
    desk.queue("102")
    call = desk.incoming(f"+{DID}")
    _, event = desk.events()
    generated = {
        "EventTime": "[0-9]{16}",
        "CallID": HEX,
        "SubCallID": f"85219-{HEX}",
        "CallAPIID": f"[0-9]{{10}}-{UUID}",
    }
    for name, form in generated.items():
        assert re.fullmatch(form, event.pop(name))
    assert event == {
        "EventType": "dial-in",
        "CallFlow": "in",
        "CallStatus": "CALLING",
        "CalledDID": "74959998877",
        "CalledNumber": "2566*102",
        "CalledExtension": "2566*102@sipproxy.telphin.ru",
        "CalledExtensionID": "85219",
        "CallerIDName": "+79161112233",
        "CallerIDNum": "+79161112233",
        "CallerExtensionID": "96857",
        "CallerExtension": "2566*887@sipproxy.telphin.ru",
    }
    assert desk.state(call) == "ringing"


@pytest.mark.fact("DAT-4", "DAT-8", "DAT-13", "DAT-14", "DAT-15")
def test_the_recorded_dial_out() -> None:
    """The outgoing call that was recorded: 102 talks for 11.420018 s with a number outside."""
    desk = Desk()
    call = desk.step(desk.outgoing("102", CALLER), "answer")
    desk.advance(11.420018)
    desk.step(call, "hang_up")
    events = desk.events()
    dialled = {
        "CallID": call.hex,
        "SubCallID": f"85219-{call.hex}",
        "CallAPIID": call.api_id,
        "CallFlow": "out",
        "CalledNumber": "+79161112233",
        "CallerIDNum": "2566*102",
        "CallerIDName": "Борис",
        "CallerExtension": "2566*102@sipproxy.telphin.ru",
        "CallerExtensionID": "85219",
    }
    for event in events:
        assert re.fullmatch("[0-9]{16}", event.pop("EventTime"))
    assert re.fullmatch(f"85219-{HEX}", events[-1].pop("RecID"))
    assert events == [
        {**dialled, "EventType": "dial-out", "CallStatus": "CALLING"},
        {**dialled, "EventType": "answer", "CallStatus": "ANSWER"},
        {**dialled, "EventType": "hangup", "CallStatus": "ANSWER", "Duration": "11420018"},
    ]
