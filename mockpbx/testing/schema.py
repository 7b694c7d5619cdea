"""The control API as JSON; states are world files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from ..calls.dial_string import NUMBER
from ..core.faults import EVERY
from ..core.script import KEYS, MAX_S, OUTCOMES
from ..resources.agent.schema import AgentOut
from ..resources.phone.model import COUNTRIES
from ..resources.registration.schema import RegistrationOut
from ..web.schema import (
    NO_NULL,
    Boolean,
    Exact,
    Integer,
    Moment,
    Reference,
    Seconds,
    Strict,
    String,
    Word,
)
from ..worlds.schema import WorldState


class Health(Strict):
    """The server answers."""

    status = fields.String(required=True)
    version = fields.String(required=True)
    world = fields.String(required=True)


class SnapshotIn(Exact):
    """The name of a snapshot; one of that name is replaced."""

    name = String(form=(r"^[A-Za-z0-9_.-]{1,64}$", "1 to 64 letters, digits, _ . -"), required=True)


class SnapshotOut(Strict):
    """A snapshot and the moment it holds."""

    name = fields.String(required=True)
    at = Moment(required=True)


class ClockOut(Strict):
    """The world's time."""

    now = Moment(required=True)
    frozen = Boolean(required=True)


class Fired(ClockOut):
    """The world's time, and what came due on the way, in order."""

    fired = fields.List(fields.Dict(), required=True)


class AdvanceIn(Exact):
    """How far time moves on."""

    seconds = Seconds(required=True)


class MoveIn(Exact):
    """Where time moves to."""

    moment = Moment(required=True)


class RegistrationIn(Exact):
    """A SIP REGISTER."""

    extension = Reference(required=True, metadata={"description": "Its id or its name."})
    device = String(load_default="mockpbx phone")
    contact_address = String(metadata={"description": "The same contact renews."})
    real_address = String(load_default="sip:203.0.113.10:5060")
    expires = Integer(load_default=3600, metadata={"description": "Seconds; 0 unregisters."})
    country = Word(tuple(sorted(COUNTRIES)), allow_none=True, load_default=None)


class RequestOut(Strict):
    """One request and its answer."""

    id = fields.Integer(required=True)
    at = fields.String(required=True)
    method = fields.String(required=True)
    path = fields.String(required=True)
    query = fields.String(required=True)
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.String(required=True)
    operation = fields.String(required=True, allow_none=True)
    status = fields.Integer(required=True)
    answer = fields.String(required=True)
    duration_us = fields.Integer(required=True)
    rules = fields.List(fields.String(), required=True)
    basis = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    notes = fields.List(fields.String(), required=True)
    fault = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What the fault rule that hit it did."},
    )


class RequestsOut(Strict):
    """The journal, and how many of its entries were dropped."""

    requests = fields.List(fields.Nested(RequestOut), required=True)
    dropped = fields.Integer(required=True)


#: Seconds for which a verification waits at most.
MAX_WAIT_S = 60
_METHODS = ("GET", "POST", "PUT", "DELETE", "*")


class VerifyIn(Exact):
    """A request that should have come; `times` is exact, and without it once is enough."""

    method = Word(_METHODS, required=True)
    path = String(required=True, metadata={"description": "As documented, or of one request."})
    query = fields.Dict(keys=fields.String(), metadata={"description": "Among others."})
    json = fields.Raw(allow_none=True, metadata={"description": "The whole body."})
    form = fields.Dict(keys=fields.String(), metadata={"description": "The whole body."})
    body = fields.Raw(metadata={"description": "The whole body: a text, or JSON."})
    headers = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "Among others."}
    )
    times = Integer()
    at_least = Integer()
    within = Seconds(
        at_most=MAX_WAIT_S, load_default=0.0, metadata={"description": "Seconds to wait for it."}
    )


class NearOut(Strict):
    """A request that is not quite the one."""

    id = fields.Integer(required=True)
    differences = fields.List(fields.String(), required=True)


