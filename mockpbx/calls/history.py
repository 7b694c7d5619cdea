"""What is left of a call: one row of the history, with a part for each leg."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..core.world import World
from ..resources.call_history import model as rows
from ..resources.cdr.model import Part, Recording, Sides, part_of, sides_of
from ..resources.extension.model import Extension
from ..resources.record import model as records
from ..resources.record.sound import longest, sound
from .model import Call, Leg, is_calling, legs_of
from .states import MACHINES, End, Flow, Kind, Status

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
#: Who ended a leg that nobody talked in: HIS-14's words.
_UNANSWERED = {
    Status.BUSY: "callee_refuse",
    Status.CHANUNAVAIL: "callee_refuse",
    Status.CANCEL: "caller_cancel",
}


def settle(world: World, call: Call) -> None:
    """The call, which has just ended, is in the history with its records, for good.

    The oldest beyond the limit is forgotten. A call that came to no extension leaves nothing
    (assumed).

    Source: SIM-8, SIM-13
    """
    legs = legs_of(world, call)
    parts = [_part(world, call, leg) for leg in legs if _leaves_a_part(call, leg)]
    sides = _sides_of_call(world, call, legs, parts)
    if sides is None:
        return
    status = Status(call.result or Status.CONGESTION.value)
    alone = {} if parts else _outcome(status, None, Flow.OUT)
    row = rows.row_of(
        call.client_id,
        call.hex,
        parts,
        sides=sides,
        **_times(world, call, legs, parts),
        made_by=call.client_id,
        settled_at=world.now(),
        **alone,
    )
    records.file(world, rows.add(world, row))
    _forget_oldest(world, call.client_id)


def _times(world: World, call: Call, legs: list[Leg], parts: list[Part]) -> dict[str, datetime]:
    """When the call began and ended; events, and with them parts, run ahead of a standing clock.

    A callback begins when its first phone rings, also where the owner's own ringing is no part.

    Source: HIS-21, CBK-9
    """
    start = world.clock.start
    ended = start + (call.ended_at or call.started_at)
    return {
        "init_at": start + min((leg.began_stamp for leg in legs), default=call.started_at),
        "ended_at": max([ended, *(part.ended_at for part in parts)]),
    }


def _leaves_a_part(call: Call, leg: Leg) -> bool:
    """Whether a leg is a part of the call's history.

    The ringing of a callback's owner at itself goes on as its dial-out, unless it never dialled.

    Source: CAL-6, SIM-13
    """
    return not leg.silent or call.dial_leg_id is None


def _sides_of_call(world: World, call: Call, legs: list[Leg], parts: list[Part]) -> Sides | None:
    """Whose call it was, and between whom; None when it came to no extension.

    Source: HIS-2, HIS-12, CBK-9
    """
    if call.kind == Kind.CALLBACK:
        dialled = next((leg for leg in legs if leg.id == call.dial_leg_id), None)
        if dialled is not None:
            return _sides(call, dialled)
        owner = world.store.find(Extension, call.owner_id or 0)
        return None if owner is None else _from(owner, "out", owner.name, None, call.dialled)
    if not legs:
        return None
    if call.kind == Kind.INCOMING and legs[0].flow == Flow.OUT:  # a rule sent it outside at once
        own = legs[0].own
        return _from(own, "in", call.caller, call.caller_name, own.name, call.did)
    return parts[0].sides


def _sides(call: Call, leg: Leg) -> Sides:
    own, came = leg.own, leg.flow == Flow.IN
    flow = "transfer" if came and leg.by_transfer else leg.flow
    return _from(own, flow, leg.caller_num, leg.caller_name, leg.called_number, leg.did)


def _from(
    own: Extension, flow: str, number: str, name: str | None, to: str, did: str | None = None
) -> Sides:
    return sides_of(
        flow=flow,
        extension_id=own.id,
        extension_name=own.name,
        extension_type=own.type,
        domain=own.domain,
        group_id=own.extension_group_id,
        from_username=number,
        from_screen_name=name or number,
        to_username=to,
        did_number=did,
    )


def _part(world: World, call: Call, leg: Leg) -> Part:
    """What the leg was, in the words of the history.

    Source: HIS-3, HIS-4, HIS-20
    """
    start = world.clock.start
    return part_of(
        _sides(call, leg),
        init_at=start + leg.began_stamp,
        answered_at=_answered(world, leg),
        ended_at=start + _ended(leg),
        application="callback" if call.kind == Kind.CALLBACK else None,
        ani_number=leg.ani,
        recording=_recording(world, call, leg),
        aside=_is_aside(call, leg),
        **_outcome(Status(leg.status), leg.how, Flow(leg.flow), machine=leg.role in MACHINES),
    )


def _is_aside(call: Call, leg: Leg) -> bool:
    """Whether the call was not connected with who had that leg."""
    alone = call.conference_of is not None and not call.met
    return leg.joined or alone or leg.how == End.GIVEN_UP or _rang_first(call, leg)


def _rang_first(call: Call, leg: Leg) -> bool:
    """Whether it is a leg that a callback rang before it dialled.

    Source: CBK-1
    """
    if call.kind != Kind.CALLBACK:
        return False
    return call.dial_leg_id is None or (is_calling(call, leg) and leg.id != call.dial_leg_id)


def _answered(world: World, leg: Leg) -> datetime | None:
    """When the leg was answered, by somebody or by its voicemail."""
    spoke = leg.tape is not None and leg.how == End.MESSAGE
    if spoke and leg.tape is not None:
        return world.clock.start + max(leg.tape.since, leg.ended_stamp)
    return None if leg.answered_at is None else world.clock.start + leg.answered_stamp


def _ended(leg: Leg) -> timedelta:
    """When the leg ended; with a message, when that did."""
    if leg.how == End.MESSAGE and leg.tape is not None and leg.tape.until is not None:
        return max(leg.tape.until, leg.ended_stamp)
    return leg.began_stamp if leg.ended_at is None else leg.ended_stamp


def _outcome(
    status: Status, how: str | None, flow: Flow, *, machine: bool = False
) -> dict[str, str]:
    """How a leg ended: the words for result, cause and who released it.

    Source: HIS-14, HIS-16, HIS-17, SIM-14
    """
    cause = CAUSES[status]
    if how == End.MESSAGE:
        return _words("voicemail", cause, "internal_cancel")
    if machine:  # a menu or a queue answers whom it lets in
        words = {End.OWN.value: "callee_bye", End.OTHER.value: "caller_bye"}
        usual = "caller_bye" if status is Status.CANCEL else "internal_cancel"
        return _words("answered", "NORMAL_CLEARING", words.get(how or "", usual))
    if how == End.ELSEWHERE:
        return _words("answered elsewhere", cause, "internal_cancel")
    if how == End.INTERNAL:
        return _words(_RESULTS[status], cause, "internal_cancel")
    if status is Status.ANSWER:
        own = how in (End.OWN, End.PASSED_ON)
        released = "callee_bye" if own is (flow is Flow.IN) else "caller_bye"
        return _words("answered", cause, released)
    result = "rejected" if how == End.DECLINED else _RESULTS[status]
    return _words(result, cause, _UNANSWERED.get(status, "internal_cancel"))


def _words(result: str, cause: str, disposition: str) -> dict[str, str]:
    return {"result": result, "hangup_cause": cause, "hangup_disposition": disposition}


def _recording(world: World, call: Call, leg: Leg) -> Recording | None:
    """What was recorded of the leg; of one that was passed on it may go on to the call's end.

    A record ends when its file can hold no more.

    Source: SIM-8, SIM-9, PHN-30, PHN-31
    """
    tape = leg.tape
    if tape is None:
        return None
    until = tape.until if tape.until is not None else call.ended_at
    length = max((until or tape.since) - tape.since, timedelta(0))
    most = longest(tape.form, stereo=tape.stereo)
    if most is not None:
        length = min(length, most)
    return Recording(
        uuid=tape.uuid,
        key=world.ids.hex32(),
        form=tape.form,
        stereo=tape.stereo,
        began_at=world.clock.start + tape.since,
        length=length,
        size=sound(tape.form, stereo=tape.stereo, length=length).size,
        transfer=tape.passed_on,
    )


def _forget_oldest(world: World, client_id: int) -> None:
    ids = world.store.ids(rows.Row, "made_by", client_id)  # those of the file stay
    if len(ids) > world.config.journal_limit:
        records.forget(world, world.store.get(rows.Row, ids[0]))
