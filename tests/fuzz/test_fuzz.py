"""Both doors give the same answers, and the fuzzer sees when they do not."""

from __future__ import annotations

from typing import Any

import pytest

from .doors import Found, InProcess, round_of
from .requests import Sent


def test_a_short_round() -> None:
    """Of sixty odd requests each is answered alike, and most statuses of the API come."""
    statuses = round_of(1, 60)
    assert set(statuses) >= {200, 400, 404}
    assert max(statuses) < 500


def test_doors_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that only one door gives is found, and the request is shown."""
    ask = InProcess.ask

    def other(door: InProcess, sent: Sent) -> Any:
        heard = ask(door, sent)
        return heard if sent.method == "POST" else type(heard)(299, heard.headers, heard.body)

    monkeypatch.setattr(InProcess, "ask", other)
    with pytest.raises(Found, match="the doors differ\n"):
        round_of(1, 60)


def test_a_refusal_that_changes_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a refused request has changed is found, and the places are named."""
    ask = InProcess.ask

    def forgetful(door: InProcess, sent: Sent) -> Any:
        heard = ask(door, sent)
        if heard.status == 404:
            ask(door, Sent("POST", "/_mockpbx/extensions", (), b"{}"))
        return heard

    monkeypatch.setattr(InProcess, "ask", forgetful)
    with pytest.raises(Found, match=r"(?s)a refusal changed the world\n.*/clients/0/extensions/"):
        round_of(1, 60)
