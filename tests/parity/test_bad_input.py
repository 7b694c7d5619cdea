"""What a command refuses, it refuses in one text: over HTTP, from Python and from the shell.

The cases are made from the declared commands: a new one is covered by being declared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from marshmallow import fields as wire

from mockpbx.app import catalog
from mockpbx.cli import main
from mockpbx.cli.commands import OWN_SHAPE
from mockpbx.core.errors import InvalidError, RefusalError
from mockpbx.testing.command import Command
from mockpbx.testing.commands import COMMANDS
from mockpbx.testing.invoker import Invoker
from mockpbx.testing.local import Local
from mockpbx.testing.remote import Remote
from mockpbx.testing.schema import Script
from mockpbx.web.errors import STATUS
from mockpbx.web.schema import made

from .conftest import TOKEN, Faces, Pair

#: A value for each field that some command needs.
RIGHT: Mapping[str, Any] = {
    "seconds": 1,
    "moment": "2026-03-01 12:00:00",
    "extension": "101",
    "method": "GET",
    "path": "/user/",
    "faults": [],
    "from": "+79161112233",
    "to": "101",
    "key": "1",
    "text": "Hello",
    "status": "available",
    "login": "petrov",
    "client_id": "crm",
    "name": "79161110000",
}
#: What stands in a path where the fields are refused.
PLACES = {"call": "0" * 32, "name": "102", "id": "1"}
#: Values of every JSON type, and some that are of the right type and impossible.
WRONG: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 1.5, 10**13, 10**30),
    *("", "a b", "жук", "x" * 65, "-1", "1"),
    *([], [1], [{}], [{"colour": 1}], {}, {"colour": "red"}),
)
#: Values that only Python has.
PYTHONS: tuple[Any, ...] = (float("nan"), float("inf"), b"101", (1,), {1}, object, 1j)
#: The class, text, rules, reason and body of a refusal.
Refusal = tuple[type, str, tuple[str, ...], str, Any]

#: Fields that take whatever JSON there is.
ANYTHING = {("verify", "json"), ("verify", "body"), ("add-fault", "body")}


@dataclass(frozen=True, slots=True)
class Case:
    """What a command refuses: several fields that are alike but for the value of one."""

    command: Command[Any]
    field: str
    wrong: tuple[Mapping[str, Any], ...]


@pytest.fixture(scope="module")
def pair(faces: Faces) -> Iterator[Pair]:
    """One for all tests: what is refused changes nothing."""
    made = faces.pair()
    yield made
    made.remote.close()


def names(command: Command[Any]) -> dict[str, Any]:
    """The fields of a command by their names as JSON."""
    assert command.takes is not None
    found = made(command.takes).fields.items()
    return {field.data_key or name: field for name, field in found}


def needed(command: Command[Any]) -> dict[str, Any]:
    """Right values for the fields that it cannot do without."""
    return {name: RIGHT[name] for name, field in names(command).items() if field.required}


def refuses(command: Command[Any], fields: Mapping[str, Any]) -> bool:
    """Whether its schema does."""
    try:
        command.load({name: one for name, one in fields.items() if one is not None})
    except InvalidError:
        return True
    return False


def cases(*values: Any) -> list[Case]:
    """Each field of each command with those of the values that it refuses."""
    return [Case(one, name, wrong(one, name, values)) for one in WITH_FIELDS for name in names(one)]


def wrong(command: Command[Any], name: str, values: Sequence[Any]) -> tuple[Mapping[str, Any], ...]:
    """The fields of a command, all right but one, for each value of it that is refused."""
    fields = [{**needed(command), name: value} for value in values]
    return tuple(one for one in fields if refuses(command, one))


def wholes() -> list[Case]:
    """For each command no field at all, an unknown one beside right ones, and all wrong at once."""
    found = []
    for one in WITH_FIELDS:
        unknown = {**needed(one), "colour": "red"}
        fields: Any = ({}, unknown, {name: [None] for name in (*names(one), "colour")})
        found.append(Case(one, "", tuple(each for each in fields if refuses(one, each))))
    return found


WITH_FIELDS = [one for one in COMMANDS if one.takes is not None]
CASES = [one for one in cases(*WRONG) if (one.command.name, one.field) not in ANYTHING]
WHOLES = wholes()
PYTHON_CASES = [one for one in cases(*PYTHONS) if one.wrong]


def named(case: Case) -> str:
    return f"{case.command.name.replace(' ', '-')}-{case.field or 'all'}"


def path_of(command: Command[Any]) -> dict[str, str]:
    return {name: PLACES[name] for name in command.parameters}


def raised(invoker: Invoker, command: Command[Any], fields: Mapping[str, Any]) -> Refusal:
    """The refusal with all that it says."""
    with pytest.raises(RefusalError) as caught:
        invoker.ask(command, fields, **path_of(command))
    error = caught.value
    return type(error), str(error), error.rules, error.reason, dict(error.body)


def here(pair: Pair, case: Case) -> list[Refusal]:
    """How the PBX in this process refuses each."""
    local = Local(pair.local.world, catalog)
    return [raised(local, case.command, one) for one in case.wrong]


def there(pair: Pair, case: Case) -> list[Refusal]:
    """How the one on a server does, asked from Python."""
    remote = Remote(pair.remote.url, TOKEN)
    found = [raised(remote, case.command, one) for one in case.wrong]
    remote.close()
    return found


def over_http(pair: Pair, case: Case) -> list[Refusal]:
    """How the control API does."""
    path = case.command.path
    for name, value in path_of(case.command).items():
        path = path.replace(f"<{name}>", value)
    url = pair.remote.url.partition("/worlds/")[0] if case.command.of_process else pair.remote.url
    return [_answered(f"{url}/_mockpbx{path}", case, one) for one in case.wrong]


def _answered(url: str, case: Case, fields: Mapping[str, Any]) -> Refusal:
    sent = {name: one for name, one in fields.items() if one is not None}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.request(case.command.method, url, json=sent, headers=headers, timeout=30)
    body = answer.json()
    kinds = {status: kind for kind, status in STATUS.items()}
    rules = tuple(filter(None, answer.headers.get("X-Mockpbx-Rule", "").split(", ")))
    reason = answer.headers["X-Mockpbx-Reason"].encode().decode("unicode_escape")
    return kinds[answer.status_code], body["message"], rules, reason, body


@pytest.mark.parametrize("case", [*CASES, *WHOLES], ids=named)
def test_one_text_for_all(pair: Pair, case: Case) -> None:
    """The refusal in this process, on a server and over HTTP is the same, and names the field."""
    expected = here(pair, case)
    assert expected, "there is nothing that the field refuses"
    assert {kind for kind, *_ in expected} == {InvalidError}
    assert [text for _, text, *_ in expected if case.field not in text] == []
    assert there(pair, case) == expected
    if not case.command.asks_by_query:  # whose fields are texts there
        assert over_http(pair, case) == expected


@pytest.mark.parametrize("case", PYTHON_CASES, ids=named)
def test_what_only_python_has(pair: Pair, case: Case) -> None:
    """A value that JSON has no form for is refused in the same text on both faces."""
    assert there(pair, case) == here(pair, case)


@pytest.mark.parametrize(("command", "name"), sorted(ANYTHING))
def test_what_takes_anything(command: str, name: str) -> None:
    """These fields refuse no JSON, so that there is nothing to compare."""
    [found] = [one for one in COMMANDS if one.name == command]
    assert [
        one for one in WRONG if one is not None and refuses(found, {**needed(found), name: one})
    ] == []


def written(field: Any, value: Any) -> str | None:
    """The value as an argument of a command; None when the shell cannot say it."""
    if isinstance(field, (wire.Dict, wire.List, wire.Raw, Script)):
        return json.dumps(value)
    if isinstance(field, wire.Boolean) or isinstance(value, bool) or value is None:
        return None
    if isinstance(field, wire.Integer):
        return str(value) if isinstance(value, int) else None
    if isinstance(field, wire.Float):
        return str(value) if isinstance(value, (int, float)) else None
    return value if isinstance(value, str) else None


def sayable(case: Case) -> Case:
    """The same case with what the shell can say."""
    field = names(case.command)[case.field]
    wrong = [one for one in case.wrong if written(field, one[case.field]) is not None]
    return replace(case, wrong=tuple(wrong))


def line_of(command: Command[Any], fields: Mapping[str, Any], url: str) -> list[str]:
    """The words of the command line that say it."""
    texts = {name: written(field, fields.get(name)) or "" for name, field in names(command).items()}
    needs = [
        name
        for name, field in names(command).items()
        if field.required or (field.metadata.get("argument") and name in fields)
    ]
    options = [f"--{name.replace('_', '-')}={texts[name]}" for name in fields if name not in needs]
    places = list(path_of(command).values())
    first, *rest = command.name.split(" ")
    before, after = (places, []) if first == "step" else ([], places)
    return [
        first,
        *before,
        *rest,
        f"--url={url}",
        *options,
        "--",
        *after,
        *(texts[one] for one in needs),
    ]


#: `call` has a shape of its own on the command line.
SAYABLE = [one for one in map(sayable, CASES) if one.wrong and one.command.name not in OWN_SHAPE]


@pytest.mark.parametrize("case", SAYABLE, ids=named)
def test_the_command_line(pair: Pair, case: Case) -> None:
    """It says the same after its own name, and ends with 1."""
    lines = [line_of(case.command, one, pair.remote.url) for one in case.wrong]
    given = {"MOCKPBX_CONTROL_TOKEN": TOKEN}
    done = [CliRunner().invoke(main, line, env=given) for line in lines]
    texts = [f"mockpbx: {' '.join(text.split())}\n" for _, text, *_ in here(pair, case)]
    assert [(one.exit_code, one.output) for one in done] == [(1, text) for text in texts]
