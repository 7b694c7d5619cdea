"""A served world `documented`, and the two clients that the documentation shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from tests.conftest import API, DOCUMENTED_TOKEN

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Example:
    """One request of the documentation, below the API; `body` is the text that is sent."""

    method: str
    path: str
    body: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back: the status code, and the body as JSON, None when there is none."""

    status: int
    body: Any


#: Sends an example to the server at that address.
Client = Callable[[str, Example], Answer]


def by_curl(url: str, example: Example) -> Answer:
    """Run the example as a shell command that finds the address and the token in variables."""
    words = ['curl -H "Authorization: Bearer ${access_token}"']
    if example.body is not None:
        words.append(f"-H \"Content-Type: application/json\" -d '{example.body}'")
    words.append(f'-X {example.method} "${{url}}{example.path}"')
    command = " ".join([*words, "-s -w '\\n%{http_code}'"])
    variables = {**os.environ, "url": url + API, "access_token": DOCUMENTED_TOKEN}
    done = subprocess.run(
        ["sh", "-c", command], env=variables, capture_output=True, timeout=30, check=True
    )
    body, _, status = done.stdout.decode("ascii").rpartition("\n")
    return Answer(int(status), json.loads(body) if body else None)


def by_requests(url: str, example: Example) -> Answer:
    """Send the example with the library `requests`, its body as a text."""
    headers = {"Authorization": f"Bearer {DOCUMENTED_TOKEN}"}
    if example.body is not None:
        headers["Content-Type"] = "application/json"
    call = getattr(requests, example.method.lower())
    response = call(url + API + example.path, headers=headers, data=example.body, timeout=30)
    return Answer(response.status_code, response.json() if response.text else None)


@pytest.fixture(params=["curl", "requests"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Each of the documentation's clients; curl where the machine has one and a shell."""
    monkeypatch.setenv("NO_PROXY", "*")  # the commands are printed without a word about proxies
    if request.param == "requests":
        return by_requests
    for program in ("curl", "sh"):
        if shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")
    return by_curl


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The address of a server of the world `documented` that runs meanwhile."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "mockpbx",
            "serve",
            "--world",
            "documented",
            "--port",
            "0",
            *options,
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "MOCKPBX" not in name},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            yield ready.removeprefix("mockpbx ready on ").partition(" ")[0]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def frozen_server() -> Iterator[str]:
    with served("--freeze") as url:
        yield url


@pytest.fixture
def server(frozen_server: str) -> str:
    """A server whose time stands still, in its start world."""
    control(frozen_server, "/reset")
    return frozen_server


@pytest.fixture
def running_server() -> Iterator[str]:
    """A server whose time runs."""
    with served() as url:
        yield url


def control(url: str, path: str, **body: Any) -> None:
    """Tell the server something through its control API."""
    answer = urllib3.request("POST", f"{url}/_mockpbx{path}", json=body)
    assert answer.status < 300, answer.data
