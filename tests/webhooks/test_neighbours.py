"""What the operator sends passes beside recorders and mocks of the program's own HTTP.

Each case is a process of its own: what they patch may be imported before or while they do.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

#: A receiver on a real socket, which shares nothing with what is patched.
RECEIVER = """
import socket, threading
from urllib.parse import parse_qs

events, server = [], socket.create_server(("127.0.0.1", 0))
url = f"http://127.0.0.1:{server.getsockname()[1]}/hook"

def serve():
    while True:
        connection, _ = server.accept()
        with connection:
            taken = b""
            while b"CalledNumber" not in taken:
                taken += connection.recv(65536)
            body = taken.partition(b"\\r\\n\\r\\n")[2].decode()
            events.append(parse_qs(body)["EventType"][0])
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n"
                               b"Connection: close\\r\\n\\r\\n")

threading.Thread(target=serve, daemon=True).start()

def subscribe(pbx):
    for kind in ("dial-in", "hangup"):
        answer = pbx.app.test_client().post(
            "/api/ver1.0/extension/@101/event/",
            json={"url": url, "method": "POST", "event_type": kind},
            headers={"Authorization": f"Bearer {pbx.token()}"},
        )
        assert answer.status_code == 201, answer.text

def call(pbx):
    before = len(events)
    pbx.incoming_call("+79161112233", to="101").hang_up()
    assert events[before:] == ["dial-in", "hangup"], (events, pbx.deliveries)
    assert [one.status for one in pbx.deliveries[-2:]] == [200, 200]
"""
#: The library's name, and a context manager that is active while it patches.
LIBRARIES = {
    "vcr": 'vcr.use_cassette("cassette.yaml", record_mode="{mode}")',
    "responses": "responses.RequestsMock()",
    "requests_mock": "requests_mock.Mocker()",
}
#: What comes before, inside and after the patching.
ORDERS = {
    "imported before": (
        "from mockpbx import MockPBX\npbx = MockPBX()\nsubscribe(pbx)",
        "call(pbx)",
    ),
    "an event before": (
        "from mockpbx import MockPBX\npbx = MockPBX()\nsubscribe(pbx)\ncall(pbx)",
        "call(pbx)",
    ),
    "imported inside": (
        "",
        "from mockpbx import MockPBX\n    pbx = MockPBX()\n    subscribe(pbx)\n    call(pbx)",
    ),
}


def run(code: str, place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=place,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("library", "mode"),
    [
        pytest.param("vcr", "once", marks=pytest.mark.neighbour("vcr")),
        pytest.param("vcr", "none", marks=pytest.mark.neighbour("vcr")),
        pytest.param("vcr", "all", marks=pytest.mark.neighbour("vcr")),
        pytest.param("responses", "", marks=pytest.mark.neighbour("responses")),
        pytest.param("requests_mock", "", marks=pytest.mark.neighbour("requests_mock")),
    ],
)
def test_events_pass_beside(library: str, mode: str, order: str, tmp_path: Path) -> None:
    """Events arrive inside and after the patching, and nothing of them is recorded."""
    before, inside = ORDERS[order]
    code = f"""{RECEIVER}
{before}
import {library}
with {LIBRARIES[library].format(mode=mode)}:
    {inside}
call(pbx)
"""
    run(code, tmp_path)
    assert not (tmp_path / "cassette.yaml").exists()


@pytest.mark.neighbour("niquests")
@pytest.mark.parametrize("before", ["", "import niquests\n"])
def test_events_beside_niquests(before: str, tmp_path: Path) -> None:
    """Where urllib3 is replaced by urllib3-future events arrive all the same."""
    code = "from mockpbx import MockPBX\npbx = MockPBX()\nsubscribe(pbx)\ncall(pbx)"
    run(f"{before}{RECEIVER}{code}", tmp_path)


@pytest.mark.neighbour("niquests")
def test_doors_beside_niquests(tmp_path: Path) -> None:
    """A server that is spoken to by RemotePBX and niquests, and sessions of requests."""
    code = f"""{RECEIVER}
import niquests, requests
from mockpbx import MockPBX, RemotePBX
pbx = MockPBX()
subscribe(pbx)
far = RemotePBX(pbx.url)
far.incoming_call("+79161112233", to="101").hang_up()
assert events == ["dial-in", "hangup"], events
user = pbx.api_url + "/user/"
headers = {{"Authorization": "Bearer " + pbx.token()}}
assert niquests.get(user, headers=headers).json()["login"] == "admin"
assert pbx.session().get(user, headers=headers).json()["login"] == "admin"
with pbx.intercept("https://pbx.example.com"):
    there = "https://pbx.example.com/api/ver1.0/user/"
    assert requests.get(there, headers=headers).json()["login"] == "admin"
"""
    run(code, tmp_path)
