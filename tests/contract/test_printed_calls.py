"""The two calls that the events page tells of, in the world `documented`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from mockpbx import MockPBX
from tests import shared
from tests.conftest import DOCUMENTED_TOKEN

_RECEIVER = "https://somehost.com/fordel/show.php"
_EVENTS = ("dial-in", "dial-out", "answer", "hangup")


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx("documented", freeze=True) as made:
        yield made


def subscribed(pbx: MockPBX, extension_id: int, types: tuple[str, ...]) -> list[dict[str, str]]:
    """What the page's script is told of the extension, as GET requests with `myid` first."""
    told: list[dict[str, str]] = []
    url = f"{_RECEIVER}?myid={extension_id}"

    def script(method: str, url: str, headers: object, body: object) -> None:
        assert method == "GET"
        told.append(dict(parse_qsl(urlsplit(url).query, strict_parsing=True)))

    pbx.deliver_to("https://somehost.com", script)
    for kind in types:
        asked = {"url": url, "method": "GET", "event_type": kind}
        post(pbx, f"/extension/{extension_id}/event/", asked)
    return told


def post(pbx: MockPBX, path: str, body: Mapping[str, object]) -> None:
    """The request is taken, with the page's token."""
    headers = {"Authorization": f"Bearer {DOCUMENTED_TOKEN}"}
    answer = pbx.session().post(f"{pbx.api_url}{path}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.fact("EVT-1", "EVT-6", "DLV-2", "CAL-1", "DAT-15")
def test_a_call_of_the_subscribed_extension(pbx: MockPBX) -> None:
    """A call of 000*099 to 00010005 reaches the script three times, with myid and the record."""
    told = subscribed(pbx, 175, ("dial-out", "answer", "hangup"))
    call = pbx.outgoing_call("000*099", "00010005")
    call.answer()
    pbx.clock.advance(5)
    call.hang_up()
    assert [next(iter(one.items())) for one in told] == [("myid", "175")] * 3
    assert [one["EventType"] for one in told] == ["dial-out", "answer", "hangup"]
    assert {(one["CallerIDNum"], one["CalledNumber"]) for one in told} == {("000*099", "00010005")}
    assert ["RecID" in one for one in told] == [False, False, True]
    assert told[2]["Duration"] == "5000000"


@pytest.mark.fact("CAL-6")
def test_the_callback_of_who_rings_itself(pbx: MockPBX) -> None:
    """The callback of 200 by 200 to +79817654321 causes a dial-out, and no event of ringing 200."""
    told = subscribed(pbx, 200, _EVENTS)
    asked = {"src_num": ["200"], "dst_num": "+79817654321"}
    post(pbx, "/extension/@200/callback/", asked)
    (call,) = pbx.calls
    call.answer()
    call.answer()
    call.hang_up()
    sides = [(one["EventType"], one["CallerIDNum"], one["CalledNumber"]) for one in told]
    assert sides == [(kind, "000*200", "+79817654321") for kind in ("dial-out", "answer", "hangup")]
