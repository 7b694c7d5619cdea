"""How properties and registrations steer a call to a phone: one rule, one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from ..core.world import World
from ..resources.extension.model import Extension, bundle_of
from ..resources.phone.model import Phone, phone_with
from ..resources.phone.model import of as phone_of
from ..resources.registration.model import is_registered
from .model import Leg
from .states import Flow, Status


@dataclass(frozen=True, slots=True)
class Forward:
    """An incoming rule that sends calls outside, under its extension's id.

    `when` is `always`, or the way in which the extension did not take the call: `busy`,
    `no_answer`, `unavailable`.

    Source: CAL-5
    """

    TABLE: ClassVar[str] = "forward"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    to: str
    when: str = "always"


#: The ways in which a call is not taken, by the word that a forwarding rule uses.
FORWARDED_WHEN = {
    "busy": Status.BUSY,
    "no_answer": Status.NOANSWER,
    "unavailable": Status.CHANUNAVAIL,
}

#: When a forwarding rule applies.
WHEN = ("always", *FORWARDED_WHEN)

Rule = Callable[[World, Extension], "Status | None"]


def blocked(world: World, extension: Extension) -> Status | None:
    """A blocked extension takes no calls.

    Source: SIM-10
    """
    return Status.CONGESTION if extension.status == "blocked" else None


def over_limit(world: World, extension: Extension) -> Status | None:
    """A phone takes no more calls at once than its incoming_limit.

    A main extension that nobody hears is busy when a linked phone is that would (assumed).

    Source: SIM-5, PHN-24
    """
    if _is_at_limit(world, extension.id):
        return Status.BUSY
    together = _together(world, extension)
    if len(together) == 1:
        return None
    others = [key for key in together if _has_place(world, key)]
    silent = others and all(_is_at_limit(world, key) for key in others)
    return Status.BUSY if silent else None


def _is_at_limit(world: World, extension_id: int) -> bool:
    phone = phone_with(world, extension_id)
    return 0 < phone.incoming_limit <= incoming(world, extension_id)


def unreachable(world: World, extension: Extension) -> Status | None:
    """A phone without any place where it could ring is not there.

    Source: SIM-1, BND-14
    """
    reachable = next(_reachable(world, extension), None) is not None
    return None if reachable else Status.CHANUNAVAIL


#: In the order in which they win.
RULES: tuple[tuple[str, Rule], ...] = (
    ("SIM-10", blocked),
    ("SIM-5", over_limit),
    ("SIM-1", unreachable),
)


def refusal(world: World, extension: Extension) -> Status | None:
    """How a call to that phone ends at once, or None when it rings."""
    for _, rule in RULES:
        status = rule(world, extension)
        if status is not None:
            return status
    return None


def place_of(world: World, extension: Extension) -> str | None:
    """Where the phone rings: an outside number, a fixed address, or None for its terminals.

    Source: SIM-2, SIM-3, PHN-19, PHN-33
    """
    return _place(phone_of(world, extension))


def rings_with(world: World, extension: Extension) -> list[int]:
    """The extensions whose terminals ring when that one is called: itself, and when it is the
    main one of a bundle the active linked ones too, unless they have calls enough of their own.

    Source: BND-14, BND-20, CAL-9, CAL-10, SIM-5
    """
    together = _together(world, extension)
    return [key for key in together if key == extension.id or not _is_at_limit(world, key)]


def _together(world: World, extension: Extension) -> list[int]:
    main_id, links = bundle_of(world, extension.id)
    if main_id != extension.id:
        return [extension.id]
    return [extension.id, *(link.id for link in links if link.active)]


def incoming(world: World, extension_id: int) -> int:
    """How many incoming calls the phone has now, ringing ones counted.

    Source: SIM-5
    """
    return sum(leg.flow == Flow.IN for leg in world.store.of(Leg, "live_on", extension_id))


def rings_on(world: World, leg: Leg) -> bool:
    """Whether a phone still rings of those that rang together and did not decline.

    Source: CAL-9
    """
    extension = world.store.get(Extension, leg.extension_id)
    return any(key not in leg.silenced for key in _reachable(world, extension))


def _reachable(world: World, extension: Extension) -> Iterator[int]:
    """Those of the extensions that ring together which have a place to ring at."""
    return (key for key in rings_with(world, extension) if _has_place(world, key))


def _has_place(world: World, extension_id: int) -> bool:
    return bool(_place(phone_with(world, extension_id))) or is_registered(world, extension_id)


def _place(phone: Phone) -> str | None:
    return phone.external_number or phone.static_reg_address
