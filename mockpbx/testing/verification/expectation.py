"""What a request should have been, and in what another one differs from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs

from ...core import masking
from ...web.catalog import Catalog

_INDEX = re.compile(r"\[[0-9]*\]$")
#: What is not asked for. None is a JSON value.
UNASKED: Any = type("Unasked", (), {"__repr__": lambda self: "unasked"})()
_MISSING = object()


class Seen(Protocol):
    """A request and its answer, as far as an expectation is concerned."""

    @property
    def number(self) -> int:
        """Its number in the journal."""

    @property
    def method(self) -> str:
        """Its method."""

    @property
    def path(self) -> str:
        """Its path."""

    @property
    def query(self) -> str:
        """Its query."""

    @property
    def body(self) -> bytes:
        """Its body."""

    @property
    def label(self) -> str | None:
        """The operation that it asked for, or None."""

    def header(self, name: str) -> str:
        """That header, or an empty string."""

    @property
    def status(self) -> int:
        """How it was answered; 0 when it was not."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that refused it."""

    @property
    def fault(self) -> object:
        """The fault rule that hit it, or None."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A method and a path as documented, and what else is asked of a request.

    `json` and `form` are the whole body. `query` and `headers` are what must be there among
    others; a value of `query` may be a list, in order. Values are compared with `==`, so that
    `unittest.mock.ANY` and its like do.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    json: Any = UNASKED
    form: Mapping[str, Any] | None = None
    body: str | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no request can be compared with.

        Raises:
            TypeError: naming the field and what it must be.
        """
        for name in ("method", "path"):
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name}: must be a string")
        for name in ("query", "form", "headers"):
            found = getattr(self, name)
            if not (isinstance(found, Mapping) or (name == "form" and found is None)):
                raise TypeError(f"{name}: must be a mapping of names to values")
        unasked = {"json": UNASKED, "form": None, "body": None}
        bodies = [name for name, value in unasked.items() if getattr(self, name) is not value]
        if len(bodies) > 1:
            raise TypeError(f"{', '.join(bodies)}: a request has one body")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def with_method(self, method: str) -> Expectation:
        """The same of another method."""
        return replace(self, method=method)

    def asked(self) -> Iterator[tuple[str, str]]:
        """What is asked for besides method and path, a name and a value each."""
        if self.query:
            yield "query", repr(masking.value(dict(self.query)))
        if self.json is not UNASKED:
            yield "json", repr(masking.value(self.json))
        if self.form is not None:
            yield "form", repr(masking.value(dict(self.form)))
        if self.body is not None:
            yield "body", masking.body(self.body.encode())
        for name, wanted in self.headers.items():
            yield f"header {name}", repr(_shown_header(name, wanted))


