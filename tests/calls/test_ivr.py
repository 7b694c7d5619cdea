"""Voice menus: where a key leads, and what becomes of who presses none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.calls.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A world with a menu: 1 is a queue of one agent, 2 a phone, 3 a number outside."""
    desk = Desk()
    desk.queue("102")
    menu = {"1": "887", "2": "103", "3": "79161114455", "4": "105", "5": "099", "6": "999"}
    desk.menu(menu=menu)
    return desk


@pytest.mark.fact("CAL-2", "IVR-1")
def test_a_key_that_leads_to_a_phone(desk: Desk) -> None:
    """A key passes the call on to a phone, which sees the menu as its calling extension."""
    call = desk.incoming("099")
    desk.events()
    desk.step(call, "press", "2")
    (event,) = desk.events()
    assert (event["EventType"], event["CalledNumber"]) == ("dial-in", "2566*103")
    assert event["CallerExtension"] == "2566*099@sipproxy.telphin.ru"
    assert event["CallerExtensionID"] == "96856"
    assert "RemoteNumber" not in event


@pytest.mark.fact("CAL-2", "CAL-3", "IVR-1")
def test_a_key_that_leads_to_a_queue(desk: Desk) -> None:
    """A key passes the call on to a queue, which rings its agents."""
    call = desk.incoming("099")
    desk.step(call, "press", "1")
    assert desk.story() == ["dial-in 099", "dial-in 887", "dial-in 102"]


@pytest.mark.fact("CAL-2", "CAL-5")
def test_a_key_that_leads_outside(desk: Desk) -> None:
    """A key can lead to a number outside: the menu forwards there, and is not bridged by it."""
    call = desk.incoming("099")
    desk.step(call, "press", "3")
    assert [leg.rings_at for leg in desk.legs(call)] == [None, "79161114455"]
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    assert desk.events()[-1]["Bridged"] == "no"


@pytest.mark.fact("CAL-2", "SIM-1")
def test_a_key_that_leads_to_nobody(desk: Desk) -> None:
    """A key that leads to a phone which is not there ends the call."""
    call = desk.incoming("099")
    desk.step(call, "press", "4")
    assert desk.story() == [
        "dial-in 099",
        "dial-in 105",
        "hangup 105 CHANUNAVAIL",
        "hangup 099 CHANUNAVAIL",
    ]
    assert desk.state(call) == "finished"


@pytest.mark.fact("CAL-2", "SIM-11")
def test_a_key_that_leads_to_a_number_nobody_has(desk: Desk) -> None:
    """A key that leads to an extension which does not exist ends the call: CONGESTION."""
    call = desk.incoming("099")
    desk.step(call, "press", "6")
    assert desk.story() == ["dial-in 099", "hangup 099 CONGESTION"]
    assert desk.state(call) == "finished"


@pytest.mark.fact("CAL-2", "IVR-1")
def test_a_key_that_leads_back(desk: Desk) -> None:
    """A menu can lead to a menu; keys are then those of the one that the call came to last."""
    call = desk.incoming("099")
    desk.step(call, "press", "5")
    assert desk.story() == ["dial-in 099", "dial-in 099"]
    desk.step(call, "press", "2")
    desk.step(call, "answer")
    desk.step(call, "hang_up")
    assert desk.story()[2:] == ["hangup 103 ANSWER", "hangup 099 ANSWER", "hangup 099 ANSWER"]


@pytest.mark.fact("IVR-1")
def test_a_key_that_leads_nowhere(desk: Desk) -> None:
    """A key that the menu does not know changes nothing."""
    call = desk.incoming("099")
    desk.events()
    desk.step(call, "press", "9")
    assert desk.events() == []
    assert desk.state(call) == "menu"


@pytest.mark.fact("IVR-1", "CAL-2")
def test_who_presses_no_key_is_let_go(desk: Desk) -> None:
    """After the lifetime a menu that hangs up lets the caller go: NOANSWER."""
    desk.menu(lifetime=20)
    call = desk.incoming("099")
    desk.advance(19.9)
    assert desk.state(call) == "menu"
    desk.advance(0.2)
    assert desk.story() == ["dial-in 099", "hangup 099 NOANSWER"]
    assert (desk.state(call), desk.now(call).result) == ("finished", "NOANSWER")


@pytest.mark.fact("IVR-1")
def test_who_presses_no_key_is_passed_on(desk: Desk) -> None:
    """After the lifetime a menu that transfers passes the caller on."""
    desk.menu(lifetime=20, lifetime_exp_action="transfer", lifetime_exp_transfer_dst="887")
    desk.incoming("099")
    desk.advance(20)
    assert desk.story() == ["dial-in 099", "dial-in 887", "dial-in 102"]


