"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```python\n(from urllib.*?)```", README, re.DOTALL)
(PRINTED,) = re.findall(r"```\n(POST .*?)```", README, re.DOTALL)


def test_the_example_of_a_call() -> None:
    """The example runs as printed, and prints what stands below it."""
    run = [sys.executable, "-c", EXAMPLE]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr, done.stdout.rstrip()) == (0, "", PRINTED.rstrip())


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_leads_somewhere(link: str) -> None:
    """Every link of the README is a file of the project."""
    assert (Path(__file__).resolve().parents[1] / link).is_file()
