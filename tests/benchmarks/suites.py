"""What the plugin costs a test suite, and what a test with it costs beside one with moto."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mockpbx import worlds

from .processes import ROOT
from .stopwatch import excess_ms

#: Tells how long each test took, all its phases together.
CONFTEST = """
import collections
import json

durations = collections.Counter()

def pytest_runtest_logreport(report):
    durations[report.nodeid] += report.duration

def pytest_sessionfinish():
    with open("durations.json", "w") as file:
        json.dump(durations, file)
"""
BARE = "def test_it():\n    pass\n"
EMPTY = """
import pytest

@pytest.fixture
def thing(request):
    yield request

@pytest.mark.parametrize("number", range({times}))
def test_it({fixture}, number):
    pass
"""
#: What a test of an integration does: a token, a subscription and a call.
INTEGRATION = """
import pytest

@pytest.mark.parametrize("number", range({times}))
def test_it(mockpbx, number):
    api = mockpbx.session()
    form = {{"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}}
    token = api.post(mockpbx.{root} + "/oauth/token", data=form).json()["access_token"]
    api.headers["Authorization"] = "Bearer " + token
    told = []
    mockpbx.deliver_to("https://crm.example.com", lambda request: told.append(request))
    event = {{"url": "https://crm.example.com/", "method": "POST", "event_type": "hangup"}}
    url = mockpbx.{root} + "/api/ver1.0/extension/@101/event/"
    assert api.post(url, json=event).status_code == 201
    mockpbx.incoming_call("+79161112233", to="101").hang_up()
    assert len(told) == 1
"""
MOTO = """
import os
import boto3
import pytest
from moto.server import ThreadedMotoServer

@pytest.fixture
def aws():
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    yield "http://%s:%s" % server.get_host_and_port()
    server.stop()

@pytest.mark.parametrize("number", range({times}))
def test_it(aws, number):
    client = boto3.client("s3", endpoint_url=aws, region_name="us-east-1",
                          aws_access_key_id="a", aws_secret_access_key="b")
    client.create_bucket(Bucket="bucket")
"""


def plugin_cost_ms() -> float:
    """A run of one test with the plugin, beyond the same run without it."""
    with TemporaryDirectory() as folder:
        _write(folder, BARE)
        return excess_ms(lambda: _pytest(folder), lambda: _pytest(folder, "-pno:mockpbx"))


def world_per_test_ms(extensions: int | None = None, times: int = 1000) -> float:
    """The fixture `mockpbx` in a test, beyond a fixture of the same kind that does nothing."""
    own, none = (
        _per_test_ms(EMPTY.format(times=times, fixture=fixture), times, extensions)
        for fixture in ("mockpbx", "thing")
    )
    return own - none


def world_per_test_ratio() -> float:
    """That of a world of 100 000 extensions, over that of 10."""
    small = min(_fixture_ms(10) for _ in range(3))
    return min(_fixture_ms(100_000) for _ in range(3)) / small


def integration_ratio(root: str = "TEST_URL") -> float:
    """A test with moto and one call of AWS, over one with a token, a subscription and a call."""
    ours = min(_per_test_ms(INTEGRATION.format(times=1000, root=root), 1000) for _ in range(2))
    return _per_test_ms(MOTO.format(times=10), 10) / ours


def _fixture_ms(extensions: int) -> float:
    return _per_test_ms(EMPTY.format(times=1000, fixture="mockpbx"), 1000, extensions)


def _per_test_ms(text: str, times: int, extensions: int | None = None) -> float:
    """How long one of so many tests takes, its set-up included and the first one left out."""
    with TemporaryDirectory() as folder:
        _write(folder, text)
        if extensions is not None:
            world = Path(folder, "world.json")
            world.write_text(json.dumps(_world(extensions)), encoding="utf-8")
        args = [f"--mockpbx-world={world}"] if extensions is not None else []
        _pytest(folder, *args)
        durations = json.loads(Path(folder, "durations.json").read_text(encoding="utf-8"))
    del durations["test_it.py::test_it[0]"]
    assert len(durations) == times - 1
    return float(1000 * sum(durations.values()) / len(durations))


def _world(extensions: int) -> Mapping[str, Any]:
    state: dict[str, Any] = json.loads(worlds.find("empty").read_text(encoding="utf-8"))
    client = state["clients"][0]
    client["extension_len"] = 4
    # Numbers have four digits at most, so many clients share many extensions.
    state["clients"] = [
        {
            **client,
            "id": client["id"] + number,
            "name": f"Company {number}",
            "prefix": f"{1000 + number}",
            "users": client["users"] if number == 0 else [],
            "applications": client["applications"] if number == 0 else [],
            "extensions": [
                {"id": 1 + 5000 * number + key, "name": f"{1000 + key}", "type": "phone"}
                for key in range(min(5000, extensions))
            ],
        }
        for number in range(max(1, extensions // 5000))
    ]
    return state


def _write(folder: str, text: str) -> None:
    Path(folder, "test_it.py").write_text(text, encoding="utf-8")
    Path(folder, "conftest.py").write_text(CONFTEST, encoding="utf-8")
    Path(folder, "pytest.ini").write_text("[pytest]\n", encoding="utf-8")


def _pytest(folder: str, *args: str) -> str:
    others = ("randomly", "asyncio", "django", "pytest-flask", "xdist", "schemathesis", "anyio")
    without = [f"-pno:{name}" for name in (*others, "hypothesispytest", "cacheprovider")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *without, *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
