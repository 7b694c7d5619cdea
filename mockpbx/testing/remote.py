"""A PBX on a server that runs elsewhere, as an object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any
from urllib.parse import quote

import urllib3

from ..config import Config
from ..core import masking
from ..core.clock import parse_moment
from ..core.stopwatch import Stopwatch
from ..core.user_agent import USER_AGENT
from ..worlds import find
from .verification import story
from .verification.asking import check_seconds, verify
from .verification.count import Count
from .verification.deliveries import Wanted, unanswered

TIMEOUT_S = 30
#: Seconds between two looks at what a server does.
POLL_S = 0.05

_HERE_ONLY = frozenset(
    {
        "add_extension",
        "app",
        "deliver_to",
        "fork",
        "httpx_transport",
        "intercept",
        "session",
        "world",
    }
)


#: What a call tells, by the name under which the control API shows it.
_SHOWN_AS = {
    "api_id": "call_api_id",
    "kind": "kind",
    "caller": "from",
    "dialled": "to",
    "did": "did",
    "state": "state",
    "steps": "steps",
    "result": "result",
}
_MOMENTS = ("started_at", "answered_at", "ended_at")


class RemoteError(RuntimeError):
    """The server refused, or does not answer; the message says why."""


RemoteFault = RemoteError  # its name before 0.2, for one release


class Seen:
    """A delivery, an extension or a leg as the server shows it: its fields are attributes."""

    def __init__(self, shown: Mapping[str, Any]) -> None:
        self.shown = shown

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("shown", ()):
            return self.shown[name]
        raise AttributeError(name)

    def as_json(self) -> dict[str, Any]:
        """It as the control API shows it."""
        return dict(self.shown)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {masking.value(self.as_json())}>"


class RemoteExchange(Seen):
    """A request to a PBX elsewhere, and its answer."""

    @property
    def number(self) -> int:
        """Its number in the journal."""
        return int(self.shown["id"])

    @property
    def method(self) -> str:
        """Its method."""
        return str(self.shown["method"])

    @property
    def path(self) -> str:
        """Its path."""
        return str(self.shown["path"])

    @property
    def query(self) -> str:
        """Its query."""
        return str(self.shown["query"])

    @property
    def status(self) -> int:
        """How it was answered; 0 when it was not."""
        return int(self.shown["status"])

    @property
    def body(self) -> bytes:
        """Its body."""
        return str(self.shown["body"]).encode()

    @property
    def label(self) -> str | None:
        """The operation that it asked for, or None."""
        found: str | None = self.shown["operation"]
        return found

    def header(self, name: str) -> str:
        """That header, or an empty string."""
        found = self.shown["headers"].items()
        return next((str(text) for key, text in found if key.lower() == name.lower()), "")


class RemoteJournal:
    """The requests that such a PBX saw, read anew each time."""

    def __init__(self, pbx: RemotePBX) -> None:
        self._pbx = pbx
        self.dropped = 0

    def __iter__(self) -> Iterator[RemoteExchange]:
        found = self._pbx.ask("GET", "/requests")
        self.dropped = found["dropped"]
        return iter([RemoteExchange(one) for one in found["requests"]])

    def __len__(self) -> int:
        return len(self._pbx.ask("GET", "/requests")["requests"])

    def wait_for(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Whether that is so, or becomes so within so many seconds of real time."""
        until, pause = Stopwatch.read_s() + seconds, Event()
        while not wanted():
            if Stopwatch.read_s() >= until:
                return False
            pause.wait(POLL_S)
        return True


