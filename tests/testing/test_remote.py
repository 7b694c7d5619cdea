"""A PBX on a server, as an object: what `MockPBX` does, over the control API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from unittest.mock import ANY

import pytest
import requests

from mockpbx import Config, Readings
from mockpbx.core.control_access import ControlAccess
from mockpbx.core.errors import ConflictError, InvalidError, NotFoundError, UnauthorizedError
from mockpbx.server.socket import Server
from mockpbx.testing import remote
from mockpbx.testing.remote import RemoteError, RemotePBX

from .. import shared
from ..receivers import listening

CALLER = "+79161112233"
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def pbx() -> Iterator[RemotePBX]:
    with (
        Server(shared.enter(shared.fresh("office", freeze=True)), port=0) as server,
        RemotePBX(f"{server.url}/") as made,
    ):
        made.clock.move_to(NOON)
        yield made


def ask(pbx: RemotePBX, method: str, path: str, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {pbx.token()}"}
    return requests.request(method, pbx.api_url + path, headers=headers, timeout=30, **options)


def test_the_application(pbx: RemotePBX) -> None:
    """Address, application and token are those of the server's world."""
    assert (pbx.app_id, pbx.app_secret, len(pbx.token())) == ("app", "secret", 30)
    assert ask(pbx, "GET", "/user/").json()["login"] == "admin"


def test_extensions(pbx: RemotePBX) -> None:
    """An extension is found by id, number and whole name, and comes and goes online."""
    one = pbx.extension("105")
    assert one.id == pbx.extension(one.id).id == pbx.extension("2566*105").id
    assert pbx.register("105", expires=60)["expires"] == 60
    assert pbx.incoming_call(CALLER, to="105").state == "ringing"
    pbx.unregister("105")
    assert ask(pbx, "GET", "/extension/@105/registration/").json()["registered"] is False
    with pytest.raises(NotFoundError, match=r"extension: there is no 999; the nearest is "):
        pbx.extension("999")


def test_a_call(pbx: RemotePBX) -> None:
    """Steps, state, legs, ladder, messages and what a receiver said."""
    with listening() as crm:
        for event_type in ("dial-in", "answer", "hangup"):
            event = {"url": crm.url, "method": "POST", "event_type": event_type}
            assert ask(pbx, "POST", "/extension/@102/event/", json=event).status_code == 201
        call = pbx.incoming_call(CALLER, did="74959998877", name="Ann")
        assert (call.state, [leg.role for leg in call.legs]) == ("menu", ["ivr"])
        call.press("1").ring().answer("102").hold().hold().talk(30).hang_up()
        assert (call.state, call.result) == ("finished", "ANSWER")
        assert call.ladder().startswith(f"incoming call {call.id}: {CALLER} -> 74959998877\n")
        assert crm.types() == ["dial-in", "answer", "hangup"]
        assert [one.event_type for one in pbx.deliveries] == ["dial-in", "answer", "hangup"]
        assert pbx.wait_for_delivery("hangup", extension="102", url=crm.url).data["Duration"] == (
            "30000000"
        )
        pbx.assert_all_answered()
    with pytest.raises(ConflictError, match="finished"):
        call.hang_up()
    told = (call.kind, call.caller, call.dialled, call.did, call.steps, call.api_id[-12:])
    assert told == ("incoming", CALLER, "74959998877", "74959998877", (), call.id[-12:])
    assert (call.started_at, call.answered_at) == (NOON, NOON)
    assert call.ended_at == NOON + timedelta(seconds=30)
    assert repr(call) == f"<Call {call.id} {CALLER} -> 74959998877: finished>"
    assert repr(call.legs[0]).startswith("Leg(extension='2566*099', extension_id=96856, ")


def test_other_calls(pbx: RemotePBX) -> None:
    """Outgoing and internal calls, transfers, refusals, voicemail, messages, scripts."""
    out = pbx.outgoing_call("101", "+79161112244")
    assert out.answer().transfer("102", attended=True).answer().hang_up().state == "answered"
    assert out.hang_up().state == "finished"
    assert pbx.internal_call("101", "103").decline("103").result == "BUSY"
    assert pbx.incoming_call(CALLER, to="101", script={"answer_after": 1, "talk": 2}).id
    fired = pbx.clock.advance(3)
    assert [one["kind"] for one in fired] == ["pick_up", "hang_up"]
    pbx.message("101", "102", "Hello")
    pbx.register("105")
    left = pbx.incoming_call(CALLER, to="105", script={"outcome": "no_answer"})
    pbx.clock.advance(60)
    assert left.state == "voicemail"
    assert left.leave_message().legs[0].status == "NOANSWER"


