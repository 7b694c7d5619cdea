"""Properties of phones that a tester can observe in calls."""

from __future__ import annotations

import pytest

from tests.calls.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


@pytest.mark.fact("PHN-10", "DAT-9")
@pytest.mark.parametrize(("label", "name"), [(None, "Anna"), ("Reception", "Reception")])
def test_a_label(desk: Desk, label: str | None, name: str) -> None:
    """A colleague sees the label of the phone that calls, or else its name."""
    desk.phone("101", label=label)
    desk.internal("101", "102")
    dialling, rings = desk.events()
    assert (dialling["CallerIDName"], rings["CallerIDName"]) == ("Anna", name)


@pytest.mark.fact("PHN-10", "CBK-3")
def test_a_label_in_a_callback(desk: Desk) -> None:
    """Who is dialled by a callback sees the label of its owner."""
    desk.phone("101", label="Reception")
    call = desk.step(desk.callback("101", ["101"], "103"), "answer")
    assert desk.events()[-1]["CallerIDName"] == "Reception"
    assert desk.ringing(call) == ["103"]
