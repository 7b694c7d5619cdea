"""The only source of randomness, seeded: two runs of one test see the same identifiers."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

#: Ids are JSON integers that fit 32 bits unsigned (GEN-7).
MAX_ID = 2**32 - 1

_ALPHABET = string.ascii_letters + string.digits


class Dice:
    """A seeded source of chance: says yes with a given probability."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def say_yes(self, probability: float) -> bool:
        """Whether something of that probability, from 0 to 1, happens this time."""
        return probability >= 1 or self._random.random() < probability


class Ids:
    """Identifiers in the vendor's forms."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def token(self) -> str:
        """Thirty letters and digits.

        Source: AUT-3
        """
        return "".join(self._random.choices(_ALPHABET, k=30))

    def registration_id(self) -> str:
        """`uloc-`, then 8, 4 and 3 hexadecimal digits.

        Source: REG-12
        """
        digits = f"{self._random.getrandbits(60):015x}"
        return f"uloc-{digits[:8]}-{digits[8:12]}-{digits[12:]}"

    def hex32(self) -> str:
        """Thirty-two lower-case hexadecimal digits.

        Source: DAT-3, DAT-4
        """
        return f"{self._random.getrandbits(128):032x}"

    def digits(self, count: int) -> str:
        """So many decimal digits, the first of which is not 0.

        Source: DAT-5
        """
        return str(self._random.randrange(10 ** (count - 1), 10**count))

    def call_api_id(self, call_id: str) -> str:
        """Ten digits, then the CallID as a dashed UUID.

        Source: DAT-5
        """
        parts = (call_id[start:end] for start, end in pairwise((0, 8, 12, 16, 20, 32)))
        return "-".join((self.digits(10), *parts))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        return self._random.sample(items, len(items))

    def copy(self) -> Ids:
        """An independent copy that gives the same identifiers from here on."""
        twin = Ids(0)
        twin._random.setstate(self._random.getstate())
        return twin


def parse_id(text: str) -> int | None:
    """The id that a path names, or None when no id is written so.

    Source: GEN-7
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 10) or text.startswith("0"):
        return None
    number = int(text)
    return number if number <= MAX_ID else None
