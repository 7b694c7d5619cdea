"""`/_mockpbx/settings`: by what a world goes, read and changed at run time."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx.settings import NAMES

from ..answers import json_of
from ..conftest import Caller

PATH = "/_mockpbx/settings"


def test_read(office: Caller) -> None:
    """All settings are shown."""
    answer = office.get(PATH)
    assert answer.status_code == 200
    shown = json_of(answer)
    assert tuple(shown) == NAMES
    assert shown["retry_delays_s"] == []
    assert shown["callback_script"] == {"answer_after": 2, "talk": 30}


def test_changed(office: Caller) -> None:
    """The answer shows all settings as they are then; null takes a callback's script away."""
    before = json_of(office.get(PATH))
    sent = {"readings": {"bundle_delete": "no_content"}, "callback_script": None}
    answer = office.send("PATCH", PATH, json=sent)
    wanted = {**before, "callback_script": None}
    wanted["readings"] = {**before["readings"], "bundle_delete": "no_content"}
    assert (answer.status_code, answer.json) == (200, wanted)
    assert json_of(office.get(PATH)) == wanted


def test_an_answer_is_written_by_the_readings_of_its_time(office: Caller) -> None:
    """A reading of how an answer is written holds from the next request on."""
    path = "/extension/@101/event/"
    assert office.get(path + "/").status_code == 200
    assert office.send("PATCH", PATH, json={"readings": {"slashes": "strict"}}).status_code == 200
    assert office.get(path[:-1]).status_code == 404


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"seed": "x"}, "seed: must be a whole number, not 'x'"),
        ({"quirks": {"dial_in_twise": True}}, "quirks.dial_in_twise: no such quirk; did you mean"),
        ({"journal_limits": 5}, "journal_limits: no such setting; did you mean journal_limit?"),
        ([], "the body must be a JSON object"),
    ],
)
def test_refused(office: Caller, sent: Any, message: str) -> None:
    """What is no setting, or cannot be, is named, with the nearest."""
    answer = office.send("PATCH", PATH, json=sent)
    assert answer.status_code == 400
    assert json_of(answer)["message"].startswith(message)
