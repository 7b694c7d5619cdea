"""`mockpbx openapi`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .errors import CommandError, CommandFailedError


@click.command()
@click.option("--control", is_flag=True, help="The document of the control API instead.")
@click.option("--world", is_flag=True, help="The JSON Schema of world files instead.")
@click.option("--write", is_flag=True, help="Write all into the checkout's openapi folder.")
@click.option("--check", is_flag=True, help="Fail when a file of that folder is stale.")
def openapi(control: bool, world: bool, write: bool, check: bool) -> None:
    """Print the OpenAPI document."""
    if control and world:
        raise CommandError("--control or --world, not both")
    folder = _openapi_folder() if write or check else None
    if folder is None:
        click.echo(_texts()["control" if control else _WORLD if world else "mockpbx"], nl=False)
        return
    files = {folder / f"{name}.json": text for name, text in _texts().items()}
    if write:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    stale = [f"openapi/{path.name}" for path, text in files.items() if _text_of(path) != text]
    if stale:
        raise CommandFailedError(f"stale: {', '.join(stale)}; run mockpbx openapi --write")


#: The name of the JSON Schema of world files, as its file has it.
_WORLD = "world.schema"


def _texts() -> dict[str, str]:
    from ..app import documents
    from ..documents import world_schema

    made = {**documents(), _WORLD: world_schema()}
    return {name: json.dumps(found, indent=2) + "\n" for name, found in made.items()}


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _openapi_folder() -> Path:
    folder = Path(__file__).parents[2] / "openapi"
    if not folder.is_dir():
        raise CommandError("--write and --check need a checkout of mockpbx: no openapi folder here")
    return folder
