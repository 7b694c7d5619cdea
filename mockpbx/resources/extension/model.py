"""Extensions: the numbers inside a PBX, and which of them are bundled."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any, ClassVar

from ...core.access import reaches
from ...core.accounts import Client, ExtensionGroup, Level, Principal
from ...core.clock import stamp
from ...core.errors import InvalidError, NotFoundError, access_denied, check_all, not_found
from ...core.ids import parse_id
from ...core.paging import page_matching, page_of
from ...core.path import ID, ME, PathParameter
from ...core.table import Record
from ...core.world import World


class Type(str, Enum):
    """What an extension is.

    Source: EXT-3
    """

    PHONE = "phone"
    QUEUE = "queue"
    IVR = "ivr"
    FAX = "fax"


_FILTERS = ("name", "type", "status")
_NAME = {"type": "string", "pattern": r"^@([0-9]+\*)?[0-9]+$"}

#: The extension realm in a path; below a client only an id names an extension.
EXTENSION_ID = PathParameter(
    "extension", "extension_id", {"anyOf": [ID, ME, _NAME]}, below=ID, refused_by=("ERR-6",)
)


@dataclass(frozen=True, slots=True)
class Extension:
    """An internal number; `name` is whole, prefix included.

    Source: EXT-2
    """

    TABLE: ClassVar[str] = "extension"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = "name"
    SHARED: ClassVar[tuple[str, ...]] = ("status", "dial_rule_id", "dial_rule_limit")

    id: int
    client_id: int
    name: str
    type: str
    domain: str
    create_date: str
    status: str = "active"
    label: str | None = None
    caller_id_name: str | None = None
    extension_group_id: int | None = None
    dial_rule_id: int | None = None
    dial_rule_limit: int | None = None
    message_did: str | None = None
    did_as_transfer_caller_id: str | None = None
    ani_rfc3325: bool = False
    extra_params: str | None = None


@dataclass(frozen=True, slots=True)
class BundleLink:
    """An extension's link to the main extension of its bundle; the id is the linked one's.

    An extension has one link at the most, so it is in one bundle at the most (BND-6).

    Source: BND-18, BND-20, BND-21
    """

    TABLE: ClassVar[str] = "bundle_link"
    PARENTS: ClassVar[Mapping[str, str]] = {"id": "extension", "main_id": "extension"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    main_id: int
    position: int
    active: bool = True


def in_path(world: World, principal: Principal, text: str, found: Mapping[str, Any]) -> Extension:
    """The extension that a path names.

    Below a client only its id names it; in the extension realm `@me` is the user's own and
    `@101` or `@1844*101` go by name.

    Raises:
        NotFoundError: there is no such extension.
        AccessDeniedError: `@me` is no extension for this user.

    Source: AUT-16, AUT-17, PHN-2, ERR-6
    """
    client = found.get("client")
    if text == "@me" and client is None:
        return _own(world, principal)
    extension = None
    if text.startswith("@") and client is None:
        extension = world.store.named(Extension, full_name(principal.client, text[1:]))
    elif (number := parse_id(text)) is not None:
        extension = world.store.find(Extension, number)
    if extension is None:
        raise not_found(f"no extension {text[:40]}")
    return extension


def allow(principal: Principal, extension: Extension, found: Mapping[str, Any]) -> None:
    """Check that the user may use that extension.

    Raises:
        AccessDeniedError: it does not.

    Source: ERR-2, AUT-15
    """
    if not reaches(principal.user, extension):
        raise access_denied(f"extension {extension.id} is not the user's")


def full_name(client: Client, name: str) -> str:
    """The name with the client's prefix, which may be left out.

    Source: GEN-19, EXT-4
    """
    return name if "*" in name else f"{client.prefix}*{name}"


def is_internal(client: Client, number: str) -> bool:
    """Whether a dialled number can only be one of the client's extensions, or a feature code.

    Source: GEN-19, SIM-11, FEA-1
    """
    return (
        "*" in number or "#" in number or (number.isdigit() and len(number) == client.extension_len)
    )


def own_extension(world: World, client: Client, number: str) -> Extension | None:
    """The client's extension with that number, or None."""
    found = world.store.named(Extension, full_name(client, number))
    return found if found is not None and found.client_id == client.id else None


