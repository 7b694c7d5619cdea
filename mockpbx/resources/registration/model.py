"""Registrations: which devices a phone can be reached at, and until when."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ...core.access import reaches
from ...core.accounts import Client, Level, Principal
from ...core.clock import EPOCH
from ...core.errors import AccessDeniedError, InvalidError, access_denied, not_found
from ...core.world import World
from ..extension.model import Extension, Type
from ..phone.model import Phone
from ..phone.model import of as phone_of
from ..reg_status_log import model as reg_status_log

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Registration:
    """One device's registration; `registered_at` counts from the world's start.

    A device that `renews` does so in the middle of its time, for as long as the world lasts.

    Source: REG-5, REG-12, REG-14
    """

    TABLE: ClassVar[str] = "registration"
    PARENTS: ClassVar[Mapping[str, str]] = {"extension_id": "extension"}
    NAME: ClassVar[str | None] = "registration_id"
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    extension_id: int
    registration_id: str
    device: str
    contact_address: str
    real_address: str
    registered_at: timedelta
    expires: int
    renews: bool = False

    @property
    def expires_at(self) -> timedelta:
        """When the registration is lost, since the world's start."""
        return self.registered_at + self.expires * _SECOND

    def is_active(self, elapsed: timedelta) -> bool:
        """Whether the device can be reached at that time since the world's start.

        Source: REG-8
        """
        return self.renews or elapsed < self.expires_at

    def seconds_left(self, elapsed: timedelta) -> int:
        """Whole seconds until the registration is lost, rounded up; 0 when it is.

        Source: REG-7
        """
        return max(0, -((elapsed - self.lost_at(elapsed)) // _SECOND))

    def lost_at(self, elapsed: timedelta) -> timedelta:
        """The moment of its loss, as it looks at that time.

        Source: REG-8
        """
        if not self.renews:
            return self.expires_at
        half = self.expires * _SECOND / 2
        return self.expires_at + (elapsed - self.registered_at) // half * half


def find(world: World, extension: Extension, text: str) -> Registration:
    """The extension's registration with that id, active or one of the last.

    Raises:
        NotFoundError: it has none.

    Source: REG-4, ERR-6
    """
    found = world.store.named(Registration, text)
    if found is None or found not in kept(world, extension.id):
        raise not_found(f"extension {extension.id} has no registration {text[:40]}", "REG-4")
    return found


def kept(world: World, extension_id: int) -> list[Registration]:
    """The active registrations, or when there is none those of the last active moment.

    A static address is none of them.

    Source: REG-16, REG-6, REG-13
    """
    found = world.store.of(Registration, "extension_id", extension_id)
    elapsed = world.clock.elapsed()
    active = [one for one in found if one.is_active(elapsed)]
    if active or not found:
        return active
    last = max(one.expires_at for one in found)
    return [one for one in found if one.expires_at == last]


def is_registered(world: World, extension_id: int) -> bool:
    """Whether at least one device of the extension can be reached now.

    Source: REG-6, REG-8
    """
    elapsed = world.clock.elapsed()
    found = world.store.of(Registration, "extension_id", extension_id)
    return any(one.is_active(elapsed) for one in found)


def shown(world: World, extension_id: int) -> dict[str, Any]:
    """The state of one extension's registrations.

    Source: REG-2, REG-5, REG-6, REG-7
    """
    elapsed = world.clock.elapsed()
    found = kept(world, extension_id)
    return {
        "registered": any(one.is_active(elapsed) for one in found),
        "extension_id": extension_id,
        "registrations": [element(world, one) for one in found],
    }


def element(world: World, one: Registration) -> dict[str, Any]:
    """One registration as the documentation shows it.

    Source: REG-5, REG-7, REG-14
    """
    if world.readings.registration_expires == "utc":
        lost_at = one.lost_at(world.clock.elapsed())
        expires = -((EPOCH - world.clock.start - lost_at) // _SECOND)
    else:
        expires = one.seconds_left(world.clock.elapsed())
    return {
        "device": one.device,
        "real_address": one.real_address,
        "contact_address": one.contact_address,
        "expires": expires,
        "registration_id": one.registration_id,
    }


def several(world: World, principal: Principal, wanted: Sequence[int]) -> Any:
    """The states of the extensions asked for, or of all that the user reaches.

    One object when exactly one is asked for and the reading says so, else an array in the order
    asked; unknown ones are left out of an array.

    Raises:
        NotFoundError: the only one asked for does not exist.
        AccessDeniedError: one is somebody else's.

    Source: REG-1, REG-9, REG-11
    """
    if not wanted:
        return [shown(world, number) for number in _reachable(world, principal)]
    known = [one for one in (world.store.find(Extension, key) for key in wanted) if one is not None]
    for extension in known:
        if not reaches(principal.user, extension):
            raise access_denied(f"extension {extension.id} is not the user's")
    if len(wanted) == 1 and not known:
        raise not_found(f"no extension {wanted[0]}", "REG-11")
    states = [shown(world, extension.id) for extension in known]
    if len(wanted) == 1 and world.readings.registration_list == "object_for_one":
        return states[0]
    return states


def register(world: World, extension: Extension, fields: Mapping[str, Any]) -> Registration | None:
    """The device at that contact can be reached for so many seconds, as by a SIP REGISTER.

    The same contact renews its registration. 0 seconds end it, and the contact `*` with 0
    seconds ends all: the answer is None then. Registrations lost before are forgotten.

    Raises:
        InvalidError: the extension is not a phone, or `*` comes with seconds.
        AccessDeniedError: the phone may not register from that country or network.

    Source: REG-8, REG-11, REG-13, REG-15
    """
    if extension.type != Type.PHONE:
        raise InvalidError(
            "REG-11", f"extension: {extension.name} is {extension.type}; only a phone registers"
        )
    contact, seconds = fields["contact_address"], fields["expires"]
    if contact == "*" and seconds:
        raise InvalidError("REG-8", "contact_address: * only ends registrations, with expires 0")
    _check_place(world, extension, fields)
    found = world.store.of(Registration, "extension_id", extension.id)
    same = [one for one in found if contact in ("*", one.contact_address)]
    if not seconds:
        for one in same:
            drop(world, one)
        return None
    elapsed = world.clock.elapsed()
    for one in found:
        if one not in same and not one.is_active(elapsed):
            world.store.remove(one)
    values = {name: fields[name] for name in ("device", "real_address", "contact_address")}
    reg_status_log.came(world, extension, values, seconds)
    if same:
        renewed = replace(same[0], **values, registered_at=elapsed, expires=seconds, renews=False)
        return world.store.put(renewed)
    return world.store.put(
        Registration(
            id=world.store.next_id(Registration),
            extension_id=extension.id,
            registration_id=new_id(world),
            registered_at=elapsed,
            expires=seconds,
            **values,
        )
    )


def new_id(world: World) -> str:
    """A registration id that nobody has.

    Source: REG-12
    """
    while world.store.named(Registration, text := world.ids.registration_id()) is not None:
        pass
    return text


def drop(world: World, one: Registration) -> None:
    """The device is not registered, nor are those lost before it the last ones.

    Source: REG-4, REG-13
    """
    reg_status_log.went(world, one.extension_id, one.contact_address)
    kept_ones = kept(world, one.extension_id)
    for other in world.store.of(Registration, "extension_id", one.extension_id):
        if other == one or other not in kept_ones:
            world.store.remove(other)


def drop_all(world: World, extension: Extension) -> None:
    """Drop all registrations of the extension, the last ones too.

    Source: REG-3, REG-13
    """
    for one in world.store.of(Registration, "extension_id", extension.id):
        reg_status_log.went(world, extension.id, one.contact_address)
        world.store.remove(one)


def _reachable(world: World, principal: Principal) -> list[int]:
    user = principal.user
    if user.level is Level.EXTENSION and user.extension_id is not None:
        return [user.extension_id]
    ids = world.store.ids(Extension, "client_id", user.owner_id)
    if user.level is Level.CLIENT:
        return list(ids)
    return [key for key in ids if reaches(user, world.store.get(Extension, key))]


def _check_place(world: World, extension: Extension, fields: Mapping[str, Any]) -> None:
    """Check the phone's countries and networks.

    Source: REG-15, PHN-14, PHN-20, PHN-25
    """
    phone = phone_of(world, extension)
    client = world.store.get(Client, extension.client_id)
    country = fields.get("country")
    allowed = phone.geo_list or client.geo_list
    if country is not None and allowed != "*" and country not in allowed.split():
        text = f"country: {country} is not in the geo_list {allowed}"
        raise AccessDeniedError(("REG-15", "PHN-20"), text)
    if phone.auth_type != "digest" and not _trusted(client, phone, fields["real_address"]):
        text = f"real_address: auth_type {phone.auth_type} needs an address in the trusted networks"
        raise AccessDeniedError(("REG-15", "PHN-25"), text)


def _trusted(client: Client, phone: Phone, real_address: str) -> bool:
    try:
        host = ipaddress.ip_address(
            urlsplit(real_address.replace("sip:", "sip://", 1)).hostname or ""
        )
    except ValueError:
        return False
    return any(
        host in ipaddress.ip_network(network)
        for group in client.network_permission_groups
        if group.id == phone.network_permission_group_id
        for network in group.networks
    )
