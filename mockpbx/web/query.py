"""The fields of queries, and the pages and times that lists are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from ..core.ids import MAX_ID
from .schema import Strict, Word, texts_of

#: The orders of a list by time.
ORDERS = ("asc", "desc")
_DIGITS = re.compile("[0-9]+")


class QueryInteger(fields.Integer):
    """An integer written in a query: ASCII digits only.

    Source: ERR-9
    """

    def __init__(self, *, at_least: int = 1, at_most: int = MAX_ID, **options: Any) -> None:
        self._bounds = at_least, at_most
        bounds = validate.Range(
            at_least, at_most, error=f"must be an integer from {at_least} to {at_most}"
        )
        super().__init__(validate=bounds, **options, error_messages=texts_of("integer"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return value  # in process it is no text
        if not (isinstance(value, str) and value.isascii() and value.isdigit()):
            raise self.make_error("invalid", input=value)
        return int(value[:20])


class PageNumber(QueryInteger):
    """A page or its length; 0 says nothing, as a parameter without a value does.

    Source: GEN-11, GEN-14
    """

    openapi: ClassVar[Mapping[str, Any]] = {"minimum": 0}


class QueryFlag(fields.Boolean):
    """Yes or no written in a query: `true`, `1`, `false` or `0`."""

    _WORDS: ClassVar[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value not in self._WORDS:
            raise ValidationError("must be true or false")
        return self._WORDS[value]


class QueryMoment(fields.Field[datetime]):
    """A time written in a query, to the second; month, day and hour may lack a zero.

    Source: GEN-10
    """

    REFUSAL: ClassVar[str] = "must be a UTC time such as 2026-01-31 09:00:00"
    openapi: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "pattern": (
            "^(?!0000)[0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])"
            " (0?[0-9]|1[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9]$"
        ),
        "examples": ["2026-01-31 09:00:00"],
    }
    _FORM = re.compile(str(openapi["pattern"]))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if isinstance(value, str) and self._FORM.fullmatch(value):
            try:
                year, month, day, hour, minute, second = map(int, _DIGITS.findall(value))
                return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
            except ValueError:
                pass  # no such day
        raise ValidationError(self.REFUSAL)


class Paged(Strict):
    """The page of a list.

    Source: GEN-14
    """

    page = PageNumber(
        load_default=1,
        metadata={"fact": "GEN-14", "description": "Page, from 1; past the end: an empty list."},
    )
    per_page = PageNumber(
        load_default=20,
        metadata={
            "fact": "GEN-14",
            "description": "Rows of a page; more than 1000 is taken as 1000.",
        },
    )


class Between(Strict):
    """A time with both its ends.

    Source: GEN-10, HIS-1, REC-1
    """

    example: ClassVar[Mapping[str, Any]] = {
        "start_datetime": "2026-01-01 00:00:00",
        "end_datetime": "2026-01-31 23:59:59",
    }

    start_datetime = QueryMoment(
        required=True, metadata={"fact": "GEN-10", "refusal": QueryMoment.REFUSAL}
    )
    end_datetime = QueryMoment(
        required=True,
        metadata={
            "fact": "GEN-10",
            "refusal": QueryMoment.REFUSAL,
            "description": "At the most the last day of the month after that of the start.",
        },
    )

    @validates_schema(skip_on_field_errors=True)
    def _ends(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        start, end = data.get("start_datetime"), data.get("end_datetime")
        if start is None or end is None:
            return
        if end < start:
            raise ValidationError("must not be before start_datetime", "end_datetime")
        if (end.year - start.year) * 12 + end.month - start.month > 1:
            text = "must be at most the last day of the month after that of start_datetime"
            raise ValidationError(text, "end_datetime")


class Span(Between, Paged):
    """The time of which a list tells, the order, and the page.

    Source: GEN-10, GEN-14, HIS-1, REC-1
    """

    order = Word(ORDERS, load_default="desc", metadata={"fact": "HIS-1"})
