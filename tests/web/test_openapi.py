"""The OpenAPI documents: valid, current, and true about what is answered."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockpbx.app import RESOURCES, documents
from mockpbx.control.views import control
from mockpbx.core.facts import by_id
from mockpbx.web.documented import refusals
from mockpbx.web.journal import Exchange
from mockpbx.web.operation import Operation

from ..conftest import Caller
from ..shared import undocumented
from .walk import each

FOLDER = Path(__file__).resolve().parents[2] / "openapi"
NAMES = ["mockpbx", "control"]
ALL = [operation for resource in (*RESOURCES, control) for operation in resource.operations]


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    """The documents as the code makes them."""
    return documents()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The operations of a document, each with its method and path."""
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_valid(made: dict[str, dict[str, Any]], name: str) -> None:
    """The document is one of OpenAPI 3.1."""
    assert made[name]["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(made[name]).iter_errors()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_current(made: dict[str, dict[str, Any]], name: str) -> None:
    """The file in the repository is what `mockpbx openapi --write` writes."""
    written = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert written == json.dumps(made[name], indent=2) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_names_of_operations_are_unique(made: dict[str, dict[str, Any]], name: str) -> None:
    """No two operations have one operationId."""
    counted = Counter(operation["operationId"] for _, operation in operations(made[name]))
    assert [key for key, times in counted.items() if times > 1] == []


def test_every_operation_is_described(made: dict[str, dict[str, Any]]) -> None:
    """The documents have exactly the operations that are served."""
    described = [label for name in NAMES for label, _ in operations(made[name])]
    assert sorted(described) == sorted(operation.label for operation in ALL)


@each(ALL)
def test_every_answer_is_described(made: dict[str, dict[str, Any]], operation: Operation) -> None:
    """An operation's responses are its successes and every status of its refusals."""
    document = made["control" if operation.resource is control else "mockpbx"]
    described = dict(operations(document))[operation.label]["responses"]
    expected = {operation.status, *operation.also, *refusals(operation)}
    assert set(described) == {str(status) for status in expected}


@each(ALL)
def test_every_refusal_is_explained(made: dict[str, dict[str, Any]], operation: Operation) -> None:
    """The description of a refusal names its rules with their statements."""
    document = made["control" if operation.resource is control else "mockpbx"]
    described = dict(operations(document))[operation.label]["responses"]
    for status, rules in refusals(operation).items():
        lines = [f"- {rule}: {by_id()[rule].statement}" for rule in rules] or ["Refused."]
        assert described[str(status)]["description"].split("\n") == lines


def exchange(office: Caller, rules: tuple[str, ...]) -> Exchange:
    """The reading of a user, as if it had been refused by these rules."""
    office.get("/user/")
    found: Exchange = list(office.world.journal)[-1]
    found.rules = rules
    return found


@pytest.mark.parametrize(
    ("status", "rules", "fault"),
    [
        (200, (), None),
        (401, ("ERR-1", "AUT-12"), None),
        (201, (), "GET /api/ver1.0/user/: 201 is not documented"),
        (500, (), "GET /api/ver1.0/user/: 500 is not documented"),
        (403, ("ERR-3", "ERR-4"), "GET /api/ver1.0/user/: 403 ERR-4 is not documented"),
        (400, ("ERR-9",), "GET /api/ver1.0/user/: 400 ERR-9 is not documented"),
    ],
)
def test_an_undocumented_answer_is_found(
    office: Caller, status: int, rules: tuple[str, ...], fault: str | None
) -> None:
    """The check that every test's answers pass finds statuses and rules that no document has."""
    assert undocumented(exchange(office, rules), status) == fault
