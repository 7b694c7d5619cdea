"""What a tester is told of a PBX: the same classes in this process and over HTTP.

Moments are datetimes in UTC. A field whose name as JSON is another one says so.
"""

from __future__ import annotations

import json as _json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Annotated, Any
from urllib.parse import parse_qsl

from .result import As, Result


@dataclass(frozen=True, slots=True)
class Health(Result):
    """The server answers."""

    status: str
    version: str
    world: str


@dataclass(frozen=True, slots=True)
class Readings(Result):
    """How the documentation is read where its sources disagree."""

    readings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings(Result):
    """By what a world goes now."""

    readings: Annotated[
        Mapping[str, str], As(description="How the documentation is read where it is unsure.")
    ]
    rate_limits: Annotated[bool, As(description="Refuse past the limits.")]
    seed: Annotated[int, As(description="Decides every identifier from now on.")]
    journal_limit: Annotated[
        int, As(description="Requests, deliveries and finished calls remembered, of each.")
    ]
    journal_bytes: Annotated[int, As(description="Bytes of requests, and of deliveries.")]
    delivery_timeout_s: Annotated[
        float, As(description="Seconds that an event waits for its receiver.")
    ]
    retry_delays_s: Annotated[
        tuple[float, ...], As(description="Seconds after which an event is sent again.")
    ]
    quirks: Annotated[Mapping[str, Any], As(description="Habits of the real PBX.")]
    callback_script: Annotated[
        Mapping[str, Any] | None,
        As(description="What phones do in a callback that nobody steers; null: they wait."),
    ]


@dataclass(frozen=True, slots=True)
class Application(Result):
    """The program that the tester's code logs in as."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Token(Result):
    """A bearer token."""

    access_token: str


@dataclass(frozen=True, slots=True)
class ExpiredTokens(Result):
    """How many tokens expired."""

    expired: int


@dataclass(frozen=True, slots=True)
class Snapshot(Result):
    """A state that was kept under a name, and the PBX's moment then."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Time(Result):
    """The PBX's time."""

    now: datetime
    frozen: bool


@dataclass(frozen=True, slots=True)
class Due(Result):
    """The PBX's time, and what comes due next in it: null when nothing does."""

    now: datetime
    frozen: bool
    kind: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Moved(Result):
    """The PBX's time, and what came due on the way, in order."""

    now: datetime
    frozen: bool
    fired: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Registration(Result):
    """One device of a phone that is online."""

    device: str
    real_address: str
    contact_address: str
    expires: Annotated[int, As(description="Seconds left, 0 when lost; or since 1970.")]
    registration_id: str


@dataclass(frozen=True, slots=True)
class Extension(Result):
    """An extension, as the API shows it."""

    id: int
    name: str
    type: str
    client_id: int
    status: str
    domain: str
    create_date: str
    label: str | None
    caller_id_name: str | None
    extension_group_id: int | None
    dial_rule_id: int | None
    dial_rule_limit: int | None
    message_did: str | None
    did_as_transfer_caller_id: str | None
    ani_rfc3325: bool
    extra_params: str | None


@dataclass(frozen=True, slots=True)
class Agent(Result):
    """Somebody who answers a queue."""

    id: int
    name: str
    status: str
    type: str
    client_id: int
    extension_id: int
    extension_name: str


@dataclass(frozen=True, slots=True)
class Agents(Result):
    """The agents of all clients."""

    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class User(Result):
    """Somebody who may log in; `level` is what it reaches."""

    id: int
    login: str
    client_id: Annotated[int, As(description="The client that it belongs to.")]
    level: str
    extension_id: int | None
    extension_group_id: int | None
    access: str
    status: str
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class NewApplication(Result):
    """A program that may log in."""

    client_id: str
    client_secret: str
    type: str
    access: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Group(Result):
    """A group of extensions."""

    id: int
    name: str
    client_id: int
    extra_params: str | None


@dataclass(frozen=True, slots=True)
class Did(Result):
    """A public number, and where it leads."""

    id: int
    name: str
    client_id: int
    extension_id: int | None
    comment: str | None
    allow_message: bool
    message_extension_id: int | None


@dataclass(frozen=True, slots=True)
class Heard(Result):
    """A sound that was played in a leg: the property that names it, its id, from when to when."""

    what: str
    sound_id: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Leg(Result):
    """One leg of a call; `extension` is the name, and `sub_call_id` the SubCallID."""

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
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class CallReport(Result):
    """How a call stands; `result` is how it ended, as in CallStatus."""

    id: Annotated[str, As("call_id")]
    api_id: Annotated[str, As("call_api_id")]
    kind: str
    caller: Annotated[str, As("from")]
    dialled: Annotated[str, As("to")]
    did: str | None
    state: str
    steps: Annotated[tuple[str, ...], As(description="Legal now.")]
    result: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class CallPicture(CallReport):
    """How a call stands, with a picture of who did what when."""

    ladder: str


@dataclass(frozen=True, slots=True)
class Calls(Result):
    """The calls that the PBX remembers, the oldest first."""

    calls: tuple[CallReport, ...]


