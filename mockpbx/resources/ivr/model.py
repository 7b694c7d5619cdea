"""Voice menus: where a caller's key leads, and what happens to who presses none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from ...core.errors import not_found
from ...core.world import World
from ..extension.model import Extension, Type

#: What happens to who presses no key (assumed).
ACTIONS = ("hangup", "transfer")


@dataclass(frozen=True, slots=True)
class Ivr:
    """The settings of one menu, under its extension's id.

    `lifetime` is how many seconds a caller may take, 0 without end; then
    `lifetime_exp_action` is done: `transfer` to `lifetime_exp_transfer_dst`, or hang up. `menu`
    leads from keys to extensions; the API has no resource for it, world files do. Who pressed no
    key may speak to a voicemail with `vm_enabled` (assumed). `entry_context` and `sleep_time` are
    kept and shown: nothing is known of what they do.

    Source: IVR-1
    """

    TABLE: ClassVar[str] = "ivr"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    lifetime: int = 60
    lifetime_exp_action: str = "hangup"
    lifetime_exp_transfer_dst: str | None = None
    entry_context: str | None = None
    sleep_time: int = 0
    vm_enabled: bool = False
    vm_greeting: int | None = 0
    vm_attach_file: bool = True
    vm_mailto: str | None = None
    menu: Mapping[str, str] = field(default_factory=dict)


def of(world: World, extension: Extension) -> Ivr:
    """The menu's settings, the defaults where none were set.

    Raises:
        NotFoundError: the extension is no menu.

    Source: IVR-1
    """
    if extension.type != Type.IVR:
        raise not_found(f"extension {extension.id} is {extension.type}, not ivr", "IVR-1")
    return world.store.find(Ivr, extension.id) or Ivr(extension.id)


def change(world: World, extension: Extension, fields: Mapping[str, Any]) -> Ivr:
    """The menu has the given settings; the others keep their values.

    Raises:
        NotFoundError: the extension is no menu.

    Source: IVR-1
    """
    return world.store.put(replace(of(world, extension), **fields))
