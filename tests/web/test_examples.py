"""The examples of the OpenAPI documents: each works in the world `office`, and each is valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockpbx import create_app
from mockpbx.app import RESOURCES, control_resource, documents
from mockpbx.story import OWN, tell
from mockpbx.web.examples import SHOWN, Told

from ..conftest import Caller

MADE = documents()
NAMES = pytest.mark.parametrize("name", ["mockpbx", "control"])
OPERATIONS = [op for one in (*RESOURCES, control_resource()) for op in one.operations]


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """Every operation as it is asked with its example."""
    return tell(create_app("empty"), OPERATIONS)


def test_every_example_works(told: list[Told]) -> None:
    """Every operation, asked with its example, answers with the status of its success."""
    wrong = {
        one.operation.label: (one.status, one.answer)
        for one in told
        if one.status != one.operation.status
    }
    assert wrong == {}
    assert [one.operation for one in told] == OPERATIONS


def test_the_story_is_always_the_same(told: list[Told]) -> None:
    """Told again, it has the same ids and times: the documents do not change by themselves."""
    assert [one.path for one in tell(create_app("empty"), OPERATIONS)] == [one.path for one in told]
    assert documents() == MADE


def bearers(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Whatever has an example in that document, with its place and the schema it must fit."""
    for path, methods in MADE[name]["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            for parameter in operation["parameters"]:
                yield f"{place} {parameter['name']}", parameter, parameter["schema"]
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                yield f"{place} {kind}", content, content["schema"]
            for status, answer in operation["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    if "contentMediaType" not in content["schema"] and status != "206":
                        yield f"{place} {status} {kind}", content, content["schema"]


@NAMES
def test_everything_has_an_example(name: str) -> None:
    """Every parameter, body and answer in JSON or of a page has an example."""
    assert [place for place, one, _ in bearers(name) if "example" not in one] == []


@NAMES
def test_every_example_is_valid(name: str) -> None:
    """Every example is one that its schema allows."""
    components = {"components": MADE[name]["components"]}
    wrong = [
        (place, error.message)
        for place, one, schema in bearers(name)
        for error in Draft202012Validator({**components, **schema}).iter_errors(one["example"])
    ]
    assert wrong == []


def test_examples_of_events_are_valid() -> None:
    """The examples of webhooks fit their schemas, too."""
    for kind, methods in MADE["mockpbx"]["webhooks"].items():
        (content,) = methods["post"]["requestBody"]["content"].values()
        assert Draft202012Validator(content["schema"]).is_valid(content["example"]), kind
        by_get = {one["name"]: one["example"] for one in methods["get"]["parameters"]}
        assert by_get == content["example"]


def test_paths_are_filled() -> None:
    """The client is `@me`, and an extension goes by its number where a name is allowed."""
    for path, methods in MADE["mockpbx"]["paths"].items():
        for operation in methods.values():
            parameters = (one for one in operation["parameters"] if one["in"] == "path")
            found = {one["name"]: one["example"] for one in parameters}
            if "client_id" in found and "oauth" not in path:
                assert found["client_id"] == "@me"
            if "/extension/{extension_id}/" in path:
                assert found["extension_id"] in {"@099", "@101", "@102", "@887"}


def test_an_answer_is_shortened(told: list[Told]) -> None:
    """An example of a list shows its first items."""
    whole = next(one.answer for one in told if one.operation.view.__name__ == "list_records")
    operation = MADE["mockpbx"]["paths"]["/api/ver1.0/client/{client_id}/record/"]["get"]
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert len(whole) > SHOWN
    assert shown == whole[:SHOWN]


def test_only_operations_have_values_of_their_own() -> None:
    """No value stands there for an operation that is not."""
    names = {op.view.__name__ for op in OPERATIONS}
    assert {key.removeprefix("control.") for key in OWN} <= names


@pytest.mark.parametrize(
    ("status", "user", "token"), [(401, None, "none"), (403, "sales", None), (404, None, None)]
)
def test_refusals_are_as_shown(
    make_caller: Callable[..., Caller], status: int, user: str | None, token: str | None
) -> None:
    """The example of a refusal is what is answered."""
    there = make_caller("office", user=user, freeze=True)
    there.token = token or there.token
    answer = there.get("/extension/85218/event/4711")
    operation = MADE["mockpbx"]["paths"]["/api/ver1.0/extension/{extension_id}/event/{id}"]["get"]
    shown = operation["responses"][str(status)]["content"]["application/json"]["example"]
    assert (answer.status_code, answer.json) == (status, shown)
