"""Whether all that is told of calls is one truth: asked over the API, and of the tester's face.

`Books` gathers what programs and testers are told; each rule of `CALL` judges one call, each of
`WORLD` all of them, and both answer the faults that they see.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from mockpbx.testing.call import Call
from mockpbx.testing.pbx import PBX
from mockpbx.testing.results import CallPicture, Leg
from tests.conftest import Caller

Told = Mapping[str, Any]
#: Asks the API for a path, with a query; answers the JSON, or None for a 404.
Ask = Callable[..., Any]

_FIRST = {"in": "dial-in", "out": "dial-out"}
_EVENT = re.compile(r"^ *([0-9.]+)  .*   ([0-9]+ (?:dial-in|dial-out|answer|hangup)\b.*)$")
_MACHINES = ("ivr", "queue")
#: CallStatus of a leg that nobody answered -> the words for how its part ended.
_PARTS = {
    "BUSY": ("busy", "rejected"),
    "NOANSWER": ("not answered", "voicemail"),
    "CANCEL": ("not answered", "answered elsewhere"),
    "CHANUNAVAIL": ("failed",),
    "CONGESTION": ("failed",),
}
#: CallStatus -> hangup_cause.
_CAUSES = {
    "ANSWER": "NORMAL_CLEARING",
    "BUSY": "USER_BUSY",
    "NOANSWER": "NO_ANSWER",
    "CANCEL": "ORIGINATOR_CANCEL",
    "CHANUNAVAIL": "USER_NOT_REGISTERED",
    "CONGESTION": "NO_ROUTE_DESTINATION",
}
_OWN = ("call_uuid", "calls_result", "calls_hangup_disposition")
_FILE = ("call_uuid", "storage_url", "file_name", "record_transfer")


@dataclass(frozen=True)
class Story:
    """All that is told of one call; `partial` extensions did not tell all of their events.

    `lists` are its rows, parts and records out of the lists, when those were read, and `there` the
    types of the extensions that were not deleted then.
    """

    call: CallPicture
    events: Sequence[Mapping[str, str]]
    running: Sequence[Told]
    row: Told | None
    lists: Mapping[str, Sequence[Told]] | None = None
    there: Mapping[int, str] = field(default_factory=dict)
    partial: Collection[str] = ()

    @cached_property
    def silent(self) -> set[str]:
        """SubCallIDs of the legs that cause no events, as the ladder tells."""
        marks = Counter(line for line in shown(self.call.ladder) if line[1].endswith("(no event)"))
        telling = {event.get("SubCallID") for event in self.events}
        found = set()
        for leg in sorted(self.call.legs, key=lambda leg: leg.sub_call_id in telling):
            mark = since(self.call, leg.began_at), f"{short(leg)} dial-in (no event)"
            if leg.flow == "in" and marks[mark] > 0:
                marks[mark] -= 1
                found.add(leg.sub_call_id)
        return found

    @cached_property
    def parts(self) -> list[tuple[Leg, Told]]:
        """Each part of the row with its leg; none when they do not even have the same number."""
        legs = list(self.call.legs)
        parts = [] if self.row is None else self.row["cdr"]
        if len(parts) != len(legs):
            legs = [leg for leg in legs if leg.sub_call_id not in self.silent]
        return list(zip(legs, parts, strict=True)) if len(parts) == len(legs) else []


@dataclass(frozen=True)
class Shelf:
    """What the lists of one client, and of each of its extensions, hold."""

    history: Sequence[Told]
    calls: Sequence[Told]
    cdr: Sequence[Told]
    record: Sequence[Told]
    running: Sequence[Told]
    calls_stats: Told
    cdr_stats: Told
    record_stats: Told
    disk_space: Told
    there: Mapping[int, str] = field(default_factory=dict)
    extensions: Mapping[int, Mapping[str, Sequence[Told]]] = field(default_factory=dict)


# one call


def identifiers(story: Story) -> Iterator[str]:
    """All name the call by its CallID and CallAPIID, the one in the other, and legs by their own.

    A leg's SubCallID begins with its extension, and no two legs of a call have the same.
    """
    call = story.call
    if not call.api_id.replace("-", "").endswith(call.id):
        yield f"{call.api_id} does not hold {call.id}"
    legs = {leg.sub_call_id: leg for leg in call.legs}
    if len(legs) != len(call.legs):
        yield "two legs have one SubCallID"
    for leg in call.legs:
        if leg.sub_call_id.partition("-")[0] != str(leg.extension_id):
            yield f"{leg.sub_call_id} is of extension {leg.extension_id}"
    for event in story.events:
        if event["CallID"] != call.id:
            yield f"an event of another call: {event}"
        if event["EventType"] == "voicemail":
            continue
        if event["CallAPIID"] != call.api_id or event["SubCallID"] not in legs:
            yield f"an event of no leg: {event}"
    for element in story.running:
        if element["call_api_id"] != call.api_id or element["call_id"] != call.id:
            yield f"another call runs: {element}"
    if story.row is not None and story.row["call_uuid"] != call.id.upper():
        yield f"the row is that of {story.row['call_uuid']}"


def order_of_moments(story: Story) -> Iterator[str]:
    """A leg begins, is answered and ends in that order; when the call is over all legs are."""
    call = story.call
    over = call.ended_at is not None
    if over != (call.state == "finished") or over != (call.result is not None):
        yield f"state {call.state}, result {call.result}, ended at {call.ended_at}"
    if over != (not call.steps):
        yield f"steps {call.steps} in state {call.state}"
    for leg in call.legs:
        moments = [call.started_at, leg.began_at, leg.answered_at, leg.ended_at]
        known = [one for one in moments if one is not None]
        if known != sorted(known):
            yield f"{leg.sub_call_id}: {known}"
        if (leg.ended_at is not None) != (leg.state == "ended"):
            yield f"{leg.sub_call_id} is {leg.state}, ended at {leg.ended_at}"
        if over and leg.ended_at is None:
            yield f"{leg.sub_call_id} goes on"


def events_of_legs(story: Story) -> Iterator[str]:
    """An event tells a moment of its leg: when, which way, whose numbers, how long, what record.

    With Bridged=no the caller is whoever came to the menu or queue, also where that dialled.
    """
    legs = {leg.sub_call_id: leg for leg in story.call.legs}
    for event in story.events:
        leg = legs.get(event.get("SubCallID", ""))
        if leg is None:
            continue
        kind, wanted = event["EventType"], _event_of(leg, event["EventType"])
        if event.get("Bridged") == "no" and leg.flow == "out":
            wanted["CallerIDNum"] = _came_to(story, leg)
        ahead = int(event["EventTime"]) - int(micros(_moment_of(leg, kind)))
        if not 0 <= ahead < 1000:  # events of one moment rise
            yield f"{kind} of {leg.sub_call_id}: EventTime is {ahead} us ahead"
        for name, value in wanted.items():
            if event.get(name) != value:
                yield f"{kind} of {leg.sub_call_id}: {name} {event.get(name)}, not {value}"


def _came_to(story: Story, leg: Leg) -> str:
    """Who had called the extension before it dialled by that leg; in doubt whoever called."""
    earlier = story.call.legs[: story.call.legs.index(leg)]
    before = [one for one in earlier if (one.extension_id, one.flow) == (leg.extension_id, "in")]
    return before[-1].caller_num if before else leg.caller_num


def _moment_of(leg: Leg, kind: str) -> datetime | None:
    return {"answer": leg.answered_at, "hangup": leg.ended_at}.get(kind, leg.began_at)


def _event_of(leg: Leg, kind: str) -> dict[str, str | None]:
    wanted: dict[str, str | None] = {
        "CallFlow": leg.flow,
        "CallerIDNum": leg.caller_num,
        "CalledNumber": leg.called_number,
        "CallStatus": {"answer": "ANSWER", "hangup": leg.status}.get(kind, "CALLING"),
    }
    own = "Called" if leg.flow == "in" else "Caller"
    wanted[f"{own}ExtensionID"] = str(leg.extension_id)
    if kind not in ("answer", "hangup"):
        wanted["EventType"] = _FIRST[leg.flow]
    if kind == "hangup":
        talked = timedelta(0)
        if leg.answered_at is not None and leg.ended_at is not None:
            talked = leg.ended_at - leg.answered_at
        wanted["Duration"] = str(talked // timedelta(microseconds=1))
        if leg.answered_at is not None or leg.role in _MACHINES:  # what a caller said comes later
            wanted["RecID"] = leg.record_uuid
    return wanted


def whole_legs(story: Story) -> Iterator[str]:
    """Who tells everything tells each leg from its beginning to its end, and nothing twice."""
    told: dict[str, list[str]] = {}
    for event in story.events:
        if event["EventType"] != "voicemail":
            told.setdefault(event["SubCallID"], []).append(event["EventType"])
    for leg in story.call.legs:
        if leg.extension in story.partial:
            continue
        wanted = [_FIRST[leg.flow]]
        wanted += ["answer"] if leg.answered_at is not None else []
        wanted += ["hangup"] if leg.ended_at is not None else []
        if leg.sub_call_id in story.silent:
            wanted = []
        found = told.get(leg.sub_call_id, [])
        if found != wanted:
            yield f"{leg.sub_call_id} told {found}, not {wanted}"


def running_legs(story: Story) -> Iterator[str]:
    """current_calls show the legs of phones that have not ended, each as it is, and nobody else.

    Of a callback that dials, the leg by which its owner rang itself is not one any more. While a
    message is left, the leg that nobody answered is still there.
    """
    phones = [leg for leg in story.call.legs if story.there.get(leg.extension_id) == "phone"]
    legs = [leg for leg in phones if leg.ended_at is None]
    mailbox = _mailbox(story, phones)
    seen: Counter[str] = Counter()
    for element in story.running:
        if story.call.ended_at is not None:
            yield f"current_calls show a finished call at {element['extension_id']}"
            continue
        fits = [leg for leg in legs if _running(leg) == _as_running(element)]
        fits = fits or [leg for leg in mailbox if _running(leg) == _as_running(element)]
        if not fits:
            yield f"current_calls show {_as_running(element)}, which is no leg: {legs}"
        seen.update(leg.sub_call_id for leg in fits)
    for leg in legs:
        if seen[leg.sub_call_id] == 0 and leg.sub_call_id not in story.silent:
            yield f"current_calls do not show {leg.sub_call_id}"
        if seen[leg.sub_call_id] > 1:
            yield f"current_calls show {leg.sub_call_id} twice"
    if mailbox and seen[mailbox[0].sub_call_id] != 1:
        yield "current_calls do not show who leaves a message"


def _mailbox(story: Story, phones: Sequence[Leg]) -> list[Leg]:
    """The leg of the phone to whose voicemail the caller speaks: the last that did not answer."""
    unanswered = [
        leg
        for leg in story.call.legs
        if leg.flow == "in" and leg.status == "NOANSWER" and leg.ended_at is not None
    ]
    if story.call.state != "voicemail" or not unanswered:
        return []
    last = max(unanswered, key=lambda leg: (leg.ended_at, leg.began_at))
    return [last] if last in phones else []


def _running(leg: Leg) -> tuple[Any, ...]:
    return (
        leg.sub_call_id,
        leg.extension_id,
        leg.flow,
        commas(leg.began_at),
        commas(leg.answered_at),
        leg.called_number,
        leg.caller_num,
        (leg.record_uuid or "").lower(),
        leg.role != "forward",
    )


def _as_running(element: Told) -> tuple[Any, ...]:
    names = ("init_time_gmt", "answer_time_gmt", "called_number", "caller_id_number")
    return (
        element["subcall_id"],
        element["extension_id"],
        element["call_flow"].lower(),
        *(element[name] for name in names),
        (element["record_uuid"] or "").lower(),
        element["real_call"],
    )


def row_or_running(story: Story) -> Iterator[str]:
    """A call that came to somebody has a row from its end on, and none before."""
    over = story.call.ended_at is not None
    left = bool(story.call.legs) or story.call.kind == "callback"
    if (over and left) != (story.row is not None):
        yield f"state {story.call.state}, row {story.row}"


def times_of_the_row(story: Story) -> Iterator[str]:
    """The row begins with the first leg, ends with the last, and lasts as long as that.

    That of a callback may have no part of its first leg.
    """
    row = story.row
    if row is None:
        return
    ends = [leg.ended_at for leg in story.call.legs if leg.ended_at]
    began = min((leg.began_at for leg in story.call.legs), default=story.call.started_at)
    ends.append(story.call.ended_at or began)
    wanted = {
        "init_time_gmt": plain(began),
        "start_time_gmt": rounded(began),
        "hangup_time_gmt": rounded(max(ends)),
        "duration": seconds(began, max(ends)),
    }
    yield from _differences("row", row, wanted)


def times_of_parts(story: Story) -> Iterator[str]:
    """A part begins, starts and ends with its leg; it starts at the answer and lasts from there.

    A menu and a queue answer at once; of a message the time is that of the message.
    """
    legs = len(story.call.legs)
    if story.row is not None and len(story.row["cdr"]) not in (legs, legs - len(story.silent)):
        yield f"{len(story.row['cdr'])} parts of {len(story.call.legs)} legs"
    for leg, part in story.parts:
        wanted: dict[str, Any] = {"init_time_gmt": hundredths(leg.began_at)}
        if part["result"] != "voicemail":
            answered = leg.began_at if leg.role in _MACHINES else leg.answered_at
            end = leg.ended_at or leg.began_at
            wanted["start_time_gmt"] = rounded(answered or leg.began_at)
            wanted["hangup_time_gmt"] = rounded(end)
            wanted["duration"] = 0 if answered is None else seconds(answered, end)
        yield from _differences(leg.sub_call_id, part, wanted)


def sides_of_parts(story: Story) -> Iterator[str]:
    """A part has the numbers of its leg: source but no dest coming in, dest but no source out."""
    for leg, part in story.parts:
        came = leg.flow == "in"
        wanted = {
            "extension_id": leg.extension_id,
            "from_username": leg.caller_num,
            "to_username": leg.called_number,
            "source_number": leg.caller_num if came else None,
            "dest_number": None if part["flow"] == "in" else leg.called_number,
            "application": "callback" if story.call.kind == "callback" else None,
        }
        yield from _differences(leg.sub_call_id, part, wanted)
        if (part["flow"] == "out") == came or part["extension_name"].partition("@")[0] != (
            leg.extension
        ):
            yield f"{leg.sub_call_id}: flow {part['flow']}, {part['extension_name']}"


def results_of_parts(story: Story) -> Iterator[str]:
    """A part ended as its leg did: answered when somebody talked, else by the leg's CallStatus."""
    for leg, part in story.parts:
        words: tuple[str, ...] = ("answered",)
        if leg.role not in _MACHINES and leg.answered_at is None:
            words = _PARTS[leg.status]
        if part["result"] not in words:
            yield f"{leg.sub_call_id} ended {leg.status}, its part {part['result']}"
        cause = "ANSWER" if leg.role in _MACHINES else leg.status
        if part["hangup_cause"] != _CAUSES[cause]:
            yield f"{leg.sub_call_id} ended {leg.status}, its part {part['hangup_cause']}"


