"""Sounds that phones play in calls: from when to when each is heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import Type
from ..resources.phone.model import Phone
from ..resources.sound.model import Announcement
from .model import Call, Heard, Leg, live

HOLD_MUSIC = "hold_music"
RINGBACK = "ringback_sound"
INCOMING = "announce_sound_upon_incoming_call"
OUTGOING = "announce_sound_upon_outgoing_call"
GREETING = "vm_greeting"


def heard(
    world: World, what: str, sound_id: int | None, since: timedelta, *, once: bool = False
) -> tuple[Heard, ...]:
    """The sound from then on, if there is one: again and again, or once from end to end."""
    if not sound_id:
        return ()
    until = since + _length(world, sound_id) if once else None
    return (Heard(what, sound_id, since, until),)


def hushed(played: tuple[Heard, ...], at: timedelta) -> tuple[Heard, ...]:
    """The sounds, each of them ended at that time."""
    if not played:
        return played
    return tuple(
        replace(one, until=max(at, one.since)) if one.until is None or one.until > at else one
        for one in played
    )


def play_hold_music(world: World, leg: Leg) -> None:
    """Play the phone's hold music to the side that it talks with.

    Source: PHN-22
    """
    phone = world.store.find(Phone, leg.extension_id)
    if phone is None or leg.own.type != Type.PHONE:
        return
    music = heard(world, HOLD_MUSIC, phone.hold_music, world.clock.elapsed())
    if music:
        now = world.store.get(Leg, leg.id)
        world.store.put(altered(now, heard=(*now.heard, *music)))


def stop_hold_music(world: World, call: Call) -> None:
    """End all hold music in the call.

    Source: PHN-22
    """
    for leg in live(world, call):
        if any(one.until is None for one in leg.heard):
            world.store.put(altered(leg, heard=hushed(leg.heard, world.clock.elapsed())))


def _length(world: World, sound_id: int) -> timedelta:
    """How long the sound is; nothing of one that the client does not have."""
    sound = world.store.find(Announcement, sound_id)
    return sound.length if sound is not None else timedelta(0)
