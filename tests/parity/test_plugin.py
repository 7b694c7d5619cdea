"""The stories through the fixture: in this process, and with `--mockpbx-url`."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx import create_app
from mockpbx.core.control_access import ControlAccess
from mockpbx.server.socket import Server

from . import inside
from .conftest import TOKEN
from .receivers import Receivers
from .stories import STORIES
from .told import differences

#: What a server that outlives its tests tells otherwise, and why.
LASTING = {
    "coverage": "it adds up what all tests exercised, so that a run can be judged",
    "the_state": "registrations and the like count from the moment at which the world began",
}

TESTS = """
    import pytest
    from tests.parity import inside
    from tests.parity.stories import STORIES
    from tests.parity.stories.table import observed

    @pytest.mark.parametrize("name", STORIES)
    def test_it(mockpbx, name):
        inside.SEEN[name] = observed(name, mockpbx, *inside.RECEIVERS)
"""


def test_the_fixture(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, receivers: Receivers
) -> None:
    """A test observes the same, whichever of the two its fixture is."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(inside, "RECEIVERS", [receivers])
    pytester.makepyfile(test_it=TESTS)
    here, outcomes = seen(pytester)
    with Server(create_app(), port=0, access=ControlAccess(TOKEN)) as server:
        there, others = seen(
            pytester, f"--mockpbx-url={server.url}", f"--mockpbx-control-token={TOKEN}"
        )
    assert others == outcomes == {"passed": len(STORIES) - 1, "failed": 1}  # undocumented paths
    assert here.keys() == there.keys() == STORIES.keys()
    told = {name: "\n".join(differences(here[name], there[name])) for name in STORIES}
    assert {name: text for name, text in told.items() if text and name not in LASTING} == {}


def seen(pytester: pytest.Pytester, *options: str) -> tuple[dict[str, Any], dict[str, int]]:
    """What a run with these options observes, and how its tests ended."""
    inside.SEEN.clear()
    others = ("randomly", "asyncio", "django", "pytest-flask", "xdist")
    # What is tried is imported here already, so its assertions are not rewritten.
    quiet = ("-q", "-Wignore::pytest.PytestAssertRewriteWarning")
    done = pytester.runpytest_inprocess(*quiet, *[f"-pno:{name}" for name in others], *options)
    return dict(inside.SEEN), done.parseoutcomes()
