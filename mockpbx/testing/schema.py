"""What commands take, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from ..calls.dial_string import NUMBER
from ..core.faults import EVERY, MAX_LATENCY_S
from ..core.script import KEYS, MAX_S, OUTCOMES
from ..core.script import faults as script_faults
from ..resources.extension.schema import TYPES
from ..resources.phone.model import COUNTRIES
from ..web.query import QueryInteger
from ..web.schema import Boolean, Exact, Integer, Moment, Reference, Seconds, String, Word
from ..web.schema import Number as JsonNumber

#: Seconds for which a verification waits at most.
MAX_WAIT_S = 60
_METHODS = ("GET", "POST", "PUT", "DELETE", "*")


class Given(Exact):
    """The fields of a command; of one that is unknown, those that are known are told."""

    def handle_error(self, error: ValidationError, data: Any, **kwargs: Any) -> None:
        """Name the known fields beside one that is not."""
        if isinstance(error.messages, dict) and isinstance(data, Mapping):
            known = [one.data_key or name for name, one in self.fields.items()]
            for name in error.messages:
                if name in data and name not in known:
                    error.messages[name] = [f"is none of {', '.join(known)}"]


class Extension(Reference):
    """An extension by its id, its number or its whole name."""

    def __init__(self, **options: Any) -> None:
        metadata = {"description": "Its id or its name.", **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)


class Dialled(Reference):
    """What is dialled: a number, or an extension by its id."""

    _FORM = re.compile(NUMBER)
    openapi: ClassVar[Mapping[str, Any]] = {
        "anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^{NUMBER}$"}]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | str:
        found = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(found, str) and not self._FORM.fullmatch(found):
            raise ValidationError("must be 1 to 64 ASCII characters without blanks, or an id")
        return found


class Number(String):
    """A telephone number as it is shown: ASCII text without blanks."""

    def __init__(self, **options: Any) -> None:
        form = rf"^{NUMBER}$", "1 to 64 ASCII characters without blanks"
        super().__init__(form=form, **options)


class Script(fields.Field[Mapping[str, Any]]):
    """What a call does by itself."""

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
        if not isinstance(value, Mapping):
            raise ValidationError("must be a JSON object")
        wrong = script_faults(value)
        if wrong:
            prefix = f"{attr}."
            raise ValidationError(
                {
                    name.removeprefix(prefix): [text]
                    for name, _, text in (one.partition(": ") for one in wrong)
                }
            )
        return value


def is_json(value: Any) -> None:
    """JSON can say it.

    Raises:
        ValidationError: it cannot.
    """
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValidationError("must be JSON") from error


def is_world(value: Any) -> None:
    """It can be a name, or the JSON object of a world file.

    Raises:
        ValidationError: it cannot.
    """
    if not isinstance(value, (str, Mapping)):
        raise ValidationError("must be a name or a JSON object")
    is_json(value)


class SnapshotIn(Given):
    """The name of a snapshot; one of that name is replaced, and without one it gets a new name."""

    example: ClassVar[Mapping[str, Any]] = {"name": "before"}

    name = String(
        form=(r"^[A-Za-z0-9_.-]{1,64}$", "1 to 64 letters, digits, _ . -"),
        metadata={"argument": True},
    )


class NewWorld(Given):
    """A world, and how it is set up: as the server's default one, but for what is given."""

    example: ClassVar[Mapping[str, Any]] = {"world": "empty", "settings": {"freeze": True}}

    world = fields.Raw(
        validate=is_world, metadata={"description": "A shipped world's name, or a world file."}
    )
    settings = fields.Dict(
        keys=fields.String(),
        validate=is_json,
        load_default=dict,
        metadata={"description": "Fields of a configuration, such as freeze and readings."},
    )


class WhoseTokens(Given):
    """Whose tokens; without it all."""

    example: ClassVar[Mapping[str, Any]] = {"application": "app"}

    application = String(metadata={"description": "Its client_id."})
    user = Reference(metadata={"description": "By login or id."})


class AdvanceIn(Given):
    """How far time moves on."""

    example: ClassVar[Mapping[str, Any]] = {"seconds": 60}

    seconds = Seconds(required=True)


class MoveIn(Given):
    """Where time moves to."""

    example: ClassVar[Mapping[str, Any]] = {"moment": "2026-01-31 12:00:00"}

    moment = Moment(required=True)


class RegistrationIn(Given):
    """A SIP REGISTER."""

    example: ClassVar[Mapping[str, Any]] = {
        "extension": "105",
        "device": "Yealink SIP-T46G 28.72.14.5",
        "contact_address": "sip:2566*105@192.168.5.105:5062",
        "expires": 3600,
    }

    extension = Extension(required=True)
    device = String(load_default="mockpbx phone")
    contact_address = String(metadata={"description": "The same contact renews; * is all."})
    real_address = String(load_default="sip:203.0.113.10:5060")
    expires = Integer(load_default=3600, metadata={"description": "Seconds; 0 unregisters."})
    country = Word(tuple(sorted(COUNTRIES)), allow_none=True, load_default=None)


