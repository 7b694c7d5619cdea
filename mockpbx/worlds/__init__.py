"""World files: where they are, and what a world starts from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from ..core.clock import Clock
from ..core.store import Base
from .late import Tables

if TYPE_CHECKING:
    from importlib.abc import Traversable

    from ..core.world import Relative, Start
    from .dated import Dated


class WorldError(ValueError):
    """A world file is broken; `faults` names each place and reason."""

    def __init__(self, source: str, faults: list[str]) -> None:
        super().__init__(f"world {source}: {'; '.join(faults)}")
        self.source = source
        self.faults = faults


WorldFault = WorldError  # its name before 0.2, for one release


def names() -> list[str]:
    """The shipped worlds."""
    return sorted(shipped())


@cache
def shipped() -> Mapping[str, tuple[Traversable, str]]:
    """The files of the shipped worlds, with what they say, by name; read once.

    So a test that replaces the file system afterwards, as by pyfakefs, still has them.
    """
    files = (one for one in _folder().iterdir() if one.name.endswith(".json"))
    return {PurePath(one.name).stem: (one, one.read_text(encoding="utf-8")) for one in files}


def find(name_or_path: str | Path | Traversable) -> Traversable:
    """The file of a shipped world, or that file; one that is packed into an archive has no path.

    Raises:
        WorldError: there is neither.
    """
    text = str(name_or_path)
    if text in shipped():
        return shipped()[text][0]
    if not isinstance(name_or_path, (str, Path)):
        return name_or_path
    path = Path(name_or_path)
    try:
        if path.is_dir():
            raise WorldError(text, ["is a folder, not a file"])
        is_there = path.exists()  # a pipe is as good as a file
    except OSError as error:
        raise WorldError(text, [error.strerror or str(error)]) from error
    if not is_there:
        raise WorldError(text, [f"no such file, and no world of that name: {', '.join(names())}"])
    return path


def read(source: str | Path | Traversable | Mapping[str, Any]) -> Start:
    """What worlds start from, out of a shipped world's name, a path, or the world itself.

    Raises:
        WorldError: naming all that is wrong with it.
    """
    from ..core.world import Start
    from .kinds import KINDS
    from .start import PBXHooks, courier, handlers

    name, now = "custom", Clock().now()
    base: Base
    relative: Relative | None
    if isinstance(source, Mapping):
        base, relative = _built(source, name, now)
    elif str(source) in shipped():
        name = str(source)
        relative = late = Tables(lambda: _built(json.loads(shipped()[name][1]), name, now))
        base = Base(late)
    else:
        path = find(source)
        name = PurePath(path.name).stem
        base, relative = _built(_parse(path), str(source), now)
    return Start(name, KINDS, base, handlers(), PBXHooks(), courier, relative)


def build(data: Any, source: str = "state", start: datetime | None = None) -> Base:
    """The state that a world file describes, for a world that started at `start`.

    Raises:
        WorldError: naming all that is wrong with it.
    """
    moment = start or Clock().now()
    base, dated = _built(data, source, moment)
    return base if dated is None else Base({**base.tables, **dated.at(moment)})


def _built(data: Any, source: str, start: datetime) -> tuple[Base, Dated | None]:
    from .builder import Builder

    builder = Builder(start)
    base = builder.build(data)
    if builder.faults:
        raise WorldError(source, builder.faults)
    return base, builder.dated


def _parse(path: Traversable) -> Any:
    from ..web.schema import each_key_once

    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with its mark
        return json.loads(text, object_pairs_hook=each_key_once)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise WorldError(str(path), [f"{place}: {error.msg}"]) from error
    except UnicodeDecodeError as error:
        raise WorldError(str(path), [f"is not UTF-8, from byte {error.start} on"]) from error
    except RecursionError as error:
        raise WorldError(str(path), ["is nested too deeply"]) from error
    except (OSError, ValueError) as error:
        raise WorldError(str(path), [str(error)]) from error


def _folder() -> Traversable:
    """Where the shipped worlds are: in the package, and beside it in a checkout.

    In a checkout, which an editable installation is too, there is one copy of them.
    """
    from importlib.resources import files  # slow to import, and only needed here

    checkout = Path(__file__).resolve().parents[2]
    for folder in (files("mockpbx"), checkout):
        fixtures = folder.joinpath("fixtures")
        if fixtures.joinpath("office.json").is_file():
            return fixtures
    raise FileNotFoundError("the worlds that mockpbx ships are not installed")
