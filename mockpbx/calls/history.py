"""What is left of a call: one row of the history, with a part for each leg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..core.store import altered
from ..core.world import World
from ..resources.ani.model import of as number_shown
from ..resources.call_history import model as rows
from ..resources.cdr.model import Part, Recording
from ..resources.extension.model import Extension
from ..resources.phone.model import Phone, recording_format
from ..resources.record import model as records
from ..resources.record.sound import sound
from .model import Call, End, Flow, Kind, Leg, Role, Status, fresh, is_passive, legs_of

#: SIM-14's words, by how a leg ended.
CAUSES = {
    Status.ANSWER: "NORMAL_CLEARING",
    Status.BUSY: "USER_BUSY",
    Status.NOANSWER: "NO_ANSWER",
    Status.CANCEL: "ORIGINATOR_CANCEL",
    Status.CHANUNAVAIL: "USER_NOT_REGISTERED",
    Status.CONGESTION: "NO_ROUTE_DESTINATION",
}
_RESULTS = {
    Status.ANSWER: "answered",
    Status.BUSY: "busy",
    Status.NOANSWER: "not answered",
    Status.CANCEL: "not answered",
    Status.CHANUNAVAIL: "failed",
    Status.CONGESTION: "failed",
}
_DISPOSITIONS = {
    Status.ANSWER: "caller_bye",
    Status.BUSY: "callee_refuse",
    Status.CANCEL: "caller_cancel",
}


def keep_parts(world: World, extension: Extension) -> None:
    """What the extension, which is about to go, did in calls that are not in the history yet.

    Source: SIM-13, EXT-7 (observed, assumed)
    """
    for leg in list(world.store.all(Leg)):
        call = world.store.get(Call, leg.call_id)
        if leg.extension_id != extension.id:
            continue
        if leg.ended_at is not None and world.store.named(rows.Row, call.hex) is None:
            _keep(world, call, leg.id, _part(world, call, leg, extension))


def _keep(world: World, call: Call, leg_id: int, part: Part) -> Call:
    return world.store.put(replace(call, parts=(*call.parts, (leg_id, part))))


def settle(world: World, client_id: int) -> None:
    """The client's finished calls are in the history, unless they are to be late there.

    Called when somebody reads it: most calls of most tests end without that.

    Source: SIM-13, DLV-8 (observed)
    """
    until = world.clock.elapsed() - timedelta(seconds=world.config.quirks.late_history_s)
    for call in world.store.of(Call, "unwritten", client_id):
        if call.ended_at is not None and call.ended_at <= until:
            write(world, call)


def write(world: World, call: Call) -> None:
    """The call is in the history with its records; the oldest beyond the limit is forgotten.

    A call that came to no extension leaves nothing (assumed).

    Source: SIM-8, SIM-9, SIM-13 (doc, observed)
    """
    call = world.store.put(altered(fresh(world, call), unwritten=None))
    parts = [_recorded_on(world, call, part) for part in _parts_of(world, call)]
    if not parts:
        return
    before = world.store.named(rows.Row, call.hex)
    if before is None:
        row = rows.add(world, call.client_id, call.hex, parts, call.client_id)
    else:
        row = world.store.put(replace(before, parts=tuple(parts)))
    records.file(world, row)
    _forget_oldest(world, call.client_id)


def left_message(world: World, call: Call, leg: Leg, uuid: str) -> Call:
    """The history tells that the caller spoke to the leg's voicemail, and keeps what was said.

    Source: SIM-4, HIS-3 (doc, observed)
    """
    call = fresh(world, call)
    opened = call.ended_at or timedelta(0)
    length = max(world.clock.elapsed() - opened, timedelta(0))
    part = _part(world, call, leg, world.store.get(Extension, leg.extension_id))
    said = _with_message(world, part, uuid, world.clock.start + opened, length)
    call = _keep(world, call, leg.id, said)
    if call.unwritten is None:
        write(world, call)
    return fresh(world, call)


def _part(world: World, call: Call, leg: Leg, extension: Extension) -> Part:
    came = leg.flow == Flow.IN
    inside = is_passive(leg) if not came else leg.caller is not None
    start = world.clock.start
    other = extension.domain if inside else None
    status, how = Status(leg.status), leg.how
    return Part(
        flow="transfer" if leg.remote_number is not None else leg.flow,
        extension_id=extension.id,
        extension_name=extension.name,
        extension_type=extension.type,
        domain=extension.domain,
        group_id=extension.extension_group_id,
        from_username=leg.caller_num if came else extension.name,
        from_domain=other if came else extension.domain,
        from_screen_name=leg.caller_name,
        to_username=leg.called_number,
        to_domain=extension.domain if came else other,
        did_number=leg.did,
        init_at=start + leg.began_at,
        answered_at=None if leg.answered_at is None else start + leg.answered_at,
        ended_at=start + (leg.ended_at or leg.began_at),
        result=_result(leg, status, how),
        hangup_cause=CAUSES[status],
        hangup_disposition=_disposition(status, how),
        application="callback" if call.kind == Kind.CALLBACK else None,
        ani_number=None if came or inside else number_shown(world, extension.id),
        recording=_recording(world, leg, extension),
    )


def _result(leg: Leg, status: Status, how: str | None) -> str:
    """The word for how the leg ended.

    Source: HIS-3 (observed)
    """
    if how == End.ELSEWHERE:
        return "answered elsewhere"
    if how == End.DECLINED:
        return "rejected"
    if leg.role in (Role.QUEUE, Role.IVR) and leg.bridged:
        return "bridged"
    return _RESULTS[status]


def _disposition(status: Status, how: str | None) -> str:
    """The word for who ended the leg.

    Source: HIS-3 (observed)
    """
    if how == End.CALLEE:
        return "callee_bye"
    if how in (End.ELSEWHERE, End.INTERNAL):
        return "internal_cancel"
    return _DISPOSITIONS.get(status, "internal_cancel")


def _recording(world: World, leg: Leg, extension: Extension) -> Recording | None:
    """What was recorded of the leg; of one that was passed on it may go on to the call's end.

    Source: SIM-8, SIM-9, PHN-28, PHN-29, PHN-30, PHN-31 (doc)
    """
    if leg.record_uuid is None or leg.recorded_at is None or leg.ended_at is None:
        return None
    phone = world.store.find(Phone, extension.id) or Phone(extension.id)
    goes_on = leg.how == End.PASSED_ON and (phone.record_transfer or phone.record_on_transfer)
    return _record(
        world,
        leg.record_uuid,
        phone,
        world.clock.start + leg.recorded_at,
        leg.ended_at - leg.recorded_at,
        goes_on,
    )


def _record(
    world: World,
    uuid: str,
    phone: Phone,
    began_at: datetime,
    length: timedelta,
    transfer: bool = False,
) -> Recording:
    form, stereo = recording_format(world, phone)
    size = sound(form, stereo=stereo, length=length).size
    return Recording(uuid, world.ids.hex32(), form, stereo, began_at, length, size, transfer)


def _recorded_on(world: World, call: Call, part: Part) -> Part:
    """The part, its record as long as it went on after a transfer.

    Source: SIM-9, PHN-30, PHN-31 (doc)
    """
    recording = part.recording
    if recording is None or not recording.transfer or call.ended_at is None:
        return part
    length = max(world.clock.start + call.ended_at - recording.began_at, recording.length)
    size = sound(recording.form, stereo=recording.stereo, length=length).size
    return replace(part, recording=replace(recording, length=length, size=size))


def _with_message(
    world: World, part: Part, uuid: str, began_at: datetime, length: timedelta
) -> Part:
    phone = world.store.find(Phone, part.extension_id) or Phone(part.extension_id)
    recording = _record(world, uuid, phone, began_at, length)
    return replace(part, result="voicemail", recording=recording)


def _parts_of(world: World, call: Call) -> Iterator[Part]:
    """The call's parts, in the order in which its legs began."""
    kept = dict(call.parts)
    for leg in legs_of(world, call):
        if leg.id not in kept and not leg.silent:
            extension = world.store.get(Extension, leg.extension_id)
            kept[leg.id] = _part(world, call, leg, extension)
    return (kept[number] for number in sorted(kept))


def _forget_oldest(world: World, client_id: int) -> None:
    ids = world.store.ids(rows.Row, "made_by", client_id)  # those of the file stay
    if len(ids) > world.config.journal_limit:
        records.forget(world, world.store.get(rows.Row, ids[0]))