class Matcher:
    """Compares requests with an expectation.

    Raises:
        LookupError: its path is none of the documentation; the nearest is named.
    """

    def __init__(self, expectation: Expectation, catalog: Catalog) -> None:
        self.expectation = expectation
        found = catalog.find(expectation.method, expectation.path)
        self._labels = {operation.label for operation in found}
        self._catalog = catalog
        self._path = catalog.pattern_of(expectation.path)

    def matches(self, exchange: Seen) -> bool:
        """Whether the request is as expected."""
        return self.is_meant(exchange) and next(self.differences(exchange), None) is None

    def is_meant(self, exchange: Seen) -> bool:
        """Whether method and path are as expected."""
        if exchange.label is not None and exchange.label not in self._labels:
            return False
        method = self.expectation.method
        return method in ("*", exchange.method) and self.is_path(exchange)

    def is_path(self, exchange: Seen) -> bool:
        """Whether the path is as expected."""
        return self._path.fullmatch(self._catalog.whole_path(exchange.path)) is not None

    def differences(self, exchange: Seen) -> Iterator[str]:
        """In what the request differs, a line for each."""
        expected = self.expectation
        if not self.is_path(exchange):
            yield f"path: {masking.text(exchange.path)}"
        if expected.method not in ("*", exchange.method):
            yield f"method: {exchange.method}, not {expected.method}"
        found = _query(exchange.query)
        for name, wanted in expected.query.items():
            if not _same_parameter(wanted, found.get(_INDEX.sub("", name), [])):
                yield _difference(f"query.{name}", wanted, _plain(found.get(name, _MISSING)))
        yield from self._body_differences(exchange)
        for name, wanted in expected.headers.items():
            value: Any = exchange.header(name) or _MISSING
            if value is _MISSING or wanted != value:
                shown = value if value is _MISSING else _shown_header(name, value)
                yield _difference(f"header {name}", _shown_header(name, wanted), shown)

    def _body_differences(self, exchange: Seen) -> Iterator[str]:
        expected = self.expectation
        if expected.json is not UNASKED:
            try:
                found = json.loads(exchange.body)
            except ValueError:
                yield "json: the body is none"
            else:
                yield from _compare("json", expected.json, found)
        if expected.form is not None:
            form = _query(exchange.body.decode("utf-8", "replace"))
            for name in {**expected.form, **form}:
                wanted = expected.form.get(name, _MISSING)
                if wanted is _MISSING or not _same_parameter(wanted, form.get(name, [])):
                    one = _plain(form.get(name, _MISSING))
                    yield _difference(f"form.{name}", wanted, one)
        if expected.body is not None and expected.body.encode() != exchange.body:
            yield f"body: {masking.body(exchange.body)}"


def _compare(place: str, wanted: Any, found: Any) -> Iterator[str]:
    """The places in which two JSON values differ."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in {**wanted, **found}:
            yield from _compare(
                f"{place}.{name}", wanted.get(name, _MISSING), found.get(name, _MISSING)
            )
    elif (
        isinstance(wanted, (list, tuple)) and isinstance(found, list) and len(wanted) == len(found)
    ):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _compare(f"{place}[{number}]", one, other)
    elif not _equal(wanted, found):
        yield _difference(place, wanted, found)


def _equal(wanted: Any, found: Any) -> bool:
    if wanted is _MISSING or found is _MISSING:
        return wanted is found
    # JSON tells 1 from true, and Python does not.
    if isinstance(wanted, bool) or isinstance(found, bool):
        plain = isinstance(wanted, (bool, int, float)) and isinstance(found, (bool, int, float))
        if plain and type(wanted) is not type(found):
            return False
    return bool(wanted == found)


def _difference(place: str, wanted: Any, found: Any) -> str:
    name = re.split(r"[.\[\]]", place)[-1]
    secret = masking.is_secret(name)
    if found is _MISSING:
        return f"{place}: is missing"
    shown = masking.MASK if secret else repr(masking.value(found))
    if wanted is _MISSING:
        return f"{place}: {shown} is not expected"
    return f"{place}: {shown}, not {masking.MASK if secret else repr(masking.value(wanted))}"


def _plain(found: Any) -> Any:
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def _same_parameter(wanted: Any, found: list[str]) -> bool:
    """Whether that is the parameter's value, or what is equal to all that it has when repeated."""
    if isinstance(wanted, (list, tuple)):
        return _same_texts(wanted, found)
    return _same_texts([wanted], found) or (len(found) > 1 and bool(wanted == found))


def _same_texts(wanted: Any, found: list[str]) -> bool:
    return len(wanted) == len(found) and all(
        one == other or (isinstance(one, (int, float)) and _text(one) == other)
        for one, other in zip(wanted, found, strict=True)
    )


def _text(number: Any) -> str:
    return str(number).lower() if isinstance(number, bool) else str(number)


def _query(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in parse_qs(text, keep_blank_values=True).items():
        found.setdefault(_INDEX.sub("", name), []).extend(values)
    return found


def _shown_header(name: str, value: Any) -> Any:
    return masking.header(name, value) if isinstance(value, str) else value