def result_of_the_row(story: Story) -> Iterator[str]:
    """`bridged` says that two people talked, and with whom and when, as the call says too.

    Who was alone in a local conference was answered, and talked with nobody.
    """
    row, call = story.row, story.call
    if row is None:
        return
    talked = call.answered_at is not None
    names = ("bridged_time_gmt", "bridged_duration", "bridged_username", "bridged_domain")
    found = [row[name] is not None for name in names]
    alone = call.dialled.startswith("*8") and row["result"] == "answered" and not any(found)
    if not alone and {talked, row["result"] == "bridged", *found} not in ({True}, {False}):
        yield f"answered at {call.answered_at}: row {row['result']}, {[row[n] for n in names]}"
    if talked != (call.result == "ANSWER"):
        yield f"answered at {call.answered_at}: {call.result}"
    if talked and not alone:
        talks = [part for leg, part in story.parts if leg.role not in _MACHINES]
        values = [_talk(part) for part in talks if part["result"] == "answered"]
        if _talk_of(row) not in values:
            yield f"no part is the talk {_talk_of(row)}: {values}"
    elif not talked and call.result and row["result"] not in ("answered", *_PARTS[call.result]):
        yield f"the call ended {call.result}, its row {row['result']}"


def _talk(part: Told) -> tuple[Any, ...]:
    out = part["flow"] == "out"
    name = part["to_username"] if out else part["extension_name"].partition("@")[0]
    return (part["start_time_gmt"], part["duration"], name, part["hangup_cause"])


