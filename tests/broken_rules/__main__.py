"""Break each rule once: `python -m tests.broken_rules [GROUP …]`.

Each break is made in a copy of the tree, where the tests that it names must fail; in an unbroken
copy all of them must pass. The exit code is 1 when a break leaves its test green.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from .table import BREAKS, Break

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("mockpbx", "fixtures", "openapi", "tests", "docs")
_FILES = ("setup.cfg", "pyproject.toml", "README.md")
#: How pytest ends when tests ran and some failed.
_RED = 1


def copy_tree(target: Path) -> Path:
    """Copy what tests need into that folder, and answer it."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _FILES:
        shutil.copy(ROOT / name, target / name)
    return target


def run(tree: Path, tests: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Run these tests in that copy of the tree."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


def failure(rule: Break) -> str | None:
    """What the test of the rule says once that is broken; None when it stays green."""
    with TemporaryDirectory() as folder:
        tree = copy_tree(Path(folder))
        path = tree / rule.file
        path.write_text(rule.broken(path.read_text(encoding="utf-8")), encoding="utf-8")
        done = run(tree, [rule.test])
        if done.returncode not in (0, _RED):
            print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
        if done.returncode != _RED:
            return None
        # The first line with an E tells what failed, which has to be the rule and no accident.
        said = (line[1:].strip() for line in done.stdout.splitlines() if line.startswith("E "))
        return next(said, "")[:100]


def main(arguments: Sequence[str]) -> int:
    """Break the rules of these groups, all of them without one; answers the exit code."""
    groups = list(dict.fromkeys(one.group for one in BREAKS))
    parser = argparse.ArgumentParser(prog="python -m tests.broken_rules", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(groups)}")
    wanted = parser.parse_args(arguments).groups or groups
    if unknown := set(wanted) - set(groups):
        parser.error(f"there is no group {', '.join(sorted(unknown))}")
    chosen = [one for one in BREAKS if one.group in wanted]
    if lost := [text for one in chosen if (text := one.misplaced(ROOT / one.file))]:
        print(*lost, sep="\n")
        return 1
    with TemporaryDirectory() as folder:
        done = run(copy_tree(Path(folder)), sorted({one.test for one in chosen}))
    if done.returncode != 0:
        print(done.stdout, "the tests are not green to begin with", sep="\n")
        return 1
    green = 0
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for rule, said in zip(chosen, threads.map(failure, chosen), strict=True):
            green += said is None
            word = "STILL GREEN" if said is None else "red"
            print(f"{word:11}  {rule.what}: {rule.test}\n{'':13}{said or ''}", flush=True)
    print(f"{len(chosen)} rules broken, {green} of them unseen")
    return 1 if green else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
