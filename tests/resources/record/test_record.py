"""Records of calls: lists, sound, addresses and deletion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from mockpbx.readings import Readings
from tests.answers import answered, json_of, refused
from tests.company import quiet_office
from tests.conftest import Caller
from tests.resources.line import Line

LIST = "/client/@me/record/"
DAY = {"start_datetime": "2026-03-01 00:00:00", "end_datetime": "2026-03-01 23:59:59"}
GONE = (404, {"message": "Record not found"}, "ERR-6")

MakeCaller = Callable[..., Caller]


@pytest.fixture
def there(make_caller: MakeCaller) -> Caller:
    """The office at noon, standing still."""
    return at_noon(make_caller(quiet_office(), freeze=True))


def at_noon(there: Caller) -> Caller:
    there.world.clock.move_to(datetime(2026, 3, 1, 12))
    return there


def talk(there: Caller, number: str = "102", seconds: float = 10) -> None:
    """Somebody outside talks with that phone."""
    line = Line(there)
    call = line.step("answer", line.incoming(number))
    there.world.advance(seconds)
    line.step("hang_up", call)


def records(there: Caller, path: str = LIST, **query: Any) -> list[Any]:
    """The records of that day."""
    answer = there.get(path, query_string={**DAY, **query})
    assert answer.status_code == 200, answer.text
    found: list[Any] = json_of(answer)
    return found


@pytest.mark.fact("REC-1", "REC-6", "SIM-8", "DAT-15")
def test_a_recorded_talk(there: Caller) -> None:
    """An answered leg of a phone that records is in the list, with the fields of its cdr."""
    talk(there)
    (one,) = records(there)
    cdr = json_of(there.get("/client/@me/cdr/", query_string=DAY))["cdr"][0]
    del cdr["calls_result"], cdr["calls_hangup_disposition"]
    assert one == {
        **cdr,
        "storage_url": one["storage_url"],
        "file_name": one["file_name"],
        "record_transfer": False,
    }
    assert one["file_name"].startswith("2026-03-01-12-00-00-UTC_in_102_")
    assert one["storage_url"].endswith(one["file_name"])
    assert one["record_uuid"].startswith("85219-")


@pytest.mark.fact("REC-1", "GEN-14")
def test_order_and_pages(there: Caller) -> None:
    """The newest come first unless the order says otherwise; pages are as everywhere."""
    for number in ("102", "103", "104"):
        talk(there, number)
    names = [one["to_username"] for one in records(there)]
    assert names == ["2566*104", "2566*103", "2566*102"]
    assert [one["to_username"] for one in records(there, order="asc")] == names[::-1]
    assert [one["to_username"] for one in records(there, page=2, per_page=2)] == names[2:]


@pytest.mark.fact("REC-1")
def test_records_of_one_extension(there: Caller) -> None:
    """An extension's list has its own records only."""
    talk(there, "102")
    talk(there, "103")
    found = records(there, "/extension/@103/record/")
    assert [one["to_username"] for one in found] == ["2566*103"]


@pytest.mark.fact("REC-1", "HIS-4")
@pytest.mark.parametrize(("second", "expected"), [(0, 1), (5, 0)])
def test_the_time_of_a_record(there: Caller, second: int, expected: int) -> None:
    """A record is found by the time that it shows, at which its part of the call began."""
    line = Line(there)
    call = line.incoming("102")
    there.world.advance(5)
    line.step("answer", call)
    there.world.advance(10)
    line.step("hang_up", call)
    moment = f"2026-03-01 12:00:{second:02}"
    assert len(records(there, start_datetime=moment, end_datetime=moment)) == expected
    assert records(there)[0]["init_time_gmt"] == "2026-03-01 12:00:00.00"


@pytest.mark.fact("REC-1", "GEN-10")
def test_dates_are_mandatory(there: Caller) -> None:
    """A list without its dates is refused."""
    text = "start_datetime: is required; end_datetime: is required"
    assert refused(there.get(LIST))[:3] == (400, {"message": text}, "REC-1")


@pytest.mark.fact("SIM-8")
def test_a_phone_that_does_not_record(there: Caller) -> None:
    """Without record_enabled there is no record."""
    talk(there, "108")
    assert records(there) == []


