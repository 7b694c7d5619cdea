"""What the control API does that no resource does."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from ..core.access import Client
from ..core.errors import Invalid, Missing
from ..core.world import Snapshot, World
from ..resources.extension.model import Extension, full_name
from ..resources.registration.model import Registration, register
from ..resources.registration.model import element as shown_registration
from ..worlds import WorldFault, build


def extension_named(world: World, wanted: int | str) -> Extension:
    """The extension with that id, whole name, or number.

    Raises:
        Missing: there is none; the nearest name is told.
    """
    if isinstance(wanted, int):
        found = world.store.find(Extension, wanted)
        if found is not None:
            return found
    else:
        for client in world.store.all(Client):
            found = world.store.named(Extension, full_name(client, wanted))
            if found is not None:
                return found
    known = [extension.name for extension in world.store.all(Extension)]
    near = difflib.get_close_matches(str(wanted), known, n=1, cutoff=0.0)
    hint = f"; the nearest is {near[0]}" if near else ""
    raise Missing((), f"extension: there is no {str(wanted)[:40]}{hint}")


def snapshot_named(world: World, name: str) -> Snapshot:
    """The snapshot of that name.

    Raises:
        Missing: there is none.
    """
    if name not in world.snapshots:
        raise Missing((), f"there is no snapshot {name[:64]}")
    return world.snapshots[name]


def replace(world: World, state: Any) -> None:
    """The world is in that state.

    Raises:
        Invalid: naming every fault of it; the world stays as it was.
    """
    try:
        world.replace(build(state, start=world.clock.start))
    except WorldFault as fault:
        raise Invalid((), "; ".join(fault.faults)) from fault


def register_device(world: World, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """The device is registered, and shown as the API shows it; None once it is not any more."""
    extension = extension_named(world, fields["extension"])
    contact = fields.get("contact_address") or f"sip:{extension.name}@192.0.2.10:5060"
    found: Registration | None = register(world, extension, {**fields, "contact_address": contact})
    return None if found is None else shown_registration(world, found)