@pytest.mark.fact("IVR-1")
def test_a_lifetime_without_end(desk: Desk) -> None:
    """A lifetime of 0 lets the caller listen for as long as it likes."""
    desk.menu(lifetime=0)
    call = desk.incoming("099")
    desk.advance(100_000)
    assert desk.state(call) == "menu"


@pytest.mark.fact("IVR-1")
def test_who_pressed_a_key_is_not_let_go(desk: Desk) -> None:
    """The lifetime is over for who was passed on."""
    call = desk.step(desk.incoming("099"), "press", "2")
    desk.step(call, "answer")
    desk.advance(300)
    assert desk.state(call) == "answered"


@pytest.mark.fact("CAL-2", "SIM-11", "DAT-16")
def test_the_caller_gives_up_in_the_menu(desk: Desk) -> None:
    """A caller who hangs up in the menu: CANCEL, not bridged."""
    call = desk.incoming("099")
    desk.step(call, "hang_up")
    event = desk.events()[-1]
    assert (event["EventType"], event["CallStatus"], event["Bridged"]) == (
        "hangup",
        "CANCEL",
        "no",
    )
    assert "RecID" not in event


@pytest.mark.fact("CAL-2")
def test_a_script_that_presses_a_key(desk: Desk) -> None:
    """A script presses its key in the menu, and takes the call where that leads."""
    call = desk.incoming("099", script={"after": 2, "press": "2", "answer_after": 2, "talk": 10})
    desk.advance(2)
    assert desk.ringing(call) == ["103"]
    desk.advance(2)
    assert desk.state(call) == "answered"
    desk.advance(10)
    assert desk.state(call) == "finished"


@pytest.mark.fact("CAL-2")
def test_a_script_that_gives_up(desk: Desk) -> None:
    """A scripted caller can leave the menu without a key."""
    desk.incoming("099", script={"outcome": "cancel", "after": 7})
    desk.advance(7)
    assert desk.story() == ["dial-in 099", "hangup 099 CANCEL"]


#: A call's parts after which no menu or queue sends it on.
MOST_PARTS = 500


@pytest.mark.fact("SIM-11", "IVR-1")
def test_a_menu_that_leads_to_itself(desk: Desk) -> None:
    """Who presses no key in a menu that passes on to itself is let go at last: CONGESTION."""
    desk.menu(lifetime=10, lifetime_exp_action="transfer", lifetime_exp_transfer_dst="099")
    call = desk.incoming("099")
    desk.advance(10 * MOST_PARTS - 1)
    assert (desk.state(call), len(desk.legs(call))) == ("menu", MOST_PARTS)
    desk.advance(86_400)
    assert (desk.now(call).result, len(desk.legs(call))) == ("CONGESTION", MOST_PARTS)
    assert desk.now(call).ended_at == desk.now(call).started_at + timedelta(seconds=10 * MOST_PARTS)


@pytest.mark.fact("SIM-11", "IVR-1")
def test_a_key_that_leads_round(desk: Desk) -> None:
    """So is who presses the key that leads to the same menu, again and again."""
    call = desk.incoming("099")
    for _ in range(MOST_PARTS - 1):
        desk.step(call, "press", "5")
    assert desk.state(call) == "menu"
    desk.step(call, "press", "5")
    assert (desk.now(call).result, len(desk.legs(call))) == ("CONGESTION", MOST_PARTS)


@pytest.mark.fact("SIM-11", "QUE-1")
def test_a_menu_and_a_queue_in_a_circle(desk: Desk) -> None:
    """So is who goes from a menu to a queue and back, with an agent rung in each round."""
    desk.menu(lifetime=10, lifetime_exp_action="transfer", lifetime_exp_transfer_dst="887")
    desk.queue("102", max_wait_time=5, timeout_transfer_dst="099")
    call = desk.incoming("099")
    desk.advance(86_400)
    found = desk.now(call)
    assert (found.result, len(desk.legs(call)) >= MOST_PARTS) == ("CONGESTION", True)
    assert len(desk.legs(call)) < MOST_PARTS + 3


@pytest.mark.fact("SIM-11", "SIM-12")
def test_a_queue_without_end(desk: Desk) -> None:
    """So is who waits without an end for an agent who never answers."""
    desk.queue("102", max_wait_time=0)
    call = desk.incoming("887")
    desk.advance(86_400)
    assert (desk.now(call).result, len(desk.legs(call))) == ("CONGESTION", MOST_PARTS)
