"""Groups of extensions; an extension is in one group at the most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ExtensionGroup:
    """A group of one client's extensions.

    Source: GRP-1, AUT-15 (doc, observed)
    """

    TABLE: ClassVar[str] = "extension_group"
    PARENTS: ClassVar[Mapping[str, str]] = {"client_id": "client"}
    NAME: ClassVar[str | None] = None
    SHARED: ClassVar[tuple[str, ...]] = ()

    id: int
    client_id: int
    name: str
    extra_params: str | None = None
