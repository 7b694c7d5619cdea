"""What is known of the API: one fact a rule, with the basis that it stands on.

The table is `facts.txt` beside this module, taken apart when a fact is first asked for: a request
that is served needs none.
"""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule of the API, told apart by its id.

    The basis is one or several, joined by a comma, of `doc` (the documentation states it),
    `example` (one of its examples shows it), `observed` (real clients or traffic show it) and
    `assumed` (a decision of this project).
    """

    id: str
    basis: str
    statement: str


def read(text: str) -> dict[str, tuple[Fact, ...]]:
    """The facts of a table, by the titles of its sections.

    Raises:
        ValueError: a row has not three parts, or no section above it, or its id stands there twice.
    """
    sections = {title: tuple(_rows(rows)) for title, rows in _sections(text)}
    times = Counter(fact.id for facts in sections.values() for fact in facts)
    if twice := [id for id, number in times.items() if number > 1]:
        raise ValueError(f"the table of facts has {', '.join(twice)} twice")
    return sections


def _sections(text: str) -> Iterator[tuple[str, str]]:
    head, *sections = text.split("\n## ")
    if strange := [line for line in head.splitlines() if line.strip() and line[0] != "#"]:
        raise ValueError(f"the table of facts has no section above {strange[0]!r}")
    for section in sections:
        title, _, rows = section.partition("\n")
        yield title, rows


def _rows(rows: str) -> Iterator[Fact]:
    for row in rows.replace("\n    ", " ").strip().splitlines():
        parts = row.split(" | ")
        if len(parts) != 3:
            raise ValueError(f"the table of facts has a row that is no id, basis, text: {row!r}")
        yield Fact(*parts)


@cache
def table() -> str:
    """The text of the table; read once, so that a test may replace the file system afterwards."""
    found = pkgutil.get_data(__name__.rpartition(".")[0], "facts.txt")
    assert found is not None
    return found.decode("utf-8").replace("\r\n", "\n")


@cache
def by_section() -> Mapping[str, tuple[Fact, ...]]:
    """The facts by the titles of the table's sections."""
    return read(table())


@cache
def by_id() -> Mapping[str, Fact]:
    """The facts by their ids, in the order of the table."""
    return {fact.id: fact for facts in by_section().values() for fact in facts}


def basis_of(ids: Iterable[str]) -> str:
    """The bases of these facts are joined by a comma, each once, in the order of the facts.

    Raises:
        KeyError: An id is not in the table.
    """
    bases = (basis for id in ids for basis in by_id()[id].basis.split(", "))
    return ", ".join(dict.fromkeys(bases))
