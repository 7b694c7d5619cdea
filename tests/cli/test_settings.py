"""`mockpbx settings` against a running server."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from mockpbx import MockPBX
from mockpbx.cli import main
from mockpbx.settings import NAMES


def run(mock: MockPBX, *arguments: str) -> tuple[int, str]:
    done = CliRunner(env={"MOCKPBX_URL": mock.url}).invoke(main, ["settings", *arguments])
    return done.exit_code, done.output


def test_shown(mock: MockPBX) -> None:
    """Without a change all are printed as JSON."""
    code, output = run(mock)
    assert (code, tuple(json.loads(output))) == (0, NAMES)


def test_changed(mock: MockPBX) -> None:
    """Values are JSON or words; a reading is always a word."""
    changes = "rate_limits=yes", "retry_delays_s=[5,30]", "readings.record_delete=204"
    code, output = run(mock, *changes, "quirks.dial_in_twice=true")
    found = json.loads(output)
    assert code == 0
    assert (found["rate_limits"], found["retry_delays_s"]) == (True, [5, 30])
    assert (found["readings"]["record_delete"], found["quirks"]["dial_in_twice"]) == ("204", True)
    assert mock.settings.now().as_json() == found


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        ("seed", 2, "mockpbx: setting seed: write it as NAME=VALUE"),
        ("sed=1", 2, "mockpbx: sed: no such setting; did you mean seed?; there are readings, "),
        ("seed=x", 1, "mockpbx: seed: must be a whole number, not 'x'"),
    ],
)
def test_refused(mock: MockPBX, change: str, code: int, text: str) -> None:
    """One line says what is wrong; 2 is how it is written, 1 what the server says."""
    done = run(mock, change)
    assert done[0] == code
    assert done[1].startswith(text)
