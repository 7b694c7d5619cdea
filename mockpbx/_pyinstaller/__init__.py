"""What PyInstaller asks the package: where its hooks are."""

from __future__ import annotations

from pathlib import Path


def hook_dirs() -> list[str]:
    """This folder."""
    return [str(Path(__file__).parent)]
