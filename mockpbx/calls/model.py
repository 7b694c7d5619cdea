"""A call and its legs. A leg moves only along `STEPS`; nothing else changes its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from ..core.errors import ConflictError
from ..core.store import altered
from ..core.world import World
from ..resources.extension.model import Extension
from .states import (
    LEG_STEPS,
    MACHINES,
    Flow,
    Kind,
    LegState,
    Role,
    Status,
)


@dataclass(frozen=True, slots=True)
class Tape:
    """What is recorded of a leg: since when, until when, and as the phone was set then.

    `until` is None while it runs. `form` is mp3 or wav; `passed_on` says that it goes on after
    its extension passed the call on, and `yields` that it stops once an extension that records
    gets the call.
    """

    uuid: str
    since: timedelta
    form: str
    stereo: bool
    until: timedelta | None = None
    passed_on: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound that was played in a leg: the phone's property that names it, and its id.

    `until` is None while it is played.
    """

    what: str
    sound_id: int
    since: timedelta
    until: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that somebody did in a call and that no event tells of.

    `who` is the extension that did it; without one it was the caller. `stamp` is its place
    among the events.
    """

    at: timedelta
    stamp: timedelta
    who: Extension | None
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Times count from the world's start.

    `hex` is its CallID and `api_id` its CallAPIID (DAT-3, DAT-5). `owner_id` is the extension
    that a callback is made for, `callback` what its request says, and `dial_leg_id` its leg once
    it dials the other number, which is `greeted` when it answers. `callback_id` is what the events
    of others than the owner name it by (DAT-19). `voicemail_of` is the leg whose voicemail listens,
    and `running` the client's id until the call ends. In the local conference of the extension
    `conference_of` it is the call of `caller_id`, who `pressed` a part of the PIN, or `met`
    somebody.
    """

    TABLE: ClassVar[str] = "call"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "running": "client"}
    NAME: ClassVar[str | None] = "hex"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    hex: str
    api_id: str
    kind: str
    started_at: timedelta
    caller: str
    caller_name: str | None = None
    dialled: str = ""
    did: str | None = None
    script: Mapping[str, Any] | None = None
    owner_id: int | None = None
    callback: Mapping[str, Any] | None = None
    dial_leg_id: int | None = None
    greeted: bool = False
    answered_at: timedelta | None = None
    ended_at: timedelta | None = None
    result: str | None = None
    voicemail_of: int | None = None
    callback_id: str | None = None
    marks: tuple[Mark, ...] = ()
    running: int | None = None
    conference_of: int | None = None
    caller_id: int | None = None
    pressed: str = ""
    met: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """The part of a call that one extension has, from dial-in or dial-out to hangup.

    `own` is that extension and `caller` the one that calls, both as they
    were when it began, and `dialled` the one inside the PBX that an outgoing leg is for.
    `live_on` is the extension's id until the leg ends, so that live legs are found without
    looking at those that ended. `silent` legs cause no events (CAL-6). `through_id` is the leg of
    the queue that rang this one, `back_id` the leg that an attended transfer returns to,
    `dialled_by` the leg by which a callback's owner dialled it,
    `rings_at` where it rings when that is not the terminal, and `job` the number of the job that
    rings a queue's agents again, `alone_job` that of the job that ends a wait without agents.
    `silenced` are the phones of a bundle that declined while others ring on.
    `hops` counts the rules that forwarded the call to it.
    `joined` legs listen in on a conversation that goes on without them. The stamps are the times
    of its events, which rise while the clock stands, where the moments are exact. `tape` is what
    is recorded of it, `heard` the sounds that were played in it, and `how` what made it end.
    """

    TABLE: ClassVar[str] = "leg"
    PARENTS: ClassVar[Mapping[str, str]] = {
        "call_id": "call",
        "live_on": "extension",
    }
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    call_id: int
    own: Extension
    hex: str
    flow: str
    role: str
    began_at: timedelta
    began_stamp: timedelta
    called_number: str
    caller_num: str
    caller_name: str | None = None
    caller: Extension | None = None
    dialled: Extension | None = None
    did: str | None = None
    remote_number: str | None = None
    ani: str | None = None
    by_transfer: bool = False
    transfered: bool = False
    silent: bool = False
    joined: bool = False
    rings_at: str | None = None
    silenced: tuple[int, ...] = ()
    hops: int = 0
    through_id: int | None = None
    back_id: int | None = None
    dialled_by: int | None = None
    live_on: int | None = None
    state: str = LegState.RINGING.value
    job: int | None = None
    alone_job: int | None = None
    answered_at: timedelta | None = None
    ended_at: timedelta | None = None
    answered_stamp: timedelta = timedelta(0)
    ended_stamp: timedelta = timedelta(0)
    status: str = Status.CALLING.value
    how: str | None = None
    tape: Tape | None = None
    heard: tuple[Heard, ...] = ()
    bridged: bool = False

    @property
    def extension_id(self) -> int:
        """The id of the extension whose leg it is."""
        return self.own.id

    @property
    def ahead(self) -> timedelta:
        """How far the event of its answer was ahead of the clock."""
        return timedelta(0) if self.answered_at is None else self.answered_stamp - self.answered_at

    @property
    def record_uuid(self) -> str | None:
        """The record of the leg, if it has one."""
        return self.tape.uuid if self.tape is not None else None


