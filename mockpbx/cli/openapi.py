"""`mockpbx openapi`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .errors import CommandError, CommandFailedError


@click.command()
@click.option("--control", is_flag=True, help="The document of the control API instead.")
@click.option("--write", is_flag=True, help="Write both into the checkout's openapi folder.")
@click.option("--check", is_flag=True, help="Fail when a file of that folder is stale.")
def openapi(control: bool, write: bool, check: bool) -> None:
    """Print the OpenAPI document."""
    from ..app import documents

    folder = _openapi_folder() if write or check else None
    texts = {name: json.dumps(found, indent=2) + "\n" for name, found in documents().items()}
    if folder is None:
        click.echo(texts["control" if control else "mockpbx"], nl=False)
        return
    files = {folder / f"{name}.json": text for name, text in texts.items()}
    if write:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    stale = [f"openapi/{path.name}" for path, text in files.items() if _text_of(path) != text]
    if stale:
        raise CommandFailedError(f"stale: {', '.join(stale)}; run mockpbx openapi --write")


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _openapi_folder() -> Path:
    folder = Path(__file__).parents[2] / "openapi"
    if not folder.is_dir():
        raise CommandError("--write and --check need a checkout of mockpbx: no openapi folder here")
    return folder
