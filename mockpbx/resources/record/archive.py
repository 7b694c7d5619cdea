"""The records of a time in one zip file, made as it is read.

Nobody has described how an archive is asked for and answered: the dates are those of the list, and
the answer is that of one record's public address.

Source: REC-7
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from zipfile import ZipFile, ZipInfo

from ...core.accounts import Client
from ...core.clock import EPOCH, stamp
from ...core.world import World
from ..cdr.model import STORAGE
from ..extension.model import Extension
from . import model
from .sound import Sound

MIMETYPE = "application/zip"

_REALMS: Mapping[str, type[Client] | type[Extension]] = {
    kind.TABLE: kind for kind in (Client, Extension)
}
_DIGITS = "%Y%m%d%H%M%S"
#: The years that a date in a zip file can have.
_YEARS = (1980, 2107)


def address_of(
    world: World, owner: Client | Extension, span: Mapping[str, Any], root: str
) -> dict[str, Any]:
    """Where the owner's records of that time are had in one file without a token.

    Source: REC-7
    """
    ends = (span["start_datetime"], span["end_datetime"])
    name = "-".join("".join(filter(str.isdigit, stamp(end))) for end in ends) + ".zip"
    key = _key(world, owner.TABLE, str(owner.id), name)
    return {"record_url": f"{root}{STORAGE}/archive/{owner.TABLE}/{owner.id}/{key}/{name}"}


def stored(world: World, realm: str, owner_id: str, key: str, name: str) -> list[model.Record]:
    """The records that there are now of the time that the public address names, the oldest first.

    Raises:
        NotFoundError: no archive has that address, or its owner is gone.

    Source: REC-7
    """
    # Only what this world made has the right key: the other parts need no check.
    if key != _key(world, realm, owner_id, name):
        raise model.missing(name)
    owner = world.store.find(_REALMS[realm], int(owner_id))
    if owner is None:
        raise model.missing(name)
    start, end = (
        datetime.strptime(digits, _DIGITS).replace(tzinfo=timezone.utc)
        for digits in name.removesuffix(".zip").split("-")
    )
    span = {"start_datetime": start, "end_datetime": end, "order": "asc"}
    return list(model.matching(world, owner, span))


def files(world: World, records: Iterable[model.Record]) -> list[tuple[ZipInfo, Sound]]:
    """What the archive of these records holds, each under the name under which it downloads.

    Source: REC-7, REC-2
    """
    found: dict[str, tuple[ZipInfo, Sound]] = {}
    for record in records:
        sound, name = model.sound_of(world, record)
        if name in found:
            name = f"{record.uuid}_{name}"
        moment = EPOCH + timedelta(microseconds=record.id)
        year = min(max(moment.year, _YEARS[0]), _YEARS[1])
        info = ZipInfo(name, (year, *moment.timetuple()[1:6]))
        info.file_size = sound.size
        found[name] = info, sound
    return list(found.values())


def zipped(files: Iterable[tuple[ZipInfo, Sound]]) -> Iterator[bytes]:
    """The files in one that a zip program opens, in chunks.

    Source: REC-7
    """
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]  # writes are all it needs
        for info, sound in files:
            with archive.open(info, "w") as entry:
                for chunk in sound.read(0, sound.size):
                    entry.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()


class _Pipe:
    """A buffer for what zipfile writes, taken out chunk by chunk."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, chunk: bytes) -> int:
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: no byte is kept back."""

    def taken(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)


def _key(world: World, *parts: str) -> str:
    """What guards the address; the same in every world of that seed, as all that is made."""
    return sha256("/".join((str(world.config.seed), *parts)).encode()).hexdigest()[:32]
