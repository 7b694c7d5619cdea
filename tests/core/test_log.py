"""Logs keep what there is room for, in number and in bytes."""

from __future__ import annotations

import pytest

from mockpbx.core.log import Log


def kept(log: Log[str]) -> tuple[str, int]:
    return "".join(log), log.dropped


@pytest.mark.parametrize(
    ("limit", "bytes_limit", "expected"),
    [(10, 100, "abcde"), (3, 100, "cde"), (10, 20, "de"), (10, 29, "de"), (10, 30, "cde")],
)
def test_the_oldest_go(limit: int, bytes_limit: int, expected: str) -> None:
    """Five entries of ten bytes: the last that are within both limits stay."""
    log: Log[str] = Log(limit, bytes_limit)
    for entry in "abcde":
        log.add(entry, 10)
    assert kept(log) == (expected, 5 - len(expected))


def test_an_entry_grows() -> None:
    """An entry that grows makes others go, but never itself when it is the last."""
    log: Log[str] = Log(10, 30)
    entries = ["a", "b", "c"]
    for entry in entries:
        log.add(entry, 10)
    log.grow(entries[2], 10)
    assert kept(log) == ("bc", 1)
    log.grow(entries[2], 1000)
    assert kept(log) == ("c", 2)


def test_what_has_gone_grows_no_more() -> None:
    """What a dropped entry still takes is counted nowhere."""
    log: Log[str] = Log(2, 30)
    entries = ["a", "b", "c"]
    for entry in entries:
        log.add(entry, 10)
    log.grow(entries[0], 1000)
    assert kept(log) == ("bc", 1)


def test_a_cleared_log_has_all_its_room() -> None:
    """What was there before takes no room."""
    log: Log[str] = Log(10, 30)
    for entry in "abc":
        log.add(entry, 10)
    log.clear()
    for entry in "def":
        log.add(entry, 10)
    assert kept(log) == ("def", 0)
