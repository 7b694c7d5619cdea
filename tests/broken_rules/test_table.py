"""The table of breaks does not rot: each text stands where it says, and each test is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mockpbx.core.facts import by_id

from .table import BREAKS, Break

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.what)
def test_a_break(rule: Break) -> None:
    """A break changes its file, cites facts that are known, and names a test that is there."""
    assert rule.misplaced(ROOT / rule.file) is None
    assert set(rule.facts.split()) <= set(by_id())
    path, _, name = rule.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_a_text_that_is_gone(tmp_path: Path) -> None:
    """A break whose text does not stand in its file any more says so."""
    (tmp_path / "file.py").write_text("", encoding="utf-8")
    assert "has 0 times" in (BREAKS[0].misplaced(tmp_path / "file.py") or "")
