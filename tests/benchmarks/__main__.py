"""Prints the figures: `python -m tests.benchmarks`."""

from .figures import FIGURES

for figure in FIGURES:
    found = f"{figure.measure():8.2f} {figure.unit}"
    print(f"{found:<12} at most {figure.limit:g} {figure.unit:<3} {figure.about}", flush=True)
