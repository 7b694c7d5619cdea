"""What one extension did in a finished call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...core.clock import stamp, stamp_cs

#: Where a record's sound is had without a token, under the host's root.
STORAGE = "/storage"

FLOWS = ("in", "out")
#: The directions of a part; `transfer` is that of a leg that a transfer began.
PART_FLOWS = (*FLOWS, "transfer")
#: How a call ended, and two more words for a part.
RESULTS = ("busy", "answered", "not answered", "failed", "rejected", "bridged")
PART_RESULTS = (*RESULTS, "answered elsewhere", "voicemail")
DISPOSITIONS = ("callee_bye", "caller_bye", "caller_cancel", "callee_refuse", "internal_cancel")


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a part.

    `form` is mp3 or wav, `size` its bytes, and `key` what its public address is guarded by.
    `transfer` says that it went on through a transfer.

    Source: REC-1, REC-3, REC-6, PHN-50 (doc, observed)
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
class Part:
    """What one extension did in a call, from dial-in or dial-out to hangup.

    Names are those of the documentation where it has one; times are UTC. What it names may have
    been deleted since.

    Source: HIS-2, HIS-3, HIS-4 (observed)
    """

    flow: str
    extension_id: int
    extension_name: str
    extension_type: str
    domain: str
    from_username: str
    to_username: str
    init_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    group_id: int | None = None
    from_domain: str | None = None
    from_screen_name: str | None = None
    to_domain: str | None = None
    did_number: str | None = None
    result: str = "not answered"
    hangup_cause: str = "NORMAL_CLEARING"
    hangup_disposition: str = "caller_bye"
    application: str | None = None
    ani_number: str | None = None
    recording: Recording | None = None

    @property
    def full_name(self) -> str:
        """The extension's name with its domain.

        Source: HIS-2, GEN-19 (observed, doc)
        """
        return f"{self.extension_name}@{self.domain}"

    @property
    def taken_by(self) -> tuple[str, str | None]:
        """Name and domain of who answered."""
        if self.flow == "out":
            return self.to_username, self.to_domain
        return self.extension_name, self.domain


def shown(part: Part, client_id: int, hex: str, root: str) -> dict[str, Any]:
    """The part as answers show it; `root` is the address of the host.

    Source: HIS-4, GEN-9 (observed)
    """
    talked = part.answered_at is not None
    taken_by = part.taken_by if talked else (None, None)
    recording = part.recording
    return {
        "call_uuid": hex.upper(),
        **sides(part, client_id),
        "flow": part.flow,
        "source_number": part.from_username,
        "source_domain": part.from_domain,
        "dest_number": part.to_username,
        "dest_domain": part.to_domain,
        "ani_number": part.ani_number,
        "application": part.application,
        "init_time_gmt": stamp_cs(part.init_at),
        "start_time_gmt": stamp(part.init_at),
        "bridged_time_gmt": stamped(part.answered_at),
        "hangup_time_gmt": stamp(part.ended_at),
        "duration": seconds(part.init_at, part.ended_at),
        "bridged_duration": seconds(part.answered_at, part.ended_at),
        "bridged_username": taken_by[0],
        "bridged_domain": taken_by[1],
        "result": part.result,
        "hangup_cause": part.hangup_cause,
        "hangup_disposition": part.hangup_disposition,
        "record_uuid": recording.uuid if recording is not None else None,
        "record_file_size": recording.size if recording is not None else None,
        "storage_url": storage_url(part, root),
    }


def storage_url(part: Part, root: str) -> str | None:
    """Where the part's sound is had without a token, when it was recorded.

    Source: HIS-4, REC-3 (observed, doc)
    """
    if part.recording is None:
        return None
    recording = part.recording
    return f"{root}{STORAGE}/{recording.uuid}/{recording.key}/{file_name(part)}"


def file_name(part: Part) -> str | None:
    """The name of the part's record: when, which way, the last digits of who was outside.

    Source: REC-1 (doc, observed)
    """
    recording = part.recording
    if recording is None:
        return None
    began = recording.began_at.strftime("%Y-%m-%d-%H-%M-%S")
    outside = part.to_username if part.flow == "out" else part.from_username
    digits = "".join(filter(str.isdigit, outside))[-4:].rjust(4, "0")
    mark = "".join(chr(ord("a") + int(digit, 16)) for digit in recording.uuid[-4:])
    return f"{began}-UTC_{part.flow}_{digits}_{mark}.{recording.form}"


def sides(part: Part, client_id: int) -> dict[str, Any]:
    """Who called whom, as a part and a call show it.

    Source: HIS-2 (observed)
    """
    return {
        "flow": part.flow,
        "extension_id": part.extension_id,
        "extension_name": part.full_name,
        "extension_type": part.extension_type,
        "extension_group_owner_id": part.group_id,
        "client_owner_id": client_id,
        "from_username": part.from_username,
        "from_domain": part.from_domain,
        "from_screen_name": part.from_screen_name,
        "to_username": part.to_username,
        "to_domain": part.to_domain,
        "did_number": part.did_number,
        "did_domain": None,
        "ext_number_reg": None,
    }


def seconds(since: datetime | None, until: datetime) -> int:
    """The seconds between two moments as answers show them; none when there was no first one.

    Source: HIS-2, GEN-9 (observed)
    """
    if since is None:
        return 0
    return round((until.replace(microsecond=0) - since.replace(microsecond=0)).total_seconds())


def stamped(moment: datetime | None) -> str | None:
    """The moment as answers show it, if there is one.

    Source: GEN-9 (observed)
    """
    return None if moment is None else stamp(moment)
