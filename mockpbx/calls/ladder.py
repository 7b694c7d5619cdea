"""Draws a call as a ladder diagram in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ..core.world import World
from ..resources.event.model import EventType
from ..resources.extension.model import Extension
from .model import Call, Heard, Leg, Mark, is_passive, legs_of
from .states import Flow, Kind

_TIME_WIDTH = 10
_MIN_WIDTH = 14


@dataclass(frozen=True, slots=True)
class Party:
    """One column: what it is, and its number."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: something passes between two parties, or ends at one.

    Lines stand in the order of their stamps: those of one moment differ in nothing else.
    """

    at: timedelta
    stamp: timedelta
    source: Party
    target: Party
    text: str
    ends: bool = False


def ladder(world: World, call: Call) -> str:
    """A column for each party and a line for each event, with the seconds since the call began.

    Lines are only added while the call goes on, and so are columns.
    """
    moments = sorted(_moments(world, call), key=lambda moment: moment.stamp)
    parties = list(dict.fromkeys(p for one in moments for p in (one.source, one.target)))
    width = max([_MIN_WIDTH, *(max(len(p.kind), len(p.number)) + 2 for p in parties)])
    rows = [f"{call.kind} call {call.hex}: {call.caller} -> {call.dialled}"]
    if parties:
        rows += ["", _header([p.kind for p in parties], width, "seconds")]
        rows.append(_header([p.number for p in parties], width))
    rows += [_row(one, parties, width, one.at - call.started_at) for one in moments]
    if call.ended_at is not None:
        at = max([call.ended_at, *(one.at for one in moments)])  # time may be moved back
        rows.append(f"{_seconds(at - call.started_at)}  the call is over: {call.result}")
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _moments(world: World, call: Call) -> Iterator[Moment]:
    for leg in legs_of(world, call):
        source, target = _ends_of(call, leg)
        name = _party(leg.own).number
        note = " (no event)" if leg.silent else ""
        began = EventType.DIAL_IN if leg.flow == Flow.IN else EventType.DIAL_OUT
        told = f"{name} {began.value}{note}"
        yield Moment(leg.began_at, leg.began_stamp, source, target, told)
        if leg.answered_at is not None:
            told = f"{name} {EventType.ANSWER.value}{note}"
            yield Moment(leg.answered_at, leg.answered_stamp, target, source, told)
        if leg.ended_at is not None:
            text = f"{name} {EventType.HANGUP.value} {leg.status}"
            if leg.answered_at is not None:
                text += f", talked {_short(leg.ended_at - leg.answered_at)} s"
            own = _party(leg.own)
            yield Moment(leg.ended_at, leg.ended_stamp, own, own, text + note, ends=True)
        for one in leg.heard:
            own = _party(leg.own)
            end = leg.ended_at if one.until is None else one.until
            for_s = "" if end is None else f" for {_short(end - one.since)} s"
            told = f"{name} plays {one.what} {one.sound_id}{for_s}"
            yield Moment(one.since, _stamp_of(leg, one), own, own, told)
    for mark in call.marks:
        place = _place_of(world, call, mark)
        yield Moment(mark.at, mark.stamp, place, place, f"{place.number} {mark.text}")


def _stamp_of(leg: Leg, played: Heard) -> timedelta:
    """A sound follows the event with which it begins."""
    answered = leg.answered_at is not None and played.since >= leg.answered_at
    return max(played.since, leg.answered_stamp if answered else leg.began_stamp)


def _place_of(world: World, call: Call, mark: Mark) -> Party:
    """Who did it: the extension that is named, or the caller."""
    if mark.who is not None:
        return _party(mark.who)
    if call.kind == Kind.INCOMING:
        return Party("outside", call.caller)
    return _party(legs_of(world, call)[0].own)


def _ends_of(call: Call, leg: Leg) -> tuple[Party, Party]:
    """Who calls in that leg, and who is called."""
    own = _party(leg.own)
    if leg.flow == Flow.OUT:
        if is_passive(leg) and leg.dialled is not None:
            return own, _party(leg.dialled)
        return own, Party("outside", leg.called_number)
    if leg.caller is not None:
        return _party(leg.caller), own
    return Party("outside", call.caller), own


def _party(extension: Extension) -> Party:
    return Party(extension.type, extension.name.rpartition("*")[2])


def _header(words: list[str], width: int, first: str = "") -> str:
    return f"{first:>{_TIME_WIDTH}}  " + "".join(f"{word:<{width}}" for word in words)


def _row(moment: Moment, parties: list[Party], width: int, since: timedelta) -> str:
    bars = [" "] * (width * (len(parties) - 1) + 1)
    bars[::width] = "|" * len(parties)
    start, end = (parties.index(p) * width for p in (moment.source, moment.target))
    if moment.ends or start == end:
        bars[start] = "x" if moment.ends else "*"
    elif start < end:
        bars[start + 1 : end] = "-" * (end - start - 2) + ">"
    else:
        bars[end + 1 : start] = "<" + "-" * (start - end - 2)
    return f"{_seconds(since)}  {''.join(bars)}   {moment.text}"


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():{_TIME_WIDTH}.3f}"


def _short(span: timedelta) -> str:
    return f"{span.total_seconds():.3f}".rstrip("0").rstrip(".")
