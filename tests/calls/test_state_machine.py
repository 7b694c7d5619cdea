"""Any sequence of calls, steps and changes of the PBX, and what must hold after each of them."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockpbx.calls import steps
from mockpbx.calls.allowed import state_of, steps_of
from mockpbx.calls.model import Call, Leg, legs_of, live
from mockpbx.calls.reachability import Forward
from mockpbx.calls.states import STEPS, CallState
from mockpbx.core.errors import ConflictError, InvalidError
from mockpbx.resources.bundle.model import link, untie
from mockpbx.resources.current_calls.model import ACTIONS, hang_up, steer
from mockpbx.resources.event.model import Subscription, unsubscribe_all
from mockpbx.resources.extension.model import BundleLink, Extension, create, delete
from mockpbx.resources.extension.model import change as change_extension
from mockpbx.resources.phone.model import of as phone_of
from mockpbx.resources.queue.model import STRATEGIES
from mockpbx.resources.queue.model import change as change_queue
from tests.calls.desk import CALLER, EXTENSIONS, WORLD, Desk, Event
from tests.company import TOKEN, application
from tests.conftest import Caller
from tests.consistency import Books, over
from tests.handles import pbx_of
from tests.shared import application as shared_application
from tests.twin import READABLE, Twin

PHONES = ["101", "102", "103", "104", "105", "106", "109", "110"]
#: This one's subscriptions come and go; the others keep theirs.
MUTE = "104"
OUTSIDE = "+79161114455"
DID = "74959998877"
#: Own phones, machines, nobody, numbers outside, and codes that a phone may dial.
NUMBERS = [*PHONES, "887", "099", "120", "999", DID, OUTSIDE, "*8103", "*8999"]
#: Extensions that do not tell all of their events: subscriptions come and go, or are refused.
PARTIAL = (f"2566*{MUTE}", "2566*099")

NAMES = st.sampled_from(PHONES)
TARGETS = st.sampled_from([*PHONES * 2, "887", "887", "099", "099", *NUMBERS])
SCRIPTS = st.sampled_from(
    [
        *[None] * 6,
        {"answer_after": 3, "talk": 20},
        {"outcome": "no_answer", "leave_message": True},
        {"outcome": "busy", "after": 2},
        {"outcome": "cancel", "after": 4},
        {"press": "1", "after": 1, "answer_after": 1, "talk": 5},
    ]
)
#: What a callback may ask for besides its numbers.
OPTIONS: dict[str, Any] = {
    "allow_public_transfer": st.booleans(),
    "call_duration": st.sampled_from([5, 30]),
    "caller_id_name": st.just("Shop"),
    "caller_id_number": st.just("+79161110002"),
    "dst_dtmf": st.sampled_from(["1", "WW2", "w9"]),
    "src_caller_id_name": st.just("Shop"),
    "src_caller_id_number": st.just("+79161110002"),
    "transfer_after_dst_hangup": st.sampled_from(NUMBERS),
    "transfer_after_src_hangup": st.sampled_from(NUMBERS),
    "wait_for_pickup": st.sampled_from([1, 10]),
}
PROPERTIES: dict[str, Any] = {
    "incoming_limit": st.sampled_from([0, 1, 1, 2]),
    "call_screening_enabled": st.booleans(),
    "intercom": st.sampled_from([None, None, 0, 3]),
    "hangup_timeout": st.sampled_from([5, 20, 60]),
    "external_number": st.sampled_from([None, "79161110000"]),
    "static_reg_address": st.sampled_from([None, "203.0.113.9:5060"]),
    "vm_enabled": st.booleans(),
    "record_enabled": st.booleans(),
    "record_transfer": st.booleans(),
    "record_on_transfer": st.booleans(),
    "preserve_caller_id_number_att_tr": st.booleans(),
}


def _with_a_program() -> dict[str, Any]:
    """The desk's world, in which a program may ask for everything of the first company."""
    world: dict[str, Any] = copy.deepcopy(WORLD)
    token = {"token": TOKEN, "user": "admin", "expires_in": None}
    world["clients"][0]["users"] = [{"id": 1, "login": "admin", "password": "secret"}]
    world["clients"][0]["applications"] = [application(tokens=[token])]
    return world


