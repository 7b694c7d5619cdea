"""The rules of a bundle: what is refused, and the nearest thing that is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers import answered, json_of, refused
from tests.conftest import Caller

BUNDLE = "/client/801/extensions_bundle"
OFFICE = "/client/2566/extensions_bundle"


def _add(caller: Caller, client: int, name: str, kind: str) -> int:
    answer = caller.post(f"/client/{client}/extension/", json={"name": name, "type": kind})
    number: int = json_of(answer)["id"]
    return number


@pytest.mark.fact("BND-2", "ERR-12")
@pytest.mark.parametrize("kind", ["queue", "ivr", "fax"])
@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("POST", {"json": {"bundle_list": [85219]}}),
        ("POST", {"json": {"bundle_list": []}}),
        ("GET", {}),
        ("DELETE", {}),
    ],
    ids=["POST", "POST empty", "GET", "DELETE"],
)
def test_a_main_extension_of_another_type_is_refused(
    office: Caller, kind: str, method: str, body: dict[str, Any]
) -> None:
    """Every method refuses a main extension that is no phone, and changes nothing."""
    main = _add(office, 2566, "700", kind)
    before = office.state()
    answer = office.send(method, f"{OFFICE}/{main}", **body)
    message = f"extension_id: must be of type phone, {main} is {kind}"
    assert refused(answer) == (400, {"message": message}, "BND-2", "doc")
    assert office.state() == before


@pytest.mark.fact("BND-2")
@pytest.mark.parametrize(
    ("method", "body", "status", "members"),
    [
        ("POST", {"json": {"bundle_list": [85219]}}, 201, [85219]),
        ("GET", {}, 200, []),
        ("DELETE", {}, 200, []),
    ],
    ids=["POST", "GET", "DELETE"],
)
def test_a_main_extension_of_type_phone_is_taken(
    office: Caller, method: str, body: dict[str, Any], status: int, members: list[int]
) -> None:
    """Every method takes a main extension that is a phone."""
    main = _add(office, 2566, "700", "phone")
    answer = office.send(method, f"{OFFICE}/{main}", **body)
    assert answered(answer) == (status, {"bundle_list": members, "bundle_id": main})


@pytest.mark.fact("BND-3")
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "bundle_list: is required"),
        ({"members": [2]}, "bundle_list: is required"),
        ({"bundle_list": None}, "bundle_list: must not be null"),
        ({"bundle_list": 2}, "bundle_list: must be an array"),
        ({"bundle_list": {"2": {"active": True}}}, "bundle_list: must be an array"),
        ({"extension_id": 2}, "extension_id: must be an array"),
        ({"bundle_list": ["2"]}, "bundle_list[0]: must be an integer"),
        ({"bundle_list": [2, True]}, "bundle_list[1]: must be an integer"),
        ({"bundle_list": [2.0]}, "bundle_list[0]: must be an integer"),
        (
            {"bundle_list": [-1, 4294967296]},
            "bundle_list[0]: must be an integer from 0 to 4294967295; "
            "bundle_list[1]: must be an integer from 0 to 4294967295",
        ),
        (
            {"bundle_list": [2], "extension_id": [54]},
            "bundle_list and extension_id: both are given and differ",
        ),
        (
            {"bundle_list": [2, 54], "extension_id": [54, 2]},
            "bundle_list and extension_id: both are given and differ",
        ),
        (
            {"bundle_list": [], "extension_id": [2]},
            "bundle_list and extension_id: both are given and differ",
        ),
    ],
)
def test_a_body_without_one_list_of_ids_is_refused(
    documented: Caller, body: dict[str, Any], message: str
) -> None:
    """A body must hold one array of integers, under one of the two names or under both."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/31456", json=body)
    assert refused(answer) == (400, {"message": message}, "BND-3", "example, doc")
    assert documented.state() == before


@pytest.mark.fact("BND-4", "ERR-12")
@pytest.mark.parametrize("kind", ["queue", "ivr", "fax"])
def test_a_member_of_another_type_is_refused(office: Caller, kind: str) -> None:
    """A member that is no phone is refused with its type, and changes nothing."""
    member = _add(office, 2566, "700", kind)
    before = office.state()
    answer = office.post(f"{OFFICE}/85219", json={"bundle_list": [85220, member]})
    message = f"bundle_list: {member} must be of type phone, it is {kind}"
    assert refused(answer) == (400, {"message": message}, "BND-4", "doc")
    assert office.state() == before


@pytest.mark.fact("BND-4")
def test_a_member_of_type_phone_is_taken(office: Caller) -> None:
    """A member that is a phone is linked."""
    member = _add(office, 2566, "700", "phone")
    answer = office.post(f"{OFFICE}/85219", json={"bundle_list": [85220, member]})
    assert answered(answer) == (201, {"bundle_list": [85220, member], "bundle_id": 85219})


@pytest.mark.fact("BND-5", "ERR-12")
def test_a_member_that_heads_a_bundle_is_refused(documented: Caller) -> None:
    """The main extension of a bundle cannot be linked to another one, and nothing changes."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32486, 3]})
    message = "bundle_list: 3 is the main extension of a bundle"
    assert refused(answer) == (400, {"message": message}, "BND-5", "doc")
    assert documented.state() == before


@pytest.mark.fact("BND-5")
def test_a_member_that_headed_a_bundle_is_taken(documented: Caller) -> None:
    """Once its own bundle is untied, an extension can be linked."""
    documented.delete(f"{BUNDLE}/3")
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32486, 3]})
    assert answered(answer) == (201, {"bundle_list": [32486, 3], "bundle_id": 31456})


@pytest.mark.fact("BND-6", "ERR-12")
def test_a_member_of_another_bundle_is_refused(documented: Caller) -> None:
    """An extension linked to another main one is refused, inactive or not; nothing changes."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [124, 32486, 29196]})
    message = "bundle_list: 124 is linked to 3; 29196 is linked to 3"
    assert refused(answer) == (400, {"message": message}, "BND-6", "doc")
    assert documented.state() == before


