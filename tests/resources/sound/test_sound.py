"""Sounds that are played to callers."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from typing import Any

import pytest
import urllib3

from mockpbx.server.socket import Server
from tests.answers import json_of, refused
from tests.company import company
from tests.conftest import Caller

LIST = "/client/@me/sound/"
SOUNDS = [
    {"id": 5, "title": "Welcome", "filename": "welcome.wav", "length_s": 1.5},
    {"id": 6, "title": "Wait", "filename": "wait.wav"},
    {"id": 7, "title": "Music", "filename": "music.wav", "dealer_id": 3},
]


@pytest.fixture
def there(make_caller: Callable[..., Caller]) -> Caller:
    return make_caller(company(sounds=SOUNDS), freeze=True)


@pytest.mark.fact("SND-1", "GEN-14")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [5, 6, 7]),
        ("own_only=true", [5, 6]),
        ("own_only=0", [5, 6, 7]),
        ("id[]=5&id[]=7", [5, 7]),
        ("id=6", [6]),
        ("title[]=Wait", [6]),
        ("title=Nothing", []),
        ("page=2&per_page=2", [7]),
    ],
)
def test_lists(there: Caller, query: str, ids: list[int]) -> None:
    """The client's and its dealer's sounds are listed, filtered and paged."""
    assert [one["id"] for one in json_of(there.get(LIST, query_string=query))] == ids


@pytest.mark.fact("SND-1")
def test_a_sound(there: Caller) -> None:
    """A sound is its client's or its dealer's."""
    found = json_of(there.get(LIST))
    assert found[0] == {
        "id": 5,
        "client_id": 10,
        "dealer_id": None,
        "title": "Welcome",
        "filename": "welcome.wav",
    }
    assert (found[2]["client_id"], found[2]["dealer_id"]) == (None, 3)


@pytest.mark.fact("SND-1", "REC-2")
def test_a_download(there: Caller) -> None:
    """A download is a real wav of that length, under its name, whole or in part."""
    answer = there.get(f"{LIST}5/download/")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="welcome.wav"'
    with wave.open(io.BytesIO(answer.data)) as found:
        assert found.getnframes() / found.getframerate() == 1.5
    part = there.get(f"{LIST}5/download/", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"RIFF")


@pytest.mark.fact("SND-1")
@pytest.mark.parametrize(
    ("path", "headers", "status", "rule"),
    [
        ("8/download/", {}, 404, "SND-1"),
        ("x/download/", {}, 404, "SND-1"),
        ("5/download/", {"Range": "bytes=999999-"}, 416, "REC-2"),
        ("?own_only=maybe", {}, 400, "SND-1"),
        ("?id=x", {}, 400, "SND-1"),
    ],
)
def test_bad_requests(there: Caller, path: str, headers: Any, status: int, rule: str) -> None:
    """What is not there, or cannot be, is refused."""
    answer = refused(there.get(LIST + path, headers=headers))
    assert (answer.status, answer.rule) == (status, rule)


@pytest.mark.fact("SND-1")
def test_the_state(there: Caller) -> None:
    """Sounds are part of the state."""
    state = there.state()
    assert [one["id"] for one in state["clients"][0]["sounds"]] == [5, 6, 7]
    there.put("/_mockpbx/state", json=state)
    assert there.state() == state


#: File names that no header holds as they are, and what clients see of them.
NAMES = {
    "Приветствие.wav": (
        "___________.wav",
        "%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82%D1%81%D1%82%D0%B2%D0%B8%D0%B5.wav",
    ),
    'say "hello".wav': ("say _hello_.wav", "say%20%22hello%22.wav"),
    "a\\b.wav": ("a_b.wav", "a%5Cb.wav"),
    "a\r\nX-Evil: 1.wav": ("a__X-Evil: 1.wav", "a%0D%0AX-Evil%3A%201.wav"),
}


@pytest.mark.fact("REC-2")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("door", ["in process", "socket"])
def test_odd_file_names(make_caller: Callable[..., Caller], name: str, door: str) -> None:
    """Any file name is sent as RFC 6266 has it, in process and through a socket alike."""
    sounds = [{"id": 5, "title": "Welcome", "filename": name, "length_s": 0.1}]
    there = make_caller(company(sounds=sounds), freeze=True)
    plain, whole = NAMES[name]
    if door == "socket":
        with Server(there.app, port=0) as server:
            bearer = {"Authorization": f"Bearer {there.token}"}
            path = "/api/ver1.0/client/@me/sound/5/download/"
            answer = urllib3.request("GET", server.url + path, headers=bearer)
            status, headers = answer.status, dict(answer.headers)
    else:
        found = there.get(f"{LIST}5/download/")
        status, headers = found.status_code, dict(found.headers)
    assert status == 200
    expected = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    assert headers["Content-Disposition"] == expected
