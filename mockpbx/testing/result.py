"""What a result is: an immutable record whose fields say how it looks as JSON."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, Schema, post_dump
from marshmallow import fields as wire

from ..web.schema import Moment, Strict, made

R = TypeVar("R", bound="Result")

#: What follows the name of bytes that are no UTF-8 text, which JSON then holds in base64.
BASE64 = "_base64"
_PLAIN: Mapping[type, type[wire.Field[Any]]] = {
    str: wire.String,
    int: wire.Integer,
    float: wire.Float,
    bool: wire.Boolean,
    datetime: Moment,
}


@dataclass(frozen=True, slots=True)
class As:
    """How a field looks as JSON: the name there, when it is another one, and what it means."""

    key: str = ""
    description: str = ""


class Result:
    """Something that a tester is told. Its fields are also found by their names as JSON."""

    __slots__ = ()

    #: Set by dataclasses.
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def as_json(self) -> dict[str, Any]:
        """It as the control API shows it."""
        shown: dict[str, Any] = made(schema_of(type(self))).dump(self)
        return shown

    @classmethod
    def from_json(cls: type[R], shown: Mapping[str, Any]) -> R:
        """The result that the control API shows so; keys that it does not know are left out.

        Raises:
            marshmallow.ValidationError: a field is missing, or is something else.
        """
        loaded: dict[str, Any] = made(schema_of(cls)).load(shown, unknown=EXCLUDE)
        return cls(**{one.name: _read(loaded, one.name) for one in fields(cls)})

    def __getitem__(self, name: str) -> Any:
        """What the control API shows under that name."""
        return self.as_json()[name]


def _read(loaded: Mapping[str, Any], name: str) -> Any:
    packed = loaded.get(name + BASE64)
    if packed is not None:
        return base64.b64decode(packed)
    value = loaded[name]
    return tuple(value) if isinstance(value, list) else value


_SCHEMAS: dict[type[Result], type[Schema]] = {}


def schema_of(kind: type[Result]) -> type[Schema]:
    """The schema of a class of results, made once from its fields and their types."""
    if kind not in _SCHEMAS:
        _SCHEMAS[kind] = _made(kind)
    return _SCHEMAS[kind]


def _made(kind: type[Result]) -> type[Schema]:
    parts: dict[str, Any] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is ClassVar:
            continue
        hint, told = get_args(hint) if get_origin(hint) is Annotated else (hint, As())
        options: dict[str, Any] = {"required": True, "data_key": told.key or name}
        if told.description:
            options["metadata"] = {"description": told.description}
        parts[name] = _field(hint, options)
        if hint is bytes:
            parts[name + BASE64] = _Packed()
    return type(kind.__name__, (_Shown,), {**parts, "__doc__": kind.__doc__})


class _Shown(Strict):
    """Reads attributes; marshmallow would ask for `result[name]` first."""

    @post_dump
    def _leave_out(self, shown: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        for name in [one for one, value in shown.items() if value is None]:
            if name.endswith(BASE64):
                del shown[name]
        return shown

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The attribute of that name."""
        return getattr(obj, attr, default)


def _field(hint: Any, options: dict[str, Any]) -> wire.Field[Any]:
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (one for one in get_args(hint) if one is not type(None))
        return _field(inner, {**options, "allow_none": True})
    if get_origin(hint) is tuple:
        return wire.List(_field(get_args(hint)[0], {}), **options)
    if get_origin(hint) is Mapping:
        key, value = get_args(hint)
        inner = None if value is Any else _field(value, {})
        return wire.Dict(keys=_field(key, {}), values=inner, **options)
    if hint is bytes:
        return _Text(**options)
    if is_dataclass(hint):
        return _Part(hint, **options)
    return wire.Raw(**{**options, "allow_none": True}) if hint is Any else _PLAIN[hint](**options)


class _Part(wire.Nested):
    """A result within another one."""

    def __init__(self, kind: Any, **options: Any) -> None:
        self._kind = kind
        super().__init__(schema_of(kind), **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._kind.from_json(value)


class _Text(wire.String):
    """Bytes as text; what is no UTF-8 is replaced, and stands in the field beside it."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return value.decode("utf-8", "replace")

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs).encode("utf-8", "replace")


class _Packed(wire.String):
    """The same bytes in base64, there only when they are no UTF-8 text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_none=True, **options)

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
        return None

    def get_value(self, obj: Any, attr: str, *args: Any, **kwargs: Any) -> Any:
        """The bytes beside it."""
        return super().get_value(obj, attr.removesuffix(BASE64), *args, **kwargs)
