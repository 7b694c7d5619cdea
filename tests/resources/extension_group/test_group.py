"""Groups of extensions, and the realm of their users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller

LIST = "/client/@me/extension_group/"
SALES = {"id": 14, "name": "Sales", "client_id": 2566, "extra_params": None}


@pytest.mark.fact("GRP-1", "GEN-14")
def test_groups(office: Caller) -> None:
    """Groups are added, listed, changed and deleted."""
    assert answered(office.get(LIST)) == (200, [SALES])
    support = {"id": 15, "name": "Support", "client_id": 2566, "extra_params": "x"}
    body = {"name": "Support", "extra_params": "x"}
    assert answered(office.post(LIST, json=body)) == (201, support)
    assert json_of(office.get(LIST, query_string={"page": 2, "per_page": 1})) == [support]
    changed = {**support, "name": "Help", "extra_params": None}
    body = {"name": "Help", "extra_params": None}  # type: ignore[dict-item]
    assert answered(office.put(f"{LIST}15", json=body)) == (200, changed)
    assert answered(office.put(f"{LIST}15", json={"name": "Help"})) == (200, changed)
    assert answered(office.delete(f"{LIST}15")) == (204, None)
    assert json_of(office.get(LIST)) == [SALES]


@pytest.mark.fact("GRP-1", "AUT-15")
def test_a_deleted_group(office: Caller) -> None:
    """The extensions of a deleted group are in none, and its users are gone."""
    members = json_of(office.get("/extension_group/14/extension/"))
    assert [one["name"] for one in members] == ["2566*103", "2566*104"]
    office.delete(f"{LIST}14")
    state = office.state()["clients"][0]
    assert [one["extension_group"] for one in state["extensions"]] == [None] * 12
    assert [one["login"] for one in state["users"]] == ["admin", "auditor", "anna", "former"]


@pytest.mark.fact("GRP-1", "ERR-6")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", LIST, {}, 400, "name: is required"),
        ("POST", LIST, {"name": ""}, 400, "name: must be 1 to 255 characters in one line"),
        ("POST", LIST, {"name": "Sales"}, 400, "name: there is a group 'Sales' already"),
        ("PUT", f"{LIST}14", {"name": None}, 400, "name: must not be null"),
        ("PUT", f"{LIST}15", {"name": "x"}, 404, "Not found"),
        ("DELETE", f"{LIST}15", None, 404, "Not found"),
        ("DELETE", f"{LIST}x", None, 404, "Not found"),
        ("GET", "/extension_group/15/extension/", None, 404, "Not found"),
    ],
)
def test_bad_requests(
    office: Caller, method: str, path: str, body: Any, status: int, message: str
) -> None:
    """What cannot be is refused, and changes nothing."""
    before = office.state()
    answer = refused(office.send(method, path, json=body))
    assert (answer.status, answer.body) == (status, {"message": message})
    assert "GRP-1" in str(answer.rule)
    assert office.state() == before


@pytest.mark.fact("GRP-1")
def test_a_name_of_another_group(office: Caller) -> None:
    """A group may not take the name of another one, and may keep its own."""
    office.post(LIST, json={"name": "Support"})
    answer = office.put(f"{LIST}15", json={"name": "Sales"})
    assert answered(answer) == (400, {"message": "name: there is a group 'Sales' already"})
    assert office.put(f"{LIST}14", json={"name": "Sales"}).status_code == 200


@pytest.mark.fact("GRP-1", "AUT-16", "EXT-1")
@pytest.mark.parametrize(
    ("user", "path", "status"),
    [
        ("sales", "/extension_group/@me/extension/", 200),
        ("sales", "/extension_group/14/extension/", 200),
        ("sales", "/extension_group/15/extension/", 403),
        ("admin", "/extension_group/14/extension/", 200),
        ("admin", "/extension_group/@me/extension/", 403),
        ("anna", "/extension_group/14/extension/", 403),
        ("anna", "/extension_group/@me/extension/", 403),
    ],
)
def test_the_realm(make_caller: Callable[..., Caller], user: str, path: str, status: int) -> None:
    """A user of a group reaches that group alone, one of the client all of its, others none."""
    make_caller("office", user="admin").post(LIST, json={"name": "Support"})
    there = make_caller("office", user=user)
    Caller(there.app, there.token)
    there.world.store.put(type(there.world.store.get(*_group(14)))(15, 2566, "Support"))
    assert there.get(path).status_code == status


def _group(number: int) -> tuple[Any, int]:
    from mockpbx.core.accounts import ExtensionGroup

    return ExtensionGroup, number


@pytest.mark.fact("GRP-1", "EXT-1")
def test_filters(office: Caller) -> None:
    """The extensions of a group are filtered and paged as the client's are."""
    path = "/extension_group/14/extension/"
    for query, names in (
        ({"name": "104"}, ["2566*104"]),
        ({"name": "101"}, []),
        ({"type": "queue"}, []),
        ({"page": 2, "per_page": 1}, ["2566*104"]),
    ):
        found = json_of(office.get(path, query_string=query))
        assert [one["name"] for one in found] == names
