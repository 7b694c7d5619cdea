"""The whole state, snapshots and resets."""

from __future__ import annotations

from typing import Any

from mockpbx.core.errors import InvalidError, NotFoundError

from ...company import company
from ..receivers import Receivers
from ..told import refused
from .table import CALLER, NOON, Face, send, story


@story
def the_state(pbx: Face, receivers: Receivers) -> Any:
    """It is read, put elsewhere and read again."""
    pbx.add_extension("300", label="Жанна")
    pbx.register("105", expires=60)
    pbx.incoming_call(CALLER, to="101").answer().talk(10).hang_up()
    before = pbx.state()
    seen = [before, pbx.put_state(company()), pbx.state(), pbx.extension("101"), pbx.calls]
    return [*seen, pbx.put_state(before), pbx.state() == before, pbx.extension("300")]


@story
def a_state_that_is_none(pbx: Face, receivers: Receivers) -> Any:
    """Every fault of it is named, and the world stays as it was."""
    odd: Any = (
        {},
        {"format": 2},
        {"format": 1, "clients": 5},
        {"format": 1, "clients": [], "colour": "red"},
        company(id="x", users=[{}]),
        company(extensions=[{"id": 1, "name": "101", "type": "robot"}]),
    )
    seen = [refused(InvalidError, pbx.put_state, one) for one in odd]
    return seen, pbx.extension("101")


@story
def two_snapshots(pbx: Face, receivers: Receivers) -> Any:
    """The first is restored although there is a second, by itself and by its name."""
    first = pbx.snapshot()
    pbx.clock.advance(30)
    pbx.add_extension("300")
    second = pbx.snapshot()
    call = pbx.incoming_call(CALLER, to="102")
    token = pbx.token()
    seen: list[Any] = [first, second, pbx.snapshots, token, call.state, pbx.restore(first)]
    seen += [pbx.clock.now() == NOON, refused(NotFoundError, lambda: pbx.extension("300"))]
    seen += [pbx.calls, refused(NotFoundError, lambda: call.state), pbx.restore(second.name)]
    seen += [pbx.clock.now(), pbx.extension("300"), pbx.token() == token, pbx.snapshots]
    return [*seen, pbx.restore(first), pbx.clock.now(), pbx.snapshots]


@story
def worlds_of_the_server(pbx: Face, receivers: Receivers) -> Any:
    """They are made of a shipped world or a file, listed, replaced and deleted, by name."""

    def own() -> Any:
        return [one for one in pbx.worlds if one.name.startswith("of-a-story")]

    seen: list[Any] = [pbx.put_world("of-a-story"), pbx.put_world("of-a-story-2", company())]
    seen += [own(), pbx.put_world("of-a-story", "empty", freeze=False, rate_limits=True), own()]
    for name, world, settings in (
        ("a b", None, {}),
        ("of-a-story", "nowhere", {}),
        ("of-a-story", {"format": 2}, {}),
        ("of-a-story", None, {"frezee": True}),
        ("of-a-story", None, {"seed": -1.5}),
        ("of-a-story", None, {"quirks": {"colour": "red"}}),
    ):
        seen.append(refused(InvalidError, pbx.put_world, name, world, **settings))
    seen += [own(), pbx.delete_world("of-a-story"), pbx.delete_world("of-a-story-2"), own()]
    return [*seen, refused(NotFoundError, pbx.delete_world, "of-a-story")]


@story
def named_snapshots(pbx: Face, receivers: Receivers) -> Any:
    """One of the same name is replaced; free names are found around those that are taken."""
    seen: list[Any] = [
        pbx.snapshot("snapshot-2"),
        pbx.snapshot(),
        pbx.snapshot(),
        pbx.clock.advance(5),
    ]
    return [*seen, pbx.snapshot("snapshot-2"), pbx.snapshots, pbx.restore("snapshot-2")]


@story
def snapshots_that_are_none(pbx: Face, receivers: Receivers) -> Any:
    """Names that cannot be given, and names that nothing has."""
    odd: Any = ("", "a b", "x" * 65, "жук", 5, True, ["x"])
    wanted: Any = ("nothing", "a b", "жук", "100%", "a?b", "x" * 99, 5)
    return [
        [refused(InvalidError, pbx.snapshot, one) for one in odd],
        [refused(NotFoundError, pbx.restore, one) for one in wanted],
        pbx.snapshots,
    ]


@story
def snapshots_with_odd_names(pbx: Face, receivers: Receivers) -> Any:
    """Names that a path has to quote, or cannot hold."""
    wanted = ("x/y", "%2F", ".", "..", "", "a?b", "a#b")
    return [refused(NotFoundError, pbx.restore, one) for one in wanted]


@story
def snapshots_named_by_dots(pbx: Face, receivers: Receivers) -> Any:
    """A name may be one or two dots."""
    seen: list[Any] = [pbx.snapshot("."), pbx.clock.advance(1), pbx.snapshot("..")]
    pbx.restore(".")
    seen += [pbx.clock.now()]
    pbx.restore("..")
    return [*seen, pbx.clock.now(), pbx.snapshots]


@story
def a_reset(pbx: Face, receivers: Receivers) -> Any:
    """Everything is as at the start; snapshots, requests, rules and deliveries are forgotten."""
    first = pbx.token()
    pbx.snapshot()
    pbx.add_extension("300")
    pbx.faults.add(status=503, times=1)
    pbx.incoming_call(CALLER, to="102")
    send(pbx, "GET", "/user/")
    seen: list[Any] = [pbx.reset(), pbx.clock.frozen, pbx.clock.now() > NOON, pbx.snapshots]
    seen += [pbx.calls, pbx.requests, pbx.deliveries, pbx.notes, list(pbx.faults)]
    seen += [refused(NotFoundError, lambda: pbx.extension("300")), pbx.token() == first]
    return [*seen, refused(NotFoundError, lambda: pbx.restore("snapshot-1"))]


@story
def a_closed_pbx(pbx: Face, receivers: Receivers) -> Any:
    """What happened can still be read, and closing it twice is as good."""
    send(pbx, "GET", "/user/")
    with pbx as same:
        call = same.incoming_call(CALLER, to="101")
    return [same is pbx, pbx.close(), pbx.requests, pbx.calls, call.ladder(), pbx.story()]
