"""What queues, menus and running calls do by their settings."""

from __future__ import annotations

import pytest

from mockpbx import Config
from mockpbx.calls import third_party_control
from mockpbx.calls.allowed import steps_of
from mockpbx.core.errors import ConflictError
from tests.calls.desk import Desk
from tests.handles import call_of


@pytest.fixture
def desk() -> Desk:
    """A world of which all events arrive here."""
    return Desk()


@pytest.mark.fact("SIM-12", "QUE-1")
def test_the_exit_key_leads_on(desk: Desk) -> None:
    """The caller who presses the exit key goes to timeout_transfer_dst, while agents ring too."""
    desk.queue("102", exit_key="5", timeout_transfer_dst="103")
    call = desk.incoming("887")
    desk.events()
    desk.step(call, "press", "4")
    assert desk.story() == []
    desk.step(call, "press", "5")
    assert desk.story() == ["hangup 102 CANCEL", "hangup 887 CANCEL", "dial-in 103"]


@pytest.mark.fact("SIM-12", "QUE-1")
def test_the_exit_key_ends(desk: Desk) -> None:
    """Without a destination the exit key ends the call."""
    desk.queue(exit_key="*")
    call = desk.step(desk.incoming("887"), "press", "*")
    assert (desk.state(call), call.result) == ("finished", "CANCEL")


@pytest.mark.fact("SIM-12", "QUE-1")
@pytest.mark.parametrize("strategy", ["ring-all", "longest-idle-agent", "round-robin"])
def test_tiers_go_first(desk: Desk, strategy: str) -> None:
    """With tier rules agents are rung one by one in their order, whatever the strategy."""
    desk.queue("103", "102", strategy=strategy, tier_rules_apply=True)
    call = desk.incoming("887")
    assert desk.ringing(call) == ["103"]
    desk.step(call, "decline")
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("DAT-15", "QUE-1")
def test_a_queue_that_records(desk: Desk) -> None:
    """A queue with record_enabled has a record of its own of what an agent took."""
    desk.queue("102", record_enabled=True)
    desk.phone("102", record_enabled=False)
    call = desk.step(desk.incoming("887"), "answer")
    desk.advance(5)
    desk.step(call, "hang_up")
    recorded = {event["CalledNumber"]: "RecID" in event for event in desk.events()[-2:]}
    assert recorded == {"2566*102": False, "2566*887": True}


@pytest.mark.fact("DAT-15", "QUE-1")
def test_a_queue_that_nobody_took(desk: Desk) -> None:
    """A queue with record_enabled records nothing of a caller whom nobody answered."""
    desk.queue("102", record_enabled=True)
    desk.step(desk.incoming("887"), "hang_up")
    assert not any("RecID" in event for event in desk.events())


@pytest.mark.fact("SIM-12")
def test_an_agent_who_talks_is_not_rung(desk: Desk) -> None:
    """An agent whose phone is in a call is rung once that is over, and at once."""
    desk.queue("102")
    talk = desk.step(desk.incoming("102"), "answer")
    waiting = desk.incoming("887")
    assert desk.state(waiting) == "queued"
    desk.step(talk, "hang_up")
    assert desk.advance(0) == [{"kind": "agents_free", "calls": [waiting.hex]}]
    assert desk.ringing(waiting) == ["102"]


@pytest.mark.fact("SIM-12")
def test_the_next_round(desk: Desk) -> None:
    """When all agents were rung in vain they are rung again after five seconds, which is told."""
    desk.queue("102")
    call = desk.step(desk.incoming("887"), "decline")
    assert (desk.state(call), desk.advance(4.9)) == ("queued", [])
    (fired,) = desk.advance(0.1)
    assert (fired["kind"], fired["call"], fired["state"]) == ("look_again", call.hex, "ringing")
    assert desk.ringing(call) == ["102"]


@pytest.mark.fact("SIM-12")
def test_an_agent_who_registers_is_rung(desk: Desk) -> None:
    """An agent whose phone comes online is rung at once."""
    desk.queue("105")
    call = desk.incoming("887")
    desk.register("105")
    assert desk.ringing(call) == ["105"]