def _talk_of(row: Told) -> tuple[Any, ...]:
    names = ("bridged_time_gmt", "bridged_duration", "bridged_username", "hangup_cause")
    return tuple(row[name] for name in names)


def records_of_legs(story: Story) -> Iterator[str]:
    """A part's record is its leg's, and the one that hangup and voicemail events name."""
    for leg, part in story.parts:
        uuid = (part["record_uuid"] or "").lower() or None
        if uuid != leg.record_uuid or (uuid is None) != (part["record_file_size"] is None):
            yield f"{leg.sub_call_id} has record {leg.record_uuid}, its part {uuid}"
    known = {leg.record_uuid for leg in story.call.legs}
    for event in story.events:
        if "RecID" in event and event["RecID"] not in known:
            yield f"RecID {event['RecID']} is no record of {known}"
    said = [event["RecID"] for event in story.events if event["EventType"] == "voicemail"]
    left = [part["record_uuid"].lower() for _, part in story.parts if _is_message(part)]
    if said and said != left:
        yield f"messages {left}, told {said}"


def _is_message(part: Told) -> bool:
    return bool(part["result"] == "voicemail")


def picture(story: Story) -> Iterator[str]:
    """The ladder has a line for each moment of each leg, and the end when the call is over."""
    call, legs = story.call, story.call.legs
    wanted = Counter(line for leg in legs for line in _lines(story, leg))
    found = Counter(shown(call.ladder))
    if found != wanted:
        yield f"the ladder shows {found - wanted}, not {wanted - found}"
    first, last = call.ladder.splitlines()[0], call.ladder.splitlines()[-1]
    if first != f"{call.kind} call {call.id}: {call.caller} -> {call.dialled}":
        yield f"the ladder is headed {first}"
    if last.endswith(f"the call is over: {call.result}") != (call.ended_at is not None):
        yield f"the ladder ends {last}"


