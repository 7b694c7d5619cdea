"""The control API as JSON; states are world files."""

from __future__ import annotations

from marshmallow import fields

from ..resources.phone.model import COUNTRIES
from ..resources.registration.schema import RegistrationOut
from ..web.schema import Boolean, Integer, Moment, Reference, Seconds, Strict, String, Word
from ..worlds.schema import WorldState


class Health(Strict):
    """The server answers."""

    status = fields.String(required=True)
    version = fields.String(required=True)
    world = fields.String(required=True)


class SnapshotIn(Strict):
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


class AdvanceIn(Strict):
    """How far time moves on."""

    seconds = Seconds(required=True)


class MoveIn(Strict):
    """Where time moves to."""

    moment = Moment(required=True)


class RegistrationIn(Strict):
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


class RequestsOut(Strict):
    """The journal, and how many of its entries were dropped."""

    requests = fields.List(fields.Nested(RequestOut()), required=True)
    dropped = fields.Integer(required=True)


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

    notes = fields.List(fields.Nested(NoteOut()), required=True)


__all__ = [
    "AdvanceIn",
    "ClockOut",
    "Fired",
    "Health",
    "MoveIn",
    "NotesOut",
    "RegistrationIn",
    "RegistrationOut",
    "RequestsOut",
    "SnapshotIn",
    "SnapshotOut",
    "WorldState",
]
