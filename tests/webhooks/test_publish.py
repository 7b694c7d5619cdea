"""Which types of events there are, and that nothing else is published."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from typing import Any

import pytest

from mockpbx import Config, World
from mockpbx.resources.agent.model import TYPES as AGENT_TYPES
from mockpbx.resources.event.model import TYPES, EventType, Subscription
from mockpbx.resources.phone_events.model import PHONE_TYPES
from mockpbx.webhooks.delivery import Delivery
from mockpbx.webhooks.payload import Event, Party
from mockpbx.worlds import read

AT = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
PHONE = Party(101, "10*101", "sip.example.com")


@pytest.mark.fact("EVT-4", "EVT-12", "AGT-1")
def test_every_type_can_be_subscribed_to() -> None:
    """Each type of event belongs to all phones or to agents; an extension's are among the first."""
    assert Counter((*PHONE_TYPES, *AGENT_TYPES)) == Counter(one.value for one in EventType)
    assert set(PHONE_TYPES) - set(TYPES) == {"extension-call-status"}


@pytest.mark.parametrize("kind", ["dial-inn", "dial-in", None])
def test_an_event_of_no_known_type_is_refused(kind: Any) -> None:
    """What is no type of event is refused by its name before anybody is asked who wants it."""
    with pytest.raises(TypeError) as refusal:
        Event(kind, AT, PHONE, "phone", "in", "x", "x", "x", "CALLING", "102", "101")
    assert str(refusal.value) == f"type: must be an EventType, not {kind!r}"


def test_a_delivery_of_no_known_type_is_refused() -> None:
    """A delivery is of a type that there is; otherwise it is refused by its name."""
    world = World(read("empty"), Config(freeze=True))
    told = Subscription(1, 101, 10, "http://crm.example.com/", "POST", "agent-login")
    unknown: Any = "agent-logn"
    with pytest.raises(ValueError, match="'agent-logn' is not a valid EventType"):
        Delivery.of(world, told, 101, unknown, ())
    assert len(world.deliveries) == 0


def test_a_delivery_tells_its_type_in_a_plain_word() -> None:
    """The type of a delivery is the word that its subscription has."""
    world = World(read("empty"), Config(freeze=True))
    told = Subscription(1, 101, 10, "http://crm.example.com/", "POST", "agent-login")
    delivery = Delivery.of(world, told, 101, EventType.AGENT_LOGIN, ())
    assert repr(delivery.event_type) == "'agent-login'"
