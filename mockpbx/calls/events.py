"""Which events a call causes: one function for each moment of a leg (CAL rules)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..core.world import World
from ..resources.event.model import EventType
from ..resources.extension.model import Extension, Type
from ..webhooks.payload import Event, Party
from ..webhooks.publish import publish
from .model import Call, Leg, is_calling, legs_of
from .states import PHONES, Flow, Role, Status


def began(world: World, call: Call, leg: Leg) -> None:
    """Publish that the leg rings, dials, or has entered a menu or a queue.

    Source: CAL-1, CAL-2, CAL-3, CAL-4, CAL-5
    """
    kind = EventType.DIAL_IN if leg.flow == Flow.IN else EventType.DIAL_OUT
    _emit(world, call, leg, kind, Status.CALLING, leg.began_stamp)


def answered(world: World, call: Call, leg: Leg) -> None:
    """Publish that the leg was answered; menus and queues have no such event.

    Source: CAL-1, CAL-2, CAL-3
    """
    if leg.role in PHONES and leg.answered_at is not None:
        _emit(world, call, leg, EventType.ANSWER, Status.ANSWER, leg.answered_stamp)


def ended(world: World, call: Call, leg: Leg) -> None:
    """Publish the hangup; a menu's or queue's says who called and whether the call was taken.

    Source: CAL-1, CAL-2, CAL-3, CAL-4, CAL-15, DAT-16
    """
    if leg.ended_at is None:
        return
    if leg.own.type in (Type.IVR, Type.QUEUE) and not leg.bridged:
        leg = replace(leg, bridged=_was_taken(world, call))
        if not leg.bridged:
            came = _came_by(world, call, leg)
            leg = replace(leg, caller_num=came.caller_num, caller_name=came.caller_name)
    _emit(world, call, leg, EventType.HANGUP, Status(leg.status), leg.ended_stamp)


def _came_by(world: World, call: Call, leg: Leg) -> Leg:
    """The leg by which the call came to the menu or queue that sent it outside by that one.

    Source: CAL-15
    """
    if leg.flow == Flow.IN:
        return leg
    came = [
        one
        for one in legs_of(world, call)
        if one.extension_id == leg.extension_id and one.flow == Flow.IN and one.id < leg.id
    ]
    return came[-1] if came else leg


def _was_taken(world: World, call: Call) -> bool:
    """Whether an employee's phone took the call anywhere in the PBX.

    Source: DAT-16
    """
    return any(
        leg.role == Role.PHONE
        and leg.flow == Flow.IN
        and leg.answered_at is not None
        and not leg.joined
        and not is_calling(call, leg)
        for leg in legs_of(world, call)
    )


def voicemail(world: World, call: Call, leg: Leg, record_uuid: str) -> None:
    """Publish that the caller left a message.

    Source: SIM-4, DAT-21
    """
    _emit(world, call, leg, EventType.VOICEMAIL, Status.NOANSWER, world.clock.tick(), record_uuid)


def message(world: World, extension: Extension, flow: Flow, number: str, text: str) -> datetime:
    """Publish a text message in or out; answers its moment in UTC.

    Source: DAT-21, EVT-7
    """
    came = flow is Flow.IN
    at = world.clock.start + world.clock.tick()
    publish(
        world,
        Event(
            type=EventType.MESSAGE_IN if came else EventType.MESSAGE_OUT,
            at=at,
            extension=party(extension),
            role=Role.PHONE.value,
            flow=flow.value,
            call_id=world.ids.hex32(),
            leg_hex="",
            api_id="",
            status="",
            caller_num=number if came else extension.name,
            called_number=extension.name if came else number,
            text=text,
        ),
    )
    return at


def party(extension: Extension) -> Party:
    """The extension as an event names it."""
    return Party(extension.id, extension.name, extension.domain)


def _emit(
    world: World,
    call: Call,
    leg: Leg,
    kind: EventType,
    status: Status,
    at: timedelta,
    record_uuid: str | None = None,
) -> None:
    if leg.silent:
        return
    caller_num = leg.caller_num
    if (
        kind is EventType.ANSWER
        and leg.flow == Flow.IN
        and world.config.quirks.short_number_in_answer
    ):
        caller_num = caller_num.rpartition("*")[2]
    talked = None
    if leg.answered_at is not None and leg.ended_at is not None:
        talked = max(timedelta(0), leg.ended_at - leg.answered_at)  # time may be moved back
    keep_record = not world.config.quirks.missing_rec_id
    event = Event(
        type=kind,
        at=world.clock.start + at,
        extension=party(leg.own),
        role=leg.own.type,
        flow=leg.flow,
        call_id=call.hex,
        leg_hex=leg.hex,
        api_id=call.api_id,
        status=status.value,
        caller_num=caller_num,
        caller_name=leg.caller_name,
        called_number=leg.called_number,
        called_did=leg.did,
        caller=party(leg.caller) if leg.caller is not None else None,
        talked=talked if talked is not None else timedelta(0),
        record_uuid=record_uuid or (leg.record_uuid if keep_record else None),
        bridged=leg.bridged,
        transfered=leg.transfered,
        remote_number=leg.remote_number,
        callback_id=call.callback_id,
    )
    publish(world, event)
    if kind is EventType.DIAL_IN and world.config.quirks.dial_in_twice:
        publish(world, event)
