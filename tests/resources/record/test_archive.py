"""Records of a time in one zip file."""

from __future__ import annotations

import io
import tracemalloc
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile, ZipInfo

import pytest
from werkzeug.test import TestResponse

from mockpbx.resources.record.archive import zipped
from mockpbx.resources.record.sound import sound
from tests.answers import answered, json_of, refused
from tests.company import quiet_office
from tests.conftest import Caller
from tests.resources.record.test_record import (
    DAY,
    GONE,
    LIST,
    MakeCaller,
    at_noon,
    records,
    talk,
)

ARCHIVE = LIST + "archive/"


@pytest.fixture
def there(make_caller: MakeCaller) -> Caller:
    """The office at noon, standing still."""
    return at_noon(make_caller(quiet_office(), freeze=True))


def address(there: Caller, path: str = ARCHIVE) -> str:
    """The path of the archive of that day."""
    answer = there.post(path, json=DAY)
    assert answer.status_code == 201, answer.text
    body = json_of(answer)
    assert list(body) == ["record_url"]
    return str(urlsplit(body["record_url"]).path)


def download(there: Caller, path: str) -> TestResponse:
    """What the address answers to somebody without a token."""
    return there.app.test_client().get(path)


def files(there: Caller, path: str) -> list[tuple[str, tuple[Any, ...], bytes]]:
    """The files in the archive at that address."""
    answer = download(there, path)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return [(one.filename, one.date_time, archive.read(one)) for one in archive.infolist()]


@pytest.mark.fact("REC-7", "REC-2")
@pytest.mark.parametrize("path", [ARCHIVE, ARCHIVE.rstrip("/")])
def test_all_records_of_a_day(there: Caller, path: str) -> None:
    """The archive holds each record's sound under the name of its own, the oldest first."""
    talk(there, "102")
    talk(there, "103")
    expected = [
        (one["file_name"], there.get(LIST + one["record_uuid"]).data)
        for one in records(there, order="asc")
    ]
    found = files(there, address(there, path))
    assert [(name, heard) for name, _, heard in found] == expected
    times = [time for _, time, _ in found]
    assert times == [(2026, 3, 1, 12, 0, 0), (2026, 3, 1, 12, 0, 10)]


@pytest.mark.fact("REC-7")
def test_its_name(there: Caller) -> None:
    """It downloads under a name that tells its time."""
    answer = download(there, address(there))
    name = "20260301000000-20260301235959.zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.fact("REC-7")
def test_one_extension(there: Caller) -> None:
    """An extension's archive has its own records only."""
    talk(there, "102")
    talk(there, "103")
    own = [one["file_name"] for one in records(there, "/extension/@103/record/")]
    found = files(there, address(there, "/extension/@103/record/archive/"))
    assert [name for name, _, _ in found] == own


@pytest.mark.fact("REC-7")
def test_none(there: Caller) -> None:
    """A time without records has an archive without files."""
    assert files(there, address(there)) == []


@pytest.mark.fact("REC-7")
def test_what_is_deleted_is_gone(there: Caller) -> None:
    """The archive holds what there is when it is downloaded."""
    talk(there)
    path = address(there)
    assert len(files(there, path)) == 1
    there.delete(LIST, query_string=DAY)
    assert files(there, path) == []


def recorded(make_caller: MakeCaller, day: str, *uuids: str) -> Caller:
    """An office of whose history so many recorded calls of that day are all."""
    part = {
        "flow": "in",
        "extension": "102",
        "from_username": "+79161112233",
        "to_username": "2566*102",
        "init_time_gmt": f"{day} 09:00:00",
        "bridged_time_gmt": f"{day} 09:00:05",
        "hangup_time_gmt": f"{day} 09:00:15",
        "result": "answered",
    }
    world = quiet_office()
    world["clients"][0]["calls"] = [
        {"cdr": [{**part, "record": {"record_uuid": uuid}}]} for uuid in uuids
    ]
    return at_noon(make_caller(world, freeze=True))


@pytest.mark.fact("REC-7")
def test_two_of_one_name(make_caller: MakeCaller) -> None:
    """Records that would download under one name are both in the archive."""
    uuids = [f"85219-{digit * 28}0000" for digit in "12"]
    there = recorded(make_caller, "2026-03-01", *uuids)
    name = "2026-03-01-09-00-05-UTC_in_102_aaaa.mp3"
    assert [one["file_name"] for one in records(there)] == [name, name]
    assert [one[0] for one in files(there, address(there))] == [name, f"{uuids[1]}_{name}"]


