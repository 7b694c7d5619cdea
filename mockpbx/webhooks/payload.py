"""The parameters of an event: one table says which are present, and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..core.clock import EPOCH
from ..resources.event.model import MESSAGES, EventType

#: Events that tell nothing of a leg.
_NO_LEG = (*MESSAGES, EventType.VOICEMAIL)
#: Events that can name a record.
_RECORDED = (EventType.HANGUP, EventType.VOICEMAIL)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(slots=True)
class Event:
    """One event of one extension, with everything that its parameters are made of.

    `flow` is `in` or `out`; extensions are given as (id, name, domain).
    """

    type: EventType
    at: datetime
    extension: Party
    role: str
    flow: str
    call_id: str
    leg_hex: str
    api_id: str
    status: str
    caller_num: str
    called_number: str
    caller_name: str | None = None
    called_did: str | None = None
    caller: Party | None = None
    talked: timedelta | None = None
    record_uuid: str | None = None
    bridged: bool = False
    transfered: bool = False
    remote_number: str | None = None
    callback_id: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse a type of event that is a word only.

        Raises:
            TypeError: the type is no `EventType`.
        """
        if not isinstance(self.type, EventType):
            raise TypeError(f"type: must be an EventType, not {self.type!r}")


@dataclass(frozen=True, slots=True)
class Party:
    """An extension as an event names it."""

    id: int
    name: str
    domain: str

    @property
    def address(self) -> str:
        """Name and domain."""
        return f"{self.name}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the fact that it follows, when it is present, and its value."""

    name: str
    fact: str
    present: Callable[[Event], bool]
    value: Callable[[Event], str]


def _always(_: Event) -> bool:
    return True


def _of_call(event: Event) -> bool:
    return event.type not in _NO_LEG


def _calling(event: Event) -> Party | None:
    return event.extension if event.flow == "out" else event.caller


#: In the order in which they are sent.
PARAMETERS: tuple[Parameter, ...] = (
    Parameter("EventType", "DAT-1", _always, lambda e: e.type.value),
    Parameter("EventTime", "DAT-2", _always, lambda e: str((e.at - EPOCH) // _MICROSECOND)),
    Parameter("CallID", "DAT-3", _always, lambda e: e.call_id),
    Parameter("SubCallID", "DAT-4", _of_call, lambda e: f"{e.extension.id}-{e.leg_hex}"),
    Parameter("CallAPIID", "DAT-5", _of_call, lambda e: e.api_id),
    Parameter("CallFlow", "DAT-6", _always, lambda e: e.flow),
    Parameter("CallStatus", "DAT-7", _of_call, lambda e: e.status),
    Parameter("CallerIDNum", "DAT-8", _always, lambda e: e.caller_num),
    Parameter(
        "CallerIDName",
        "DAT-9",
        lambda e: _of_call(e) and bool(e.caller_name),
        lambda e: e.caller_name or "",
    ),
    Parameter("CalledNumber", "DAT-10", _always, lambda e: e.called_number),
    Parameter(
        "CalledDID",
        "DAT-11",
        lambda e: _of_call(e) and e.flow == "in" and e.called_did is not None,
        lambda e: e.called_did or "",
    ),
    Parameter("CalledExtension", "DAT-12", lambda e: e.flow == "in", lambda e: e.extension.address),
    Parameter(
        "CalledExtensionID", "DAT-12", lambda e: e.flow == "in", lambda e: str(e.extension.id)
    ),
    Parameter(
        "CallerExtension",
        "DAT-13",
        lambda e: _calling(e) is not None,
        lambda e: _address(_calling(e)),
    ),
    Parameter(
        "CallerExtensionID",
        "DAT-13",
        lambda e: _calling(e) is not None,
        lambda e: _id(_calling(e)),
    ),
    Parameter(
        "Duration",
        "DAT-14",
        lambda e: e.type is EventType.HANGUP,
        lambda e: str((e.talked or timedelta(0)) // _MICROSECOND),
    ),
    Parameter(
        "RecID",
        "DAT-15",
        lambda e: e.type in _RECORDED and e.record_uuid is not None,
        lambda e: e.record_uuid or "",
    ),
    Parameter(
        "Bridged",
        "DAT-16",
        lambda e: e.type is EventType.HANGUP and e.role in ("ivr", "queue"),
        lambda e: "yes" if e.bridged else "no",
    ),
    Parameter("Transfered", "DAT-17", lambda e: e.transfered, lambda e: "yes"),
    Parameter(
        "RemoteNumber",
        "DAT-18",
        lambda e: e.type is EventType.DIAL_IN and e.remote_number is not None,
        lambda e: e.remote_number or "",
    ),
    Parameter(
        "CallBackID",
        "DAT-19",
        lambda e: _of_call(e) and e.callback_id is not None,
        lambda e: e.callback_id or "",
    ),
    Parameter("Message", "DAT-21", lambda e: e.type in MESSAGES, lambda e: e.text or ""),
)


#: The same, as it is fastest to walk.
_ROWS = tuple((one.name, one.present, one.value) for one in PARAMETERS)


def parameters(event: Event) -> list[tuple[str, str]]:
    """The event's parameters, in order.

    Source: DAT-1 to DAT-21
    """
    return [(name, value(event)) for name, present, value in _ROWS if present(event)]


def agent_parameters(
    agent_id: int, status: str, extension_name: str
) -> tuple[tuple[str, str], ...]:
    """The parameters of an agent's login or logout; what `event_source` holds is assumed.

    Source: AGT-1
    """
    return (
        ("agent_id", str(agent_id)),
        ("agent_status", status),
        ("agent_type", "local"),
        ("extension_name", extension_name),
        ("event_source", "phone"),
    )


def _address(party: Party | None) -> str:
    return party.address if party else ""


def _id(party: Party | None) -> str:
    return str(party.id) if party else ""
