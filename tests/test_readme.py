"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLE, PICTURE = re.findall(r"```(?:python)?\n((?:from mockpbx| +seconds).*?)```", README, re.S)


def test_the_example_of_a_call() -> None:
    """The example runs as printed, and prints the picture below it."""
    run = [sys.executable, "-c", EXAMPLE]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert PICTURE in done.stdout


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_leads_somewhere(link: str) -> None:
    """Every link of the README is a file of the project."""
    assert (Path(__file__).resolve().parents[1] / link).is_file()