class Calls(RuleBasedStateMachine):
    """Calls in a world whose every event arrives at once, in this thread."""

    #: Sequences, steps and calls up to now, for who counts them.
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(world=_with_a_program())
        self.world = self.desk.world
        asks = {2566: over(Caller(shared_application(), TOKEN, self.world))}
        self.books = Books(pbx_of(self.world), asks, PARTIAL)
        self.twin = Twin(self.world, TOKEN, self.counts["sequences"] * 97)
        #: CallID -> how the call and its legs stood when they were judged last.
        self.stood: dict[str, tuple[Any, ...]] = {}
        self.counts["sequences"] += 1
        self.desk.did(DID, "099")
        self.agents = self.desk.queue("102", "103", "105", MUTE, max_wait_time=100)
        self.desk.menu(menu={"1": "887", "2": "101", "3": OUTSIDE, "4": "999"}, lifetime=90)
        self.calls: list[str] = []
        self.allowed: dict[int, int] = {}
        self.read = 0
        self.listened = {name: self._types(name) for name in EXTENSIONS}
        #: SubCallID -> the number of its extension, and its events.
        self.legs: dict[str, tuple[str, list[Event]]] = {}

    def _types(self, name: str) -> set[str]:
        found = self.world.store.named(Extension, f"2566*{name}")
        if found is None:
            return set()
        own = self.world.store.of(Subscription, "extension_id", found.id)
        return {subscription.event_type for subscription in own}

    def _exists(self, name: str) -> bool:
        return self.world.store.named(Extension, f"2566*{name}") is not None

    def _do(self, act: Callable[[], Any]) -> Any:
        """Do it, unless the state or a rule refuses it, which changes nothing."""
        try:
            with self.world.change():
                return act()
        except (ConflictError, InvalidError):
            return None

    def _start(self, act: Callable[[], Call]) -> None:
        call = self._do(act)
        if call is not None:
            self.calls.append(call.hex)
            self.counts["calls"] += 1

    # calls

    @rule(to=TARGETS, script=SCRIPTS)
    def incoming(self, to: str, script: Any) -> None:
        """Somebody outside calls."""
        client = self.desk.client
        self._start(lambda: steps.incoming(self.world, client, CALLER, to, script=script))

    @rule(name=NAMES, to=st.sampled_from(["+79161112200"] * 4 + NUMBERS), script=SCRIPTS)
    def outgoing(self, name: str, to: str, script: Any) -> None:
        """A phone dials, mostly outside."""
        if self._exists(name):
            one = self.desk.ext(name)
            self._start(lambda: steps.outgoing(self.world, one, to, script=script))

    @rule(name=NAMES, to=TARGETS, script=SCRIPTS)
    def internal(self, name: str, to: str, script: Any) -> None:
        """A phone dials a number of the PBX."""
        if self._exists(name):
            one = self.desk.ext(name)
            self._start(lambda: steps.internal(self.world, one, to, script=script))

    @rule(
        owner=NAMES,
        sources=st.lists(st.sampled_from([*PHONES, "+79161110001"]), min_size=1, max_size=3),
        to=TARGETS,
        script=SCRIPTS,
        options=st.fixed_dictionaries({}, optional=OPTIONS),
    )
    def callback(
        self, owner: str, sources: list[str], to: str, script: Any, options: dict[str, Any]
    ) -> None:
        """A callback rings phones, or its owner, or somebody outside, then dials."""
        if self._exists(owner):
            one = self.desk.ext(owner)
            fields = {"src_num": sources, "dst_num": to, **options}
            self._start(lambda: steps.callback(self.world, one, fields, script))

    @rule(pick=st.integers(0, 9), data=st.data(), to=TARGETS, key=st.sampled_from("1123459"))
    def step(self, pick: int, data: st.DataObject, to: str, key: str) -> None:
        """A step in a call, mostly one of its legal ones."""
        call = self._pick(pick)
        if call is None:
            return
        legal = steps_of(self.world, self.world.store.get(Call, call.id))
        step = data.draw(st.sampled_from([*legal * 4, "answer", "hold", "press"]))
        if step == "ring":
            return
        attended = {"attended": data.draw(st.booleans())} if step == "transfer" else {}
        given = {"press": (key,), "transfer": (to,)}.get(step, ())
        act = getattr(steps, step)
        done = self._do(lambda: act(self.world, call, *given, **attended))
        assert step in legal or done is None

    @rule(pick=st.integers(0, 9))
    def answer(self, pick: int) -> None:
        """Who rings in a running call picks up."""
        call = self._pick(pick)
        if call is not None:
            self._do(lambda: steps.answer(self.world, call))

    @rule(pick=st.integers(0, 9), to=TARGETS, attended=st.booleans())
    def transfer(self, pick: int, to: str, attended: bool) -> None:
        """Who talks in a running call passes it on, and the other one may take it."""
        call = self._pick(pick)
        if call is not None:
            self._do(lambda: steps.answer(self.world, call))
            self._do(lambda: steps.transfer(self.world, call, to, attended=attended))

    @rule(
        pick=st.integers(0, 9),
        to=TARGETS,
        seconds=st.sampled_from([0, 3, 61]),
        then=st.sampled_from(["complete", "cancel", "asking", "asked", "caller", "nothing"]),
        early=st.booleans(),
    )
    def consult(self, pick: int, to: str, seconds: float, then: str, early: bool) -> None:
        """Who talks asks somebody about the call; then it is connected, taken back, or left."""
        call = self._pick(pick)
        if call is None:
            return
        self._do(lambda: steps.answer(self.world, call))
        self._do(lambda: steps.transfer(self.world, call, to, attended=True))
        if not early:
            self._do(lambda: steps.answer(self.world, call))
        if seconds:
            self.advance(seconds)
        legs = live(self.world, call)
        asked = next((leg for leg in legs if leg.back_id is not None), None)
        if then in ("complete", "cancel"):
            self._do(lambda: getattr(steps, then)(self.world, call))
        elif then == "caller":
            self._do(lambda: steps.hang_up(self.world, call, "caller"))
        elif asked is not None and then != "nothing":
            number = asked.id if then == "asked" else asked.back_id
            leg = next(one for one in legs if one.id == number)
            self._do(lambda: steps.hang_up(self.world, call, f"{leg.extension_id}-{leg.hex}"))

    @rule(
        pick=st.integers(0, 9),
        by=st.sampled_from(["caller", "callee", CALLER, OUTSIDE, "+79161110001", "+79161112200"]),
        leg=st.integers(0, 5),
        how=st.sampled_from(["word", "leg", "extension"]),
    )
    def leave(self, pick: int, by: str, leg: int, how: str) -> None:
        """Somebody hangs up: a side, a leg, an extension, or a number outside."""
        call = self._pick(pick)
        legs = live(self.world, call) if call else []
        if call is None:
            return
        who: int | str = by
        if legs and how != "word":
            one = legs[leg % len(legs)]
            who = one.extension_id if how == "extension" else f"{one.extension_id}-{one.hex}"
        self._do(lambda: steps.hang_up(self.world, call, who))

    @rule(pick=st.integers(0, 9), data=st.data(), to=NAMES, action=st.sampled_from(ACTIONS))
    def steer(self, pick: int, data: st.DataObject, to: str, action: str) -> None:
        """An extension does something with a call that it is in, or hangs up there."""
        call = self._pick(pick)
        legs = [leg for leg in live(self.world, call) if not leg.silent] if call else []
        if call is None or not legs:
            return
        leg = data.draw(st.sampled_from(legs))
        extension = self.world.store.get(Extension, leg.extension_id)
        if data.draw(st.integers(0, 4)):
            fields = {"action": action, "send_dst": to}
            self._do(lambda: steer(self.world, extension, leg, fields))
        else:
            self._do(lambda: hang_up(self.world, extension, leg))

    def _pick(self, number: int) -> Call | None:
        """One of the running calls, or of those that are over when none runs."""
        found = [self.world.store.named(Call, hex_id) for hex_id in self.calls]
        running = [one for one in found if one is not None and one.ended_at is None]
        some = running or found[-3:]
        return some[number % len(some)] if some else None

    # the PBX

    @rule(name=NAMES, seconds=st.sampled_from([0, 10, 3600, 86_400]))
    def register(self, name: str, seconds: int) -> None:
        """A phone registers, or is gone."""
        if self._exists(name):
            self.desk.register(name, seconds)

    @rule(main=NAMES, members=st.lists(st.tuples(NAMES, st.booleans()), max_size=2))
    def set_bundle(self, main: str, members: list[tuple[str, bool]]) -> None:
        """A bundle is made, changed or untied."""
        names = [name for name, _ in members]
        if not all(map(self._exists, [main, *names])):
            return
        one = self.desk.ext(main)
        ids = [self.desk.ext(name).id for name in names]
        resting = [key for key, (_, active) in zip(ids, members, strict=True) if not active]
        if ids:
            self._do(lambda: link(self.world, one, ids, resting))
        else:
            self._do(lambda: untie(self.world, one))

    @rule(name=NAMES, data=st.data(), field=st.sampled_from(sorted(PROPERTIES)))
    def change_phone(self, name: str, data: st.DataObject, field: str) -> None:
        """A property of a phone changes."""
        value = data.draw(PROPERTIES[field])
        if self._exists(name):
            self.desk.phone(name, **{field: value})

    @rule(name=st.sampled_from(["103", "106", "887", "099"]), blocked=st.booleans())
    def block(self, name: str, blocked: bool) -> None:
        """An extension is blocked or active again."""
        if self._exists(name):
            status = {"status": "blocked" if blocked else "active"}
            self._do(lambda: change_extension(self.world, self.desk.ext(name), status))

    @rule(
        name=st.sampled_from(["102", "105", "106", "887", "099"]),
        when=st.sampled_from(["always", "busy", "no_answer", "unavailable", "never"]),
    )
    def forward(self, name: str, when: str) -> None:
        """A rule sends an extension's calls outside, or does not any more."""
        if not self._exists(name):
            return
        one = self.desk.ext(name)
        rule = self.world.store.find(Forward, one.id)
        if when != "never":
            self.desk.forward(name, OUTSIDE, when)
        elif rule is not None:
            self._do(lambda: self.world.store.remove(rule))

    @rule(
        pick=st.integers(0, 3),
        status=st.sampled_from(["available", "logged_out"]),
        strategy=st.sampled_from(STRATEGIES),
        record_enabled=st.booleans(),
        exits=st.fixed_dictionaries(
            {},
            optional={
                "exit_key": st.sampled_from(["9", "5"]),
                "timeout_transfer_dst": st.sampled_from([None, "101", "099", OUTSIDE, "999"]),
                "max_wait_time": st.sampled_from([0, 20, 100]),
                "max_wait_time_with_no_agent": st.sampled_from([0, 10]),
            },
        ),
    )
    def queue(
        self, pick: int, status: str, strategy: str, exits: dict[str, Any], **settings: Any
    ) -> None:
        """An agent logs in or out, and the queue gets another strategy and other ways out."""
        agent = self.world.store.find(type(self.agents[pick]), self.agents[pick].id)
        if agent is not None:
            self.desk.agent(agent, status=status)
        if self._exists("887"):
            fields = {"strategy": strategy, **exits, **settings}
            self._do(lambda: change_queue(self.world, self.desk.ext("887"), fields))

    @rule(name=st.sampled_from([*PHONES, "887", "099"]))
    def delete(self, name: str) -> None:
        """An extension is deleted, or made anew."""
        kind = EXTENSIONS[name][1]
        if self._exists(name):
            self._do(lambda: delete(self.world, self.desk.ext(name)))
        else:
            fields = {"name": name, "type": kind}
            self._do(lambda: create(self.world, self.desk.client, fields))
            self._do(lambda: self.desk._subscribe(name))

    @rule()
    def mute(self) -> None:
        """One extension loses its subscriptions, or gets them back."""
        if self._exists(MUTE):
            if self._types(MUTE):
                self._do(lambda: unsubscribe_all(self.world, self.desk.ext(MUTE)))
            else:
                self._do(lambda: self.desk._subscribe(MUTE))

    @rule(seconds=st.sampled_from([0, 0.5, 1, 5, 30, 100]))
    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.desk.advance(seconds)

    # what holds

    @invariant()
    def one_truth_is_told(self) -> None:
        """Of each call that the last step changed, all that is told agrees."""
        self.counts["steps"] += 1
        self.desk.advance(0)  # who asks would do what is due now, and its events come later
        for hex_id in self.calls:
            call = self.world.store.named(Call, hex_id)
            assert call is not None
            stands = (call, *legs_of(self.world, call))
            if self.stood.get(hex_id) == stands:
                continue
            self.stood[hex_id] = stands
            mine = [one for one in self.desk.arrived if one["CallID"] == hex_id]
            self.books.check_call(hex_id, mine)

    @invariant()
    def a_twin_tells_the_same(self) -> None:
        """What the state says can be put into another world, which answers as this one does."""
        self.twin.check()

    @invariant()
    def events_are_told_in_order(self) -> None:
        """EventTime rises; nothing comes from an extension without a subscription."""
        events = self.desk.arrived
        new, self.read = events[self.read :], len(events)
        times = [int(event["EventTime"]) for event in events[-len(new) - 1 :]]
        assert times == sorted(set(times))
        for event in new:
            side = "CallerExtension" if event["CallFlow"] == "out" else "CalledExtension"
            number = event[side].partition("@")[0].partition("*")[2]
            assert event["EventType"] in self.listened[number], event
            if event["EventType"] != "voicemail":
                self._follow(number, event, event[f"{side}ID"])
        self.listened = {name: self._types(name) for name in EXTENSIONS}

    def _follow(self, number: str, event: Event, extension_id: str) -> None:
        """Each leg: dial-in or dial-out, perhaps answer, one hangup, nothing after it."""
        call = self.world.store.named(Call, event["CallID"])
        assert call is not None
        assert call.hex in self.calls
        assert event["CallAPIID"] == call.api_id
        sub_id = event["SubCallID"]
        assert sub_id.partition("-")[0] == extension_id
        _, before = self.legs.setdefault(sub_id, (number, []))
        kinds = [one["EventType"] for one in before]
        before.append(event)
        if number == MUTE or EXTENSIONS[number][1] == "ivr":
            assert "hangup" not in kinds
            return
        allowed = {0: ["dial-in", "dial-out"], 1: ["answer", "hangup"], 2: ["hangup"]}
        assert "hangup" not in kinds
        assert event["EventType"] in allowed[len(kinds)], (kinds, event)
        assert {one["CallID"] for one in before} == {call.hex}
        if event["EventType"] == "hangup":
            self._check_hangup(before)

    @staticmethod
    def _check_hangup(events: list[Event]) -> None:
        hangup = events[-1]
        answers = [one for one in events if one["EventType"] == "answer"]
        talked = int(hangup["EventTime"]) - int(answers[0]["EventTime"]) if answers else 0
        assert abs(int(hangup["Duration"]) - talked) < 1000  # events of one moment rise
        assert (hangup["CallStatus"] == "ANSWER") == bool(answers) or "Bridged" in hangup
        assert answers or "RecID" not in hangup or "Bridged" in hangup  # queues may record

    @invariant()
    def calls_stand_as_their_legs_do(self) -> None:
        """A call that goes on has somebody in it and a way to end; a finished one has nobody."""
        for hex_id in self.calls:
            call = self.world.store.named(Call, hex_id)
            assert call is not None
            legs = live(self.world, call)
            state = state_of(self.world, call)
            if call.ended_at is None:
                assert legs or state is CallState.VOICEMAIL, call
                assert "hang_up" in STEPS[state]
            else:
                assert not legs
                assert state is CallState.FINISHED
                assert call.result is not None
            for leg in legs_of(self.world, call):
                assert (leg.ended_at is None) == (leg.live_on is not None)

    @invariant()
    def no_phone_has_more_calls_than_it_takes(self) -> None:
        """No phone has more incoming calls than its limit, or had when the limit was lowered."""
        for extension in self.world.store.all(Extension):
            if extension.type != "phone":
                continue
            limit = phone_of(self.world, extension).incoming_limit or 1000
            own = self.world.store.of(Leg, "live_on", extension.id)
            count = sum(leg.flow == "in" for leg in own)
            before = self.allowed.get(extension.id, limit)
            assert count <= max(limit, before), (extension.name, count)
            self.allowed[extension.id] = max(limit, count)

    @invariant()
    def bundles_stand(self) -> None:
        """No linked extension of a bundle has linked ones of its own."""
        for one in self.world.store.all(BundleLink):
            assert not self.world.store.ids(BundleLink, "main_id", one.id)

    def teardown(self) -> None:
        """Left alone and hung up, every call is over, and each leg that began has its hangup."""
        self.desk.advance(1000)
        for hex_id in self.calls:
            call = self.world.store.named(Call, hex_id)
            assert call is not None
            for _ in range(3):  # who asked somebody about the call connects both by hanging up
                if self.desk.now(call).ended_at is None:
                    self.desk.step(call, "hang_up")
        self.events_are_told_in_order()
        self.calls_stand_as_their_legs_do()
        for number, events in self.legs.values():
            kinds = [event["EventType"] for event in events]
            assert number == MUTE or kinds.count("hangup") == 1, kinds
        self.books.check(self.desk.arrived)
        self.twin.check(len(READABLE))


Calls.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class TestCalls(Calls.TestCase):  # type: ignore[valid-type, misc]
    """Every leg begins, is answered at most once, and ends once, whatever happens."""
