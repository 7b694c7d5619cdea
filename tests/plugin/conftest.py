"""Runs pytest as a user does, in a process of its own."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

#: Runs the tests of these files, with these arguments.
Run = Callable[..., pytest.RunResult]

NEIGHBOURS = ("randomly", "asyncio", "django", "pytest-flask", "xdist")
#: Plugins of other tools that our own tests use.
TOOLS = ("schemathesis", "hypothesispytest", "anyio", "time_machine")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Write a test file and run it: `run("def test_it(mockpbx): ...", "-x", ini="...")`."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)

    def go(
        text: str, *args: str, conftest: str = "", ini: str = "", beside: tuple[str, ...] = ()
    ) -> pytest.RunResult:
        pytester.makepyfile(test_it=text)
        if conftest:
            pytester.makeconftest(conftest)
        pytester.makeini(f"[pytest]\n{ini}")
        without = [f"-pno:{name}" for name in (*NEIGHBOURS, *TOOLS) if name not in beside]
        return pytester.runpytest_subprocess("--strict-markers", "-Werror", *without, *args)

    return go


@pytest.fixture
def unused_tcp_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