@pytest.mark.fact("SIM-12")
def test_ten_years_of_waiting(desk: Desk) -> None:
    """A caller may wait ten years for an agent, and nothing is done meanwhile."""
    desk.queue("105")
    call = desk.incoming("887")
    assert desk.advance(10 * 365 * 86_400) == []
    assert desk.state(call) == "queued"


@pytest.mark.fact("IVR-1", "SIM-4", "DAT-21")
@pytest.mark.parametrize("enabled", [True, False])
def test_a_menu_with_a_voicemail(desk: Desk, enabled: bool) -> None:
    """Who presses no key in a menu with vm_enabled may leave a message there."""
    desk.menu(lifetime=10, vm_enabled=enabled)
    call = desk.incoming("099")
    desk.advance(10)
    assert desk.story() == ["dial-in 099", "hangup 099 NOANSWER"]
    assert desk.state(call) == ("voicemail" if enabled else "finished")
    if enabled:
        desk.step(call, "leave_message")
        (event,) = desk.events()
        assert (event["EventType"], event["CalledNumber"]) == ("voicemail", "2566*099")
        assert desk.state(call) == "finished"


@pytest.mark.fact("CUR-2")
def test_who_is_rung_to_listen_in(desk: Desk) -> None:
    """While somebody is rung to listen in, the talk goes on, and can be held and passed on."""
    call = desk.step(desk.incoming("102"), "answer")
    with desk.world.change():
        third_party_control.join(desk.world, call, desk.ext("102"), desk.ext("103"))
    assert desk.state(call) == "answered"
    assert set(steps_of(desk.world, desk.now(call))) >= {"hold", "transfer", "answer", "decline"}
    desk.step(call, "hold")
    assert desk.state(call) == "held"
    desk.step(call, "answer", "103")
    assert desk.story()[-1] == "answer 103"


@pytest.mark.fact("DAT-19", "CAL-4")
def test_a_callback_to_a_queue(desk: Desk) -> None:
    """Agents who are rung for a callback have its CallID as CallBackID."""
    desk.queue("102")
    call = desk.callback("101", ["103"], "887")
    desk.step(call, "answer")
    rung = next(event for event in desk.events() if event["CalledNumber"] == "2566*102")
    assert rung["CallBackID"] == call.hex


@pytest.mark.fact("DAT-14", "DAT-2")
def test_a_talk_of_whole_seconds(desk: Desk) -> None:
    """Time that stands still but for the talk gives both sides its length to the microsecond."""
    call = desk.step(desk.internal("102", "103"), "answer")
    desk.advance(30)
    desk.step(call, "hang_up")
    hangups = [event for event in desk.events() if event["EventType"] == "hangup"]
    assert [event["Duration"] for event in hangups] == ["30000000", "30000000"]


@pytest.mark.fact("CUR-2")
def test_what_a_ladder_tells_besides(desk: Desk) -> None:
    """Holds, transfers, keys and messages are lines of the call's picture."""
    call = desk.step(desk.incoming("102"), "answer")
    desk.step(call, "hold")
    desk.step(call, "hold")
    desk.step(call, "press", "7")
    desk.step(call, "transfer", "103")
    rows = call_of(desk.world, call.hex).ladder().splitlines()
    told = [row.rpartition("   ")[2] for row in rows]
    for text in (
        "102 puts the call on hold",
        "102 takes the call up again",
        "+79161112233 pressed 7",
        "102 transfers to 103 at once",
    ):
        assert text in told


@pytest.mark.fact("CBK-1")
def test_a_script_for_callbacks_is_checked() -> None:
    """A callback script that cannot be followed is refused with the configuration."""
    with pytest.raises(ValueError, match=r"callback_script: script\.talk: must be a number"):
        Config(callback_script={"talk": "long"})


@pytest.mark.fact("SIM-11")
def test_who_is_not_rung_declines_nothing(desk: Desk) -> None:
    """Nobody declines a call that is queued."""
    desk.queue()
    with pytest.raises(ConflictError):
        desk.step(desk.incoming("887"), "decline")
