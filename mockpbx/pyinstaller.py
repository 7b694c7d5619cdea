"""The entry point by which PyInstaller finds the package's hooks."""

from __future__ import annotations

from pathlib import Path


def hook_dirs() -> list[str]:
    """The folder beside this module, which is no package: only PyInstaller can import its hook."""
    return [str(Path(__file__).parent / "pyinstaller_hooks")]
