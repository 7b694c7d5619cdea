"""What a call waits for, and the steps that it allows."""

from __future__ import annotations

from ..core.errors import ConflictError
from ..core.world import World
from .ending import how
from .model import Call, is_calling, is_waiting, legs_of, live
from .states import PHONES, STEPS, CallState, LegState, Role


def state_of(world: World, call: Call) -> CallState:
    """What the call waits for, by the states of its legs."""
    if call.ended_at is not None:
        return CallState.FINISHED
    if call.voicemail_of is not None:
        return CallState.VOICEMAIL
    legs = [leg for leg in live(world, call) if not is_calling(call, leg) and not leg.joined]
    if call.conference_of is not None and not legs:
        own = {leg.state for leg in live(world, call) if not leg.joined}
        waits = (LegState.SCREENING, LegState.HELD)
        return next((CallState(state.value) for state in waits if state in own), CallState.ANSWERED)
    phones = {leg.state for leg in legs if leg.role in PHONES}
    if LegState.SCREENING in phones:
        return CallState.SCREENING
    consulted = next((leg for leg in legs if leg.back_id is not None), None)
    if consulted is not None:
        rings = consulted.answered_at is None
        return CallState.TRANSFERRING if rings else CallState.CONSULTING
    if LegState.RINGING in phones:
        return CallState.RINGING
    # Menus and queues stay in a call that they passed on: the caller is where it came last.
    if legs and legs[-1].role == Role.IVR:
        return CallState.MENU
    if legs and legs[-1].role == Role.QUEUE:
        return CallState.QUEUED
    return CallState.HELD if LegState.HELD in phones else CallState.ANSWERED


def allow(world: World, call: Call, step: str) -> Call:
    """Check that the call's state allows the step; answers the call read again.

    Raises:
        ConflictError: it does not; the message names the state and the steps that it allows.
    """
    call = world.store.get(Call, call.id)
    if step not in STEPS[state_of(world, call)] and step not in steps_of(world, call):
        raise not_allowed(world, call, step)
    return call


def steps_of(world: World, call: Call) -> list[str]:
    """The steps that are possible now.

    Besides those of the state, whoever is rung to listen in may pick up or not, a caller in a
    queue may press keys while agents are rung, and who asks about a call may end that while who is
    asked still screens it.
    """
    steps = list(STEPS[state_of(world, call)])
    legs = live(world, call)
    if any(leg.joined and leg.state == LegState.RINGING for leg in legs):
        steps += [step for step in ("answer", "decline") if step not in steps]
    if any(leg.back_id is not None for leg in legs):
        steps += [step for step in ("complete", "cancel") if step not in steps]
    if "press" not in steps and any(is_waiting(leg) for leg in legs):
        steps.append("press")
    return steps


def not_allowed(world: World, call: Call, step: str) -> ConflictError:
    """The refusal of a step in the state in which the call is; of a finished one it says why."""
    state, steps = state_of(world, call), steps_of(world, call)
    ended = f": {how(call, legs_of(world, call))}" if call.result is not None else ""
    legal = ", ".join(steps) or "none"
    text = f"{step}: the call is {state.value}{ended}; steps that it allows: {legal}"
    return ConflictError((), text, body={"message": text, "state": state.value, "steps": steps})
