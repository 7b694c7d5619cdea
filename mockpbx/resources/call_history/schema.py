"""Calls of the history as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import fields, post_load, pre_load

from ...core.clock import EPOCH, UTC
from ...web.query import ORDERS, PageNumber, QueryInteger, QueryMoment, Span
from ...web.schema import Strict, String, Word
from ..cdr.model import FLOWS, PART_FLOWS
from ..cdr.schema import CdrRowOut, PartOut, RowOut
from .model import MOST_PARTS

_FACT = {"fact": "HIS-1"}
_CDR = {"fact": "HIS-28"}
_DATE = {"fact": "GEN-10", "refusal": QueryMoment.REFUSAL}
#: After every call.
_NEVER = datetime(9998, 12, 31, tzinfo=UTC)


class CallFilter(Span):
    """Which calls a list shows."""

    example: ClassVar[Mapping[str, Any]] = {
        **Span.example,
        "flow": ["in"],
        "extension_id": [85218],
        "to_username": ["2566*101"],
        "from_username": ["+79161110031"],
    }

    flow = fields.List(Word(FLOWS), metadata=_FACT)
    extension_id = fields.List(QueryInteger(), metadata=_FACT)
    to_username = fields.List(String(), metadata=_FACT)
    from_username = fields.List(String(), metadata=_FACT)


class PartFilter(CallFilter):
    """Which parts a list shows."""

    example: ClassVar[Mapping[str, Any]] = {
        **CallFilter.example,
        "start_duration": 1,
        "end_duration": 3600,
    }

    flow = fields.List(Word(PART_FLOWS), metadata=_CDR)
    start_duration = QueryInteger(
        at_least=0, metadata={**_CDR, "description": "The shortest, in seconds."}
    )
    end_duration = QueryInteger(
        at_least=0, metadata={**_CDR, "description": "The longest, in seconds."}
    )


class _Counted(Strict):
    count = PageNumber(metadata={"fact": "HIS-1", "description": "The same as `per_page`."})

    @pre_load
    def _count(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        if "count" in data and "per_page" not in data:
            data["per_page"] = data["count"]
        return data


class CdrPage(PartFilter, _Counted):
    """Which page of their parts."""

    example: ClassVar[Mapping[str, Any]] = {**PartFilter.example, "count": 100}

    MOST = MOST_PARTS

    per_page = PageNumber(
        load_default=MOST_PARTS,
        metadata={"fact": "HIS-28", "description": "Rows of a page; `count` means the same."},
    )


class CallPage(CallFilter, _Counted):
    """Which page of them."""

    example: ClassVar[Mapping[str, Any]] = {**CallFilter.example, "count": 100}

    per_page = PageNumber(
        load_default=100,
        metadata={"fact": "GEN-14", "description": "Rows of a page; `count` means the same."},
    )
    start_datetime = QueryMoment(
        metadata={**_DATE, "description": "Without it from the first call on."}
    )
    end_datetime = QueryMoment(
        metadata={
            **_DATE,
            "description": "At the most the last day of the month after that of the start, when "
            "both are given; without it up to the last call.",
        }
    )

    @post_load
    def _open(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {"start_datetime": EPOCH, "end_datetime": _NEVER, **data}


class CallOut(RowOut):
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

    calls = fields.List(fields.Nested(RowOut), required=True)


class CdrOut(PageOut):
    """A page of parts."""

    cdr = fields.List(fields.Nested(CdrRowOut), required=True)


class TotalOut(Strict):
    """How many calls."""

    total = fields.Integer(required=True)


class StatsOut(Strict):
    """How many calls of each direction."""

    in_ = fields.Nested(TotalOut, required=True, data_key="in", attribute="in")
    out = fields.Nested(TotalOut, required=True)
