"""The clock of a world; no other module reads the time."""

from __future__ import annotations

import datetime as _datetime
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta, timezone
from typing import TypeVar

from . import freezes
from .errors import InvalidError

T = TypeVar("T")

#: Read through the module at each call: freezegun and time-machine replace the class inside it,
#: and a server thread sees the frozen `datetime` where it would not see a frozen `time.time()`.
UTC = timezone.utc

#: Freezes in a row that may end while somebody reads the time.
_FREEZES = 100
_NOTHING = timedelta(0)
_MICROSECOND = timedelta(microseconds=1)

#: The moment from which seconds are counted where a time is a number.
EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Time of one world: the real one plus an offset, or standing still.

    A clock that stands follows freezegun and time-machine while one of them is active: from their
    moment, whatever it showed before, by as much as they and its owner move it. When they are
    left it keeps the last one.

    A world's start is the first moment at which somebody asks for it, not the moment at which
    the object was made: a test that freezes time after its fixtures ran still finds phones
    registered and tokens valid.
    """

    def __init__(self, *, frozen: bool = False) -> None:
        self._offset = timedelta(0)
        self._stopped: _datetime.datetime | None = None
        self._start: _datetime.datetime | None = None
        #: What the clock showed then, and the tick that was made of it.
        self._last_tick: tuple[timedelta, timedelta] | None = None
        #: What moves a clock that stands.
        self._freeze: object | None = None
        self._holding = False
        self._held: _datetime.datetime | None = None
        #: Whether a clock that stands was compared with what moves it since `hold`.
        self._has_followed = False
        if frozen:
            self.freeze()

    def now(self) -> _datetime.datetime:
        """The moment of this world, in UTC."""
        if self._stopped is None:
            return self._outside() + self._offset
        if not self._has_followed:
            self._follow()
            self._has_followed = self._holding
        return self._stopped

    def hold(self) -> None:
        """Read the real time once and answer that until `let_go`, so that a change has one time.

        What happens at once happens at one moment, even under a freezegun that ticks with each
        reading.
        """
        self._holding = True

    def let_go(self) -> None:
        """Read the real time at each call again."""
        self._holding, self._held, self._has_followed = False, None, False

    @property
    def start(self) -> _datetime.datetime:
        """The moment from which the start world's registrations and tokens are counted."""
        if self._start is None:
            self._start = self.now()
        return self._start

    def elapsed(self) -> timedelta:
        """Time since the world's start; negative when the clock was moved before it."""
        start = self.start
        return self.now() - start

    def tick(self, ahead: timedelta = _NOTHING) -> timedelta:
        """The time of the next event since the start: later than that of the last one.

        When time stands still, each event is a microsecond after the one before, `ahead` of the
        clock; an event that is to be a whole time after such a one says how far that was ahead.
        Who moves time back gets earlier ticks again.
        """
        elapsed = self.elapsed()
        read, last = self._last_tick or (elapsed, None)
        tick = elapsed + ahead
        if last is not None and read <= elapsed and tick <= last:
            tick = last + _MICROSECOND
        self._last_tick = elapsed, tick
        return tick

    @property
    def frozen(self) -> bool:
        """Whether the clock is stopped."""
        return self._stopped is not None

    def advance(self, seconds: float) -> None:
        """Move time forward by that many seconds.

        Raises:
            InvalidError: the seconds are negative or reach past the year 9999.
        """
        self._shift(self._step(seconds))

    def move_to(self, moment: _datetime.datetime) -> None:
        """Set the clock to that moment; one without a zone is UTC.

        Raises:
            InvalidError: the moment is one that a clock cannot show.
        """
        self._shift(_in_utc(moment) - self.now())

    def elapsed_after(self, seconds: float) -> timedelta:
        """The time since the world's start when that many seconds will have passed.

        Raises:
            InvalidError: the seconds are negative or reach past the year 9999.
        """
        return self.elapsed() + self._step(seconds)

    def elapsed_at(self, moment: _datetime.datetime) -> timedelta:
        """The time since the world's start at that moment; without a zone it is UTC.

        Raises:
            InvalidError: the moment is one that a clock cannot show.
        """
        return _in_utc(moment) - self.start

    def freeze(self) -> None:
        """Stop the clock."""
        if self._stopped is None:
            self._stopped = self.now()
            self._freeze = freezes.active()

    def run(self) -> None:
        """Start the clock again from the moment that it shows."""
        if self._stopped is not None:
            self._offset = self.now() - self._outside()
            self._stopped = self._freeze = None

    def copy(self) -> Clock:
        """An independent copy that shows the same moment."""
        twin = Clock()
        twin._offset, twin._stopped, twin._start = self._offset, self._stopped, self._start
        twin._last_tick, twin._freeze = self._last_tick, self._freeze
        return twin

    def _follow(self) -> None:
        """Show what freezegun or time-machine show while one of them is active.

        The offset is how far the clock was moved besides.
        """
        freeze = freezes.active()
        if freeze is None:
            self._keep_last()
            return
        moment = self._outside()
        if freezes.active() is not freeze:  # it ended meanwhile, in another thread
            self._held = None
            self._follow()
            return
        if self._freeze is not freeze:
            self._offset = _NOTHING
        self._freeze = freeze
        self._stopped = moment + self._offset

    def _keep_last(self) -> None:
        if self._freeze is None:
            return
        last = freezes.last(self._freeze)
        if last is not None:
            self._stopped = last + self._offset
        self._freeze = None

    def _outside(self) -> _datetime.datetime:
        if not self._holding:
            return _now()
        if self._held is None:
            self._held = _now()
        return self._held

    def _step(self, seconds: float) -> timedelta:
        try:
            step = timedelta(seconds=seconds)
            self.now() + step
        except (OverflowError, ValueError) as error:
            raise InvalidError((), f"seconds: {seconds} is more than a clock can show") from error
        if step < _NOTHING:
            raise InvalidError((), "seconds: time does not run backwards; use move_to")
        return step

    def _shift(self, step: timedelta) -> None:
        if self._stopped is not None:
            self._stopped += step
        if self._stopped is None or self._freeze is not None:
            self._offset += step


def through_freezes(read: Callable[[], T]) -> T:
    """What `read` answers, which reads the time of the process and may be called again.

    freezegun and time-machine raise when another thread ends a freeze during the reading.
    """
    for _ in range(_FREEZES):
        with suppress(IndexError, ValueError):
            return read()
    return read()


def _in_utc(moment: _datetime.datetime) -> _datetime.datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise InvalidError((), f"moment: {moment} is more than a clock can show") from error


def _now() -> _datetime.datetime:
    return through_freezes(lambda: _datetime.datetime.now(UTC))


def stamp(moment: _datetime.datetime) -> str:
    """The vendor's form of a time: UTC, no zone, no `T`.

    Source: GEN-9
    """
    return moment.replace(tzinfo=None).isoformat(" ", "seconds")


def stamp_us(moment: _datetime.datetime) -> str:
    """The vendor's form with microseconds, for times that mockpbx itself reads again."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def stamp_cs(moment: _datetime.datetime) -> str:
    """The vendor's form with hundredths of a second after a point.

    Source: GEN-9
    """
    return moment.replace(tzinfo=None).isoformat(" ", "milliseconds")[:-1]


def parse_moment(text: str) -> _datetime.datetime:
    """The moment that such a text or an ISO 8601 one names; without a zone it is UTC.

    Raises:
        ValueError: it names none, or one that UTC cannot show.
    """
    moment = _datetime.datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is more than a clock can show") from error
