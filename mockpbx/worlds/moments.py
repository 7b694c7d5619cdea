"""Moments of world files, also those that count back from the world's start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

from marshmallow import ValidationError

from ..core.clock import UTC
from ..web.schema import Exact, Integer, Seconds, String, faults, messages_of
from ..web.schema import Moment as AbsoluteMoment

#: How far back a moment may be counted.
MOST_DAYS = 3650
#: The start from which a moment is counted as long as the real one is not known.
_NOMINAL = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING = timedelta(0)


class Origin(tzinfo):
    """The zone of a moment that counts from a start which is not known yet."""

    def __init__(self, word: str) -> None:
        self.word = word

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """None: the times of such a moment are UTC."""
        return _NOTHING

    def dst(self, moment: datetime | None) -> timedelta:
        """None, as UTC."""
        return _NOTHING

    def tzname(self, moment: datetime | None) -> str:
        """What stands in the file."""
        return self.word


DAYS = Origin("days_ago")
SECONDS = Origin("seconds_ago")
#: What is said of an item whose moments cannot be put in one order for every start.
MIXED = "its moments must all be absolute, all have days_ago, or all have seconds_ago"


class DayState(Exact):
    """A time of a day before that of the world's start."""

    AT: ClassVar[str] = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$"

    days_ago = Integer(at_least=1, at_most=MOST_DAYS, required=True)
    at = String(form=(AT, "a UTC time such as 06:02:11.25"), required=True)


class AgoState(Exact):
    """A moment so many seconds before the last whole one at the world's start."""

    seconds_ago = Seconds(at_most=MOST_DAYS * 86400, required=True)


def _object(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_SECONDS_AGO = _object(
    seconds_ago={"type": "number", "minimum": 0, "maximum": MOST_DAYS * 86400, "examples": [90]}
)


class Moment(AbsoluteMoment):
    """A moment, or `{"days_ago": 1, "at": "06:02:11.25"}`, or `{"seconds_ago": 90}`; all in UTC."""

    openapi: ClassVar[Mapping[str, Any]] = {
        "anyOf": [
            AbsoluteMoment.openapi,
            _object(
                days_ago={"type": "integer", "minimum": 1, "maximum": MOST_DAYS},
                at={"type": "string", "pattern": DayState.AT, "examples": ["06:02:11.25"]},
            ),
            _SECONDS_AGO,
        ],
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, Mapping):
            return super()._deserialize(value, attr, data, **kwargs)
        schema = AgoState if "seconds_ago" in value else DayState
        try:
            return _nominal(schema().load(value))
        except ValidationError as error:
            found = faults(messages_of(error)).items()
            raise ValidationError("; ".join(f"{key}: {text}" for key, text in found)) from error


class RecentMoment(Moment):
    """A moment, or `{"seconds_ago": 90}`."""

    openapi: ClassVar[Mapping[str, Any]] = {"anyOf": [AbsoluteMoment.openapi, _SECONDS_AGO]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if isinstance(value, Mapping) and "seconds_ago" not in value:
            raise ValidationError("counts from the start itself: only seconds_ago is possible")
        return super()._deserialize(value, attr, data, **kwargs)


def origins(item: Any) -> set[tzinfo | None]:
    """What the moments in that part of a file count from; UTC for absolute ones."""
    return {moment.tzinfo for moment in _moments(item)}


def is_relative(item: Any) -> bool:
    """Whether a moment in that part of a file counts from the start."""
    return bool(origins(item) & {DAYS, SECONDS})


def resolved(item: Any, start: datetime) -> Any:
    """That part of a file with absolute moments, for a world that started then."""
    if isinstance(item, Mapping):
        return {key: resolved(value, start) for key, value in item.items()}
    if isinstance(item, list):
        return [resolved(value, start) for value in item]
    if isinstance(item, datetime) and item.tzinfo in (DAYS, SECONDS):
        since = item.replace(tzinfo=UTC) - _NOMINAL
        return (midnight(start) if item.tzinfo is DAYS else start.replace(microsecond=0)) + since
    return item


def midnight(moment: datetime) -> datetime:
    """The beginning of that day in UTC."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _nominal(given: Mapping[str, Any]) -> datetime:
    if "seconds_ago" in given:
        moment, origin = _NOMINAL - timedelta(seconds=given["seconds_ago"]), SECONDS
    else:
        at = time.fromisoformat(_six_digits(given["at"]))
        day = (_NOMINAL - timedelta(days=given["days_ago"])).date()
        moment, origin = datetime.combine(day, at, UTC), DAYS
    return moment.replace(tzinfo=origin)


def _six_digits(text: str) -> str:
    """The time with as many digits of a fraction as Python 3.10 reads."""
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<6}"


def _moments(item: Any) -> Iterator[datetime]:
    if isinstance(item, datetime):
        yield item
    elif isinstance(item, (Mapping, list)):
        for value in item.values() if isinstance(item, Mapping) else item:
            yield from _moments(value)