def _lines(story: Story, leg: Leg) -> Iterator[tuple[str, str]]:
    note = " (no event)" if leg.sub_call_id in story.silent else ""
    number = short(leg)
    yield since(story.call, leg.began_at), f"{number} {_FIRST[leg.flow]}{note}"
    if leg.answered_at is not None:
        yield since(story.call, leg.answered_at), f"{number} answer{note}"
    if leg.ended_at is not None:
        talked = ""
        if leg.answered_at is not None:
            length = f"{(leg.ended_at - leg.answered_at).total_seconds():.3f}"
            talked = f", talked {length.rstrip('0').rstrip('.')} s"
        yield since(story.call, leg.ended_at), f"{number} hangup {leg.status}{talked}{note}"


def lists(story: Story) -> Iterator[str]:
    """calls, cdr and records repeat what the call's row and its parts say.

    The records of an extension go with it.
    """
    if story.lists is None or story.row is None:
        return
    row = dict(story.row)
    parts = row.pop("cdr")
    if list(story.lists["calls"]) != [row]:
        yield f"calls list {story.lists['calls']}, the row is {row}"
    mine = (row["call_uuid"], row["result"], row["hangup_disposition"])
    elements = [{**part, **dict(zip(_OWN, mine, strict=True))} for part in parts]
    if list(story.lists["cdr"]) != elements:
        yield f"cdr lists {story.lists['cdr']}, the parts are {elements}"
    kept = [part for part in parts if part["extension_id"] in story.there]
    recorded = sorted((part for part in kept if part["record_uuid"]), key=_uuid)
    files = sorted(story.lists["record"], key=_uuid)
    if [{k: v for k, v in one.items() if k not in _FILE} for one in files] != recorded:
        yield f"records {files}, recorded parts {recorded}"
    for one in files:
        number = one["extension_name"].partition("@")[0].rpartition("*")[2]
        if (
            one["call_uuid"] != row["call_uuid"]
            or f"_{one['flow']}_{number}_" not in (one["file_name"])
        ):
            yield f"{one['call_uuid']} has the record {one['file_name']}"


