"""The words for a call, its legs, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Kind(str, Enum):
    """Who started a call."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"
    CALLBACK = "callback"


class End(str, Enum):
    """What made a leg end, where its status alone does not tell.

    `own` and `other` are the side that hung up: the extension's, or that opposite to it.
    """

    DECLINED = "declined"
    ELSEWHERE = "elsewhere"
    PASSED_ON = "passed_on"
    INTERNAL = "internal"
    MESSAGE = "message"
    OWN = "own"
    OTHER = "other"
    GIVEN_UP = "given_up"


class Flow(str, Enum):
    """The direction of a leg, seen from its extension.

    Source: DAT-6
    """

    IN = "in"
    OUT = "out"


class Role(str, Enum):
    """What a leg's extension does in it."""

    PHONE = "phone"
    QUEUE = "queue"
    IVR = "ivr"
    FORWARD = "forward"


class Status(str, Enum):
    """How a call or a leg stands or ended.

    Source: DAT-7
    """

    CALLING = "CALLING"
    ANSWER = "ANSWER"
    BUSY = "BUSY"
    NOANSWER = "NOANSWER"
    CANCEL = "CANCEL"
    CONGESTION = "CONGESTION"
    CHANUNAVAIL = "CHANUNAVAIL"


class LegState(str, Enum):
    """Where a leg is between its first event and its hangup."""

    RINGING = "ringing"
    SCREENING = "screening"
    ANSWERED = "answered"
    HELD = "held"
    ENDED = "ended"


class CallState(str, Enum):
    """What a call waits for."""

    RINGING = "ringing"
    SCREENING = "screening"
    MENU = "menu"
    QUEUED = "queued"
    ANSWERED = "answered"
    HELD = "held"
    TRANSFERRING = "transferring"
    CONSULTING = "consulting"
    VOICEMAIL = "voicemail"
    FINISHED = "finished"


#: The roles that ring and are picked up.
PHONES = (Role.PHONE, Role.FORWARD)


#: The roles in which nobody talks.
MACHINES = (Role.QUEUE, Role.IVR)


#: The steps that each state of a call allows.
STEPS: Mapping[CallState, tuple[str, ...]] = {
    CallState.RINGING: ("ring", "answer", "decline", "hang_up"),
    CallState.SCREENING: ("press", "decline", "hang_up"),
    CallState.MENU: ("press", "hang_up"),
    CallState.QUEUED: ("press", "hang_up"),
    CallState.ANSWERED: ("hold", "transfer", "press", "hang_up"),
    CallState.HELD: ("hold", "transfer", "hang_up"),
    CallState.TRANSFERRING: ("answer", "decline", "complete", "cancel", "hang_up"),
    CallState.CONSULTING: ("complete", "cancel", "hang_up"),
    CallState.VOICEMAIL: ("leave_message", "hang_up"),
    CallState.FINISHED: (),
}


#: Where a leg may go from each state.
LEG_STEPS: Mapping[LegState, tuple[LegState, ...]] = {
    LegState.RINGING: (LegState.SCREENING, LegState.ANSWERED, LegState.ENDED),
    LegState.SCREENING: (LegState.ANSWERED, LegState.ENDED),
    LegState.ANSWERED: (LegState.HELD, LegState.ENDED),
    LegState.HELD: (LegState.ANSWERED, LegState.ENDED),
    LegState.ENDED: (),
}
