"""Every state of a call, and every step: what is legal works, the rest is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockpbx import World
from mockpbx.calls import model
from mockpbx.calls.model import move
from mockpbx.calls.states import LEG_STEPS, CallState, LegState
from mockpbx.core.errors import ConflictError, InvalidError
from mockpbx.core.scheduler import Job, Scheduler
from mockpbx.testing.call import Call
from tests.calls.desk import Desk
from tests.handles import call_of

STEPS: dict[str, tuple[Any, ...]] = {
    "ring": (),
    "answer": (),
    "decline": (),
    "hang_up": (),
    "hold": (),
    "press": ("1",),
    "transfer": ("103",),
    "leave_message": (),
    "complete": (),
    "cancel": (),
}

#: State -> each of its legal steps, in the order in which a refusal names them -> the state after.
LEGAL: dict[str, dict[str, str]] = {
    "ringing": {
        "ring": "ringing",
        "answer": "answered",
        "decline": "finished",
        "hang_up": "finished",
    },
    "screening": {"press": "answered", "decline": "finished", "hang_up": "finished"},
    "menu": {"press": "ringing", "hang_up": "finished"},
    "queued": {"press": "queued", "hang_up": "finished"},
    "answered": {
        "hold": "held",
        "transfer": "ringing",
        "press": "answered",
        "hang_up": "finished",
    },
    "held": {"hold": "answered", "transfer": "ringing", "hang_up": "finished"},
    "transferring": {
        "answer": "consulting",
        "decline": "answered",
        "complete": "ringing",
        "cancel": "answered",
        "hang_up": "finished",
    },
    "consulting": {"complete": "answered", "cancel": "answered", "hang_up": "finished"},
    "voicemail": {"leave_message": "finished", "hang_up": "finished"},
    "finished": {},
}


def _answered(desk: Desk) -> Call:
    return _of(desk, desk.step(desk.incoming("102"), "answer"))


def _of(desk: Desk, call: Any) -> Call:
    return call_of(desk.world, call.hex)


def _screening(desk: Desk) -> Call:
    desk.phone("102", call_screening_enabled=True)
    return _of(desk, desk.incoming("102")).answer()


def _menu(desk: Desk) -> Call:
    desk.menu(menu={"1": "103"})
    return _of(desk, desk.incoming("099"))


def _queued(desk: Desk) -> Call:
    desk.queue()
    return _of(desk, desk.incoming("887"))


def _voicemail(desk: Desk) -> Call:
    call = _of(desk, desk.incoming("102"))
    desk.advance(60)
    return call


STATES: dict[str, Callable[[Desk], Call]] = {
    "ringing": lambda desk: _of(desk, desk.incoming("102")),
    "screening": _screening,
    "menu": _menu,
    "queued": _queued,
    "answered": _answered,
    "held": lambda desk: _answered(desk).hold(),
    "transferring": lambda desk: _answered(desk).transfer("103", attended=True),
    "consulting": lambda desk: _answered(desk).transfer("103", attended=True).answer(),
    "voicemail": _voicemail,
    "finished": lambda desk: _answered(desk).hang_up(),
}

PAIRS = [(state, step) for state in LEGAL for step in STEPS]


def make(desk: Desk, call: Call, step: str) -> None:
    """The step is made in the call."""
    if hasattr(call, step):
        getattr(call, step)(*STEPS[step])
        return
    found = desk.world.store.named(model.Call, call.id)
    assert found is not None
    desk.step(found, step, *STEPS[step])


def jobs_of(scheduler: Scheduler) -> Iterator[Job]:
    """Everything that will come due, in order."""
    while scheduler.next_at is not None:
        yield scheduler.pop()


def everything(world: World) -> Any:
    """All that a refused step must leave alone."""
    rows = {kind.TABLE: list(world.store.all(kind)) for kind in world.store.kinds}
    return rows, world.clock.now(), len(world.deliveries), list(jobs_of(world.scheduler.copy()))


def test_every_state_is_tried() -> None:
    """The tables of this module know every state of a call."""
    assert set(LEGAL) == set(STATES) == {state.value for state in CallState}


@pytest.mark.parametrize("state", LEGAL)
def test_the_state_is_what_it_says(state: str) -> None:
    """Each state can be reached, and names its legal steps."""
    call = STATES[state](Desk())
    assert (call.state, call.steps) == (state, tuple(LEGAL[state]))


@pytest.mark.fact("SIM-7", "SIM-11", "CAL-1")
@pytest.mark.parametrize(
    ("state", "step"), [pair for pair in PAIRS if pair[1] in LEGAL[pair[0]]], ids="-".join
)
def test_a_legal_step_works(state: str, step: str) -> None:
    """A step that the state allows is made, and leads where it should."""
    desk = Desk()
    call = STATES[state](desk)
    make(desk, call, step)
    assert call.state == LEGAL[state][step]


@pytest.mark.parametrize(
    ("state", "step"), [pair for pair in PAIRS if pair[1] not in LEGAL[pair[0]]], ids="-".join
)
def test_an_illegal_step_is_refused(state: str, step: str) -> None:
    """A step that the state does not allow names state and legal steps, and changes nothing."""
    desk = Desk()
    call = STATES[state](desk)
    before, _ = everything(desk.world), desk.events()
    with pytest.raises(ConflictError) as refused:
        make(desk, call, step)
    legal = ", ".join(LEGAL[state]) or "none"
    how = ": ANSWER, it was answered, then hung up" if state == "finished" else ""
    assert str(refused.value) == f"{step}: the call is {state}{how}; steps that it allows: {legal}"
    assert refused.value.body == {
        "message": str(refused.value),
        "state": state,
        "steps": list(LEGAL[state]),
    }
    assert everything(desk.world) == before
    assert desk.events() == []


@pytest.mark.parametrize("key", ["", "11", "a", "+", "\u0661"])
@pytest.mark.parametrize("state", ["menu", "answered", "screening"])
def test_a_key_that_no_telephone_has(state: str, key: str) -> None:
    """Only 0 to 9, * and # can be pressed."""
    desk = Desk()
    call = STATES[state](desk)
    before = everything(desk.world)
    with pytest.raises(InvalidError, match=r"^key: must be one of 0 to 9, \* and #"):
        call.press(key)
    assert everything(desk.world) == before


