"""The worlds of a server beside its default one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...config import Config
from ...core.errors import InvalidError
from ...core.worlds import Worlds
from ...settings import changed
from ...worlds import WorldError, names, read
from .. import results
from ..command import command
from ..schema import NewWorld


@command("world list", "GET", "/worlds", answers=results.WorldList, changes=False, of_process=True)
def all_worlds(worlds: Worlds) -> results.WorldList:
    """List the worlds under /worlds/, the one that was used last at the end."""
    found = worlds.by_name().items()
    entries = (results.WorldEntry(name, one.start.name, one.is_changed) for name, one in found)
    return results.WorldList(tuple(entries), worlds.LIMIT, worlds.dropped)


@command(
    "world put",
    "PUT",
    "/worlds/<name>",
    takes=NewWorld,
    answers=results.WorldEntry,
    changes=False,
    of_process=True,
    refuses={429: []},
)
def put_world(worlds: Worlds, name: str, fields: Mapping[str, Any]) -> results.WorldEntry:
    """Make a world of that name, in place of one that there may be.

    Raises:
        InvalidError: naming every fault of the world or the settings.
        LimitReachedError: there are as many as the server keeps, and all were changed.
    """
    default, source = worlds.default, fields.get("world")
    if isinstance(source, str) and source not in names():
        raise InvalidError((), f"world: must be one of {', '.join(names())}, or a world file")
    try:
        start = default.start if source is None else read(source)
    except WorldError as error:
        raise InvalidError((), "; ".join(error.faults)) from error
    made = worlds.put(name, start, _config(default.start_config, fields["settings"]))
    return results.WorldEntry(name, made.start.name, made.is_changed)


@command(
    "world delete",
    "DELETE",
    "/worlds/<name>",
    changes=False,
    of_process=True,
    refuses={404: []},
)
def delete_world(worlds: Worlds, name: str) -> None:
    """Forget the world of that name; the next request for it makes a fresh one.

    Raises:
        NotFoundError: there is none.
    """
    worlds.remove(name)


def _config(base: Config, settings: Mapping[str, Any]) -> Config:
    given = dict(settings)
    freeze = given.pop("freeze", base.freeze)
    try:
        if "world" in given:
            raise ValueError("world: is given beside the settings")
        return changed(base.but(freeze=freeze), given)
    except (TypeError, ValueError) as error:
        raise InvalidError((), f"settings: {error}") from error
