"""Every block of code in README and docs/ does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockpbx import Config, create_app, worlds
from mockpbx.server.socket import Server

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

#: Blocks of the shell that are not run here, by how they begin, and why.
ELSEWHERE = {
    "python3 -m venv": "installs; the tests themselves run in what it made",
    "py -m venv": "is for Windows",
    "pip install": "installs from a registry or a repository",
    ".venv/bin/pip install": "installs; the tests themselves run in what it made",
    ".venv/bin/python -m tests": "measures for minutes; figures are asked for by name",
    ".venv/bin/pytest": "runs all tests",
    ".ci/run": "runs all tests",
    ".ci/full": "runs all tests, many times",
    "mockpbx serve\n": "runs until it is stopped; the tests of the command line do it",
}
#: How the server of the examples is called.
USUAL = "http://127.0.0.1:8900"


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    @property
    def needs_neighbours(self) -> bool:
        """Whether it needs what the extra `neighbours` brings."""
        return "django" in self.text or "asyncio" in self.text

    @property
    def file(self) -> str | None:
        """The name of the file that it is, when its first line says so."""
        found = re.match(r"(?:#|//|<\?php //) ?([\w/]+\.\w+)\n", self.text)
        return found[1] if found else None


def blocks(*languages: str) -> list[Block]:
    """The blocks of these languages, in the order of the pages."""
    found_here = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
            if found[1] in languages:
                line = text[: found.start()].count("\n") + 1
                found_here.append(Block(page, line, found[1], found[2]))
    return found_here


def pages_with(language: str) -> list[Path]:
    return list(dict.fromkeys(block.page for block in blocks(language)))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(create_app("office", Config()), port=0) as running:
        yield running


def environment(server: Server | None = None) -> dict[str, str]:
    """Where the commands of this Python are found, and the server that they are for."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    known = {"PATH": beside, "MOCKPBX_URL": server.url if server is not None else ""}
    return {**os.environ, **{name: value for name, value in known.items() if value}}


def test_every_language_is_tried() -> None:
    """No block is in a language that nothing here tries."""
    known = {"", "python", "sh", "json", "javascript", "php", "yaml", "bat", "text"}
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"^```(\w+)$", text, re.M)) <= known


@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.stem)
def test_python(page: Path, pytester: pytest.Pytester) -> None:
    """A page's Python blocks run as tests, in one file unless they name another one."""
    found = [one for one in blocks("python") if one.page == page and not one.needs_neighbours]
    run_as_tests(found, pytester)


@pytest.mark.neighbour("django", "pytest_asyncio")
def test_python_beside_neighbours(pytester: pytest.Pytester) -> None:
    """The blocks for Django and asyncio run as tests as well, after those before them."""
    page = ROOT / "docs" / "testing.md"
    run_as_tests([one for one in blocks("python") if one.page == page], pytester)


def run_as_tests(found: list[Block], pytester: pytest.Pytester) -> None:
    files: dict[str, list[str]] = {}
    for block in found:
        files.setdefault(block.file or f"test_{block.page.stem}.py", []).append(block.text)
    for name, texts in files.items():
        place = pytester.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n\n".join(texts), encoding="utf-8")
    beside = any(block.needs_neighbours for block in found)
    pytester.makeini("[pytest]\npythonpath = .\n" + "asyncio_mode = strict\n" * beside)
    off = ["randomly", "xdist", "schemathesis", "hypothesispytest", "anyio"]
    if not beside:
        off.extend(["asyncio", "django", "pytest-flask"])
    options = ["-q", "--strict-markers", *(f"-pno:{name}" for name in off)]
    done = pytester.runpytest_subprocess(*options)
    assert done.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED), str(done.stdout)
    functions = sum(text.count("def test_") for texts in files.values() for text in texts)
    outcomes = done.parseoutcomes()
    assert outcomes.get("passed", 0) >= functions
    assert outcomes.keys() <= {"passed", "seconds", "no", "warnings"}


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_shell(block: Block, server: Server) -> None:
    """A block of the shell ends well against a running server."""
    if any(block.text.startswith(begin) for begin in ELSEWHERE):
        return
    text = block.text.replace(USUAL, server.url)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=ROOT,
        env=environment(server),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"message": "' not in done.stdout  # the answer to a request that was refused


@pytest.mark.parametrize("language", ["javascript", "php"])
def test_other_languages(language: str, server: Server, tmp_path: Path) -> None:
    """Programs in other languages run against a running server, where there is their language."""
    command = {"javascript": "node", "php": "php"}[language]
    found = blocks(language)
    assert found
    if shutil.which(command) is None:
        pytest.skip(f"there is no {command}")
    for block in found:
        assert block.file is not None
        place = tmp_path / block.file
        place.write_text(block.text, encoding="utf-8")
        done = subprocess.run(
            [command, str(place)],
            env=environment(server),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json(block: Block) -> None:
    """What a page shows of a world file is right in the world `office`."""
    office = json.loads(worlds.find("office").read_text(encoding="utf-8"))
    part = json.loads(f"{{{block.text}}}" if block.text.startswith('"') else block.text)
    if "clients" in part:
        worlds.read(part)
        return
    office["clients"][0].update(part)
    worlds.read(office)