def test_the_clock(pbx: RemotePBX) -> None:
    """Time is read, moved, stopped and let run."""
    assert pbx.clock.now() == NOON
    pbx.clock.advance(60)
    pbx.clock.advance(timedelta(seconds=30))
    assert pbx.clock.now() == NOON.replace(minute=1, second=30)
    with pytest.raises(InvalidError, match=r"^moment: must be a moment such as "):
        pbx.clock.move_to("soon")
    pbx.clock.run()
    assert pbx.clock.now() > NOON
    pbx.clock.freeze()
    assert pbx.clock.now() == pbx.clock.now()


def test_verification(pbx: RemotePBX) -> None:
    """Requests are verified and waited for, with the server's words when it fails."""
    pbx.assert_not_requested("GET", "/user/")
    ask(pbx, "GET", "/user/?a=1")
    pbx.assert_requested("GET", "/user/", times=1, query={"a": ANY}, headers={"Accept": "*/*"})
    pbx.assert_not_requested("GET", "/user/", within=0.01, query={"a": "2"})
    assert pbx.wait_for_request("GET", "/user/").query == "a=1"
    with pytest.raises(AssertionError, match="GET /user/ was requested once, not twice"):
        pbx.assert_requested("GET", "/user/", times=2)
    with pytest.raises(AssertionError, match="was requested never"):
        pbx.wait_for_request("GET", "/user/", timeout=0.01, query={"a": "2"})
    with pytest.raises(LookupError, match="the nearest is /user/"):
        pbx.assert_requested("GET", "/usr/")
    with pytest.raises(AssertionError) as caught:
        pbx.wait_for_delivery(timeout=0)
    text = "an event was not delivered within 0 s\nNothing was delivered at all."
    assert str(caught.value) == text


def test_a_receiver_that_is_down(pbx: RemotePBX) -> None:
    """Events that nobody took are told with what the receiver said."""
    with listening() as crm:
        url = crm.url
    event = {"url": url, "method": "POST", "event_type": "dial-in"}
    ask(pbx, "POST", "/extension/@102/event/", json=event)
    call = pbx.incoming_call(CALLER, to="102")
    line = f"  12:00:00.000 #1 dial-in of {call.id[:8]} POST {url} -> ConnectionRefusedError: "
    with pytest.raises(AssertionError) as caught:
        pbx.assert_all_answered()
    assert str(caught.value).startswith(f"1 of 1 events were not answered with a 2xx:\n{line}")
    with pytest.raises(AssertionError) as caught:
        pbx.wait_for_delivery("hangup", timeout=0)
    assert str(caught.value).startswith(f"hangup was not delivered within 0 s\nDelivered:\n{line}")


def test_faults(pbx: RemotePBX) -> None:
    """Rules are added, listed with their hits, and cleared."""
    rule = pbx.faults.add("GET /user/", status=503, times=1)
    assert (rule.operation, rule.status, rule.left) == ("GET /user/", 503, 1)
    assert ask(pbx, "GET", "/user/").status_code == 503
    pbx.faults.add("GET /client/{id}/limit", status=500)
    assert ask(pbx, "GET", "/user/").status_code == 200
    assert len(pbx.faults) == 2
    assert [(one.operation, one.fired) for one in pbx.faults] == [
        ("GET /user/", 1),
        ("GET /client/{id}/limit", 0),
    ]
    with pytest.raises(InvalidError, match="status: is needed"):
        pbx.faults.add()
    pbx.faults.clear()
    assert list(pbx.faults) == []


def test_state(pbx: RemotePBX) -> None:
    """Snapshots are restored by name, and a reset goes back to the start."""
    name = pbx.snapshot()
    call = pbx.incoming_call(CALLER, to="102")
    pbx.restore(name)
    with pytest.raises(NotFoundError, match="there is no call"):
        assert call.state
    pbx.incoming_call(CALLER, to="102")
    assert pbx.notes == []
    pbx.reset()
    assert (pbx.deliveries, pbx.requests) == ([], [])


