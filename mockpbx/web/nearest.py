"""Which documented path somebody may have meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_LENGTH = 200
#: A part of a path that stands for a parameter: its name in braces, a name, or an id.
_PARAMETER = re.compile(r"\{[^}]*\}|@.*|[0-9*]+|[0-9A-Fa-f-]{20,}")


def nearest(path: str, known: Iterable[str]) -> str | None:
    """The known path that looks most like it, whatever its ids; None when none is known."""
    forms: dict[str, str] = {}
    for one in known:
        forms.setdefault(_form(one), one)
    found = difflib.get_close_matches(_form(path[:_LENGTH]), forms, n=1, cutoff=0.0)
    return forms[found[0]] if found else None


def _form(path: str) -> str:
    return "/".join("{}" if _PARAMETER.fullmatch(part) else part for part in path.split("/"))