@dataclass(frozen=True, slots=True)
class Attempt(Result):
    """One request to a receiver, and what it said; `error` is why it said nothing."""

    at: datetime
    status: int | None
    answer: bytes
    duration_us: int
    error: str | None

    @property
    def ok(self) -> bool:
        """Whether the receiver took the event with a 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def outcome(self) -> Attempt:
        """The same, by the name that it had before 0.2."""
        return self


@dataclass(frozen=True, slots=True)
class Delivery(Result):
    """One event for one url; `data` is what it tells, `attempts` what came of it.

    `status`, `answer` and `error` are those of the last attempt.
    """

    id: int
    at: datetime
    subscription_id: Annotated[int, As("subscription")]
    extension_id: Annotated[int, As("extension")]
    event_type: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    data: Mapping[str, str]
    sent: bool
    status: Annotated[int | None, As(description="What the receiver said last, if anything.")]
    ok: Annotated[bool, As(description="Whether it took the event with a 2xx in the end.")]
    outcome: Annotated[str, As(description="taken, refused, failed, or waiting: not tried yet.")]
    answer: Annotated[bytes, As(description="What came with the last status.")]
    error: Annotated[str | None, As(description="Why it said nothing.")]
    attempts: tuple[Attempt, ...]

    def __repr__(self) -> str:
        return f"<Delivery {self.id} {self.event_type} {self.url} -> {self.status}>"


@dataclass(frozen=True, slots=True)
class Deliveries(Result):
    """The events that were sent, the oldest first, and how many the list dropped."""

    deliveries: tuple[Delivery, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class Request(Result):
    """One request to the API and its answer; `status` 0 says that there was none.

    `label` is the documented operation that it asked for, `rules` are those that refused it, and
    `fault` is what the fault rule that hit it did.
    """

    number: Annotated[int, As("id")]
    at: datetime
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    label: Annotated[str | None, As("operation")]
    status: int
    answer: bytes
    duration_us: int
    rules: tuple[str, ...]
    basis: str | None
    reason: str | None
    notes: tuple[str, ...]
    fault: str | None

    def header(self, name: str) -> str:
        """That header, or an empty string."""
        name = name.lower()
        return next((text for key, text in self.headers.items() if key.lower() == name), "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """What the body holds as JSON.

        Raises:
            ValueError: it holds none.
        """
        return _json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form in the body; of one that repeats, the last."""
        return dict(parse_qsl(self.text, keep_blank_values=True))

    def __repr__(self) -> str:
        # Failed assertions show it: neither a token nor a page of text.
        return f"<Request {self.number} {self.method} {self.path} -> {self.status}>"


@dataclass(frozen=True, slots=True)
class Requests(Result):
    """The requests to the API, the oldest first, and how many the journal dropped."""

    requests: tuple[Request, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class Near(Result):
    """A request that is not quite the one, and in what it differs."""

    number: Annotated[int, As("id")]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict(Result):
    """Whether a request came as often as it should; the numbers of those that did."""

    verified: bool
    matched: tuple[int, ...]
    message: str | None
    nearest: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class FaultState(Result):
    """A rule by which requests go wrong, how often it hit, and how often it still can."""

    id: int
    operation: str
    status: int | None
    drop: bool
    reset: bool
    malformed: bool
    latency: float
    times: int | None
    probability: float
    seed: int
    body: Any
    headers: Mapping[str, str]
    fired: int
    left: int | None


@dataclass(frozen=True, slots=True)
class FaultList(Result):
    """All rules, in their order."""

    faults: tuple[FaultState, ...]


@dataclass(frozen=True, slots=True)
class Note(Result):
    """A habit of the client that a real operator may punish; `request` is the last one."""

    rule: str
    message: str
    count: int
    first_at: datetime
    last_at: datetime
    request: Annotated[str, As(description="The last one.")]


@dataclass(frozen=True, slots=True)
class NoteList(Result):
    """The notes, in the order in which they were first taken."""

    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Mail(Result):
    """A mail about a message on a voicemail; `source` is the whole of it, its sound included."""

    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    file_name: str | None
    source: str

    @property
    def message(self) -> EmailMessage:
        """The mail as mail programs read it."""
        found = message_from_string(self.source, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass(frozen=True, slots=True)
class MailList(Result):
    """The mails, the oldest first, and how many the list dropped."""

    mails: tuple[Mail, ...]
    dropped: int


@dataclass(frozen=True, slots=True)
class WorldEntry(Result):
    """A world under /worlds/: what it was started from, and whether it is still as at its start."""

    name: str
    world: str
    changed: bool


@dataclass(frozen=True, slots=True)
class WorldList(Result):
    """All of them, the one used last at the end; how many there may be, and how many made way."""

    worlds: tuple[WorldEntry, ...]
    limit: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Share(Result):
    """A part of what is documented."""

    exercised: int
    documented: int
    percent: float


@dataclass(frozen=True, slots=True)
class Exercised(Result):
    """How often an operation answered with each status, and the documented ones left."""

    operation: str
    statuses: Mapping[str, int]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage(Result):
    """What was exercised since the PBX began, resets included."""

    operations: Share
    statuses: Share
    exercised: tuple[Exercised, ...]
    missing: tuple[str, ...]
