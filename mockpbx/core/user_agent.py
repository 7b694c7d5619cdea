"""What mockpbx calls itself when it is the client."""

from __future__ import annotations

USER_AGENT = "mockpbx"
