"""Calls that run: who sees them, and what may be done with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ...calls import release, steps, third_party_control
from ...calls.allowed import state_of
from ...calls.model import Call, Leg, live
from ...calls.states import CallState, Flow, LegState, Role
from ...core.accounts import Client
from ...core.clock import stamp_us
from ...core.errors import ConflictError, InvalidError, not_found
from ...core.world import World
from ..cdr.model import uuid_shown
from ..extension.model import Extension, own_extension

_TALK = (CallState.ANSWERED, CallState.HELD)

#: The states of a call in which each action is possible.
STATES: Mapping[str, tuple[CallState, ...]] = {
    "transfer": _TALK,
    "attended_transfer": _TALK,
    "eavesdrop": (CallState.ANSWERED,),
    "whisper": (CallState.ANSWERED,),
    "conference": (CallState.ANSWERED,),
    "hold": (CallState.ANSWERED,),
    "offhold": (CallState.HELD, CallState.TRANSFERRING, CallState.CONSULTING),
    "park": (CallState.ANSWERED,),
    "pickup": (CallState.RINGING, CallState.HELD),
}
#: The words for what may be done.
ACTIONS = tuple(STATES)

_TO_SOMEBODY = ("transfer", "attended_transfer", "eavesdrop", "whisper", "conference")


def of_client(world: World, client: Client) -> dict[str, Any]:
    """The running calls of all the client's phones, in the order they began.

    Source: CUR-1, CUR-3
    """
    calls = world.store.of(Call, "running", client.id)
    return _listed(world, [leg for call in calls for leg in _shown_in(world, call)])


def _shown_in(world: World, call: Call) -> list[Leg]:
    shown = [leg for leg in live(world, call) if third_party_control.is_shown(call, leg)]
    return [*shown, *third_party_control.shown_mailbox(world, call)]


def of_extension(world: World, extension: Extension) -> dict[str, Any]:
    """The running calls of one extension, in the order they began; none of one that is no phone.

    Source: CUR-1, CUR-3
    """
    return _listed(world, third_party_control.shown_legs(world, extension))


def find(world: World, extension: Extension, text: str) -> Leg:
    """The extension's part of the running call with that CallAPIID.

    Raises:
        NotFoundError: it has no such call.

    Source: CUR-2, DAT-5
    """
    for leg in reversed(third_party_control.shown_legs(world, extension)):
        if world.store.get(Call, leg.call_id).api_id == text:
            return leg
    raise not_found(f"extension {extension.id} is in no call {text[:60]}", "CUR-2")


def element(world: World, leg: Leg) -> dict[str, Any]:
    """One extension's part of a running call, as answers show it.

    Source: CUR-1, CUR-5, CUR-6, CUR-12, GEN-9
    """
    call = world.store.get(Call, leg.call_id)
    own, comes = leg.own, leg.flow == Flow.IN
    upper = world.readings.current_calls_flow == "upper"
    caller = leg.caller if comes else own
    return {
        "call_api_id": call.api_id,
        "call_id": call.hex,
        "subcall_id": f"{leg.extension_id}-{leg.hex}",
        "call_flow": leg.flow.upper() if upper else leg.flow,
        "init_time_gmt": _moment(world, leg.began_at),
        "answer_time_gmt": _moment(world, leg.answered_at),
        "called_number": leg.called_number,
        "called_did": leg.did,
        "called_extension": own if comes else None,
        "caller_extension": caller,
        "caller_id_name": leg.caller_name,
        "caller_id_number": leg.caller_num,
        "extension_id": own.id,
        "callback_id": call.callback_id,
        "record_uuid": leg.record_uuid and uuid_shown(leg.record_uuid, world.readings),
        "real_call": leg.role != Role.FORWARD,
    }


def steer(
    world: World, extension: Extension, leg: Leg, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The action is done; answers what is left of the call at the extension.

    Raises:
        InvalidError: the call's state does not allow the action, or it lacks a number.

    Source: CUR-2
    """
    action, to = fields["action"], fields.get("send_dst")
    call = world.store.get(Call, leg.call_id)
    _check(world, call, leg, action, to)
    try:
        _do(world, call, extension, action, to)
    except ConflictError as conflict:
        raise InvalidError("CUR-2", f"action: {conflict.message}") from conflict
    legs = third_party_control.shown_legs(world, extension)
    return _listed(world, [one for one in legs if one.call_id == call.id])


def hang_up(world: World, extension: Extension, leg: Leg) -> None:
    """The extension has hung up.

    Source: CUR-2
    """
    release.hang_up(world, world.store.get(Call, leg.call_id), extension.id)


def _check(world: World, call: Call, leg: Leg, action: str, to: str | None) -> None:
    state = state_of(world, call)
    if state not in STATES[action]:
        possible = ", ".join(word for word, states in STATES.items() if state in states) or "none"
        text = f"{action} is not possible, the call is {state.value}; possible now: {possible}"
        raise InvalidError("CUR-2", f"action: {text}")
    if action != "pickup" and leg.state not in (LegState.ANSWERED, LegState.HELD):
        text = f"{action} is not possible, extension {leg.extension_id} does not talk in this call"
        raise InvalidError("CUR-2", f"action: {text}")
    if to is None and action in _TO_SOMEBODY:
        raise InvalidError("CUR-2", f"send_dst: is required for {action}")


def _do(world: World, call: Call, extension: Extension, action: str, to: str | None) -> None:
    client = world.store.get(Client, extension.client_id)
    other = own_extension(world, client, to) if to is not None else None
    if action in ("transfer", "attended_transfer"):
        attended = action == "attended_transfer"
        steps.transfer(world, call, to or "", attended=attended, extension_id=extension.id)
    elif action in _TO_SOMEBODY:
        third_party_control.join(world, call, extension, third_party_control.phone(other))
    elif action == "pickup":
        taker = third_party_control.phone(other) if to is not None else None
        third_party_control.take(world, call, extension, taker)
    elif state_of(world, call) in (CallState.TRANSFERRING, CallState.CONSULTING):
        steps.cancel(world, call)
    else:
        steps.hold(world, call)


def _listed(world: World, legs: list[Leg]) -> dict[str, Any]:
    return {"call_list": [element(world, leg) for leg in legs]}


def _moment(world: World, elapsed: timedelta | None) -> str | None:
    """Write a time with hundredths of a second after a comma.

    Source: GEN-9
    """
    if elapsed is None:
        return None
    seconds, _, fraction = stamp_us(world.clock.start + elapsed).partition(".")
    return f"{seconds},{fraction[:2]}"
