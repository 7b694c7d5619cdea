"""The format of world files; unknown keys are faults here."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from ..calls.reachability import WHEN as FORWARD_WHEN
from ..core.address import is_redirection
from ..core.clock import parse_moment, stamp
from ..core.ids import MAX_ID
from ..resources.agent.model import STATUSES as AGENT_STATUSES
from ..resources.agent.schema import AgentEventIn
from ..resources.event.schema import EventIn
from ..resources.extension.schema import NUMBER, STATUSES, ExtensionIn
from ..resources.ivr.schema import IvrIn
from ..resources.phone.schema import GEO_LIST, PhoneIn
from ..resources.phone_events.schema import PhoneEventIn
from ..resources.queue.schema import QueueIn
from ..web.schema import (
    DATE,
    Boolean,
    Exact,
    Integer,
    Reference,
    Seconds,
    Strict,
    String,
    ValidationError,
    Word,
)
from .history import FORMATS, CallState
from .holdings import MessageState, QualityRateState, RegStatusState, SoundState
from .moments import RecentMoment

#: The last id that leaves one for the next new resource.
LAST_ID = MAX_ID - 1
_TIMESTAMP = f"^{DATE} ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"


def network(text: str) -> None:
    """A network in CIDR form."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValidationError(f"must be a network such as 203.0.113.0/24: {error}") from error


def redirection(text: str) -> None:
    """An address that a code can be sent to.

    Raises:
        ValidationError: it is none.
    """
    if not is_redirection(text):
        raise ValidationError("must be an absolute address without a fragment")


def timestamp(text: str) -> None:
    """A time in the vendor's form, as answers show it.

    Source: GEN-9
    """
    try:
        if stamp(parse_moment(text)) == text:
            return
    except ValueError:
        pass
    raise ValidationError("must be a time such as 2020-03-16 12:18:08")


def _list(schema: type[Strict]) -> Any:
    return fields.List(fields.Nested(schema), load_default=())


class RegistrationState(Exact):
    """A device's registration; without `registered_at` it begins when the world does."""

    device = String(load_default="mockpbx phone")
    contact_address = String(required=True)
    real_address = String(load_default="sip:203.0.113.10:5060")
    expires = Integer(at_least=1, required=True)
    renews = Boolean(
        metadata={"description": "Whether the device renews it in time, again and again."}
    )
    registered_at = RecentMoment()
    registration_id = String(
        form=(r"^uloc-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{3}$", "like uloc-572b0ffb-6d47-001")
    )


class EventState(EventIn):
    """An event subscription."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

    id = Integer(at_least=1, at_most=LAST_ID)


class PhoneEventState(PhoneEventIn):
    """An event subscription on all phones."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

    id = Integer(at_least=1, at_most=LAST_ID)


class AgentEventState(AgentEventIn):
    """A subscription to an agent's events."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

    id = Integer(at_least=1, at_most=LAST_ID)


class QueueState(QueueIn):
    """A queue: its settings, its agents in their order, and the one that was rung last."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

    agents = fields.List(
        Reference(), metadata={"description": "Agents by name, or by their extension."}
    )
    turn = Reference(allow_none=True)


class IvrState(IvrIn):
    """A menu: its settings, and where each key leads."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

    menu = fields.Dict(
        keys=String(form=(r"^[0-9*#]$", "one of 0 to 9, * and #")),
        values=String(form=NUMBER),
        metadata={"description": "Key to extension, or to a number outside."},
    )


class ForwardState(Exact):
    """A rule that sends incoming calls outside."""

    to = String(required=True, form=NUMBER)
    when = Word(FORWARD_WHEN)


class PhoneState(PhoneIn):
    """Phone properties that differ from the defaults; the bundle stands on its main extension."""

    class Meta(Exact.Meta):
        """As every part of a world file."""

        exclude = ("bundle",)


class MemberState(Exact):
    """A linked extension of a bundle."""

    extension = Reference(required=True)
    active = Boolean(load_default=True)


class Member(Reference):
    """A linked extension: by id or name, or an object that also says whether it is active."""

    openapi: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            {"type": "integer"},
            {"type": "string"},
            {
                "type": "object",
                "required": ["extension"],
                "properties": {
                    "extension": Reference.openapi,
                    "active": {"type": "boolean", "default": True},
                },
                "additionalProperties": False,
            },
        ]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            return MemberState().load(value)
        return {"extension": super()._deserialize(value, attr, data, **kwargs), "active": True}


class ExtensionState(ExtensionIn):
    """An extension and all that hangs on it; `bundle` stands on the main one."""

    class Meta(Exact.Meta):
        """As every part of a world file; the group goes by its id or name."""

        exclude = ("extension_group_id",)

    id = Integer(at_least=1, at_most=LAST_ID)
    domain = String()
    create_date = String(check=timestamp, like=_TIMESTAMP)
    extension_group = Reference(allow_none=True)
    phone = fields.Nested(PhoneState)
    queue = fields.Nested(QueueState)
    ivr = fields.Nested(IvrState)
    forward = fields.Nested(ForwardState)
    ani = String(form=(r"^[0-9]+$", "digits"), allow_none=True)
    registrations = _list(RegistrationState)
    events = _list(EventState)
    bundle = fields.List(Member(), load_default=())


class AgentState(Exact):
    """An employee's phone that takes the calls of queues, and what it did so far."""

    id = Integer(at_least=1, at_most=LAST_ID)
    name = String(required=True)
    extension = Reference(required=True)
    status = Word(AGENT_STATUSES)
    calls = Integer()
    talk_time_s = Seconds()
    idle_since = RecentMoment()
    events = _list(AgentEventState)


