"""Which known name somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LENGTH = 100


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is spelt nearly like it; None when none is."""
    found = difflib.get_close_matches(name[:_LENGTH], list(known), n=1)
    return found[0] if found else None


def hint(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the known name that is near, or nothing."""
    found = closest(name, known)
    return "" if found is None else f"; did you mean {found}?"
