"""The settings of a world by name: what a server, a marker, the shell or the environment says."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from .config import Config, Quirks
from .core.spelling import closest, hint
from .readings import Readings, choices

#: What a configuration has besides: said before a world starts, or by its clock.
NOT_SETTINGS = ("world", "freeze")
#: The settings; each is a field of a configuration.
NAMES = tuple(one.name for one in fields(Config) if one.name not in NOT_SETTINGS)
#: What begins the environment variable of each.
PREFIX = "MOCKPBX_"


def parts() -> dict[str, tuple[str, ...]]:
    """The settings that consist of others, and what those are called."""
    return {"readings": tuple(choices()), "quirks": tuple(one.name for one in fields(Quirks))}


def known() -> tuple[str, ...]:
    """All names: of the settings, and of their parts after a dot."""
    inner = (f"{name}.{part}" for name, found in parts().items() for part in found)
    return (*NAMES, *inner)


def changed(config: Config, values: Mapping[str, Any]) -> Config:
    """The configuration with these settings; of readings and quirks, those that are given.

    Raises:
        ValueError: naming what is no setting, or cannot have its value.
    """
    for name in values:
        if name not in NAMES:
            raise ValueError(f"{name}: no such setting{_hint(name)}; there are {', '.join(NAMES)}")
    return config.but(**{name: _merged(config, name, value) for name, value in values.items()})


def _merged(config: Config, name: str, value: Any) -> Any:
    if name not in parts() or not isinstance(value, Mapping):
        return value
    for part in value:
        if part not in parts()[name]:
            there = ", ".join(parts()[name])
            text = f"no such {name[:-1]}{hint(str(part), parts()[name])}; there are {there}"
            raise ValueError(f"{name}.{part}: {text}")
    return {**plain(getattr(config, name)), **value}


def plain(value: Readings | Quirks) -> dict[str, Any]:
    """The readings or quirks by their names."""
    return {one.name: getattr(value, one.name) for one in fields(value)}


def parse(changes: Iterable[str]) -> dict[str, Any]:
    """The settings that `NAME=VALUE` say, where a part is written `readings.slashes=strict`.

    Raises:
        ValueError: one is written otherwise, or there is no such setting; the nearest is named.
    """
    found: dict[str, Any] = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise ValueError(f"setting {change}: write it as NAME=VALUE")
        if name not in known():
            raise ValueError(f"{name}: no such setting{_hint(name)}; there are {', '.join(NAMES)}")
        whole, _, part = name.partition(".")
        if part:
            value = text if whole == "readings" else _value(text)
            found[whole] = {**found.get(whole, {}), part: value}
        else:
            found[name] = _value(text)
    return found


def of_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The settings that the environment says, each in a variable such as `MOCKPBX_SEED`.

    Raises:
        ValueError: one cannot have its value; the variable is named.
    """
    found: dict[str, Any] = {}
    for name in NAMES:
        variable = PREFIX + name.upper()
        if environ.get(variable, "") != "":
            value = _value(environ[variable])
            if name == "rate_limits" and value in (0, 1):
                value = bool(value)
            try:
                changed(Config(), {name: value})
            except ValueError as error:
                raise ValueError(f"{variable}: {error}") from error
            found[name] = value
    return found


#: What pytest takes beside the settings and the options of the command line.
_OF_PYTEST = ("MOCKPBX_COVERAGE", "MOCKPBX_COVERAGE_FAIL_UNDER")


def misspelt(others: Iterable[str], environ: Mapping[str, str] = os.environ) -> list[str]:
    """What is wrong with variables that begin like ours, and are neither settings nor others."""
    names = {*others, *_OF_PYTEST, *(PREFIX + name.upper() for name in NAMES)}
    found = sorted(name for name in environ if name.startswith(PREFIX) and name not in names)
    ends = [name.removeprefix(PREFIX) for name in names]
    near = [closest(name.removeprefix(PREFIX), ends) for name in found]
    return [
        f"{name}: nothing reads this variable" + (f"; did you mean {PREFIX}{one}?" if one else "")
        for name, one in zip(found, near, strict=True)
    ]


def _hint(name: str) -> str:
    return hint(name, known())


_WORDS: Mapping[str, Any] = {"yes": True, "on": True, "no": False, "off": False}


def _value(text: str) -> Any:
    """What the text says as JSON; yes and no, or else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    lowered = text.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    return _WORDS.get(lowered, text)
