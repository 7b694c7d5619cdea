"""Whether receivers were told, and took it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from mockpbx import MockPBX
from mockpbx.core.errors import NotFoundError
from mockpbx.resources.event.model import subscribe
from tests import shared
from tests.handles import record_of

CALLER = "+79161112233"
CRM = "https://crm.example.com/"


@pytest.fixture
def pbx() -> Iterator[MockPBX]:
    with shared.pbx(freeze=True, seed=7) as made:
        made.clock.move_to(made.clock.now().replace(2026, 3, 1, 12, 0, 0, 0))
        yield made


def subscribed(pbx: MockPBX, url: str = CRM, number: str = "102") -> None:
    with pbx.world.change():
        for event_type in ("dial-in", "hangup"):
            fields = {"url": url, "method": "POST", "event_type": event_type}
            subscribe(pbx.world, record_of(pbx.world, number), fields)


def test_an_event_that_was_sent(pbx: MockPBX) -> None:
    """The first event that is as asked for is answered."""
    pbx.deliver_to(CRM, lambda request: 200)
    subscribed(pbx)
    subscribed(pbx, f"{CRM}103", "103")
    pbx.incoming_call(CALLER, to="102").hang_up()
    pbx.incoming_call(CALLER, to="103").hang_up()
    ids = [
        pbx.wait_for_delivery().id,
        pbx.wait_for_delivery("hangup").id,
        pbx.wait_for_delivery(extension="103").id,
        pbx.wait_for_delivery("hangup", url=f"{CRM}103").id,
        pbx.wait_for_delivery(data={"CallStatus": "CANCEL"}).id,
    ]
    assert ids == [1, 2, 3, 4, 2]
    pbx.assert_all_answered()


def test_an_event_that_is_yet_to_come(pbx: MockPBX) -> None:
    """The wait ends when the event was tried."""
    pbx.deliver_to(CRM, lambda request: 200)
    subscribed(pbx)
    timer = threading.Timer(0.1, lambda: pbx.incoming_call(CALLER, to="102"))
    timer.start()
    assert pbx.wait_for_delivery("dial-in", timeout=10).ok
    timer.join()


def test_an_event_that_does_not_come(pbx: MockPBX) -> None:
    """The failure says what was waited for, and what was sent with what came of it."""
    with pytest.raises(AssertionError) as caught:
        pbx.wait_for_delivery(timeout=0)
    assert str(caught.value) == (
        "an event was not delivered within 0 s\nNothing was delivered at all."
    )
    pbx.deliver_to(CRM, lambda request: (500, "no"))
    subscribed(pbx)
    call = pbx.incoming_call(CALLER, to="102")
    with pytest.raises(AssertionError) as caught:
        pbx.wait_for_delivery(
            "hangup", extension="102", url=CRM, data={"CallStatus": "BUSY"}, timeout=0.01
        )
    text, _, clock = str(caught.value).rpartition("\n")
    assert "next due is ring_timeout" in clock
    assert text == (
        "hangup of extension 85219 to https://crm.example.com/ with {'CallStatus': 'BUSY'} "
        "was not delivered within 0.01 s\n"
        "Delivered:\n"
        f"  12:00:00.000 #1 dial-in of {call.id[:8]} POST https://crm.example.com/ -> 500 'no'"
    )
    with pytest.raises(NotFoundError):
        pbx.wait_for_delivery(extension="999")


def test_events_that_nobody_took(pbx: MockPBX) -> None:
    """A failure shows each event that was not taken, and what its receiver said."""

    def receive(request: object) -> int:
        raise ConnectionRefusedError("closed")

    pbx.deliver_to(CRM, receive)
    subscribed(pbx)
    call = pbx.incoming_call(CALLER, to="102")
    pbx.deliver_to(CRM, lambda request: 204)
    call.hang_up()
    with pytest.raises(AssertionError) as caught:
        pbx.assert_all_answered()
    assert str(caught.value) == (
        "1 of 2 events were not answered with a 2xx:\n"
        f"  12:00:00.000 #1 dial-in of {call.id[:8]} POST https://crm.example.com/ "
        "-> ConnectionRefusedError: closed"
    )


def test_a_receiver_that_recovers() -> None:
    """What counts is the last attempt."""
    with shared.pbx(freeze=True, retry_delays_s=(5,)) as pbx:
        answers = [503, 200]
        pbx.deliver_to(CRM, lambda request: answers.pop(0))
        subscribed(pbx)
        pbx.incoming_call(CALLER, to="102")
        with pytest.raises(AssertionError, match=r"-> 503$"):
            pbx.assert_all_answered()
        pbx.clock.advance(5)
        pbx.assert_all_answered()


@pytest.mark.parametrize(
    "wait",
    [
        lambda pbx: pbx.wait_for_delivery("answer", timeout=0.01),
        lambda pbx: pbx.wait_for_request("GET", "/user/", timeout=0.01),
        lambda pbx: pbx.assert_requested("GET", "/user/", within=0.01),
    ],
    ids=["delivery", "request", "requested"],
)
def test_a_wait_in_vain_names_what_is_due(pbx: MockPBX, wait: Callable[[MockPBX], object]) -> None:
    """While the clock stands it says what comes due next, when, and how to get there."""
    stands = "The clock stands at 2026-03-01 12:00:00.000000 (clock.run() lets it run)"
    with pytest.raises(AssertionError) as caught:
        wait(pbx)
    assert str(caught.value).splitlines()[-1] == f"{stands}; nothing is due."
    pbx.incoming_call(CALLER, to="102", script={"answer_after": 2.5})
    with pytest.raises(AssertionError) as caught:
        wait(pbx)
    due = "next due is pick_up at 2026-03-01 12:00:02.500000: clock.advance(2.5)."
    assert str(caught.value).splitlines()[-1] == f"{stands}; {due}"


def test_what_came_though_it_should_not(pbx: MockPBX) -> None:
    """Time has no part in a request that came too often, and is not spoken of."""
    pbx.session().get("http://mockpbx.test/api/ver1.0/user/")
    with pytest.raises(AssertionError, match="was requested once") as caught:
        pbx.assert_not_requested("GET", "/user/", within=0.01)
    assert "clock" not in str(caught.value)
