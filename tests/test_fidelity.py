"""The page docs/fidelity.md is current and complete, and its generator misses nothing."""

from pathlib import Path

import pytest

from mockpbx.core.facts import by_id
from tests import fidelity
from tests.stored_only import REASONS, stored_only

PROOFS = fidelity.proved(fidelity.ROOT / "tests")
CITATIONS = fidelity.enforced(fidelity.ROOT / "mockpbx")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project of two empty folders."""
    (tmp_path / "mockpbx").mkdir()
    (tmp_path / "tests").mkdir()
    return tmp_path


def proved(tree: Path, source: str) -> fidelity.Places:
    """What a test module of that source proves."""
    (tree / "tests" / "test_it.py").write_text(source, encoding="utf-8")
    return fidelity.proved(tree / "tests")


def enforced(tree: Path, source: str) -> fidelity.Places:
    """What a module of that source enforces."""
    (tree / "mockpbx" / "it.py").write_text(source, encoding="utf-8")
    return fidelity.enforced(tree / "mockpbx")


def test_the_page_is_current() -> None:
    """The page in docs/ is the one that the tree gives now."""
    assert fidelity.is_current(), "docs/fidelity.md is stale: python -m tests.fidelity --write"


def test_every_fact_has_a_test() -> None:
    """A fact has a test, or a reason in NOT_YET or NOT_REPRODUCED."""
    missing = fidelity.unproved(PROOFS)
    assert not missing, f"{len(missing)} facts without a test: {', '.join(missing)}"


def test_every_fact_has_a_place() -> None:
    """A fact is cited by the code that enforces it, or has a reason why none does."""
    missing = fidelity.unenforced(CITATIONS)
    assert not missing, f"{len(missing)} facts without a place: {', '.join(missing)}"


def test_sources_name_ids_alone() -> None:
    """No `Source:` line names a basis, which could differ from that of the table."""
    assert fidelity.with_basis(fidelity.ROOT / "mockpbx") == []


def test_a_source_with_a_basis_is_named(tree: Path) -> None:
    """A `Source:` line that names a basis is found, on whichever of its lines it does."""
    enforced(tree, 'def link():\n    """Link.\n\n    Source: BND-1,\n        BND-2 (doc)\n    """')
    assert fidelity.with_basis(tree / "mockpbx") == ["it.py: link"]


def test_markers_name_known_facts() -> None:
    """No marker names an id that the table of facts lacks."""
    strange = fidelity.unknown(PROOFS)
    assert not strange, f"unknown facts in markers: {'; '.join(strange)}"


def test_sources_name_known_facts() -> None:
    """No `Source:` line and no id in the code is one that the table of facts lacks."""
    strange = fidelity.unknown(CITATIONS)
    assert not strange, f"unknown facts in mockpbx/: {'; '.join(strange)}"


def test_exceptions_name_known_facts() -> None:
    """NOT_YET and NOT_REPRODUCED list ids of the table of facts only."""
    strange = sorted({*fidelity.NOT_YET, *fidelity.NOT_REPRODUCED} - {*by_id()})
    assert not strange, f"unknown facts in NOT_YET or NOT_REPRODUCED: {', '.join(strange)}"


def test_a_fact_has_one_excuse() -> None:
    """A fact is work to come or left out on purpose, not both."""
    both = sorted({*fidelity.NOT_YET} & {*fidelity.NOT_REPRODUCED})
    assert not both, f"facts in NOT_YET and NOT_REPRODUCED: {', '.join(both)}"


def test_every_phone_property_acts_or_has_a_reason() -> None:
    """A property that nothing reads from a phone has a reason why nobody could observe it."""
    assert [name for name in stored_only() if name not in REASONS] == []


def test_a_property_that_is_read_acts(tree: Path) -> None:
    """A property is stored only until some module takes it from a phone."""
    assert "hold_music" in stored_only(tree / "mockpbx")
    (tree / "mockpbx" / "hold.py").write_text("music = phone_of(world, 1).hold_music\n")
    assert "hold_music" not in stored_only(tree / "mockpbx")


def test_the_page_tells_what_does_not_run() -> None:
    """The page says of each printed command whether it runs, and why not."""
    text = fidelity.page()
    assert text.count("| no: ") == 3
    assert "| cURL | `PUT /extension/54/phone/` | no: the quote that closes the body" in text
    assert "- `password`: a simulated registration asks for none" in text


def test_a_marker_on_a_test_proves(tree: Path) -> None:
    """A test proves all facts of all its markers."""
    source = """
@pytest.mark.fact("BND-5", "BND-6")
@pytest.mark.fact("BND-7")
def test_link(): ...
"""
    place = ["tests/test_it.py::test_link"]
    assert proved(tree, source) == {"BND-5": place, "BND-6": place, "BND-7": place}


def test_a_marker_on_a_class_proves(tree: Path) -> None:
    """A marker on a class counts for each test in it, and for nothing else in it."""
    source = """
@pytest.mark.fact("BND-5")
class TestLink:
    def helper(self): ...
    def test_one(self): ...
    class TestMore:
        async def test_two(self): ...
"""
    assert proved(tree, source) == {
        "BND-5": [
            "tests/test_it.py::TestLink::test_one",
            "tests/test_it.py::TestLink::TestMore::test_two",
        ]
    }


@pytest.mark.parametrize(
    "value",
    ['pytest.mark.fact("BND-5")', '[pytest.mark.slow, pytest.mark.fact("BND-5")]'],
)
def test_a_mark_of_the_module_proves(tree: Path, value: str) -> None:
    """A `pytestmark` of the module counts for each of its tests."""
    source = (
        f"pytestmark = {value}\ndef test_one(): ...\nclass TestMore:\n    def test_two(self): ..."
    )
    assert proved(tree, source) == {
        "BND-5": ["tests/test_it.py::test_one", "tests/test_it.py::TestMore::test_two"]
    }


def test_a_mark_of_a_class_body_proves(tree: Path) -> None:
    """A `pytestmark` in a class counts for the tests of that class."""
    source = """