class DidState(Exact):
    """A public number, and the extension that it leads to."""

    id = Integer(at_least=1, at_most=LAST_ID)
    name = String(form=(r"^[0-9]+$", "digits"), required=True)
    extension = Reference(allow_none=True)
    domain = String(allow_none=True)
    comment = String(allow_none=True)
    create_date = String(check=timestamp, like=_TIMESTAMP)
    allow_message = Boolean()
    message_extension = Reference(allow_none=True)


class GroupState(Exact):
    """A group of extensions."""

    id = Integer(at_least=1, at_most=LAST_ID)
    name = String(required=True)
    extra_params = String(allow_none=True)


class UserState(Exact):
    """A user; `extension` or `extension_group` makes it one of that level."""

    id = Integer(at_least=1, at_most=LAST_ID)
    login = String(required=True)
    password = String(required=True)
    access = Word(("full", "read_only"))
    status = Word(STATUSES)
    extension = Reference(allow_none=True)
    extension_group = Reference(allow_none=True)
    timezone = String()
    extra_params = String(allow_none=True)
    name = String(allow_none=True)
    comment = String(allow_none=True)
    email = String(allow_none=True)
    email_notify = Boolean()
    email_for_notify = String(allow_none=True)


class TokenState(Exact):
    """A token of an application; `expires_in` null is never."""

    token = String(required=True)
    user = Reference(required=True)
    issued_at = RecentMoment()
    expires_in = Integer(at_least=1, allow_none=True)


class ApplicationState(Exact):
    """An application of the user who created it, and its tokens."""

    client_id = String(required=True)
    client_secret = String(required=True)
    type = Word(("public", "trusted", "password_credentials"), required=True)
    access = Word(("All", "Call API"))
    user = Reference(required=True)
    rate_limit = Integer(at_least=1, allow_none=True)
    redirect_uris = fields.List(
        String(check=redirection),
        metadata={"description": "The addresses that codes may be sent to; without it any."},
    )
    tokens = _list(TokenState)
    refresh_tokens = _list(TokenState)


class NetworkGroupState(Exact):
    """Networks that the client trusts."""

    id = Integer(at_least=1, at_most=LAST_ID, required=True)
    networks = fields.List(String(check=network, like="^[0-9A-Fa-f:.]+(/[0-9.]+)?$"), required=True)


class ClientState(Exact):
    """A client and all that it owns."""

    id = Integer(at_least=1, at_most=LAST_ID, required=True)
    name = String(required=True)
    prefix = String(form=(r"^[0-9]+$", "digits"), required=True)
    domain = String(required=True)
    extension_len = Integer(at_least=2, at_most=4)
    status = Word(STATUSES)
    timezone = String()
    create_date = String(check=timestamp, like=_TIMESTAMP, load_default="2020-01-01 00:00:00")
    dealer_id = Integer(allow_none=True)
    email = String(allow_none=True)
    geo_list = String(form=GEO_LIST)
    record_format = Word(FORMATS)
    record_stereo = Boolean()
    total_space = Integer(
        at_most=2**63 - 1, metadata={"description": "Room for records and voicemail, in bytes."}
    )
    event_limit = Integer()
    rate_limit = Integer(at_least=1)
    network_permission_groups = _list(NetworkGroupState)
    extension_groups = _list(GroupState)
    extensions = _list(ExtensionState)
    agents = _list(AgentState)
    dids = _list(DidState)
    phone_events = _list(PhoneEventState)
    calls = _list(CallState)
    sounds = _list(SoundState)
    messages = _list(MessageState)
    quality_rates = _list(QualityRateState)
    reg_status_log = _list(RegStatusState)
    users = _list(UserState)
    applications = _list(ApplicationState)


class NextIds(Exact):
    """Ids that the next new resources get."""

    extension = Integer(at_least=1)
    event = Integer(
        at_least=1, metadata={"description": "Of subscriptions of every kind together."}
    )
    agent = Integer(at_least=1)
    did = Integer(at_least=1)
    user = Integer(at_least=1)
    extension_group = Integer(at_least=1)


class WorldState(Exact):
    """A whole world."""

    example: ClassVar[Mapping[str, Any]] = {
        "format": 1,
        "clients": [
            {
                "id": 1,
                "name": "Example Company",
                "prefix": "000",
                "domain": "pbx.example.com",
                "extensions": [{"id": 1, "name": "101", "type": "phone"}],
                "users": [{"login": "admin", "password": "secret"}],
                "applications": [
                    {
                        "client_id": "app",
                        "client_secret": "secret",
                        "type": "trusted",
                        "user": "admin",
                    }
                ],
            }
        ],
    }

    format = Integer(
        required=True,
        at_least=1,
        at_most=1,
        metadata={"description": "The version of this format."},
    )
    about = String(metadata={"description": "What the world is for."})
    schema = String(
        data_key="$schema",
        metadata={"description": "Where the JSON Schema of this file is, for editors."},
    )
    next_ids = fields.Nested(NextIds, load_default=dict)
    clients = fields.List(
        fields.Nested(ClientState),
        required=True,
        validate=validate.Length(min=1, error="must hold at least one"),
    )
