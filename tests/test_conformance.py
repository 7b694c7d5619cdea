"""What the exported documents promise is what the applications do, for requests of any kind.

schemathesis makes the requests, valid and invalid, from the documents, and sends them straight
into the WSGI application. Every request finds the world as it starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import schemathesis
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from mockpbx import Config, World, create_app
from mockpbx.app import documents

#: Rules by which a request that the document allows may still be refused with 400, and why the
#: document cannot say so. They are the only exceptions.
BEYOND_SCHEMAS = {
    "AUT-8": "which parameters a token request needs depends on its grant",
    "AUT-15": "a group has to exist",
    "BND-2": "the type of the extension in the path is part of the world",
    "BND-3": "of two names one has to be there, and two have to agree",
    "BND-4": "a member's type is part of the world",
    "BND-5": "whether a member is main is part of the world",
    "BND-6": "whether a member is free is part of the world",
    "BND-7": "the main extension stands in the path, and the list in the body",
    "BND-8": "a member has to exist",
    "BND-19": "whose bundle it is depends on the extension in the path",
    "EVT-7": "messages exist only on phones, and the extension stands in the path",
    "EVT-8": "a menu has fewer types of events, and the extension stands in the path",
    "EXT-4": "a name must not be taken",
    "EXT-5": "only the present name and type may be repeated",
    "REG-8": "the contact * goes with 0 seconds alone",
    "REG-11": "the type of the extension that registers is part of the world",
    "PHN-40": "a key is an id of 32 bits, which no pattern says",
    "USR-2": "a login must not be taken, and an owner has to exist",
    "GRP-1": "a name must not be taken",
    "DID-1": "where a number leads has to exist",
    "ANI-1": "a number has to be one of the client's",
    "GEN-10": "whether there is such a day, no pattern says",
    "HIS-1": "which of two days comes first, and how far apart they are, no pattern says",
    "REC-1": "which of two days comes first, and how far apart they are, no pattern says",
    "REC-7": "which of two days comes first, and how far apart they are, no pattern says",
    "GEN-19": "prefix and length of a name depend on the client in the path",
}

#: The same for operations of the control API, whose refusals have no rule.
BEYOND_CONTROL_SCHEMAS = {
    "POST /_mockpbx/clock/advance": "how far a clock can go depends on where it stands",
    "POST /_mockpbx/calls": "whom a call needs depends on its kind, and a script on its outcome",
    "POST /_mockpbx/extensions": "the properties are those of the type",
    "POST /_mockpbx/requests/verify": "times and at_least, json and body exclude each other",
    "POST /_mockpbx/faults": "a rule needs an effect, and some exclude each other",
    "PUT /_mockpbx/faults": "a rule needs an effect, and some exclude each other",
    "PUT /_mockpbx/worlds/{name}": "which worlds and which settings there are, a process knows",
    "PATCH /_mockpbx/settings": "each has a range, and readings, quirks and scripts have names",
    "POST /_mockpbx/users": "a login is there once, and whom it refers to has to be there",
    "POST /_mockpbx/applications": "a client_id is there once, and its user has to be there",
    "POST /_mockpbx/extension_groups": "an id is there once",
    "POST /_mockpbx/agents": "a name is there once, and its phone has to be there",
    "POST /_mockpbx/dids": "a number is there once, and its extension has to be there",
    "PUT /_mockpbx/state": "what a world refers to has to be in it, and names stand there once",
}

TOKEN = "t"

#: The first id of what a request creates.
CREATED = 1000

#: A world in which the ids that schemathesis tries first exist: 1, 2 and so on.
WORLD = {
    "format": 1,
    "next_ids": {"event": CREATED, "extension": CREATED},
    "clients": [
        {
            "id": 1,
            "name": "First",
            "prefix": "000",
            "domain": "pbx.example.com",
            "extension_groups": [{"id": 1, "name": "Sales"}],
            "extensions": [
                {
                    "id": 1,
                    "name": "000*001",
                    "type": "phone",
                    "events": [
                        {
                            "id": number,
                            "url": "http://127.0.0.1:9/",
                            "method": "GET",
                            "event_type": "hangup",
                        }
                        for number in (1, 2)
                    ],
                    "registrations": [
                        {
                            "contact_address": "sip:1@192.0.2.1",
                            "expires": 60,
                            "registration_id": "uloc-572b0ffb-6d47-001",
                        }
                    ],
                },
                *({"id": number, "name": f"00{number}", "type": "phone"} for number in range(2, 7)),
                {"id": 7, "name": "007", "type": "queue"},
            ],
            "users": [{"id": 1, "login": "first", "password": "secret"}],
            "applications": [
                {
                    "client_id": "app",
                    "client_secret": "secret",
                    "type": "trusted",
                    "user": "first",
                    "tokens": [{"token": TOKEN, "user": "first", "expires_in": None}],
                }
            ],
        }
    ],
}

#: Values that lead somewhere in that world, by where they stand in a request.
LIKELY = {
    "path.client_id": [1],
    "path.extension_id": [1, 2, 3],
    "path.id": [1, 2],
    "path.registration_id": ["uloc-572b0ffb-6d47-001"],
    "path.name": ["night"],
    "body.name": ["301", "000*302"],
    "body.extension": [1, 2, 3],
    "body.grant_type": ["client_credentials"],
    "body.client_id": ["app"],
    "body.client_secret": ["secret"],
}

HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "Accept-Encoding": "identity",  # the client of the tests does not unpack
}

schemathesis.openapi.format(
    "address", st.builds("{}:{}".format, st.ip_addresses(v=4), st.integers(1, 65535))
)
schemathesis.openapi.format(
    "mailboxes", st.lists(st.emails(domains=st.just("example.com")), min_size=1).map(",".join)
)
schemathesis.openapi.format(
    "uri", st.sampled_from(["http://example.com/?a=b", "https://example.com:8443/on/call"])
)
schemathesis.openapi.format(
    "moment", st.datetimes(min_value=datetime(2000, 1, 1)).map("{:%Y-%m-%d %H:%M:%S}".format)
)
schemathesis.openapi.format(
    "timestamp", st.datetimes(min_value=datetime(2000, 1, 1)).map("{:%Y-%m-%d %H:%M:%S}".format)
)
schemathesis.openapi.format(
    "network", st.sampled_from(["192.168.0.0/16", "203.0.113.0/24", "2001:db8::/32"])
)


def schema_of(name: str, mode: str = "all") -> Any:
    """The exported document of that name, for the application."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            # Neither constants of the source nor guessed links: the document is what is tested.
            "analysis": {"constants": {"enabled": False}},
            "phases": {"stateful": {"inference": {"algorithms": []}}},
            "generation": {
                "deterministic": True,
                "mode": mode,
                "max-examples": 20,
                "database": "none",
                "with-security-parameters": False,  # every request has the token
                "allow-extra-parameters": False,  # GEN-11: they are ignored
            },
            # Most requests are for what exists, so that they reach a rule.
            "dictionaries": {name: {"values": values} for name, values in LIKELY.items()},
            "parameters": {name: {"dictionary": name, "probability": 0.8} for name in LIKELY},
        }
    )
    schema = schemathesis.openapi.from_dict(with_one_type(documents()[name]), config=config)
    schema.app = app
    schema.hook("filter_case")(is_plain)
    schema.hook("map_case")(plain)
    return schema


