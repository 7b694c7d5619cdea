"""Settings: from marker, fixture, option, environment or ini file, in this order."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from ..config import Config
from ..readings import Readings
from ..settings import changed, of_environment

T = TypeVar("T")

MARKER_NAMES = ("world", "readings", "strict", "freeze", "settings")


def setting(config: pytest.Config, name: str, read: Callable[[str], T]) -> T | None:
    """The option of that name, or what stands for it; None when nobody says anything.

    Raises:
        pytest.UsageError: its value is none that it can have; where it stands is named.
    """
    key = f"mockpbx_{name}"
    for value, place in (
        (config.getoption(key), f"--{key.replace('_', '-')}"),
        (os.environ.get(key.upper()), key.upper()),
        (config.getini(key), f"{key} (ini)"),
    ):
        if value not in (None, ""):
            try:
                return read(str(value))
            except ValueError as error:
                raise pytest.UsageError(f"{place}: {value!r} {error}") from error
    return None


def flag(text: str) -> bool:
    """A setting of yes or no."""
    known = {"1": True, "true": True, "yes": True, "on": True}
    known.update({"0": False, "false": False, "no": False, "off": False})
    if text.lower() not in known:
        raise ValueError("is neither yes nor no")
    return known[text.lower()]


def port(text: str) -> int:
    """A setting of a port; 0 is a free one."""
    if not (text.isascii() and text.isdigit() and int(text) < 65_536):
        raise ValueError("is no port from 0 to 65535")
    return int(text)


def percent(text: str) -> float:
    """A setting in percent, 0 to 100."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 100:
        raise ValueError("is no number from 0 to 100")
    return found


def url(text: str) -> str:
    """A setting of a server's url."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("is no http address")
    return text.rstrip("/")


def worker(config: pytest.Config) -> int:
    """The number of this worker of pytest-xdist; 0 is the first, or no worker at all."""
    name = getattr(config, "workerinput", {}).get("workerid", "gw0")
    return int(name[2:]) if name[2:].isdigit() else 0


def check(config: pytest.Config) -> None:
    """Refuse settings with impossible values.

    Raises:
        pytest.UsageError: something is; where it stands is named.
    """
    for name, read in (
        ("port", port),
        ("url", url),
        ("coverage", flag),
        ("coverage_fail_under", percent),
    ):
        setting(config, name, read)


def marked(item: Any) -> dict[str, Any]:
    """What the test's markers say, the nearest to it last.

    Raises:
        ValueError: they say what they cannot mean.
    """
    found: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("mockpbx"))):
        if marker.args:
            raise ValueError("@pytest.mark.mockpbx takes keywords only: " + ", ".join(MARKER_NAMES))
        found.update(marker.kwargs)
    unknown = sorted(found.keys() - set(MARKER_NAMES))
    if unknown:
        known = ", ".join(MARKER_NAMES)
        raise ValueError(f"@pytest.mark.mockpbx knows no {', '.join(unknown)}; it knows {known}")
    for name in ("strict", "freeze"):
        if not isinstance(found.get(name, True), bool):
            raise ValueError(f"@pytest.mark.mockpbx: {name} must be True or False")
    readings_of(found.get("readings"))
    try:
        changed(Config(), _settings_of(found))
    except ValueError as error:
        raise ValueError(f"@pytest.mark.mockpbx: settings: {error}") from error
    return found


def _settings_of(marks: Mapping[str, Any]) -> Mapping[str, Any]:
    found = marks.get("settings", {})
    if not isinstance(found, Mapping):
        raise ValueError(f"must be a mapping, not {found!r}")
    return found


def readings_of(given: Any) -> Readings | None:
    """The readings that are meant by some values, or by `Readings` themselves; None for `all`.

    Raises:
        ValueError: a name is no reading, or a value is none that it can take.
    """
    if given is None or given == "all":
        return None
    if isinstance(given, Readings):
        return given
    if not isinstance(given, Mapping):
        raise ValueError(f"readings: {given!r} is neither 'all' nor a mapping of readings")
    return Readings.parse(given)


def config_of(given: Any) -> Config:
    """The configuration that the fixture `mockpbx_config` means.

    Raises:
        ValueError: it has a field that there is none of, or one of a wrong value.
    """
    if isinstance(given, Config):
        return given
    if not (given is None or isinstance(given, Mapping)):
        raise ValueError(f"mockpbx_config: must be a Config or a mapping, not {given!r}")
    try:
        return Config().but(**(given or {}))
    except (TypeError, ValueError) as error:
        raise ValueError(f"mockpbx_config: {error}") from error


def _with_environment(base: Config) -> Config:
    """The configuration, with the environment's settings where it says nothing."""
    usual, found = Config(), of_environment()
    return changed(base, {n: v for n, v in found.items() if getattr(base, n) == getattr(usual, n)})


def world_of(config: pytest.Config, marks: Mapping[str, Any], fixture: Any, base: Config) -> Any:
    """What the PBX starts from.

    Raises:
        pytest.UsageError: an option's value is none that it can have.
    """
    for found in (marks.get("world"), fixture):
        if found is not None:
            return found
    if base.world != Config().world:
        return base.world
    return setting(config, "world", str) or base.world


def resolved(
    config: pytest.Config, marks: Mapping[str, Any], given: Any, fixture: Any, reading: Any
) -> Config:
    """The configuration of a test's PBX.

    Raises:
        ValueError: something given is none that it can be.
    """
    base = changed(_with_environment(config_of(given)), _settings_of(marks))
    readings = readings_of(reading if reading is not None else marks.get("readings"))
    world = world_of(config, marks, fixture, base)
    freeze = marks.get("freeze", base.freeze)
    return replace(base, world=world, readings=readings or base.readings, freeze=freeze)
