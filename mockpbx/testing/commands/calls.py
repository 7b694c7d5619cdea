"""Calls and messages, and the steps of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ...calls import ladder, steps
from ...calls.allowed import allow, not_allowed, state_of, steps_of
from ...calls.model import Call, Heard, Leg, legs_of
from ...calls.states import CallState
from ...core.errors import InvalidError, NotFoundError
from ...core.world import World
from ...resources.extension.model import named
from .. import originate, results
from ..command import Command, command
from ..schema import CallIn, HangUpIn, MessageIn, PressIn, TalkIn, TransferIn, WhoIn


def find(world: World, text: str) -> Call:
    """The call with that CallID or CallAPIID.

    Raises:
        NotFoundError: there is none.

    Source: DAT-3, DAT-5
    """
    found = world.store.named(Call, text.replace("-", "")[-32:])
    if found is None or text not in (found.hex, found.api_id):
        raise NotFoundError((), f"there is no call {text[:64]}")
    return found


def report(world: World, call: Call) -> results.CallReport:
    """How the call stands."""
    return results.CallReport(**_told(world, world.store.get(Call, call.id)))


def picture(world: World, call: Call) -> results.CallPicture:
    """How the call stands, with its ladder."""
    return results.CallPicture(**_told(world, call), ladder=ladder.ladder(world, call))


def _told(world: World, call: Call) -> dict[str, Any]:
    started, answered, ended = _moments(world, call.started_at, call.answered_at, call.ended_at)
    return {
        "id": call.hex,
        "api_id": call.api_id,
        "kind": call.kind,
        "caller": call.caller,
        "dialled": call.dialled,
        "did": call.did,
        "state": state_of(world, call).value,
        "steps": tuple(steps_of(world, call)),
        "result": call.result,
        "started_at": started,
        "answered_at": answered,
        "ended_at": ended,
        "legs": tuple(_leg(world, leg) for leg in legs_of(world, call)),
    }


def _leg(world: World, leg: Leg) -> results.Leg:
    began, answered, ended = _moments(world, leg.began_at, leg.answered_at, leg.ended_at)
    return results.Leg(
        extension=leg.own.name,
        extension_id=leg.extension_id,
        sub_call_id=f"{leg.extension_id}-{leg.hex}",
        role=leg.role,
        flow=leg.flow,
        state=leg.state,
        status=leg.status,
        caller_num=leg.caller_num,
        called_number=leg.called_number,
        began_at=began,
        answered_at=answered,
        ended_at=ended,
        record_uuid=leg.record_uuid,
        heard=tuple(_heard(world, one) for one in leg.heard),
    )


def _heard(world: World, one: Heard) -> results.Heard:
    since, until = _moments(world, one.since, one.until)
    return results.Heard(one.what, one.sound_id, since, until)


def _moments(world: World, *since_start: timedelta | None) -> list[Any]:
    start = world.clock.start
    return [None if one is None else start + one for one in since_start]


@command(
    "call",
    "POST",
    "/calls",
    takes=CallIn,
    answers=results.CallReport,
    shows=report,
    refuses={404: [], 429: []},
)
def start_call(world: World, fields: Mapping[str, Any]) -> Call:
    """Start a call; without a script it waits for its steps.

    Raises:
        InvalidError: something is given that such a call does not have, or is missing.
        NotFoundError: there is no such extension; the nearest is named.
        LimitReachedError: as many calls run as may.
    """
    given: dict[str, Any] = {name: fields.get(name) for name in ("to", "did", "name", "script")}
    if fields["kind"] == "incoming":
        return originate.incoming(world, fields["from_"], **given)
    for name in ("did", "name"):
        if given.pop(name) is not None:
            raise InvalidError((), f"{name}: only an incoming call has it")
    if given["to"] is None:
        raise InvalidError((), "to: is required")
    dial = originate.outgoing if fields["kind"] == "outgoing" else originate.internal
    return dial(world, fields["from_"], **given)


def _listed(world: World, found: list[Call]) -> results.Calls:
    return results.Calls(tuple(report(world, one) for one in found))


@command("calls", "GET", "/calls", answers=results.Calls, shows=_listed)
def calls(world: World) -> list[Call]:
    """List the calls, running and finished ones, the oldest first."""
    return list(world.store.all(Call))


@command(
    "show-call",
    "GET",
    "/calls/<call>",
    answers=results.CallPicture,
    shows=picture,
    refuses={404: []},
)
def get_call(world: World, call: str) -> Call:
    """Read one call, by its CallID or CallAPIID."""
    return find(world, call)


def _step(
    name: str, **options: Any
) -> Callable[[Callable[..., Call]], Command[results.CallReport]]:
    """Declare one step of a call."""
    return command(
        f"step {name.replace('_', '-')}",
        "POST",
        f"/calls/<call>/{name}",
        status=200,
        answers=results.CallReport,
        shows=report,
        refuses={404: [], 409: []},
        **options,
    )


@_step("ring")
def ring(world: World, call: str) -> Call:
    """Make sure that it rings; nothing changes."""
    return allow(world, find(world, call), "ring")


@_step("answer", takes=WhoIn)
def answer(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Let whoever rings pick up."""
    return steps.answer(world, find(world, call), _id_of(world, fields))


@_step("decline", takes=WhoIn)
def decline(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Let whoever rings refuse."""
    return steps.decline(world, find(world, call), _id_of(world, fields))


@_step("hang_up", takes=HangUpIn)
def hang_up(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Let one side hang up, the caller unless another is named; mostly that ends the call."""
    return steps.hang_up(world, find(world, call), fields.get("by"))


@_step("complete")
def complete(world: World, call: str) -> Call:
    """Let who consulted somebody leave the call to whom it consulted."""
    return steps.complete(world, find(world, call))


@_step("cancel")
def cancel(world: World, call: str) -> Call:
    """Let who consulted somebody take the call back."""
    return steps.cancel(world, find(world, call))


@_step("hold")
def hold(world: World, call: str) -> Call:
    """Put the conversation on hold, or take it up again."""
    return steps.hold(world, find(world, call))


@_step("transfer", takes=TransferIn)
def transfer(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Pass the call on, at once or after asking."""
    to = originate.dialled(world, fields["to"])
    found = find(world, call)
    steps.transfer(world, found, to, attended=fields["attended"])
    return found


@_step("press", takes=PressIn)
def press(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Press a key: the callee of a screened call, else the caller."""
    return steps.press(world, find(world, call), fields["key"])


@_step("leave_message")
def leave_message(world: World, call: str) -> Call:
    """Let the caller speak to the voicemail."""
    return steps.leave_message(world, find(world, call))


@_step("talk", takes=TalkIn, changes=False)
def talk(world: World, call: str, fields: Mapping[str, Any]) -> Call:
    """Let so many seconds pass while they talk; what comes due on the way is done.

    Raises:
        ConflictError: nobody talks.
    """
    with world.change():
        found = find(world, call)
        if state_of(world, found) not in (CallState.ANSWERED, CallState.HELD, CallState.CONSULTING):
            raise not_allowed(world, found, "talk")
    world.advance(fields["seconds"])
    return found


@command("message", "POST", "/messages", takes=MessageIn, status=204, refuses={404: []})
def message(world: World, fields: Mapping[str, Any]) -> None:
    """Send a text message in or out."""
    originate.message(world, fields["from_"], fields["to"], fields["text"])


def _id_of(world: World, fields: Mapping[str, Any]) -> int | None:
    wanted = fields.get("extension")
    return None if wanted is None else named(world, wanted).id
