"""A second world that takes over the state of the first, and must then tell the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from mockpbx import Config, World
from mockpbx.app import RESOURCES
from tests.conftest import Caller
from tests.consistency import the_last_months
from tests.handles import pbx_of
from tests.shared import application, start

#: What tells of running calls, which end where a state is put: as long as one runs, the two worlds
#: differ in it.
OF_RUNNING_CALLS = {
    "list_current_calls": "the calls themselves",
    "list_current_calls_of_extension": "the calls themselves",
    "get_queue_status": "who waits in the queue, and which agents talk",
    "list_agents": "whether an agent is in a call",
    "get_agent": "whether it is in a call",
    "list_agents_of_extension": "whether one is in a call",
}
#: How many questions both are asked each time; all of them in turn.
QUESTIONS = 3


class Twin:
    """A world to which nothing happens but that it takes over the state of another one.

    `turn` is the question that comes first. Running calls are no part of a state.
    """

    def __init__(self, world: World, token: str, turn: int = 0) -> None:
        self._world = world
        self._twin = World(start("empty"), Config(freeze=True, readings=world.config.readings))
        self._pbx, self._copy = pbx_of(world), pbx_of(self._twin)
        self._here = Caller(application(), token, world)
        self._there = Caller(application(), token, self._twin)
        self._put: Any = None
        self._turn = turn

    def check(self, questions: int = QUESTIONS) -> None:
        """The state can be put into another world, which has it then, and answers the same.

        So many questions are asked, the next ones each time.

        Raises:
            AssertionError: it has another one, or gives another answer.
        """
        state = self._take_over()
        for _ in range(questions):
            self._turn += 1
            round_, turn = divmod(self._turn, len(READABLE))
            paths = list(self._paths(list(READABLE)[turn], state))
            if paths:
                self._compare(paths[round_ % len(paths)])

    def _take_over(self) -> Any:
        state = self._pbx.state()
        self._copy.clock.move_to(self._pbx.clock.now())
        if state != self._put:
            self._copy.put_state(state)
            again = self._copy.state()
            assert again == state, f"the state was\n{state}\nand is\n{again}"
            self._put = state
        return state

    def _compare(self, path: str) -> None:
        query = _span(path, self._pbx.clock.now())
        first, second = (one.get(path, query_string=query) for one in (self._here, self._there))
        told = (first.status_code, first.get_data()), (second.status_code, second.get_data())
        assert told[0] == told[1], f"GET {path} answers\n{told[0]}\nand in its twin\n{told[1]}"

    def _paths(self, name: str, state: Mapping[str, Any]) -> Iterator[str]:
        """That question of everybody and everything that the state names."""
        if name in OF_RUNNING_CALLS and any(call.ended_at is None for call in self._pbx.calls):
            return
        for client in state["clients"]:
            yield from _filled(READABLE[name], client)


def _readable() -> Iterator[tuple[str, str]]:
    for operation in (
        one for resource in RESOURCES if resource.guarded for one in resource.operations
    ):
        if operation.method == "GET" and operation.view.__name__ != "get_current_call":
            yield operation.view.__name__, operation.path


#: View -> path of all that can be read but a running call, which may be no more when it is asked.
READABLE = dict(_readable())


def _filled(path: str, client: Mapping[str, Any]) -> Iterator[str]:
    """The path with every value that the client's part of a state has for what it names."""
    names = re.findall("<(.*?)>", path)
    known = _values(client)
    if names[-1:] == ["subscription"]:
        owners = client.get("agents", ()) if "agent" in names else client["extensions"]
        values: Iterable[Sequence[Any]] = [
            [client["id"], one["id"], event["id"]] if "agent" in names else [one["id"], event["id"]]
            for one in owners
            for event in one.get("events", ())
        ]
    else:
        values = product(*(known[name] for name in names))
    for chosen in values:
        one = path
        for name, value in zip(names, chosen, strict=True):
            one = one.replace(f"<{name}>", str(value))
        yield one


def _values(client: Mapping[str, Any]) -> dict[str, list[Any]]:
    kept = {
        "extension": "extensions",
        "extension_group": "extension_groups",
        "agent": "agents",
        "did": "dids",
        "sound": "sounds",
    }
    calls = client.get("calls", ())
    records = (part.get("record") for call in calls for part in call["cdr"])
    return {
        "client": [client["id"]],
        "row": [call["call_uuid"] for call in calls],
        "record": [one["record_uuid"] for one in records if one],
        **{name: [one["id"] for one in client.get(key, ())] for name, key in kept.items()},
    }


def _span(path: str, now: datetime) -> dict[str, str]:
    """The time of which a list or a statistic tells that needs one."""
    needs = re.search(r"/(call_history|calls|cdr|record|quality_rate|reg_status_log)/", path)
    return the_last_months(now) if needs else {}
