"""Who may do what: every operation against every kind of user and application."""

from __future__ import annotations

import pytest

from mockpbx import Config, World
from mockpbx.web.operation import Operation
from tests.conftest import Caller, token_of
from tests.shared import enter

from .walk import OPEN_TO_CALL_API, OPERATIONS, body_of, each, path_of, start

#: Who asks: the login and the application.
WHO = {
    "full": ("admin", "desktop"),
    "reader": ("auditor", "desktop"),
    "blocked": ("former", "desktop"),
    "group": ("sales", "desktop"),
    "extension": ("anna", "desktop"),
    "call": (None, "call-app"),
}


#: Of the operations, those that anybody may use who may use any.
EVERYBODY = {"get_user", "list_registrations"}


def realm(operation: Operation) -> str:
    """The kind of thing whose rights decide: the last realm in the path."""
    for name in ("extension", "extension_group", "client"):
        if f"<{name}>" in operation.path:
            return name
    return "none"


def expected(who: str, operation: Operation) -> bool:
    """Whether the operation is allowed, by the documentation's rules and this table alone."""
    name, writes = operation.view.__name__, operation.method != "GET"
    if who == "blocked":
        return False
    if who == "call":
        return name in OPEN_TO_CALL_API
    if who == "reader":
        return not writes
    if who in ("group", "extension") and name not in EVERYBODY:
        # Lower users reach what is below extensions; a path with a client is of client users.
        return "<client>" not in operation.path and realm(operation) in (LEVELS[who], "extension")
    return True


#: The realm of a user's own level.
LEVELS = {"group": "extension_group", "extension": "extension"}
#: What each user puts in the place of an id: things that are theirs.
OWN = {"group": {"extension": "85220"}, "extension": {"extension": "85218"}}


def asked(who: str, operation: Operation) -> tuple[int, str]:
    """The status of that request by that user, and the status word of a refusal."""
    world = World(start(), Config(freeze=True))
    app = enter(world)
    login, application = WHO[who]
    secret = {"client_id": application, "client_secret": "secret"}
    if login is None:
        token = token_of(app, grant_type="client_credentials", **secret)
    else:
        token = token_of(app, grant_type="password", username=login, password="secret", **secret)
    path = path_of(operation, **OWN.get(who, {}))
    answer = Caller(app, token).send(operation.method, path, **body_of(operation))
    shown = answer.get_json(silent=True)
    return answer.status_code, shown.get("status", "") if isinstance(shown, dict) else ""


WORDS = {
    "blocked": "user_blocked",
    "call": "app_access_type_deny",
    "reader": "user_access_type_deny",
    "group": "access_denied",
    "extension": "access_denied",
}


@pytest.mark.fact("ERR-2", "ERR-3", "ERR-4", "ERR-5", "AUT-10", "AUT-15", "AUT-16")
@pytest.mark.parametrize("who", WHO)
@each(OPERATIONS)
def test_the_table(who: str, operation: Operation) -> None:
    """Everybody may do what the table says, and is refused all else by the right word."""
    status, word = asked(who, operation)
    if expected(who, operation):
        assert status not in (401, 403)
    else:
        assert (status, word) == (403, WORDS[who])


@pytest.mark.fact("AUT-10")
def test_the_call_api() -> None:
    """The table names operations that there are."""
    names = {operation.view.__name__ for operation in OPERATIONS}
    assert names >= OPEN_TO_CALL_API