def called(world: World, text: str) -> Extension | None:
    """The extension of any client with that number or whole name, or None."""
    for client in world.store.all(Client):
        found = world.store.named(Extension, full_name(client, text))
        if found is not None:
            return found
    return None


def named(world: World, wanted: int | str) -> Extension:
    """The extension of any client with that id, number or whole name.

    Raises:
        NotFoundError: there is none; the nearest name is told.
        InvalidError: it is neither a number nor text.
    """
    if isinstance(wanted, bool) or not isinstance(wanted, (int, str)):
        raise InvalidError((), f"extension: must be an id or a number as text, not {wanted!r}")
    if isinstance(wanted, int):
        found = world.store.find(Extension, wanted)
    else:
        found = called(world, wanted)
    if found is not None:
        return found
    text = str(wanted)[:40]
    names = {one.name.rpartition("*")[2]: one.name for one in world.store.all(Extension)}
    near = difflib.get_close_matches(text.rpartition("*")[2], names, n=1, cutoff=0.0)
    hint = f"; the nearest is {names[near[0]]}" if near else ""
    if isinstance(wanted, int) and called(world, text) is not None:
        hint = f" with that id; the phone is {text!r}, a text"
    raise NotFoundError((), f"extension: there is no {text}{hint}")


def listed(world: World, client: Client, query: Mapping[str, Any]) -> list[Extension]:
    """One page of the client's extensions, by rising id, of those that the filters let through.

    Source: EXT-1, GEN-14
    """
    page, per_page = query["page"], query["per_page"]
    if not any(name in query for name in _FILTERS):
        ids = world.store.ids(Extension, "client_id", client.id)
        return page_of(ids, lambda key: world.store.get(Extension, key), page, per_page)
    return page_matching(matching(world, client, query), page, per_page)


def matching(world: World, client: Client, query: Mapping[str, Any]) -> Iterator[Extension]:
    """The client's extensions that the filters let through, by rising id.

    Source: EXT-1
    """
    ids = world.store.ids(Extension, "client_id", client.id)
    wanted = {name: query[name] for name in _FILTERS if name in query}
    if "name" in wanted:
        wanted["name"] = full_name(client, wanted["name"])
        named = world.store.named(Extension, wanted["name"])
        ids = [named.id] if named is not None and named.client_id == client.id else []
    rows = (world.store.get(Extension, key) for key in ids)
    return (row for row in rows if all(getattr(row, name) == text for name, text in wanted.items()))


def create(world: World, client: Client, fields: Mapping[str, Any]) -> Extension:
    """The client has a new extension.

    Raises:
        InvalidError: the name is malformed or taken, or the group is not the client's.

    Source: EXT-4, GEN-19
    """
    values = dict(fields)
    name = full_name(client, values.pop("name"))
    check_all(
        partial(check_name, client, name),
        partial(_check_free, world, name),
        partial(_check_group, world, client.id, values),
    )
    return world.store.put(
        Extension(
            id=world.store.next_id(Extension),
            client_id=client.id,
            name=name,
            domain=client.domain,
            create_date=stamp(world.now()),
            **values,
        )
    )


def check_name(client: Client, name: str) -> None:
    """The full name is the client's prefix, a star, and as many digits as the client has.

    Raises:
        InvalidError: it is not.

    Source: GEN-19, EXT-4
    """
    prefix, _, number = name.partition("*")
    if prefix != client.prefix:
        raise InvalidError(("GEN-19", "EXT-4"), f"name: the prefix must be {client.prefix}")
    if not (number.isascii() and number.isdigit() and len(number) == client.extension_len):
        text = f"name: must be {client.extension_len} digits after the prefix, not {number!r}"
        raise InvalidError(("GEN-19", "EXT-4"), text)


