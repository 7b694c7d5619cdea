"""The pytest plugin. It imports nothing but pytest until a test asks for a PBX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from .config import Config
    from .testing.mock import MockPBX

#: Name, kind and help of each option, which is an ini setting and an environment variable too.
OPTIONS = (
    ("world", "NAME|FILE", "the world that tests start from (office)"),
    ("url", "URL", "use the mockpbx server that runs there"),
    ("control-token", "TOKEN", "the control token of that server"),
    ("host", "HOST", "where the socket of a test's PBX listens (127.0.0.1)"),
    ("port", "PORT", "the port of that socket (a free one)"),
    ("coverage", None, "tell which operations of the API the tests exercised"),
    ("coverage-fail-under", "PERCENT", "fail when fewer operations than that were exercised"),
)
_OWN_FIXTURES = frozenset({"make_mockpbx", "mockpbx", "mockpbx_server"})
_MARKER = (
    "mockpbx(world=..., readings=..., strict=True, freeze=True, settings={...}): the world that "
    "the test's PBX starts from; the readings it follows, or 'all' to run the test once under "
    "each; whether requests to undocumented paths fail the test; whether its clock stands "
    "still; and its settings, such as retry_delays_s."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options on the command line and in the ini file."""
    group = parser.getgroup("mockpbx", "mockpbx, a test double of a PBX's API")
    for name, value, text in OPTIONS:
        flag: dict[str, Any] = {"action": "store_true", "default": None}
        taken: dict[str, Any] = {"metavar": value, "default": None}
        group.addoption(f"--mockpbx-{name}", **(taken if value else flag), help=text)
        parser.addini(f"mockpbx_{name.replace('-', '_')}", text, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and refuse impossible settings."""
    config.addinivalue_line("markers", _MARKER)
    if _is_set(config, *(name.replace("-", "_") for name, _, _ in OPTIONS)):
        from .plugin import settings

        settings.check(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Refuse what a marker cannot mean, and run a test under each reading if it says so."""
    if next(metafunc.definition.iter_markers("mockpbx"), None) is not None:
        from .plugin import matrix

        matrix.spread(metafunc)


@pytest.fixture(scope="session")
def mockpbx_config() -> Config | dict[str, Any] | None:
    """How the PBX is set up: a `Config` or fields of one. For you to override."""
    return None


@pytest.fixture(scope="session")
def mockpbx_world() -> Any:
    """What the PBX starts from: a name, a path or a mapping. For you to override."""
    return None


@pytest.fixture
def _mockpbx_reading(request: pytest.FixtureRequest) -> Any:
    return getattr(request, "param", None)


@pytest.fixture
def mockpbx(
    request: pytest.FixtureRequest,
    mockpbx_config: Any,
    mockpbx_world: Any,
    _mockpbx_reading: Any,
) -> Iterator[MockPBX]:
    """A PBX in a state of its own, for this test."""
    from .plugin import fixtures

    with fixtures.of(request.config).one(
        request, mockpbx_config, mockpbx_world, _mockpbx_reading
    ) as pbx:
        yield pbx


@pytest.fixture
def make_mockpbx(
    request: pytest.FixtureRequest,
    mockpbx_config: Any,
    mockpbx_world: Any,
    _mockpbx_reading: Any,
) -> Iterator[Callable[..., MockPBX]]:
    """Makes more of them: `make_mockpbx("documented", freeze=False)`."""
    from .plugin import fixtures

    with fixtures.of(request.config).several(
        request, mockpbx_config, mockpbx_world, _mockpbx_reading
    ) as make:
        yield make


@pytest.fixture(scope="session")
def mockpbx_server(
    request: pytest.FixtureRequest, mockpbx_config: Any, mockpbx_world: Any
) -> Iterator[MockPBX]:
    """A PBX on a socket for the whole run; while a test has its own, that one answers there."""
    from .plugin import fixtures

    with fixtures.of(request.config).serve(request, mockpbx_config, mockpbx_world) as pbx:
        yield pbx


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Read what a PBX needs of the disk before a fixture replaces it, as pyfakefs does."""
    if not _OWN_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        from . import worlds
        from .core import facts
        from .plugin import fixtures

        fixtures.of(item.config)
        worlds.shipped()
        facts.table()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Fail a test whose receivers failed, or whose code asked for undocumented paths."""
    result = yield
    if worlds := getattr(item, "_mockpbx", None):
        from .plugin import report

        report.check_receivers(worlds)
        report.check_paths(item, worlds)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    """A failed test tells what its PBX saw, and a mistake of its own by its own line."""
    if call.excinfo is not None and hasattr(item, "_mockpbx") and not item.config.option.fulltrace:
        from .plugin import mistakes

        mistakes.shorten(call.excinfo.value)
    made = yield
    if made.failed and (worlds := getattr(item, "_mockpbx", None)):
        from .plugin import report

        report.add_section(made, worlds)
    return made


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Count what was exercised, and fail the run below the required share."""
    if _counted(session.config):
        from .plugin import coverage

        coverage.finish(session)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Show what was exercised."""
    if _counted(config):
        from .plugin import coverage

        coverage.show(terminalreporter, config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist tells what its tests exercised."""
    if _counted(node.config):
        from .plugin import coverage

        coverage.take(node.config, getattr(node, "workeroutput", {}))


def _counted(config: pytest.Config) -> bool:
    return _is_set(config, "coverage", "coverage_fail_under")


def _is_set(config: pytest.Config, *names: str) -> bool:
    from os import environ  # as cheap as can be: every run of pytest asks

    return any(
        config.getoption(f"mockpbx_{name}") is not None
        or f"MOCKPBX_{name.upper()}" in environ
        or config.getini(f"mockpbx_{name}") is not None
        for name in names
    )
