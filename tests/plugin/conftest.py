"""Runs pytest as a user does."""

from __future__ import annotations

import importlib
import os
import pkgutil
import socket
from collections.abc import Callable, Iterator

import pytest

import mockpbx

#: Runs the tests of these files, with these arguments.
Run = Callable[..., pytest.RunResult]

NEIGHBOURS = ("randomly", "asyncio", "django", "pytest-flask", "xdist", "fakefs")
#: Plugins of other tools that our own tests use.
TOOLS = ("schemathesis", "hypothesispytest", "anyio", "time_machine")


@pytest.fixture(scope="session")
def _everything() -> None:
    """All modules are imported: what a run in this process imports is forgotten at its end."""
    for module in pkgutil.walk_packages(mockpbx.__path__, "mockpbx."):
        if module.name.rpartition(".")[2] != "__main__":
            importlib.import_module(module.name)


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, _everything: None) -> Run:
    """Write a test file and run it: `run("def test_it(mockpbx): ...", "-x", ini="...")`.

    It runs in this process, which is ten times as fast; `apart`, or `beside` another plugin, it
    has one of its own.
    """
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)

    def go(
        text: str,
        *args: str,
        conftest: str = "",
        ini: str = "",
        beside: tuple[str, ...] = (),
        apart: bool = False,
    ) -> pytest.RunResult:
        pytester.makepyfile(test_it=text)
        if conftest:
            pytester.makeconftest(conftest)
        pytester.makeini(f"[pytest]\n{ini}")
        without = [f"-pno:{name}" for name in (*NEIGHBOURS, *TOOLS) if name not in beside]
        options = ["--strict-markers", "-Werror", *without]
        if apart or beside:
            return pytester.runpytest_subprocess(*options, *args)
        # The package that is tried is imported here already, so its assertions are not rewritten.
        options.append("-Wignore::pytest.PytestAssertRewriteWarning")
        return pytester.runpytest_inprocess(*options, *args)

    return go


@pytest.fixture
def free_port() -> int:
    """A port that is free, as the next one is.

    Systems give ports from 32768 on to whoever names none; below nobody comes between the look
    and the use, but another run of this suite, which begins to look elsewhere.
    """
    begin = 20_000 + os.getpid() % 5_000 * 2
    return next(port for port in range(begin, 32_000, 2) if is_free(port) and is_free(port + 1))


def is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port: int = other.getsockname()[1]
        yield port
