"""The figures that are promised, each with its limit and the way to measure it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from mockpbx import Config, World
from mockpbx.resources.extension.model import Extension
from mockpbx.worlds import read

from . import calls, doors, history, processes, suites, worlds
from .stopwatch import duration_ms, excess_ms, ratio

PAGE = f"{worlds.LIST_PATH}?page=10&per_page=20"


@dataclass(frozen=True)
class Figure:
    """What is measured, in which unit, and what it may be at most, or has to be at least."""

    name: str
    about: str
    limit: float
    unit: str
    measure: Callable[[], float]
    least: bool = False

    @property
    def promise(self) -> str:
        """The limit in words."""
        return f"at {'least' if self.least else 'most'} {self.limit:g} {self.unit}".rstrip()

    def is_kept(self, found: float) -> bool:
        """Whether that value is within the limit."""
        return found >= self.limit if self.least else found <= self.limit


def bundle_over_flask() -> float:
    return ratio(worlds.set_bundle(worlds.application(10)), worlds.set_bundle(worlds.bare()))


def extension_over_flask() -> float:
    def extension(app: Flask) -> Callable[[], bytes]:
        return worlds.get(app, worlds.READ_PATH)

    return ratio(extension(worlds.application(10)), extension(worlds.bare()))


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


def best(measure: Callable[[], float], times: int = 3) -> Callable[[], float]:
    """The least of several measurements: noise only ever adds."""
    return lambda: min(measure() for _ in range(times))


def rate(connections: int) -> Callable[[], float]:
    """The best rate of events, of several measurements."""
    return lambda: max(calls.event_rate(connections) for _ in range(3))


#: The figures by the name of their group.
GROUPS: dict[str, tuple[Figure, ...]] = {
    "requests": (
        Figure(
            "bundle_over_flask",
            "setting a bundle, over a bare Flask route that loads the same JSON with one schema",
            1.5,
            "x",
            bundle_over_flask,
        ),
        Figure(
            "extension_over_flask",
            "reading an extension, over a bare Flask route that answers its id",
            1.8,
            "x",
            extension_over_flask,
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
            "session_over_wsgi",
            "a request through `session()`, over a WSGI call and what requests itself costs",
            1.6,
            "x",
            doors.session_to_wsgi,
        ),
    ),
    "starts": (
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
        Figure(
            "reset",
            "deleting every extension of the world `office` and resetting it",
            1.0,
            "ms",
            reset,
        ),
        Figure("fresh_world", "one more world of `office`", 1.0, "ms", fresh_world),
    ),
    "calls": (
        Figure(
            "call_over_requests",
            "a call with three events, over three plain requests of urllib3 to the same receiver",
            1.5,
            "x",
            best(calls.call_to_requests),
        ),
        Figure(
            "rate_of_events",
            "2 000 events to a local receiver: their rate, over urllib3's",
            0.7,
            "x",
            rate(1),
            least=True,
        ),
        Figure(
            "rate_of_events_at_once",
            "that to four receivers, over urllib3's with four connections",
            0.7,
            "x",
            rate(4),
            least=True,
        ),
        Figure(
            "memory_of_calls",
            "memory of 5 000 more finished calls",
            1000,
            "kB",
            lambda: calls.growth() / 1000,
        ),
    ),
    "suites": (
        Figure(
            "plugin",
            "a run of pytest that uses no PBX, beyond the same without the plugin",
            10,
            "ms",
            suites.plugin_cost_ms,
        ),
        Figure(
            "world_per_test",
            "the fixture `mockpbx` in a test, beyond a fixture that does nothing",
            0.5,
            "ms",
            best(suites.world_per_test_ms),
        ),
        Figure(
            "large_world_per_test",
            "that with 100 000 extensions, over that with 10",
            2,
            "x",
            suites.world_per_test_ratio,
        ),
        Figure(
            "moto_over_a_call",
            "a test with a fresh moto server and one call of AWS, over one with a token, a "
            "subscription and a call",
            3,
            "x",
            suites.integration_ratio,
            least=True,
        ),
    ),
    "history": (
        Figure(
            "page_of_a_long_history",
            "a page of 1 000 000 finished calls, over one of 1 000",
            2,
            "x",
            history.page_ratio,
        ),
        Figure(
            "loading_a_long_day",
            "loading one of 100 000 finished calls of a world file, over one of 10 000",
            1.5,
            "x",
            history.loading_ratio,
        ),
        Figure(
            "streaming_a_long_record",
            "memory for the download of a one-hour stereo wav",
            1000,
            "kB",
            history.streaming_kb,
        ),
    ),
}

FIGURES = tuple(figure for group in GROUPS.values() for figure in group)


def chosen(names: list[str]) -> list[Figure]:
    """The figures of these names, or of the groups of these names; all without a name.

    Raises:
        LookupError: there is none of that name.
    """
    found: dict[str, Figure] = {}
    for name in names or GROUPS:
        group = GROUPS.get(name) or [one for one in FIGURES if one.name == name]
        if not group:
            raise LookupError(f"there is no figure {name}; groups are {', '.join(GROUPS)}")
        found.update({one.name: one for one in group})
    return list(found.values())
