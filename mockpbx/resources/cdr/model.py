"""What one extension did in a finished call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...core.clock import stamp, stamp_cs
from ...readings import Readings

#: Where a record's sound is had without a token, under the host's root.
STORAGE = "/storage"

FLOWS = ("in", "out")
#: The directions of a part; `transfer` is that of a leg that a transfer began.
PART_FLOWS = (*FLOWS, "transfer")
#: The words for how a part ended, each with the cause and the disposition that it has usually.
ENDS = {
    "answered": ("NORMAL_CLEARING", "caller_bye"),
    "busy": ("USER_BUSY", "callee_refuse"),
    "not answered": ("NO_ANSWER", "internal_cancel"),
    "failed": ("NO_ROUTE_DESTINATION", "internal_cancel"),
    "rejected": ("USER_BUSY", "callee_refuse"),
    "answered elsewhere": ("ORIGINATOR_CANCEL", "internal_cancel"),
    "voicemail": ("NO_ANSWER", "internal_cancel"),
}
#: How a call ended; `bridged` says that two people talked, and is no word of a part.
RESULTS = ("busy", "answered", "not answered", "failed", "rejected", "bridged")
PART_RESULTS = tuple(ENDS)
#: Who ended a call; empty only when a world file says so.
DISPOSITIONS = ("callee_bye", "caller_bye", "caller_cancel", "callee_refuse", "internal_cancel", "")
#: The types of extensions in which nobody talks.
MACHINES = ("ivr", "queue")

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a part.

    `form` is mp3 or wav, `size` its bytes, and `key` what its public address is guarded by.
    `transfer` says that it went on through a transfer.

    Source: REC-1, REC-3, REC-6, PHN-50
    """

    uuid: str
    key: str
    form: str
    stereo: bool
    began_at: datetime
    length: timedelta
    size: int
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """Who called whom, as a call and each of its parts show it.

    Names are those of the documentation where it has one. The extension is as it was then.

    Source: HIS-2, HIS-11, HIS-12
    """

    flow: str
    extension_id: int
    extension_name: str
    extension_type: str
    domain: str
    from_username: str
    to_username: str
    from_screen_name: str | None = None
    from_domain: str | None = None
    to_domain: str | None = None
    group_id: int | None = None
    did_number: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one extension did in a call, from dial-in or dial-out to hangup; times are UTC.

    `aside` parts are those of who only listened in, and of who was rung first by a callback: the
    call was never connected with them.

    Source: HIS-3, HIS-4
    """

    sides: Sides
    init_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    result: str = "not answered"
    hangup_cause: str = "NO_ANSWER"
    hangup_disposition: str = "internal_cancel"
    application: str | None = None
    ani_number: str | None = None
    recording: Recording | None = None
    aside: bool = False

    @property
    def flow(self) -> str:
        """The direction, seen from the extension."""
        return self.sides.flow

    @property
    def is_machine(self) -> bool:
        """Whether it is that of a menu or a queue to which the call came."""
        return self.sides.flow != "out" and self.sides.extension_type in MACHINES

    @property
    def taken_by(self) -> tuple[str, str | None]:
        """Name and domain of who answered."""
        sides = self.sides
        if sides.flow == "out":
            return sides.to_username, sides.to_domain
        return sides.extension_name, sides.domain


def sides_of(**values: Any) -> Sides:
    """The sides, with what is not given as a PBX fills it in.

    All parties have the PBX's own domain, those outside too, and who has no name shows its number.

    Source: HIS-2, HIS-23
    """
    domain = values["domain"]
    usual = {
        "from_screen_name": values["from_username"],
        "from_domain": domain,
        "to_domain": domain,
    }
    return Sides(**{**usual, **values})


def part_of(sides: Sides, result: str, **values: Any) -> Part:
    """The part, with what is not given as a PBX fills it in; a menu and a queue answer at once.

    A world file may have left the disposition empty.

    Source: HIS-3, HIS-13, HIS-15, HIS-20
    """
    cause, disposition = ENDS[result]
    machine = sides.flow != "out" and sides.extension_type in MACHINES
    if machine and result == "answered" and values.get("answered_at") is None:
        values["answered_at"] = values["init_at"]
    usual = {"hangup_cause": cause, "hangup_disposition": disposition}
    return Part(**{"sides": sides, "result": result, **usual, **values})


def shown(part: Part, client_id: int, readings: Readings) -> dict[str, Any]:
    """The part as the history shows it.

    Source: HIS-4, HIS-20, HIS-22, HIS-23, HIS-24, HIS-25, GEN-9
    """
    sides, recording = part.sides, part.recording
    came, started_at = sides.flow == "in", part.answered_at or part.init_at
    return {
        **sides_shown(sides, client_id, readings),
        "source_number": None if sides.flow == "out" else sides.from_username,
        "source_domain": None if sides.flow == "out" else sides.from_domain,
        "dest_number": None if came else sides.to_username,
        "dest_domain": None if came else sides.to_domain,
        "ani_number": part.ani_number,
        "application": part.application,
        "init_time_gmt": stamp_cs(part.init_at),
        "start_time_gmt": stamped(started_at),
        "hangup_time_gmt": stamped(part.ended_at),
        "duration": 0 if part.answered_at is None else seconds(started_at, part.ended_at),
        "result": part.result,
        "hangup_cause": part.hangup_cause,
        "hangup_disposition": part.hangup_disposition,
        "record_uuid": None if recording is None else uuid_shown(recording.uuid, readings),
        "record_file_size": None if recording is None else recording.size,
    }


def uuid_shown(uuid: str, readings: Readings) -> str:
    """A record_uuid as answers write it; events have it in lower case.

    Source: REC-17
    """
    return uuid.upper() if readings.record_uuid_case == "upper" else uuid.lower()


def storage_url(part: Part, root: str) -> str | None:
    """Where the part's sound is had without a token, when it was recorded.

    Source: REC-3
    """
    if part.recording is None:
        return None
    recording = part.recording
    return f"{root}{STORAGE}/{recording.uuid}/{recording.key}/{file_name(part)}"


def file_name(part: Part) -> str | None:
    """The name of the part's record: when, which way, the extension's number.

    Source: REC-1, REC-18
    """
    recording = part.recording
    if recording is None:
        return None
    began = recording.began_at.strftime("%Y-%m-%d-%H-%M-%S")
    number = part.sides.extension_name.rpartition("*")[2]
    mark = "".join(chr(ord("a") + int(digit, 16)) for digit in recording.uuid[-4:])
    return f"{began}-UTC_{part.flow}_{number}_{mark}.{recording.form}"


def sides_shown(sides: Sides, client_id: int, readings: Readings) -> dict[str, Any]:
    """Who called whom, as a part and a call show it.

    Source: HIS-2, HIS-11, HIS-12
    """
    return {
        "flow": sides.flow,
        "extension_id": sides.extension_id,
        "extension_name": f"{sides.extension_name}@{sides.domain}",
        "extension_type": sides.extension_type,
        "extension_group_owner_id": sides.group_id,
        "client_owner_id": client_id,
        "from_username": sides.from_username,
        "from_domain": sides.from_domain,
        "from_screen_name": sides.from_screen_name,
        "to_username": to_username(sides, readings),
        "to_domain": sides.to_domain,
        "did_number": sides.did_number,
        "did_domain": None if sides.did_number is None else sides.domain,
    }


def to_username(sides: Sides, readings: Readings) -> str:
    """Who was called: the extension, or with that reading the public number that was dialled.

    Source: HIS-2
    """
    if readings.to_username == "did" and sides.did_number is not None and sides.flow != "out":
        return sides.did_number
    return sides.to_username


def seconds(since: datetime, until: datetime) -> int:
    """The seconds between two moments as answers show them.

    Source: HIS-20, HIS-21, GEN-9
    """
    return max(0, round((rounded(until) - rounded(since)).total_seconds()))


def rounded(moment: datetime) -> datetime:
    """The nearest whole second, which is what start, bridge and hangup show.

    Source: HIS-21, HIS-22
    """
    whole = moment.replace(microsecond=0)
    return whole + _SECOND if moment.microsecond >= 500_000 else whole


def stamped(moment: datetime | None) -> str | None:
    """The moment as answers show it, if there is one.

    Source: GEN-9, HIS-21
    """
    return None if moment is None else stamp(rounded(moment))
