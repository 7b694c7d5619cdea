"""The page docs/fidelity.md: every fact, where it is enforced and which tests prove it.

`python -m tests.fidelity --write` brings the page up to date, `--check` fails when it is not.
Sources and tests are read as text, so that the page can be made from a tree that does not run.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from mockpbx.core.facts import by_id, by_section
from tests.contract.printed import COMMANDS
from tests.pages import PAGES
from tests.stored_only import REASONS, stored_only

ROOT = Path(__file__).resolve().parents[1]

#: fact id -> the places that cite or prove it
Places = dict[str, list[str]]


#: fact id -> what is missing
NOT_YET: dict[str, str] = {}

#: fact id -> why mockpbx does otherwise on purpose
NOT_REPRODUCED: dict[str, str] = {
    "CUR-11": "neither the present page nor any recorded answer has the field, and both sides of a "
    "call have one CallAPIID here",
    "DAT-20": "one source alone has seen it, so no event has it",
}

_INTRO = """\
# Fidelity

mockpbx answers in the place of an API that it cannot ask. This page is the whole of what it knows
about that API: one row a fact, with the code that enforces it and the tests that prove it. A
refusal names its facts in the header `X-Mockpbx-Rule` and their basis in `X-Mockpbx-Basis`.

The **basis** says how sure a fact is:

- **doc**: the vendor's documentation states it.
- **example**: an example in that documentation shows it. Where an example and the text around it
  differ, a reading (a switch of mockpbx) chooses between them.
