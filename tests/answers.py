"""How tests look at answers."""

from __future__ import annotations

from typing import Any, NamedTuple

from werkzeug.test import TestResponse


class Refused(NamedTuple):
    """A refusal: what the vendor says, and what mockpbx adds for the tester."""

    status: int
    body: Any
    rule: str | None
    basis: str | None


def refused(answer: TestResponse) -> Refused:
    """Status, body, rule and basis of a refusal."""
    headers = answer.headers
    return Refused(
        answer.status_code,
        answer.json,
        headers.get("X-Mockpbx-Rule"),
        headers.get("X-Mockpbx-Basis"),
    )


def answered(answer: TestResponse) -> tuple[int, Any]:
    """Status and body of an answer, None for no body."""
    return answer.status_code, answer.json if answer.data else None


def json_of(answer: TestResponse) -> Any:
    """The JSON of an answer, of whatever shape."""
    return answer.json
