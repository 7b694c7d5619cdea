"""What one page of the vendor's documentation states, and what becomes of it here."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tests.stored_only import REASONS, stored_only

_stored_only = cache(stored_only)


class Statement(NamedTuple):
    """One statement in our words: the facts that cover it, and why the rest is left out.

    `missing` is the reason why it, or a part of it, is not reproduced. A statement on a
    `phone_property` has the reason of that property for as long as it is stored only.
    """

    text: str
    facts: tuple[str, ...] = ()
    missing: str | None = None
    phone_property: str | None = None

    @property
    def reason(self) -> str | None:
        """Why it, or a part of it, is not reproduced."""
        if self.phone_property is not None and self.phone_property in _stored_only():
            return REASONS[self.phone_property]
        return self.missing


class Page(NamedTuple):
    """The statements of one page, in its order."""

    title: str
    statements: tuple[Statement, ...]
