"""How figures are asked for and judged; what they are, only `python -m tests.benchmarks` tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.figures import FIGURES, GROUPS, Figure, chosen

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def figure(found: float, *, least: bool = False) -> Figure:
    return Figure("one", "something", 2, "x", lambda: found, least)


@pytest.mark.parametrize(
    ("found", "least", "missed"),
    [(2, False, 0), (2.5, False, 1), (2, True, 0), (1.5, True, 1)],
)
def test_a_limit(found: float, least: bool, missed: int) -> None:
    """A limit itself is kept; what is beyond it is missed."""
    assert command.show([figure(found, least=least)]) == missed


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A line has the value, the limit, the name, and whether the limit is missed."""
    command.show([figure(1), figure(3)])
    assert capsys.readouterr().out.splitlines() == [
        "      1.00 x  at most 2 x      one: something",
        "      3.00 x  at most 2 x      one: something  MISSED",
    ]


@pytest.mark.parametrize(("found", "code"), [(1, 0), (3, 1)])
def test_the_exit_code(monkeypatch: pytest.MonkeyPatch, found: float, code: int) -> None:
    """A missed limit is exit code 1."""
    monkeypatch.setitem(GROUPS, "requests", (figure(found),))
    assert command.main(["requests"]) == code


def test_a_wrong_name(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that nothing has is exit code 2, and the groups are named."""
    with pytest.raises(SystemExit) as caught:
        command.main(["nonsense"])
    assert caught.value.code == 2
    known = "requests, starts, calls, suites, history"
    assert f"there is no figure nonsense; groups are {known}" in capsys.readouterr().err


def test_names(capsys: pytest.CaptureFixture[str]) -> None:
    """`--list` names all figures by group and measures none."""
    assert command.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(GROUPS)
    assert sum(len(line.split()) - 1 for line in lines) == len(FIGURES)


def test_groups_and_figures() -> None:
    """A figure is measured once, however often and by whatever name it is asked for."""
    history = list(GROUPS["history"])
    assert chosen(["history", history[0].name, "reset"])[:-1] == history
    assert chosen([]) == list(FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_page(figure: Figure) -> None:
    """The page about performance promises what the command checks."""
    limit = figure.promise.removeprefix("at most ")
    assert f"| {figure.about} | {limit} |" in PAGE.read_text(encoding="utf-8")


def test_nothing_else_reads_a_stopwatch() -> None:
    """A busy computer fails no test: only the benchmarks tell how long something takes."""
    stopwatch = re.compile(r"\b(perf_|process_)(counter|time)|\bmonotonic\(")
    tests = Path(__file__).resolve().parent
    found = {
        path.relative_to(tests).parts[0]
        for path in tests.rglob("*.py")
        if stopwatch.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"benchmarks"}