@pytest.mark.fact("REC-2", "REC-6", "PHN-28", "PHN-29", "PHN-50")
@pytest.mark.parametrize(
    ("form", "stereo", "mimetype", "size"),
    [
        ("mp3", False, "audio/mpeg", 139 * 144),
        ("mp3", True, "audio/mpeg", 139 * 288),
        ("wav", False, "audio/wav", 44 + 160_000),
        ("wav", True, "audio/wav", 44 + 320_000),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_sound(
    there: Caller, form: str, stereo: bool, mimetype: str, size: int, slash: str
) -> None:
    """A record is a file of the phone's format, as long as the talk, under any case of its id."""
    there.put("/extension/@102/phone/", json={"record_format": form, "record_stereo": stereo})
    talk(there)
    (one,) = records(there)
    for uuid in (one["record_uuid"], one["record_uuid"].upper()):
        answer = there.get(f"{LIST}{uuid}{slash}")
        assert answer.status_code == 200
        assert (answer.mimetype, len(answer.data)) == (mimetype, size)
        assert answer.headers["Content-Length"] == str(size) == str(one["record_file_size"])
        assert answer.headers["Accept-Ranges"] == "bytes"
        disposition = f'attachment; filename="{one["file_name"]}"'
        assert answer.headers["Content-Disposition"] == disposition


@pytest.mark.fact("REC-2")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=100-", (100, 20_016)),
        ("bytes=-16", (20_000, 20_016)),
        ("bytes=20000-99999", (20_000, 20_016)),
        ("bytes=-99999999", (0, 20_016)),
    ],
)
def test_a_part(there: Caller, wanted: str, expected: tuple[int, int]) -> None:
    """A Range is answered with 206 and that part."""
    talk(there)
    path = LIST + records(there)[0]["record_uuid"]
    whole = there.get(path).data
    answer = there.get(path, headers={"Range": wanted})
    start, stop = expected
    assert (answer.status_code, answer.data) == (206, whole[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/20016"
    assert answer.headers["Content-Length"] == str(stop - start)


@pytest.mark.fact("REC-2")
@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "seconds=1-2", "bytes=x"])
def test_a_range_that_is_none(there: Caller, wanted: str) -> None:
    """Several parts, another unit or no range at all: the whole is answered."""
    talk(there)
    path = LIST + records(there)[0]["record_uuid"]
    assert there.get(path, headers={"Range": wanted}).status_code == 200


@pytest.mark.fact("REC-2")
def test_beyond_the_end(there: Caller) -> None:
    """A Range that begins beyond the end is a 416 that tells the size."""
    talk(there)
    path = LIST + records(there)[0]["record_uuid"]
    answer = there.get(path, headers={"Range": "bytes=20016-"})
    text = "Range: the record has 20016 bytes"
    assert refused(answer)[:3] == (416, {"message": text}, "REC-2")
    assert answer.headers["Content-Range"] == "bytes */20016"


@pytest.mark.fact("REC-2")
def test_only_the_head(there: Caller) -> None:
    """HEAD tells size and name, and sends nothing."""
    talk(there)
    answer = there.send("HEAD", LIST + records(there)[0]["record_uuid"])
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == "20016"


@pytest.mark.fact("REC-3")
def test_the_public_address(there: Caller, make_caller: MakeCaller) -> None:
    """The address answers the sound without a token, and another key is not found."""
    talk(there)
    (one,) = records(there)
    answer = there.get(f"{LIST}{one['record_uuid']}/storage_url/")
    assert answered(answer) == (200, {"record_url": one["storage_url"]})
    path = one["storage_url"].removeprefix("http://localhost")
    anybody = there.app.test_client()
    heard = anybody.get(path)
    assert (heard.status_code, len(heard.data)) == (200, 20_016)
    key = path.split("/")[3]
    assert anybody.get(path.replace(key, "0" * 32)).status_code == 404
    there.delete(LIST + one["record_uuid"])
    assert anybody.get(path).status_code == 404


@pytest.mark.fact("REC-4", "ERR-6")
@pytest.mark.parametrize("realm", ["/client/@me/record/", "/extension/@102/record/"])
def test_a_deleted_record(there: Caller, realm: str) -> None:
    """A deleted record is gone with its addresses; what the history tells of the call stays."""
    talk(there)
    (one,) = records(there)
    before = json_of(there.get("/client/@me/cdr/", query_string=DAY))["cdr"]
    stored = one["storage_url"].removeprefix("http://localhost")
    assert answered(there.delete(realm + one["record_uuid"])) == (200, {})
    assert records(there) == []
    for method in ("GET", "DELETE"):
        answer = there.send(method, realm + one["record_uuid"])
        assert refused(answer)[:3] == GONE
    answer = there.get(f"{realm}{one['record_uuid']}/storage_url/")
    assert refused(answer)[:3] == GONE
    assert there.app.test_client().get(stored).status_code == 404
    assert json_of(there.get("/client/@me/cdr/", query_string=DAY))["cdr"] == before
    assert before[0]["record_uuid"] == one["record_uuid"]


