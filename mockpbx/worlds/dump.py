"""A world in the format of a world file."""

from __future__ import annotations

from typing import Any

from ..core.access import AccessToken, Application, Client, RefreshToken, User
from ..core.clock import stamp_us
from ..core.world import World
from ..resources.event.model import Subscription
from ..resources.extension.model import BundleLink, Extension, bundle_of
from ..resources.extension_group.model import ExtensionGroup
from ..resources.phone.model import Phone
from ..resources.registration.model import Registration

_COUNTED = (Extension, Subscription, User, ExtensionGroup)


def dump(world: World) -> dict[str, Any]:
    """The whole state; loading it gives the same world.

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
        "users": [_user(user) for user in users],
        "applications": [_application(world, app) for app in applications],
    }


def _extension(world: World, extension: Extension) -> dict[str, Any]:
    store = world.store
    shown = _values(extension, "client_id", "extension_group_id")
    shown["extension_group"] = extension.extension_group_id
    phone = store.find(Phone, extension.id)
    if phone is not None:
        default = Phone(extension.id)
        values = _values(phone, "id").items()
        changed = {name: value for name, value in values if value != getattr(default, name)}
        if changed:
            shown["phone"] = changed
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