def change(world: World, extension: Extension, fields: Mapping[str, Any]) -> Extension:
    """The extension has the given values; the others are kept.

    What a bundle keeps equal changes on every extension of the bundle.

    Raises:
        InvalidError: another name or type, or the group is not the client's.

    Source: EXT-5, GEN-19, BND-16, BND-17
    """
    values = dict(fields)
    check_all(
        partial(_check_same_name, extension, values.pop("name", extension.name)),
        partial(_check_same_type, extension, values.pop("type", extension.type)),
        partial(_check_group, world, extension.client_id, values),
    )
    share(world, extension, Extension, values)
    return world.store.put(replace(extension, **values))


def delete(world: World, extension: Extension) -> None:
    """The extension is gone with all that hangs on it; calls go on without it, or end.

    Source: EXT-5, EXT-7, BND-21
    """
    world.hooks.leave_calls(world, extension.id)
    world.store.remove(extension)


def bundle_of(world: World, extension_id: int) -> tuple[int | None, list[BundleLink]]:
    """The main extension's id and the links of the bundle that it is in, in the order as sent."""
    own = world.store.find(BundleLink, extension_id)
    main_id = own.main_id if own else extension_id
    links = world.store.of(BundleLink, "main_id", main_id)
    links.sort(key=lambda link: link.position)
    return (main_id if links else None), links


def companions(world: World, extension_id: int) -> Iterator[int]:
    """Ids of the other extensions in the same bundle."""
    main_id, links = bundle_of(world, extension_id)
    if main_id is not None:
        yield from (key for key in (main_id, *(link.id for link in links)) if key != extension_id)


def share(
    world: World, extension: Extension, kind: type[Record], values: Mapping[str, Any]
) -> None:
    """Give the bundle's other extensions those of the values that a bundle keeps equal.

    Source: BND-16, BND-17
    """
    shared = {name: value for name, value in values.items() if name in kind.SHARED}
    if shared:
        for key in companions(world, extension.id):
            _give(world, kind, key, shared)


def take_shared(world: World, extension_id: int, main_id: int) -> None:
    """Give the extension the main one's values of everything that a bundle keeps equal.

    Source: BND-16, BND-17
    """
    for kind in world.store.kinds:
        if kind.SHARED:
            main = _row(world, kind, main_id)
            _give(world, kind, extension_id, {name: getattr(main, name) for name in kind.SHARED})


def _check_free(world: World, name: str) -> None:
    if world.store.named(Extension, name) is not None:
        raise InvalidError("EXT-4", f"name: {name} is taken")


def _check_same_name(extension: Extension, name: str) -> None:
    prefix, _, number = extension.name.partition("*")
    if name not in (number, f"{prefix}*{number}"):
        raise InvalidError(
            ("EXT-5", "GEN-19"), f"name: an extension cannot be renamed: {extension.name}"
        )


def _check_same_type(extension: Extension, kind: str) -> None:
    if kind != extension.type:
        raise InvalidError("EXT-5", f"type: does not change, it is {extension.type}")


def _check_group(world: World, client_id: int, values: Mapping[str, Any]) -> None:
    number = values.get("extension_group_id")
    if number is not None:
        group = world.store.find(ExtensionGroup, number)
        if group is None or group.client_id != client_id:
            raise InvalidError("AUT-15", f"extension_group_id: the client has no group {number}")


def _give(world: World, kind: type[Record], key: int, values: Mapping[str, Any]) -> None:
    row = _row(world, kind, key)
    if any(getattr(row, name) != value for name, value in values.items()):
        world.store.put(replace(row, **values))


def _row(world: World, kind: type[Record], key: int) -> Any:
    # Records that hang on an extension under its own id exist once they differ from the default.
    return world.store.find(kind, key) or kind(id=key)  # type: ignore[call-arg]


def _own(world: World, principal: Principal) -> Extension:
    user = principal.user
    if user.level is not Level.EXTENSION or user.extension_id is None:
        raise access_denied(
            f"@me is a {user.level.value} for this user, not an extension", "AUT-16"
        )
    return world.store.get(Extension, user.extension_id)
