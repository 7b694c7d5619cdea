"""Sound as an answer: whole or a part of it, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from flask import Response, request

from ..core.errors import RangeNotSatisfiableError
from .errors import refuse
from .status import status_line


class Readable(Protocol):
    """Bytes of a known number that can be read from any place."""

    @property
    def mimetype(self) -> str:
        """What they are."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Those from `start` up to `stop`, in chunks."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file to be downloaded under that name."""

    content: Readable
    file_name: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be downloaded under that name, whose length is known when it is at its end."""

    mimetype: str
    chunks: Iterator[bytes]
    file_name: str


def media_response(media: Media | Download) -> Response:
    """The file, or the one part of it that a `Range` header asks for; 416 when it has no such part.

    Source: REC-2 (observed)
    """
    if isinstance(media, Download):
        response = Response(media.chunks, mimetype=media.mimetype, direct_passthrough=True)
        return _attached(response, media.file_name)
    content = media.content
    start, stop, status = 0, content.size, 200
    wanted = request.range
    # Several ranges at once may be answered with the whole, and nobody needs them here.
    if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
        part = wanted.range_for_length(content.size)
        if part is None:
            text = f"Range: the record has {content.size} bytes"
            response = refuse(RangeNotSatisfiableError("REC-2", text))
            response.headers["Content-Range"] = f"bytes */{content.size}"
            return response
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
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
