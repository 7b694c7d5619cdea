"""Sends odd requests to both doors: `python -m tests.fuzz --rounds 60 --seed 1`.

Each goes straight into an application and over a socket into another, whose worlds began alike.
The answers have to be the same, none a fault of mockpbx's own, and what is refused has to leave
the world as it was. Rounds have seeds of their own, counted up from the one that is given; the
command ends with 1 when one found something, and shows the request.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from .doors import Found, round_of


def main(arguments: Sequence[str]) -> int:
    """Send so many rounds, tell what was seen, and answer the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=300, help="of a round")
    given = parser.parse_args(arguments)
    seeds, failed = range(given.seed, given.seed + given.rounds), 0
    statuses: Counter[int] = Counter()
    for seed in seeds:
        try:
            statuses += round_of(seed, given.requests)
        except Found as found:
            failed += 1
            print(f"seed {seed}: {found}\n", flush=True)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    print(f"{statuses.total()} requests: {told}")
    print(f"seeds {seeds[0]} to {seeds[-1]}: {failed or 'none'} found something")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
