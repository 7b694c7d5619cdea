"""An office whose calls are told in lines that a telephony engineer reads.

Time stands at noon. `says` compares the events since the last time, `runs` the running calls, and
`left` everything afterwards: each call's row and parts, and what the client's statistics count.
Each of them also looks whether all that the PBX tells of its calls is one truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from mockpbx.testing.call import Call
from mockpbx.testing.mock import MockPBX
from tests.company import quiet_office
from tests.conftest import Caller, token_of
from tests.consistency import Ask, Books, over
from tests.shared import application, pbx
from tests.twin import Twin

CRM = "http://crm.example.com/calls"
NOON = datetime(2026, 3, 1, 12)
#: The customer, another one, and somebody's mobile phone.
CUSTOMER, OTHER, MOBILE = "+79161112233", "+79161112244", "+79161114455"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TYPES = ("dial-in", "dial-out", "answer", "hangup", "voicemail", "message-in", "message-out")
_MACHINES = {"ivr": ("dial-in", "hangup", "voicemail"), "queue": _TYPES[:5]}


class Office:
    """The world `office` before its first call; everybody tells everything to `CRM`."""

    def __init__(self, made: MockPBX, *, company: int = 2566, program: str = "app") -> None:
        self.pbx = made
        self.company = company
        keys = {"client_id": program, "client_secret": "secret"}
        token = token_of(application(), grant_type="client_credentials", **keys)
        self.caller = Caller(application(), token, made.world)
        self.asks: dict[int, Ask] = {company: over(self.caller)}
        self.twin = Twin(made.world, token)
        self._read = 0
        for one in self.get(f"/client/{company}/extension/", per_page=100):
            for kind in _MACHINES.get(one["type"], _TYPES):
                wish = {"url": CRM, "method": "POST", "event_type": kind}
                self.ask("POST", f"/extension/{one['id']}/event/", wish)

    def get(self, path: str, **query: Any) -> Any:
        """What the API answers."""
        answer = self.caller.get(path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the API answers to something that changes."""
        answer = self.caller.send(method, path, **({} if body is None else {"json": body}))
        assert answer.status_code < 300, f"{method} {path}: {answer.text}"
        return answer.json if answer.data else None

    def phone(self, number: str, **properties: Any) -> None:
        """The phone has these properties."""
        self.ask("PUT", f"/extension/@{number}/phone/", properties)

    def callback(self, owner: str, *src: str, to: str, **options: Any) -> Call:
        """A callback of the owner that rings those numbers first."""
        body = {"src_num": list(src), "dst_num": to, **options}
        self.ask("POST", f"/extension/@{owner}/callback/", body)
        return self.pbx.calls.last

    def steer(self, call: Call, number: str, action: str, to: str) -> None:
        """A program does something with a running call of that extension."""
        path = f"/extension/@{number}/current_calls/{call.api_id}"
        self.ask("PUT", path, {"action": action, "send_dst": to})

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.pbx.clock.advance(seconds)

    def says(self, *lines: str) -> None:
        """These events came since the last time, in this order."""
        self.check()
        sent = self.pbx.deliveries
        events, self._read = [one.data for one in sent[self._read :]], len(sent)
        compare([told(event) for event in events if "EventTime" in event], lines)

    def runs(self, *lines: str) -> None:
        """These are the running calls."""
        found = self.get(f"/client/{self.company}/current_calls/")["call_list"]
        compare([running(one) for one in found], lines)

    def left(self, *lines: str) -> None:
        """This is what is left: rows with their parts, then counts; and a state keeps it."""
        self.runs()
        shelf = self.check()
        rows = [line for row in shelf.history for line in row_told(row)]
        ways = {way: shelf.calls_stats[way]["total"] for way in ("in", "out")}
        disk = shelf.disk_space
        counts = (
            f"calls in {ways['in']} out {ways['out']}; records {disk['call_records_count']},"
            f" {disk['call_records_size']} bytes; messages {disk['voicemail_count']}"
        )
        compare([*rows, counts], lines)
        self.books().check_state()

    def neighbour(self, company: int, program: str) -> Office:
        """Another company of the same operator, and its program."""
        found = Office(self.pbx, company=company, program=program)
        self.asks[company] = found.asks[company]
        found.asks = self.asks
        return found

    def books(self) -> Books:
        """What the PBX tells of all calls."""
        return Books(self.pbx, self.asks, ("2566*099",))

    def check(self) -> Any:
        """All that is told of the calls agrees, also by a world that takes over the state.

        Answers what this company's lists hold.
        """
        self.twin.check()
        return self.books().check()[self.company]


