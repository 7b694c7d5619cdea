"""The steps of a call, and how each is refused."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import ConflictError, InvalidError, NotFoundError
from mockpbx.testing.call import Call

from ..receivers import Receivers
from ..told import Refused, refused
from .table import CALLER, OUTSIDE, Face, send, story


def every_step_refused(call: Call, *allowed: str) -> list[Refused]:
    """How each step is refused that the call's state does not allow."""
    steps: dict[str, Any] = {
        "ring": call.ring,
        "answer": call.answer,
        "decline": call.decline,
        "hang_up": call.hang_up,
        "hold": call.hold,
        "transfer": lambda: call.transfer("103"),
        "press": lambda: call.press("1"),
        "leave_message": call.leave_message,
        "talk": lambda: call.talk(1),
        "complete": call.complete,
        "cancel": call.cancel,
    }
    return [refused(ConflictError, act) for name, act in steps.items() if name not in allowed]


@story
def a_ringing_call(pbx: Face, receivers: Receivers) -> Any:
    """It rings, and neither talks nor waits for a key."""
    call = pbx.incoming_call(CALLER, to="101")
    seen = every_step_refused(call, "ring", "answer", "decline", "hang_up")
    return seen, call.ring() is call, call


@story
def an_answered_call(pbx: Face, receivers: Receivers) -> Any:
    """It is answered, held, taken up, talks for a time, and ends."""
    call = pbx.incoming_call(CALLER, to="101")
    seen: list[Any] = [call.answer(), call.press("#"), call.hold()]
    seen += [every_step_refused(call, "hold", "transfer", "hang_up", "talk"), call.hold()]
    seen += [every_step_refused(call, "hold", "transfer", "press", "hang_up", "talk")]
    seen += [call.talk(12.5).talk(0), pbx.clock.now(), call.hang_up()]
    return [*seen, every_step_refused(call)]


@story
def a_call_that_is_picked_up_by_name(pbx: Face, receivers: Receivers) -> Any:
    """That extension answers, by number, id or whole name; another one does not ring."""
    first = pbx.incoming_call(CALLER, to="101")
    seen: list[Any] = [
        refused(ConflictError, lambda: first.answer("102")),
        refused(ConflictError, lambda: first.decline("102")),
        refused(NotFoundError, lambda: first.answer("999")),
        refused(NotFoundError, lambda: first.decline(999)),
        refused(InvalidError, lambda: first.answer(1.5)),
        refused(InvalidError, lambda: first.decline(True)),
    ]
    return [*seen, first.answer(85218), pbx.incoming_call(CALLER, to="103").answer("2566*103")]


@story
def declined_and_given_up(pbx: Face, receivers: Receivers) -> Any:
    """Whoever rings refuses; the caller gives up."""
    return [
        pbx.incoming_call(CALLER, to="102").decline(),
        pbx.incoming_call(CALLER, to="103").decline("103"),
        pbx.incoming_call(CALLER, to="104").hang_up(),
        pbx.outgoing_call("106", OUTSIDE).decline(),
        pbx.internal_call("101", "106").hang_up(),
    ]


@story
def transfers(pbx: Face, receivers: Receivers) -> Any:
    """At once and after asking, inside and outside, by number and id."""
    at_once = pbx.incoming_call(CALLER, to="102").answer().transfer("103")
    asked = pbx.incoming_call(CALLER, to="104").answer().transfer(85223, attended=True)
    seen: list[Any] = [at_once.state, asked.state, every_step_refused(asked, *asked.steps)]
    seen += [at_once.answer(), asked.answer().hang_up()]
    outside = pbx.outgoing_call("101", OUTSIDE).answer().transfer("+79161112255")
    refusing = pbx.incoming_call(CALLER, to="108").answer()
    seen += [
        outside,
        refused(NotFoundError, lambda: refusing.transfer(999)),
        refused(InvalidError, lambda: refusing.transfer("a b")),
        refused(InvalidError, lambda: refusing.transfer(None)),
        refused(InvalidError, lambda: refusing.transfer("103", attended=1)),
        refusing.transfer("999"),
    ]
    return [*seen, refusing.steps]


