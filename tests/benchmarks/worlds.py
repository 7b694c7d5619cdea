"""Applications and requests that the figures are measured with."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, jsonify, request
from marshmallow import Schema, fields
from werkzeug.test import EnvironBuilder

from mockpbx import Config, World, create_app
from mockpbx.core.accounts import Client
from mockpbx.core.store import Store
from mockpbx.core.world import Start
from mockpbx.resources.extension.model import Extension
from mockpbx.worlds import read

from ..conftest import API, DOCUMENTED_TOKEN

BUNDLE_PATH = "/client/801/extensions_bundle/31456"
BUNDLE_BODY = b'{"bundle_list": [32486, 32767]}'
LIST_PATH = "/client/801/extension/"
READ_PATH = "/client/801/extension/31456"


def world_of(extensions: int) -> World:
    """The world `documented` whose client 801 has that many extensions."""
    start = read("documented")
    store = Store(start.kinds, start.base)
    store.put(replace(store.get(Client, 801), extension_len=4))
    pattern = store.get(Extension, 31456)
    missing = extensions - len(store.ids(Extension, "client_id", 801))
    for number in range(100_000, 100_000 + missing):
        store.put(replace(pattern, id=number, name=f"000*{number}"))
    return World(Start("large", start.kinds, store.as_base()), Config())


def application(extensions: int) -> Flask:
    """The application of a world with that many extensions."""
    return create_app(world_of(extensions))


def bare() -> Flask:
    """What Flask and marshmallow cost alone: a route that loads the same JSON, one that answers."""

    class Body(Schema):
        bundle_list = fields.List(fields.Integer(), required=True)

    schema = Body()
    app = Flask(__name__)

    @app.post(f"{API}/client/<int:client>/extensions_bundle/<int:extension>")
    def set_bundle(client: int, extension: int) -> Any:
        loaded = schema.load(request.get_json())
        return jsonify(bundle_list=loaded["bundle_list"], bundle_id=extension), 201

    @app.get(f"{API}/client/<int:client>/extension/<int:extension>")
    def read_extension(client: int, extension: int) -> Any:
        return jsonify(id=extension)

    return app


def set_bundle(app: Flask) -> Callable[[], bytes]:
    """Sets the bundle of the documentation's example, again and again."""
    return _request_to(app, "POST", BUNDLE_PATH, BUNDLE_BODY)


def get(app: Flask, path: str) -> Callable[[], bytes]:
    """Reads that path, again and again."""
    return _request_to(app, "GET", path)


def _request_to(app: Flask, method: str, path: str, body: bytes = b"") -> Callable[[], bytes]:
    """Sends the request straight into the application: no socket, no client to pay for."""
    environ = EnvironBuilder(
        path=API + path,
        method=method,
        environ_overrides={"HTTP_AUTHORIZATION": f"Bearer {DOCUMENTED_TOKEN}"},
        content_type="application/json" if body else None,
        content_length=len(body) or None,
    ).get_environ()
    status = ""

    def start_response(line: str, *_: object) -> Callable[[bytes], object]:
        nonlocal status
        status = line
        return len

    def send() -> bytes:
        sent = environ.copy()
        sent["wsgi.input"] = io.BytesIO(body)
        answer = b"".join(app.wsgi_app(sent, start_response))
        assert status[0] == "2", answer
        return answer

    return send
