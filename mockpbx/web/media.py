"""Sound as an answer: whole or a part of it, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from flask import Response, request

from ..core.errors import RangeNotSatisfiableError
from .errors import refuse
from .status import status_line


class Readable(Protocol):
    """Bytes of a known number that can be read from any place."""

    @property
    def mimetype(self) -> str:
        """The MIME type."""

    @property
    def size(self) -> int:
        """The number of bytes."""

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in chunks."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file to be downloaded under that name."""

    content: Readable
    file_name: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be downloaded under that name, of a length that is not known beforehand."""

    mimetype: str
    chunks: Iterator[bytes]
    file_name: str


def media_response(media: Media | Download) -> Response:
    """The file, or the one part of it that a `Range` header asks for; 416 when it has no such part.

    Source: REC-2
    """
    if isinstance(media, Download):
        response = Response(media.chunks, mimetype=media.mimetype, direct_passthrough=True)
        return _attached(response, media.file_name)
    content = media.content
    start, stop, status = 0, content.size, 200
    try:
        part = _part(content.size)
    except RangeNotSatisfiableError as refusal:
        response = refuse(refusal)
        response.headers["Content-Range"] = f"bytes */{content.size}"
        return response
    if part is not None:
        (start, stop), status = part, 206
    response = Response(
        content.read(start, stop) if request.method != "HEAD" else (),
        status_line(status),
        mimetype=content.mimetype,
        direct_passthrough=True,
    )
    response.content_length = stop - start
    response.accept_ranges = "bytes"
    if status == 206:
        response.content_range.set(start, stop, content.size)
    return _attached(response, media.file_name)


def _attached(response: Response, file_name: str) -> Response:
    """Name the file: for all clients in ASCII, and whole beside it when that is not enough.

    Source: REC-2
    """
    plain = "".join([one if " " <= one <= "~" and one not in '"\\' else "_" for one in file_name])
    value = f'attachment; filename="{plain}"'
    if plain != file_name:
        value += f"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"
    response.headers["Content-Disposition"] = value
    return response


def _part(size: int) -> tuple[int, int] | None:
    """The part that the request's `Range` asks for; None when it asks for the whole.

    Raises:
        RangeNotSatisfiableError: there is no such part.

    Source: REC-2
    """
    wanted = request.range
    # Several ranges at once may be answered with the whole, and nobody needs them here.
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    start, stop = wanted.ranges[0]
    if start < 0 and size:
        start, stop = max(0, size + start), size  # the last so many bytes, or all
    if start < 0 or start >= size:
        raise RangeNotSatisfiableError("REC-2", f"Range: the record has {size} bytes")
    return start, min(size if stop is None else stop, size)
