"""A PBX on a server elsewhere, over its control API."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar
from urllib.parse import quote, urlencode

import urllib3
from marshmallow import ValidationError

from ..config import Config
from ..core import errors
from ..core.stopwatch import Deadline
from ..core.user_agent import USER_AGENT
from ..settings import NAMES, parts, plain
from ..web.prefix import CONTROL
from ..worlds import find
from .command import Command, as_json, part
from .commands import state, traffic
from .invoker import NOTHING, given
from .pbx import PBX

if TYPE_CHECKING:
    from ..web.catalog import Catalog
    from .results import Delivery, Request

T = TypeVar("T")

TIMEOUT_S = 30
#: Seconds between two looks at what a server does.
POLL_S = 0.05
#: Entries of a long list that are asked for at once.
PAGE = 1000

#: What a refusal is, by its status.
_REFUSALS: Mapping[int, type[errors.RefusalError]] = {
    400: errors.InvalidError,
    401: errors.UnauthorizedError,
    403: errors.AccessDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    413: errors.TooLargeError,
    421: errors.MisdirectedError,
    429: errors.LimitReachedError,
}
#: The end of the address of one of a server's worlds.
_WORLD = re.compile(r"/worlds/[^/]+$")
_HERE_ONLY = frozenset(
    {"app", "deliver_to", "fork", "httpx_transport", "intercept", "session", "world"}
)


class RemoteError(RuntimeError):
    """The server does not answer, or is none of mockpbx; the message says which."""


RemoteFault = RemoteError  # its name before 0.2, for one release


class RemoteHistory(Generic[T]):
    """What the server remembers of one kind, read anew each time, page by page."""

    def __init__(
        self, read: Callable[[int], tuple[tuple[T, ...], int]], number: Callable[[T], int]
    ) -> None:
        self._read = read
        self._number = number
        self.dropped = 0

    def __iter__(self) -> Iterator[T]:
        after, is_whole = 0, True
        while is_whole:
            found, self.dropped = self._read(after)
            yield from found
            is_whole = len(found) == PAGE
            after = self._number(found[-1]) if found else after

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def wait_for(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Whether that is so, or becomes so within so many seconds of real time."""
        deadline, pause = Deadline(seconds), Event()
        while not wanted():
            if deadline.rest <= 0:
                return False
            pause.wait(POLL_S)
        return True