def _uuid(one: Told) -> str:
    return str(one["record_uuid"])


#: What holds of every call.
CALL: tuple[Callable[[Story], Iterator[str]], ...] = (
    identifiers,
    order_of_moments,
    events_of_legs,
    whole_legs,
    running_legs,
    row_or_running,
    times_of_the_row,
    times_of_parts,
    sides_of_parts,
    results_of_parts,
    result_of_the_row,
    records_of_legs,
    picture,
    lists,
)


# all calls of a client


def same_calls(shelf: Shelf) -> Iterator[str]:
    """call_history, calls and cdr hold the same calls in the same order."""
    uuids = [row["call_uuid"] for row in shelf.history]
    if [row["call_uuid"] for row in shelf.calls] != uuids:
        yield f"calls {[row['call_uuid'] for row in shelf.calls]}, call_history {uuids}"
    with_parts = [row["call_uuid"] for row in shelf.history if row["cdr"]]
    if list(dict.fromkeys(part["call_uuid"] for part in shelf.cdr)) != with_parts:
        yield "cdr holds other calls, or in another order"


def stats(shelf: Shelf) -> Iterator[str]:
    """calls/stats and cdr/stats count the lists; parts that a transfer began go in."""
    for found, rows in ((shelf.calls_stats, shelf.calls), (shelf.cdr_stats, shelf.cdr)):
        ways = Counter("out" if row["flow"] == "out" else "in" for row in rows)
        counted = {way: found[way]["total"] for way in ("in", "out")}
        if counted != {way: ways[way] for way in ("in", "out")}:
            yield f"counted {counted}, listed {ways}"


