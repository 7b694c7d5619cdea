"""What a request through `session` costs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from mockpbx import MockPBX
from mockpbx.doors.wsgi import ask

from .stopwatch import medians_ns

PATH = "/api/ver1.0/extension/@102/phone/"


class Nothing(HTTPAdapter):
    """Answers at once."""

    def send(self, request: Any, *args: Any, **options: Any) -> requests.Response:
        """The same answer to everything."""
        raw = HTTPResponse(
            BytesIO(b"{}"),
            headers={"Content-Type": "application/json"},
            status=200,
            preload_content=False,
        )
        return self.build_response(request, raw)


def session_to_wsgi() -> float:
    """A request through `session`, over a WSGI call and what requests itself costs."""
    with MockPBX() as pbx:
        headers = {"Authorization": f"Bearer {pbx.token()}"}
        here, nowhere = pbx.session(), requests.Session()
        nowhere.mount("http://", Nothing())
        for session in (here, nowhere):
            session.headers.update(headers)
        app = pbx.app.wsgi_app
        url = pbx.TEST_URL + PATH
        sent = [(name, str(value)) for name, value in here.headers.items()]
        found = []
        for _ in range(7):
            ours, plain = medians_ns(
                lambda: here.get(url), lambda: ask(app, "GET", url, sent).body.read(), times=150
            )
            alone, _ = medians_ns(lambda: nowhere.get(url), lambda: None, times=150)
            found.append(ours / (plain + alone))
    return min(found)
