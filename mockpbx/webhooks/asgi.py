"""An ASGI application as a receiver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, urlsplit

from ..core.address import WEB
from ..core.user_agent import USER_AGENT
from .transport import ANSWER_LIMIT, ReceiverAnswerError, Request


def through_asgi(app: Callable[..., Any], request: Request) -> tuple[int, bytes]:
    """The application's status and body.

    It runs in a thread and a loop of its own: whoever causes the event may be in a loop.
    """
    with ThreadPoolExecutor(1, "mockpbx asgi") as threads:
        return threads.submit(lambda: asyncio.run(_ask(app, request))).result()


async def _ask(app: Callable[..., Any], request: Request) -> tuple[int, bytes]:
    status, body, taken = 0, bytearray(), False

    async def receive() -> Mapping[str, Any]:
        nonlocal taken
        if taken:
            return {"type": "http.disconnect"}
        taken = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await app(_scope(request), receive, send)
    if not status:
        raise ReceiverAnswerError(f"{app!r} has sent no answer")
    return status, bytes(body[:ANSWER_LIMIT])


def _scope(request: Request) -> dict[str, Any]:
    parts = urlsplit(request.url)
    path = parts.path or "/"
    headers = {
        "host": parts.netloc.rpartition("@")[2],
        "user-agent": USER_AGENT,
        "content-length": str(len(request.body)),
        **{name.lower(): value for name, value in request.headers},
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname or "", parts.port or WEB[parts.scheme]),
    }