def space(shelf: Shelf) -> Iterator[str]:
    """record/stats and disk_space add up the records; messages apart from talks."""
    sizes = [one["record_file_size"] for one in shelf.record]
    total = {"count": len(sizes), "file_size": sum(sizes)}
    if shelf.record_stats != total:
        yield f"record/stats {shelf.record_stats}, listed {total}"
    messages = [one["record_file_size"] for one in shelf.record if _is_message(one)]
    disk = shelf.disk_space
    wanted = {
        "call_records_count": len(sizes) - len(messages),
        "call_records_size": sum(sizes) - sum(messages),
        "voicemail_count": len(messages),
        "voicemail_size": sum(messages),
        "free_space": max(0, disk["total_space"] - sum(sizes)),
    }
    yield from _differences("disk_space", disk, wanted)


def extensions(shelf: Shelf) -> Iterator[str]:
    """An extension's cdr, records and current_calls are those of its client that are its own."""
    for number, own in shelf.extensions.items():
        for name, found in own.items():
            mine = [one for one in getattr(shelf, name) if one["extension_id"] == number]
            if list(found) != mine:
                yield f"{name} of extension {number}: {found}, of the client: {mine}"


#: What holds of all calls of a client together.
WORLD: tuple[Callable[[Shelf], Iterator[str]], ...] = (same_calls, stats, space, extensions)


