"""The table of facts is well formed, and several facts have one basis."""

import re

import pytest

from mockpbx.core.facts import Fact, basis_of, by_id, read

BASES = {
    "doc",
    "example",
    "observed",
    "assumed",
    "doc, example",
    "doc, observed",
    "doc, assumed",
    "example, doc",
    "example, assumed",
    "example, observed",
    "observed, assumed",
    "doc, observed, assumed",
    "doc, example, observed",
    "doc, example, assumed",
}


def test_a_fact_is_found_by_its_id() -> None:
    """The table answers id, basis and statement of a fact."""
    assert by_id()["BND-5"] == Fact(
        "BND-5", "doc", "An extension that heads a bundle cannot become a member."
    )


def test_a_statement_of_two_lines_is_joined() -> None:
    """A statement that goes on in the next line of the table is one line of text."""
    assert by_id()["ERR-1"].statement == (
        'Without a known, unexpired token the answer is 401 with `{"message": "Unauthorized"}`.'
    )


def test_a_table_has_sections() -> None:
    """Lines before the first section are remarks, and a section keeps the order of its rows."""
    text = "# Remark.\n\n## One\n\nGEN-2 | doc | Two\n    lines.\nGEN-1 | doc | First.\n\n## Two\n"
    two, one = Fact("GEN-2", "doc", "Two lines."), Fact("GEN-1", "doc", "First.")
    assert read(text) == {"One": (two, one), "Two": ()}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("GEN-1 | doc | A.\n", "has no section above 'GEN-1 | doc | A.'"),
        ("\n## One\nGEN-1 | doc\n", "has a row that is no id, basis, text: 'GEN-1 | doc'"),
        ("\n## One\nGEN-1 | doc | A.\n\n## Two\nGEN-1 | doc | B.\n", "has GEN-1 twice"),
    ],
)
def test_a_broken_table_is_refused(text: str, fault: str) -> None:
    """A row without a section or without its parts, and an id that comes twice, are named."""
    with pytest.raises(ValueError, match=f"^the table of facts {re.escape(fault)}$"):
        read(text)


def test_ids_have_one_form() -> None:
    """An id is three capital letters, a dash and a number."""
    assert [id for id in by_id() if not re.fullmatch(r"[A-Z]{3}-[1-9][0-9]*", id)] == []


def test_bases_are_words_of_the_scale() -> None:
    """A basis is one of the four words, or several in an order that occurs."""
    assert {fact.basis for fact in by_id().values()} == BASES


def test_statements_fit_a_header_and_a_table_cell() -> None:
    """A statement is one ASCII sentence without the bar that parts table cells."""
    sentence = re.compile(r"(?!.*\|)[ -~]+\.")
    assert [fact for fact in by_id().values() if not sentence.fullmatch(fact.statement)] == []


def test_code_in_statements_is_closed() -> None:
    """Every backtick of a statement has its partner."""
    assert [fact for fact in by_id().values() if fact.statement.count("`") % 2] == []


@pytest.mark.parametrize(
    ("ids", "basis"),
    [
        ([], ""),
        (["BND-5"], "doc"),
        (["BND-5", "BND-6"], "doc"),
        (["BND-7", "BND-5"], "assumed, doc"),
        (["BND-3", "BND-19", "GEN-6"], "example, doc, assumed, observed"),
    ],
)
def test_bases_are_joined_once_in_order(ids: list[str], basis: str) -> None:
    """Several facts have each of their bases once, in the order of the facts."""
    assert basis_of(ids) == basis


def test_an_unknown_fact_has_no_basis() -> None:
    """An id that is not in the table is a KeyError that names it."""
    with pytest.raises(KeyError, match="'BND-99'"):
        basis_of(["BND-5", "BND-99"])


def test_what_no_page_states_is_assumed() -> None:
    """Refusals of odd syntax, and what was inferred from the shape of a table, say so."""
    odd_syntax = ["PHN-51", "PHN-52", "PHN-53", "PHN-54", "PHN-55", "PHN-56", "EVT-20"]
    inferred = ["EVT-3", "REG-10", "CAL-4", "SIM-4", "SIM-5"]
    assert [id for id in odd_syntax if by_id()[id].basis != "assumed"] == []
    assert [id for id in inferred if "assumed" not in by_id()[id].basis] == []
