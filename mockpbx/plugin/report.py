"""The report of a failed test: what its PBX saw."""

from __future__ import annotations

from typing import Any

import pytest

from ..testing.mock import MockPBX
from . import settings

TITLE = "mockpbx"


def check_paths(item: pytest.Item, worlds: list[tuple[str, Any]]) -> None:
    """Fail the test when its code asked for paths that are not documented."""
    if not settings.marked(item).get("strict", True):
        return
    lines = [line for _, pbx in worlds for line in pbx.undocumented()]
    if lines:
        text = "\n".join(f"  {line}" for line in lines)
        pytest.fail(
            f"requests to paths that the PBX does not have:\n{text}\n"
            "(@pytest.mark.mockpbx(strict=False) allows them)",
            pytrace=False,
        )


def check_receivers(worlds: list[tuple[str, Any]]) -> None:
    """Fail the test with the error of a receiver in this process."""
    for _, pbx in worlds:
        if isinstance(pbx, MockPBX):
            pbx.check_receivers()


def add_section(made: pytest.TestReport, worlds: list[tuple[str, Any]]) -> None:
    """Add a section to the report with what happened, once for each test."""
    while worlds:
        name, pbx = worlds.pop(0)
        try:
            text = pbx.story()
        except RuntimeError as error:  # a server elsewhere that is gone, or not ours any more
            text = str(error)
        made.sections.append((name, text))