@pytest.mark.fact("REC-7")
@pytest.mark.parametrize(("year", "shown"), [(1979, 1980), (2107, 2107), (2108, 2107)])
def test_a_year_that_a_zip_file_cannot_hold(make_caller: MakeCaller, year: int, shown: int) -> None:
    """A record of another age is in the archive all the same."""
    day = f"{year}-12-31"
    there = recorded(make_caller, day, f"85219-{'0' * 32}")
    span = {"start_datetime": f"{day} 00:00:00", "end_datetime": f"{day} 23:59:59"}
    path = urlsplit(json_of(there.post(ARCHIVE, json=span))["record_url"]).path
    assert [time for _, time, _ in files(there, path)] == [(shown, 12, 31, 9, 0, 0)]


@pytest.mark.fact("REC-7")
def test_memory() -> None:
    """Three hours of stereo wav in one archive are read in less than a megabyte."""
    hour = sound("wav", stereo=True, length=timedelta(hours=1))
    infos = [ZipInfo(f"{number}.wav") for number in range(3)]
    for info in infos:
        info.file_size = hour.size
    tracemalloc.start()
    try:
        length = sum(len(chunk) for chunk in zipped([(info, hour) for info in infos]))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length > 3 * hour.size
    assert most < 1_000_000


@pytest.mark.fact("REC-7", "GEN-10")
@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "start_datetime: is required; end_datetime: is required"),
        (
            {**DAY, "start_datetime": "2026-03-01T00:00:00"},
            "start_datetime: must be a UTC time such as 2026-01-31 09:00:00",
        ),
        (
            {**DAY, "end_datetime": "2026-02-28 00:00:00"},
            "end_datetime: must not be before start_datetime",
        ),
        (
            {**DAY, "end_datetime": "2026-05-01 00:00:00"},
            "end_datetime: must be at most the last day of the month after that of start_datetime",
        ),
    ],
)
def test_bad_dates(there: Caller, body: dict[str, str], text: str) -> None:
    """The dates are those of the list, and mandatory."""
    assert refused(there.post(ARCHIVE, json=body))[:2] == (400, {"message": text})


@pytest.mark.fact("REC-7", "ERR-6")
@pytest.mark.parametrize("part", [-4, -3, -2, -1])
def test_another_address(there: Caller, part: int) -> None:
    """An address that nobody was given is not found."""
    talk(there)
    parts = address(there).split("/")
    parts[part] = {-4: "extension", -3: "2567", -2: "0" * 32, -1: "20260301000000-x.zip"}[part]
    assert refused(download(there, "/".join(parts)))[:3] == GONE


@pytest.mark.fact("REC-7", "EXT-7")
def test_an_extension_that_is_gone(there: Caller) -> None:
    """With an extension goes its archive."""
    path = address(there, "/extension/@103/record/archive/")
    assert answered(there.delete("/client/@me/extension/85220")) == (204, None)
    assert refused(download(there, path))[:3] == GONE


@pytest.mark.fact("REC-7", "ERR-10")
def test_only_post(there: Caller) -> None:
    """The word is not the id of a record."""
    answer = there.get(ARCHIVE)
    assert refused(answer)[:3] == (405, json_of(answer), "ERR-10")
    assert answer.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.fact("GEN-12")
@pytest.mark.parametrize(
    ("host", "root"),
    [
        ("mock_pbx:8900", "http://mock_pbx:8900/"),
        ("mock_pbx", "http://mock_pbx/"),
        ("[::1]:8900", "http://[::1]:8900/"),
        ("203.0.113.7", "http://203.0.113.7/"),
        ("a b", "http://localhost:80/"),
        ("a/b", "http://localhost:80/"),
        ("user@a", "http://localhost:80/"),
        ("a:b", "http://localhost:80/"),
        ("[::1", "http://localhost:80/"),
        ("\xd0\xb0", "http://localhost:80/"),
        ("", "http://localhost:80/"),
    ],
)
def test_the_host_of_addresses(there: Caller, host: str, root: str) -> None:
    """Addresses have the Host as it was sent, and one that is none gives way to the server's."""
    answer = there.post(ARCHIVE, json=DAY, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == 201
    assert json_of(answer)["record_url"].startswith(f"{root}storage/")
