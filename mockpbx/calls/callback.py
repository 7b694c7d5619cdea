"""What a callback plays to its sides, and the keys that it presses."""

from __future__ import annotations

from datetime import timedelta

from ..core.scheduler import JobKind
from ..core.store import altered
from ..core.world import World
from .model import Call, Leg, fresh, is_lent, is_passive, live
from .sounds import heard
from .states import PHONES

#: The options that name a sound.
FIRST_SIDE = "announce_sound_id"
ALL_SIDES = "dst_announce_sound_id"

#: Seconds that the pauses between a callback's keys last (CBK-1).
PAUSES_S = {"W": 1.0, "w": 0.5}


def announce(world: World, call: Call, leg: Leg) -> timedelta:
    """Play the callback's sound to who picked up first; answers how long it takes.

    Source: CBK-5
    """
    return _play(world, call, FIRST_SIDE, leg)


def is_announced(world: World, call: Call) -> bool:
    """Whether who picked up first hears the callback's sound, and nobody was dialled so far.

    Source: CBK-5
    """
    if call.callback is None or call.dial_leg_id is not None:
        return False
    return any(_hears(call, leg) for leg in live(world, call))


def greet(world: World, call: Call) -> None:
    """Play the callback's sound to both sides and press its keys, once the second has answered.

    A menu answers at once (assumed).

    Source: CBK-1, CBK-5, CBK-6
    """
    now = fresh(world, call)
    if now.callback is None or now.dial_leg_id is None or now.greeted:
        return
    call = world.store.put(altered(now, greeted=True))
    for leg in live(world, call):
        if _hears(call, leg):
            _play(world, call, ALL_SIDES, leg)
    _plan_keys(world, call)


def _hears(call: Call, leg: Leg) -> bool:
    """Whether somebody is at the leg who has picked up."""
    absent = is_lent(call, leg) and is_passive(leg)
    return leg.role in PHONES and leg.answered_at is not None and not (absent or leg.joined)


def _play(world: World, call: Call, what: str, leg: Leg) -> timedelta:
    at = world.clock.elapsed()
    played = heard(world, what, (call.callback or {}).get(what), at, once=True)
    if not played:
        return timedelta(0)
    now = world.store.get(Leg, leg.id)
    world.store.put(altered(now, heard=(*now.heard, *played)))
    return (played[0].until or at) - at


def _plan_keys(world: World, call: Call) -> None:
    """Press the callback's keys from now on.

    Source: CBK-1, CBK-6
    """
    after_s = 0.0
    for sign in (call.callback or {}).get("dst_dtmf") or "":
        if sign in PAUSES_S:
            after_s += PAUSES_S[sign]
        else:
            world.schedule(timedelta(seconds=after_s), JobKind.PRESS, call.id, sign)
