"""A call in the hands of a tester: its steps, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from ..calls import ladder, model, steps
from ..calls.dial_string import check_number, check_seconds, check_text
from ..calls.model import CallState, Leg, not_allowed, state_of, steps_of
from ..core.errors import NotFoundError
from ..core.world import World
from ..resources.extension.model import Extension, named

T = TypeVar("T")

_TALKING = (CallState.ANSWERED, CallState.HELD)


@dataclass(frozen=True, slots=True)
class LegReport:
    """How one leg of a call stands; `extension` is the name, and `sub_call_id` the SubCallID."""

    extension: str
    extension_id: int
    sub_call_id: str
    role: str
    flow: str
    state: str
    status: str
    caller_num: str
    called_number: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    record_uuid: str | None


class Call:
    """A simulated call. A step's events are sent before it returns; it answers the call itself.

    Every step raises `mockpbx.ConflictError` when the call's state does not allow it; the message
    names the state and the steps that it allows. Extensions are given by id, number or whole
    name.

    Source: SIM-7, SIM-11, CAL-1 (doc)
    """

    def __init__(self, world: World, call_id: str) -> None:
        self._world = world
        self.id = call_id

    @property
    def api_id(self) -> str:
        """The CallAPIID, by which current_calls name it."""
        return self._read(lambda call: call.api_id)

    @property
    def kind(self) -> str:
        """`incoming`, `outgoing`, `internal` or `callback`."""
        return self._read(lambda call: call.kind)

    @property
    def caller(self) -> str:
        """The number that calls."""
        return self._read(lambda call: call.caller)

    @property
    def dialled(self) -> str:
        """The number that was dialled first."""
        return self._read(lambda call: call.dialled)

    @property
    def did(self) -> str | None:
        """The public number that the call came through."""
        return self._read(lambda call: call.did)

    @property
    def state(self) -> str:
        """What the call waits for now: `ringing`, `menu`, `answered`, `finished` and so on."""
        return self._read(lambda call: state_of(self._world, call).value)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that its state allows."""
        return self._read(lambda call: tuple(steps_of(self._world, call)))

    @property
    def result(self) -> str | None:
        """How the call ended, as in CallStatus; None while it goes on."""
        return self._read(lambda call: call.result)

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self._read(lambda call: self._world.clock.start + call.started_at)

    @property
    def answered_at(self) -> datetime | None:
        """When those who called and who were called began to talk."""
        return self._read(lambda call: self._moment(call.answered_at))

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""
        return self._read(lambda call: self._moment(call.ended_at))

    @property
    def legs(self) -> list[LegReport]:
        """Its legs in the order in which they began, those included that have ended."""
        return self._read(
            lambda call: [self._reported(leg) for leg in model.legs_of(self._world, call)]
        )

    def ladder(self) -> str:
        """A picture of who did what when, in plain text."""
        return self._read(lambda call: ladder.ladder(self._world, call))

    def ring(self) -> Call:
        """It rings: nothing changes.

        Raises:
            ConflictError: it does not.
        """
        with self._step() as call:
            model.allow(self._world, call, "ring")
        return self

    def answer(self, extension: int | str | None = None) -> Call:
        """Whoever rings picks up: that extension, or the first that rings.

        Raises:
            ConflictError: nobody rings, or not that extension.
            NotFoundError: there is no such extension; the nearest is named.
        """
        with self._step() as call:
            steps.answer(self._world, call, self._id_of(extension))
        return self

    def decline(self, extension: int | str | None = None) -> Call:
        """Whoever rings refuses: that extension, or the first that rings.

        Raises:
            ConflictError: nobody rings, or not that extension.
            NotFoundError: there is no such extension; the nearest is named.
        """
        with self._step() as call:
            steps.decline(self._world, call, self._id_of(extension))
        return self

    def hang_up(self) -> Call:
        """It is over; while it rings that means that the caller gave up.

        Raises:
            ConflictError: it was over before.
        """
        with self._step() as call:
            steps.hang_up(self._world, call)
        return self

    def hold(self) -> Call:
        """The conversation is put on hold, or taken up again.

        Raises:
            ConflictError: nobody talks.
        """
        with self._step() as call:
            steps.hold(self._world, call)
        return self

    def transfer(self, to: str, attended: bool = False) -> Call:
        """The extension that talks passes the call on: at once, or `attended` after asking.

        Raises:
            ConflictError: nobody talks.
            InvalidError: `to` is no number.
        """
        check_number("to", to)
        with self._step() as call:
            steps.transfer(self._world, call, to, attended=attended)
        return self

    def press(self, key: str) -> Call:
        """A key is pressed: by the callee of a screened call, else by the caller.

        Raises:
            ConflictError: the call waits for no key.
            InvalidError: it is no key of a telephone.
        """
        check_text("key", key)
        with self._step() as call:
            steps.press(self._world, call, key)
        return self

    def leave_message(self) -> Call:
        """The caller speaks to the voicemail.

        Raises:
            ConflictError: no voicemail is open.
        """
        with self._step() as call:
            steps.leave_message(self._world, call)
        return self

    def talk(self, seconds: float) -> Call:
        """Time moves on while they talk; what comes due on the way is done.

        Raises:
            ConflictError: nobody talks.
            InvalidError: the seconds are no number, or negative.
        """
        check_seconds("seconds", seconds)
        with self._step() as call:
            if state_of(self._world, call) not in _TALKING:
                raise not_allowed(self._world, call, "talk")
        self._world.advance(seconds)
        return self

    def __repr__(self) -> str:
        return f"<Call {self.id} {self.caller} -> {self.dialled}: {self.state}>"

    @contextmanager
    def _step(self) -> Iterator[model.Call]:
        self._world.check()
        with self._world.change():
            call = self._world.store.named(model.Call, self.id)
            if call is None:
                raise NotFoundError((), f"there is no call {self.id} any more")
            yield call

    def _read(self, read: Callable[[model.Call], T]) -> T:
        with self._step() as call:
            return read(call)

    def _id_of(self, extension: int | str | None) -> int | None:
        return None if extension is None else named(self._world, extension).id

    def _moment(self, since_start: timedelta | None) -> datetime | None:
        return None if since_start is None else self._world.clock.start + since_start

    def _reported(self, leg: Leg) -> LegReport:
        return LegReport(
            extension=self._world.store.get(Extension, leg.extension_id).name,
            extension_id=leg.extension_id,
            sub_call_id=f"{leg.extension_id}-{leg.hex}",
            role=leg.role,
            flow=leg.flow,
            state=leg.state,
            status=leg.status,
            caller_num=leg.caller_num,
            called_number=leg.called_number,
            began_at=self._world.clock.start + leg.began_at,
            answered_at=self._moment(leg.answered_at),
            ended_at=self._moment(leg.ended_at),
            record_uuid=leg.record_uuid,
        )


def find(world: World, text: str) -> Call:
    """The call with that CallID or CallAPIID.

    Raises:
        NotFoundError: there is none.

    Source: DAT-3, DAT-5 (doc, observed)
    """
    found = world.store.named(model.Call, text.replace("-", "")[-32:])
    if found is None or text not in (found.hex, found.api_id):
        raise NotFoundError((), f"there is no call {text[:64]}")
    return Call(world, found.hex)


def ladders(world: World) -> list[str]:
    """Pictures of the calls that the world remembers, in the order in which they began."""
    with world.lock:
        return [ladder.ladder(world, call) for call in world.store.all(model.Call)]


def listed(world: World) -> list[Call]:
    """The calls that the world remembers, in the order in which they began."""
    return [Call(world, call.hex) for call in world.store.all(model.Call)]
