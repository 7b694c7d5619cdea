"""What a tester may give to a call and its steps."""

from __future__ import annotations

import re

from ..core.errors import InvalidError

#: What can be dialled, or shown as who calls.
NUMBER = "[!-~]{1,64}"


def check_number(field: str, value: object) -> None:
    """It is what a telephone can dial or show as a number: ASCII text without blanks.

    Raises:
        InvalidError: it is not.
    """
    check_text(field, value)
    if not re.fullmatch(NUMBER, str(value)):
        text = f"{field}: must be 1 to 64 ASCII characters without blanks, not {value!r}"
        raise InvalidError((), text)


def check_text(field: str, value: object) -> None:
    """It is text.

    Raises:
        InvalidError: it is not.
    """
    if not isinstance(value, str):
        raise InvalidError((), f"{field}: must be text, not {value!r}")


def check_seconds(field: str, value: object) -> None:
    """It is a number.

    Raises:
        InvalidError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidError((), f"{field}: must be a number, not {value!r}")
