"""The figures that are promised, each with its limit and the way to measure it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockpbx import Config, World
from mockpbx.resources.extension.model import Extension
from mockpbx.worlds import read

from . import processes, worlds
from .stopwatch import duration_ms, excess_ms, ratio

PAGE = f"{worlds.LIST_PATH}?page=10&per_page=20"


@dataclass(frozen=True)
class Figure:
    """What is measured, in which unit, and what it may be at most."""

    name: str
    about: str
    limit: float
    unit: str
    measure: Callable[[], float]


def bundle_over_flask() -> float:
    return ratio(worlds.set_bundle(worlds.application(10)), worlds.set_bundle(worlds.bare()))


def bundle_in_a_large_world() -> float:
    small, large = worlds.application(10), worlds.application(100_000)
    return ratio(worlds.set_bundle(large), worlds.set_bundle(small))


def page_in_a_large_world() -> float:
    small, large = worlds.application(200), worlds.application(100_000)
    return ratio(worlds.get(large, PAGE), worlds.get(small, PAGE))


def import_over_python() -> float:
    return excess_ms(processes.python("import mockpbx"), processes.python("pass"))


def ready_over_imports() -> float:
    imports = processes.python("import flask, marshmallow")
    return ratio(processes.serve(), imports, rounds=3, times=5)


def reset() -> float:
    world = World(read("office"), Config())

    def change_and_reset() -> None:
        for extension in list(world.store.all(Extension)):
            world.store.remove(extension)
        world.reset()

    return duration_ms(change_and_reset)


def fresh_world() -> float:
    start, config = read("office"), Config()
    return duration_ms(lambda: World(start, config))


FIGURES = (
    Figure(
        "bundle_over_flask",
        "setting a bundle, over a bare Flask route that loads the same JSON with one schema",
        2.0,
        "x",
        bundle_over_flask,
    ),
    Figure(
        "bundle_in_a_large_world",
        "setting a bundle among 100 000 extensions, over the same among 10",
        1.1,
        "x",
        bundle_in_a_large_world,
    ),
    Figure(
        "page_in_a_large_world",
        "reading one page of 100 000 extensions, over the same of 200",
        1.1,
        "x",
        page_in_a_large_world,
    ),
    Figure(
        "import_over_python",
        "`import mockpbx`, beyond the start of Python",
        20.0,
        "ms",
        import_over_python,
    ),
    Figure(
        "ready_over_imports",
        "`mockpbx serve` until it is ready, over `import flask, marshmallow`",
        1.5,
        "x",
        ready_over_imports,
    ),
    Figure("reset", "deleting every extension of `office` and resetting it", 1.0, "ms", reset),
    Figure("fresh_world", "one more world of `office`", 1.0, "ms", fresh_world),
)
