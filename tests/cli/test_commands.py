"""The commands that the command line makes of the list, against a running server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mockpbx import MockPBX
from mockpbx.cli import main
from mockpbx.cli.commands import OWN_SHAPE
from mockpbx.testing.commands import COMMANDS
from tests import shared

CALLER = "+79161112233"
NOON = "2026-03-01 12:00:00"


@pytest.fixture
def mock() -> Iterator[MockPBX]:
    with shared.pbx(freeze=True) as made:
        made.clock.move_to(NOON)
        yield made


def run(mock: MockPBX, *arguments: str) -> tuple[int, str]:
    done = CliRunner(env={"MOCKPBX_URL": mock.url}).invoke(main, arguments)
    return done.exit_code, done.output


def told(mock: MockPBX, *arguments: str) -> Any:
    """What the command prints, as JSON; it ends well."""
    code, output = run(mock, *arguments)
    assert code == 0, output
    return json.loads(output) if output else None


def test_every_command_has_its_words() -> None:
    """Each command of the list is one of the command line, with the first line of its help."""
    for command in COMMANDS:
        if command.name in OWN_SHAPE:
            continue
        words = command.name.split()
        if len(words) == 2 and words[0] == "step":
            words.insert(1, "CALL")
        done = CliRunner().invoke(main, [*words, "--help"])
        summary = (command.function.__doc__ or "").splitlines()[0]
        assert done.exit_code == 0
        assert summary in " ".join(done.output.split())


def test_one_declaration_on_every_face(mock: MockPBX) -> None:
    """A command is a method, a request, a command of the shell, and stands in the document."""
    from mockpbx.app import documents

    def online() -> list[bool]:
        return [mock.incoming_call(CALLER, to=one).state == "ringing" for one in ("101", "102")]

    ways: list[Callable[[], object]] = [
        mock.unregister_all,
        lambda: mock.app.test_client().delete("/_mockpbx/registrations"),
        lambda: run(mock, "unregister-all"),
    ]
    for act in ways:
        mock.reset()
        assert online() == [True, True]
        act()
        assert online() == [False, False]
    operation = documents()["control"]["paths"]["/_mockpbx/registrations"]["delete"]
    assert operation["operationId"] == "unregister_all"


def test_the_clock(mock: MockPBX) -> None:
    """Alone it shows the time; its words move it."""
    at_noon = {"now": f"{NOON}.000000", "frozen": True}
    assert told(mock, "clock") == at_noon
    moved = told(mock, "clock", "advance", "60")
    assert moved == {"now": "2026-03-01 12:01:00.000000", "frozen": True, "fired": []}
    assert told(mock, "clock", "move-to", NOON) == {**at_noon, "fired": []}
    assert told(mock, "clock", "run")["frozen"] is False


def test_steps(mock: MockPBX) -> None:
    """A step names its call first, and takes what the step takes."""
    call = mock.incoming_call(CALLER, to="101")
    assert told(mock, "step", call.id, "answer", "--extension", "101")["state"] == "answered"
    assert told(mock, "step", call.id, "transfer", "102", "--attended")["state"] == "transferring"
    assert told(mock, "show-call", call.id)["ladder"] == call.ladder()
    code, output = run(mock, "step", call.id, "hold")
    assert code == 1
    steps = "answer, decline, complete, cancel, hang_up"
    text = f"mockpbx: hold: the call is transferring; steps that it allows: {steps}\n"
    assert output == text


def test_json_on_the_command_line(mock: MockPBX, tmp_path: Path) -> None:
    """What is no text is given as JSON; a whole world as a file."""
    mock.session().get("http://mockpbx.test/api/ver1.0/user/?a=1")
    verdict = told(mock, "verify", "GET", "/user/", "--query", '{"a": "1"}', "--times", "1")
    assert (verdict["verified"], verdict["matched"]) == (True, [1])
    assert run(mock, "verify", "GET", "/user/", "--query", "{") == (
        2,
        "mockpbx: query: no JSON: Expecting property name enclosed in double quotes: line 1 "
        "column 2 (char 1)\n",
    )
    world = tmp_path / "world.json"
    world.write_text(json.dumps(told(mock, "state")), encoding="utf-8")
    assert run(mock, "put-state", str(world)) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["register", "1O2"], "extension: there is no 1O2; the nearest is 2566*102"),
        (["agent-status", "102", "asleep"], "status: must be one of available, logged_out"),
        (["clock", "move-to", "soon"], "moment: must be a moment such as 2026-01-31 09:00:00"),
        (["restore", "x"], "there is no snapshot x"),
        (["replay", "9"], "there is no delivery 9"),
        (["add-fault", "--operation", "GET /usr/", "--drop"], "operation: GET /usr/ is not"),
    ],
)
def test_a_refusal(mock: MockPBX, arguments: list[str], text: str) -> None:
    """What the server refuses is one line, and exit code 1."""
    code, output = run(mock, *arguments)
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith(f"mockpbx: {text}")
