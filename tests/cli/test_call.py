"""`mockpbx call` against a running server."""

from __future__ import annotations

import json
import shlex
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockpbx import MockPBX
from mockpbx.cli import main
from tests import shared

CALLER = "+79161112233"


def run(url: str, *arguments: str) -> Result:
    return CliRunner(env={"MOCKPBX_URL": url}).invoke(main, ["call", *arguments])


def outcome(done: Result) -> tuple[int, str]:
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "kind", "did"),
    [
        ([CALLER, "101"], "incoming", None),
        ([CALLER, "101", "--did", "74959998877"], "incoming", "74959998877"),
        (["101", CALLER, "--kind", "outgoing"], "outgoing", None),
        (["101", "102", "--kind", "internal"], "internal", None),
    ],
)
def test_call(mock: MockPBX, arguments: list[str], kind: str, did: str | None) -> None:
    """The call begins at the server, and its CallID is printed."""
    done = run(mock.url, *arguments)
    [call] = mock.calls
    assert outcome(done) == (0, f"{call.id}\n")
    assert (call.kind, call.did, call.state) == (kind, did, "ringing")


def test_steps(mock: MockPBX) -> None:
    """Steps are made in their order, and the ladder follows."""
    steps = ["answer=101", "transfer=102", "decline"]
    done = run(mock.url, CALLER, "101", *(word for one in steps for word in ("--step", one)))
    [call] = mock.calls
    assert outcome(done) == (0, f"{call.id}\n{call.ladder()}")
    assert call.result == "ANSWER"


def test_a_script_on_a_clock_that_stands(mock: MockPBX) -> None:
    """With a frozen clock the command prints what there is, and returns at once."""
    done = run(mock.url, CALLER, "101", "--script", '{"answer_after": 3}')
    [call] = mock.calls
    assert outcome(done) == (0, f"{call.id}\n{call.ladder()}")
    assert call.state == "ringing"


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ({"outcome": "cancel", "after": 0.3}, "finished"),
        ({"answer_after": 0.3, "talk": 0.3}, "finished"),
        ({"answer_after": 0.3}, "answered"),
    ],
)
def test_a_script_in_real_time(script: dict[str, object], state: str) -> None:
    """The ladder is printed as it grows, until nothing more comes by itself."""
    with shared.pbx(freeze=False) as mock:
        done = run(mock.url, CALLER, "106", "--script", json.dumps(script))
        [call] = mock.calls
        assert outcome(done) == (0, f"{call.id}\n{call.ladder()}")
        assert call.state == state


def test_somebody_comes_into_the_call() -> None:
    """When a party joins, the ladder is printed anew with its column."""
    with shared.pbx(freeze=False) as mock:
        script = '{"press": "2", "after": 0.3, "talk": 0}'
        done = run(mock.url, CALLER, "099", "--script", script)
        [call] = mock.calls
        number, *rows = done.output.splitlines()
        assert (done.exit_code, number, rows.count(rows[0])) == (0, call.id, 2)
        assert done.output.endswith(f"\n\n{call.ladder()}")


def test_documented_commands(mock: MockPBX) -> None:
    """The commands that the page about the server shows do what it says."""
    text = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith("mockpbx call ")]
    codes = [run(mock.url, *shlex.split(line)[2:]).exit_code for line in commands]
    mock.clock.advance(63)
    assert (codes, [call.result for call in mock.calls]) == ([0, 0], ["ANSWER", "ANSWER"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--kind", "internal"], 1, "extension: there is no 1O2; the nearest is 2566*102"),
        (
            ["--script", '{"tlak": 1}'],
            1,
            "script.tlak: is none of outcome, answer_after, talk, after, press, leave_message",
        ),
        (
            ["--step", "hold"],
            1,
            "hold: the call is ringing; steps that it allows: ring, answer, decline, hang_up",
        ),
        (
            ["--step", "fly"],
            2,
            "--step fly: is none of ring, answer, decline, hang_up, complete, cancel, hold, "
            "transfer, press, leave_message, talk",
        ),
        (["--step", "hold=1"], 2, "--step hold: takes no value"),
        (
            ["--script", "nonsense"],
            2,
            "--script: no JSON: Expecting value: line 1 column 1 (char 0)",
        ),
    ],
)
def test_refusals(mock: MockPBX, arguments: list[str], code: int, message: str) -> None:
    """What cannot be done is one line: code 2 for the command line, 1 for the server's no."""
    done = run(mock.url, "1O2", "101", *arguments)
    assert (done.exit_code, done.output.splitlines()[-1]) == (code, f"mockpbx: {message}")


def test_no_server() -> None:
    """Without a server the command fails with one line and code 1."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}"
    assert outcome(run(url, CALLER, "101")) == (1, f"mockpbx: no mockpbx answers at {url}\n")
