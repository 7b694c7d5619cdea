"""The documentation's commands, run as they are printed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
import urllib3

from tests.conftest import API, DOCUMENTED_TOKEN

from .printed import COMMANDS, Printed

RUN = [one for one in COMMANDS if one.fault is None]
MISPRINTED = [one for one in COMMANDS if one.fault is not None]


def name_of(one: Printed) -> str:
    return f"{one.language} {one.request}"


def run(one: Printed, server: str) -> subprocess.CompletedProcess[str]:
    """Run the command with its variables set."""
    if one.language == "Python":
        program = f"URL = {server + API!r}\nACCESS_TOKEN = {DOCUMENTED_TOKEN!r}\n{one.command}"
        words, variables = [sys.executable, "-c", program], dict(os.environ)
    else:
        if shutil.which("curl") is None or shutil.which("sh") is None:
            pytest.skip("this machine has no curl, or no shell")
        words = ["sh", "-c", one.command]
        variables = {**os.environ, "url": server + API, "access_token": DOCUMENTED_TOKEN}
    variables["NO_PROXY"] = "*"
    return subprocess.run(words, env=variables, capture_output=True, text=True, timeout=30)


def asked(server: str) -> list[tuple[str, str, str, int]]:
    """Method, path, query and status of what came to the server."""
    found = json.loads(urllib3.request("GET", f"{server}/_mockpbx/requests").data)["requests"]
    return [(one["method"], one["path"], one["query"], one["status"]) for one in found]


@pytest.mark.fact("AUT-19")
@pytest.mark.parametrize("one", RUN, ids=name_of)
def test_a_command_that_runs(server: str, one: Printed) -> None:
    """The command asks what its page says, and prints the answer of the page."""
    done = run(one, server)
    assert done.returncode == 0, done.stderr
    method, path, *_ = one.request.split(" ")
    place, _, query = path.partition("?")
    assert asked(server) == [(method, API + place, query, one.status)]
    if one.shown is not None:
        assert json.loads(done.stdout) == one.shown


@pytest.mark.fact("AUT-19")
@pytest.mark.parametrize("one", MISPRINTED, ids=name_of)
def test_a_command_that_does_not_run(server: str, one: Printed) -> None:
    """The command fails before it asks anything, or asks something else."""
    done = run(one, server)
    if "&" in one.command:
        alone = ("GET", f"{API}/extension/registration/", "extension_id=3", 200)
        assert (done.returncode, asked(server)) == (0, [alone])
    else:
        assert (done.returncode != 0, asked(server)) == (True, [])
