"""Events that were sent, and what their receivers said."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import NotFoundError

from ..receivers import Receivers
from ..told import refused
from .table import CALLER, Face, listen, story


@story
def deliveries(pbx: Face, receivers: Receivers) -> Any:
    """Taken ones, refused ones with an answer that is no text, and one that nobody heard."""
    seen: list[Any] = [pbx.deliveries]
    listen(pbx, receivers.taking, "dial-in", "answer", "hangup")
    listen(pbx, receivers.refusing, "dial-in", extension="103")
    listen(pbx, receivers.absent, "dial-in", extension="104")
    pbx.incoming_call(CALLER, to="102", name="Zoë").answer().talk(3).hang_up()
    pbx.incoming_call(CALLER, to="103").hang_up()
    pbx.incoming_call(CALLER, to="104").hang_up()
    found = pbx.deliveries
    seen += [found, [(one.ok, one.status, repr(one)) for one in found]]
    seen += [[[(one.ok, one.outcome) for one in each.attempts] for each in found]]
    return [*seen, [one["subscription"] for one in found], [one.as_json() for one in found]]


@story
def replays(pbx: Face, receivers: Receivers) -> Any:
    """A delivery is sent once more, by itself or its number, whatever became of it."""
    listen(pbx, receivers.taking, "dial-in")
    listen(pbx, receivers.refusing, "dial-in", extension="103")
    for number in ("102", "103"):
        pbx.incoming_call(CALLER, to=number)
    first, second = pbx.deliveries
    pbx.clock.advance(5)
    return [pbx.replay(first), pbx.replay(second.id), pbx.replay(first), pbx.deliveries]


@story
def replays_of_nothing(pbx: Face, receivers: Receivers) -> Any:
    """There is no such delivery."""
    odd: Any = (99, 0, -1, "x", "1.0", None, True, 10**20, "жук")
    return [refused(NotFoundError, pbx.replay, one) for one in odd]


@story
def sample_events(pbx: Face, receivers: Receivers) -> Any:
    """A subscription's receiver is sent a sample of each type."""
    types = ("dial-in", "dial-out", "answer", "hangup")
    ids = [*listen(pbx, receivers.taking, *types), *listen(pbx, receivers.refusing, "dial-in")]
    ids += listen(pbx, receivers.absent, "hangup")
    return [[pbx.test_subscription(one) for one in ids], pbx.deliveries, pbx.calls]


@story
def sample_events_of_nothing(pbx: Face, receivers: Receivers) -> Any:
    """There is no such subscription."""
    odd: Any = (999, 0, -1, "x", None, True, 10**20, "жук")
    return [refused(NotFoundError, pbx.test_subscription, one) for one in odd]


@story
def events_are_waited_for(pbx: Face, receivers: Receivers) -> Any:
    """By type, extension, url and what they tell."""
    listen(pbx, receivers.taking, "dial-in", "answer", "hangup")
    pbx.incoming_call(CALLER, to="102").answer().talk(30).hang_up()
    wait = pbx.wait_for_delivery
    return [
        wait(),
        wait("answer"),
        wait("hangup", extension="102", url=receivers.taking, data={"CallStatus": "ANSWER"}),
        wait(extension=85219, data={"EventType": "answer"}, timeout=0),
        pbx.check_receivers(),
    ]


@story
def events_that_do_not_come(pbx: Face, receivers: Receivers) -> Any:
    """What was delivered instead is shown; what is never sent is refused."""
    wait = pbx.wait_for_delivery
    seen = [refused(AssertionError, lambda: wait(timeout=0))]
    listen(pbx, receivers.taking, "dial-in")
    pbx.incoming_call(CALLER, to="102")
    return [
        *seen,
        refused(AssertionError, lambda: wait("hangup", timeout=0)),
        refused(AssertionError, lambda: wait(extension="103", timeout=0.01)),
        refused(AssertionError, lambda: wait(url="http://example.com/", timeout=0)),
        refused(AssertionError, lambda: wait(data={"CallStatus": "BUSY"}, timeout=0)),
        refused(ValueError, lambda: wait("ring")),
        refused(NotFoundError, lambda: wait(extension="999")),
        refused(TypeError, lambda: wait(data="x")),
        refused(TypeError, lambda: wait(timeout="long")),
        refused(ValueError, lambda: wait(timeout=-1)),
    ]


@story
def whether_all_were_answered(pbx: Face, receivers: Receivers) -> Any:
    """They were; then some were not, and what their receivers said is shown."""
    seen: list[Any] = [pbx.assert_all_answered()]
    listen(pbx, receivers.taking, "dial-in")
    pbx.incoming_call(CALLER, to="102")
    seen += [pbx.assert_all_answered()]
    listen(pbx, receivers.refusing, "dial-in", extension="103")
    listen(pbx, receivers.absent, "dial-in", extension="104")
    pbx.incoming_call(CALLER, to="103")
    pbx.incoming_call(CALLER, to="104")
    return [*seen, refused(AssertionError, pbx.assert_all_answered)]


@story
def odd_numbers_of_events(pbx: Face, receivers: Receivers) -> Any:
    """What a path has to quote, or cannot hold, is no number of a delivery or subscription."""
    odd: Any = ("a/b", "%2F", ".", "..", "", "a?b", "a#b")
    return [
        [refused(NotFoundError, pbx.replay, one) for one in odd],
        [refused(NotFoundError, pbx.test_subscription, one) for one in odd],
    ]
