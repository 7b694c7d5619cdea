"""World files: where they are, and what a world starts from."""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.clock import Clock
from ..core.store import Base

if TYPE_CHECKING:
    from ..core.world import Start
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
    return sorted(path.stem for path in _folder().glob("*.json"))


def find(name_or_path: str | Path) -> Path:
    """The file of a shipped world, or that file.

    Raises:
        WorldError: there is neither.
    """
    text = str(name_or_path)
    if text in names():
        return _folder() / f"{text}.json"
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


def read(source: str | Path | Mapping[str, Any]) -> Start:
    """What worlds start from, out of a shipped world's name, a path, or the world itself.

    Raises:
        WorldError: naming all that is wrong with it.
    """
    from ..core.world import Start
    from .builder import KINDS
    from .start import PBXHooks, courier, handlers

    if isinstance(source, Mapping):
        name, (base, dated) = "custom", _built(source, "custom", Clock().now())
    else:
        path = find(source)
        name, (base, dated) = path.stem, _built(_parse(path), str(source), Clock().now())
    return Start(name, KINDS, base, handlers(), PBXHooks(), courier, dated)


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


def _parse(path: Path) -> Any:
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


def _folder() -> Path:
    # Beside the package in a checkout and after `pip install --target`, else where the scheme of
    # the installation puts data.
    root = Path(__file__).resolve().parents[2]
    schemes = {sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")}
    installed = (Path(sysconfig.get_path("data", scheme)) for scheme in sorted(schemes))
    shared = (base / "share" / "mockpbx" for base in (root, *installed))
    for folder in (root / "fixtures", *shared):
        if (folder / "office.json").is_file():
            return folder
    raise FileNotFoundError("the worlds that mockpbx ships are not installed")
