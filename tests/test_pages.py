"""Each statement of the documentation's pages is covered by tested facts, or left out aloud."""

from __future__ import annotations

import pytest

from mockpbx.core.facts import by_id
from tests import fidelity
from tests.pages import PAGES
from tests.pages.statement import Page, Statement
from tests.stored_only import REASONS, stored_only

PROOFS = fidelity.proved(fidelity.ROOT / "tests")
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)


@EACH
def test_a_statement_is_covered_or_left_out(page: Page) -> None:
    """Each statement names facts, or the reason why it is not reproduced."""
    assert [one.text for one in page.statements if not one.facts and not one.reason] == []


@EACH
def test_the_facts_of_a_statement_exist(page: Page) -> None:
    """No statement names an id that the table of facts lacks."""
    assert [id for one in page.statements for id in one.facts if id not in by_id()] == []


@EACH
def test_the_facts_of_a_statement_are_tested(page: Page) -> None:
    """What covers a statement has a test, and is neither work to come nor left out."""
    left_out = {*fidelity.NOT_YET, *fidelity.NOT_REPRODUCED}
    covering = {id for one in page.statements for id in one.facts}
    assert sorted(covering - {*PROOFS}) + sorted(covering & left_out) == []


@EACH
def test_a_statement_stands_once_on_a_page(page: Page) -> None:
    """No statement stands twice on a page."""
    texts = [one.text for one in page.statements]
    assert sorted(texts) == sorted(set(texts))


def test_every_statement_is_in_the_document() -> None:
    """The page docs/fidelity.md has each statement, with its facts and what is left out."""
    lines = fidelity.page().splitlines()
    for one in (one for page in PAGES for one in page.statements):
        assert f"| {one.text} | {', '.join(one.facts)} | {one.reason or ''} |" in lines


def test_a_property_without_effect_is_told() -> None:
    """The page on phones names each property that is stored only, but one that it does not have."""
    (page,) = [one for one in PAGES if one.title == "Phone terminals"]
    named = [one.phone_property for one in page.statements if one.phone_property is not None]
    assert [name for name in stored_only() if name not in named] == ["allow_webrtc"]


def test_a_property_that_is_stored_only_is_left_out() -> None:
    """A statement on a property has its reason while the property is stored only, and then none."""
    stored = Statement("It is ignored.", ("PHN-23",), phone_property="ignore_early_media")
    assert stored.reason == REASONS["ignore_early_media"]
    assert Statement("It sounds.", ("PHN-22",), phone_property="hold_music").reason is None
