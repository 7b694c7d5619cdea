"""Records as JSON."""

from __future__ import annotations

from marshmallow import fields

from ...web.query import Between, Span
from ...web.schema import Strict
from ..cdr.schema import PartOut


class RecordFilter(Span):
    """Which records a list shows."""


class ArchiveIn(Between):
    """Of which time the records are wanted; both dates are mandatory."""


class RecordOut(PartOut):
    """A record: the part of a call that was recorded, and its file."""

    call_uuid = fields.String(required=True, metadata={"description": "Upper-case."})
    record_uuid = fields.String(required=True)
    record_file_size = fields.Integer(required=True)
    storage_url = fields.String(required=True)
    file_name = fields.String(required=True)
    record_transfer = fields.Boolean(required=True)


class AddressOut(Strict):
    """Where a record, or an archive of records, is had without a token."""

    record_url = fields.String(required=True)


class TotalsOut(Strict):
    """How many records, and how large they are together."""

    count = fields.Integer(required=True)
    file_size = fields.Integer(required=True, metadata={"description": "Bytes."})


class DeletedOut(Strict):
    """Nothing is said of what is gone."""
