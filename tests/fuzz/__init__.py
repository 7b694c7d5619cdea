"""Odd requests of every kind, answered alike by both doors: `python -m tests.fuzz`."""
