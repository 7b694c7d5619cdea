"""The commands that the vendor's documentation prints, and whether they run as they stand there.

Each expects the address of the API and a token in variables: `url` and `access_token` in the
shell, `URL` and `ACCESS_TOKEN` in Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple

RECEIVER = "https://somehost.com/fordel/show.php?myid=175"
_TOKEN = '-H "Authorization: Bearer ${access_token}"'
_JSON = '-H "Content-Type: application/json"'
_HEADERS = "headers = {'Authorization': f'Bearer {ACCESS_TOKEN}'}"
_TYPED = "headers = {'Authorization': f'Bearer {ACCESS_TOKEN}', 'Content-Type': 'application/json'}"


class Printed(NamedTuple):
    """One command: where it is for, what it does, the command, and why it does not run."""

    language: str
    request: str
    command: str
    fault: str | None = None
    #: What the world `documented` answers to it, as it does to the command that was meant.
    status: int = 200
    shown: Any = None


def _curl(method: str, path: str, body: str = "") -> str:
    """The shell's words, with the path unquoted as it is printed."""
    words = f"{_JSON} -d {body} " if body else ""
    return f"curl {_TOKEN} {words}-X {method} ${{url}}{path}"


def _python(method: str, address: str, body: str = "") -> str:
    """The lines of Python."""
    data = f"data = '''{body}'''\n" if body else ""
    sent = ", data=data" if body else ""
    return (
        f"import requests\nurl = f'{address}'\n{_TYPED if body else _HEADERS}\n{data}"
        f"response = requests.{method}(url, headers=headers{sent})\nprint(response.text)"
    )


def _event(event_type: str) -> str:
    return f'{{\n "url": "{RECEIVER}",\n "method": "GET",\n "event_type": "{event_type}"\n}}'


_BUNDLE = '{"bundle_list": [32486, 32767]}'
_LINKED = {"bundle_list": [32486, 32767], "bundle_id": 31456}
_NUMBER = '{"external_number": "+79876543210"}'
_DROP = "/extension/3/registration/uloc-572b0ffb-6d47-001"
_MAIN = "/client/801/extensions_bundle/31456"
_ONE = "/extension/registration/?extension_id=3"
_TWO = f"{_ONE}&extension_id=2"

COMMANDS = (
    Printed(
        "cURL", f"POST {_MAIN}", _curl("POST", _MAIN, f"'{_BUNDLE}'"), status=201, shown=_LINKED
    ),
    Printed(
        "Python",
        f"POST {_MAIN}",
        _python("post", _MAIN, _BUNDLE),
        "its address lacks the variable with the host",
    ),
    Printed(
        "cURL",
        "PUT /extension/54/phone/",
        _curl("PUT", "/extension/54/phone/", f"'{_NUMBER}"),
        "the quote that closes the body is missing",
    ),
    Printed(
        "Python",
        "PUT /extension/54/phone/",
        _python("put", "{URL}/extension/54/phone/", _NUMBER),
    ),
    Printed("cURL", f"GET {_ONE}", _curl("GET", _ONE)),
    Printed("Python", f"GET {_ONE}", _python("get", f"{{URL}}{_ONE}")),
    Printed(
        "cURL",
        f"GET {_TWO}",
        _curl("GET", _TWO),
        "the shell ends the command at the unquoted &, and asks for the first id alone",
    ),
    Printed("Python", f"GET {_TWO}", _python("get", f"{{URL}}{_TWO}")),
    Printed("cURL", f"DELETE {_DROP}", _curl("DELETE", _DROP), status=204),
    Printed("Python", f"DELETE {_DROP}", _python("delete", f"{{URL}}{_DROP}"), status=204),
    *(
        Printed(
            language,
            f"POST /extension/175/event/ ({event_type})",
            command,
            status=201,
            shown={"url": RECEIVER, "method": "GET", "event_type": event_type, "id": 72},
        )
        for event_type in ("dial-out", "answer", "hangup")
        for language, command in (
            ("cURL", _curl("POST", "/extension/175/event/", f"'{_event(event_type)}'")),
            ("Python", _python("post", "{URL}/extension/175/event/", _event(event_type))),
        )
    ),
)
