"""Phone properties as JSON. `null` clears what may be absent (PHN-5)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from ...core.ids import parse_id
from ...web.schema import Boolean, Integer, Strict, String, ValidationError, Word
from .model import COUNTRIES

_HOST = re.compile(
    r"^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$"
)
_NUMERIC = re.compile(r"[0-9.]+")
_CODE = f"({'|'.join(sorted(COUNTRIES))})"
#: ISO 3166 alpha-2 codes separated by blanks, or `*` for all (PHN-20).
GEO_LIST = (
    rf"^(\*|{_CODE}( {_CODE})*)$",
    "ISO 3166 alpha-2 codes separated by blanks, or *",
)
#: E-mail addresses separated by commas, as a pattern that lets more through than there are.
MAILBOXES = "^[^,]+@[^,]+(,[^,]+@[^,]+)*$"
_EMAIL = validate.Email(error="must be e-mail addresses separated by commas")


def address(text: str) -> None:
    """An address and a port.

    Source: PHN-33, PHN-53
    """
    host, _, port = text.rpartition(":")
    valid_port = port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536
    if not (valid_port and _is_host(host)):
        raise ValidationError("must be address:port, as in 8.8.8.8:5068")


def _is_host(text: str) -> bool:
    try:
        if text.startswith("[") and text.endswith("]"):
            ipaddress.IPv6Address(text[1:-1])
        elif _NUMERIC.fullmatch(text):
            ipaddress.IPv4Address(text)
        else:
            return _HOST.fullmatch(text) is not None
    except ValueError:
        return False
    return True


def mailboxes(text: str) -> None:
    """One or several e-mail addresses.

    Source: PHN-38, PHN-54
    """
    for part in text.split(","):
        _EMAIL(part.strip(" "))


class Stereo(fields.Field[bool]):
    """true, false, "yes", "no" or null; stored as a boolean.

    Source: PHN-29
    """

    openapi: ClassVar[Mapping[str, Any]] = {
        "anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["yes", "no"]}]
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        if value in ("yes", "no") and isinstance(value, str):
            return value == "yes"
        raise ValidationError('must be true, false, "yes", "no" or null')


class BundleMembers(fields.Field[dict[int, bool]]):
    """An object keyed by the id of each linked extension, each with its `active` flag.

    Source: BND-18, BND-19
    """

    openapi: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "propertyNames": {"pattern": "^[1-9][0-9]{0,9}$"},
        "additionalProperties": {
            "type": "object",
            "properties": {"active": {"type": "boolean", "default": True}},
        },
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[int, bool]:
        if not isinstance(value, Mapping):
            raise ValidationError("must be an object keyed by extension ids, or null")
        members: dict[int, bool] = {}
        for key, member in value.items():
            number = parse_id(key)
            if number is None:
                raise ValidationError(f"{key!r} is no extension id")
            active = member.get("active", True) if isinstance(member, Mapping) else None
            if not isinstance(active, bool):
                raise ValidationError(f'{key} must be an object such as {{"active": true}}')
            members[number] = active
        return members

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value


class PhoneBundle(Strict):
    """The bundle that a phone is in."""

    bundle_list = BundleMembers(
        required=True,
        allow_none=True,
        error_messages={"required": "is required"},
        metadata={"fact": "BND-18"},
    )
    bundle_id = Integer(allow_none=True, metadata={"fact": "BND-18"})


def _fact(number: int, description: str = "", form: str = "") -> dict[str, Any]:
    """The facts of a property; `form` is that by which its form is refused, if it has its own."""
    more = {"description": description, "form": form}
    given = {key: text for key, text in more.items() if text}
    return {"metadata": {"fact": f"PHN-{number}", "null": "PHN-5", **given}}


class PhoneIn(Strict):
    """Any properties; those left out keep their values."""

    example: ClassVar[Mapping[str, Any]] = {"external_number": "+79876543210"}

    label = String(allow_none=True, **_fact(10, "Name shown to the called terminal."))
    announce_sound_upon_outgoing_call = Integer(allow_none=True, **_fact(11, "Sound id."))
    announce_sound_upon_incoming_call = Integer(allow_none=True, **_fact(12, "Sound id."))
    append_to_cid_name_on_transfer = String(allow_none=True, **_fact(13))
    auth_type = Word(("digest", "network", "both"), **_fact(14))
    call_screening_enabled = Boolean(**_fact(15, "The callee confirms with 1."))
    conference_announce_caller_name = Boolean(**_fact(16))
    conference_end_on_exit = Boolean(**_fact(17))
    conference_pin = String(
        form=(r"^[0-9]+$", "digits"), allow_none=True, **_fact(18, form="PHN-55")
    )
    external_number = String(
        form=(r"^\+?[0-9*]{1,32}$", "digits, with + before them or not"),
        allow_none=True,
        **_fact(19, "Calls go there instead of the terminal.", form="PHN-51"),
    )
    geo_list = String(
        form=GEO_LIST,
        allow_none=True,
        **_fact(
            20,
            "ISO 3166 alpha-2 codes separated by blanks, * for all, null for the client's.",
            form="PHN-52",
        ),
    )
    hangup_timeout = Integer(
        at_least=1, **_fact(21, "Seconds to wait for an answer.", form="PHN-56")
    )
    hold_music = Integer(allow_none=True, **_fact(22, "Sound id."))
    ignore_early_media = Boolean(**_fact(23))
    incoming_limit = Integer(**_fact(24, "Incoming calls at once; 0 is no limit."))
    network_permission_group_id = Integer(allow_none=True, **_fact(25))
    preserve_caller_id_number_att_tr = Boolean(**_fact(26))
    record_enabled = Boolean(**_fact(27))
    record_format = Word(("mp3", "wav"), allow_none=True, **_fact(28))
    record_stereo = Stereo(allow_none=True, **_fact(29))
    record_transfer = Boolean(**_fact(30))
    record_on_transfer = Boolean(**_fact(31))
    ringback_sound = Integer(allow_none=True, **_fact(32, "Sound id."))
    static_reg_address = String(
        check=address,
        like=r"^\S+:[0-9]{1,5}$",
        allow_none=True,
        **_fact(33, "address:port", form="PHN-53"),
    )
    transfer_caller_id_number = String(allow_none=True, **_fact(34))
    vm_attach_file = Boolean(**_fact(35))
    vm_enabled = Boolean(**_fact(36))
    vm_greeting = Integer(allow_none=True, **_fact(37, "Sound id."))
    vm_mailto = String(
        check=mailboxes,
        like=MAILBOXES,
        allow_none=True,
        **_fact(38, "E-mail addresses separated by commas.", form="PHN-54"),
    )
    intercom = Integer(allow_none=True, **_fact(39, "Seconds until it answers by itself."))
    bundle = fields.Nested(PhoneBundle, error_messages={"null": "must not be null"}, **_fact(40))
    allow_webrtc = Boolean(**_fact(42))
    password = String(load_only=True, **_fact(41, "SIP password; written, never read."))


class PhoneOut(PhoneIn):
    """All properties of a phone but its password."""

    class Meta(PhoneIn.Meta):
        """What is written and never read; all the rest is always there."""

        exclude = ("password",)
        every_field = True
