"""The documented operations, found by how people write their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .nearest import nearest
from .prefix import API

if TYPE_CHECKING:
    from .operation import Operation

_ANY = r"[^/]+"


class Catalog:
    """Every operation of the mocked API."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = tuple(operations)
        self._roots = tuple({API, *(one.resource.prefix for one in self.operations)})
        self._patterns = [(one, self.pattern_of(_full(one))) for one in self.operations]

    def find(self, method: str, path: str) -> list[Operation]:
        """The operations that such a path means; any method will do for `*`.

        The path may be that of the documentation, `/extension/{id}/event/`, whatever it calls its
        parameters, or that of a request.

        Raises:
            LookupError: there is none; the nearest is named.
            ValueError: it has a query or a fragment.
        """
        if set(path) & set("?#"):
            raise ValueError(f"path: {path} has more than a path; a query is given by query=")
        text = self.whole_path(path)
        here = [one for one, pattern in self._patterns if pattern.fullmatch(text)]
        fewest = min((one.path.count("<") for one in here), default=0)
        here = [one for one in here if one.path.count("<") == fewest]
        found = [one for one in here if method in ("*", one.method)]
        if found:
            return found
        if here:
            methods = ", ".join(sorted(one.method for one in here))
            raise LookupError(f"{method} {path} is not documented; that path has {methods}")
        raise LookupError(
            f"{method} {path} is not documented; the nearest is {self._nearest(text)}"
        )

    def one(self, text: str) -> Operation:
        """The operation that a method and a path mean, as in `POST /extension/{id}/event/`.

        Raises:
            LookupError: there is none; the nearest is named.
        """
        method, blank, path = text.strip().partition(" ")
        if not blank or not path.strip().startswith("/"):
            raise LookupError(f"{text[:100]!r} is no method and path, such as GET /user/")
        return self.find(method.upper(), path.strip())[0]

    def coverage(self, exercised: Mapping[tuple[str, int], int]) -> dict[str, Any]:
        """Which operations and statuses were exercised, out of all."""
        from .coverage import report  # needs Flask, which a command does not

        return report(self, exercised)

    def _nearest(self, path: str) -> str:
        known = {self.whole_path(_full(one)): one for one in self.operations}
        return known[nearest(path, known) or ""].documented_path

    def whole_path(self, path: str) -> str:
        """The path below the host, without double slashes and without one at its end.

        One that begins as no resource's does is taken as below the API.

        Source: GEN-2, GEN-3
        """
        path = re.sub(r"/{2,}", "/", "/" + path.partition("?")[0])
        if not path.startswith(self._roots):
            path = API + path
        return path.rstrip("/")

    def pattern_of(self, path: str) -> re.Pattern[str]:
        """What the whole path of a request matches when it is of that form."""
        parts = re.split(r"\{[^/{}]*\}", self.whole_path(path))
        return re.compile(_ANY.join(map(re.escape, parts)))


def _full(operation: Operation) -> str:
    return operation.resource.prefix + operation.documented_path