def with_one_type(part: Any) -> Any:
    """The same schema, spelt so that schemathesis sees the format of a text that may be null.

    It makes texts of that format then, which are fewer than those that match the pattern.
    """
    if isinstance(part, list):
        return [with_one_type(item) for item in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("format"), str):
        part = {name: item for name, item in part.items() if name != "pattern"}
    if "format" in part and part.get("type") == ["string", "null"]:
        return {"anyOf": [{**part, "type": "string"}, {"type": "null"}]}
    return {name: with_one_type(item) for name, item in part.items()}


def is_plain(_: object, case: Any) -> bool:
    """Leave out an empty value in a query, which means by GEN-11 that the parameter is absent."""
    return "" not in leaves(case.query)


def plain(_: object, case: Any) -> Any:
    """Write 5.0 as 5: it is an integer for JSON Schema and none for GEN-16."""
    if any(isinstance(value, float) and value.is_integer() for value in leaves(case.body)):
        case.body = without_points(case.body)
    return case


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def without_points(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_points(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_points(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def check(case: Any, response: Any) -> None:
    """Every check of schemathesis holds for that answer, but for the exceptions above."""
    rules = set(", ".join(response.headers.get("x-mockpbx-rule", [])).split(", "))
    excused = rules <= BEYOND_SCHEMAS.keys() or case.operation.label in BEYOND_CONTROL_SCHEMAS
    excluded = [positive_data_acceptance] if excused and response.status_code == 400 else []
    case.validate_response(response, excluded_checks=excluded, headers=HEADERS)


app = create_app(WORLD, Config(freeze=True))


def begin() -> None:
    """Be as at the start, with one snapshot."""
    world: World = app.extensions["mockpbx"].worlds.default
    world.reset()
    world.snapshots["night"] = world.snapshot()


api = schema_of("mockpbx")
control = schema_of("control")


@api.parametrize()  # type: ignore[untyped-decorator]
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_api_answers_as_documented(case: Any) -> None:
    """Every operation answers every request, good or bad, with what the document promises."""
    begin()
    form = "form" in (case.media_type or "")
    assume(not form or not isinstance(case.body, bool | int | float | str | list))
    check(case, case.call(headers=HEADERS))


@control.parametrize()  # type: ignore[untyped-decorator]
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_control_api_answers_as_documented(case: Any) -> None:
    """Every operation of the control API answers as its document promises."""
    begin()
    if isinstance(case.body, dict):
        case.body.pop("within", None)  # which would wait
    check(case, case.call(headers=HEADERS))


def test_links_lead_to_what_was_created() -> None:
    """What a POST created is found under the links that the document names, until it is deleted."""
    followed = set()

    class Links(schema_of("mockpbx", mode="positive").as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            begin()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": HEADERS}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            check(case, response)
            ids = [int(text) for text in map(str, case.path_parameters.values()) if text.isdigit()]
            if response.status_code < 300 and max(ids, default=0) >= CREATED:
                followed.add(case.operation.label)

    Links.run(
        settings=settings(
            max_examples=60,
            stateful_step_count=6,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
    )
    items = ("client/{client_id}/extension/{extension_id}", "extension/{extension_id}/event/{id}")
    expected = {f"{verb} /api/ver1.0/{item}" for verb in ("GET", "PUT", "DELETE") for item in items}
    assert followed >= expected
