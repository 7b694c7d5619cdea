"""Request bodies and queries, checked before any rule sees them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema, fields

from ..core.errors import InvalidError, TooLargeError
from .journal import Exchange
from .prefix import CONTROL
from .query import PageNumber
from .schema import each_key_once

_INDEX = re.compile(r"\[[0-9]*\]$")


def read_json(exchange: Exchange) -> dict[str, Any]:
    """The JSON object in the body.

    Raises:
        InvalidError: another media type or charset, broken JSON, a key twice, or no object.

    Source: GEN-4, GEN-12
    """
    _check_media_type()
    try:
        value = _DECODER.decode(exchange.body.decode("utf-8"))
        if b"\\ud" in exchange.body or b"\\uD" in exchange.body:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except UnicodeDecodeError as error:
        raise InvalidError("GEN-12", "the body is not UTF-8") from error
    except UnicodeEncodeError as error:
        raise InvalidError("GEN-12", "the body holds half a surrogate pair") from error
    except RecursionError as error:
        raise InvalidError("GEN-12", "the body is nested too deeply") from error
    except ValueError as error:
        raise InvalidError("GEN-12", f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidError("GEN-12", "the body must be a JSON object")
    return value


def check_size(exchange: Exchange) -> None:
    """Refuse a body that was too large to be read.

    Raises:
        TooLargeError: it was not.
    """
    if exchange.too_large:
        raise TooLargeError("GEN-12", "the body is too large", reason="mockpbx reads at most 1 MiB")


def unknown(schema: Schema, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Names in the data that the schema does not know.

    Source: GEN-15
    """
    return tuple(sorted(name for name in data if name not in schema.fields))


def read_query(schema: Schema) -> dict[str, Any]:
    """The query's parameters as the schema will load them.

    A repeated parameter may be written `a=1&a=2`, `a[]=1` or `a[0]=1`; an empty value means
    that it is absent, as does 0 where it would be a page; of a parameter that cannot repeat the
    last value counts.

    Source: GEN-11, GEN-14
    """
    values: dict[str, list[str]] = {}
    for written, value in request.args.items(multi=True):
        name = _INDEX.sub("", written)
        page = isinstance(schema.fields.get(name), PageNumber)
        if value.strip("0") if page else value:
            values.setdefault(name, []).append(value)
    return {
        name: values[name] if isinstance(field, fields.List) else values[name][-1]
        for name, field in schema.fields.items()
        if name in values
    }


def read_form(schema: Schema) -> dict[str, str]:
    """The parameters of a form, out of the query and the body; an empty one is absent.

    Source: AUT-1, GEN-11
    """
    given = ((name, request.values.getlist(name)) for name in schema.fields)
    return {name: next(filter(None, values)) for name, values in given if any(values)}


#: What `curl -d` says of a body when nothing else is said; the control API takes JSON so, too.
_CURLS = "application/x-www-form-urlencoded"


def _check_media_type() -> None:
    # A missing Content-Type is let through (and noted); another one is a client's mistake that
    # JSON frameworks answer in many ways, so the stricter reading holds.
    if request.content_type == "application/json":
        return  # as nearly every client writes it; the rest is taken apart
    media_type = request.mimetype
    if media_type == _CURLS and request.path.startswith(CONTROL):
        return
    if media_type and media_type != "application/json" and not media_type.endswith("+json"):
        raise InvalidError("GEN-4", f"the body must be application/json, not {media_type}")
    charset = request.mimetype_params.get("charset", "utf-8").strip("\"'").lower()
    if charset not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise InvalidError("GEN-12", f"the body's charset must be utf-8, not {charset}")


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=each_key_once, parse_constant=_no_constant)
