"""Which leg of a call is recorded, and where its tape begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.store import altered
from ..core.world import World
from ..resources.phone.model import phone_with, recording_format
from ..resources.record.model import Record, new_uuid
from .model import Call, Leg, Tape, legs_of, live
from .states import End


def start_tape(world: World, leg: Leg, since: timedelta) -> Tape:
    """The leg's record begins, in the form that its phone is set to now.

    Source: DAT-15, REC-6, PHN-28, PHN-29
    """
    phone = phone_with(world, leg.extension_id)
    form, stereo = recording_format(world, phone)
    return Tape(_record_uuid(world, leg), since, form, stereo)


def _record_uuid(world: World, leg: Leg) -> str:
    """The record's id; with the reading `recorded`, in a callback, that of its leg.

    Source: REC-6, DAT-19
    """
    call = world.store.get(Call, leg.call_id)
    own = f"{leg.extension_id}-{leg.hex}"
    recorded = call.callback is not None and world.readings.callback_ids == "recorded"
    if recorded and world.store.named(Record, own) is None:
        return own
    return new_uuid(world, leg.extension_id)


def tape_after(
    world: World, call: Call, leg: Leg, ended_at: timedelta, how: End | None
) -> Tape | None:
    """The leg's record when the leg ends: it ends too, unless its extension passed the call on.

    With record_on_transfer the other side is recorded, until that hangs up. With record_transfer
    the talk goes on being recorded, until an extension that records gets the call.

    Source: SIM-9, PHN-30, PHN-31
    """
    tape = leg.tape
    if tape is None or tape.until is not None:
        return tape
    phone = phone_with(world, leg.extension_id)
    if how is End.PASSED_ON:
        if phone.record_on_transfer:
            return replace(tape, passed_on=True)
        if phone.record_transfer and not _is_recorded_by_another(world, call, leg):
            return replace(tape, passed_on=True, yields=True)
    return replace(tape, until=ended_at)


def _is_recorded_by_another(world: World, call: Call, leg: Leg) -> bool:
    """Whether who got the call from that leg, and talks already, records it."""
    return any(
        other.id > leg.id
        and other.extension_id != leg.extension_id
        and other.tape is not None
        and other.tape.until is None
        for other in live(world, call)
    )


def end_tapes_that_yield(world: World, call: Call) -> None:
    """An extension that records gets the call: records that went on until then end.

    Source: SIM-9, PHN-30
    """
    for leg in legs_of(world, call):
        if leg.tape is not None and leg.tape.yields and leg.tape.until is None:
            tape = replace(leg.tape, until=world.clock.elapsed())
            world.store.put(altered(leg, tape=tape))