class Books:
    """What a PBX tells of its calls, client by client, and whether it is one truth."""

    def __init__(self, pbx: PBX, asks: Mapping[int, Ask], partial: Collection[str] = ()) -> None:
        self.pbx = pbx
        self.asks = asks
        self.partial = partial

    def check_call(
        self, call_id: str, events: Iterable[Mapping[str, str]] | None = None
    ) -> CallPicture:
        """One call is told alike everywhere; `events` are those that a receiver has of it.

        Raises:
            AssertionError: naming each rule that is broken and how, with the call's ladder.
        """
        story = self.story(call_id, list(self._events() if events is None else events))
        _judge(CALL, story, story.call.ladder)
        return story.call

    def check(self, events: Iterable[Mapping[str, str]] | None = None) -> dict[int, Shelf]:
        """Every call that the PBX remembers is told alike everywhere, and sums are right.

        Raises:
            AssertionError: naming each rule that is broken and how.
        """
        told = list(self._events() if events is None else events)
        shelves = {client: self._with_extensions(ask, client) for client, ask in self.asks.items()}
        for shelf in shelves.values():
            _judge(WORLD, shelf, "")
        for call in self.pbx.calls:
            story = self.story(call.id, told, shelves)
            _judge(CALL, story, story.call.ladder)
        return shelves

    def check_state(self, shelves: Mapping[int, Shelf] | None = None) -> None:
        """What the state says can be put back, and then the same is told of finished calls.

        `shelves` are what was told just now, when that is known.

        Running calls end unseen by it.

        Raises:
            AssertionError: something else is told.
        """
        before, state = self._past(shelves), self.pbx.state()
        self.pbx.put_state(state)
        after = self._past()
        assert after == before, f"after the state was put back:\n{after}\nbefore:\n{before}"
        again = self.pbx.state()
        assert again == state, f"the state was\n{state}\nand is\n{again}"

    def story(
        self,
        call_id: str,
        events: Iterable[Mapping[str, str]],
        shelves: Mapping[int, Shelf] | None = None,
    ) -> Story:
        """All that is told of one call."""
        call = Call(self.pbx._invoker, call_id)._now()
        found = None if shelves is None else _of_call(shelves.values(), call.id.upper())
        rows = (
            [ask(f"/client/{c}/call_history/{call_id}") for c, ask in self.asks.items()]
            if found is None
            else found["history"]
        )
        running = [
            one
            for client, ask in self.asks.items()
            for one in (
                ask(f"/client/{client}/current_calls/")["call_list"]
                if shelves is None
                else shelves[client].running
            )
            if one["call_api_id"] == call.api_id
        ]
        return Story(
            call=call,
            events=[one for one in events if one.get("CallID") == call.id],
            running=running,
            row=next((row for row in rows if row is not None), None),
            lists=found,
            there=self._there() if shelves is None else _together(shelves.values()),
            partial=self.partial,
        )

    def _there(self) -> dict[int, str]:
        found = (_types(ask, client) for client, ask in self.asks.items())
        return {number: kind for types in found for number, kind in types.items()}

    def _events(self) -> Iterator[Mapping[str, str]]:
        """What was sent, each event once, however many had subscribed to it."""
        seen = set()
        for one in self.pbx.deliveries:
            key = tuple(one.data.get(name) for name in ("SubCallID", "EventType", "EventTime"))
            if "CallID" in one.data and key not in seen:
                seen.add(key)
                yield one.data

    def _past(self, known: Mapping[int, Shelf] | None = None) -> Any:
        """Finished calls as all lists tell them."""
        shelves = known or {client: self._shelf(ask, client) for client, ask in self.asks.items()}
        names = ("history", "calls", "cdr", "record", "calls_stats", "cdr_stats", "record_stats")
        return {
            client: {name: getattr(shelf, name) for name in (*names, "disk_space")}
            for client, shelf in shelves.items()
        }

    def _shelf(self, ask: Ask, client: int) -> Shelf:
        realm, span = f"/client/{client}", self._span()
        return Shelf(
            history=pages(ask, f"{realm}/call_history/", "call_history", span),
            calls=pages(ask, f"{realm}/calls/", "calls", span),
            cdr=pages(ask, f"{realm}/cdr/", "cdr", span),
            record=pages(ask, f"{realm}/record/", None, span),
            running=ask(f"{realm}/current_calls/")["call_list"],
            calls_stats=ask(f"{realm}/calls/stats/", **span),
            cdr_stats=ask(f"{realm}/cdr/stats/", **span),
            record_stats=ask(f"{realm}/record/stats/", **span),
            disk_space=ask(f"{realm}/disk_space/"),
        )

    def _with_extensions(self, ask: Ask, client: int) -> Shelf:
        """Also what the lists of each extension that had a call hold, and of one that had none."""
        shelf, span = self._shelf(ask, client), self._span()
        busy = {one["extension_id"] for one in (*shelf.cdr, *shelf.running)}
        there = _types(ask, client)
        asked = [one for one in there if one in busy] + [one for one in there if one not in busy][
            :1
        ]
        own = {
            number: {
                "cdr": pages(ask, f"/extension/{number}/cdr/", "cdr", span),
                "record": pages(ask, f"/extension/{number}/record/", None, span),
                "running": ask(f"/extension/{number}/current_calls/")["call_list"],
            }
            for number in asked
        }
        return replace(shelf, there=there, extensions=own)

    def _span(self) -> dict[str, str]:
        return the_last_months(self.pbx.clock.now())


