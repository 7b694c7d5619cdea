"""What can still be read of a broken world file, so that all its faults are told at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

#: place of a list -> the indexes that were left out of it
LeftOut = Mapping[str, Collection[int]]


class Inseparable(ValueError):
    """What is wrong cannot be taken out without taking out what the rest refers to."""


def remainder(
    data: Any, messages: Mapping[Any, Any], leaves: Collection[str]
) -> tuple[Any, LeftOut]:
    """The data but for what is wrong, and which items of lists are missing.

    Items of a client's lists named by `leaves` go whole, since nothing refers to them; of the rest
    go the keys whose values are wrong.

    Raises:
        Inseparable: more would have to go.
    """
    left_out: dict[str, Collection[int]] = {}
    clients = data.get("clients") if isinstance(data, Mapping) else None
    found = messages.get("clients")
    if isinstance(clients, list) and isinstance(found, Mapping):
        kept, others = list(clients), {}
        for index, texts in found.items():
            broken = _broken_leaves(texts, leaves)
            left_out.update({f"clients[{index}].{key}": at for key, at in broken.items()})
            if broken:
                kept[index] = {
                    **clients[index],
                    **{key: _but(clients[index][key], at) for key, at in broken.items()},
                }
                texts = {key: text for key, text in texts.items() if key not in broken}
            if texts:
                others[index] = texts
        data = {**data, "clients": kept}
        rest = {**messages, "clients": others}
        messages = {key: text for key, text in rest.items() if text}
    return _without_faults(data, messages), left_out


def _broken_leaves(texts: Any, leaves: Collection[str]) -> dict[str, Collection[int]]:
    if not isinstance(texts, Mapping):
        return {}
    lists = {key: texts[key] for key in leaves if isinstance(texts.get(key), Mapping)}
    return {key: set(found) for key, found in lists.items()}


def _but(items: list[Any], left_out: Collection[int]) -> list[Any]:
    return [item for index, item in enumerate(items) if index not in left_out]


def _without_faults(data: Any, messages: Mapping[Any, Any]) -> Any:
    if not isinstance(data, (Mapping, list)):
        raise Inseparable
    left: Any = dict(data) if isinstance(data, Mapping) else list(data)
    for key, found in messages.items():
        if isinstance(found, Mapping):
            left[key] = _without_faults(data[key], found)
        elif isinstance(left, dict) and key in left:
            del left[key]
        else:
            raise Inseparable
    return left
