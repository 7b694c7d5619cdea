"""Voicemail: the caller speaks when nobody answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.scheduler import JobKind
from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import Extension, Type
from ..resources.ivr.model import of as ivr_of
from ..resources.phone.model import of as phone_of
from ..resources.record.model import is_full
from . import events
from .legs import end
from .lifecycle import release_all
from .mail import mail_message
from .model import Call, Leg, fresh, mark
from .sounds import GREETING, heard, hushed
from .states import End, Flow, LegState, Status
from .tapes import start_tape

#: Seconds that a caller may speak to a voicemail (assumed).
VOICEMAIL_S = 60


def takes_messages(world: World, call: Call, leg: Leg) -> bool:
    """Whether the caller whom the leg did not answer may speak to its voicemail.

    Nobody speaks to that of an agent, or of whom a callback rang first, or without room.

    Source: SIM-4, PHN-36, IVR-1, DSK-3
    """
    if is_full(world, call.client_id):
        return False
    if leg.flow != Flow.IN or leg.through_id is not None:
        return False
    if call.callback is not None and call.dial_leg_id is None:
        return False
    extension = world.store.find(Extension, leg.extension_id)
    if extension is None:
        return False
    if extension.type == Type.PHONE:
        return phone_of(world, extension).vm_enabled
    return extension.type == Type.IVR and ivr_of(world, extension).vm_enabled


def open_voicemail(world: World, call: Call, leg: Leg) -> Call:
    """End the leg and open its voicemail for the caller, who stays in the call.

    Source: SIM-4, SIM-13
    """
    leg = world.store.get(Leg, leg.id)
    if leg.state != LegState.ENDED:
        end(world, call, leg, Status.NOANSWER)
    _greet(world, world.store.get(Leg, leg.id))
    opened = world.store.put(replace(fresh(world, call), voicemail_of=leg.id))
    world.schedule(timedelta(seconds=VOICEMAIL_S), JobKind.VOICEMAIL_END, call.id)
    if call.script is not None and call.script.get("leave_message"):
        return take_message(world, opened)
    return opened


def _greet(world: World, leg: Leg) -> None:
    """The caller hears the greeting of the voicemail.

    Source: PHN-37, IVR-1
    """
    own = leg.own
    phone = phone_of(world, own) if own.type == Type.PHONE else ivr_of(world, own)
    greeting = heard(world, GREETING, phone.vm_greeting, world.clock.elapsed(), once=True)
    if greeting:
        world.store.put(altered(leg, heard=(*leg.heard, *greeting)))


def take_message(world: World, call: Call) -> Call:
    """Keep the message that the caller spoke to the open voicemail, and end the call.

    Source: SIM-4, SIM-13, DAT-21
    """
    leg = world.store.get(Leg, call.voicemail_of or 0)
    opened = leg.ended_at or leg.began_at
    tape = start_tape(world, leg, opened)
    until = max(world.clock.elapsed(), opened)
    said = replace(tape, until=until)
    played = hushed(leg.heard, until)
    leg = world.store.put(altered(leg, tape=said, how=End.MESSAGE.value, heard=played))
    events.voicemail(world, call, leg, tape.uuid)
    mark(world, call, "left a message", leg.own)
    over = close_voicemail(world, call)
    mail_message(world, over, leg)
    return over


def close_voicemail(world: World, call: Call) -> Call:
    """End the message, and with it the call.

    Source: SIM-4, SIM-13
    """
    return release_all(world, fresh(world, call), Status.NOANSWER)
