"""From a world file to records, and every fault on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from marshmallow import ValidationError
from marshmallow.fields import List

from ..calls.reachability import Forward
from ..config import Config
from ..core.accounts import (
    AccessToken,
    Application,
    Client,
    ExtensionGroup,
    NetworkGroup,
    RefreshToken,
    User,
)
from ..core.errors import InvalidError, RefusalError
from ..core.store import Base
from ..core.table import Record
from ..core.world import Start, World
from ..resources.agent.model import Agent, AgentSubscription
from ..resources.bundle.model import link
from ..resources.did.model import Did
from ..resources.event.model import TABLES as EVENT_TABLES
from ..resources.event.model import Subscription, new_id
from ..resources.event.model import check as check_event
from ..resources.extension.model import (
    Extension,
    check_name,
    full_name,
    is_internal,
    own_extension,
)
from ..resources.ivr.model import Ivr
from ..resources.phone.model import Phone
from ..resources.phone_events.model import PhoneSubscription
from ..resources.queue.model import Queue
from ..resources.registration.model import Registration
from ..resources.registration.model import new_id as new_registration_id
from ..web.schema import faults, messages_of
from .dated import Dated, build
from .dated import Item as DatedItem
from .holdings import KEYS as HELD
from .holdings import set_ani
from .kinds import KINDS
from .moments import is_relative, resolved
from .remainder import Inseparable, LeftOut, remainder
from .schema import ClientState, WorldState

#: Lists of a client whose items nothing else in a file refers to.
_LEAVES = ("calls", *HELD)

Item = Mapping[str, Any]

T = TypeVar("T", bound=Record)

#: The kinds of subscriptions, which share one sequence of ids.
_EVENTS = tuple(kind for kind in KINDS if kind.TABLE in EVENT_TABLES)
#: What only an extension of one type has.
_TYPES = {
    "phone": "phone",
    "registrations": "phone",
    "bundle": "phone",
    "queue": "queue",
    "ivr": "ivr",
}

_SCHEMA = WorldState()


class Builder:
    """Builds one world; `faults` names the place and the reason of everything that is wrong."""

    def __init__(self, start: datetime) -> None:
        self.faults: list[str] = []
        #: What counts from the moment at which a world starts, once the rest is built.
        self.dated: Dated | None = None
        self._start = start
        self._left_out: LeftOut = {}
        self._relative: list[DatedItem] = []
        self._world = World(Start("file", KINDS, Base({})), Config(freeze=False))
        self._store = self._world.store
        #: When what says no moment began, since the start.
        self._now = timedelta(0)
        self._twice = "stands there twice"

    @classmethod
    def onto(cls, world: World) -> Builder:
        """Builds in a world that runs, where what says no moment begins now."""
        made = cls(world.clock.start)
        made._world, made._store = world, world.store
        made._now, made._twice = world.clock.elapsed(), "is there already"
        return made

    def add(self, client: Client, key: str, item: Item) -> None:
        """The client has one more item in its list of that name; `faults` says what is wrong."""
        lists = {name: () for name, one in ClientState().fields.items() if isinstance(one, List)}
        owner = {**lists, "id": client.id, key: (item,)}
        self._reserve([("", owner)])
        for step in (self._groups, *self._steps):
            step("", owner)
        self.faults = [one.removeprefix(f".{key}[0]").lstrip(".: ") for one in self.faults]

    @property
    def _steps(self) -> tuple[Callable[[str, Item], None], ...]:
        """What is built of each client, in an order in which references lead back."""
        return (
            self._extensions,
            self._users,
            self._applications,
            self._bundles,
            self._agents,
            self._queues,
            self._menus,
            self._dids,
            self._phone_events,
            self._numbers_shown,
        )

    def build(self, data: Any) -> Base:
        """The state that the file describes; worthless when there are faults."""
        try:
            file: dict[str, Any] = _SCHEMA.load(data)
        except ValidationError as error:
            messages = messages_of(error)
            found = faults(messages)
            self.faults = [f"{place}: {text}" if place else text for place, text in found.items()]
            try:  # the rest may have faults of its own, which are told at once
                rest, self._left_out = remainder(data, messages, _LEAVES)
                file = _SCHEMA.load(rest)
            except (ValidationError, Inseparable):
                return Base({})
        clients = list(_placed(file["clients"], "clients"))
        self._reserve(clients)
        for step in (self._client, *self._steps):
            for place, item in clients:
                step(place, item)
        for name, number in file["next_ids"].items():
            kind = next(kind for kind in KINDS if name == kind.TABLE)
            self._reserve_id(kind, number)
        for key in _LEAVES:
            for place, item in clients:
                self._held(place, item, key)
        base = self._store.as_base()
        if self._relative:
            self.dated = Dated(KINDS, base, self._world.ids, self._relative, self._start)
            self.faults += self.dated.faults
        return base

    def _reserve(self, clients: Iterable[tuple[str, Item]]) -> None:
        """Let ids that the file leaves out come after all that it names."""
        for _, client in clients:
            owners = (*client["extensions"], *client["agents"])
            events = [item for one in owners for item in one["events"]]
            for kind, items in (
                (ExtensionGroup, client["extension_groups"]),
                (Extension, client["extensions"]),
                (Subscription, [*events, *client["phone_events"]]),
                (User, client["users"]),
                (Agent, client["agents"]),
                (Did, client["dids"]),
            ):
                self._reserve_id(kind, max((one.get("id", 0) for one in items), default=0) + 1)

    def _reserve_id(self, kind: type[Record], number: int) -> None:
        for one in _EVENTS if kind in _EVENTS else (kind,):
            self._store.reserve_id(one, number)

    def _client(self, place: str, item: Item) -> None:
        groups = tuple(
            NetworkGroup(group["id"], tuple(group["networks"]))
            for group in item["network_permission_groups"]
        )
        values = _only(item, Client)
        with self._at(place):
            self._put(Client(**{**values, "network_permission_groups": groups}))
        self._groups(place, item)

    def _groups(self, place: str, item: Item) -> None:
        for where, group in _placed(item["extension_groups"], f"{place}.extension_groups"):
            with self._at(where):
                number = self._number(ExtensionGroup, group)
                self._put(ExtensionGroup(number, item["id"], **_without(group, "id")))

    def _extensions(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        if client is None:
            return
        for where, item in _placed(client_item["extensions"], f"{place}.extensions"):
            with self._at(where):
                extension = self._extension(client, item)
                self._hang_on(where, extension, item)

    def _extension(self, client: Client, item: Item) -> Extension:
        name = full_name(client, item["name"])
        check_name(client, name)
        group = self._reference(ExtensionGroup, client, item.get("extension_group"))
        values = {
            "domain": client.domain,
            "create_date": client.create_date,
            **_only(item, Extension),
        }
        values.update(name=name, client_id=client.id, extension_group_id=group)
        values["id"] = self._number(Extension, item)
        extension = Extension(**values)
        self._put(extension)
        return extension

    def _hang_on(self, place: str, extension: Extension, item: Item) -> None:
        for key, wanted in _TYPES.items():
            if item.get(key) and extension.type != wanted:
                self.faults.append(f"{place}.{key}: only an extension of type {wanted} has it")
        if item.get("phone") and extension.type == "phone":
            self._put(Phone(extension.id, **item["phone"]))
        if item.get("queue") and extension.type == "queue":
            self._put(Queue(extension.id, **_without(item["queue"], "agents", "turn")))
        if item.get("ivr") and extension.type == "ivr":
            self._put(Ivr(extension.id, **item["ivr"]))
        if item.get("forward"):
            self._put(Forward(extension.id, **item["forward"]))
        for where, one in _placed(item["events"], f"{place}.events"):
            with self._at(where):
                check_event(extension, one, "all")  # the file may be of a world that reads it so
                number = self._event_id(one)
                values = _without(one, "id")
                self._put(Subscription(number, extension.id, extension.client_id, **values))
        for where, one in _placed(item["registrations"], f"{place}.registrations"):
            with self._at(where):
                values = dict(one)
                values.setdefault("registration_id", new_registration_id(self._world))
                values["registered_at"] = self._since_start(one.get("registered_at"))
                number = self._store.next_id(Registration)
                self._put(Registration(number, extension.id, **values))

    def _users(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["users"], f"{place}.users"):
            with self._at(where):
                if client is None:
                    continue
                extension = self._reference(Extension, client, item.get("extension"))
                group = self._reference(ExtensionGroup, client, item.get("extension_group"))
                if extension is not None and group is not None:
                    raise InvalidError(
                        "AUT-15", "has an extension and a group: only one level is possible"
                    )
                values = {
                    **_only(item, User),
                    "id": self._number(User, item),
                    "owner_id": client.id,
                    "extension_id": extension,
                    "extension_group_id": group,
                }
                self._put(User(**values))

    def _applications(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["applications"], f"{place}.applications"):
            with self._at(where):
                if client is None:
                    continue
                user = self._reference(User, client, item["user"])
                number = self._store.next_id(Application)
                values = {
                    **_only(item, Application),
                    "id": number,
                    "user_id": user,
                    "redirect_uris": tuple(item.get("redirect_uris", ())),
                }
                self._put(Application(**values))
                for kind, key in ((AccessToken, "tokens"), (RefreshToken, "refresh_tokens")):
                    for spot, one in _placed(item[key], f"{where}.{key}"):
                        with self._at(spot):
                            self._token(kind, client, number, one)

    def _token(
        self, kind: type[AccessToken | RefreshToken], client: Client, application: int, item: Item
    ) -> None:
        user = self._reference(User, client, item["user"])
        expiry = {"expires_in": item["expires_in"]} if "expires_in" in item else {}
        issued_at = self._since_start(item.get("issued_at"))
        number = self._store.next_id(kind)
        self._put(kind(number, item["token"], application, user or 0, issued_at, **expiry))

    def _bundles(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["extensions"], f"{place}.extensions"):
            if client is None or not item["bundle"] or item["type"] != "phone":
                continue
            with self._at(f"{where}.bundle"):
                main = self._store.named(Extension, full_name(client, item["name"]))
                members = {
                    self._reference(Extension, client, one["extension"]) or 0: one["active"]
                    for one in item["bundle"]
                }
                resting = [number for number, active in members.items() if not active]
                if main is not None:
                    link(self._world, main, list(members), resting)

    def _agents(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["agents"], f"{place}.agents"):
            with self._at(where):
                if client is None:
                    continue
                agent = self._agent(client, item)
                for spot, one in _placed(item["events"], f"{where}.events"):
                    with self._at(spot):
                        owner = (self._event_id(one), agent.id, client.id)
                        self._put(AgentSubscription(*owner, **_without(one, "id")))

    def _agent(self, client: Client, item: Item) -> Agent:
        number = self._reference(Extension, client, item["extension"]) or 0
        if self._store.get(Extension, number).type != "phone":
            raise InvalidError((), "extension: must be of type phone")
        if any(one.name == item["name"] for one in self._store.of(Agent, "client_id", client.id)):
            raise InvalidError((), f"name: {item['name']!r} {self._twice}")
        agent = Agent(
            self._number(Agent, item),
            client.id,
            number,
            talked=timedelta(seconds=item.get("talk_time_s", 0)),
            idle_since=self._since_start(item.get("idle_since")),
            **{name: item[name] for name in ("name", "status", "calls") if name in item},
        )
        self._put(agent)
        return agent

    def _queues(self, place: str, client_item: Item) -> None:
        known = {one.name for one in self._store.all(Agent)}
        broken = {one["name"] for one in client_item["agents"]} - known  # told of where they stand
        for where, client, queue, item in self._settings(place, client_item, Queue):
            members: list[int] = []
            for index, wanted in enumerate(item.get("agents", ())):
                if wanted in broken:
                    continue
                with self._at(f"{where}.agents[{index}]"):
                    number = self._agent_id(client, wanted)
                    if number in members:
                        raise InvalidError((), f"{wanted!r} {self._twice}")
                    members.append(number)
            with self._at(f"{where}.turn"):
                turn = item.get("turn")
                last = None if turn is None else self._agent_id(client, turn)
                self._store.put(replace(queue, agents=tuple(members), turn=last))

    def _menus(self, place: str, client_item: Item) -> None:
        for where, client, menu, _ in self._settings(place, client_item, Ivr):
            for key, target in menu.menu.items():
                inside = is_internal(client, target)
                if inside and own_extension(self._world, client, target) is None:
                    text = f"client {client.id} has no extension {target!r}"
                    self.faults.append(f"{where}.menu.{key}: {text}")

    def _settings(
        self, place: str, client_item: Item, kind: type[T]
    ) -> Iterator[tuple[str, Client, T, Item]]:
        """The settings of that kind that the client's extensions have, and where they stand."""
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["extensions"], f"{place}.extensions"):
            if client is not None and item.get(kind.TABLE):
                extension = own_extension(self._world, client, item["name"])
                found = self._store.find(kind, extension.id) if extension is not None else None
                if found is not None:
                    yield f"{where}.{kind.TABLE}", client, found, item[kind.TABLE]

    def _dids(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["dids"], f"{place}.dids"):
            with self._at(where):
                if client is None:
                    continue
                values = {
                    "create_date": client.create_date,
                    **_only(item, Did),
                    "id": self._number(Did, item),
                    "client_id": client.id,
                    "extension_id": self._reference(Extension, client, item.get("extension")),
                    "message_extension_id": self._reference(
                        Extension, client, item.get("message_extension")
                    ),
                }
                self._put(Did(**values))

    def _phone_events(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["phone_events"], f"{place}.phone_events"):
            with self._at(where):
                if client is None:
                    continue
                number = self._event_id(item)
                self._put(PhoneSubscription(number, client.id, **_without(item, "id")))

    def _numbers_shown(self, place: str, client_item: Item) -> None:
        client = self._store.find(Client, client_item["id"])
        for where, item in _placed(client_item["extensions"], f"{place}.extensions"):
            with self._at(where):
                if client is None or item.get("ani") is None:
                    continue
                extension = own_extension(self._world, client, item["name"])
                if extension is not None:
                    set_ani(self._world, extension, item["ani"])

    def _held(self, place: str, client_item: Item, key: str) -> None:
        client = self._store.find(Client, client_item["id"])
        if client is None:
            return
        left_out = self._left_out.get(f"{place}.{key}", ())
        indexes = (index for index in count() if index not in left_out)
        for index, item in zip(indexes, client_item[key], strict=False):
            where = f"{place}.{key}[{index}]"
            if is_relative(item):
                self._relative.append(DatedItem(where, client.id, key, item))
                continue
            with self._at(where):
                build(self._world, client, key, item)

    def _agent_id(self, client: Client, wanted: int | str) -> int:
        """The id of the agent that a file names by its id, its name or its extension."""
        agents = self._store.of(Agent, "client_id", client.id)
        extension = None
        if isinstance(wanted, str):
            extension = own_extension(self._world, client, wanted)
        for agent in agents:
            if wanted in (agent.id, agent.name):
                return agent.id
        for agent in agents:
            if agent.extension_id == (wanted if extension is None else extension.id):
                return agent.id
        raise InvalidError((), f"client {client.id} has no agent {wanted!r}")

    def _event_id(self, item: Item) -> int:
        number: int = item.get("id") or new_id(self._world)
        if any(self._store.find(kind, number) is not None for kind in _EVENTS):
            raise InvalidError((), f"id: {number} {self._twice}")
        return number

    def _reference(self, kind: type[Any], client: Client, wanted: int | str | None) -> int | None:
        """The id of the client's record that a file names by its id or its name."""
        if wanted is None:
            return None
        found = None
        if isinstance(wanted, int):
            found = self._store.find(kind, wanted)
        elif kind is Extension:
            found = self._store.named(Extension, full_name(client, wanted))
        elif kind is User:
            found = self._store.named(User, wanted)
        else:
            groups = self._store.of(ExtensionGroup, "client_id", client.id)
            found = next((group for group in groups if group.name == wanted), None)
        owner = "owner_id" if kind is User else "client_id"
        if found is None or getattr(found, owner) != client.id:
            raise InvalidError((), f"client {client.id} has no {kind.TABLE} {wanted!r}")
        number: int = found.id
        return number

    def _number(self, kind: type[Record], item: Item) -> int:
        number: int = item.get("id") or self._store.next_id(kind)
        return number

    def _put(self, record: Record) -> None:
        kind = type(record)
        if self._store.find(kind, record.id) is not None:
            raise InvalidError((), f"id: {record.id} {self._twice}")
        if kind.NAME is not None:
            name = getattr(record, kind.NAME)
            if self._store.named(kind, name) is not None:
                raise InvalidError((), f"{kind.NAME}: {name!r} {self._twice}")
        self._store.put(record)

    def _since_start(self, moment: datetime | None) -> timedelta:
        if moment is None:
            return self._now
        at: datetime = resolved(moment, self._start)
        return at - self._start

    @contextmanager
    def _at(self, place: str) -> Iterator[None]:
        try:
            yield
        except RefusalError as refusal:
            self.faults.append(f"{place}: {refusal.message}")


def _placed(items: Iterable[Item], place: str) -> Iterator[tuple[str, Item]]:
    return ((f"{place}[{index}]", item) for index, item in enumerate(items))


def _only(item: Item, kind: type[Any]) -> dict[str, Any]:
    return {name: item[name] for name in kind.__slots__ if name in item}


def _without(item: Item, *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}
