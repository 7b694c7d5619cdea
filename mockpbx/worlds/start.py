"""Who does a world's jobs, and who carries what it sends."""

from __future__ import annotations

from collections.abc import Mapping

from ..calls.timers import HANDLERS as CALL_JOBS
from ..config import Config
from ..core.scheduler import Handler
from ..webhooks.outbox import RETRY, Outbox, retry
from ..webhooks.publish import publish_agent
from ..webhooks.transport import Transport


def handlers() -> Mapping[str, Handler]:
    """Who does the jobs that come due in a world."""
    return {**CALL_JOBS, RETRY: retry, "publish_agent": publish_agent}


def courier(config: Config) -> Outbox:
    """Who carries what a world sends."""
    return Outbox(Transport(config.delivery_timeout_s))