class VerdictOut(Strict):
    """Whether it came as often as it should, which requests those are, and the nearest others."""

    verified = Boolean(required=True)
    matched = fields.List(fields.Integer(), required=True)
    message = fields.String(required=True, allow_none=True)
    nearest = fields.List(fields.Nested(NearOut), required=True)


class FaultIn(Exact):
    """A rule: which requests it hits, how often, and what happens to them."""

    operation = String(
        load_default=EVERY,
        metadata={"description": "Method and documented path, or * for every request."},
    )
    status = Integer(at_least=400, at_most=599, allow_none=True)
    drop = Boolean(metadata={"description": "The connection is closed without an answer."})
    malformed = Boolean(metadata={"description": "Half of the answer is missing."})
    latency = Seconds(metadata={"description": "Seconds of real time the answer is late."})
    times = Integer(at_least=1, allow_none=True)
    probability = fields.Float(
        error_messages={"invalid": "must be a number", "null": NO_NULL},
        metadata={"minimum": 0, "maximum": 1},
    )
    seed = Integer()


class FaultOut(Strict):
    """A rule, how often it hit, and how often it still can."""

    operation = fields.String(required=True)
    status = fields.Integer(required=True, allow_none=True)
    drop = Boolean(required=True)
    malformed = Boolean(required=True)
    latency = fields.Float(required=True)
    times = fields.Integer(required=True, allow_none=True)
    probability = fields.Float(required=True)
    seed = fields.Integer(required=True)
    fired = fields.Integer(required=True)
    left = fields.Integer(required=True, allow_none=True)


class FaultsIn(Exact):
    """All rules, in their order."""

    faults = fields.List(fields.Nested(FaultIn), required=True)


class FaultsOut(Strict):
    """All rules, in their order."""

    faults = fields.List(fields.Nested(FaultOut), required=True)


class ShareOut(Strict):
    """A part of what is documented."""

    exercised = fields.Integer(required=True)
    documented = fields.Integer(required=True)
    percent = fields.Float(required=True)


class ExercisedOut(Strict):
    """How often an operation answered with each status, and the documented ones left."""

    operation = fields.String(required=True)
    statuses = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    missing = fields.List(fields.Integer(), required=True)


class CoverageOut(Strict):
    """What was exercised since the server began, resets included."""

    operations = fields.Nested(ShareOut, required=True)
    statuses = fields.Nested(ShareOut, required=True)
    exercised = fields.List(fields.Nested(ExercisedOut), required=True)
    missing = fields.List(fields.String(), required=True)


class NoteOut(Strict):
    """A habit that a real operator may punish."""

    rule = fields.String(required=True)
    message = fields.String(required=True)
    count = fields.Integer(required=True)
    first_at = fields.String(required=True)
    last_at = fields.String(required=True)
    request = fields.String(required=True, metadata={"description": "The last one."})


class NotesOut(Strict):
    """The notes, in the order in which they were first taken."""

    notes = fields.List(fields.Nested(NoteOut), required=True)


class Refused(Strict):
    """Why a request was refused; for a call's step also its state and the steps it allows."""

    message = fields.String(required=True)
    state = fields.String()
    steps = fields.List(fields.String())


class Script(fields.Field[Mapping[str, Any]]):
    """What the call does by itself."""

    _seconds: ClassVar[Mapping[str, Any]] = {
        "type": "number",
        "minimum": 0,
        "maximum": MAX_S,
    }
    openapi: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "outcome": {"type": "string", "enum": list(OUTCOMES), "default": OUTCOMES[0]},
            "answer_after": {**_seconds, "description": "Seconds of ringing until the answer."},
            "talk": {**_seconds, "description": "Seconds from the answer to the hangup."},
            "after": {**_seconds, "description": "Seconds until busy, cancel, or the key."},
            "press": {"type": "string", "enum": list(KEYS)},
            "leave_message": {"type": "boolean"},
        },
        "additionalProperties": False,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("must be a JSON object")
        return value


_NUMBER = (rf"^{NUMBER}$", "1 to 64 ASCII characters without blanks")

