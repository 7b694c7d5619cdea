"""The rules of bundles: several extensions of one employee behind one main extension.

`link` is the only way to make a bundle; it goes through every rule below, in this order, and
changes nothing unless all of them hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ...core.errors import InvalidError
from ...core.world import World
from ..extension.model import BundleLink, Extension, Type, bundle_of, take_shared

#: A rule on one member: (world, main, member's id) -> the reason to refuse it, or None.
MemberRule = Callable[[World, Extension, int], "str | None"]


def main_is_phone(extension: Extension) -> None:
    """The main extension is a phone.

    Raises:
        InvalidError: it is of another type.

    Source: ERR-12, BND-2
    """
    if extension.type != Type.PHONE:
        raise InvalidError(
            "BND-2", f"extension_id: must be of type phone, {extension.id} is {extension.type}"
        )


def main_is_no_member(world: World, main: Extension, rule: str = "BND-7") -> None:
    """The main extension is not linked to another one.

    Raises:
        InvalidError: it is; `rule` is cited and the main one named.

    Source: ERR-12, BND-7, BND-13
    """
    own = world.store.find(BundleLink, main.id)
    if own is not None:
        raise InvalidError(rule, f"extension_id: {main.id} is itself linked to {own.main_id}")


def member_exists(world: World, main: Extension, member_id: int) -> str | None:
    """A member is an extension of the main one's client.

    Source: BND-8
    """
    member = world.store.find(Extension, member_id)
    if member is None:
        return "there is no such extension"
    if member.client_id != main.client_id:
        return "belongs to another client"
    return None


def member_is_phone(world: World, main: Extension, member_id: int) -> str | None:
    """A member is a phone.

    Source: BND-4
    """
    member = world.store.find(Extension, member_id)
    if member is not None and member.type != Type.PHONE:
        return f"must be of type phone, it is {member.type}"
    return None


def member_is_not_main(world: World, main: Extension, member_id: int) -> str | None:
    """A member is not the main extension of a bundle.

    Source: BND-5
    """
    if member_id != main.id and world.store.ids(BundleLink, "main_id", member_id):
        return "is the main extension of a bundle"
    return None


def member_is_free(world: World, main: Extension, member_id: int) -> str | None:
    """A member is not linked to another main extension.

    Source: BND-6
    """
    own = world.store.find(BundleLink, member_id)
    if own is not None and own.main_id not in (main.id, member_id):
        return f"is linked to {own.main_id}"
    return None


def member_is_another(world: World, main: Extension, member_id: int) -> str | None:
    """The main extension is no member of its own list.

    Source: BND-7
    """
    return "is the main extension itself" if member_id == main.id else None


#: What must hold for each member, in the order in which the reasons are given.
MEMBER_RULES: tuple[tuple[str, MemberRule], ...] = (
    ("BND-8", member_exists),
    ("BND-4", member_is_phone),
    ("BND-5", member_is_not_main),
    ("BND-6", member_is_free),
    ("BND-7", member_is_another),
)


def chosen(fields: Mapping[str, Any]) -> list[int]:
    """The list in a POST, under its name in the examples or in the table.

    Raises:
        InvalidError: neither is there, or both and they differ.

    Source: BND-3
    """
    lists = [fields[name] for name in ("bundle_list", "extension_id") if name in fields]
    if not lists:
        raise InvalidError("BND-3", "bundle_list: is required")
    if lists[0] != lists[-1]:
        raise InvalidError("BND-3", "bundle_list and extension_id: both are given and differ")
    members: list[int] = lists[0]
    return members


def link(
    world: World, main: Extension, members: Sequence[int], inactive: Iterable[int] = ()
) -> dict[str, Any]:
    """Exactly these extensions are linked to the main one, in this order.

    An empty list unties all. New members take the main one's values of what a bundle keeps
    equal; those that leave keep theirs.

    Raises:
        InvalidError: naming every member that breaks a rule, with the reason.

    Source: ERR-12, BND-22, BND-1, BND-7, BND-8, BND-9, BND-17, BND-20
    """
    main_is_phone(main)
    if not members:
        return untie(world, main)
    main_is_no_member(world, main)
    _check_members(world, main, members)
    before = {link.id: link for link in bundle_of(world, main.id)[1]}
    for gone in before.keys() - set(members):
        world.store.remove(before[gone])
    resting = set(inactive)
    for position, member_id in enumerate(members):
        wanted = BundleLink(member_id, main.id, position, member_id not in resting)
        if before.get(member_id) != wanted:
            world.store.put(wanted)
        if member_id not in before:
            take_shared(world, member_id, main.id)
    return shown(world, main)


def untie(world: World, main: Extension) -> dict[str, Any]:
    """Nothing is linked to the extension; every value stays as it is.

    Raises:
        InvalidError: the extension is not a phone, or is itself linked to another one.

    Source: BND-1, BND-9, BND-12, BND-13, BND-17
    """
    main_is_phone(main)
    main_is_no_member(world, main, "BND-13")
    for found in world.store.of(BundleLink, "main_id", main.id):
        world.store.remove(found)
    return shown(world, main)


def shown(world: World, extension: Extension) -> dict[str, Any]:
    """The bundle that the extension is in, under the main one's id; an empty list when in none.

    Raises:
        InvalidError: the extension is not a phone.

    Source: BND-10, BND-13
    """
    main_is_phone(extension)
    main_id, links = bundle_of(world, extension.id)
    return {"bundle_list": [found.id for found in links], "bundle_id": main_id or extension.id}


def _check_members(world: World, main: Extension, members: Sequence[int]) -> None:
    broken: list[tuple[str, str]] = []
    for member_id, times in Counter(members).items():
        if times > 1:
            broken.append(("BND-8", f"{member_id} is given twice"))
        for rule, check in MEMBER_RULES:
            if (reason := check(world, main, member_id)) is not None:
                broken.append((rule, f"{member_id} {reason}"))
    if broken:
        text = "; ".join(text for _, text in broken)
        raise InvalidError(tuple(rule for rule, _ in broken), f"bundle_list: {text}")