@story
def a_menu(pbx: Face, receivers: Receivers) -> Any:
    """Keys that lead on, keys that do nothing, and what is no key."""
    call = pbx.incoming_call(CALLER, did="74959998877")
    seen = every_step_refused(call, "press", "hang_up")
    odd: Any = ("12", "x", "", 1, None, "1\n", "\uff11")
    seen += [refused(InvalidError, call.press, one) for one in odd]
    return [*seen, call.press("9").state, call.press("2"), call.answer(), call.hang_up()]


@story
def a_queue(pbx: Face, receivers: Receivers) -> Any:
    """Agents are rung, and one of them picks up."""
    call = pbx.incoming_call(CALLER, to="887")
    seen = [call.state, every_step_refused(call, *call.steps)]
    return [*seen, call.press("5"), call.answer(), call.talk(60).hang_up()]


@story
def a_screened_call(pbx: Face, receivers: Receivers) -> Any:
    """The phone waits for the key 1."""
    send(pbx, "PUT", "/extension/@101/phone/", json={"call_screening": True})
    call = pbx.incoming_call(CALLER, to="101").answer()
    return [call.state, every_step_refused(call, *call.steps, "talk"), call.press("1")]


@story
def a_voicemail(pbx: Face, receivers: Receivers) -> Any:
    """Nobody answers; the caller speaks, or does not."""
    first = pbx.incoming_call(CALLER, to="107")
    second = pbx.incoming_call(CALLER, to="107")
    seen: list[Any] = [pbx.clock.advance(25), first.state, second.state]
    seen += [every_step_refused(first, "leave_message", "hang_up"), first.leave_message()]
    return [*seen, second.hang_up(), every_step_refused(first)]


@story
def talking_for_a_wrong_time(pbx: Face, receivers: Receivers) -> Any:
    """Seconds that are none, and more than a clock can show."""
    call = pbx.incoming_call(CALLER, to="101").answer()
    odd: Any = (-1, "long", None, True, 10**13, 10**12, float("inf"), float("nan"), [1])
    seen = [refused(InvalidError, call.talk, one) for one in odd]
    return seen, pbx.clock.now(), call


@story
def a_consultation(pbx: Face, receivers: Receivers) -> Any:
    """It is completed, or goes back to who asked; the caller is held meanwhile."""
    seen: list[Any] = []
    for end in ("complete", "cancel"):
        call = pbx.incoming_call(CALLER, to="101").answer()
        seen += [call.transfer("103", attended=True), call.steps, call.answer(), call.steps]
        seen += [getattr(call, end)(), call.legs, call.ladder(), call.hang_up()]
    return seen


@story
def who_hangs_up(pbx: Face, receivers: Receivers) -> Any:
    """The side that is named: by word, extension, leg, or number; nobody of that name is there."""
    seen: list[Any] = []
    for by in ("caller", "callee", "101", CALLER):
        call = pbx.incoming_call(CALLER, to="101").answer()
        seen += [call.hang_up(by=by), call.result, [leg.status for leg in call.legs]]
    call = pbx.incoming_call(CALLER, to="101").answer()
    seen += [refused(ConflictError, lambda: call.hang_up(by="+79160000000"))]
    seen += [refused(ConflictError, lambda: call.hang_up(by=7))]
    seen += [refused(InvalidError, lambda: call.hang_up(by=True))]
    return [*seen, call.hang_up(by=call.legs[0].sub_call_id)]


@story
def sounds_and_mails(pbx: Face, receivers: Receivers) -> Any:
    """What was heard is told of each leg, and a message that was left is mailed."""
    path = "/extension/@103/phone/"
    fields = {"vm_mailto": "anna@example.com", "vm_attach_file": True, "hangup_timeout": 10}
    seen: list[Any] = [send(pbx, "PUT", path, json=fields)[0], pbx.mails]
    call = pbx.incoming_call(CALLER, to="103", script={"outcome": "no_answer"})
    seen += [pbx.clock.advance(10), call.state, call.leave_message(), pbx.clock.advance(100)]
    return [*seen, call.legs, pbx.mails, [one.message["Subject"] for one in pbx.mails]]
