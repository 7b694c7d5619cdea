"""The settings of a world at run time, from Python."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from mockpbx import Config, MockPBX, World
from mockpbx.core.errors import InvalidError
from mockpbx.core.worlds import Worlds
from mockpbx.settings import NAMES, of_environment
from mockpbx.testing.results import Settings
from mockpbx.worlds import read

CALLER = "+79161112233"
CRM = "http://crm.test/hook"


def test_one_list() -> None:
    """What is shown are the fields of a configuration, but for its world and its clock."""
    assert tuple(one.name for one in dataclasses.fields(Settings)) == NAMES
    assert {one.name for one in dataclasses.fields(Config)} - {*NAMES} == {"world", "freeze"}


def test_those_of_the_start() -> None:
    """A world begins with the settings of its configuration."""
    pbx = MockPBX(seed=7, retry_delays_s=[5, 30], readings={"slashes": "strict"})
    found = pbx.settings.now()
    assert (found.seed, found.retry_delays_s) == (7, (5, 30))
    assert found.readings["slashes"] == "strict"
    assert found.quirks["dial_in_twice"] is False


def test_a_change_merges(mock: MockPBX) -> None:
    """Readings and quirks that are not given stay; other settings are replaced."""
    mock.settings.change(readings={"slashes": "strict"}, retry_delays_s=[1])
    mock.settings.change("readings.event_get=header", "quirks.dial_in_twice=true", seed=3)
    found = mock.settings.now()
    assert (found.readings["slashes"], found.readings["event_get"]) == ("strict", "header")
    assert (found.retry_delays_s, found.quirks["dial_in_twice"], found.seed) == ((1,), True, 3)


def test_by_attribute(mock: MockPBX) -> None:
    """A setting is an attribute that can be read and set; another name is none."""
    mock.settings.rate_limits = True
    assert mock.settings.rate_limits is True
    with pytest.raises(AttributeError, match="there is no setting rate_limit; there are readings"):
        _ = mock.settings.rate_limit


def test_a_reset_puts_back_those_of_the_start() -> None:
    """After a reset a world goes by the settings that it was started with."""
    pbx = MockPBX(seed=7)
    before = pbx.settings.now()
    first = pbx.token()
    pbx.settings.change(seed=8, rate_limits=True, journal_limit=1)
    pbx.reset()
    assert (pbx.settings.now(), pbx.token()) == (before, first)


def test_each_world_has_its_own(mock: MockPBX) -> None:
    """A change concerns one world; a fork takes it along and resets to the start's."""
    twin = mock.fork()
    mock.settings.rate_limits = True
    later = mock.fork()
    assert (twin.settings.rate_limits, later.settings.rate_limits) == (False, True)
    later.reset()
    assert later.settings.rate_limits is False


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"rate_limit": True}, "rate_limit: no such setting; did you mean rate_limits?; there are"),
        ({"colour": "red"}, "colour: no such setting; there are readings, rate_limits, seed, "),
        ({"freeze": True}, "freeze: no such setting"),
        ({"readings": {"slash": "x"}}, "readings.slash: no such reading; did you mean slashes?; "),
        ({"quirks": {"late_history": 5}}, "did you mean late_history_s?"),
        ({"quirks": {"late_history_s": True}}, "quirks.late_history_s: must be seconds, 0 or more"),
        ({"quirks": {"dial_in_twice": 1}}, "quirks.dial_in_twice: must be True or False, not 1"),
        ({"retry_delays_s": [10**10]}, "retry_delays_s: must be a tuple of seconds, 0 or more and"),
        ({"callback_script": {"talk": -1}}, "callback_script: script.talk: must be a number"),
    ],
)
def test_what_cannot_be(mock: MockPBX, values: dict[str, Any], text: str) -> None:
    """It is named with the nearest that there is, and nothing of the change is done."""
    before = mock.settings.now()
    with pytest.raises(InvalidError) as caught:
        mock.settings.change(**{"rate_limits": True, **values})
    assert text in str(caught.value)
    assert mock.settings.now() == before


@pytest.mark.parametrize("change", ["seed", "reading.slashes=strict", "seeds=1"])
def test_texts_that_are_none(mock: MockPBX, change: str) -> None:
    """A text is NAME=VALUE with a known name."""
    with pytest.raises(InvalidError, match=f"{change.partition('=')[0]}: "):
        mock.settings.change(change)


