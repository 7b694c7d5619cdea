"""The authorization code: a user logs in on a page, and an application gets a token."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.answers import answered, refused
from tests.company import application, company
from tests.conftest import Caller

BACK = "https://crm.example.com/back?from=pbx"
ASK = {
    "response_type": "code",
    "redirect_uri": BACK,
    "client_id": "web-app",
    "scope": "all",
}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}

MakeCaller = Callable[..., Caller]


@pytest.fixture
def browser(make_caller: MakeCaller) -> Caller:
    """Somebody without a token in the office, whose time stands still."""
    there = make_caller("office", freeze=True)
    there.token = None
    return there


def policies(page: TestResponse) -> dict[str, str]:
    """What a page's headers forbid, without the digest of its styles."""
    names = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options")
    found = {name: page.headers.get(name, "") for name in (*names, "Referrer-Policy")}
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {name: text.replace(digest, "DIGEST") for name, text in found.items()}


def location(answer: TestResponse) -> str:
    assert (answer.status_code, answer.data) == (302, b"")
    return answer.headers["Location"]


def path_of(address: str) -> str:
    """The path of an absolute address of this host."""
    assert address.startswith("http://localhost/")
    return address.removeprefix("http://localhost")


def code_of(browser: Caller, username: str = "admin", **changes: Any) -> str:
    """The code that a user who allows it leads to."""
    login = path_of(location(browser.post("/oauth/authorize", query_string={**ASK, **changes})))
    form = {"username": username, "password": "secret"}
    address = location(browser.get(path_of(location(browser.post(login, data=form)))))
    (code,) = parse_qs(urlsplit(address).query)["code"]
    return code


def redeem(browser: Caller, code: str, /, **changes: Any) -> TestResponse:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "web-app",
        "client_secret": "secret",
    }
    return browser.post("/oauth/token", data={**fields, **changes})


@pytest.mark.fact("AUT-6", "AUT-5", "GEN-13")
@pytest.mark.parametrize("as_form", [True, False], ids=["form", "query"])
def test_a_script(browser: Caller, as_form: bool) -> None:
    """A script is led on by absolute addresses to the redirect_uri with the code alone."""
    sent = {"data": ASK} if as_form else {"query_string": ASK}
    login = location(browser.post("/oauth/authorize", **sent))
    form = {"username": "admin", "password": "secret"}
    allowed = location(browser.post(path_of(login), data=form))
    address = location(browser.get(path_of(allowed)))
    assert re.fullmatch(re.escape(BACK) + "&code=[A-Za-z0-9]{30}", address)


@pytest.mark.fact("AUT-5")
def test_a_browser(browser: Caller) -> None:
    """The page has a form whose answer leads on; it names the application."""
    page = browser.get("/oauth/authorize", query_string=ASK, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "<strong>web-app</strong>" in page.text
    (action,) = re.findall('<form method="post" action="([^"]+)">', page.text)
    assert set(re.findall('name="([^"]+)"', page.text)) >= {"username", "password", "answer"}
    form = {"username": "admin", "password": "secret", "answer": "allow"}
    allowed = location(browser.post(path_of(action), data=form, headers=BROWSER))
    assert "code=" in location(browser.get(path_of(allowed), headers=BROWSER))


@pytest.mark.fact("AUT-5", "AUT-9", "AUT-12", "USR-1")
def test_the_token(browser: Caller) -> None:
    """The code is traded for a token of the user who logged in, and a refresh token."""
    answer = redeem(browser, code_of(browser, "anna"))
    assert answer.status_code == 200
    token: Any = answer.json
    assert list(token) == ["access_token", "token_type", "expires_in", "refresh_token"]
    browser.token = token["access_token"]
    user: Any = browser.get("/user/").json
    assert user["login"] == "anna"


@pytest.mark.fact("AUT-5", "AUT-7")
def test_the_refresh_token(browser: Caller) -> None:
    """The refresh token is traded for a new pair."""
    pair: Any = redeem(browser, code_of(browser)).json
    fields = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    answer = browser.post(
        "/oauth/token", data={**fields, "client_id": "web-app", "client_secret": "secret"}
    )
    assert answer.status_code == 200


@pytest.mark.fact("AUT-6")
def test_the_state_comes_back(browser: Caller) -> None:
    """A state is sent back with the code."""
    login = path_of(location(browser.post("/oauth/authorize", data={**ASK, "state": "a b&c"})))
    form = {"username": "admin", "password": "secret"}
    address = location(browser.get(path_of(location(browser.post(login, data=form)))))
    assert parse_qs(urlsplit(address).query)["state"] == ["a b&c"]


WRONG = "the code is unknown, used or too old, or its redirect_uri is another one"


def bad_code(text: str = WRONG) -> tuple[Any, ...]:
    return 401, {"error": "invalid_grant", "error_description": text}, "AUT-5"


@pytest.mark.fact("AUT-5", "AUT-8")
def test_a_code_is_good_once(browser: Caller) -> None:
    """A second use of the code is refused."""
    code = code_of(browser)
    assert redeem(browser, code).status_code == 200
    assert refused(redeem(browser, code))[:3] == bad_code()


@pytest.mark.fact("AUT-5", "AUT-8")
@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 401)])
def test_a_code_grows_old(browser: Caller, seconds: int, status: int) -> None:
    """A code is good for ten minutes from the question."""
    code = code_of(browser)
    browser.world.advance(seconds)
    assert redeem(browser, code).status_code == status


