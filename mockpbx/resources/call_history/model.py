"""Finished calls: one row each, and how they are found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.clock import EPOCH
from ...core.errors import not_found
from ...core.paging import page_matching, page_of
from ...core.store import R, altered
from ...core.world import World
from ...readings import Readings
from ..cdr.model import FLOWS, PART_FLOWS, Part, Sides, seconds, to_username
from ..extension.model import Extension

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)

#: Parts of a page, unless it is said otherwise, and at the most.
MOST_PARTS = 100_000


_FILTERS = ("flow", "extension_id", "to_username", "from_username")


@dataclass(frozen=True, slots=True)
class Talk:
    """The connection of a call: since when, until when, and with whom."""

    began_at: datetime
    ended_at: datetime
    username: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One finished call. Its id is the moment at which it began, so that ids are in its order.

    `hex` is the CallID of the call's events. `made_by` is the client's id when the call happened
    in this world at `settled_at`, and did not come with its file. A row stays as it is, also when
    its extensions and its records go.

    Source: SIM-13, HIS-2
    """

    TABLE: ClassVar[str] = "call_history"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "made_by": "client"}
    NAME: ClassVar[str | None] = "hex"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    hex: str
    sides: Sides
    init_at: datetime
    ended_at: datetime
    result: str
    hangup_cause: str
    hangup_disposition: str
    talk: Talk | None = None
    parts: tuple[Part, ...] = ()
    made_by: int | None = None
    settled_at: datetime | None = None