def test_smaller_logs(mock: MockPBX) -> None:
    """When less is remembered the oldest go at once, and are counted."""
    for _ in range(3):
        mock.session().get(f"{mock.api_url}/user/")
    mock.settings.journal_limit = 1
    assert [one.number for one in mock.requests] == [3]
    assert mock.world.journal.dropped == 2


def test_retries_from_now_on(mock: MockPBX) -> None:
    """An event that is refused after the change is sent again; one before is not."""
    mock.deliver_to(CRM, lambda request: 503)
    session = mock.session()
    session.headers["Authorization"] = f"Bearer {mock.token()}"
    event = {"url": CRM, "method": "POST", "event_type": "hangup"}
    session.post(f"{mock.api_url}/extension/@101/event/", json=event)
    mock.incoming_call(CALLER, to="101").hang_up()
    mock.settings.retry_delays_s = (60,)
    mock.incoming_call(CALLER, to="101").hang_up()
    mock.clock.advance(3600)
    assert [len(one.attempts) for one in mock.deliveries] == [1, 2]


def test_rate_limits_from_now_on(mock: MockPBX) -> None:
    """A limit that was only counted refuses once the setting says so."""
    session = mock.session()
    session.headers["Authorization"] = f"Bearer {mock.token()}"
    for _ in range(1100):
        answer = session.get(f"{mock.api_url}/user/")
        if int(answer.headers.get("X-RateLimit-Remaining", "1")) == 0:
            break
    assert session.get(f"{mock.api_url}/user/").status_code == 200
    mock.settings.rate_limits = True
    assert session.get(f"{mock.api_url}/user/").status_code == 429


def test_a_script_of_callbacks(mock: MockPBX) -> None:
    """A callback follows the script that holds when it is asked for."""
    mock.settings.callback_script = {"outcome": "no_answer"}
    session = mock.session()
    session.headers["Authorization"] = f"Bearer {mock.token()}"
    asked = {"src_num": ["101"], "dst_num": CALLER}
    session.post(f"{mock.api_url}/extension/@101/callback/", json=asked)
    mock.settings.callback_script = {"answer_after": 1, "talk": 1}
    mock.clock.advance(600)
    assert mock.calls.last.answered_at is None


def test_a_seed_gives_nothing_twice() -> None:
    """A seed begins identifiers as in a world that starts with it, and never the same again."""
    pbx = MockPBX()
    made = [pbx.incoming_call(CALLER, to="101").id]
    for seed in (7, 0, -7, 7):
        pbx.settings.seed = seed
        made.append(pbx.incoming_call(CALLER, to="101").id)
    assert made[1] == MockPBX(seed=7).incoming_call(CALLER, to="101").id
    assert len({*made}) == 5


def test_a_world_that_was_set_is_changed() -> None:
    """It makes no way for another one."""
    world = World(read("empty"), Config(freeze=True))
    assert not world.is_changed
    MockPBX.of_world(world).settings.rate_limits = True
    assert world.is_changed


def test_a_world_by_name_begins_with_those_of_the_start() -> None:
    """Worlds that are made later go by the settings of the start, not by those changed since."""
    worlds = Worlds(World(read("empty"), Config()))
    MockPBX.of_world(worlds.default).settings.rate_limits = True
    assert MockPBX.of_world(worlds.named("fresh")).settings.rate_limits is False


def test_the_environment() -> None:
    """Each setting has a variable, in JSON or in a word; an empty one says nothing."""
    environ = {
        "MOCKPBX_SEED": "7",
        "MOCKPBX_RATE_LIMITS": "1",
        "MOCKPBX_RETRY_DELAYS_S": "[5, 30]",
        "MOCKPBX_QUIRKS": '{"dial_in_twice": true}',
        "MOCKPBX_JOURNAL_LIMIT": "",
    }
    assert of_environment(environ) == {
        "seed": 7,
        "rate_limits": True,
        "retry_delays_s": [5, 30],
        "quirks": {"dial_in_twice": True},
    }
    with pytest.raises(ValueError, match=r"^MOCKPBX_SEED: seed: must be a whole number, not 'x'"):
        of_environment({"MOCKPBX_SEED": "x"})