@pytest.mark.fact("REC-4", "SIM-13")
def test_a_deleted_record_stays_deleted(there: Caller) -> None:
    """A state that is put back has the call as it was told, and no record of it."""
    talk(there)
    (one,) = records(there)
    there.delete(LIST + one["record_uuid"])
    before = json_of(there.get("/client/@me/cdr/", query_string=DAY))
    assert there.put("/_mockpbx/state", json=there.state()).status_code == 204
    assert records(there) == []
    assert json_of(there.get("/client/@me/cdr/", query_string=DAY)) == before
    space = json_of(there.get("/client/@me/disk_space/"))
    assert 0 in space.values()


@pytest.mark.fact("EXT-7", "ERR-6", "SIM-13")
def test_the_record_of_a_deleted_extension(there: Caller) -> None:
    """The extension's records go with it, addresses and sound; the history names them as before."""
    talk(there, "103")
    talk(there, "102")
    other, one = records(there)
    before = json_of(there.get("/client/@me/cdr/", query_string=DAY))
    public = there.app.test_client()
    stored = one["storage_url"].removeprefix("http://localhost")
    assert public.get(stored).status_code == 200
    assert there.delete("/client/@me/extension/85220").status_code == 204
    assert records(there) == [other]
    for path in ("", "/storage_url/"):
        assert refused(there.get(f"{LIST}{one['record_uuid']}{path}"))[:3] == GONE
    assert answered(public.get(stored)) == (404, {"message": "Record not found"})
    totals = {"count": 1, "file_size": other["record_file_size"]}
    assert answered(there.get(f"{LIST}stats/", query_string=DAY)) == (200, totals)
    assert json_of(there.get("/client/@me/cdr/", query_string=DAY)) == before
    assert before["cdr"][1]["record_uuid"] == one["record_uuid"]
    assert there.put("/_mockpbx/state", json=there.state()).status_code == 204
    assert records(there) == [other]


@pytest.mark.fact("REC-4")
def test_the_other_reading(make_caller: MakeCaller) -> None:
    """With the reading 204 a deletion has no body."""
    there = at_noon(
        make_caller(quiet_office(), freeze=True, readings=Readings(record_delete="204"))
    )
    talk(there)
    answer = there.delete(LIST + records(there)[0]["record_uuid"])
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.fact("REC-5")
def test_many_are_deleted(there: Caller) -> None:
    """The records between the dates go, the others stay."""
    talk(there, "102")
    talk(there, "103")
    until = {**DAY, "end_datetime": "2026-03-01 12:00:05"}
    assert answered(there.delete(LIST, query_string=until)) == (200, {})
    assert [one["to_username"] for one in records(there)] == ["2566*103"]


@pytest.mark.fact("REC-7")
@pytest.mark.parametrize("path", [LIST, "/extension/@102/record/"])
def test_totals(there: Caller, path: str) -> None:
    """Statistics count the records and their bytes."""
    talk(there)
    answer = there.get(f"{path}stats/", query_string=DAY)
    assert answered(answer) == (200, {"count": 1, "file_size": 20_016})


@pytest.mark.fact("REC-2", "ERR-6")
@pytest.mark.parametrize("uuid", ["unknown", "5", f"85219-{'0' * 32}"])
def test_an_unknown_record(there: Caller, uuid: str) -> None:
    """A record that nobody made is not found, in the documented words."""
    assert refused(there.get(LIST + uuid))[:3] == GONE


@pytest.mark.fact("REC-2", "ERR-6")
def test_a_record_of_another_extension(there: Caller) -> None:
    """In the realm of an extension only its own records are found."""
    talk(there)
    uuid = records(there)[0]["record_uuid"]
    assert refused(there.get(f"/extension/@103/record/{uuid}"))[:3] == GONE


@pytest.mark.fact("SIM-9", "PHN-30", "PHN-31")
@pytest.mark.parametrize(
    ("properties", "seconds", "goes_on"),
    [
        ({"record_transfer": True}, 30, True),
        ({"record_transfer": False}, 10, False),
        ({"record_transfer": False, "record_on_transfer": True}, 30, True),
    ],
)
def test_a_record_of_a_transferred_call(
    there: Caller, properties: dict[str, bool], seconds: int, goes_on: bool
) -> None:
    """The record of who passed a call on ends with the transfer, or goes on to the call's end."""
    there.put("/extension/@102/phone/", json={"record_format": "wav", **properties})
    there.put("/extension/@103/phone/", json={"record_enabled": False})
    line = Line(there)
    call = line.step("answer", line.incoming("102"))
    there.world.advance(10)
    line.step("transfer", call, "103")
    line.step("answer", call)
    there.world.advance(20)
    line.step("hang_up", call)
    (one,) = records(there)
    assert abs(one["record_file_size"] - 44 - seconds * 16_000) <= 2
    assert one["record_transfer"] is goes_on
