"""What all answers have in common: ids, letters, times, compression, limits, origins."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from mockpbx.core.ids import MAX_ID
from mockpbx.web.operation import Operation

from ..answers import refused
from ..company import TOKEN, application, company, phone
from ..conftest import Caller
from .walk import OPERATIONS, body_of, caller, each, path_of

MakeCaller = Callable[..., Caller]


#: What is called an id and is text, by its documented form.
TEXT_IDS = ("registration_id", "call_id", "call_api_id", "subcall_id", "callback_id")


def ids_in(value: Any) -> Iterator[Any]:
    """Every id in that JSON."""
    if isinstance(value, list):
        for item in value:
            yield from ids_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "id" or (name.endswith("_id") and name not in TEXT_IDS):
                yield item
            elif name == "bundle_list" and isinstance(item, list):
                yield from item
            else:
                yield from ids_in(item)


@pytest.mark.fact("GEN-7")
@each([operation for operation in OPERATIONS if operation.returns is not None])
def test_ids_are_integers(make_caller: MakeCaller, operation: Operation) -> None:
    """Every id in an answer is a JSON integer that fits 32 bits unsigned, or null."""
    answer = caller(make_caller).send(operation.method, path_of(operation), **body_of(operation))
    for value in ids_in(answer.json):
        assert value is None or (type(value) is int and 0 <= value <= MAX_ID)


@pytest.mark.fact("GEN-8")
def test_answers_are_ascii(office: Caller) -> None:
    """What is not ASCII is answered as escapes, a letter beyond 16 bits as two."""
    answer = office.put("/extension/85218/phone/", json={"label": "Анна \U0001f600 é"})
    assert answer.data.isascii()
    assert rb'"label": "\u0410\u043d\u043d\u0430 \ud83d\ude00 \u00e9"' in answer.data


@pytest.mark.fact("GEN-8", "GEN-6")
def test_refusals_are_ascii(office: Caller) -> None:
    """A refusal that quotes what is not ASCII answers escapes, in the body and in the header."""
    answer = office.put("/extension/85218/phone/", json={"bundle": {"bundle_list": {"é\n": {}}}})
    assert answer.data.isascii()
    assert answer.json == {"message": "bundle.bundle_list: 'é\\n' is no extension id"}
    reason = answer.headers["X-Mockpbx-Reason"]
    assert reason == "bundle.bundle_list: '\\xe9\\\\n' is no extension id"


def test_blanks_around_a_reason(office: Caller) -> None:
    """The header keeps a blank at its end, which the way over a socket would take away."""
    answer = office.post("/_mockpbx/clock/move_to", json={"moment": "2026-01-31", " ": 1})
    assert answer.json == {"message": " : is none of moment"}
    assert answer.headers["X-Mockpbx-Reason"] == "\\x20: is none of moment"


@pytest.mark.fact("GEN-9")
@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-03-01T09:05:07.999Z", "2026-03-01 09:05:07"),
        ("2026-03-01 09:05:07+03:00", "2026-03-01 06:05:07"),
        ("0987-01-02 03:04:05", "0987-01-02 03:04:05"),
    ],
)
def test_times_are_utc_without_a_zone(make_caller: MakeCaller, moment: str, shown: str) -> None:
    """A time is answered as `YYYY-MM-DD HH:MM:SS` in UTC, each part with all its digits."""
    there = make_caller(company(), freeze=True)
    there.world.clock.move_to(datetime.fromisoformat(moment.replace("Z", "+00:00")))
    there.token = TOKEN
    answer = there.post("/client/10/extension/", json={"name": "120", "type": "phone"})
    assert json.loads(answer.text)["create_date"] == shown


@pytest.mark.fact("GEN-11")
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("extension_id=102&extension_id=101", [102, 101]),
        ("extension_id[]=102&extension_id[]=101", [102, 101]),
        ("extension_id%5B%5D=102&extension_id%5B%5D=101", [102, 101]),
        ("extension_id[0]=102&extension_id[1]=101", [102, 101]),
        ("extension_id[0]=102&extension_id=&extension_id[]=101&other=5", [102, 101]),
        ("extension_id=&extension_id=", [101, 102]),
        ("extension_id=", [101, 102]),
        ("other=1&other=2", [101, 102]),
        ("", [101, 102]),
    ],
)
def test_a_repeated_parameter(make_caller: MakeCaller, query: str, ids: list[int]) -> None:
    """A parameter repeats plainly, with brackets or with numbers; an empty one does not count."""
    answer = make_caller(company()).get(f"/extension/registration/?{query}")
    assert [item["extension_id"] for item in json.loads(answer.text)] == ids


@pytest.mark.fact("GEN-11")
def test_the_last_of_a_single_parameter_counts(make_caller: MakeCaller) -> None:
    """Of a parameter that cannot repeat the last value that is not empty counts."""
    answer = make_caller(company()).get("/client/10/extension/?name=101&name=102&name=")
    assert [item["name"] for item in json.loads(answer.text)] == ["10*102"]


@pytest.mark.fact("GEN-4", "GEN-12")
@pytest.mark.parametrize("query", ["name=10*102", "name=10%2A102", "name=%31%302"])
def test_a_query_is_form_urlencoded(make_caller: MakeCaller, query: str) -> None:
    """A parameter is percent-decoded; a star may be written raw or as `%2A`."""
    answer = make_caller(company()).get(f"/client/10/extension/?{query}")
    assert [item["name"] for item in json.loads(answer.text)] == ["10*102"]


@pytest.mark.fact("GEN-13")
@pytest.mark.parametrize("offer", ["gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br, gzip"])
def test_answers_are_compressed(office: Caller, offer: str) -> None:
    """A client that offers gzip gets the same answer, compressed."""
    plain = office.get("/user/")
    packed = office.get("/user/", headers={"Accept-Encoding": offer})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.fact("GEN-13")
@pytest.mark.parametrize("offer", ["", "identity", "gzip;q=0", "deflate, br"])
def test_answers_are_plain(office: Caller, offer: str) -> None:
    """A client that does not offer gzip is answered without it."""
    answer = office.get("/user/", headers={"Accept-Encoding": offer})
    assert (answer.status, "Content-Encoding" in answer.headers) == ("200 OK", False)
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.fact("GEN-13", "GEN-6")
def test_refusals_are_compressed(office: Caller) -> None:
    """A refusal is compressed as any answer."""
    answer = office.get("/none", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(answer.data)) == {"message": "Not found"}


@pytest.mark.fact("GEN-13", "GEN-5")
def test_no_body_is_not_compressed(office: Caller) -> None:
    """A 204 has no body for a client that takes gzip either."""
    answer = office.delete("/extension/85218/event/", headers={"Accept-Encoding": "gzip"})
    assert (answer.status, answer.data) == ("204 No Content", b"")
    assert "Content-Encoding" not in answer.headers


@pytest.mark.fact("GEN-14")
@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", range(101, 121)),
        ("page=1", range(101, 121)),
        ("page=2", range(121, 126)),
        ("page=3", range(0)),
        ("page=4294967295", range(0)),
        ("per_page=10", range(101, 111)),
        ("page=3&per_page=10", range(121, 126)),
        ("page=25&per_page=1", range(125, 126)),
        ("per_page=1000", range(101, 126)),
        ("per_page=0&page=0", range(101, 121)),
        ("per_page=1001", range(101, 126)),
        ("page=2&per_page=4294967295", range(0)),
        ("type=phone&page=2&per_page=24", range(125, 126)),
    ],
)
def test_a_page(make_caller: MakeCaller, query: str, numbers: range) -> None:
    """Pages count from 1 and have 20 rows unless asked; past the end is an empty list."""
    there = make_caller(company(extensions=[phone(number) for number in range(101, 126)]))
    answer = there.get(f"/client/10/extension/?{query}")
    assert answer.status_code == 200
    assert [item["id"] for item in json.loads(answer.text)] == list(numbers)


@pytest.mark.fact("GEN-14", "ERR-9")
@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("4294967296", "must be an integer from 1 to 4294967295"),
        ("9" * 5000, "must be an integer from 1 to 4294967295"),
        ("-1", "must be an integer"),
        ("1.0", "must be an integer"),
        ("x", "must be an integer"),
        ("%D9%A1", "must be an integer"),
    ],
)
def test_a_page_that_is_none(office: Caller, name: str, value: str, message: str) -> None:
    """A page or its length that is no number from 1 is a 400 that cites the rule."""
    answer = office.get(f"/client/2566/extension/?{name}={value}")
    assert (answer.status_code, answer.json) == (400, {"message": f"{name}: {message}"})
    assert answer.headers["X-Mockpbx-Rule"] == "GEN-14"


LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def limits(answer: Any) -> list[str | None]:
    """The answer's headers that tell the limit."""
    return [answer.headers.get(name) for name in LIMITS]