def moment_id(moment: datetime) -> int:
    """The id of what happened then: microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def add(world: World, row: Row) -> Row:
    """Add the call to the history.

    Source: SIM-13
    """
    return world.store.put(altered(row, id=free_id(world, Row, row.client_id, row.init_at)))


def row_of(client_id: int, hex: str, parts: Sequence[Part], **values: Any) -> Row:
    """The row made of the parts, with these values in the place of derived ones.

    It tells of the part that the call was connected with at last: result, cause, disposition and
    the times of the connection. When nobody was, of the menu, queue or conference that answered,
    else of who was tried longest. A call without parts needs its sides, times, result, cause and
    disposition.

    Source: HIS-10, HIS-16, HIS-18, HIS-19
    """
    if not parts:
        return Row(0, client_id, hex, **values)
    talk = connected(parts)
    told = talk or _deciding(parts)
    result = "bridged" if talk else _as_row(told)
    usual: dict[str, Any] = {
        "sides": _sides_of(parts),
        "init_at": min(part.init_at for part in parts),
        "ended_at": max(part.ended_at for part in parts),
        "result": result,
        "hangup_cause": told.hangup_cause,
        "hangup_disposition": told.hangup_disposition,
        "talk": None
        if talk is None or talk.answered_at is None
        else Talk(talk.answered_at, talk.ended_at, *talk.taken_by),
        "parts": tuple(parts),
    }
    return Row(0, client_id, hex, **{**usual, **values})


def connected(parts: Sequence[Part]) -> Part | None:
    """The last part in which two people talked: no menu, no queue, and nobody who stood aside.

    Source: HIS-10, HIS-19
    """
    talks = [
        part
        for part in parts
        if part.answered_at is not None
        and part.result == "answered"
        and not part.is_machine
        and not part.aside
    ]
    return talks[-1] if talks else None


def _deciding(parts: Sequence[Part]) -> Part:
    """The part that says how a call ended in which nobody was connected.

    Who was tried longest knows more of it than who dialled it.
    """
    answered = [part for part in parts if _is_alone(part) and part.result == "answered"]
    if answered:
        return answered[-1]
    tried = [part for part in parts if not part.result.startswith("answered")] or list(parts)
    called = {part.sides.extension_name for part in tried if part.flow != "out"}
    ends = [part for part in tried if part.flow != "out" or part.sides.to_username not in called]
    return max(reversed(ends or tried), key=lambda part: part.ended_at)


def _is_alone(part: Part) -> bool:
    """Whether who talks there talks with nobody: in a menu, a queue, or an empty conference."""
    return part.is_machine or (part.aside and part.application != "callback")


def _as_row(part: Part) -> str:
    """A word that only parts have, as the call shows it.

    Source: HIS-16, HIS-17
    """
    if part.result in ("voicemail", "answered elsewhere"):
        return "not answered"
    return part.result


def _sides_of(parts: Sequence[Part]) -> Sides:
    """The sides of the call: those of its first part, or of a callback's call to the other number.

    Source: HIS-2, CBK-9
    """
    dials = [part for part in parts if part.application == "callback" and part.flow == "out"]
    return (dials[-1] if dials else parts[0]).sides


def new_hex(world: World) -> str:
    """A CallID that no call of the history has, which may be another world's that went on here.

    Source: DAT-3
    """
    while world.store.named(Row, found := world.ids.hex32()) is not None:
        pass
    return found


def free_id(world: World, kind: type[R], client_id: int, moment: datetime) -> int:
    """The id of that moment, or the next that no record of that kind has."""
    number = moment_id(moment)
    if world.store.find(kind, number) is not None:
        # Files of many calls have many of one moment: the last one's neighbour is free at once.
        ids = world.store.ids(kind, "client_id", client_id)
        if ids and number <= ids[-1] < number + 1_000_000:
            number = ids[-1] + 1
    while world.store.find(kind, number) is not None:
        number += 1
    return number


def within(
    world: World, kind: type[R], owner: Client | Extension, query: Mapping[str, Any]
) -> tuple[Sequence[int], Callable[[int], R]]:
    """Where the owner's records of that kind between the query's dates stand, in its order.

    The second part reads the record that stands in a place; nothing else costs anything, however
    many there are. A record of the second that the query ends with still counts.

    Source: HIS-1, REC-1
    """
    ids = world.store.ids(kind, f"{owner.TABLE}_id", owner.id)
    first = bisect_left(ids, moment_id(query["start_datetime"]))
    last = bisect_left(ids, moment_id(query["end_datetime"] + _SECOND))
    places: Sequence[int] = range(first, last)
    in_order = places[::-1] if query["order"] == "desc" else places

    def get(place: int) -> R:
        return world.store.get(kind, ids[place])

    if world.config.quirks.late_history_s:
        in_order = [place for place in in_order if is_there(world, get(place))]
    return in_order, get


def is_there(world: World, record: Any) -> bool:
    """Whether the row, or that of the record, can be seen yet: a quirk lets it be late.

    Source: DLV-8
    """
    row = record if isinstance(record, Row) else world.store.get(Row, record.row_id)
    late_s = world.config.quirks.late_history_s
    if not late_s or row.settled_at is None:
        return True
    return row.settled_at + timedelta(seconds=late_s) <= world.now()


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[Row]:
    """The client's calls that the query asks for, one page of them.

    Source: HIS-1, GEN-14
    """
    page, per_page = query["page"], query["per_page"]
    if not any(query.get(name) for name in _FILTERS):
        return page_of(*within(world, Row, client, query), page, per_page)
    return page_matching(_matching(world, client, query), page, per_page)


def totals(world: World, client: Client, query: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """How many calls of each direction the query asks for.

    Source: HIS-7
    """
    counts = dict.fromkeys(FLOWS, 0)
    for row in _matching(world, client, query):
        counts[row.sides.flow] += 1
    return {flow: {"total": count} for flow, count in counts.items()}


def parts(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None = None
) -> list[tuple[Row, Part]]:
    """The parts of the client's calls, or only those of one extension, one page of them.

    Source: HIS-8, GEN-14
    """
    found = _parts(world, client, query, extension_id)
    return page_matching(found, query["page"], query["per_page"], MOST_PARTS)


def part_totals(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None = None
) -> dict[str, dict[str, int]]:
    """How many parts of each direction; those that a transfer began go in.

    Source: HIS-8
    """
    counts = dict.fromkeys(FLOWS, 0)
    for _, part in _parts(world, client, query, extension_id):
        counts[part.flow if part.flow in FLOWS else "in"] += 1
    return {flow: {"total": count} for flow, count in counts.items()}


def _parts(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None
) -> Iterator[tuple[Row, Part]]:
    places, get = within(world, Row, client, query)
    for row in map(get, places):
        for part in row.parts[::-1] if query.get("order") == "desc" else row.parts:
            if extension_id not in (None, part.sides.extension_id):
                continue
            if _matches(part.sides, query, PART_FLOWS, world.readings) and _lasts(part, query):
                yield row, part


def _lasts(part: Part, query: Mapping[str, Any]) -> bool:
    """Whether the part is as long as the query says.

    Source: HIS-28
    """
    length = 0 if part.answered_at is None else seconds(part.answered_at, part.ended_at)
    shortest, longest = query.get("start_duration"), query.get("end_duration")
    return length >= (shortest or 0) and (longest is None or length <= longest)


def find(world: World, client: Client, text: str) -> Row:
    """The client's call with that id, in upper or lower case.

    Raises:
        NotFoundError: there is none.

    Source: HIS-5
    """
    row = world.store.named(Row, text.lower())
    if row is None or row.client_id != client.id or not is_there(world, row):
        raise not_found(f"client {client.id} has no call {text[:64]}", "HIS-5")
    return row


def _matching(world: World, client: Client, query: Mapping[str, Any]) -> Iterator[Row]:
    places, get = within(world, Row, client, query)
    return (row for row in map(get, places) if _matches(row.sides, query, FLOWS, world.readings))


def _matches(
    sides: Sides, query: Mapping[str, Any], flows: Sequence[str], readings: Readings
) -> bool:
    """Whether a row, or a part, has itself such a direction, extension and sides.

    Source: HIS-1, HIS-28, GEN-11
    """
    extensions = query.get("extension_id")
    return (
        sides.flow in (query.get("flow") or flows)
        and (not extensions or sides.extension_id in extensions)
        and _named(to_username(sides, readings), query.get("to_username"))
        and _named(sides.from_username, query.get("from_username"))
    )


def _named(username: str, wanted: Sequence[str] | None) -> bool:
    return not wanted or username.lstrip("+") in [name.lstrip("+") for name in wanted]
