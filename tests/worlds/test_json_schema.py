"""The JSON Schema of world files takes what mockpbx takes, and refuses forms that it refuses."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockpbx import WorldError, worlds
from mockpbx.documents import world_schema
from mockpbx.worlds.schema import WorldState

from .. import shared

WRITTEN = Path(__file__).resolve().parents[2] / "openapi" / "world.schema.json"


@pytest.fixture(scope="module")
def written() -> Draft202012Validator:
    """What checks a world file by the schema in the repository."""
    return Draft202012Validator(json.loads(WRITTEN.read_text(encoding="utf-8")))


def office() -> dict[str, Any]:
    """The file of the world `office`."""
    found: dict[str, Any] = json.loads(worlds.find("office").read_text(encoding="utf-8"))
    return found


def test_it_is_a_schema() -> None:
    """The document is a JSON Schema of 2020-12."""
    Draft202012Validator.check_schema(world_schema())


def test_it_is_current() -> None:
    """The file in the repository is what `mockpbx openapi --write` writes."""
    assert WRITTEN.read_text(encoding="utf-8") == json.dumps(world_schema(), indent=2) + "\n"


def test_it_stands_alone(written: Draft202012Validator) -> None:
    """Every reference in it leads to one of its own parts."""
    text = json.dumps(written.schema)
    parts = {f"#/$defs/{name}" for name in written.schema["$defs"]}
    found = {one.partition('"')[0] for one in text.split('"$ref": "')[1:]}
    assert found == parts


def test_it_knows_every_key(written: Draft202012Validator) -> None:
    """It has the keys that the top of a world file may have, and no more."""
    keys = {one.data_key or name for name, one in WorldState().fields.items()}
    assert set(written.schema["properties"]) == keys
    assert written.schema["additionalProperties"] is False


@pytest.mark.parametrize("name", worlds.names())
def test_a_shipped_world(written: Draft202012Validator, name: str) -> None:
    """A shipped world file is valid."""
    data = json.loads(worlds.find(name).read_text(encoding="utf-8"))
    assert [one.message for one in written.iter_errors(data)] == []


def test_an_exported_state(written: Draft202012Validator) -> None:
    """A state with a finished call, a recording, an agent and a token is valid."""
    with shared.pbx("office") as pbx:
        pbx.token()
        pbx.incoming_call("+79161112233", to="74959998877").press("1").answer().talk(9).hang_up()
        state = pbx.state()
    (client, *_) = state["clients"]
    assert client["calls"]
    assert client["agents"]
    assert any(one["tokens"] for one in client["applications"])
    assert [one.message for one in written.iter_errors(state)] == []


def test_a_file_may_name_its_schema(written: Draft202012Validator) -> None:
    """`$schema` is taken at the top of a file, where editors look for it."""
    named = {"$schema": "world.schema.json", **office()}
    assert written.is_valid(named)
    assert worlds.read(named).name == "custom"


def test_a_schema_is_named_by_a_text() -> None:
    """`$schema` is a text."""
    with pytest.raises(WorldError) as refused:
        worlds.read({"$schema": 1, **office()})
    assert refused.value.faults == ["$schema: must be a string"]


#: Where a world file is broken, and what stands there instead.
BROKEN: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "another format": (("format",), 2),
    "no clients": (("clients",), []),
    "an unknown key": (("colour",), "red"),
    "an unknown key of a client": (("clients", 0, "colour"), "red"),
    "an id of 0": (("clients", 0, "id"), 0),
    "an id that is a text": (("clients", 0, "id"), "1"),
    "a prefix of letters": (("clients", 0, "prefix"), "abc"),
    "an unknown status": (("clients", 0, "status"), "asleep"),
    "a null name": (("clients", 0, "name"), None),
    "an unknown type": (("clients", 0, "extensions", 0, "type"), "pager"),
    "extensions in an object": (("clients", 0, "extensions"), {}),
    "a login that is a number": (("clients", 0, "users", 0, "login"), 7),
    "an unknown type of application": (("clients", 0, "applications", 0, "type"), "secret"),
    "a creation in words": (("clients", 0, "create_date"), "yesterday"),
    "a next id below 1": (("next_ids",), {"event": 0}),
}


def broken(place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The office with that value at that place."""
    data = copy.deepcopy(office())
    part: Any = data
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return data


@pytest.mark.parametrize(("place", "value"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file(
    written: Draft202012Validator, place: tuple[str | int, ...], value: Any
) -> None:
    """What has another form is invalid at its place, and mockpbx does not take it either."""
    data = broken(place, value)
    with pytest.raises(WorldError):
        worlds.read(data)
    found = [tuple(one.absolute_path) for one in written.iter_errors(data)]
    assert found
    assert all(one in (place[: len(one)], (*place, "event")) for one in found)


@pytest.mark.parametrize("key", ["id", "name", "prefix", "domain"])
def test_a_key_is_missing(written: Draft202012Validator, key: str) -> None:
    """A client without one of the keys that it needs is invalid."""
    data = office()
    del data["clients"][0][key]
    assert [one.message for one in written.iter_errors(data)] == [f"{key!r} is a required property"]