def at(make_caller: MakeCaller, moment: str, *, on: bool, **changes: Any) -> Caller:
    """A caller of the company at that moment, with its rate limits on or off."""
    there = make_caller(company(**changes), freeze=True, rate_limits=on)
    there.world.clock.move_to(datetime.fromisoformat(moment))
    there.token = TOKEN
    return there


REFUSED = {"message": "Rate limit exceeded", "status": "rate_limit_exceeded"}


@pytest.mark.fact("GEN-17")
def test_the_limit_is_told(make_caller: MakeCaller) -> None:
    """Answers tell the limit, what is left of it, and the seconds to the full hour.

    What is refused without a look at the token does not count, and tells the same.
    """
    there = at(make_caller, "2026-03-01 09:30:15", on=False)
    assert limits(there.get("/user/")) == ["1000", "999", "1785"]
    there.world.clock.advance(1784)
    assert limits(there.get("/none")) == ["1000", "999", "1"]
    assert limits(there.send("PATCH", "/api/ver1.0/user/")) == ["1000", "999", "1"]
    assert limits(there.app.test_client().get("/api/ver1.0/user/")) == ["1000", "1000", "1"]
    assert limits(there.get("/extension/999/phone/")) == ["1000", "998", "1"]
    there.world.clock.advance(1)
    assert limits(there.get("/user/")) == ["1000", "999", "3600"]