def test_a_configuration(pbx: RemotePBX) -> None:
    """A test's world and settings are put into the server's."""
    pbx.begin(Config(world="documented", freeze=True))
    assert pbx.extension(54).client_id == 801
    before = pbx.clock.now()
    assert pbx.clock.now() == before
    usual = pbx.settings.now()
    pbx.begin(Config(readings=Readings(slashes="strict"), retry_delays_s=(5,)))
    found = pbx.settings.now()
    assert (found.readings["slashes"], found.retry_delays_s) == ("strict", (5,))
    pbx.begin(Config())
    assert pbx.settings.now() == usual


@pytest.mark.parametrize(
    "name",
    [
        "app",
        "deliver_to",
        "fork",
        "httpx_transport",
        "intercept",
        "session",
        "world",
    ],
)
def test_what_needs_this_process(pbx: RemotePBX, name: str) -> None:
    """What a server elsewhere cannot do is said, not missing."""
    with pytest.raises(RemoteError) as caught:
        getattr(pbx, name)
    assert (
        str(caught.value) == f"{name}: only a PBX in this process has it, not the one at {pbx.url}"
    )


def test_a_control_token() -> None:
    """A server that wants its token is asked with it, and refuses who has another one."""
    app = shared.enter(shared.fresh("office"))
    with Server(app, port=0, access=ControlAccess("open-sesame")) as server:
        with RemotePBX(server.url, "open-sesame") as pbx:
            assert pbx.extension("105").name == "2566*105"
        for wrong in (RemotePBX(server.url), RemotePBX(server.url, control_token="open")):
            with pytest.raises(UnauthorizedError, match="wants its token"):
                wrong.extension("105")
            with pytest.raises(ValueError, match="wants its token"):
                wrong.begin(Config())
            wrong.close()


@pytest.mark.parametrize("token", [None, "open-sesame"])
def test_secrets_in_requests(token: str | None) -> None:
    """Who has the control token sees what was sent; others see no secret of it."""
    form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret"}
    app = shared.enter(shared.fresh("office"))
    with Server(app, port=0, access=ControlAccess(token)) as server:
        issued = requests.post(f"{server.url}/oauth/token", data=form, timeout=30).json()
        headers = {"Authorization": f"Bearer {issued['access_token']}", "X-Own": "1"}
        body = b'{"password": "hush", "label": "\xff"}'
        address = f"{server.url}/api/ver1.0/extension/@101/phone?token=hush&a=1"
        requests.put(address, body, headers=headers, timeout=30)
        with RemotePBX(server.url, token) as pbx:
            login, change = pbx.requests
    if token:
        assert login.form == form
        assert login.answer == json.dumps(issued).encode()
        assert (change.headers["Authorization"], change.body) == (headers["Authorization"], body)
        assert change.query == "token=hush&a=1"
    else:
        assert login.form == {**form, "client_secret": "***"}
        assert json.loads(login.answer) == {**issued, "access_token": "***"}
        assert change.headers["Authorization"] == "Bearer ***"
        assert change.body == b'{"password": "***", "label": "\xff"}'
        assert change.query == "token=***&a=1"
    assert change.headers["X-Own"] == "1"


@pytest.mark.parametrize("number", [0, 1, 3, 4, 7])
def test_long_lists_come_in_pages(
    pbx: RemotePBX, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """All requests are there, in their order, however many pages they take."""
    monkeypatch.setattr(remote, "PAGE", 3)
    token = {"Authorization": f"Bearer {pbx.token()}"}
    for _ in range(number):
        requests.get(f"{pbx.api_url}/user/", headers=token, timeout=30)
    assert [one.number for one in pbx.requests] == list(range(1, number + 1))
    if number:
        pbx.assert_requested("GET", "/user/", times=number)
    pages = requests.get(f"{pbx.url}/_mockpbx/requests", timeout=30).json()["requests"]
    assert len(pages) == number


def test_nobody_there() -> None:
    """Where no server answers, or another program does, that is said."""
    with listening() as crm:
        with pytest.raises(ValueError, match=r"what answers at .* is no mockpbx"):
            RemotePBX(crm.url).begin(Config())
        url = crm.url
    with pytest.raises(RemoteError, match=f"no mockpbx answers at {url}"):
        RemotePBX(url).token()
    with pytest.raises(ValueError, match="no mockpbx answers"):
        RemotePBX(url).begin(Config())


def test_the_end(pbx: RemotePBX) -> None:
    """After its test it says so."""
    pbx.end("the test is over")
    with pytest.raises(RuntimeError, match=r"^the test is over$"):
        pbx.reset()
