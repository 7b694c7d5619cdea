"""Which operations of the API the tests exercised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from . import settings

_KEY = pytest.StashKey["Counter[tuple[str, int]]"]()
_OUTPUT = "mockpbx_exercised"


def add(config: pytest.Config, exercised: Mapping[tuple[str, int], int]) -> None:
    """Add how often a PBX answered each operation."""
    _of(config).update(exercised)


def finish(session: pytest.Session) -> None:
    """Send a worker's counts; who has all of them fails the run below the required share."""
    config = session.config
    if config.option.collectonly:
        return
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = [[*key, count] for key, count in _of(config).items()]
        return
    least = settings.setting(config, "coverage_fail_under", settings.percent)
    if least is None or _report(config)["operations"]["percent"] >= least:
        return
    if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def take(config: pytest.Config, output: Mapping[str, Any]) -> None:
    """Add the counts of a worker."""
    add(config, {(label, status): count for label, status, count in output.get(_OUTPUT, ())})


def show(terminal: Any, config: pytest.Config) -> None:
    """Show what was exercised, operation by operation."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    least = settings.setting(config, "coverage_fail_under", settings.percent)
    if least is None and not settings.setting(config, "coverage", settings.flag):
        return
    report = _report(config)
    terminal.section("mockpbx: the API as exercised")
    for one in report["exercised"]:
        seen = ", ".join(f"{status} ({count})" for status, count in one["statuses"].items())
        left = ", ".join(map(str, one["missing"]))
        terminal.write_line(f"{one['operation']}: {seen}" + (f"; never {left}" if left else ""))
    for label in report["missing"]:
        terminal.write_line(f"{label}: never")
    for name in ("operations", "statuses"):
        share = report[name]
        terminal.write_line(
            f"{share['exercised']} of {share['documented']} {name}, {share['percent']} %"
        )
    if least is not None and report["operations"]["percent"] < least:
        terminal.write_line(
            f"FAIL: {least:g} % of the operations were required (--mockpbx-coverage-fail-under)",
            red=True,
        )


def _of(config: pytest.Config) -> Counter[tuple[str, int]]:
    return config.stash.setdefault(_KEY, Counter())


def _report(config: pytest.Config) -> dict[str, Any]:
    from .. import catalog
    from ..web.coverage import report

    return report(catalog(), _of(config))