def status_of_end(world: World, call: Call, leg: Leg, otherwise: Status) -> Status:
    """How a leg ends that is released now: ANSWER when it led to a talk.

    A menu or a queue did, too, when a number outside to which it sent the call has answered.

    Source: DAT-7
    """
    sent = leg.role in MACHINES and any(
        other.role == Role.FORWARD and other.answered_at is not None
        for other in legs_of(world, call)
        if other.extension_id == leg.extension_id and other.id > leg.id
    )
    return Status.ANSWER if sent or has_talked(leg) else otherwise


def legs_of(world: World, call: Call) -> list[Leg]:
    """The call's legs in the order in which they began."""
    return world.store.of(Leg, "call_id", call.id)


def live(world: World, call: Call) -> list[Leg]:
    """The call's legs that have not ended."""
    return [leg for leg in legs_of(world, call) if leg.state != LegState.ENDED]


def from_last(world: World, call: Call) -> Iterator[Leg]:
    """The legs that have not ended, the last first; ending one may end those that it hangs on.

    With the reading `menu_first` a queue behind a menu ends after it.

    Source: CAL-20
    """
    legs = live(world, call)[::-1]
    if world.readings.hangup_order == "menu_first":
        in_menu = any(leg.role == Role.IVR for leg in legs)
        legs.sort(key=lambda leg: in_menu and leg.role == Role.QUEUE)
    for leg in legs:
        now = world.store.get(Leg, leg.id)
        if now.state != LegState.ENDED:
            yield now


def fresh(world: World, call: Call) -> Call:
    """The call read again, as it is now."""
    return world.store.get(Call, call.id)


def has_talked(leg: Leg) -> bool:
    """Whether the leg was answered, or led to one that was."""
    return leg.answered_at is not None or leg.bridged


def is_passive(leg: Leg) -> bool:
    """Whether the leg only follows what it dialled inside the PBX."""
    return leg.flow == Flow.OUT and leg.rings_at is None


def is_lent(call: Call, leg: Leg) -> bool:
    """Whether the leg is one for which the owner of a callback only gives its name.

    Source: CBK-1, CAL-7
    """
    return call.kind == Kind.CALLBACK and leg.flow == Flow.OUT


def is_calling(call: Call, leg: Leg) -> bool:
    """Whether the leg is on the side that calls, so that nobody picks it up any more.

    In a callback that has dialled these are also the ones that were rung first.

    Source: CAL-6, CAL-7, CAL-8
    """
    return is_passive(leg) or (call.dial_leg_id is not None and leg.id < call.dial_leg_id)


def is_waiting(leg: Leg) -> bool:
    """Whether the leg is that of a caller who waits in a queue."""
    return leg.role == Role.QUEUE and leg.state == LegState.RINGING and not leg.bridged


def mark(world: World, call: Call, text: str, who: Extension | None = None) -> Call:
    """Add a line to the call's ladder diagram at this moment."""
    now = fresh(world, call)
    done = Mark(world.clock.elapsed(), world.clock.tick(), who, text)
    return world.store.put(replace(now, marks=(*now.marks, done)))


def move(world: World, leg: Leg, state: LegState, **changes: Any) -> Leg:
    """Move the leg to that state, with these changes.

    Raises:
        ConflictError: there is no way there from where it is.
    """
    if state not in LEG_STEPS[LegState(leg.state)]:
        raise ConflictError((), f"a leg does not go from {leg.state} to {state.value}")
    if state is LegState.ENDED:
        changes["live_on"] = None
    return world.store.put(altered(leg, state=state.value, **changes))
