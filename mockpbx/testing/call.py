"""A call in the hands of a tester: its steps, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .command import Command
from .commands import calls
from .invoker import NOTHING, Invoker
from .results import CallPicture, Leg


class Call:
    """A simulated call. A step's events are sent before it returns; it answers the call itself.

    Every step raises `mockpbx.ConflictError` when the call's state does not allow it; the message
    names the state and the steps that it allows. Extensions are given by id, number or whole
    name.

    Source: SIM-7, SIM-11, CAL-1
    """

    def __init__(self, invoker: Invoker, call_id: str) -> None:
        self._invoker = invoker
        self.id = call_id

    @property
    def api_id(self) -> str:
        """The CallAPIID, by which current_calls name it."""
        return self._now().api_id

    @property
    def kind(self) -> str:
        """`incoming`, `outgoing`, `internal` or `callback`."""
        return self._now().kind

    @property
    def caller(self) -> str:
        """The number that calls."""
        return self._now().caller

    @property
    def dialled(self) -> str:
        """The number that was dialled first."""
        return self._now().dialled

    @property
    def did(self) -> str | None:
        """The public number that the call came through."""
        return self._now().did

    @property
    def state(self) -> str:
        """What the call waits for now: `ringing`, `menu`, `answered`, `finished` and so on."""
        return self._now().state

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that its state allows."""
        return self._now().steps

    @property
    def result(self) -> str | None:
        """How the call ended, as in CallStatus; None while it goes on."""
        return self._now().result

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self._now().started_at

    @property
    def answered_at(self) -> datetime | None:
        """When those who called and who were called began to talk."""
        return self._now().answered_at

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""
        return self._now().ended_at

    @property
    def legs(self) -> list[Leg]:
        """Its legs in the order in which they began, those included that have ended."""
        return list(self._now().legs)

    def ladder(self) -> str:
        """A picture of who did what when, in plain text."""
        return self._now().ladder

    def ring(self) -> Call:
        """It rings: nothing changes."""
        return self._step(calls.ring)

    def answer(self, extension: int | str | None = None) -> Call:
        """Whoever rings picks up: that extension, or the first that rings."""
        return self._step(calls.answer, {"extension": extension})

    def decline(self, extension: int | str | None = None) -> Call:
        """Whoever rings refuses: that extension, or the first that rings."""
        return self._step(calls.decline, {"extension": extension})

    def hang_up(self, by: int | str | None = None) -> Call:
        """That side hangs up: the caller, unless another is named; mostly the call is over then.

        `by` is `"caller"`, `"callee"`, an extension by id or number, a leg by its `sub_call_id`,
        or a number outside. Who rings declines; who consults another one connects the two.

        Raises:
            ConflictError: nobody of that name is there, or several, which are listed.
        """
        return self._step(calls.hang_up, {"by": by})

    def complete(self) -> Call:
        """Who consulted somebody leaves the call to whom it consulted."""
        return self._step(calls.complete)

    def cancel(self) -> Call:
        """Who consulted somebody takes the call back."""
        return self._step(calls.cancel)

    def hold(self) -> Call:
        """The conversation is put on hold, or taken up again."""
        return self._step(calls.hold)

    def transfer(self, to: int | str, attended: bool = False) -> Call:
        """The extension that talks passes the call on: at once, or `attended` after consulting.

        While it consults, the caller is held; `complete()` connects, `cancel()` goes back.
        """
        return self._step(calls.transfer, {"to": to, "attended": attended})

    def press(self, key: str) -> Call:
        """A key is pressed: by the callee of a screened call, else by the caller."""
        return self._step(calls.press, {"key": key})

    def leave_message(self) -> Call:
        """The caller speaks to the voicemail."""
        return self._step(calls.leave_message)

    def talk(self, seconds: float) -> Call:
        """Time moves on while they talk; what comes due on the way is done."""
        return self._step(calls.talk, {"seconds": seconds})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and (self._invoker, self.id) == (other._invoker, other.id)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        now = self._now()
        return f"<Call {self.id} {now.caller} -> {now.dialled}: {now.state}>"

    def _now(self) -> CallPicture:
        return self._invoker.ask(calls.get_call, call=self.id)

    def _step(self, command: Command[Any], fields: Mapping[str, Any] = NOTHING) -> Call:
        self._invoker.do(command, fields, call=self.id)
        return self


class CallList(list[Call]):
    """Calls, the oldest first."""

    @property
    def last(self) -> Call:
        """The one that began last.

        Raises:
            IndexError: there is none.
        """
        return self[-1]
