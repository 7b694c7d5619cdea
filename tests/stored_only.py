"""Phone properties that are kept, and answered or not, and that nothing else looks at."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from mockpbx.resources.phone.model import Phone

PACKAGE = Path(__file__).resolve().parents[1] / "mockpbx"
#: Where a property is only taken and answered.
_WIRE = PACKAGE / "resources" / "phone" / "schema.py"


#: property -> why a program that uses the API cannot observe it
REASONS: Mapping[str, str] = {
    "ignore_early_media": "it decides which sound is heard before the answer, and no event tells",
    "allow_webrtc": "a simulated registration has no transport, so that none is a browser's",
    "password": "a simulated registration asks for none, and no answer shows it",
}


def stored_only(package: Path = PACKAGE) -> list[str]:
    """The properties that no module reads from a phone, in the order of the record."""
    read = set().union(*map(_read, package.rglob("*.py")))
    return [name for name in Phone.__slots__ if name != "id" and name not in read]


def _read(path: Path) -> set[str]:
    """The properties that this module takes from what it calls a phone."""
    if path == _WIRE:
        return set()
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))
        if isinstance(node, ast.Attribute)
        and node.attr in Phone.__slots__
        and "phone" in ast.unparse(node.value).lower()
    }
