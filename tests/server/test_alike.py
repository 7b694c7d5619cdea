"""What is answered over a socket is what is answered in process, but for the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from mockpbx import MockPBX
from tests import shared

#: What a socket alone has: when it answered, and what becomes of the connection.
OF_THE_WAY = {"date", "connection", "transfer-encoding"}
NAMES = ("Привет.wav", 'a"b\\c.wav', "a;b,c.wav", "%41.wav", "日本 x.wav", "plain.wav")
LOGIN = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
ASK = "/oauth/authorize?client_id=web-app&response_type=code&redirect_uri="

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/api/ver1.0/user/", {}),
    ("HEAD", "/api/ver1.0/user/", {}),
    ("OPTIONS", "/api/ver1.0/user/", {"headers": {"Origin": "http://a.example"}}),
    ("DELETE", "/api/ver1.0/user/", {}),
    ("GET", "/api/ver1.0/user", {}),
    ("GET", "//api//ver1.0/extension/@101/phone", {}),
    ("GET", "/api/ver1.0/extension/%40101/phone?a=%D1%8F&a=%FF", {}),
    ("GET", "/api/ver1.0/none/%D1%8F%00%0d%0a", {}),
    ("GET", "/api/ver1.0/user/", {"headers": {"Accept-Encoding": "gzip"}}),
    ("PUT", "/api/ver1.0/extension/@101/phone", {"json": {"label": "Жук \x00 \u2028"}}),
    ("PUT", "/api/ver1.0/extension/@101/phone", {"data": b"\xff{"}),
    ("PUT", "/api/ver1.0/extension/@101/phone", {"data": b""}),
    ("PUT", "/api/ver1.0/extension/@101/phone", {"data": b'{"label": 1, "label": 2}'}),
    ("PUT", "/api/ver1.0/extension/@101/phone", {"data": b"x" * (1024 * 1024 + 1)}),
    ("POST", "/oauth/token", {"data": LOGIN}),
    ("POST", "/oauth/token", {"data": {**LOGIN, "client_secret": "я"}}),
    ("GET", f"{ASK}http://a/%0d%0aX", {}),
    ("GET", f"{ASK}http://[::1/", {"headers": {"Accept": "text/html"}}),
    ("GET", f"{ASK}https://crm.example.com/back", {"headers": {"Accept": "text/html"}}),
    ("POST", f"{ASK}https://crm.example.com/back&state=%D1%8F", {}),
    ("GET", "/_mockpbx/clock", {}),
    ("POST", "/_mockpbx/clock/advance", {"json": {"seconds": 1e18}}),
    ("POST", "/_mockpbx/none", {}),
    ("GET", "/worlds/a%20b/_mockpbx/health", {}),
    *(
        (method, f"/api/ver1.0/client/@me/sound/{number}/download/", {"headers": headers})
        for number in range(1, len(NAMES) + 1)
        for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=2-5"}))
    ),
]


@pytest.fixture(scope="module")
def pbx() -> Iterator[MockPBX]:
    """A PBX whose time stands still, with sounds of odd names."""
    with shared.pbx(freeze=True) as made:
        state = made.state()
        sounds = [{"title": name, "filename": name, "length_s": 0.1} for name in NAMES]
        made.put_state({**state, "clients": [{**state["clients"][0], "sounds": sounds}]})
        yield made


def answer_of(found: requests.Response) -> tuple[int, str, Mapping[str, str], bytes]:
    """Status, reason, headers and body of an answer."""
    headers = {name.lower(): value for name, value in found.headers.items()}
    return (
        found.status_code,
        found.reason,
        {name: value for name, value in headers.items() if name not in OF_THE_WAY},
        found.content,
    )


@pytest.mark.parametrize(("method", "path", "options"), CASES, ids=str)
def test_both_say_the_same(pbx: MockPBX, method: str, path: str, options: dict[str, Any]) -> None:
    """Status, headers and body are equal to the byte."""
    name = pbx.snapshot("before").name
    found = []
    for door in (pbx.session(), requests.Session()):
        pbx.restore(name)
        token = {"Authorization": f"Bearer {pbx.token()}", **options.get("headers", {})}
        given = {**options, "headers": token, "allow_redirects": False, "timeout": 30}
        with door:
            found.append(answer_of(door.request(method, pbx.url + path, **given)))
    assert found[0] == found[1]
    assert found[0][0] < 500


def test_the_files_are_there(pbx: MockPBX) -> None:
    """What is compared of the sounds are files with their names."""
    token = {"Authorization": f"Bearer {pbx.token()}"}
    with pbx.session() as door:
        path = "/api/ver1.0/client/@me/sound/1/download/"
        answer = door.get(f"{pbx.url}{path}", headers=token, timeout=30)
    assert (answer.status_code, len(answer.content) > 44) == (200, True)
    whole = "%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82.wav"
    expected = f"attachment; filename=\"______.wav\"; filename*=UTF-8''{whole}"
    assert answer.headers["Content-Disposition"] == expected
