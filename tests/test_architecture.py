"""Who may import what: the table of the design, checked on the source as text."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "mockpbx"

#: What users set before a world starts; any module may know it.
SETTINGS = {"", "config", "readings"}

#: The standard library's sources of time and chance, and the only modules that may have them.
TIME_AND_CHANCE = {
    "time": {"core/stopwatch.py"},  # it measures durations, which no test moves
    "random": {"core/ids.py"},
    "secrets": set[str](),
    "uuid": set[str](),
    "sched": set[str](),
}


@dataclass(frozen=True)
class Module:
    """One file of the package and what it imports when it runs.

    `own` are modules of the package without the package's name, `foreign` top names of others.
    """

    place: str
    tree: ast.Module
    own: frozenset[str]
    foreign: frozenset[str]

    @property
    def folder(self) -> str:
        """The feature or layer that it belongs to; a module beside them is its own."""
        parts = self.place.removesuffix(".py").split("/")
        return "/".join(parts[:2] if parts[0] == "resources" else parts[:1])

    @property
    def file(self) -> str:
        """The name of the file: its role within the folder."""
        return self.place.rpartition("/")[2]

    @property
    def third_party(self) -> set[str]:
        """The packages that have to be installed for it."""
        return set(self.foreign - sys.stdlib_module_names)


@cache
def modules() -> tuple[Module, ...]:
    paths = sorted(PACKAGE.rglob("*.py"))
    known = {_name(path) for path in paths}
    return tuple(_module(path, known) for path in paths)


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(path: Path, known: set[str]) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own, foreign = set(), set()
    for name in _imports(tree, ("mockpbx", *path.relative_to(PACKAGE).parts[:-1])):
        top, _, rest = name.partition(".")
        if top != "mockpbx":
            foreign.add(top)
        else:
            own.add(rest if rest in known else rest.rpartition(".")[0])
    return Module(path.relative_to(PACKAGE).as_posix(), tree, frozenset(own), frozenset(foreign))


def _imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the whole name of everything that is imported, but for type checking alone."""
    for node in _running(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from _running(child)


def layer(name: str) -> list[Module]:
    """The modules of a top folder."""
    found = [one for one in modules() if one.place.startswith(f"{name}/")]
    assert found
    return found


def role(file: str) -> list[Module]:
    """The modules of that name in the features' folders."""
    features = ("resources/", "oauth/", "control/", "testing/")
    found = [one for one in modules() if one.file == file and one.place.startswith(features)]
    assert found
    return found


def beyond(module: Module, *allowed: str) -> set[str]:
    """What it imports of the package beyond those modules, all below them, and the settings."""
    return {
        name
        for name in module.own - SETTINGS
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }


def offences(found: Iterable[tuple[Module, Iterable[str]]]) -> list[str]:
    """One line a module that imports what it may not."""
    return [f"{one.place} imports {', '.join(sorted(names))}" for one, names in found if names]


def test_core_stands_alone() -> None:
    """The core imports the standard library and itself."""
    found = ((one, one.third_party | beyond(one, "core")) for one in layer("core"))
    assert offences(found) == []


def test_web_knows_no_resource() -> None:
    """The web layer imports its framework and the core, no feature."""
    framework = {"flask", "werkzeug", "jinja2", "marshmallow", "apispec"}
    found = (
        (one, one.third_party - framework | beyond(one, "web", "core")) for one in layer("web")
    )
    assert offences(found) == []


def test_web_names_no_resource() -> None:
    """No text of the web layer is a resource's name or begins a path of it.

    A field of an error is called `message`, as a resource is.
    """
    names = {one.folder.rpartition("/")[2] for one in role("views.py")} - {"message", "control"}
    names |= {"storage", "call_uuid", "record_uuid"}
    found = [
        f"{one.place}:{node.lineno} {node.value}"
        for one in layer("web")
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.sub(r"^[/<]|[/>].*", "", node.value) in names
    ]
    assert found == []


@pytest.mark.parametrize("file", ["model.py", "grants.py"])
def test_rules_know_no_framework(file: str) -> None:
    """A feature's rules import the standard library, the core and other features' rules."""
    rules = {name for name in _names() if name.endswith(".model")}
    rules |= {"calls", "webhooks"}  # rules too, by the names of what they hold
    rules |= {"resources.record.sound"}  # arithmetic that knows no state
    found = ((one, one.third_party | beyond(one, "core", *rules)) for one in role(file))
    assert offences(found) == []


def test_schemas_know_no_state() -> None:
    """A feature's schemas import marshmallow, schemas and models' words, never state or flask."""
    plain = (
        "core.ids",
        "core.address",
        "core.clock",
        "web.query",
        "web.schema",
        "worlds.schema",
        "calls.dial_string",
        "core.script",
        "core.faults",
    )
    found = []
    for one in role("schema.py"):
        words = {name for name in _names() if name.endswith((".model", ".schema"))}
        found.append((one, one.third_party - {"marshmallow"} | beyond(one, *plain, *words)))
    assert offences(found) == []


def test_schemas_import_constants_alone() -> None:
    """What a schema imports of a model is a constant: no record and no rule."""
    found = []
    for one in role("schema.py"):
        names = {
            alias.name
            for node in ast.walk(one.tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("model")
            for alias in node.names
        }
        found.append((one, {name for name in names if not name.isupper()}))
    assert offences(found) == []


def test_views_only_declare() -> None:
    """A feature's views import operations, their own schemas, and models; no framework."""
    models = {name for name in _names() if name.endswith(".model")}
    found = []
    for one in role("views.py"):
        own = one.folder.replace("/", ".")
        allowed = (own, "core", "web.operation", "web.journal", "web.media", "web.page", *models)
        more = ("web.gate", "web.prefix", "web.schema", "testing") if own == "control" else ()
        framework = {"marshmallow"} if own == "control" else set()  # its refusals have a schema
        found.append((one, one.third_party - framework | beyond(one, *allowed, *more)))
    assert offences(found) == []


def test_one_place_puts_the_parts_together() -> None:
    """Only what starts an application imports `app`, and only `app` imports views."""
    doors = {"cli", "server", "plugin", "testing"}
    found = []
    for one in modules():
        parts = {name for name in one.own if name == "app" and one.folder not in doors}
        if one.place != "app.py":
            parts |= {name for name in one.own if name.endswith(".views")}
        found.append((one, parts))
    assert offences(found) == []


def test_folders_form_no_circle() -> None:
    """The folders can be put in an order in which each imports only those before it."""
    graph: dict[str, set[str]] = {}
    for one in modules():
        targets = {_folder_of(name) for name in one.own - SETTINGS}
        graph.setdefault(one.folder, set()).update(targets - {one.folder})
    order = list(TopologicalSorter(graph).static_order())  # raises for a circle, and names it
    assert order.index("core") < order.index("web") < order.index("resources/bundle")


def test_files_form_no_circle() -> None:
    """The files can be put in an order in which each imports only those before it."""
    names = {one.place: _name(PACKAGE / one.place) for one in modules()}
    graph = {names[one.place]: one.own - {"", names[one.place]} for one in modules()}
    order = list(TopologicalSorter(graph).static_order())  # raises for a circle, and names it
    assert order.index("core.world") < order.index("app")


def test_what_a_tester_can_do_needs_no_framework() -> None:
    """Commands and invokers import no Flask, so that a client elsewhere pays for none."""
    found = ((one, one.foreign & {"flask", "werkzeug", "jinja2"}) for one in layer("testing"))
    assert offences(found) == []


def test_the_control_api_is_made_of_the_list() -> None:
    """No operation of the control API is declared by hand: its module knows no model."""
    (views,) = (one for one in modules() if one.place == "control/views.py")
    allowed = ("core.path", "testing.command", "testing.commands", "testing.result", "web")
    assert offences([(views, beyond(views, *allowed))]) == []


@pytest.mark.parametrize("name", sorted(TIME_AND_CHANCE))
def test_time_and_chance_have_one_place(name: str) -> None:
    """No module has a source of time or of chance but the one that is there for it."""
    users = {one.place for one in modules() if name in one.foreign}
    assert users == TIME_AND_CHANCE[name]


def test_the_clock_alone_asks_for_the_time() -> None:
    """Nothing but the clock calls `datetime.now` and its like."""
    asking = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")
    users = {
        one.place
        for one in modules()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(asking)
    }
    assert users == {"core/clock.py"}


def test_no_error_is_swallowed_whole() -> None:
    """`except Exception` stands nowhere: faults reach the one handler that answers them.

    A handler that undoes something and raises again may catch everything.
    """
    found = [
        f"{one.place}:{node.lineno}"
        for one in modules()
        # A receiver may fail in any way, and so may any WSGI application that is served.
        if one.place not in ("webhooks/transport.py", "server/gateway.py")
        for node in ast.walk(one.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or "Exception" in _caught(node.type))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert found == []


def test_nothing_prints() -> None:
    """`print` is called nowhere; the command line has its own way to write."""
    found = [
        f"{one.place}:{node.lineno}"
        for one in modules()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    ]
    assert found == []


def test_the_environment_is_read_where_settings_are() -> None:
    """No rule depends on an environment variable: only the plugin's settings, and click's."""
    found = [
        f"{one.place}:{node.lineno}"
        for one in modules()
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
        if ast.unparse(node.value) == "os"
        and one.place not in ("settings.py", "plugin/settings.py")
    ]
    assert found == []


def _names() -> set[str]:
    return {_name(PACKAGE / one.place) for one in modules()}


def _folder_of(name: str) -> str:
    parts = name.split(".")
    return "/".join(parts[:2] if parts[0] == "resources" else parts[:1])


def _caught(node: ast.expr) -> set[str]:
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return {"Exception"} if names & {"Exception", "BaseException"} else names