@pytest.mark.fact("BND-6")
def test_a_member_of_this_bundle_may_be_named_again(documented: Caller) -> None:
    """An extension that is linked to this main one already is no fault of a new list."""
    answer = documented.post(f"{BUNDLE}/3", json={"bundle_list": [124, 32486, 29196]})
    assert answered(answer) == (201, {"bundle_list": [124, 32486, 29196], "bundle_id": 3})


@pytest.mark.fact("BND-7", "ERR-12")
def test_a_main_extension_that_is_linked_is_refused(documented: Caller) -> None:
    """A linked extension cannot head a bundle, and nothing changes."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/124", json={"bundle_list": [54]})
    message = "extension_id: 124 is itself linked to 3"
    assert refused(answer) == (400, {"message": message}, "BND-7", "assumed")
    assert documented.state() == before


@pytest.mark.fact("BND-7")
def test_a_main_extension_that_was_untied_is_taken(documented: Caller) -> None:
    """An extension that is not linked any more can head a bundle."""
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [29196]})
    answer = documented.post(f"{BUNDLE}/124", json={"bundle_list": [54]})
    assert answered(answer) == (201, {"bundle_list": [54], "bundle_id": 124})


@pytest.mark.fact("BND-7", "ERR-12")
@pytest.mark.parametrize("main", [31456, 3], ids=["without a bundle", "with a bundle"])
def test_a_main_extension_on_its_own_list_is_refused(documented: Caller, main: int) -> None:
    """The main extension cannot be its own member, and nothing changes."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/{main}", json={"bundle_list": [54, main]})
    message = f"bundle_list: {main} is the main extension itself"
    assert refused(answer) == (400, {"message": message}, "BND-7", "assumed")
    assert documented.state() == before


@pytest.mark.fact("BND-8", "ERR-12")
@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ([54, 30], "30 belongs to another client"),
        ([54, 999], "999 there is no such extension"),
        ([0, 4294967295], "0 there is no such extension; 4294967295 there is no such extension"),
        ([54, 2, 54], "54 is given twice"),
        ([54, 54, 54], "54 is given twice"),
    ],
)
def test_a_member_that_is_foreign_unknown_or_repeated_is_refused(
    documented: Caller, members: list[int], reasons: str
) -> None:
    """Members are known extensions of the same client, each given once; else nothing changes."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": members})
    message = f"bundle_list: {reasons}"
    assert refused(answer) == (400, {"message": message}, "BND-8", "assumed")
    assert documented.state() == before


@pytest.mark.fact("BND-8")
def test_a_member_that_is_gone_is_refused(documented: Caller) -> None:
    """A deleted extension is an unknown id."""
    documented.delete("/client/801/extension/54")
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [54]})
    message = "bundle_list: 54 there is no such extension"
    assert refused(answer) == (400, {"message": message}, "BND-8", "assumed")


@pytest.mark.fact("BND-8")
def test_every_offending_member_is_listed_with_its_reason(documented: Caller) -> None:
    """One refusal names all that is wrong, in the order sent, and all the rules."""
    kind = _add(documented, 801, "700", "queue")
    before = documented.state()
    members = [3, 2, 124, 30, kind, 999, 31456, 54, 54]
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": members})
    assert refused(answer) == (
        400,
        {
            "message": "bundle_list: 3 is the main extension of a bundle; 124 is linked to 3; "
            f"30 belongs to another client; {kind} must be of type phone, it is queue; "
            "999 there is no such extension; 31456 is the main extension itself; "
            "54 is given twice"
        },
        "BND-5, BND-6, BND-8, BND-4, BND-7",
        "doc, assumed",
    )
    assert documented.state() == before


@pytest.mark.fact("BND-8")
def test_a_refused_list_leaves_the_bundle_that_is_there(documented: Caller) -> None:
    """A list with one bad member unties nobody and links nobody."""
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [54, 2, 999]})
    assert answered(documented.get(f"{BUNDLE}/3")) == (
        200,
        {"bundle_list": [124, 29196], "bundle_id": 3},
    )


@pytest.mark.fact("BND-9")
def test_an_empty_list_of_a_member_is_taken_as_delete(documented: Caller) -> None:
    """POST of an empty list to a linked extension is refused as DELETE is, and unties nothing."""
    before = documented.state()
    answer = documented.post(f"{BUNDLE}/124", json={"bundle_list": []})
    assert answered(answer) == (400, {"message": "extension_id: 124 is itself linked to 3"})
    assert documented.state() == before


@pytest.mark.fact("BND-1", "ERR-2", "ERR-6")
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("30", (403, {"message": "Access denied", "status": "access_denied"}, "ERR-2", "doc")),
        ("999", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
        ("@054", (404, {"message": "Not found"}, "ERR-6", "doc, observed")),
    ],
    ids=["foreign", "unknown", "by name"],
)
def test_the_path_takes_the_id_of_an_own_extension(
    documented: Caller, method: str, main: str, expected: tuple[Any, ...]
) -> None:
    """A foreign main extension is a 403, an unknown one a 404, and a name is no id here."""
    before = documented.state()
    body = {"json": {"bundle_list": [54]}} if method == "POST" else {}
    answer = documented.send(method, f"{BUNDLE}/{main}", **body)
    assert refused(answer) == expected
    assert documented.state() == before
