"""A program as integrations are: it logs in, subscribes, takes a call, and fetches its record.

Once with plain `requests`, and once with the habits of the strictest clients: exact status codes
and reason phrases, integer ids, ASCII bodies, and a refusal of anything else.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from mockpbx import MockPBX
from tests import shared
from tests.receivers import Listener, listening

EVENTS = ("dial-in", "answer", "hangup")
_PHRASES = {200: "OK", 201: "Created", 204: "No Content"}


@pytest.fixture
def crm() -> Iterator[Listener]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx() as made:
        yield made


class Plain:
    """Takes what it is given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def send(self, method: str, path: str, status: int, **options: Any) -> requests.Response:
        """The answer, which has that status."""
        url = path if path.startswith("http") else self.url + path
        answer = self.http.request(method, url, timeout=30, **options)
        assert answer.status_code == status, answer.text
        return answer

    def log_in(self, app_id: str, secret: str) -> None:
        """A token is got by the application's own id and secret."""
        form = {"grant_type": "client_credentials", "client_id": app_id, "client_secret": secret}
        token = self.send("POST", "/oauth/token", 200, data=form).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"


class Strict(Plain):
    """Refuses everything that is not exactly as the strictest clients want it."""

    def send(self, method: str, path: str, status: int, **options: Any) -> requests.Response:
        """The answer, after a close look."""
        answer = super().send(method, path, status, **options)
        assert answer.reason == _PHRASES[status]
        assert answer.raw.version == 11
        kind = answer.headers.get("Content-Type")
        if status == 204:
            assert (answer.content, kind) == (b"", None)
        elif not path.startswith("http") and "/record/85" not in path:
            assert kind == "application/json"
            assert answer.text.isascii()
            for found in self._objects(answer.json()):
                ids = [value for name, value in found.items() if self._is_id(name)]
                assert {type(value) for value in ids} <= {int, type(None)}
        return answer

    def _objects(self, found: Any) -> Iterator[dict[str, Any]]:
        inner = found.values() if isinstance(found, dict) else found
        if isinstance(found, dict):
            yield found
        for one in inner if isinstance(found, (dict, list)) else ():
            yield from self._objects(one)

    def _is_id(self, name: str) -> bool:
        return name == "id" or (name.endswith("_id") and name not in ("call_id", "call_api_id"))


@pytest.mark.fact("AUT-1", "EXT-1", "EVT-3", "EVT-9", "CAL-1", "DAT-3", "HIS-5", "REC-2", "REC-3")
@pytest.mark.parametrize("program", [Plain, Strict])
def test_the_program(program: type[Plain], pbx: MockPBX, crm: Listener) -> None:
    """Login, phones, subscriptions, a call, its history row, its record, and all put away."""
    assert run(program, pbx, crm)


@pytest.mark.neighbour("av")
@pytest.mark.fact("REC-2")
def test_the_record_plays(pbx: MockPBX, crm: Listener) -> None:
    """The record that the program gets is as long as the talk."""
    assert _seconds(run(Plain, pbx, crm)) == pytest.approx(65, abs=0.2)


def run(program: type[Plain], pbx: MockPBX, crm: Listener) -> bytes:
    """What the program does; answers the record that it got."""
    api = "/api/ver1.0"
    client = program(pbx.url)
    client.log_in(pbx.app_id, pbx.app_secret)

    phones = client.send("GET", f"{api}/client/@me/extension/?type=phone", 200).json()
    (phone,) = [one for one in phones if one["name"].endswith("*102")]
    events = f"{api}/extension/{phone['id']}/event/"
    made = []
    for kind in EVENTS:
        body = {"url": crm.url, "method": "POST", "event_type": kind}
        made.append(client.send("POST", events, 201, json=body).json()["id"])
    assert [one["id"] for one in client.send("GET", events, 200).json()] == made

    pbx.incoming_call("+79161112233", to="102").answer().talk(65).hang_up()
    told = [crm.next() for _ in EVENTS]
    assert [one["EventType"] for one in told] == list(EVENTS)
    assert {one["CallID"] for one in told} == {told[0]["CallID"]}
    call_id, record_uuid = told[0]["CallID"], told[-1]["RecID"]

    path = f"{api}/client/@me/call_history/{call_id}"
    row = client.send("GET", path, 200).json()
    assert row["call_uuid"] == call_id.upper()
    assert (row["result"], row["bridged_duration"]) == ("bridged", 65)
    now = pbx.clock.now()
    span = {
        "start_datetime": f"{now - timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
        "end_datetime": f"{now + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
    }
    rows = client.send("GET", f"{api}/client/@me/call_history/", 200, params=span).json()
    assert rows["call_history"] == [row]

    record = f"{api}/client/@me/record/{record_uuid}"
    sound = client.send("GET", record, 200)
    assert sound.headers["Content-Disposition"].startswith('attachment; filename="')
    address = client.send("GET", f"{record}/storage_url/", 200).json()["record_url"]
    assert requests.get(address, timeout=30).content == sound.content

    client.send("DELETE", record, 200)
    for number in made:
        client.send("DELETE", f"{events}{number}", 204)
    assert client.send("GET", events, 200).json() == []
    pbx.incoming_call("+79161112233", to="102").hang_up()
    assert crm.types() == []
    assert datetime.fromisoformat(row["init_time_gmt"]) <= now.replace(tzinfo=None)
    return sound.content


def _seconds(content: bytes) -> float:
    import av

    with av.open(io.BytesIO(content)) as found:
        frames = list(found.decode(audio=0))
        return float(sum(frame.samples for frame in frames) / frames[0].sample_rate)