class RemotePBX:
    """What `MockPBX` is, for a server that runs elsewhere, such as in a container.

    It speaks to the control API. What needs this process (`session`, `httpx_transport`,
    `intercept`, `deliver_to`, `fork`, `add_extension`) it refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.clock = RemoteClock(self)
        self.faults = RemoteFaults(self)
        self._over: str | None = None
        # Whatever proxy the environment names is for other hosts.
        self._http = urllib3.PoolManager(
            retries=False, timeout=TIMEOUT_S, headers={"User-Agent": USER_AGENT}
        )

    def begin(self, config: Config) -> None:
        """The server's world is as at its start, or as this configuration's world says.

        Raises:
            ValueError: the configuration is one that a server has to be started with.
        """
        usual = Config()
        for name in ("readings", "rate_limits", "seed", "journal_limit", "quirks"):
            if getattr(config, name) != getattr(usual, name):
                raise ValueError(f"{name}: a running server keeps its own; start it with that")
        try:
            if not isinstance(self.ask("GET", "/health"), dict):
                raise RemoteError(f"what answers at {self.url} is no mockpbx")
            self.ask("POST", "/reset")
            if config.world != usual.world:
                self.ask("PUT", "/state", _content(config.world))
            if config.freeze:
                self.clock.freeze()
        except RemoteError as fault:
            raise ValueError(str(fault)) from fault

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the control API answers.

        Raises:
            RemoteError: it refuses, or nobody answers.
            RuntimeError: the test that the PBX belonged to is over.
        """
        if self._over is not None:
            raise RuntimeError(self._over)
        return self._ask(method, f"{self.url}/_mockpbx{path}", body)

    def _ask(self, method: str, url: str, body: Any = None, **options: Any) -> Any:
        if body is not None:
            options["json"] = body
        try:
            answer = self._http.request(method, url, **options)
        except urllib3.exceptions.HTTPError:
            raise RemoteError(f"no mockpbx answers at {self.url}") from None
        try:
            found = json.loads(answer.data) if answer.data else None
        except ValueError:
            raise RemoteError(f"what answers at {self.url} is no mockpbx") from None
        if answer.status >= 400:
            message = found.get("message", "") if isinstance(found, dict) else str(found)
            raise RemoteError(str(message))
        return found

    @property
    def api_url(self) -> str:
        """Where the REST API answers."""
        return f"{self.url}/api/ver1.0"

    @property
    def app_id(self) -> str:
        """The client_id of the world's first trusted application."""
        return str(self._application()["client_id"])

    @property
    def app_secret(self) -> str:
        """Its client_secret."""
        return str(self._application()["client_secret"])

    def token(self) -> str:
        """A new bearer token of that application."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.app_secret,
        }
        answer = self._ask("POST", f"{self.url}/oauth/token", fields=fields, encode_multipart=False)
        return str(answer["access_token"])

    def register(self, extension: int | str, **fields: Any) -> dict[str, Any]:
        """The extension's phone is online; `fields` are those of `MockPBX.register`."""
        body = {"extension": str(extension), **fields}
        found: dict[str, Any] = self.ask("POST", "/registrations", body) or {}
        return found

    def unregister(self, extension: int | str) -> None:
        """None of the extension's phones is online any more."""
        self.register(extension, contact_address="*", expires=0)

    def extension(self, name_or_id: int | str) -> Seen:
        """The extension with that id, number or whole name.

        Raises:
            RemoteError: there is none.
        """
        wanted = str(name_or_id)
        for client in self.ask("GET", "/state")["clients"]:
            for one in client["extensions"]:
                if wanted in (str(one["id"]), one["name"], one["name"].rpartition("*")[2]):
                    return Seen({**one, "client_id": client["id"]})
        raise RemoteError(f"there is no extension {wanted}")

    def incoming_call(
        self,
        caller: str,
        to: str | None = None,
        did: str | None = None,
        name: str | None = None,
        script: Mapping[str, Any] | None = None,
    ) -> RemoteCall:
        """Somebody outside calls, as in `MockPBX.incoming_call`."""
        return self._call(kind="incoming", to=to, did=did, name=name, script=script, caller=caller)

    def outgoing_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> RemoteCall:
        """The extension's phone dials a number outside."""
        return self._call(kind="outgoing", to=to, script=script, caller=str(extension))

    def internal_call(
        self, extension: int | str, to: str, script: Mapping[str, Any] | None = None
    ) -> RemoteCall:
        """The extension's phone dials another extension."""
        return self._call(kind="internal", to=to, script=script, caller=str(extension))

    def _call(self, caller: str, **fields: Any) -> RemoteCall:
        body = {name: value for name, value in fields.items() if value is not None}
        return RemoteCall(self, self.ask("POST", "/calls", {"from": caller, **body})["call_id"])

    def message(self, from_: str, to: str, text: str) -> None:
        """A text message came in or went out."""
        self.ask("POST", "/messages", {"from": from_, "to": to, "text": text})

    @property
    def requests(self) -> list[RemoteExchange]:
        """The requests to the API with their answers, the oldest first."""
        return list(RemoteJournal(self))

    @property
    def deliveries(self) -> list[Seen]:
        """The events that were sent, the oldest first, each with its attempts."""
        return [Seen(one) for one in self.ask("GET", "/deliveries")["deliveries"]]

    @property
    def notes(self) -> list[dict[str, Any]]:
        """The habits of the client that a real operator may punish."""
        found: list[dict[str, Any]] = self.ask("GET", "/notes")["notes"]
        return found

    def reset(self) -> None:
        """The PBX is as at the server's start."""
        self.ask("POST", "/reset")

    def snapshot(self, name: str = "mockpbx") -> str:
        """The present state, for `restore`; answers its name."""
        self.ask("POST", "/snapshots", {"name": name})
        return name

    def restore(self, snapshot: str) -> None:
        """The PBX is as at that snapshot."""
        self.ask("POST", f"/snapshots/{quote(snapshot, safe='')}/restore")

    def assert_requested(
        self,
        method: str,
        path: str,
        *,
        times: int | None = None,
        at_least: int | None = None,
        within: float = 0,
        **asked: Any,
    ) -> None:
        """Such a request came, as in `MockPBX.assert_requested`.

        Raises:
            AssertionError: it did not; the nearest requests are shown with what differed.
            LookupError: the path is none of the documentation; the nearest is named.
        """
        __tracebackhide__ = True
        self._verify(method, path, Count(times, at_least), within, asked)

    def assert_not_requested(self, method: str, path: str, **asked: Any) -> None:
        """No such request came."""
        __tracebackhide__ = True
        self._verify(method, path, Count(times=0), asked.pop("within", 0), asked)

    def wait_for_request(
        self, method: str, path: str, *, timeout: float = 5, **asked: Any
    ) -> RemoteExchange:
        """The first such request, which may come within so many seconds of real time."""
        __tracebackhide__ = True
        check_seconds("timeout", timeout)
        found: RemoteExchange = self._verify(method, path, Count(), timeout, asked)[0]
        return found

    def _verify(
        self, method: str, path: str, count: Count, within: float, asked: Mapping[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        from .. import catalog

        verdict = verify(RemoteJournal(self), catalog(), method, path, count, within, asked)
        if not verdict.verified:
            raise AssertionError(verdict.failure)
        return verdict.matched

    def wait_for_delivery(
        self,
        event_type: str | None = None,
        *,
        extension: int | str | None = None,
        url: str | None = None,
        data: Mapping[str, Any] | None = None,
        timeout: float = 5,
    ) -> Seen:
        """The first such event that was sent, within so many seconds of real time."""
        __tracebackhide__ = True
        number = None if extension is None else self.extension(extension).id
        wanted = Wanted(event_type, number, url, data or {})
        check_seconds("timeout", timeout)
        found: list[Seen] = []

        def is_there() -> bool:
            told = (one for one in self.deliveries if one.attempts)
            found[:] = [one for one in told if wanted.is_told(one.as_json())][:1]
            return bool(found)

        if RemoteJournal(self).wait_for(is_there, timeout):
            return found[0]
        raise AssertionError(wanted.missed(timeout, [one.as_json() for one in self.deliveries]))

    def assert_all_answered(self) -> None:
        """Every event that was sent up to now was answered with a 2xx in the end."""
        __tracebackhide__ = True
        text = unanswered([one.as_json() for one in self.deliveries])
        if text:
            raise AssertionError(text)

    def exercised(self) -> dict[tuple[str, int], int]:
        """How often each operation answered with each status since the last `reset`."""
        counts: dict[tuple[str, int], int] = {}
        for one in self.requests:
            if one.label is not None and one.fault is None:
                key = one.label, one.status
                counts[key] = counts.get(key, 0) + 1
        return counts

    def story(self) -> str:
        """What happened, as text: requests, notes, deliveries and calls."""
        calls = self.ask("GET", "/calls")["calls"]
        return story.told(
            self.ask("GET", "/health")["world"],
            {},
            self.ask("GET", "/requests")["requests"],
            self.notes,
            self.ask("GET", "/deliveries")["deliveries"],
            [self.ask("GET", f"/calls/{call['call_id']}")["ladder"] for call in calls],
        )

    def undocumented(self) -> list[str]:
        """The requests to paths that the PBX does not have, a line each."""
        return story.undocumented(self.ask("GET", "/requests")["requests"])

    def end(self, reason: str) -> None:
        """Whoever uses the PBX again is told that reason."""
        self.close()
        self._over = reason

    def close(self) -> None:
        """All connections are closed."""
        self._http.clear()

    def __enter__(self) -> RemotePBX:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        if name in _HERE_ONLY:
            text = f"{name}: only a PBX in this process has it, not the one at {self.url}"
            raise RemoteError(text)
        raise AttributeError(name)

    def _application(self) -> dict[str, Any]:
        for client in self.ask("GET", "/state")["clients"]:
            for one in client["applications"]:
                if one["type"] == "trusted":
                    found: dict[str, Any] = one
                    return found
        raise RemoteError("the world has no trusted application")


class RemoteClock:
    """The time of such a PBX."""

    def __init__(self, pbx: RemotePBX) -> None:
        self._pbx = pbx

    def now(self) -> datetime:
        """The PBX's present moment, in UTC."""
        return parse_moment(self._pbx.ask("GET", "/clock")["now"])

    def advance(self, seconds: float | timedelta) -> list[dict[str, Any]]:
        """Time moves forward; answers what came due on the way, in order."""
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        return self._moved("advance", {"seconds": seconds})

    def move_to(self, moment: datetime) -> list[dict[str, Any]]:
        """It is that moment, UTC when it has no zone; answers what came due on the way.

        Raises:
            TypeError: it is no datetime.
        """
        if not isinstance(moment, datetime):
            raise TypeError(f"moment: must be a datetime, not {moment!r}")
        return self._moved("move_to", {"moment": moment.isoformat()})

    def freeze(self) -> None:
        """Time stands still."""
        self._pbx.ask("POST", "/clock/freeze")

    def run(self) -> None:
        """Time runs on."""
        self._pbx.ask("POST", "/clock/run")

    def _moved(self, step: str, body: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._pbx.ask("POST", f"/clock/{step}", body)["fired"]
        return found


class RemoteFaults:
    """The rules by which requests to such a PBX go wrong."""

    def __init__(self, pbx: RemotePBX) -> None:
        self._pbx = pbx

    def add(self, operation: str = "*", **fields: Any) -> Seen:
        """Requests go wrong from now on, as in `MockPBX.faults.add`; answers the rule."""
        return Seen(self._pbx.ask("POST", "/faults", {"operation": operation, **fields}))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._pbx.ask("DELETE", "/faults")

    def __iter__(self) -> Iterator[Seen]:
        return iter([Seen(one) for one in self._pbx.ask("GET", "/faults")["faults"]])

    def __len__(self) -> int:
        return len(self._pbx.ask("GET", "/faults")["faults"])


class RemoteCall:
    """A call at such a PBX; each step answers the call itself once its events were sent."""

    def __init__(self, pbx: RemotePBX, call_id: str) -> None:
        self._pbx = pbx
        self.id = call_id

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = self._pbx.ask("GET", f"/calls/{self.id}")
        return found

    def _step(self, name: str, body: Any = None) -> RemoteCall:
        self._pbx.ask("POST", f"/calls/{self.id}/{name}", body)
        return self

    def __getattr__(self, name: str) -> Any:
        """What a call in this process tells, by the same name: `state`, `result`, `caller`."""
        if name in _MOMENTS:
            moment = self._read()[name]
            return None if moment is None else parse_moment(moment)
        if name in _SHOWN_AS:
            return self._read()[_SHOWN_AS[name]]
        raise AttributeError(name)

    def __repr__(self) -> str:
        shown = self._read()
        return f"<RemoteCall {self.id} {shown['from']} -> {shown['to']}: {shown['state']}>"

    @property
    def legs(self) -> list[Seen]:
        """Its legs in the order in which they began."""
        return [Seen(leg) for leg in self._read()["legs"]]

    def ladder(self) -> str:
        """A picture of who did what when."""
        return str(self._read()["ladder"])

    def ring(self) -> RemoteCall:
        """It rings: nothing changes."""
        return self._step("ring")

    def answer(self, extension: int | str | None = None) -> RemoteCall:
        """Whoever rings picks up."""
        return self._step("answer", _who(extension))

    def decline(self, extension: int | str | None = None) -> RemoteCall:
        """Whoever rings refuses."""
        return self._step("decline", _who(extension))

    def hang_up(self) -> RemoteCall:
        """It is over."""
        return self._step("hang_up")

    def hold(self) -> RemoteCall:
        """The conversation is put on hold, or taken up again."""
        return self._step("hold")

    def transfer(self, to: str, attended: bool = False) -> RemoteCall:
        """The extension that talks passes the call on."""
        return self._step("transfer", {"to": to, "attended": attended})

    def press(self, key: str) -> RemoteCall:
        """A key is pressed."""
        return self._step("press", {"key": key})

    def leave_message(self) -> RemoteCall:
        """The caller speaks to the voicemail."""
        return self._step("leave_message")

    def talk(self, seconds: float) -> RemoteCall:
        """Time moves on while they talk."""
        self._pbx.clock.advance(seconds)
        return self


def _who(extension: int | str | None) -> Any:
    return None if extension is None else {"extension": str(extension)}


def _content(world: Any) -> Any:
    if isinstance(world, (str, Path)):
        return json.loads(find(world).read_text(encoding="utf-8"))
    return world