- **observed**: existing client programs rely on it, or recorded traffic shows it.
- **assumed**: nobody says, and mockpbx had to decide. The PBX of your operator may decide
  otherwise: a test of yours that stands on an assumed fact proves your code against mockpbx, not
  against the operator. Try that case there once. All of these are listed under
  [What we assumed](#what-we-assumed).

A fact marked "Not yet" is known and not reproduced so far; one marked "Not reproduced" is left out
on purpose. `python -m tests.fidelity --write` generates this page.
"""

_ID = re.compile(r"\b[A-Z]{3}-[0-9]+\b")
_SOURCE = re.compile(r"Source:.*?(?=\n\s*\n|\Z)", re.DOTALL)
_FAMILIES = frozenset(id.partition("-")[0] for id in by_id())
_SHOWN = 3
_DESCRIBED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def enforced(package: Path) -> Places:
    """Every fact that the package cites has the places that cite it, in the order of the files."""
    return _gather(
        (id, f"{path.relative_to(package).as_posix()}{': ' if scope else ''}{scope}")
        for path in _modules(package)
        for scope, node in _scoped(_tree(path))
        for id in _cited(node)
    )


def with_basis(package: Path) -> list[str]:
    """Every place is named whose `Source:` says more than ids: the table alone has the basis."""
    return [
        f"{path.relative_to(package).as_posix()}: {scope}"
        for path in _modules(package)
        for scope, node in _scoped(_tree(path))
        if isinstance(node, _DESCRIBED) and any("(" in one for one in _sources(node))
    ]


def proved(tests: Path) -> Places:
    """Every fact that a marker names has the tests below that marker, in the order of the files."""
    return _gather(
        (id, test)
        for path in _modules(tests)
        for test, ids in _tests_of(path, path.relative_to(tests.parent).as_posix())
        for id in ids
    )


def unknown(places: Places) -> list[str]:
    """Every id that is not in the table of facts is named, with its places."""
    return [f"{id} ({', '.join(where)})" for id, where in places.items() if id not in by_id()]


def unproved(proofs: Places) -> list[str]:
    """Every fact is named that lacks a test and is neither work to come nor left out on purpose."""
    excused = {*proofs, *NOT_YET, *NOT_REPRODUCED}
    return [id for id in by_id() if id not in excused]


def unenforced(citations: Places) -> list[str]:
    """Every fact is named that no code cites and that is not left out on purpose."""
    excused = {*citations, *NOT_YET, *NOT_REPRODUCED}
    return [id for id in by_id() if id not in excused]


def page(root: Path = ROOT) -> str:
    """The page says what the tree under `root` cites and proves."""
    citations, proofs = enforced(root / "mockpbx"), proved(root / "tests")
    parts = (_tables(citations, proofs), _pages(), _commands(), _stored_only(), _assumptions())
    return "\n".join([_INTRO, *chain.from_iterable(parts)])


def is_current(root: Path = ROOT) -> bool:
    """Whether the page in docs/ says what the tree cites and proves now."""
    written = _page_file(root)
    return written.is_file() and written.read_text(encoding="utf-8") == page(root)


def _page_file(root: Path) -> Path:
    return root / "docs" / "fidelity.md"


def _gather(pairs: Iterable[tuple[str, str]]) -> Places:
    places: Places = {}
    for id, place in dict.fromkeys(pairs):
        places.setdefault(id, []).append(place)
    return places


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"), key=Path.as_posix)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _scoped(node: ast.AST, scope: str = "") -> Iterator[tuple[str, ast.AST]]:
    yield scope, node
    for child in ast.iter_child_nodes(node):
        yield from _scoped(child, _inside(child, scope))


def _inside(node: ast.AST, scope: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"{scope}.{node.name}" if scope else node.name
    return scope or next(iter(_assigned(node)), "")


def _assigned(node: ast.AST) -> dict[str, ast.expr]:
    match node:
        case ast.Assign(targets=[ast.Name(name)], value=value):
            return {name: value}
        case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
            return {name: value}
    return {}


def _sources(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return _SOURCE.findall(ast.get_docstring(node) or "")


def _cited(node: ast.AST) -> list[str]:
    if isinstance(node, _DESCRIBED):
        return _ID.findall(" ".join(_sources(node)))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        # Other names have this form too: UTF-8.
        known = _ID.fullmatch(node.value) and node.value.partition("-")[0] in _FAMILIES
        return [node.value] if known else []
    return []


def _tests_of(path: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    tree = _tree(path)
    names = dict(chain.from_iterable(_assigned(node).items() for node in tree.body))
    yield from _tests_in(tree.body, name, [], names)


def _tests_in(
    body: Sequence[ast.stmt], name: str, ids: list[str], names: Mapping[str, ast.expr]
) -> Iterator[tuple[str, list[str]]]:
    own = chain.from_iterable(_assigned(node).items() for node in body)
    ids = [*ids, *(id for key, value in own if key == "pytestmark" for id in _marked(value, names))]
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [*ids, *(id for mark in node.decorator_list for id in _marked(mark, names))]
            if isinstance(node, ast.ClassDef):
                yield from _tests_in(node.body, f"{name}::{node.name}", marks, names)
            elif node.name.startswith("test"):
                yield f"{name}::{node.name}", marks


def _marked(node: ast.AST, names: Mapping[str, ast.expr]) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            others = {key: value for key, value in names.items() if key != part.id}
            yield from _marked(names[part.id], others)
        elif isinstance(part, ast.Call) and ast.unparse(part.func) == "pytest.mark.fact":
            yield from (str(arg.value) for arg in part.args if isinstance(arg, ast.Constant))


def _tables(citations: Places, proofs: Places) -> Iterator[str]:
    for title, facts in by_section().items():
        yield f"## {title}\n"
        yield "| id | fact | basis | enforced in | proved by |"
        yield "| --- | --- | --- | --- | --- |"
        for fact in facts:
            where = "<br>".join(_shown(citations, fact.id))
            proof = "<br>".join([*_remarks(fact.id), *_shown(proofs, fact.id)])
            yield f"| {fact.id} | {fact.statement} | {fact.basis} | {where} | {proof} |"
        yield ""


def _remarks(id: str) -> list[str]:
    remarks = {"Not yet": NOT_YET, "Not reproduced": NOT_REPRODUCED}
    return [f"{word}: {reasons[id]}." for word, reasons in remarks.items() if id in reasons]


def _shown(places: Places, id: str) -> list[str]:
    all_places = places.get(id, [])
    more = [f"+{len(all_places) - _SHOWN}"] if len(all_places) > _SHOWN else []
    return [*(f"`{place}`" for place in all_places[:_SHOWN]), *more]


def _pages() -> Iterator[str]:
    yield "## The documentation's pages\n"
    yield "What five pages of the documentation state, in our words: each with the facts that cover"
    yield "it, whose tests stand above, or with the reason why it or its rest is not reproduced.\n"
    for title, statements in PAGES:
        yield f"### {title}\n"
        yield "| statement | covered by | not reproduced |"
        yield "| --- | --- | --- |"
        for one in statements:
            yield f"| {one.text} | {', '.join(one.facts)} | {one.reason or ''} |"
        yield ""


def _commands() -> Iterator[str]:
    yield "## The documentation's commands\n"
    yield "Each command that the documentation prints, in the world `documented`, whose token it"
    yield "names, with the address and the token in the variables that it expects.\n"
    yield "| command | request | runs as printed |"
    yield "| --- | --- | --- |"
    for one in COMMANDS:
        runs = "yes" if one.fault is None else f"no: {one.fault}"
        yield f"| {one.language} | `{one.request}` | {runs} |"
    yield ""


def _stored_only() -> Iterator[str]:
    yield "## Stored only\n"
    yield "Phone properties that are kept and have no effect that a program could observe.\n"
    yield from (f"- `{name}`: {REASONS[name]}." for name in stored_only())
    yield ""


def _assumptions() -> Iterator[str]:
    yield "## What we assumed\n"
    for fact in by_id().values():
        if "assumed" in fact.basis:
            part = "" if fact.basis == "assumed" else " (in part)"
            yield f"- **{fact.id}**{part}: {fact.statement}"
    yield ""


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """The page is current, or the exit code is 1 because it was only checked."""
    parser = argparse.ArgumentParser(prog="python -m tests.fidelity", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="bring the page up to date")
    action.add_argument("--check", action="store_true", help="exit with 1 when it is not")
    if parser.parse_args(arguments).write:
        _page_file(root).parent.mkdir(exist_ok=True)
        _page_file(root).write_text(page(root), encoding="utf-8", newline="\n")
    elif not is_current(root):
        print("docs/fidelity.md is stale: python -m tests.fidelity --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