@pytest.mark.parametrize("step", ["answer", "decline"])
def test_an_extension_that_does_not_ring(step: str) -> None:
    """A phone that does not ring in the call can neither take nor decline it."""
    desk = Desk()
    call = STATES["ringing"](desk)
    before = everything(desk.world)
    with pytest.raises(ConflictError, match=rf"^{step}: 2566\*103 does not ring in this call"):
        getattr(call, step)("103")
    assert everything(desk.world) == before


@pytest.mark.parametrize("step", ["answer", "decline"])
def test_the_extension_that_is_named(step: str) -> None:
    """Of several phones that ring the named one takes or declines."""
    desk = Desk()
    desk.queue("102", "103", "104", strategy="ring-all")
    call = desk.incoming("887")
    desk.events()
    getattr(_of(desk, call), step)("103")
    story = desk.story()
    assert story == (
        ["hangup 102 CANCEL", "hangup 104 CANCEL", "answer 103"]
        if step == "answer"
        else ["hangup 103 BUSY"]
    )


@pytest.mark.fact("CUR-2")
def test_hold_is_silent_and_costs_no_talk_time() -> None:
    """Hold and taking up again cause no events; the talk goes on until hangup."""
    desk = Desk()
    call = STATES["held"](desk)
    desk.events()
    desk.advance(5)
    call.hold()
    desk.advance(5)
    assert desk.events() == []
    call.hang_up()
    assert [event["Duration"] for event in desk.events()] == ["10000000"]


def test_a_transfer_out_of_hold() -> None:
    """Who takes a call that was on hold when it was passed on talks."""
    call = STATES["held"](Desk()).transfer("103").answer()
    assert call.state == "answered"


def test_a_call_that_two_phones_have_can_be_passed_on_by_the_called_one() -> None:
    """In an internal call the called phone passes the caller on, who stays in the call."""
    desk = Desk()
    call = _of(desk, desk.internal("101", "102")).answer()
    desk.events()
    call.transfer("103").answer().hang_up()
    assert desk.story() == [
        "hangup 102 ANSWER",
        "dial-in 103",
        "answer 103",
        "hangup 103 ANSWER",
        "hangup 101 ANSWER",
    ]


@pytest.mark.parametrize(
    ("source", "target"), [(source, target) for source in LegState for target in LegState]
)
def test_a_leg_moves_only_along_its_table(source: LegState, target: LegState) -> None:
    """A leg goes from state to state only where its table leads."""
    desk = Desk()
    (leg,) = desk.legs(desk.incoming("102"))
    path = {
        LegState.RINGING: (),
        LegState.SCREENING: (LegState.SCREENING,),
        LegState.ANSWERED: (LegState.ANSWERED,),
        LegState.HELD: (LegState.ANSWERED, LegState.HELD),
        LegState.ENDED: (LegState.ENDED,),
    }[source]
    with desk.world.change():
        for state in path:
            leg = move(desk.world, leg, state)
        if target in LEG_STEPS[source]:
            assert move(desk.world, leg, target).state == target
        else:
            with pytest.raises(ConflictError):
                move(desk.world, leg, target)
