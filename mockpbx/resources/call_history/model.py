"""Finished calls: one row each, and how they are found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.clock import EPOCH, stamp
from ...core.errors import not_found
from ...core.paging import page_matching, page_of
from ...core.store import R
from ...core.world import World
from ..cdr.model import FLOWS, Part, seconds, shown, sides, stamped

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)

_FILTERS = ("flow", "extension_id", "to_username", "from_username")


@dataclass(frozen=True, slots=True)
class Row:
    """One finished call. Its id is the moment at which it began, so that ids are in its order.

    `hex` is the CallID of the call's events. `made_by` is the client's id when the call happened
    in this world, and did not come with its file. A row stays when its extensions go.

    Source: SIM-13, HIS-2 (observed)
    """

    TABLE: ClassVar[str] = "call_history"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "made_by": "client"}
    NAME: ClassVar[str | None] = "hex"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    hex: str
    parts: tuple[Part, ...]
    made_by: int | None = None

    @property
    def first(self) -> Part:
        """The part that the call began with: the row shows its extension and its sides."""
        return self.parts[0]

    @property
    def bridged(self) -> Part | None:
        """The last part in which somebody talked, menus and queues aside."""
        talks = [part for part in self.parts if part.answered_at is not None]
        return talks[-1] if talks else None

    @property
    def answered_at(self) -> datetime | None:
        """When the first of them picked up."""
        return min((part.answered_at for part in self.parts if part.answered_at), default=None)

    @property
    def ended_at(self) -> datetime:
        """When the last part ended."""
        return max(part.ended_at for part in self.parts)


def moment_id(moment: datetime) -> int:
    """The id of what happened then: microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def add(
    world: World, client_id: int, hex: str, parts: Sequence[Part], made_by: int | None = None
) -> Row:
    """The call is in the history.

    Source: SIM-13 (observed)
    """
    number = free_id(world, Row, client_id, parts[0].init_at)
    return world.store.put(Row(number, client_id, hex, tuple(parts), made_by))


def new_hex(world: World) -> str:
    """A CallID that no call of the history has, which may be another world's that went on here.

    Source: DAT-3 (doc, observed)
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
    world: World, kind: type[R], client: Client, query: Mapping[str, Any]
) -> tuple[range, Callable[[int], R]]:
    """Where the client's records of that kind between the query's dates stand, in its order.

    The second part reads the record that stands in a place; nothing else costs anything, however
    many there are. A record of the second that the query ends with still counts.

    Source: HIS-1, REC-1 (observed, doc)
    """
    world.hooks.settle_history(world, client.id)
    ids = world.store.ids(kind, "client_id", client.id)
    first = bisect_left(ids, moment_id(query["start_datetime"]))
    last = bisect_left(ids, moment_id(query["end_datetime"] + _SECOND))
    places = range(first, last)
    in_order = places[::-1] if query["order"] == "desc" else places
    return in_order, lambda place: world.store.get(kind, ids[place])


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[Row]:
    """The client's calls that the query asks for, one page of them.

    Source: HIS-1, GEN-14 (observed, assumed)
    """
    page, per_page = query["page"], query["per_page"]
    if not any(query.get(name) for name in _FILTERS):
        return page_of(*within(world, Row, client, query), page, per_page)
    return page_matching(_matching(world, client, query), page, per_page)


def totals(world: World, client: Client, query: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """How many calls of each direction the query asks for.

    Source: HIS-7 (observed)
    """
    counts = dict.fromkeys(FLOWS, 0)
    for row in _matching(world, client, query):
        counts[row.first.flow] += 1
    return {flow: {"total": count} for flow, count in counts.items()}


def parts(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None = None
) -> list[tuple[Row, Part]]:
    """The parts of the client's calls, or only those of one extension, one page of them.

    Source: HIS-8, GEN-14 (observed, assumed)
    """
    found = _parts(world, client, query, extension_id)
    return page_matching(found, query["page"], query["per_page"])


def part_totals(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None = None
) -> dict[str, dict[str, int]]:
    """How many parts of each direction; those that a transfer began go in.

    Source: HIS-8 (observed)
    """
    counts = dict.fromkeys(FLOWS, 0)
    for _, part in _parts(world, client, query, extension_id):
        counts[part.flow if part.flow in FLOWS else "in"] += 1
    return {flow: {"total": count} for flow, count in counts.items()}


def _parts(
    world: World, client: Client, query: Mapping[str, Any], extension_id: int | None
) -> Iterator[tuple[Row, Part]]:
    for row in _matching(world, client, query):
        for part in row.parts:
            if extension_id in (None, part.extension_id):
                yield row, part


def find(world: World, client: Client, text: str) -> Row:
    """The client's call with that id, in upper or lower case.

    Raises:
        NotFoundError: there is none.

    Source: HIS-5 (observed)
    """
    world.hooks.settle_history(world, client.id)
    row = world.store.named(Row, text.lower())
    if row is None or row.client_id != client.id:
        raise not_found(f"client {client.id} has no call {text[:64]}", "HIS-5")
    return row


def _matching(world: World, client: Client, query: Mapping[str, Any]) -> Iterator[Row]:
    places, get = within(world, Row, client, query)
    return (row for row in map(get, places) if _matches(row, query))


def _matches(row: Row, query: Mapping[str, Any]) -> bool:
    """Whether it has such a direction and such sides, and one of the extensions was in it.

    Source: HIS-1, GEN-11 (observed)
    """
    first, extensions = row.first, query.get("extension_id")
    return (
        first.flow in (query.get("flow") or FLOWS)
        and (not extensions or any(part.extension_id in extensions for part in row.parts))
        and _named(first.to_username, query.get("to_username"))
        and _named(first.from_username, query.get("from_username"))
    )


def _named(username: str, wanted: Sequence[str] | None) -> bool:
    return not wanted or username.lstrip("+") in [name.lstrip("+") for name in wanted]


def row_of(row: Row) -> dict[str, Any]:
    """The call without its parts.

    Source: HIS-1, HIS-2 (observed)
    """
    first, talk = row.first, row.bridged
    taken_by = talk.taken_by if talk is not None else (None, None)
    led_on = talk is not None and talk is not first and first.extension_type != "phone"
    return {
        "call_uuid": row.hex.upper(),
        **sides(first, row.client_id),
        "init_time_gmt": stamp(first.init_at),
        "start_time_gmt": stamp(first.init_at),
        "bridged_time_gmt": stamped(row.answered_at),
        "hangup_time_gmt": stamp(row.ended_at),
        "duration": seconds(first.init_at, row.ended_at),
        "bridged_duration": seconds(row.answered_at, row.ended_at),
        "bridged_username": taken_by[0],
        "bridged_domain": taken_by[1],
        "result": "bridged" if led_on else _of_call(first.result),
        "hangup_cause": first.hangup_cause,
        "hangup_disposition": first.hangup_disposition,
    }


def whole(row: Row, root: str) -> dict[str, Any]:
    """The call with its parts; `root` is the address of the host.

    Source: HIS-1, HIS-4 (observed)
    """
    return {**row_of(row), "cdr": [shown(part, row.client_id, row.hex, root) for part in row.parts]}


def _of_call(result: str) -> str:
    """A word that only parts have, as the call shows it.

    Source: HIS-3 (observed)
    """
    return "not answered" if result in ("voicemail", "answered elsewhere") else result