class NewExtension(Given):
    """A new extension; without a name it gets the first free number."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "300",
        "type": "phone",
        "register": True,
        "properties": {"label": "Petrov"},
    }

    name = String(metadata={"description": "Digits; the client's prefix may be left out."})
    type = Word(TYPES, load_default=TYPES[0])
    client = Integer(at_least=1, metadata={"description": "The client's id; else the first."})
    register = Boolean(load_default=False, metadata={"description": "The phone is online."})
    properties = fields.Dict(
        keys=fields.String(),
        validate=is_json,
        load_default=dict,
        metadata={"description": "Those of an extension, and of its type, as in a world file."},
    )


class Listed(Given):
    """Which entries of a list: the first so many of those that came after one."""

    example: ClassVar[Mapping[str, Any]] = {"after": 0, "limit": 100}

    after = QueryInteger(
        at_least=0, metadata={"description": "The id of the last one that is known."}
    )
    limit = QueryInteger(metadata={"description": "How many at most."})


class VerifyIn(Given):
    """A request that should have come; `times` is exact, and without it once is enough."""

    example: ClassVar[Mapping[str, Any]] = {"method": "POST", "path": "/oauth/token", "times": 0}

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


class FaultIn(Given):
    """A rule: which requests it hits, how often, and what happens to them."""

    example: ClassVar[Mapping[str, Any]] = {
        "operation": "POST /extension/{id}/event/",
        "status": 503,
        "times": 1,
    }

    operation = String(
        load_default=EVERY,
        metadata={"description": "Method and documented path, or * for every request."},
    )
    status = Integer(at_least=400, at_most=599, allow_none=True)
    drop = Boolean(metadata={"description": "The connection is closed without an answer."})
    reset = Boolean(metadata={"description": "The connection is reset (RST)."})
    malformed = Boolean(metadata={"description": "Half of the answer is missing."})
    latency = Seconds(
        at_most=int(MAX_LATENCY_S),
        metadata={"description": "Seconds of real time the answer is late."},
    )
    times = Integer(at_least=1, allow_none=True)
    probability = JsonNumber(metadata={"exclusiveMinimum": 0, "maximum": 1})
    seed = Integer()
    body = fields.Raw(
        allow_none=True,
        validate=is_json,
        metadata={"description": "Of the answer with the status: a text, or JSON."},
    )
    headers = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Of that answer, such as Retry-After."},
    )


class FaultsIn(Given):
    """All rules, in their order."""

    example: ClassVar[Mapping[str, Any]] = {"faults": [FaultIn.example]}

    faults = fields.List(fields.Nested(FaultIn), required=True)


class CallIn(Given):
    """A call; without a script it waits for its steps."""

    example: ClassVar[Mapping[str, Any]] = {"kind": "incoming", "from": "+79161112233", "to": "101"}

    kind = Word(("incoming", "outgoing", "internal"), load_default="incoming")
    from_ = Dialled(
        data_key="from", required=True, metadata={"description": "A number, or an extension."}
    )
    to = Dialled(metadata={"description": "A number, or an extension by its id."})
    did = Number(metadata={"description": "The public number it comes through."})
    name = String(metadata={"description": "The caller's name."})
    script = Script()


class WhoIn(Given):
    """Which of those who ring; without it the first."""

    example: ClassVar[Mapping[str, Any]] = {"extension": "101"}

    extension = Extension()


class HangUpIn(Given):
    """Who hangs up; without it the caller."""

    example: ClassVar[Mapping[str, Any]] = {"by": "caller"}

    by = Reference(
        metadata={
            "description": "caller, callee, an extension by its id or number, a leg by its "
            "sub_call_id, or a number outside."
        }
    )


class TalkIn(Given):
    """How long they talk."""

    example: ClassVar[Mapping[str, Any]] = {"seconds": 30}

    seconds = Seconds(required=True)


class TransferIn(Given):
    """Where the call is passed on to."""

    example: ClassVar[Mapping[str, Any]] = {"to": "102", "attended": True}

    to = Dialled(required=True)
    attended = Boolean(load_default=False, metadata={"description": "After asking (*2)."})


class PressIn(Given):
    """A key of a telephone."""

    example: ClassVar[Mapping[str, Any]] = {"key": "1"}

    key = String(form=(r"^[0-9*#]$", "one of 0 to 9, * and #"), required=True)


class MessageIn(Given):
    """A text message; one of the numbers is a phone of the PBX."""

    example: ClassVar[Mapping[str, Any]] = {"from": "+79161112233", "to": "101", "text": "Hello"}

    from_ = Dialled(data_key="from", required=True)
    to = Dialled(required=True)
    text = String(required=True)


class AgentStatusIn(Given):
    """Whether the agent takes calls."""

    example: ClassVar[Mapping[str, Any]] = {"status": "logged_out"}

    status = Word(("available", "logged_out"), required=True)