class TestLink:
    pytestmark = pytest.mark.fact("BND-5")
    def test_one(self): ...
def test_two(): ...
"""
    assert proved(tree, source) == {"BND-5": ["tests/test_it.py::TestLink::test_one"]}


@pytest.mark.parametrize(
    "source",
    [
        """
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.fact("PHN-10"))])
def test_one(x): ...
""",
        """
CASES: list[object] = [pytest.param(1, marks=[pytest.mark.fact("PHN-10")])]
@pytest.mark.parametrize("x", CASES)
def test_one(x): ...
""",
    ],
)
def test_a_marker_on_a_parameter_proves(tree: Path, source: str) -> None:
    """A marker on a `pytest.param` counts for its test, also when the module names the list."""
    assert proved(tree, source) == {"PHN-10": ["tests/test_it.py::test_one"]}


def test_a_test_without_a_marker_proves_nothing(tree: Path) -> None:
    """Naming a fact in a test, or marking a helper, is no proof."""
    source = """
def test_one():
    assert "BND-5"
@pytest.mark.fact("BND-6")
def helper(): ...
"""
    assert proved(tree, source) == {}


def test_docstrings_enforce(tree: Path) -> None:
    """A `Source:` line counts for the module, class or function that it describes."""
    source = '''
"""A module.

Source: BND-1 (doc)
"""
class Bundle:
    """A class.

    Source: BND-2 (doc)
    """
    def link(self):
        """A method; see BND-9.

        Source: BND-5,
            BND-6 (doc), BND-7 (assumed)

        More about BND-8.
        """
'''
    method = ["it.py: Bundle.link"]
    assert enforced(tree, source) == {
        "BND-1": ["it.py"],
        "BND-2": ["it.py: Bundle"],
        "BND-5": method,
        "BND-6": method,
        "BND-7": method,
    }


def test_literals_enforce(tree: Path) -> None:
    """A text that is nothing but an id counts where it stands: call, keyword, decorator, table."""
    source = """
RULES = {"label": Rule(fact="PHN-10")}
@operation("GET", facts=["BND-1"])
def link(body):
    raise InvalidError("BND-5", "see BND-6", charset="UTF-8")
"""
    assert enforced(tree, source) == {
        "PHN-10": ["it.py: RULES"],
        "BND-1": ["it.py: link"],
        "BND-5": ["it.py: link"],
    }


def test_an_unknown_fact_is_named_with_its_place(tree: Path) -> None:
    """An id that the table lacks comes with the places that cite it."""
    citations = enforced(tree, 'def link():\n    raise InvalidError("BND-99", "BND-5")')
    assert fidelity.unknown(citations) == ["BND-99 (it.py: link)"]


def test_a_row_names_code_and_tests(tree: Path) -> None:
    """A row holds id, statement, basis, the code that enforces it and the tests that prove it."""
    enforced(tree, 'def link():\n    raise InvalidError("BND-5")')
    proved(tree, '@pytest.mark.fact("BND-5")\ndef test_link(): ...')
    assert (
        "| BND-5 | An extension that heads a bundle cannot become a member. | doc "
        "| `it.py: link` | `tests/test_it.py::test_link` |"
    ) in fidelity.page(tree).splitlines()


def test_a_row_shows_three_tests(tree: Path) -> None:
    """Of many tests a row shows the first three and counts the others."""
    names = ["test_1", "test_2", "test_3", "test_4", "test_5"]
    proved(tree, "\n".join(f'@pytest.mark.fact("BND-5")\ndef {name}(): ...' for name in names))
    assert (
        "| BND-5 | An extension that heads a bundle cannot become a member. | doc |  "
        "| `tests/test_it.py::test_1`<br>`tests/test_it.py::test_2`<br>`tests/test_it.py::test_3`"
        "<br>+2 |"
    ) in fidelity.page(tree).splitlines()


def test_work_to_come_is_shown_with_its_tests(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact of NOT_YET shows what is missing, and the tests that it has all the same."""
    monkeypatch.setitem(fidelity.NOT_YET, "CLI-2", "only the limit is there")
    proved(tree, '@pytest.mark.fact("CLI-2")\ndef test_limit(): ...')
    row = next(row for row in fidelity.page(tree).splitlines() if row.startswith("| CLI-2 |"))
    assert row.endswith(
        "|  | Not yet: only the limit is there.<br>`tests/test_it.py::test_limit` |"
    )


def test_assumptions_are_listed(tree: Path) -> None:
    """The page ends with every fact whose basis is assumed, in part or as a whole."""
    listed = fidelity.page(tree).partition("## What we assumed\n\n")[2].splitlines()
    assert [line.split("**")[1] for line in listed] == [
        fact.id for fact in by_id().values() if "assumed" in fact.basis
    ]


def test_write_makes_the_page_current(tree: Path) -> None:
    """After `--write` the page passes `--check`."""
    codes = [fidelity.main([option], tree) for option in ("--check", "--write", "--check")]
    assert codes == [1, 0, 0]


def test_check_fails_on_a_stale_page(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` exits with 1 and one line that says what to do when the page is stale."""
    fidelity.main(["--write"], tree)
    proved(tree, '@pytest.mark.fact("BND-5")\ndef test_link(): ...')
    assert fidelity.main(["--check"], tree) == 1
    expected = "docs/fidelity.md is stale: python -m tests.fidelity --write\n"
    assert capsys.readouterr().err == expected