def the_last_months(now: datetime) -> dict[str, str]:
    """The month before that moment's and its own: the longest that may be asked."""
    last = calendar.monthrange(now.year, now.month)[1]
    first = (now.replace(day=1) - timedelta(days=1)).replace(day=1)
    return {
        "start_datetime": f"{first:%Y-%m-%d} 00:00:00",
        "end_datetime": f"{now:%Y-%m}-{last} 23:59:59",
    }


def _types(ask: Ask, client: int) -> dict[int, str]:
    """The types of the client's extensions by their ids."""
    return {one["id"]: one["type"] for one in ask(f"/client/{client}/extension/", per_page=1000)}


def _together(shelves: Iterable[Shelf]) -> dict[int, str]:
    return {number: kind for shelf in shelves for number, kind in shelf.there.items()}


def over(caller: Caller) -> Ask:
    """Asks through the WSGI application, with the caller's token."""

    def ask(path: str, **query: Any) -> Any:
        answer = caller.get(path, query_string=query)
        assert answer.status_code in (200, 404), f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json if answer.status_code == 200 else None

    return ask


def pages(ask: Ask, path: str, name: str | None, span: Mapping[str, str]) -> list[Told]:
    """All pages of a list, the oldest first."""
    found: list[Told] = []
    for page in range(1, 1000):
        answer = ask(path, page=page, per_page=1000, order="asc", **span)
        rows = answer if name is None else answer[name]
        found += rows
        if len(rows) < 1000:
            break
    return found


def _of_call(shelves: Iterable[Shelf], uuid: str) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {name: [] for name in ("history", "calls", "cdr", "record")}
    for shelf in shelves:
        for name, rows in found.items():
            rows += [one for one in getattr(shelf, name) if one["call_uuid"] == uuid]
    return found


def _judge(rules: Iterable[Callable[[Any], Iterator[str]]], told: Any, ladder: str) -> None:
    faults = [f"{rule.__name__}: {fault}" for rule in rules for fault in rule(told)]
    assert not faults, "\n".join([*faults, ladder])


def _differences(where: str, found: Told, wanted: Told) -> Iterator[str]:
    for name, value in wanted.items():
        if found[name] != value:
            yield f"{where}: {name} is {found[name]!r}, not {value!r}"


# how moments are written


def micros(moment: datetime | None) -> str:
    """Microseconds since 1970."""
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return "" if moment is None else str((moment - epoch) // timedelta(microseconds=1))


def plain(moment: datetime) -> str:
    """The second in which it lies."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def whole(moment: datetime) -> datetime:
    """The nearest second."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def rounded(moment: datetime) -> str:
    """The nearest second, written."""
    return plain(whole(moment))


def seconds(first: datetime, last: datetime) -> int:
    """Whole seconds from one written second to another."""
    return int((whole(last) - whole(first)).total_seconds())


def hundredths(moment: datetime) -> str:
    """With hundredths of a second after a point."""
    return f"{plain(moment)}.{moment.microsecond // 10_000:02}"


def commas(moment: datetime | None) -> str | None:
    """With hundredths of a second after a comma."""
    return None if moment is None else hundredths(moment).replace(".", ",")


def since(call: CallPicture, moment: datetime) -> str:
    """Seconds since the call began, as the ladder writes them."""
    return f"{(moment - call.started_at).total_seconds():.3f}"


def short(leg: Leg) -> str:
    """The number of the leg's extension."""
    return leg.extension.rpartition("*")[2]


def shown(ladder: str) -> list[tuple[str, str]]:
    """The lines of the ladder that tell of legs: seconds, and what happened."""
    return [(m[1], m[2]) for m in map(_EVENT.match, ladder.splitlines()) if m]
