"""The strict base schema and the fields that resources share.

A field's `fact` in its metadata is the rule that its refusal cites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import IntEnum
from functools import cache, cached_property
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from ..core.clock import parse_moment, stamp, stamp_us
from ..core.ids import MAX_ID

#: A day, and a time of it, as patterns of JSON Schema; not every month has 31 days.
DATE = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
_FRACTION = re.compile(r"\.[0-9]+")
#: What is said of a null where none may be.
NO_NULL = "must not be null"


class Strict(Schema):
    """JSON types are taken as they are; unknown fields are left to the operation (GEN-15)."""

    class Meta:
        """Unknown fields do not fail the schema: the reading `unknown_fields` decides."""

        unknown = EXCLUDE

    error_messages = {  # noqa: RUF012  # as marshmallow has it
        "type": "must be a JSON object",
        "unknown": "is not known here",
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let fields of every kind, lists and parts too, refuse in the same words."""
        field_obj.error_messages.update(required="is required", null=NO_NULL)
        if isinstance(field_obj, fields.List):
            field_obj.error_messages["invalid"] = "must be an array"
            field_obj.inner.error_messages["null"] = NO_NULL

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The value of that name: no record has names with dots, for which marshmallow looks."""
        return obj.get(attr, default) if isinstance(obj, dict) else getattr(obj, attr, default)


@cache
def made(kind: type[Schema]) -> Schema:
    """The schema of that class; made when it is first needed, since a start needs but a few."""
    return kind()


class Exact(Strict):
    """A part of a file that people write; unknown keys are refused."""

    class Meta(Strict.Meta):
        """A key that nothing reads is a mistake of the file's writer."""

        unknown = RAISE


def _range(least: int, most: int) -> str:
    return str(least) if least == most else f"an integer from {least} to {most}"


def texts_of(noun: str) -> dict[str, Any]:
    """What a field says of a value that is missing, null or not of that kind."""
    article = "an" if noun[0] in "aeiou" else "a"
    text = f"must be {article} {noun}"
    return {
        "required": "is required",
        "null": NO_NULL,
        "invalid": text,
        "invalid_utf8": text,
        "too_large": text,
    }


class Integer(fields.Integer):
    """A JSON integer from `at_least` to `at_most`; `"5"`, `5.0` and `true` are refused.

    Source: GEN-7, GEN-16
    """

    def __init__(self, *, at_least: int = 0, at_most: int = MAX_ID, **options: Any) -> None:
        bounds = validate.Range(at_least, at_most, error=f"must be {_range(at_least, at_most)}")
        super().__init__(
            strict=True, validate=bounds, **options, error_messages=texts_of("integer")
        )


class Boolean(fields.Boolean):
    """A JSON boolean; `"yes"`, `1` and `"true"` are refused.

    Source: GEN-16
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, error_messages=texts_of("boolean"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value is True or value is False:
            return value
        raise self.make_error("invalid", input=value)


def plain(value: Any) -> Any:
    """The text or number by itself, where it is one of an enumeration."""
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, IntEnum) else value


class Form(validate.Regexp):
    """A pattern that the whole text matches.

    JSON Schema wants `$` at its end, which in Python lets a line break follow.
    """

    def __init__(self, pattern: str, *, error: str) -> None:
        self._pattern, self.error = pattern, error

    @cached_property
    def regex(self) -> re.Pattern[str]:  # type: ignore[override]
        """The compiled pattern; a start, which needs none, compiles none."""
        return re.compile(self._pattern)

    def __call__(self, value: Any) -> Any:
        """Let a text through that matches."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(str(self.error))
        return value


