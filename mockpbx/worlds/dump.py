"""A world in the format of a world file."""

from __future__ import annotations

from typing import Any

from ..calls.reachability import Forward
from ..core.accounts import AccessToken, Application, Client, ExtensionGroup, RefreshToken, User
from ..core.clock import stamp_us
from ..core.world import World
from ..resources.agent.model import Agent, AgentSubscription
from ..resources.ani.model import of as number_shown
from ..resources.did.model import Did
from ..resources.event.model import Subscription
from ..resources.extension.model import (
    BundleLink,
    Extension,
    bundle_of,
    is_internal,
    own_extension,
)
from ..resources.ivr.model import Ivr
from ..resources.phone.model import Phone
from ..resources.phone_events.model import PhoneSubscription
from ..resources.queue.model import Queue
from ..resources.registration.model import Registration
from .history import dump as dump_calls
from .holdings import dump as dump_held

_COUNTED = (Extension, Subscription, User, ExtensionGroup, Agent, Did)


def dump(world: World) -> dict[str, Any]:
    """The whole state but for calls that run; loading it gives the same world.

    Times are absolute, so that two dumps of an unchanged world are equal while its clock runs.
    """
    return {
        "format": 1,
        "next_ids": {kind.TABLE: world.store.next_id(kind) for kind in _COUNTED},
        "clients": [_client(world, client) for client in world.store.all(Client)],
    }


def _client(world: World, client: Client) -> dict[str, Any]:
    store = world.store
    extensions = store.of(Extension, "client_id", client.id)
    users = store.of(User, "owner_id", client.id)
    groups = store.of(ExtensionGroup, "client_id", client.id)
    applications = (app for user in users for app in store.of(Application, "user_id", user.id))
    return {
        **_values(client, "network_permission_groups"),
        "network_permission_groups": [
            {"id": group.id, "networks": list(group.networks)}
            for group in client.network_permission_groups
        ],
        "extension_groups": [_values(group, "client_id") for group in groups],
        "extensions": [_extension(world, extension) for extension in extensions],
        "agents": [_agent(world, agent) for agent in store.of(Agent, "client_id", client.id)],
        "dids": [_did(world, did) for did in store.of(Did, "client_id", client.id)],
        "phone_events": [
            _values(one, "client_id") for one in store.of(PhoneSubscription, "client_id", client.id)
        ],
        "calls": list(dump_calls(world, client)),
        **dump_held(world, client),
        "users": [_user(user) for user in users],
        "applications": [_application(world, app) for app in applications],
    }


def _extension(world: World, extension: Extension) -> dict[str, Any]:
    store = world.store
    shown = _values(extension, "client_id", "extension_group_id")
    shown["extension_group"] = extension.extension_group_id
    parts = {
        "phone": _changed(store.find(Phone, extension.id)),
        "queue": _queue(world, store.find(Queue, extension.id)),
        "ivr": _menu(world, extension, store.find(Ivr, extension.id)),
    }
    shown.update({name: values for name, values in parts.items() if values})
    number = number_shown(world, extension.id)
    if number is not None:
        shown["ani"] = number
    forward = store.find(Forward, extension.id)
    if forward is not None:
        shown["forward"] = _values(forward, "id")
    registrations = store.of(Registration, "extension_id", extension.id)
    if registrations:
        shown["registrations"] = [_registration(world, one) for one in registrations]
    events = store.of(Subscription, "extension_id", extension.id)
    if events:
        shown["events"] = [_values(one, "extension_id", "client_id") for one in events]
    main_id, links = bundle_of(world, extension.id)
    if main_id == extension.id:
        shown["bundle"] = [_member(world, link) for link in links]
    return shown


def _changed(record: Any, *without: str) -> dict[str, Any]:
    """The values of a record on an extension that differ from the default."""
    if record is None:
        return {}
    default = type(record)(record.id)
    values = _values(record, "id", *without).items()
    return {name: value for name, value in values if value != getattr(default, name)}


def _queue(world: World, queue: Queue | None) -> dict[str, Any]:
    shown = _changed(queue, "agents", "turn")
    if queue is not None:
        agents = (world.store.find(Agent, key) for key in queue.agents)
        names = [agent.name for agent in agents if agent is not None]
        last = world.store.find(Agent, queue.turn) if queue.turn is not None else None
        shown.update({"agents": names} if names else {})
        shown.update({"turn": last.name} if last is not None else {})
    return shown


def _menu(world: World, extension: Extension, ivr: Ivr | None) -> dict[str, Any]:
    """The menu; keys that led to an extension that was deleted lead nowhere."""
    shown = _changed(ivr)
    client = world.store.get(Client, extension.client_id)
    menu = {
        key: target
        for key, target in shown.pop("menu", {}).items()
        if own_extension(world, client, target) or not is_internal(client, target)
    }
    return {**shown, "menu": menu} if menu else shown


def _agent(world: World, agent: Agent) -> dict[str, Any]:
    events = world.store.of(AgentSubscription, "agent_id", agent.id)
    return {
        "id": agent.id,
        "name": agent.name,
        "extension": world.store.get(Extension, agent.extension_id).name,
        "status": agent.status,
        "calls": agent.calls,
        "talk_time_s": agent.talked.total_seconds(),
        "idle_since": stamp_us(world.clock.start + agent.idle_since),
        "events": [_values(one, "agent_id", "client_id") for one in events],
    }


def _did(world: World, did: Did) -> dict[str, Any]:
    return {
        **_values(did, "client_id", "extension_id", "message_extension_id"),
        "extension": _name(world, did.extension_id),
        "message_extension": _name(world, did.message_extension_id),
    }


def _name(world: World, extension_id: int | None) -> str | None:
    """The name of an extension, None when it was deleted."""
    found = world.store.find(Extension, extension_id) if extension_id is not None else None
    return found.name if found is not None else None


def _member(world: World, link: BundleLink) -> dict[str, Any]:
    return {"extension": world.store.get(Extension, link.id).name, "active": link.active}


def _registration(world: World, one: Registration) -> dict[str, Any]:
    registered_at = stamp_us(world.clock.start + one.registered_at)
    return {**_values(one, "id", "extension_id"), "registered_at": registered_at}


def _user(user: User) -> dict[str, Any]:
    return {
        **_values(user, "owner_id", "extension_id", "extension_group_id"),
        "extension": user.extension_id,
        "extension_group": user.extension_group_id,
    }


def _application(world: World, app: Application) -> dict[str, Any]:
    store = world.store
    shown = _values(app, "id", "user_id")
    shown["user"] = app.user_id
    shown["redirect_uris"] = list(app.redirect_uris)
    access = store.of(AccessToken, "application_id", app.id)
    refresh = store.of(RefreshToken, "application_id", app.id)
    shown["tokens"] = [_token(world, token) for token in access]
    shown["refresh_tokens"] = [_token(world, token) for token in refresh]
    return shown


def _token(world: World, token: AccessToken | RefreshToken) -> dict[str, Any]:
    return {
        "token": token.value,
        "user": token.user_id,
        "issued_at": stamp_us(world.clock.start + token.issued_at),
        "expires_in": token.expires_in,
    }


def _values(record: Any, *without: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__ if name not in without}
