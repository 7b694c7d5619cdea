"""A world whose calls a test makes step by step, and everything that it sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from mockpbx.calls import steps
from mockpbx.calls.allowed import state_of
from mockpbx.calls.model import Call, Leg, legs_of, live
from mockpbx.calls.reachability import Forward
from mockpbx.core.accounts import Client
from mockpbx.resources.agent.model import Agent, AgentStatus, set_status
from mockpbx.resources.did.model import Did
from mockpbx.resources.event.model import TYPES, subscribe
from mockpbx.resources.extension.model import Extension
from mockpbx.resources.extension.model import change as change_extension
from mockpbx.resources.ivr.model import Ivr
from mockpbx.resources.phone.model import change as change_phone
from mockpbx.resources.queue.model import Queue
from mockpbx.resources.registration.model import drop_all, register
from mockpbx.resources.sound.model import Announcement
from mockpbx.webhooks.transport import Request
from tests.shared import fresh

CALLER = "+79161112233"
URL = "http://crm.test/calls"

#: Number -> id, type. 105 and 110 are not registered; 109 and 110 are linked to 101, the second
#: one resting.
EXTENSIONS: dict[str, tuple[int, str]] = {
    "101": (85218, "phone"),
    "102": (85219, "phone"),
    "103": (85220, "phone"),
    "104": (85221, "phone"),
    "105": (85222, "phone"),
    "106": (85223, "phone"),
    "109": (85226, "phone"),
    "110": (85227, "phone"),
    "120": (85230, "fax"),
    "099": (96856, "ivr"),
    "887": (96857, "queue"),
}
UNREGISTERED = ("105", "110")
NAMES = {"101": "Anna", "102": "Борис"}
ALLOWED = {
    "ivr": ("dial-in", "hangup", "voicemail"),
    "queue": ("dial-in", "dial-out", "answer", "hangup", "voicemail"),
    "fax": ("dial-in", "dial-out", "answer", "hangup", "voicemail"),
    "phone": TYPES,
}

WORLD: dict[str, Any] = {
    "format": 1,
    "clients": [
        {
            "id": 2566,
            "name": "Example Company",
            "prefix": "2566",
            "domain": "sipproxy.telphin.ru",
            "extensions": [
                {"id": number, "name": name, "type": kind}
                | ({"caller_id_name": NAMES[name]} if name in NAMES else {})
                | (
                    {"bundle": ["109", {"extension": "110", "active": False}]}
                    if name == "101"
                    else {}
                )
                for name, (number, kind) in EXTENSIONS.items()
            ],
        },
        {
            "id": 3000,
            "name": "Another Company",
            "prefix": "3000",
            "domain": "sipproxy.telphin.ru",
            "extensions": [{"id": 90101, "name": "101", "type": "phone"}],
        },
    ],
}

Event = dict[str, str]


class Desk:
    """One frozen world, the steps of calls in it, and the events that arrived, in order."""

    def __init__(
        self, *, world: Mapping[str, Any] = WORLD, subscribed: bool = True, **config: Any
    ) -> None:
        config.setdefault("freeze", True)
        self.world = fresh(world, **config)
        if config["freeze"]:
            # Events run ahead of a clock that stands; that must not take them past a half second,
            # at which the vendor's times are rounded.
            self.world.clock.move_to(self.world.now().replace(microsecond=0))
        self.arrived: list[Event] = []
        self.world.courier.transport.deliver_to("http://crm.test", self._receive)  # type: ignore[attr-defined]
        self.client = self.world.store.get(Client, 2566)
        with self.world.change():
            for name, (_, kind) in EXTENSIONS.items():
                if kind == "phone" and name not in UNREGISTERED:
                    self._register(name, 86_400)
                if subscribed:
                    self._subscribe(name)

    def _receive(self, request: Request) -> tuple[int, bytes]:
        self.arrived.append(dict(parse_qsl(request.body.decode("ascii"), strict_parsing=True)))
        return 200, b""

    def _subscribe(self, name: str) -> None:
        extension = self.ext(name)
        for kind in ALLOWED[extension.type]:
            fields = {"url": URL, "method": "POST", "event_type": kind}
            subscribe(self.world, extension, fields)

    def _register(self, name: str, seconds: int) -> None:
        fields = {
            "device": "Phone",
            "real_address": "sip:203.0.113.1:5060",
            "contact_address": f"sip:{name}@192.0.2.1:5060",
            "expires": seconds,
        }
        register(self.world, self.ext(name), fields)

    def ext(self, name: str) -> Extension:
        """The extension with that number."""
        found = self.world.store.named(Extension, name if "*" in name else f"2566*{name}")
        assert found is not None, name
        return found

    def register(self, name: str, seconds: int = 86_400) -> None:
        """A device of the phone can be reached for so many seconds."""
        with self.world.change():
            self._register(name, seconds)

    def unregister(self, name: str) -> None:
        """No device of the phone can be reached."""
        with self.world.change():
            drop_all(self.world, self.ext(name))

    def phone(self, name: str, **fields: Any) -> None:
        """The phone has these properties."""
        with self.world.change():
            change_phone(self.world, self.ext(name), fields)

    def block(self, name: str) -> None:
        """The extension is blocked."""
        with self.world.change():
            change_extension(self.world, self.ext(name), {"status": "blocked"})

    def did(self, number: str, to: str | None) -> None:
        """The public number leads to that extension."""
        target = None if to is None else self.ext(to).id
        self._put(Did(self._next(Did), 2566, number, "2020-01-01 00:00:00", target))

    def forward(self, name: str, to: str, when: str = "always") -> None:
        """The extension sends calls outside."""
        self._put(Forward(self.ext(name).id, to, when))

    def menu(self, name: str = "099", **fields: Any) -> None:
        """The menu has these settings."""
        self._put(Ivr(self.ext(name).id, **fields))

    def queue(self, *agents: str, name: str = "887", **fields: Any) -> list[Agent]:
        """The queue has these agents and settings."""
        made = []
        for agent in agents:
            number = self._next(Agent)
            made.append(self._put(Agent(number, 2566, self.ext(agent).id, f"Agent {agent}")))
        ids = tuple(agent.id for agent in made)
        self._put(Queue(self.ext(name).id, agents=ids, **fields))
        return made

    def sound(self, number: int, seconds: float) -> None:
        """The client has a sound of that length."""
        length = timedelta(seconds=seconds)
        self._put(Announcement(number, 2566, f"Sound {number}", f"{number}.wav", length))

    def agent(self, agent: Agent, **fields: Any) -> None:
        """The agent has these values, a status as if it logged in or out."""
        status = fields.pop("status", None)
        now = self._put(replace(self.world.store.get(Agent, agent.id), **fields))
        if status is not None:
            with self.world.change():
                set_status(self.world, now, AgentStatus(status))

    def _next(self, kind: Any) -> int:
        return self.world.store.next_id(kind)

    def _put(self, record: Any) -> Any:
        with self.world.change():
            return self.world.store.put(record)

    def incoming(self, to: str, caller: str = CALLER, **options: Any) -> Call:
        """Somebody outside calls."""
        with self.world.change():
            return steps.incoming(self.world, self.client, caller, to, **options)

    def outgoing(self, name: str, number: str, **options: Any) -> Call:
        """The extension dials outside."""
        with self.world.change():
            return steps.outgoing(self.world, self.ext(name), number, **options)

    def internal(self, name: str, to: str, **options: Any) -> Call:
        """The extension dials another one."""
        with self.world.change():
            return steps.internal(self.world, self.ext(name), to, **options)

    def callback(
        self,
        owner: str,
        src: Sequence[str],
        dst: str,
        script: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Call:
        """The owner's callback rings the sources, then dials."""
        fields = {"src_num": list(src), "dst_num": dst, **fields}
        with self.world.change():
            return steps.callback(self.world, self.ext(owner), fields, script)

    def step(self, call: Call, step: str, *given: Any, **options: Any) -> Call:
        """One step in a call; an extension is given by its number."""
        if step in ("answer", "decline"):
            given = tuple(self.ext(name).id for name in given)
        with self.world.change():
            after: Call = getattr(steps, step)(self.world, call, *given, **options)
            return after

    def advance(self, seconds: float) -> list[dict[str, Any]]:
        """Time passes."""
        return self.world.advance(seconds).fired

    def now(self, call: Call) -> Call:
        """The call as it is now."""
        return self.world.store.get(Call, call.id)

    def state(self, call: Call) -> str:
        """What the call waits for."""
        return state_of(self.world, self.now(call)).value

    def legs(self, call: Call) -> list[Leg]:
        """The call's legs."""
        return legs_of(self.world, call)

    def ringing(self, call: Call) -> list[str]:
        """The numbers of the phones that ring in the call."""
        rung = [leg for leg in live(self.world, call) if leg.role == "phone" and leg.flow == "in"]
        return [
            self.number(leg.extension_id) for leg in rung if leg.state in ("ringing", "screening")
        ]

    def number(self, extension_id: int) -> str:
        """The number of that extension."""
        return self.world.store.get(Extension, extension_id).name.partition("*")[2]

    def events(self) -> list[Event]:
        """What arrived since somebody asked last."""
        found, self.arrived = self.arrived, []
        return found

    def story(self) -> list[str]:
        """What arrived since somebody asked last: type, extension, and how a hangup ended."""
        return [told(event) for event in self.events()]


def told(event: Event) -> str:
    """One event in short: `hangup 101 BUSY`."""
    name = event["CallerExtension" if event["CallFlow"] == "out" else "CalledExtension"]
    number = re.fullmatch(r"2566\*([0-9]+)@sipproxy\.telphin\.ru", name)
    assert number is not None, name
    words = [event["EventType"], number[1]]
    if event["EventType"] == "hangup":
        words.append(event["CallStatus"])
    return " ".join(words)