@pytest.mark.fact("GEN-17")
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/_mockpbx/health"])
def test_the_limit_is_not_told_elsewhere(make_caller: MakeCaller, path: str) -> None:
    """Answers of `/oauth` and of the control API do not tell the limit."""
    assert limits(at(make_caller, "2026-03-01 09:30:00", on=True).post(path)) == [None] * 3


@pytest.mark.fact("GEN-17")
def test_the_limit_only_counts_when_off(make_caller: MakeCaller) -> None:
    """With rate limits off a request past the limit is served, with nothing left."""
    there = at(make_caller, "2026-03-01 09:30:00", on=False, rate_limit=1)
    assert limits(there.get("/user/")) == ["1", "0", "1800"]
    answer = there.get("/user/")
    assert (answer.status_code, limits(answer)) == (200, ["1", "0", "1800"])


@pytest.mark.fact("GEN-17", "ERR-8", "GEN-6")
def test_past_the_limit(make_caller: MakeCaller) -> None:
    """With rate limits on a request past the limit is a 429."""
    there = at(make_caller, "2026-03-01 09:30:00", on=True, rate_limit=2)
    assert [there.get("/user/").status_code for _ in range(2)] == [200, 200]
    answer = there.get("/user/")
    assert (answer.status_code, answer.json) == (429, REFUSED)
    assert limits(answer) == ["2", "0", "1800"]
    assert answer.headers["X-Mockpbx-Rule"] == "ERR-8, GEN-17"


@pytest.mark.fact("GEN-17", "ERR-8")
def test_the_limit_holds_until_the_next_hour(make_caller: MakeCaller) -> None:
    """A client past its limit is refused to the last second of the hour, and served after it."""
    there = at(make_caller, "2026-03-01 09:30:00", on=True, rate_limit=1)
    there.get("/user/")
    there.world.clock.advance(1799)
    assert there.get("/user/").status_code == 429
    there.world.clock.advance(1)
    assert there.get("/user/").status_code == 200


TWO = [application(), application("other")]


def statuses(there: Caller, *tokens: str) -> list[int]:
    """The status of one request with each of these tokens, one after the other."""
    found = []
    for token in tokens:
        there.token = token
        found.append(there.get("/user/").status_code)
    return found


@pytest.mark.fact("GEN-17")
def test_the_limit_counts_over_all_applications(make_caller: MakeCaller) -> None:
    """Two applications of one client use up one limit."""
    there = at(make_caller, "2026-03-01 09:30:00", on=True, rate_limit=3, applications=TWO)
    assert statuses(there, "app", "other", "app", "other", "app") == [200, 200, 200, 429, 429]


@pytest.mark.fact("GEN-17")
def test_an_application_has_its_own_limit(make_caller: MakeCaller) -> None:
    """An application past its own limit is refused while the client's others are served."""
    applications = [application(), application("other", rate_limit=1)]
    there = at(make_caller, "2026-03-01 09:30:00", on=True, applications=applications)
    assert statuses(there, "other", "other", "app", "app") == [200, 429, 200, 200]


@pytest.mark.fact("GEN-17")
def test_the_nearer_limit_is_told(make_caller: MakeCaller) -> None:
    """Of the client's limit and the application's the one with less left is told."""
    applications = [application(), application("other", rate_limit=5)]
    there = at(
        make_caller, "2026-03-01 09:30:00", on=False, rate_limit=4, applications=applications
    )
    there.token = "other"
    assert limits(there.get("/user/")) == ["4", "3", "1800"]
    there.world.reset()
    there.world.clock.move_to(datetime.fromisoformat("2026-03-01 09:30:00"))
    there.token = "app"
    assert limits(there.get("/user/")) == ["4", "3", "1800"]