class _Text(fields.String):
    """A JSON string; bytes are none, and a word of an enumeration is its value."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return str(plain(value))


class String(_Text):
    """A JSON string.

    With `form`, one that matches that pattern, which is also said in words; with `check`, one
    that this function lets through, which all match the pattern `like`.
    """

    def __init__(
        self,
        *,
        form: tuple[str, str] | None = None,
        check: Callable[[str], None] | None = None,
        like: str = "",
        **options: Any,
    ) -> None:
        if form is not None:
            options["validate"] = Form(form[0], error=f"must be {form[1]}")
        elif check is not None:
            options["validate"] = check
            self.openapi = {"format": check.__name__, "pattern": like}
        super().__init__(**options, error_messages=texts_of("string"))


class Word(_Text):
    """One of a few words, spelt exactly."""

    def __init__(self, words: tuple[str, ...], **options: Any) -> None:
        one_of = validate.OneOf(words, error=f"must be one of {', '.join(words)}")
        super().__init__(validate=one_of, **options, error_messages=texts_of("string"))


class Number(fields.Float):
    """A JSON number; `"5"` and `true` are none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, error_messages=texts_of("number"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if number and value == value:  # JSON has no NaN
            return value
        raise self.make_error("invalid", input=value)


class Seconds(Number):
    """A JSON number of seconds, whole or not, within limits that a refusal names."""

    def __init__(self, *, at_most: int = 10**12, **options: Any) -> None:
        text = f"must be a number of seconds, from 0 to {at_most}"
        bounds = validate.Range(0, at_most, error=text)
        super().__init__(validate=bounds, **options)


class Moment(fields.Field[datetime]):
    """A moment: `YYYY-MM-DD HH:MM:SS`, with a fraction or not, or so in ISO 8601.

    A moment without a zone is UTC, one without a time is midnight.
    """

    openapi: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "format": "moment",
        "pattern": f"^{DATE}([ T]{TIME}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?$",
        "examples": ["2026-01-31 09:00:00"],
    }
    _FORM = re.compile(str(openapi["pattern"]))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        text = value.isoformat() if isinstance(value, datetime) else value
        try:
            if isinstance(text, str) and self._FORM.fullmatch(text):
                return parse_moment(_with_microseconds(text))
        except ValueError:
            pass  # no such day, or one that UTC cannot show
        raise ValidationError("must be a moment such as 2026-01-31 09:00:00")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value if value is None else stamp_us(value)


class Stamp(fields.String):
    """A moment in an answer, to the second in UTC.

    Source: GEN-9
    """

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return stamp(value)


def _with_microseconds(text: str) -> str:
    """The moment with six digits of a second's fraction, which Python 3.10 wants."""
    return _FRACTION.sub(lambda found: found[0].ljust(7, "0"), text)


class Reference(fields.Field["int | str"]):
    """Something by its id or by its name."""

    openapi: ClassVar[Mapping[str, Any]] = {"anyOf": [{"type": "integer"}, {"type": "string"}]}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, error_messages=texts_of("id or a name"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | str:
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            found: int | str = plain(value)
            return found
        raise ValidationError("must be an id or a name")


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs of a JSON object as a mapping; for `object_pairs_hook`.

    Raises:
        ValueError: a key stands there twice.

    Source: GEN-12
    """
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the key {', '.join(twice)} stands there twice")
    return value


def messages_of(error: ValidationError) -> dict[Any, Any]:
    """The error's messages by field, whatever it was raised on."""
    return error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}


def faults(errors: Mapping[Any, Any], place: str = "") -> dict[str, str]:
    """Marshmallow's nested errors as place -> text, `a.b[2]` for a nested place."""
    found: dict[str, str] = {}
    for key, value in errors.items():
        if key == "_schema":
            where = place
        elif isinstance(key, int):
            where = f"{place}[{key}]"
        else:
            where = f"{place}.{key}" if place else str(key)
        if isinstance(value, Mapping):
            found.update(faults(value, where))
        else:
            found[where] = ", ".join(map(str, value))
    return found


__all__ = [
    "DATE",
    "NO_NULL",
    "TIME",
    "Boolean",
    "Exact",
    "Integer",
    "Moment",
    "Number",
    "Reference",
    "Seconds",
    "Stamp",
    "Strict",
    "String",
    "ValidationError",
    "Word",
    "each_key_once",
    "faults",
    "messages_of",
]
