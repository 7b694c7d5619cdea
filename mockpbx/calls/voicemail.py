"""Voicemail: the caller speaks when nobody answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.extension.model import Extension, Type
from ..resources.ivr.model import of as ivr_of
from ..resources.phone.model import of as phone_of
from ..resources.record.model import new_uuid
from . import events
from .history import left_message
from .model import Call, Leg, legs_of, mark

#: Seconds that a caller may speak to a voicemail (assumed).
VOICEMAIL_S = 60


def open_voicemail(world: World, call: Call, leg: Leg) -> Call:
    """The caller may speak to the voicemail of the phone or the menu, when it has one.

    Source: SIM-4, PHN-36, IVR-1 (doc, observed)
    """
    extension = world.store.find(Extension, leg.extension_id)
    if extension is None or not _has_voicemail(world, extension):
        return call
    opened = world.store.put(replace(call, voicemail_of=extension.id))
    world.schedule(timedelta(seconds=VOICEMAIL_S), JobKind.VOICEMAIL_END, call.id)
    if call.script is not None and call.script.get("leave_message"):
        return take_message(world, opened)
    return opened


def take_message(world: World, call: Call) -> Call:
    """The caller has spoken to the voicemail that is open.

    Source: SIM-4, DAT-21 (doc, assumed)
    """
    leg = next(leg for leg in legs_of(world, call) if leg.extension_id == call.voicemail_of)
    uuid = new_uuid(world, leg.extension_id)
    events.voicemail(world, call, leg, uuid)
    mark(world, call, "left a message", leg.own)
    call = left_message(world, call, leg, uuid)
    return world.store.put(replace(call, voicemail_of=None))


def _has_voicemail(world: World, extension: Extension) -> bool:
    if extension.type == Type.PHONE:
        return phone_of(world, extension).vm_enabled
    return extension.type == Type.IVR and ivr_of(world, extension).vm_enabled
