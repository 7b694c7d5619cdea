"""How an extension dials: the leg out, what number it shows, and its identifiers."""

from __future__ import annotations

from datetime import timedelta

from ..core.scheduler import JobKind
from ..core.world import World
from ..resources.ani.model import of as number_shown
from ..resources.extension.model import Extension
from .legs import begin, pickup_s
from .model import Call, Leg
from .states import Flow, Role

#: Seconds that a number outside rings (assumed).
OUTSIDE_RING_S = 60


def dial(
    world: World,
    call: Call,
    extension: Extension,
    number: str,
    dialled: Extension | None = None,
    *,
    outside: bool,
    first: bool = False,
) -> Leg:
    """The extension dials; inside the PBX its leg follows whom it reaches.

    What a callback dials `first` has an id of its own, as its call to the other number has that
    of an outgoing call.

    Source: CAL-1, DAT-4, DAT-8
    """
    leg = begin(
        world,
        call,
        extension,
        Flow.OUT,
        Role.PHONE,
        hex=_leg_hex(world, call, first),
        called_number=number,
        caller_num=extension.name,
        caller_name=extension.caller_id_name,
        dialled=dialled,
        rings_at=number if outside else None,
        ani=_ani_of(world, call, extension, first) if outside else None,
    )
    if outside:
        rings_s = (pickup_s(call) if first else None) or OUTSIDE_RING_S
        world.schedule(timedelta(seconds=rings_s), JobKind.RING_TIMEOUT, leg.id)
    return leg


def _ani_of(world: World, call: Call, extension: Extension, first: bool) -> str | None:
    """The public number that a number outside sees: the callback's own, or else the extension's.

    Source: CBK-4, CBK-9, ANI-1
    """
    given: str | None = (call.callback or {}).get("src_ani" if first else "dst_ani")
    return number_shown(world, extension.id) if given is None else given.lstrip("+")


def _leg_hex(world: World, call: Call, first: bool) -> str:
    """The hex of an outgoing leg's SubCallID: the CallID, as far as that tells legs apart.

    Source: DAT-4, DAT-19
    """
    recorded = call.callback is not None and world.readings.callback_ids == "recorded"
    return world.ids.hex32() if first or recorded else call.hex
