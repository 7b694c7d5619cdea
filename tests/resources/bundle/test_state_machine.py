"""Any sequence of requests about bundles, against a small model of the contract."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockpbx.worlds.dump import dump
from tests.answers import json_of
from tests.conftest import Caller
from tests.invariants import SHARED_FIELDS, SHARED_PROPERTIES, check_bundles, shared_values
from tests.resources.bundle.model import DEFAULTS, Answer, Line, Pbx
from tests.shared import enter, fresh

#: id -> extension: five phones and a queue of client 1, three phones of client 2.
LINES = {
    **{number: Line(1, f"1001*{number}", "phone") for number in (11, 12, 13, 14, 15)},
    16: Line(1, "1001*16", "queue"),
    **{number: Line(2, f"1002*{number}", "phone") for number in (21, 22, 23)},
}
BUNDLES = {11: {12: True, 13: False}}
PREFIXES = {1: "1001", 2: "1002"}
WORLD = {
    "format": 1,
    "clients": [
        {
            "id": client,
            "name": f"Client {client}",
            "prefix": prefix,
            "domain": "sip.example.com",
            "extension_len": 2,
            "extensions": [
                {
                    "id": number,
                    "name": line.name,
                    "type": line.type,
                    "bundle": [
                        {"extension": member, "active": active}
                        for member, active in BUNDLES.get(number, {}).items()
                    ],
                }
                for number, line in LINES.items()
                if line.client == client
            ],
            "users": [{"id": client, "login": f"client{client}", "password": "secret"}],
            "applications": [
                {
                    "client_id": f"app{client}",
                    "client_secret": "secret",
                    "type": "trusted",
                    "user": f"client{client}",
                    "tokens": [{"token": f"token{client}", "user": client, "expires_in": None}],
                }
            ],
        }
        for client, prefix in PREFIXES.items()
    ],
}

PHONES = [11, 12, 13, 14, 15]

#: Mostly phones of client 1; then what is no phone, not its own, or not there (24 and 25 are the
#: ids that new extensions get first).
IDS = st.sampled_from([*PHONES * 3, 16, 16, 21, 22, 24, 25, 99])
MEMBERS = st.lists(st.sampled_from(PHONES), max_size=3, unique=True) | st.lists(IDS, max_size=3)
FLAGS = st.dictionaries(st.sampled_from(PHONES), st.booleans(), max_size=3) | st.dictionaries(
    IDS, st.booleans(), max_size=3
)
CLIENTS = st.sampled_from([1] * 9 + [2])

PROPERTIES: dict[str, Any] = {
    "record_transfer": st.booleans(),
    "ringback_sound": st.sampled_from([0, 5, None]),
    "geo_list": st.sampled_from(["RU", "RU BY", None]),
    "record_enabled": st.booleans(),
    "hold_music": st.sampled_from([0, 6, None]),
    "announce_sound_upon_outgoing_call": st.sampled_from([7, None]),
    "announce_sound_upon_incoming_call": st.sampled_from([8, None]),
    "conference_pin": st.sampled_from(["1234", None]),
    "conference_announce_caller_name": st.booleans(),
    "conference_end_on_exit": st.booleans(),
    "record_format": st.sampled_from(["mp3", "wav", None]),
    "record_stereo": st.sampled_from([True, False, None]),
    "incoming_limit": st.sampled_from([0, 1, 2]),
}
VALUES = st.fixed_dictionaries({}, optional=PROPERTIES)
FIELDS: dict[str, Any] = {
    "status": st.sampled_from(["active", "blocked"]),
    "dial_rule_id": st.sampled_from([3, None]),
    "dial_rule_limit": st.sampled_from([4, None]),
}
#: The bundle_id of a PUT: left out, null, the phone's own, that of its main extension, or another.
BUNDLE_IDS = st.sampled_from(["left out", "null", "own", "main", "another"])


class Bundles(RuleBasedStateMachine):
    """Requests of two clients, each compared with the model's answer."""

    def __init__(self) -> None:
        super().__init__()
        app = enter(fresh(WORLD, freeze=True))
        self.callers = {client: Caller(app, f"token{client}") for client in PREFIXES}
        self.pbx = Pbx(
            {number: Line(one.client, one.name, one.type) for number, one in LINES.items()},
            BUNDLES,
        )

    @rule(client=CLIENTS, main=IDS, members=MEMBERS)
    def set_bundle(self, client: int, main: int, members: list[int]) -> None:
        """POST of a bundle."""
        expected = self.pbx.refusal(client, main) or self.pbx.link(
            main, [(member, True) for member in members]
        )
        answer = self._send(client, "POST", self._bundle(client, main), {"bundle_list": members})
        assert _seen(answer) == expected

    @rule(client=CLIENTS, main=IDS)
    def untie_bundle(self, client: int, main: int) -> None:
        """DELETE of a bundle."""
        expected = self.pbx.refusal(client, main) or self.pbx.untie(main)
        assert _seen(self._send(client, "DELETE", self._bundle(client, main))) == expected

    @rule(client=CLIENTS, main=IDS)
    def get_bundle(self, client: int, main: int) -> None:
        """GET of a bundle."""
        expected = self.pbx.refusal(client, main) or self.pbx.read(main)
        assert _seen(self._send(client, "GET", self._bundle(client, main))) == expected

    @rule(client=CLIENTS, phone=IDS, values=VALUES)
    def put_phone(self, client: int, phone: int, values: dict[str, Any]) -> None:
        """PUT of phone properties."""
        self._put_phone(client, phone, values, None)

    @rule(
        client=CLIENTS,
        phone=IDS,
        values=VALUES,
        flags=st.none() | FLAGS | st.sampled_from(["as it is", "switched"]),
        bundle_id=BUNDLE_IDS,
    )
    def put_phone_with_bundle(
        self, client: int, phone: int, values: dict[str, Any], flags: Any, bundle_id: str
    ) -> None:
        """PUT of phone properties with a bundle."""
        main = self.pbx.main_of(phone) or phone
        if isinstance(flags, str):
            present = self.pbx.bundles.get(main, {})
            flags = {one: active == (flags == "as it is") for one, active in present.items()}
        bundle = {"bundle_list": flags}
        if bundle_id != "left out":
            bundle["bundle_id"] = {"own": phone, "main": main, "another": 99}.get(bundle_id)
        self._put_phone(client, phone, values, bundle)

    @rule(client=CLIENTS, extension=IDS, values=st.fixed_dictionaries({}, optional=FIELDS))
    def put_extension(self, client: int, extension: int, values: dict[str, Any]) -> None:
        """PUT of an extension's fields."""
        expected = self.pbx.refusal(client, extension)
        if expected is None:
            self.pbx.change(extension, values)
            own = self.pbx.lines[extension].values
            expected = Answer(200, shown={name: own[name] for name in SHARED_FIELDS})
        answer = self._send(client, "PUT", f"/client/{client}/extension/{extension}", values)
        assert _seen(answer, SHARED_FIELDS) == expected

    @rule(client=CLIENTS, extension=st.sampled_from([13, 15, 16, 22, 24, 25, 99]))
    def delete_extension(self, client: int, extension: int) -> None:
        """DELETE of an extension."""
        expected = self.pbx.refusal(client, extension) or self.pbx.delete(extension)
        answer = self._send(client, "DELETE", f"/client/{client}/extension/{extension}")
        assert _seen(answer) == expected

    @rule(
        client=CLIENTS,
        name=st.sampled_from(["11", "14", "31", "32", "33"]),
        kind=st.sampled_from(["phone", "phone", "queue"]),
    )
    def add_extension(self, client: int, name: str, kind: str) -> None:
        """POST of an extension."""
        expected = self.pbx.add(client, f"{PREFIXES[client]}*{name}", kind)
        body = {"name": name, "type": kind}
        answer = self._send(client, "POST", f"/client/{client}/extension/", body)
        seen = _seen(answer)
        assert (seen._replace(shown=seen.shown and seen.shown["id"])) == expected

    @invariant()
    def the_world_is_as_the_model_has_it(self) -> None:
        """Bundles obey the rules, and every extension has the bundle and values expected."""
        state = dump(self.callers[1].world)
        check_bundles(state)
        lines = self.pbx.lines
        assert {
            one["id"]: (
                {**DEFAULTS, **shared_values(one)},
                [(member["extension"], member["active"]) for member in one.get("bundle", [])],
            )
            for client in state["clients"]
            for one in client["extensions"]
        } == {
            number: (
                line.values,
                [(lines[key].name, on) for key, on in self.pbx.bundles.get(number, {}).items()],
            )
            for number, line in lines.items()
        }

    def _put_phone(
        self, client: int, phone: int, values: dict[str, Any], bundle: dict[str, Any] | None
    ) -> None:
        expected = self.pbx.refusal(client, phone) or self.pbx.change_phone(phone, values, bundle)
        body = dict(values)
        if bundle is not None:
            flags = bundle["bundle_list"]
            members = flags and {str(one): {"active": active} for one, active in flags.items()}
            body["bundle"] = {**bundle, "bundle_list": members}
        answer = self._send(client, "PUT", f"/extension/{phone}/phone/", body)
        assert _seen(answer, (*SHARED_PROPERTIES, "bundle")) == expected

    def _bundle(self, client: int, main: int) -> str:
        return f"/client/{client}/extensions_bundle/{main}"

    def _send(self, client: int, method: str, path: str, body: Any = None) -> Any:
        # The members' order is part of the request, and `json=` of the test client would sort them.
        options = {} if body is None else {"data": json.dumps(body)}
        return self.callers[client].send(method, path, content_type="application/json", **options)


def _seen(answer: Any, names: tuple[str, ...] = ()) -> Answer:
    if answer.status_code >= 400:
        rules = frozenset(answer.headers["X-Mockpbx-Rule"].split(", "))
        found = re.findall(r"(?:^bundle_list: |; )([0-9]+) ", json_of(answer)["message"])
        return Answer(answer.status_code, rules, frozenset(map(int, found)))
    shown: Any = json_of(answer) if answer.data else None
    if names:
        shown = {name: shown[name] for name in names}
    return Answer(answer.status_code, shown=shown)


@pytest.mark.fact("BND-1", "BND-2", "BND-4", "BND-5", "BND-6", "BND-7", "BND-8", "BND-9")
@pytest.mark.fact("BND-10", "BND-13", "BND-16", "BND-17", "BND-18", "BND-19", "BND-21")
class TestBundles(Bundles.TestCase):  # type: ignore[misc, valid-type]
    """Every answer and every state in between is as the contract has it."""

    settings = settings(
        max_examples=150,
        stateful_step_count=30,
        derandomize=True,
        deadline=None,
        database=None,
    )
