"""Calls of the history as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, pre_load

from ...web.schema import ORDERS, QueryInteger, Span, Strict, String, Word
from ..cdr.model import FLOWS
from ..cdr.schema import PartOut, SidesOut

_FACT = {"fact": "HIS-1"}


class CallFilter(Span):
    """Which calls a list shows."""

    flow = fields.List(Word(FLOWS), metadata=_FACT)
    extension_id = fields.List(QueryInteger(), metadata=_FACT)
    to_username = fields.List(String(), metadata=_FACT)
    from_username = fields.List(String(), metadata=_FACT)


class CdrPage(CallFilter):
    """Which page of their parts."""

    count = QueryInteger(metadata={"fact": "HIS-1", "description": "The same as `per_page`."})

    @pre_load
    def _count(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if "count" in data and "per_page" not in data:
            data["per_page"] = data["count"]
        return data


class CallPage(CdrPage):
    """Which page of them."""

    per_page = QueryInteger(
        load_default=100,
        metadata={"fact": "GEN-14", "description": "Rows of a page; `count` means the same."},
    )


class CallOut(SidesOut):
    """A call and its parts."""

    cdr = fields.List(fields.Nested(PartOut), required=True)


class PageOut(Strict):
    """Where a page stands."""

    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    order = Word(ORDERS, required=True)


class CallHistoryOut(PageOut):
    """A page of calls with their parts."""

    call_history = fields.List(fields.Nested(CallOut), required=True)


class CallsOut(PageOut):
    """A page of calls without their parts."""

    calls = fields.List(fields.Nested(SidesOut), required=True)


class CdrOut(Strict):
    """A page of parts."""

    cdr = fields.List(fields.Nested(PartOut), required=True)


class TotalOut(Strict):
    """How many calls."""

    total = fields.Integer(required=True)


class StatsOut(Strict):
    """How many calls of each direction."""

    in_ = fields.Nested(TotalOut, required=True, data_key="in", attribute="in")
    out = fields.Nested(TotalOut, required=True)
