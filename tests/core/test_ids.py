"""Identifiers: seeded, in the vendor's forms, and read strictly."""

from __future__ import annotations

import re

import pytest

from mockpbx.core.ids import MAX_ID, Ids, parse_id


@pytest.mark.fact("AUT-3")
def test_a_token() -> None:
    """A token is thirty letters and digits, each another."""
    ids = Ids(0)
    found = [ids.token() for _ in range(100)]
    assert [text for text in found if not re.fullmatch("[A-Za-z0-9]{30}", text)] == []
    assert len(set(found)) == 100


@pytest.mark.fact("REG-12")
def test_a_registration_id() -> None:
    """A registration id is `uloc-` and 8, 4 and 3 hexadecimal digits, each another."""
    ids = Ids(0)
    found = [ids.registration_id() for _ in range(100)]
    form = re.compile("uloc-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{3}")
    assert [text for text in found if not form.fullmatch(text)] == []
    assert len(set(found)) == 100


def test_a_seed_decides() -> None:
    """One seed gives the same identifiers again, another seed others."""
    first, again, other = (
        [ids.token(), ids.registration_id(), ids.token()] for ids in (Ids(5), Ids(5), Ids(6))
    )
    assert first == again
    assert set(first).isdisjoint(other)


def test_a_copy_goes_on() -> None:
    """A copy gives what its source would have given, and neither moves the other."""
    ids = Ids(0)
    ids.token()
    twin = ids.copy()
    expected = [twin.token() for _ in range(3)]
    assert [ids.token() for _ in range(3)] == expected


@pytest.mark.fact("GEN-7")
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("85218", 85218),
        ("4294967295", MAX_ID),
        ("4294967296", None),
        ("9999999999", None),
        ("99999999999", None),
        ("0", None),
        ("01", None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1\n", None),
        ("1_0", None),
        ("1.0", None),
        ("0x1", None),
        ("\u0661", None),
        ("\u00b2", None),
    ],
)
def test_an_id_in_a_path(text: str, number: int | None) -> None:
    """An id is written in ASCII digits without leading zeros and fits 32 bits unsigned."""
    assert parse_id(text) == number
