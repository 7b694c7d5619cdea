"""Setting, reading and untying a bundle."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx import Readings
from tests.answers import answered, json_of
from tests.conftest import Caller

BUNDLE = "/client/801/extensions_bundle"


@pytest.mark.fact("BND-1", "BND-10", "BND-11", "BND-22")
def test_the_documented_bundle_is_set_as_printed(documented: Caller) -> None:
    """POST links 32486 and 32767 to 31456 and answers 201 with the printed object."""
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32486, 32767]})
    assert answered(answer) == (201, {"bundle_list": [32486, 32767], "bundle_id": 31456})


@pytest.mark.fact("BND-1", "BND-10", "BND-22")
def test_a_bundle_that_was_set_is_read(documented: Caller) -> None:
    """GET answers what POST linked."""
    documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32486, 32767]})
    answer = documented.get(f"{BUNDLE}/31456")
    assert answered(answer) == (200, {"bundle_list": [32486, 32767], "bundle_id": 31456})


@pytest.mark.fact("BND-1", "BND-10", "BND-12")
def test_untying_answers_an_empty_list(documented: Caller) -> None:
    """DELETE answers 200 with an empty list and the id of the main extension."""
    answer = documented.delete(f"{BUNDLE}/3")
    assert answered(answer) == (200, {"bundle_list": [], "bundle_id": 3})


@pytest.mark.fact("BND-12")
def test_untying_answers_without_a_body_under_the_other_reading(make_caller: Any) -> None:
    """Under the reading bundle_delete=no_content DELETE answers 204 without a body."""
    caller = make_caller("documented", readings=Readings(bundle_delete="no_content"))
    assert answered(caller.delete(f"{BUNDLE}/3")) == (204, None)


@pytest.mark.fact("BND-12")
@pytest.mark.parametrize("reading", ["body", "no_content"])
def test_untying_unties_under_both_readings(make_caller: Any, reading: Any) -> None:
    """After DELETE nothing is linked, whatever the reading answers."""
    caller = make_caller("documented", readings=Readings(bundle_delete=reading))
    caller.delete(f"{BUNDLE}/3")
    assert answered(caller.get(f"{BUNDLE}/3")) == (200, {"bundle_list": [], "bundle_id": 3})


@pytest.mark.fact("BND-1", "BND-12")
def test_untying_what_is_not_tied_is_no_mistake(documented: Caller) -> None:
    """DELETE of a phone without a bundle answers as any other, and changes nothing."""
    before = documented.state()
    answer = documented.delete(f"{BUNDLE}/31456")
    assert (*answered(answer), documented.state()) == (
        200,
        {"bundle_list": [], "bundle_id": 31456},
        before,
    )


@pytest.mark.fact("BND-1", "BND-13")
def test_untying_a_member_is_refused(documented: Caller) -> None:
    """DELETE with a linked extension in the path is a 400 that names the main one."""
    before = documented.state()
    answer = documented.delete(f"{BUNDLE}/124")
    assert answered(answer) == (400, {"message": "extension_id: 124 is itself linked to 3"})
    assert answer.headers["X-Mockpbx-Rule"] == "BND-13"
    assert documented.state() == before


@pytest.mark.fact("BND-1")
def test_there_is_no_put(documented: Caller) -> None:
    """PUT of a bundle is a 405; POST, GET and DELETE are what the path knows."""
    answer = documented.put(f"{BUNDLE}/3", json={"bundle_list": [124]})
    assert (*answered(answer), answer.headers["Allow"]) == (
        405,
        {"message": "Method not allowed"},
        "DELETE, GET, HEAD, POST, OPTIONS",
    )


@pytest.mark.fact("BND-1")
def test_the_documented_path_has_no_slash_at_its_end(make_caller: Any) -> None:
    """Under the reading slashes=strict the path with a slash is a 404."""
    caller = make_caller("documented", readings=Readings(slashes="strict"))
    assert [caller.get(f"{BUNDLE}/3{slash}").status_code for slash in ("", "/")] == [200, 404]


@pytest.mark.fact("BND-1", "BND-6")
def test_a_second_list_replaces_the_first(documented: Caller) -> None:
    """POST sets the list: members left out are untied, members named again stay."""
    documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32486, 32767]})
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [32767, 54]})
    assert answered(answer) == (201, {"bundle_list": [32767, 54], "bundle_id": 31456})


@pytest.mark.fact("BND-1", "BND-6")
def test_an_untied_member_can_be_linked_elsewhere(documented: Caller) -> None:
    """A member that another list left out may be linked to another main extension."""
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [29196]})
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [124]})
    assert answered(answer) == (201, {"bundle_list": [124], "bundle_id": 31456})


@pytest.mark.fact("BND-10")
@pytest.mark.parametrize("order", [[54, 32767, 2], [2, 54, 32767], [32767, 2, 54]])
def test_members_are_answered_in_the_order_sent(documented: Caller, order: list[int]) -> None:
    """POST and GET keep the order of the list."""
    posted = documented.post(f"{BUNDLE}/31456", json={"bundle_list": order})
    assert (json_of(posted), json_of(documented.get(f"{BUNDLE}/31456"))) == (
        {"bundle_list": order, "bundle_id": 31456},
        {"bundle_list": order, "bundle_id": 31456},
    )


@pytest.mark.fact("BND-10")
def test_the_same_members_in_another_order_are_answered_in_that(documented: Caller) -> None:
    """A list that only turns the order around is answered turned around."""
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [124, 29196]})
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [29196, 124]})
    assert answered(documented.get(f"{BUNDLE}/3")) == (
        200,
        {"bundle_list": [29196, 124], "bundle_id": 3},
    )


@pytest.mark.fact("BND-3")
def test_the_list_may_have_the_name_in_the_table(documented: Caller) -> None:
    """A list under `extension_id` is taken as one under `bundle_list`."""
    answer = documented.post(f"{BUNDLE}/31456", json={"extension_id": [32486, 32767]})
    assert answered(answer) == (201, {"bundle_list": [32486, 32767], "bundle_id": 31456})


@pytest.mark.fact("BND-3")
def test_the_list_may_have_both_names(documented: Caller) -> None:
    """Equal lists under both names are taken as one."""
    body = {"bundle_list": [32486, 32767], "extension_id": [32486, 32767]}
    answer = documented.post(f"{BUNDLE}/31456", json=body)
    assert answered(answer) == (201, {"bundle_list": [32486, 32767], "bundle_id": 31456})


@pytest.mark.fact("BND-9")
@pytest.mark.parametrize("name", ["bundle_list", "extension_id"])
def test_an_empty_list_unties(documented: Caller, name: str) -> None:
    """POST of an empty list answers 201 with it, and nothing is linked any more."""
    answer = documented.post(f"{BUNDLE}/3", json={name: []})
    empty = {"bundle_list": [], "bundle_id": 3}
    assert (answered(answer), json_of(documented.get(f"{BUNDLE}/3"))) == ((201, empty), empty)


@pytest.mark.fact("BND-9")
def test_an_empty_list_leaves_the_state_that_delete_leaves(documented: Caller) -> None:
    """POST of an empty list and DELETE have the same effect."""
    documented.post("/_mockpbx/snapshots", json={"name": "tied"})
    documented.post(f"{BUNDLE}/3", json={"bundle_list": []})
    posted = documented.state()
    documented.post("/_mockpbx/snapshots/tied/restore")
    documented.delete(f"{BUNDLE}/3")
    assert documented.state() == posted


@pytest.mark.fact("BND-13")
def test_what_is_in_no_bundle_reads_as_an_empty_list(documented: Caller) -> None:
    """A phone without a bundle reads as an empty list under its own id."""
    answer = documented.get(f"{BUNDLE}/31456")
    assert answered(answer) == (200, {"bundle_list": [], "bundle_id": 31456})


@pytest.mark.fact("BND-10", "BND-13")
@pytest.mark.parametrize("extension", [3, 124, 29196])
def test_a_bundle_is_read_by_each_of_its_extensions(documented: Caller, extension: int) -> None:
    """GET of a linked extension answers the bundle that it is in, under the main one's id."""
    answer = documented.get(f"{BUNDLE}/{extension}")
    assert answered(answer) == (200, {"bundle_list": [124, 29196], "bundle_id": 3})