CallIn = Exact.from_dict(
    {
        "kind": Word(("incoming", "outgoing", "internal"), load_default="incoming"),
        "from": Reference(required=True, metadata={"description": "A number, or an extension."}),
        "to": String(form=_NUMBER),
        "did": String(
            form=_NUMBER, metadata={"description": "The public number it comes through."}
        ),
        "name": String(metadata={"description": "The caller's name."}),
        "script": Script(),
    },
    name="CallIn",
)


class LegOut(Strict):
    """One leg of a call."""

    extension = fields.String(required=True)
    extension_id = fields.Integer(required=True)
    sub_call_id = fields.String(required=True)
    role = fields.String(required=True)
    flow = fields.String(required=True)
    state = fields.String(required=True)
    status = fields.String(required=True)
    caller_num = fields.String(required=True)
    called_number = fields.String(required=True)
    began_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    record_uuid = fields.String(required=True, allow_none=True)


class CallOut(Strict):
    """How a call stands."""

    call_id = fields.String(required=True, attribute="id")
    call_api_id = fields.String(required=True, attribute="api_id")
    kind = fields.String(required=True)
    caller = fields.String(required=True, data_key="from")
    dialled = fields.String(required=True, data_key="to")
    did = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    steps = fields.List(fields.String(), required=True, metadata={"description": "Legal now."})
    result = fields.String(required=True, allow_none=True)
    started_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    ended_at = Moment(required=True, allow_none=True)
    legs = fields.List(fields.Nested(LegOut), required=True)


class CallPicture(CallOut):
    """How a call stands, with a picture of who did what when."""

    ladder = fields.Function(lambda call: call.ladder(), required=True, metadata={"type": "string"})


class CallsOut(Strict):
    """The calls that the world remembers."""

    calls = fields.List(fields.Nested(CallOut), required=True)


class WhoIn(Exact):
    """Which of those who ring; without it the first."""

    extension = Reference(metadata={"description": "Its id or its name."})


class TransferIn(Exact):
    """Where the call is passed on to."""

    to = String(form=_NUMBER, required=True)
    attended = Boolean(load_default=False, metadata={"description": "After asking (*2)."})


class PressIn(Exact):
    """A key of a telephone."""

    key = Word(tuple(KEYS), required=True)


MessageIn = Exact.from_dict(
    {
        "from": String(form=_NUMBER, required=True),
        "to": String(form=_NUMBER, required=True),
        "text": String(required=True),
    },
    name="MessageIn",
)


class AgentStatusIn(Exact):
    """Whether the agent takes calls."""

    status = Word(("available", "logged_out"), required=True)


class AttemptOut(Strict):
    """One request to a receiver, and what came of it."""

    at = fields.String(required=True)
    status = fields.Integer(required=True, allow_none=True)
    answer = fields.String(required=True)
    duration_us = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)


class DeliveryOut(Strict):
    """One event for one url."""

    id = fields.Integer(required=True)
    at = fields.String(required=True)
    subscription = fields.Integer(required=True)
    extension = fields.Integer(required=True)
    event_type = fields.String(required=True)
    method = fields.String(required=True)
    url = fields.String(required=True)
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.String(required=True)
    data = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    sent = fields.Boolean(required=True)
    attempts = fields.List(fields.Nested(AttemptOut), required=True)


class DeliveriesOut(Strict):
    """The events that were sent, and how many were dropped from the list."""

    deliveries = fields.List(fields.Nested(DeliveryOut), required=True)
    dropped = fields.Integer(required=True)


__all__ = [
    "AdvanceIn",
    "AgentOut",
    "AgentStatusIn",
    "CallIn",
    "CallOut",
    "CallPicture",
    "CallsOut",
    "ClockOut",
    "DeliveriesOut",
    "DeliveryOut",
    "Fired",
    "Health",
    "MessageIn",
    "MoveIn",
    "NotesOut",
    "PressIn",
    "Refused",
    "RegistrationIn",
    "RegistrationOut",
    "RequestsOut",
    "SnapshotIn",
    "SnapshotOut",
    "TransferIn",
    "WhoIn",
    "WorldState",
]