@pytest.mark.fact("AUT-5", "AUT-8")
@pytest.mark.parametrize(
    "changes", [{"redirect_uri": "https://crm.example.com/"}, {"code": "x"}], ids=str
)
def test_a_wrong_code(browser: Caller, changes: dict[str, str]) -> None:
    """Another redirect_uri or an unknown code is refused, and the code stays good."""
    code = code_of(browser)
    assert refused(redeem(browser, code, **changes))[:3] == bad_code()
    assert redeem(browser, code).status_code == 200


@pytest.mark.fact("AUT-5", "GEN-6")
def test_a_wrong_password(browser: Caller) -> None:
    """A wrong password is a 401, as JSON for a script and as a page for a browser; try again."""
    login = path_of(location(browser.post("/oauth/authorize", data=ASK)))
    form = {"username": "admin", "password": "x"}
    text = "the username or the password is wrong"
    assert refused(browser.post(login, data=form))[:3] == bad_code(text)
    page = browser.post(login, data=form, headers=BROWSER)
    assert (page.status_code, page.mimetype, text in page.text) == (401, "text/html", True)
    assert browser.get(login, headers=BROWSER).status_code == 200
    location(browser.post(login, data={**form, "password": "secret"}))


@pytest.mark.fact("AUT-8")
def test_who_denies(browser: Caller) -> None:
    """Who denies is sent back with the error access_denied, and the question is gone."""
    login = path_of(location(browser.post("/oauth/authorize", data=ASK)))
    address = location(browser.post(login, data={"answer": "deny"}))
    assert address == f"{BACK}&error=access_denied"
    assert browser.get(login).status_code == 404


@pytest.mark.fact("AUT-5")
def test_nobody_logged_in(browser: Caller) -> None:
    """An address that nobody was led to is not found."""
    text = "this login is unknown, used or too old"
    expected = {"error": "invalid_request", "error_description": text}
    assert answered(browser.get("/oauth/authorize/x")) == (404, expected)


#: What no browser can be sent to.
NO_ADDRESSES = [
    "/back",
    "crm.example.com/back",
    "//crm.example.com/back",
    "http://",
    "http:///back",
    "http:back",
    "myapp:",
    "http://a/\r\nX-Evil: 1",
    "http://a/\x00",
    "http://a/\x7f",
    "http://a/b c",
    "http://a/\u2028",
    "http://a/\u044f",
    "http://\u0430/",
    "http://[::1/",
    "http://::1]/",
    "http://a:b/",
    "http://a:-1/",
    "http://a:65536/",
    "http://a/#part",
    "http://a/#",
]


@pytest.mark.fact("AUT-8")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("uri", NO_ADDRESSES)
def test_an_address_that_is_none(browser: Caller, method: str, uri: str) -> None:
    """Nothing begins for an application that cannot be sent anything."""
    answer = browser.send(method, "/oauth/authorize", query_string={**ASK, "redirect_uri": uri})
    text = "redirect_uri: must be an absolute address without a fragment"
    expected = {"error": "invalid_request", "error_description": text}
    assert answered(answer) == (400, expected)


@pytest.mark.fact("AUT-8")
@pytest.mark.parametrize("uri", NO_ADDRESSES)
def test_such_an_address_uses_no_code_up(browser: Caller, uri: str) -> None:
    """A code that comes with an address that is none stays good."""
    code = code_of(browser)
    assert redeem(browser, code, redirect_uri=uri).status_code == 400
    assert redeem(browser, code).status_code == 200


@pytest.mark.fact("AUT-5")
@pytest.mark.parametrize(
    "uri",
    ["myapp://back", "com.example.crm:/back", "http://[::1]:3000/", "http://127.0.0.1:3000/a?b=c"],
)
def test_an_address_of_any_scheme(make_caller: MakeCaller, uri: str) -> None:
    """Where no addresses are fixed, an application may have its own, be it no web page."""
    public = application("web-app", type="public")
    there = make_caller(company(applications=[application(), public]))
    answer = there.post("/oauth/authorize", data={**ASK, "redirect_uri": uri, "response_type": "x"})
    sign = "&" if "?" in uri else "?"
    assert location(answer) == f"{uri}{sign}error=unsupported_response_type"


