"""Public numbers, and where they lead."""

from __future__ import annotations

from typing import Any

import pytest

from mockpbx.calls.model import Leg
from tests.answers import answered, json_of, refused
from tests.conftest import Caller
from tests.resources.line import Line

LIST = "/client/@me/did/"
FIRST = {
    "id": 1,
    "name": "74959998877",
    "client_id": 2566,
    "extension_id": 96856,
    "domain": None,
    "comment": None,
    "create_date": "2020-01-01 09:00:00",
    "allow_message": False,
    "message_extension_id": None,
}


@pytest.mark.fact("DID-1", "GEN-14")
def test_numbers(office: Caller) -> None:
    """The client's public numbers are listed, page by page, and read one by one."""
    listed = json_of(office.get(LIST))
    assert [one["name"] for one in listed] == ["74959998877", "74959998878"]
    assert listed[0] == FIRST
    assert json_of(office.get(LIST, query_string={"page": 2, "per_page": 1})) == listed[1:]
    assert answered(office.get(f"{LIST}1")) == (200, FIRST)


@pytest.mark.fact("DID-1", "SIM-11")
def test_a_number_leads_elsewhere(office: Caller) -> None:
    """Calls follow the number to where it leads now, and to nobody when it leads nowhere."""
    line = Line(office)
    body = {"extension_id": 85219, "comment": "Sales", "allow_message": True}
    changed = {**FIRST, **body}
    assert answered(office.put(f"{LIST}1", json=body)) == (200, changed)
    call = line.incoming("74959998877")
    legs = [leg.extension_id for leg in line.world.store.of(Leg, "call_id", call.id)]
    assert legs == [85219]
    assert answered(office.put(f"{LIST}1", json={"message_extension_id": 85218})) == (
        200,
        {**changed, "message_extension_id": 85218},
    )
    office.put(f"{LIST}1", json={"extension_id": None})
    assert line.incoming("74959998877").result == "CONGESTION"


@pytest.mark.fact("DID-1", "ERR-6")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("PUT", "1", {"extension_id": 9}, 400, "extension_id: client 2566 has no extension 9"),
        ("PUT", "1", {"extension_id": "85218"}, 400, "extension_id: must be an integer"),
        (
            "PUT",
            "1",
            {"message_extension_id": 96857},
            400,
            "message_extension_id: 96857 is queue, not a phone",
        ),
        ("PUT", "1", {"allow_message": None}, 400, "allow_message: must not be null"),
        ("PUT", "3", {}, 404, "Not found"),
        ("GET", "3", None, 404, "Not found"),
        ("GET", "74959998877", None, 404, "Not found"),
    ],
)
def test_bad_requests(
    office: Caller, method: str, path: str, body: Any, status: int, message: str
) -> None:
    """What cannot be is refused by its name, and the number leads where it led."""
    before = office.state()
    answer = refused(office.send(method, LIST + path, json=body))
    assert (answer.status, answer.body) == (status, {"message": message})
    assert "DID-1" in str(answer.rule)
    assert office.state() == before
