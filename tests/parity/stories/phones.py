"""Who logs in, extensions, phones and agents."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import AccessDeniedError, InvalidError, NotFoundError

from ..receivers import Receivers
from ..told import refused
from .table import Face, send, story


@story
def the_application(pbx: Face, receivers: Receivers) -> Any:
    """Address, application and a token that the API takes."""
    own = pbx.url.count("/worlds/") < 2, pbx.api_url.removeprefix(pbx.url)
    return own, pbx.app_id, pbx.app_secret, pbx.token(), pbx.token(), send(pbx, "GET", "/user/")


@story
def an_extension_is_found(pbx: Face, receivers: Receivers) -> Any:
    """By its number, id and whole name, whatever its type."""
    wanted: tuple[int | str, ...] = ("101", 85218, "2566*101", "099", "887", 96857)
    return [pbx.extension(one) for one in wanted]


@story
def an_extension_is_not_found(pbx: Face, receivers: Receivers) -> Any:
    """Unknown numbers, ids and names; the nearest is named."""
    wanted: tuple[int | str, ...] = ("999", 999, "2566*10", "1011", "Anna", -1, 0, 10**12, "85218")
    return [refused(NotFoundError, pbx.extension, one) for one in wanted]


@story
def an_extension_with_an_odd_name(pbx: Face, receivers: Receivers) -> Any:
    """Names that a path has to quote."""
    wanted = ("a b", "x/y", "..", ".", "%2e", "%2F", "100%", "жук", "a?b", "a#b", "", "x" * 300)
    return [refused(NotFoundError, pbx.extension, one) for one in wanted]


@story
def an_extension_of_another_type(pbx: Face, receivers: Receivers) -> Any:
    """What is neither text nor an id is no extension."""
    odd: Any = (None, True, 1.5, b"101", ["101"])
    return [refused(InvalidError, pbx.extension, one) for one in odd]


@story
def a_phone_registers(pbx: Face, receivers: Receivers) -> Any:
    """With what is usual, and with everything given; it renews, and is gone in the end."""
    seen: list[Any] = [pbx.register("105")]
    seen.append(
        pbx.register(
            85222,
            device="Desk phone",
            contact_address="sip:2566*105@192.0.2.77:5062",
            real_address="sip:203.0.113.77:5060",
            expires=120,
            country="RU",
        )
    )
    path = "/extension/@105/registration/"
    seen += [pbx.register("2566*105", expires=60), send(pbx, "GET", path)]
    seen += [pbx.clock.advance(61), send(pbx, "GET", path)]
    seen += [pbx.unregister("105"), send(pbx, "GET", path), pbx.unregister("105")]
    seen += [pbx.register("105", expires=0)]
    seen += [pbx.register("105"), pbx.unregister_all(), send(pbx, "GET", path)]
    return seen


@story
def a_phone_may_not_register(pbx: Face, receivers: Receivers) -> Any:
    """There is none, it is no phone, the country is another, or a field is wrong."""
    seen = [send(pbx, "PUT", "/extension/@101/phone/", json={"geo_list": "RU"})[0]]
    return [
        *seen,
        refused(NotFoundError, lambda: pbx.register("999")),
        refused(NotFoundError, lambda: pbx.unregister("999")),
        refused(InvalidError, lambda: pbx.register("887")),
        refused(InvalidError, lambda: pbx.unregister("099")),
        refused(AccessDeniedError, lambda: pbx.register("101", country="US")),
        refused(InvalidError, lambda: pbx.register("101", country="Atlantis")),
        refused(InvalidError, lambda: pbx.register("101", expires=-1)),
    ]


@story
def extensions_are_added(pbx: Face, receivers: Receivers) -> Any:
    """Of every type, with and without a name, with properties of both kinds."""
    return [
        pbx.add_extension(),
        pbx.add_extension("300"),
        pbx.add_extension("2566*301", "phone", client=2566, label="Жанна", record_enabled=False),
        pbx.add_extension("302", register=True, caller_id_name="Ann", extension_group_id=14),
        pbx.add_extension("303", "queue", label="Sales", strategy="random", max_wait_time=60),
        pbx.add_extension("304", "ivr", lifetime=30, sleep_time=1),
        send(pbx, "GET", "/extension/@302/registration/"),
        send(pbx, "GET", "/extension/@303/queue/"),
        send(pbx, "GET", "/extension/@304/ivr/"),
        pbx.extension("304"),
        pbx.incoming_call("+79161112233", to="302"),
    ]


@story
def tokens_expire(pbx: Face, receivers: Receivers) -> Any:
    """Those of an application, of a user, or all; a name that is none is refused."""
    seen: list[Any] = [pbx.token(), pbx.expire_tokens("app"), pbx.token(), pbx.token()]
    seen += [pbx.expire_tokens("call-app"), pbx.expire_tokens(user=1), pbx.expire_tokens()]
    seen += [refused(NotFoundError, pbx.expire_tokens, "ap")]
    seen += [refused(NotFoundError, pbx.expire_tokens, user=one) for one in ("nobody", 999)]
    return [*seen, refused(InvalidError, pbx.expire_tokens, 5)]


@story
def others_are_added(pbx: Face, receivers: Receivers) -> Any:
    """Groups, agents, users, applications and public numbers, referred to by name or id."""
    group = pbx.add_group("Night", extra_params="x")
    agent = pbx.add_agent("Night shift", "110")
    return [
        group,
        agent,
        pbx.add_extension("300", "queue", agents=[agent.name, "102"], strategy="ring-all"),
        pbx.add_extension("301", "ivr", menu={"1": "300", "2": "+79161112244"}),
        pbx.add_extension("302", "fax"),
        pbx.add_extension("303", extension_group="Night", forward={"to": "+79161112244"}),
        pbx.add_extension("304", bundle=["303"], events=[]),
        pbx.add_user("night", "deep", extension_group=group.id, email="night@example.com"),
        pbx.add_user("porter", extension="110", access="read_only"),
        pbx.add_application("night-app", user="night"),
        pbx.add_application("porter-app", "deep", "password_credentials", client=2566),
        pbx.add_did("79161110000", "300", comment="Night"),
        pbx.add_did("79161110001", extension=pbx.extension("110").id),
        pbx.incoming_call("+79161112233", did="79161110000"),
    ]


@story
def others_are_not_added(pbx: Face, receivers: Receivers) -> Any:
    """What is there already, what refers to nobody, and what is no property."""
    return [
        refused(InvalidError, lambda: pbx.add_user("admin")),
        refused(InvalidError, lambda: pbx.add_user("night", extension="999")),
        refused(InvalidError, lambda: pbx.add_user("night", colour="red")),
        refused(InvalidError, lambda: pbx.add_application("app")),
        refused(InvalidError, lambda: pbx.add_application("night-app", user="nobody")),
        refused(InvalidError, lambda: pbx.add_application("night-app", type="secret")),
        refused(InvalidError, lambda: pbx.add_agent("Night", "099")),
        refused(InvalidError, lambda: pbx.add_did("+79161110000")),
        refused(InvalidError, lambda: pbx.add_group("Night", id=14)),
        refused(NotFoundError, lambda: pbx.add_group("Night", client=7)),
        pbx.agents,
    ]


@story
def extensions_are_not_added(pbx: Face, receivers: Receivers) -> Any:
    """Unknown types, clients and properties, and values that break their rule."""
    return [
        refused(InvalidError, lambda: pbx.add_extension("300", "fax", register=True)),
        refused(InvalidError, lambda: pbx.add_extension("300", "queue", agents=["Nobody"])),
        refused(InvalidError, lambda: pbx.add_extension("300", "ivr", menu={"1": "999"})),
        refused(InvalidError, lambda: pbx.add_extension("300", extension_group="Nobody")),
        refused(InvalidError, lambda: pbx.add_extension("300", "robot")),
        refused(InvalidError, lambda: pbx.add_extension("101")),
        refused(InvalidError, lambda: pbx.add_extension("12345678")),
        refused(InvalidError, lambda: pbx.add_extension("")),
        refused(NotFoundError, lambda: pbx.add_extension("300", client=7)),
        refused(InvalidError, lambda: pbx.add_extension("300", client=0)),
        refused(InvalidError, lambda: pbx.add_extension("300", colour="red", size=1)),
        refused(InvalidError, lambda: pbx.add_extension("300", label=5, record_enabled="yes")),
        refused(InvalidError, lambda: pbx.add_extension("300", "queue", strategy="loud")),
        refused(InvalidError, lambda: pbx.add_extension("300", "ivr", lifetime=-1, sleep_time="x")),
        refused(InvalidError, lambda: pbx.add_extension("300", "queue", register=True)),
        refused(InvalidError, lambda: pbx.add_extension("300", record_enabled=None)),
        pbx.add_extension("300", label=None),
    ]


@story
def a_long_refusal(pbx: Face, receivers: Receivers) -> Any:
    """A text that is longer than a header may be, and not ASCII."""
    return [
        refused(InvalidError, lambda: pbx.add_extension("300", **{"я" * 700: 1})),
        refused(InvalidError, lambda: pbx.add_extension("300", **{"x" * 3000: 1})),
        refused(InvalidError, lambda: pbx.add_extension("300", **{"a\nb": 1})),
        refused(InvalidError, lambda: pbx.add_extension("300", **{"a\\u0416": 1})),
    ]


@story
def agents(pbx: Face, receivers: Receivers) -> Any:
    """They are listed, and log in and out."""
    return [
        pbx.agents,
        pbx.set_agent_status("102", "logged_out"),
        pbx.set_agent_status(2, "logged_out"),
        pbx.set_agent_status("2566*104", "available"),
        pbx.agents,
    ]


@story
def agents_with_odd_names(pbx: Face, receivers: Receivers) -> Any:
    """Names that a path has to quote, or cannot hold."""
    who = ("x/y", "%2F", ".", "..", "", "a?b", "a#b")
    act = pbx.set_agent_status
    return [refused(NotFoundError, act, one, "available") for one in who]


@story
def agents_that_are_none(pbx: Face, receivers: Receivers) -> Any:
    """Unknown agents, phones without one, and statuses that there are not."""
    who: tuple[int | str, ...] = ("999", 99, "101", -1, "a b", "жук", "100%", "x" * 300)
    act = pbx.set_agent_status
    return [
        *[refused(NotFoundError, act, one, "available") for one in who],
        refused(InvalidError, lambda: pbx.set_agent_status("102", "asleep")),
        pbx.agents,
    ]
