"""Tests against a server that already runs."""

from __future__ import annotations

import pytest

from mockpbx import create_app
from mockpbx.core.control_access import ControlAccess
from mockpbx.server.socket import Server

from ..shared import enter, fresh
from .conftest import Run

TESTS = """
    import requests
    import pytest

    @pytest.mark.parametrize("number", range(4))
    def test_it(mockpbx, number):
        assert mockpbx.requests == []
        headers = {"Authorization": "Bearer " + mockpbx.token()}
        assert requests.get(mockpbx.api_url + "/user/", headers=headers).status_code == 200
        call = mockpbx.incoming_call("+79161112233", to="101")
        assert call.answer().state == "answered"
        mockpbx.assert_requested("GET", "/user/", times=1)
"""


def test_a_running_server(run: Run) -> None:
    """Each test finds the server's world reset."""
    with Server(enter(fresh()), port=0) as server:
        done = run(TESTS, f"--mockpbx-url={server.url}", "--mockpbx-coverage")
    done.assert_outcomes(passed=4)
    assert "GET /api/ver1.0/user/: 200 (4); never 401, 403, 404, 413, 429" in done.outlines


@pytest.mark.parametrize("place", ["option", "environment", "ini"])
def test_a_server_with_a_control_token(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The token is given as any setting is; a run without it is told what is missing."""
    with Server(enter(fresh()), port=0, access=ControlAccess("open-sesame")) as server:
        url = f"--mockpbx-url={server.url}"
        without = run(TESTS, url)
        options = [url]
        if place == "option":
            options.append("--mockpbx-control-token=open-sesame")
        elif place == "environment":
            monkeypatch.setenv("MOCKPBX_CONTROL_TOKEN", "open-sesame")
        ini = "mockpbx_control_token = open-sesame\n" if place == "ini" else ""
        done = run(TESTS, *options, ini=ini)
    without.assert_outcomes(errors=4)
    assert "mockpbx: the control API wants its token: Authorization: Bearer" in without.outlines
    done.assert_outcomes(passed=4)


def test_several_workers(run: Run) -> None:
    """Each worker has a world of its own on that server."""
    with Server(create_app(), port=0) as server:
        done = run(TESTS, f"--mockpbx-url={server.url}", "-n2", beside=("xdist",))
    done.assert_outcomes(passed=4)


def test_a_failed_test(run: Run) -> None:
    """The section of a failed test comes from the server, and undocumented paths fail there too."""
    with Server(enter(fresh()), port=0) as server:
        done = run(
            """
            import requests

            def test_fails(mockpbx):
                mockpbx.incoming_call("+79161112233", to="101").answer()
                assert 0

            def test_undocumented(mockpbx):
                requests.get(mockpbx.api_url + "/usr/")
            """,
            f"--mockpbx-url={server.url}",
        )
    done.assert_outcomes(failed=2)
    assert any(line.endswith("101 answer") for line in done.outlines)
    assert "  GET /api/ver1.0/usr/: no such path; the nearest is /api/ver1.0/user/" in done.outlines


def test_settings_of_a_server(run: Run) -> None:
    """A test's readings and settings are the server's until the next test."""
    with Server(enter(fresh()), port=0) as server:
        done = run(
            """
            import pytest

            @pytest.mark.mockpbx(readings={"slashes": "strict"}, settings={"retry_delays_s": [5]})
            def test_set(mockpbx):
                assert mockpbx.settings.readings["slashes"] == "strict"
                assert mockpbx.settings.retry_delays_s == (5,)

            def test_usual(mockpbx):
                assert mockpbx.settings.readings["slashes"] == "tolerant"
                assert mockpbx.settings.retry_delays_s == ()
            """,
            f"--mockpbx-url={server.url}",
        )
    done.assert_outcomes(passed=2)


def test_what_a_server_cannot_do(run: Run) -> None:
    """A test that needs more worlds says so before it begins."""
    with Server(enter(fresh()), port=0) as server:
        done = run(
            """
            def test_more(make_mockpbx):
                make_mockpbx()
            """,
            f"--mockpbx-url={server.url}",
        )
    done.assert_outcomes(failed=1)
    assert "mockpbx: make_mockpbx is not for a PBX at --mockpbx-url" in str(done.stdout)


def test_no_server(run: Run) -> None:
    """Where nobody answers the test says so."""
    with Server(enter(fresh()), port=0) as server:
        url = server.url
    done = run("def test_it(mockpbx): pass", f"--mockpbx-url={url}")
    done.assert_outcomes(errors=1)
    assert f"mockpbx: no mockpbx answers at {url}" in done.outlines


def test_the_session_server(run: Run) -> None:
    """`mockpbx_server` is that server."""
    with Server(enter(fresh()), port=0) as server:
        done = run(
            f"""
            def test_it(mockpbx_server):
                assert mockpbx_server.url == {server.url!r}
            """,
            f"--mockpbx-url={server.url}",
        )
    done.assert_outcomes(passed=1)


def test_a_server_that_goes_away(run: Run) -> None:
    """A server that is gone in the middle fails the test, not the run."""
    with Server(enter(fresh()), port=0) as server:
        done = run(
            """
            import requests

            def test_it(mockpbx):
                mockpbx._remote.url = "http://127.0.0.1:9"
                assert 0
            """,
            f"--mockpbx-url={server.url}",
        )
    done.assert_outcomes(failed=1, errors=1)
    assert "no mockpbx answers at http://127.0.0.1:9" in done.outlines