@pytest.mark.fact("AUT-8", "AUT-9")
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("changes", "status", "error", "text"),
    [
        ({"client_id": ""}, 400, "invalid_request", "client_id is missing"),
        ({"redirect_uri": ""}, 400, "invalid_request", "redirect_uri is missing"),
        (
            {"redirect_uri": "/back"},
            400,
            "invalid_request",
            "redirect_uri: must be an absolute address without a fragment",
        ),
        ({"client_id": "nobody"}, 401, "invalid_client", "the application is unknown"),
    ],
)
def test_a_question_that_cannot_be_asked(
    browser: Caller, method: str, changes: dict[str, str], status: int, error: str, text: str
) -> None:
    """Without a known application and an address to go back to, the error is answered here."""
    answer = browser.send(method, "/oauth/authorize", query_string={**ASK, **changes})
    assert answered(answer) == (status, {"error": error, "error_description": text})


@pytest.mark.fact("AUT-8", "AUT-9")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"client_id": "app"}, "unauthorized_client"),
    ],
)
def test_an_error_is_sent_back(browser: Caller, changes: dict[str, str], error: str) -> None:
    """What the application did wrong is told at its redirect_uri, with its state."""
    asked = {**ASK, **changes, "state": "7"}
    for answer in (
        browser.get("/oauth/authorize", query_string=asked),
        browser.post("/oauth/authorize", data=asked),
    ):
        assert location(answer) == f"{BACK}&error={error}&state=7"


@pytest.mark.fact("AUT-5")
@pytest.mark.parametrize(("uri", "status"), [(BACK, 302), ("https://other.example.com/", 400)])
def test_registered_addresses(make_caller: MakeCaller, uri: str, status: int) -> None:
    """An application with registered addresses is sent to no other."""
    public = application("web-app", type="public", redirect_uris=[BACK])
    there = make_caller(company(applications=[application(), public]))
    answer = there.post("/oauth/authorize", data={**ASK, "redirect_uri": uri})
    assert answer.status_code == status


@pytest.mark.fact("AUT-8")
@pytest.mark.parametrize("changes", ["/", "https://CRM.example.com/back", f"{BACK}&a=1", BACK[:-1]])
def test_registered_addresses_are_told(browser: Caller, changes: str) -> None:
    """The office's application is told the addresses that it may name, letter by letter."""
    uri = BACK + changes if changes == "/" else changes
    answer = browser.get("/oauth/authorize", query_string={**ASK, "redirect_uri": uri})
    known = [
        *("https://crm.example.com/back", BACK),
        *("http://localhost:3000/callback", "http://127.0.0.1:3000/callback"),
        "http://localhost:8080/callback",
    ]
    text = "redirect_uri: is none of the application's"
    expected = {"error": "invalid_request", "error_description": text}
    assert refused(answer) == (400, expected, "AUT-8", "assumed")
    assert answer.headers["X-Mockpbx-Reason"] == f"{text}, which are {', '.join(known)}"


def test_registered_addresses_stay(browser: Caller) -> None:
    """A state that is read and put back has the same addresses."""
    state = browser.get("/_mockpbx/state").json
    assert browser.put("/_mockpbx/state", json=state).status_code == 204
    uri = "https://other.example.com/"
    answer = browser.get("/oauth/authorize", query_string={**ASK, "redirect_uri": uri})
    assert answer.status_code == 400
    assert code_of(browser)


@pytest.mark.fact("AUT-6")
def test_behind_a_door(make_caller: MakeCaller) -> None:
    """In a world behind a door the addresses lead through that door."""
    browser = make_caller("office", alone=True, freeze=True)
    browser.token = None
    address = location(browser.post("/worlds/one/oauth/authorize", data=ASK))
    assert address.startswith("http://localhost/worlds/one/oauth/authorize/")
    assert browser.get(path_of(address), headers=BROWSER).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, 200), ({"client_id": "nobody"}, 401), ({"redirect_uri": ""}, 400)],
)
def test_pages_are_not_framed(browser: Caller, changes: dict[str, str], status: int) -> None:
    """Every page forbids frames and all content but its own style, and passes no address on."""
    query = {**ASK, **changes}
    page = browser.get("/oauth/authorize", query_string=query, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert policies(page) == {
        "Content-Security-Policy": "default-src 'none'; style-src 'sha256-DIGEST'; img-src data:; "
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
