"""When phones came online and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from ...core.accounts import Client
from ...core.clock import stamp
from ...core.paging import page_in_time
from ...core.world import World
from ..call_history.model import free_id
from ..extension.model import Extension

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RegStatus:
    """One device's time online; `until` is when it ends, or ended. Its id is when it began.

    Source: REC-7
    """

    TABLE: ClassVar[str] = "reg_status"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client", "extension_id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    extension_id: int
    extension_name: str
    device: str
    contact_address: str
    real_address: str
    since: datetime
    until: datetime


def came(world: World, extension: Extension, values: Mapping[str, Any], seconds: int) -> None:
    """The device is online for so many seconds, from now on or still.

    Source: REC-7, REG-8
    """
    now = world.now()
    until = now + seconds * _SECOND
    last = _last(world, extension.id, values["contact_address"])
    if last is not None and last.until > now:
        world.store.put(replace(last, until=until))
        return
    ids = world.store.ids(RegStatus, "client_id", extension.client_id)
    if len(ids) >= world.config.journal_limit:
        world.store.remove(world.store.get(RegStatus, ids[0]))
    world.store.put(
        RegStatus(
            id=free_id(world, RegStatus, extension.client_id, now),
            client_id=extension.client_id,
            extension_id=extension.id,
            extension_name=extension.name,
            since=now,
            until=until,
            **{name: values[name] for name in ("device", "contact_address", "real_address")},
        )
    )


def went(world: World, extension_id: int, contact: str) -> None:
    """The device is not online any more, before its time.

    Source: REC-7, REG-4, REG-8
    """
    now = world.now()
    last = _last(world, extension_id, contact)
    if last is not None and last.until > now:
        world.store.put(replace(last, until=now))


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened in that time, one page: a device came online, or went.

    Source: REC-7, GEN-14
    """
    return [row for _, row in page_in_time(_changes(world, client), lambda row: row[0], query)]


def _changes(world: World, client: Client) -> Iterator[tuple[datetime, dict[str, Any]]]:
    now = world.now()
    for one in world.store.of(RegStatus, "client_id", client.id):
        yield one.since, _shown(one, one.since, registered=True)
        if one.until <= now:
            yield one.until, _shown(one, one.until, registered=False)


def _shown(one: RegStatus, at: datetime, *, registered: bool) -> dict[str, Any]:
    names = ("extension_id", "extension_name", "device", "contact_address", "real_address")
    shown = {name: getattr(one, name) for name in names}
    return {**shown, "datetime": stamp(at), "registered": registered}


def _last(world: World, extension_id: int, contact: str) -> RegStatus | None:
    found = world.store.of(RegStatus, "extension_id", extension_id)
    return next((one for one in reversed(found) if one.contact_address == contact), None)
