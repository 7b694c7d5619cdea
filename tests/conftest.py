"""What all tests share: a world in process, and clients that speak to it as its users."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mockpbx import MockPBX, World, create_app
from mockpbx.core.worlds import WORLD

from . import shared

API = "/api/ver1.0"

#: The token of the documentation's examples; it never expires in the world `documented`.
DOCUMENTED_TOKEN = "8SNsrS0jV35vfmKqKeKtRrHfpbg4UX"


class Caller:
    """Sends requests to one world of an application, with one token or none.

    Without a world it is the application's default one.
    """

    def __init__(self, app: Flask, token: str | None = None, world: World | None = None) -> None:
        self.app = app
        self.token = token
        self.world: World = world or app.extensions["mockpbx"].worlds.default
        self._client = app.test_client()
        if world is not None:
            environ: dict[str, Any] = self._client.environ_base
            environ[WORLD] = world

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request; a path that starts with a slash and no realm of its own is below the API."""
        if not path.startswith(("/oauth", "/_mockpbx", "/worlds", "/api/")):
            path = API + path
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self._client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """GET."""
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        """POST."""
        return self.send("POST", path, **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        """PUT."""
        return self.send("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        """DELETE."""
        return self.send("DELETE", path, **options)

    def state(self) -> Any:
        """The exported world."""
        return self.get("/_mockpbx/state").json


def token_of(app: Flask, **fields: str) -> str:
    """A fresh token of the default world by that grant."""
    answer = app.test_client().post("/oauth/token", data=fields)
    assert answer.status_code == 200, answer.text
    token: str = json.loads(answer.text)["access_token"]
    return token


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test beside another library is skipped where there is none."""
    for marker in item.iter_markers("neighbour"):
        missing = [name for name in marker.args if importlib.util.find_spec(name) is None]
        if missing:
            pytest.skip(f"needs {', '.join(missing)}: pip install -e '.[neighbours]'")


@pytest.fixture
def make_caller() -> Iterator[Callable[..., Caller]]:
    """Makes a caller of a fresh world: `make_caller("office", user="sales", **config)`.

    Without `user` it is the user of the whole client, through the application `app`; with one,
    that user through `desktop`; with `application` that trusted application. `world` is a
    shipped world's name, a world file's content or a running world. Tests share one WSGI
    application; with `alone` it is the test's own, which may have other worlds by name. Every
    answer must be one that the OpenAPI document has.
    """
    shared.surprises.clear()

    def make(
        world: Any = "office",
        *,
        user: str | None = None,
        application: str = "app",
        alone: bool = False,
        **config: Any,
    ) -> Caller:
        made = shared.fresh(world, **config)
        app = shared.checked(create_app(made)) if alone else shared.enter(made)
        asked = None if alone else made
        if world == "documented" and user is None:
            return Caller(app, DOCUMENTED_TOKEN, asked)
        secret = {"client_id": application, "client_secret": "secret"}
        if user is None:
            return Caller(app, token_of(app, grant_type="client_credentials", **secret), asked)
        secret["client_id"] = "desktop"
        login = {"username": user, "password": "secret"}
        return Caller(app, token_of(app, grant_type="password", **secret, **login), asked)

    yield make
    assert shared.surprises == []


@pytest.fixture
def office(make_caller: Callable[..., Caller]) -> Caller:
    """The world `office` with a frozen clock, as the user of the whole client."""
    return make_caller("office", freeze=True)


@pytest.fixture
def documented(make_caller: Callable[..., Caller]) -> Caller:
    """The world `documented` with a frozen clock, with the documentation's token."""
    return make_caller("documented", freeze=True)


@pytest.fixture
def mock() -> Iterator[MockPBX]:
    """A PBX in a fresh world `office`, whose clock stands."""
    with shared.pbx(freeze=True) as made:
        yield made
