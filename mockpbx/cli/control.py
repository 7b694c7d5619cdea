"""The control API of a running server, as the commands use it."""

from __future__ import annotations

import json
from typing import Any

import click

from ..core.user_agent import USER_AGENT
from .errors import CommandFailedError

TIMEOUT_S = 30

url_option = click.option(
    "--url",
    default="http://127.0.0.1:8900",
    show_default=True,
    envvar="MOCKPBX_URL",
    help="The running server, with /worlds/NAME for another world.",
)


def ask(url: str, method: str, path: str, body: object = None) -> Any:
    """What the server at that url answers; None when that is nothing.

    Raises:
        CommandFailedError: no server answers there, or it refuses; with its reason.
    """
    import urllib3

    try:
        answer = urllib3.PoolManager(retries=False).request(
            method,
            f"{url.rstrip('/')}/_mockpbx{path}",
            json=body,
            headers={"User-Agent": USER_AGENT},
            timeout=TIMEOUT_S,
        )
    except urllib3.exceptions.HTTPError as fault:
        raise CommandFailedError(f"no server answers at {url}") from fault
    text = answer.data.decode("utf-8", "replace")
    if answer.status >= 400:
        raise CommandFailedError(_message_of(text))
    try:
        return json.loads(text) if text else None
    except ValueError as fault:
        raise CommandFailedError(f"what answers at {url} is no mockpbx") from fault


def _message_of(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, TypeError, KeyError):
        return text