@pytest.mark.fact("BND-20")
def test_links_made_by_post_are_active(documented: Caller) -> None:
    """POST makes active links, also of a member that was linked and inactive."""
    documented.post(f"{BUNDLE}/3", json={"bundle_list": [124, 54]})
    assert json_of(documented.get("/extension/3/phone/"))["bundle"] == {
        "bundle_list": {"124": {"active": True}, "54": {"active": True}},
        "bundle_id": 3,
    }


@pytest.mark.fact("BND-21")
def test_deleting_the_main_extension_ends_its_bundle(documented: Caller) -> None:
    """Members of a deleted main extension are in no bundle and free for another one."""
    documented.delete("/client/801/extension/3")
    shown = json_of(documented.get("/extension/124/phone/"))["bundle"]
    answer = documented.post(f"{BUNDLE}/31456", json={"bundle_list": [124, 29196]})
    assert (shown, *answered(answer)) == (
        {"bundle_list": None, "bundle_id": None},
        201,
        {"bundle_list": [124, 29196], "bundle_id": 31456},
    )


@pytest.mark.fact("BND-21")
def test_deleting_a_member_takes_it_out(documented: Caller) -> None:
    """The bundle goes on without a member that was deleted."""
    documented.delete("/client/801/extension/124")
    answer = documented.get(f"{BUNDLE}/3")
    assert answered(answer) == (200, {"bundle_list": [29196], "bundle_id": 3})


@pytest.mark.fact("BND-21")
def test_deleting_the_last_member_ends_the_bundle(documented: Caller) -> None:
    """A main extension whose members were all deleted is in no bundle."""
    documented.delete("/client/801/extension/124")
    documented.delete("/client/801/extension/29196")
    shown = json_of(documented.get("/extension/3/phone/"))["bundle"]
    assert shown == {"bundle_list": None, "bundle_id": None}
