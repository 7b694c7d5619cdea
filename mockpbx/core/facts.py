"""What is known of the API: one fact a rule, with the basis that it stands on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockpbx.core.fact_table import SECTIONS


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


def _rows(section: str) -> Iterator[Fact]:
    for row in section.replace("\n    ", " ").strip().splitlines():
        yield Fact(*row.split(" | "))


FACTS: dict[str, Fact] = {fact.id: fact for rows in SECTIONS.values() for fact in _rows(rows)}


def basis_of(ids: Iterable[str]) -> str:
    """The bases of these facts are joined by a comma, each once, in the order of the facts.

    Raises:
        KeyError: An id is not in the table.
    """
    return ", ".join(dict.fromkeys(basis for id in ids for basis in FACTS[id].basis.split(", ")))
