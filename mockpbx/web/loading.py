"""Loads fields by a schema; a refusal names each field and its rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError

from ..core.errors import InvalidError
from .schema import NO_NULL, faults, messages_of


def load(
    schema: Schema, data: Mapping[str, Any], rule: str, unknown: Sequence[str] = ()
) -> dict[str, Any]:
    """The data as the schema understands it; `rule` is cited where a field names none.

    Raises:
        InvalidError: naming every offending field and its rule, and the `unknown` ones.

    Source: ERR-9, GEN-15
    """
    loaded: dict[str, Any] = {}
    broken = [("GEN-15", f"{name}: not documented here") for name in unknown]
    try:
        loaded = schema.load(data)
    except ValidationError as error:
        broken += _broken(schema, messages_of(error), rule)
    if broken:
        raise InvalidError(tuple(rule for rule, _ in broken), "; ".join(text for _, text in broken))
    return loaded


def _broken(schema: Schema, messages: Mapping[str, Any], rule: str) -> Iterator[tuple[str, str]]:
    """Rule and text of each refusal; a null follows the field's rule on nulls where it has one.

    A value of the right type whose form is wrong follows the field's rule on forms.
    """
    for name, found in messages.items():
        field = schema.fields.get(str(name))
        facts = field.metadata if field else {}
        for place, what in faults({name: found}).items():
            # A fact may speak of one way in which the field is wrong, and the rule of the others.
            fact = facts.get("fact", rule) if facts.get("refusal", what) == what else rule
            if place == name and what == NO_NULL:
                fact = facts.get("null", fact)
            elif field is not None and what not in field.error_messages.values():
                fact = facts.get("form", fact)
            yield fact, f"{place}: {what}" if place else what
