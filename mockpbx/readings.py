"""The switches for what the sources of the contract disagree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints


@dataclass(frozen=True, slots=True)
class Readings:
    """One field for each disagreement; the default is what examples or real traffic show.

    Each field's comment names the fact that it decides.
    """

    bundle_delete: Literal["body", "no_content"] = "body"  # BND-12
    registration_expires: Literal["remaining", "utc"] = "remaining"  # REG-7
    registration_list: Literal["object_for_one", "array"] = "object_for_one"  # REG-9
    record_stereo: Literal["boolean", "words"] = "boolean"  # PHN-29
    event_get: Literal["query", "header"] = "query"  # DLV-2
    call_flow_case: Literal["lower", "upper"] = "lower"  # DAT-6
    record_delete: Literal["200", "204"] = "200"  # REC-4
    call_result: Literal["bridged", "answered"] = "bridged"  # HIS-19
    record_uuid_case: Literal["upper", "lower"] = "upper"  # REC-17
    callback_ids: Literal["documented", "recorded"] = "documented"  # DAT-19
    hangup_order: Literal["queue_first", "menu_first"] = "queue_first"  # CAL-20
    att_tr_number: Literal["preserve", "name"] = "preserve"  # PHN-26
    current_calls_flow: Literal["upper", "lower"] = "upper"  # CUR-5
    to_username: Literal["extension", "did"] = "extension"  # HIS-2
    slashes: Literal["tolerant", "strict"] = "tolerant"  # GEN-2
    unknown_fields: Literal["ignore", "refuse"] = "ignore"  # GEN-15
    ivr_events: Literal["refuse", "all"] = "refuse"  # EVT-8

    def __post_init__(self) -> None:
        for name, allowed in choices().items():
            value = getattr(self, name)
            if value not in allowed:
                raise ValueError(f"reading {name}: {value!r} is none of {', '.join(allowed)}")

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> Readings:
        """The default readings with these changed.

        Raises:
            ValueError: a name is no reading, or a value is none that it can take.
        """
        for name in values:
            if name not in choices():
                raise ValueError(
                    f"reading {name}: no such reading; there are {', '.join(choices())}"
                )
        return cls(**values)  # type: ignore[arg-type]  # checked by __post_init__


def choices() -> dict[str, tuple[str, ...]]:
    """The values that each reading can take, its default first."""
    if not _CHOICES:
        hints = get_type_hints(Readings)
        _CHOICES.update({item.name: get_args(hints[item.name]) for item in fields(Readings)})
    return _CHOICES


_CHOICES: dict[str, tuple[str, ...]] = {}
