"""The log on stderr: a line for each request, delivery and message."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..core.clock import Clock, stamp_us
from ..core.user_agent import USER_AGENT

if TYPE_CHECKING:
    from ..server.gateway import Answer
    from .lines import Lines

_COLOURS = {"2": 32, "3": 36, "4": 33, "5": 31}


class AccessLog(logging.Handler):
    """Writes requests, deliveries and messages as lines of text or JSON.

    Requests are told by the server, deliveries by way of logging. With `quiet` neither is.
    """

    def __init__(
        self, lines: Lines, *, as_json: bool = False, quiet: bool = False, coloured: bool = False
    ) -> None:
        super().__init__()
        self.is_quiet = quiet
        self._lines = lines
        self._as_json = as_json
        self._coloured = coloured

    def request(self, answer: Answer) -> None:
        """Write a request and its answer; what mockpbx's own clients read is left out."""
        environ = answer.environ
        target = answer.target.decode("latin-1")
        own = environ.get("HTTP_USER_AGENT") == USER_AGENT and "/_mockpbx/" in target
        if self.is_quiet or (own and answer.method == "GET"):
            return
        headers = dict(answer.headers)
        self._tell(
            "request",
            {
                "client": answer.client,
                "world": _world(environ),
                "request": f"{answer.method} {_masked(target) if '?' in target else target}",
                "status": answer.status or "dropped",
                "rule": headers.get("X-Mockpbx-Rule"),
                "reason": headers.get("X-Mockpbx-Reason"),
            },
        )

    @contextmanager
    def of_deliveries(self) -> Iterator[None]:
        """Write deliveries, too, while inside."""
        logger = logging.getLogger("mockpbx.deliveries")
        logger.addHandler(self)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.propagate = True

    def emit(self, record: logging.LogRecord) -> None:
        """Write an attempt of a delivery."""
        told = getattr(record, "delivery", None)
        if told is not None and not self.is_quiet:
            self._tell("delivery", {**told, "request": _masked(told["request"])})

    def message(self, line: str) -> None:
        """Write a message of mockpbx itself."""
        if self._as_json:
            self._tell("message", {"message": line})
        else:
            self._lines.add(_printable(line))

    def _tell(self, kind: str, told: dict[str, Any]) -> None:
        at = stamp_us(Clock().now())
        told = {name: value for name, value in told.items() if value is not None}
        if self._as_json:
            self._lines.add(json.dumps({"at": at, "kind": kind, **told}))
            return
        line = _printable(" ".join([at[11:23], *map(str, told.values())]))
        colour = _COLOURS.get(str(told.get("status"))[0]) if self._coloured else None
        self._lines.add(line if colour is None else f"\x1b[{colour}m{line}\x1b[0m")


def _world(environ: dict[str, Any]) -> str | None:
    """The name in the path, or that of the default world's file."""
    world = environ.get("mockpbx.world")
    named: str = environ.get("SCRIPT_NAME", "").rpartition("/")[2]
    return None if world is None else named or world.start.name


def _masked(text: str) -> str:
    from ..core import masking  # its patterns cost the start more than all the rest of a log

    return masking.text(text)


def _printable(line: str) -> str:
    """The line with control characters escaped, which a terminal would obey."""
    if line.isascii() and line.isprintable():
        return line
    return "".join([one if one.isprintable() or one == "\t" else _escaped(one) for one in line])


def _escaped(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