@pytest.mark.fact("GEN-17")
def test_an_unknown_caller_uses_nothing(make_caller: MakeCaller) -> None:
    """A request with an unknown token counts for nobody."""
    there = at(make_caller, "2026-03-01 09:30:00", on=True, rate_limit=1)
    assert statuses(there, "wrong", "wrong", TOKEN) == [401, 401, 200]


@pytest.mark.fact("GEN-18")
@each()
def test_a_preflight_is_answered(make_caller: MakeCaller, operation: Operation) -> None:
    """A preflight needs no token and allows the documented methods and the wanted headers."""
    there = caller(make_caller)
    there.token = None
    wanted = {"Origin": "https://crm.example.com", "Access-Control-Request-Headers": "X-Own"}
    answer = there.send("OPTIONS", path_of(operation), headers=wanted)
    assert (answer.status_code, answer.data) == (204, b"")
    assert operation.method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "X-Own"
    assert answer.headers["Access-Control-Max-Age"] == "600"


@pytest.mark.fact("GEN-18")
def test_a_preflight_that_asks_for_no_names(make_caller: MakeCaller) -> None:
    """A preflight whose wanted headers hold control characters is refused."""
    there = caller(make_caller)
    wanted = {"HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "X-Own\rX-Evil"}
    answer = there.send("OPTIONS", "/user/", environ_overrides=wanted)
    assert refused(answer)[:3] == (
        400,
        {"message": "Access-Control-Request-Headers: must be names of headers"},
        "GEN-18",
    )


@pytest.mark.fact("GEN-18")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/user/", 200),
        ("/extension/999/phone/", 404),
        ("/none", 404),
        ("/oauth/token", 405),
    ],
)
def test_every_origin_is_allowed(office: Caller, path: str, status: int) -> None:
    """Every answer, a refusal too, may be read by pages of any origin."""
    answer = office.get(path)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "*")


@pytest.mark.fact("GEN-18")
@pytest.mark.parametrize("path", ["/user/", "/extension/999/phone/", "/none", "/oauth/authorize"])
def test_pages_may_read_what_explains(office: Caller, path: str) -> None:
    """A page of any origin may read every header that tells of a rule, a limit or a file."""
    answer = office.get(path)
    readable = answer.headers["Access-Control-Expose-Headers"].split(", ")
    telling = {name for name, _ in answer.headers if name.startswith(("X-", "Retry"))}
    assert telling <= set(readable)
    assert {"Retry-After", "Location", "Content-Disposition", "Content-Range"} <= set(readable)


@pytest.mark.fact("GEN-19")
@pytest.mark.parametrize("length", [2, 3, 4])
def test_the_length_of_a_name(make_caller: MakeCaller, length: int) -> None:
    """A new name has as many digits after the star as the client's extension_len says."""
    there = make_caller(company(extension_len=length, extensions=[]))
    made = {}
    for digits in ("1", "11", "111", "1111", "11111"):
        body = {"name": digits, "type": "phone"}
        answer = there.post("/client/10/extension/", json=body)
        made[len(digits)] = answer.status_code
    assert made == {digits: 201 if digits == length else 400 for digits in range(1, 6)}


@pytest.mark.fact("GEN-5")
@each([operation for operation in OPERATIONS if operation.method == "GET"])
def test_head_is_a_get_without_a_body(make_caller: MakeCaller, operation: Operation) -> None:
    """HEAD answers what GET answers, without the body, and a read_only user may send it."""
    there = caller(make_caller, user="auditor")
    path = path_of(operation)
    head, get = there.send("HEAD", path), there.get(path)
    assert (head.status_code, head.data) == (get.status_code, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.fact("GEN-13")
@pytest.mark.parametrize(
    ("method", "path", "body", "line"),
    [
        ("GET", "/user/", None, "200 OK"),
        ("POST", "/client/2566/extensions_bundle/85220", {"bundle_list": []}, "201 Created"),
        ("DELETE", "/extension/85218/event/", None, "204 No Content"),
        ("POST", "/client/2566/extensions_bundle/85220", {}, "400 Bad Request"),
        ("GET", "/nothing/", None, "404 Not Found"),
        ("PATCH", "/user/", None, "405 Method Not Allowed"),
    ],
)
def test_the_reason_phrase(office: Caller, method: str, path: str, body: Any, line: str) -> None:
    """The status line has the standard's reason phrase, spelt as there."""
    assert office.send(method, path, json=body).status == line


@pytest.mark.fact("GEN-14")
def test_a_huge_page_is_noted(office: Caller) -> None:
    """More than 1000 rows of a page are taken as 1000, and noted."""
    office.get("/client/2566/extension/?per_page=1001", headers={"Accept-Encoding": "gzip"})
    notes = [note["message"] for note in json.loads(office.get("/_mockpbx/notes").text)["notes"]]
    assert "per_page above 1000 is taken as 1000" in notes