class Remote:
    """Has commands done by the server at an address.

    Raises, from each command:
        RemoteError: nobody answers there, or what answers is no mockpbx.
    """

    def __init__(self, url: str, control_token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.over: str | None = None
        # Whatever proxy the environment names is for other hosts.
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)
        self._headers = {"User-Agent": USER_AGENT}
        if control_token:
            self._headers["Authorization"] = f"Bearer {control_token}"

    def do(
        self, command: Command[Any], fields: Mapping[str, Any] = NOTHING, /, **path: Any
    ) -> None:
        """Have it done, and forget what it answers."""
        self.send(command, fields, path)

    def ask(self, command: Command[T], fields: Mapping[str, Any] = NOTHING, /, **path: Any) -> T:
        """Have it done; answers its result."""
        found = self.send(command, fields, path)
        kind: Any = command.answers
        if found is not None and kind is not None:
            try:
                many = command.many
                found = list(map(kind.from_json, found)) if many else kind.from_json(found)
            except (ValidationError, TypeError, AttributeError) as error:
                raise self._stranger() from error
        answer: T = found
        return answer

    def begin(self, command: Command[Any], fields: Mapping[str, Any]) -> str:
        """Have it begin a call; answers the CallID."""
        return str(self.ask(command, fields).id)

    def send(
        self, command: Command[Any], fields: Mapping[str, Any], path: Mapping[str, Any]
    ) -> Any:
        """The JSON that the server answers to that command; None when that is nothing.

        Raises:
            RefusalError: of the class that the same command raises in this process.
            RuntimeError: the test that the PBX belonged to is over.
        """
        if self.over is not None:
            raise RuntimeError(self.over)
        body: Any = None
        if command.takes is not None:
            fields = given(fields)
            command.load(fields)  # refused here as there, in the same words, without a journey
            body = None if command.asks_by_query else fields
        elif command.raw is not None:
            body = command.whole(fields)
        target = command.path
        for name, value in path.items():
            target = target.replace(f"<{name}>", in_path(part(name, value)))
        if command.asks_by_query and fields:
            target += f"?{urlencode(fields)}"
        url = _WORLD.sub("", self.url) if command.of_process else self.url
        return self._answer(command.method, url + CONTROL + target, body)

    def close(self) -> None:
        """All connections are closed."""
        self._http.clear()

    @property
    def requests(self) -> RemoteHistory[Request]:
        """The requests to the API."""

        def read(after: int) -> tuple[tuple[Request, ...], int]:
            found = self.ask(traffic.requests, {"after": after, "limit": PAGE})
            return found.requests, found.dropped

        return RemoteHistory(read, lambda one: one.number)

    @property
    def deliveries(self) -> RemoteHistory[Delivery]:
        """The events that were sent."""

        def read(after: int) -> tuple[tuple[Delivery, ...], int]:
            found = self.ask(traffic.deliveries, {"after": after, "limit": PAGE})
            return found.deliveries, found.dropped

        return RemoteHistory(read, lambda one: one.id)

    @property
    def catalog(self) -> Catalog:
        """The documented operations."""
        from .. import catalog

        return catalog()

    def _answer(self, method: str, url: str, body: Any) -> Any:
        headers = dict(self._headers)
        content = None
        if body is not None:
            content = as_json(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            answer = self._http.request(method, url, body=content, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise RemoteError(f"no mockpbx answers at {self.url}") from error
        try:
            found = json.loads(answer.data) if answer.data else None
        except ValueError as error:
            raise self._stranger() from error
        if answer.status >= 400:
            self._refuse(answer, found)
        return found

    def _refuse(self, answer: urllib3.BaseHTTPResponse, found: Any) -> NoReturn:
        if not isinstance(found, dict) or "X-Mockpbx-Reason" not in answer.headers:
            raise self._stranger()
        kind = _REFUSALS.get(answer.status)
        message = str(found.get("message", ""))
        if kind is None:
            raise RemoteError(f"the server at {self.url} answered {answer.status}: {message}")
        rules = tuple(filter(None, answer.headers.get("X-Mockpbx-Rule", "").split(", ")))
        reason = codecs.decode(answer.headers["X-Mockpbx-Reason"], "unicode_escape", "ignore")
        if message.startswith(reason):
            reason = message  # the header holds no more of a long one
        raise kind(rules, message, reason=reason, body=found)

    def _stranger(self) -> RemoteError:
        return RemoteError(f"what answers at {self.url} is no mockpbx")


class RemotePBX(PBX):
    """What `MockPBX` is, for a server that runs elsewhere, such as in a container.

    It speaks to the control API, and answers and raises the same. What needs this process
    (`session`, `httpx_transport`, `intercept`, `deliver_to`, `fork`, `app`, `world`) it refuses.
    `control_token` is the one that the server was started with; a server shows secrets in
    requests, such as passwords and tokens, only to who has it, and `***` to others.
    """

    def __init__(self, url: str, control_token: str | None = None) -> None:
        self._remote = Remote(url, control_token)
        self._before: Counter[tuple[str, int]] = Counter()
        super().__init__(self._remote)

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return self._remote.url

    def begin(self, config: Config) -> None:
        """The server's world is as at its start, but for what this configuration says.

        Raises:
            ValueError: no server answers there, or it refuses.
        """
        usual = Config()
        wanted = {
            name: plain(found) if name in parts() else found
            for name in NAMES
            if (found := getattr(config, name)) != getattr(usual, name)
        }
        try:
            self._ask(state.health)
            self.reset()
            if wanted:
                self.settings.change(**wanted)
            if config.world != usual.world:
                self.put_state(_content(config.world))
            if config.freeze is not None:
                (self.clock.freeze if config.freeze else self.clock.run)()
            self._before = super().exercised()
        except (RemoteError, errors.UnauthorizedError) as error:
            raise ValueError(str(error)) from error

    def exercised(self) -> Counter[tuple[str, int]]:
        """How often each operation answered with each status since `begin`."""
        return super().exercised() - self._before

    def end(self, reason: str) -> None:
        """Whoever uses the PBX again is told that reason."""
        self.close()
        self._remote.over = reason

    def close(self) -> None:
        """All connections are closed."""
        self._remote.close()

    def __getattr__(self, name: str) -> Any:
        if name in _HERE_ONLY:
            text = f"{name}: only a PBX in this process has it, not the one at {self.url}"
            raise RemoteError(text)
        raise AttributeError(name)


def in_path(value: str) -> str:
    """The value as a part of a path, also when it has slashes or is dots.

    It is quoted twice: servers take `%2F` and `/` for the same, and clients leave `.` out.
    """
    return quote(quote(value, safe="").replace(".", "%2E"), safe="")


def _content(world: Any) -> Any:
    if isinstance(world, (str, Path)):
        return json.loads(find(world).read_text(encoding="utf-8"))
    return world