def compare(found: Sequence[str], wanted: Sequence[str]) -> None:
    """The lines are those.

    Raises:
        AssertionError: they are not; both are shown.
    """
    text = "\n    ".join
    assert list(found) == list(wanted), f"\nfound\n    {text(found)}\nwanted\n    {text(wanted)}"


@contextmanager
def office(world: Mapping[str, Any] | None = None, **config: Any) -> Iterator[Office]:
    """An office at noon, in which nobody answers by itself."""
    config = {"freeze": True, "callback_script": None, **config}
    with pbx(world or quiet_office(), **config) as made:
        made.clock.move_to(NOON)
        yield Office(made)


def extension(world: Mapping[str, Any], number: str) -> dict[str, Any]:
    """An extension of the world file, to change it."""
    (found,) = [one for one in world["clients"][0]["extensions"] if one["name"] == number]
    assert isinstance(found, dict)
    return found


def told(event: Mapping[str, str]) -> str:
    """One event in a line: when, whose, what, and all data that matters."""
    came = event["CallFlow"] == "in"
    own = event.get("CalledExtension" if came else "CallerExtension", "")
    kind, words = (
        event["EventType"],
        [clock(event["EventTime"]), number_of(own), event["EventType"]],
    )
    if kind == "dial-in":
        words += ["from", event["CallerIDNum"]]
        words += ["via", number_of(event["CallerExtension"])] if "CallerExtension" in event else []
    if kind == "dial-out":
        words += ["from", event["CallerIDNum"], "to", event["CalledNumber"]]
    if kind == "hangup":
        words += [event["CallStatus"], f"{round(int(event['Duration']) / 1_000_000, 3):g} s"]
    for name in ("CalledDID", "RemoteNumber", "Transfered", "Bridged", "Message"):
        words += [f"{name}={event[name]}"] if name in event else []
    words += ["callback"] if "CallBackID" in event else []
    words += ["recorded"] if "RecID" in event else []
    return " ".join(words)


def running(element: Mapping[str, Any]) -> str:
    """One running call in a line."""
    words = [
        element["call_flow"],
        str(number_at(element)),
        "since",
        time_of(element["init_time_gmt"]),
    ]
    way = ("from", "caller_id_number") if element["call_flow"] == "IN" else ("to", "called_number")
    words[2:2] = [way[0], element[way[1]]]
    if element["answer_time_gmt"]:
        words += ["answered", time_of(element["answer_time_gmt"])]
    words += ["recorded"] if element["record_uuid"] else []
    words += [] if element["real_call"] else ["elsewhere"]
    return " ".join(words)


def number_at(element: Mapping[str, Any]) -> str:
    """The number of the extension whose running call it is."""
    party = element["called_extension" if element["call_flow"] == "IN" else "caller_extension"]
    return number_of(party["name"])


def row_told(row: Mapping[str, Any]) -> Iterator[str]:
    """One finished call: a line for the row, and one for each part."""
    own = number_of(row["to_username" if row["flow"] == "in" else "from_username"])
    owner = number_of(row["extension_name"])
    words = [row["flow"], *([f"of {owner}"] if owner != own else []), row["from_username"], "to"]
    words += [row["to_username"], time_of(row["start_time_gmt"]), f"{row['duration']} s"]
    yield " ".join([*words, row["result"], row["hangup_cause"], row["hangup_disposition"]])
    if row["did_number"]:
        yield f"= through {row['did_number']}"
    if row["bridged_username"]:
        since = time_of(row["bridged_time_gmt"])
        yield f"= with {row['bridged_username']} {since} {row['bridged_duration']} s"
    for part in row["cdr"]:
        words = ["-", part["flow"], number_of(part["extension_name"]), part["result"]]
        words += [time_of(part["start_time_gmt"]), f"{part['duration']} s"]
        words += [part["hangup_cause"], part["hangup_disposition"]]
        words += [f"{part['record_file_size']} bytes"] if part["record_uuid"] else []
        yield " ".join(words)


def number_of(name: str) -> str:
    """The short number of an extension."""
    return name.partition("@")[0].rpartition("*")[2]


def clock(micros: str) -> str:
    """The time of day of an event."""
    return f"{_EPOCH + timedelta(microseconds=int(micros)):%H:%M:%S}"


def time_of(moment: str) -> str:
    """The time of day, without fractions."""
    return moment[11:19]
