"""Measures figures by name: `python -m tests.benchmarks calls reset`; without a name all."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from .figures import GROUPS, Figure, chosen


def show(figures: Iterable[Figure]) -> int:
    """Measure and print each with its limit; answers how many break theirs."""
    missed = 0
    for figure in figures:
        found = figure.measure()
        kept = figure.is_kept(found)
        missed += not kept
        value = f"{found:.2f} {figure.unit}"
        end = "" if kept else "  MISSED"
        print(f"{value:>12}  {figure.promise:<15}  {figure.name}: {figure.about}{end}", flush=True)
    return missed


def names() -> Iterable[str]:
    """The groups and their figures, a line each."""
    for group, figures in GROUPS.items():
        yield f"{group}: {' '.join(figure.name for figure in figures)}"


def main(arguments: list[str] | None = None) -> int:
    """Measure what is named: 0 when every limit is kept, 1 when one is not, 2 for a wrong name."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="figures, or groups of them")
    parser.add_argument("--list", action="store_true", help="print the names only")
    given = parser.parse_args(arguments)
    if given.list:
        print("\n".join(names()))
        return 0
    try:
        figures = chosen(given.names)
    except LookupError as error:
        parser.error(str(error.args[0]))
    return min(show(figures), 1)


if __name__ == "__main__":
    sys.exit(main())
