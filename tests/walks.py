"""Many random walks through calls: `python -m tests.walks --sequences 10000 --seed 1`.

The walks are those of `tests/calls/test_state_machine.py`, of which the suite runs a few. Each
batch has a seed of its own, counted up from the one that is given, and is told when it is done;
a batch that finds a fault shows the shortest walk to it, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.calls.test_state_machine import Calls

#: Sequences of one seed.
BATCH = 100


def walk(number: int, sequences: int, *, shrink: bool = True) -> None:
    """So many sequences from that seed.

    Raises:
        Exception: whatever does not hold; hypothesis has shown the walk.
    """
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    wanted = settings(
        Calls.TestCase.settings,
        max_examples=sequences,
        derandomize=False,
        database=None,
        phases=phases,
        print_blob=False,
    )
    machine = type("Calls", (Calls,), {})
    run_state_machine_as_test(seed(number)(machine), settings=wanted)


def main(arguments: Sequence[str]) -> int:
    """Walk, tell each batch, and answer the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-shrink", action="store_true", help="show the first walk as found")
    given = parser.parse_args(arguments)
    number, left, failed = given.seed, given.sequences, []
    while left > 0:
        before, count = Calls.counts.copy(), min(left, BATCH)
        try:
            walk(number, count, shrink=not given.no_shrink)
        except Exception as fault:
            failed.append(number)
            print(f"seed {number}: does not hold", flush=True)
            traceback.print_exception(fault, limit=-3)
        made = Calls.counts - before
        words = ", ".join(f"{made[name]} {name}" for name in ("sequences", "steps", "calls"))
        print(f"seed {number}: {words}", flush=True)
        number, left = number + 1, left - count
    counts = Calls.counts
    print(f"{counts['sequences']} sequences, {counts['steps']} steps, {counts['calls']} calls")
    print(f"seeds {given.seed} to {number - 1}; failed: {failed or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
