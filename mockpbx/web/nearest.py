"""Which documented path somebody may have meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_LENGTH = 200
#: A part of a path that stands for a parameter: its name in braces, a name, or an id.
_PARAMETER = re.compile(r"\{[^}]*\}|@.*|[0-9*]+|[0-9A-Fa-f-]{20,}")


def nearest(path: str, known: Iterable[str], *, like: float = 0.0) -> str | None:
    """The one of the known paths that looks most like it, whatever its ids.

    None when none is that much `like` it, from 0 for anything to 1 for the same.
    """
    forms: dict[str, str] = {}
    for one in known:
        forms.setdefault(_form(one), one)
    found = difflib.get_close_matches(_form(path[:_LENGTH]), forms, n=1, cutoff=like)
    return forms[found[0]] if found else None


def _form(path: str) -> str:
    return "/".join("{}" if _PARAMETER.fullmatch(part) else part for part in path.split("/"))
