"""How a world is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from .readings import Readings


@dataclass(frozen=True, slots=True)
class Quirks:
    """Habits of the real PBX that its clients complain of; all off.

    `late_history_s` are the seconds after which a finished call is in the history.

    Source: DLV-8, HIS-6
    """

    missing_rec_id: bool = False
    dial_in_twice: bool = False
    short_number_in_answer: bool = False
    late_history_s: float = 0.0
    one_history_request: bool = False

    def __post_init__(self) -> None:
        """Refuse what no quirk can be.

        Raises:
            ValueError: naming the quirk and what it must be.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name == "late_history_s":
                if not _is_seconds(value):
                    raise ValueError(f"quirks.{one.name}: must be {_SECONDS}, not {value!r}")
            elif not isinstance(value, bool):
                raise ValueError(f"quirks.{one.name}: must be True or False, not {value!r}")

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Quirks:
        """These quirks, and no other.

        Raises:
            ValueError: there is no such quirk, or it cannot have that value.
        """
        known = [one.name for one in fields(cls)]
        for name in values:
            if name not in known:
                raise ValueError(f"quirks.{name}: no such quirk; there are {', '.join(known)}")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a user sets before a world starts.

    `world` is the name of a shipped world, the path of a world file, or the world itself as a
    mapping. `readings` are `Readings`, or a mapping of some of them. `rate_limits` makes the
    limits of GEN-17 and AUT-13 refuse, not only count. The clock stands still from the start, and
    moves when somebody moves it; with `freeze=False` it runs. Unless one of them is said, a PBX
    that another process serves keeps its clock. `seed` decides every generated identifier.
    `journal_limit` is the number of requests, of deliveries and of finished calls that a world
    remembers, and `journal_bytes` how many bytes its requests, and its deliveries, may take. An
    event is sent once and waits `delivery_timeout_s` for the receiver; `retry_delays_s` are the
    seconds of the mock's clock after which it is sent again when the receiver did not take it.
    `quirks` are habits of the real PBX, as `Quirks` or a mapping, and `callback_script` is what
    phones do in a callback that nobody steers.
    """

    world: str | Path | Mapping[str, Any] = "office"
    readings: Readings = field(default_factory=Readings)
    rate_limits: bool = False
    freeze: bool | None = None
    seed: int = 0
    journal_limit: int = 10_000
    journal_bytes: int = 64 * 1024 * 1024
    delivery_timeout_s: float = 5.0
    retry_delays_s: tuple[float, ...] = ()
    quirks: Quirks = field(default_factory=Quirks)
    callback_script: Mapping[str, Any] | None = field(
        default_factory=lambda: {"answer_after": 2, "talk": 30}
    )

    def but(self, **changes: Any) -> Config:
        """A copy with other values in these fields.

        Raises:
            TypeError: there is no such field.
            ValueError: it cannot have that value.
        """
        known = {field.name for field in fields(self)}
        unknown = sorted(changes.keys() - known)
        if unknown:
            raise TypeError(f"no {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return replace(self, **changes)

    def __post_init__(self) -> None:
        """Refuse what only a later call would stumble over; take readings by their names.

        Raises:
            ValueError: naming the field and what it must be.
        """
        from .core.script import faults

        if isinstance(self.readings, Mapping):
            object.__setattr__(self, "readings", Readings.parse(self.readings))
        if isinstance(self.quirks, Mapping):
            object.__setattr__(self, "quirks", Quirks.parse(self.quirks))
        for name, right, text in (
            ("world", isinstance(self.world, (str, Path, Mapping)), "a name, a path or a mapping"),
            ("readings", isinstance(self.readings, Readings), "Readings or a mapping"),
            ("rate_limits", isinstance(self.rate_limits, bool), "True or False"),
            ("freeze", isinstance(self.freeze, (bool, type(None))), "True or False"),
            ("seed", _is_number(self.seed, int), "a whole number"),
            ("journal_limit", _is_number(self.journal_limit, int, 1), "a whole number above 0"),
            ("journal_bytes", _is_number(self.journal_bytes, int, 1), "a whole number above 0"),
            ("delivery_timeout_s", _is_seconds(self.delivery_timeout_s), _SECONDS),
            (
                "retry_delays_s",
                isinstance(self.retry_delays_s, (tuple, list))
                and all(map(_is_seconds, self.retry_delays_s)),
                f"a tuple of {_SECONDS}",
            ),
            ("quirks", isinstance(self.quirks, Quirks), "Quirks or a mapping"),
            (
                "callback_script",
                self.callback_script is None or isinstance(self.callback_script, Mapping),
                "a mapping",
            ),
        ):
            if not right:
                raise ValueError(f"{name}: must be {text}, not {getattr(self, name)!r}")
        found = faults(self.callback_script or {})
        if found:
            raise ValueError(f"callback_script: {'; '.join(found)}")
        object.__setattr__(self, "retry_delays_s", tuple(self.retry_delays_s))


#: A world may wait some thirty years.
_MOST_S = 10**9
_SECONDS = f"seconds, 0 or more and at most {_MOST_S}"


def _is_seconds(found: Any) -> bool:
    return _is_number(found) and bool(found <= _MOST_S)


def _is_number(found: object, kind: type | tuple[type, ...] = (int, float), least: int = 0) -> bool:
    if isinstance(found, bool) or not isinstance(found, kind):
        return False
    return (kind is int and least == 0) or found >= least  # type: ignore[operator]  # a number
