"""How often something is expected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """How often a request is expected: exactly, or at least."""

    times: int | None = None
    at_least: int | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            ValueError: both are given, or one is negative.
            TypeError: one is no whole number.
        """
        if self.times is not None and self.at_least is not None:
            raise ValueError("times and at_least: only one of them")
        for name in ("times", "at_least"):
            number = getattr(self, name)
            if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
                raise TypeError(f"{name}: must be a whole number")
            if number is not None and number < 0:
                raise ValueError(f"{name}: must be 0 or more")

    @property
    def fewest(self) -> int:
        """What has to be there at least."""
        if self.times is not None:
            return self.times
        return 1 if self.at_least is None else self.at_least

    def holds(self, number: int) -> bool:
        """Whether that is as often as expected."""
        return number == self.fewest if self.times is not None else number >= self.fewest

    def __str__(self) -> str:
        least = "" if self.times is not None else "at least "
        return f"{least}{times_in_words(self.fewest)}"


def times_in_words(number: int) -> str:
    """`never`, `once`, `twice`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
