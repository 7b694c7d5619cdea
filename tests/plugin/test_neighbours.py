"""Beside the plugins that projects have."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import Run


def test_xdist(run: Run) -> None:
    """Each worker has a socket of its own."""
    done = run(
        """
        import os
        import pathlib
        import pytest
        import urllib.request

        @pytest.mark.parametrize("number", range(8))
        def test_it(mockpbx, number):
            assert urllib.request.urlopen(mockpbx.url + "/_mockpbx/health").status == 200
            assert mockpbx.requests == []
            mockpbx.session().get("http://mockpbx.test/api/ver1.0/user/")
            name = os.environ["PYTEST_XDIST_WORKER"]
            pathlib.Path(f"{name}-{mockpbx.url[-5:]}").touch()
        """,
        "-n2",
        beside=("xdist",),
    )
    done.assert_outcomes(passed=8)


def test_xdist_with_a_port(run: Run, free_port: int) -> None:
    """A port that is named is the first worker's; the others take the next ones."""
    done = run(
        f"""
        import os
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_it(mockpbx, number):
            worker = int(os.environ["PYTEST_XDIST_WORKER"][2:])
            assert mockpbx.url == f"http://127.0.0.1:{{{free_port} + worker}}"
        """,
        "-n2",
        f"--mockpbx-port={free_port}",
        beside=("xdist",),
    )
    done.assert_outcomes(passed=4)


def test_a_failure_in_a_worker(run: Run) -> None:
    """The section of a failed test comes from its worker."""
    done = run("def test_it(mockpbx): assert 0", "-n1", beside=("xdist",))
    assert "world office" in done.outlines


@pytest.mark.neighbour("pytest_randomly")
def test_randomly(run: Run) -> None:
    """pytest-randomly, which shuffles and seeds, changes no identifier."""
    done = run(
        """
        import pytest

        tokens = set()

        @pytest.mark.parametrize("number", range(3))
        def test_it(mockpbx, number):
            tokens.add(mockpbx.token())
            assert len(tokens) == 1
        """,
        "-p",
        "randomly",
        beside=("randomly",),
    )
    done.assert_outcomes(passed=3)


@pytest.mark.neighbour("pyfakefs")
def test_a_file_system_that_is_none(run: Run) -> None:
    """pyfakefs: a PBX is there in a test that has replaced the file system before or after it."""
    done = run(
        """
        def test_before(fs, mockpbx, make_mockpbx):
            assert mockpbx.incoming_call("+79161112233", to="101").answer().hang_up().result
            assert make_mockpbx("documented").extension(54).id == 54

        def test_after(mockpbx, fs):
            fs.create_file("/etc/crm.ini", contents=mockpbx.token())
            assert mockpbx.session().get(mockpbx.url + "/api/ver1.0/user/").status_code == 401
        """,
        beside=("fakefs",),
    )
    done.assert_outcomes(passed=2)


@pytest.mark.neighbour("pytest_asyncio")
def test_asyncio(run: Run) -> None:
    """pytest-asyncio: asynchronous tests and fixtures use the PBX."""
    done = run(
        """
        import httpx
        import pytest
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def api(mockpbx):
            headers = {"Authorization": "Bearer " + mockpbx.token()}
            async with httpx.AsyncClient(transport=mockpbx.httpx_transport(), headers=headers,
                                         base_url="http://mockpbx.test/api/ver1.0") as client:
                yield client

        @pytest.mark.asyncio
        async def test_it(mockpbx, api):
            assert (await api.get("/user/")).json()["login"] == "admin"
            async with httpx.AsyncClient() as client:
                assert (await client.get(mockpbx.url + "/_mockpbx/health")).status_code == 200
            with mockpbx.intercept("https://pbx.example.com"):
                async with httpx.AsyncClient() as client:
                    answer = await client.get("https://pbx.example.com/_mockpbx/health")
                    assert answer.json()["status"] == "ok"
        """,
        ini="asyncio_mode = strict\nasyncio_default_fixture_loop_scope = function",
        beside=("asyncio",),
    )
    done.assert_outcomes(passed=1)


@pytest.mark.neighbour("pytest_flask")
def test_flask(run: Run) -> None:
    """pytest-flask: its `app`, `client` and `live_server` stay its own; webhooks reach the app."""
    done = run(
        """
        import pytest
        from flask import Flask, request

        @pytest.fixture
        def app():
            app = Flask("crm")
            app.seen = []

            @app.post("/hook")
            def hook():
                app.seen.append(request.form["EventType"])
                return ""

            return app

        def test_it(mockpbx, app, client):
            mockpbx.deliver_to("https://crm.example.com", app)
            api = mockpbx.session()
            api.headers["Authorization"] = "Bearer " + mockpbx.token()
            api.post("http://mockpbx.test/api/ver1.0/extension/@101/event/",
                     json={"url": "https://crm.example.com/hook", "method": "POST",
                           "event_type": "dial-in"})
            mockpbx.incoming_call("+79161112233", to="101")
            assert app.seen == ["dial-in"]
            assert client.get("/none").status_code == 404
        """,
        beside=("pytest-flask",),
    )
    done.assert_outcomes(passed=1)


@pytest.mark.neighbour("django", "pytest_django")
def test_django(run: Run) -> None:
    """pytest-django: its `client` and `live_server` stay its own; webhooks reach the project."""
    done = run(
        """
        import requests
        from django.core.handlers.wsgi import WSGIHandler

        def test_it(mockpbx, client, settings):
            import urls
            settings.PBX = mockpbx.url
            mockpbx.deliver_to("https://crm.example.com", WSGIHandler())
            headers = {"Authorization": "Bearer " + mockpbx.token()}
            made = requests.post(settings.PBX + "/api/ver1.0/extension/@101/event/",
                headers=headers, json={"url": "https://crm.example.com/hook", "method": "POST",
                                       "event_type": "dial-in"})
            assert made.status_code == 201
            mockpbx.incoming_call("+79161112233", to="101")
            assert urls.seen == ["dial-in"]
            assert client.get("/hook").status_code == 200
        """,
        conftest="""
        import sys
        import types
        from django.conf import settings

        def pytest_configure():
            urls = types.ModuleType("urls")
            sys.modules["urls"] = urls
            from django.http import HttpResponse
            from django.urls import path

            def hook(request):
                urls.seen.extend(request.POST.getlist("EventType"))
                return HttpResponse("")

            urls.seen = []
            urls.urlpatterns = [path("hook", hook)]
            settings.configure(ROOT_URLCONF="urls", ALLOWED_HOSTS=["*"], SECRET_KEY="x",
                               DATABASES={})
        """,
        beside=("django",),
    )
    done.assert_outcomes(passed=1)


def test_nothing_is_imported_before_it_is_used() -> None:
    """The plugin module imports pytest alone: every run of pytest pays for more."""
    code = (
        "import sys, pytest; before = set(sys.modules); import mockpbx.pytest_plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['mockpbx', 'mockpbx.pytest_plugin']\n"


def test_a_run_without_a_pbx(run: Run) -> None:
    """A run that uses no PBX imports nothing of it, nor Flask."""
    done = run(
        """
        import sys

        def test_it():
            assert "flask" not in sys.modules and "marshmallow" not in sys.modules
            found = sorted(name for name in sys.modules if name.startswith("mockpbx"))
            assert found == ["mockpbx", "mockpbx.pytest_plugin"]
        """,
        apart=True,
    )
    done.assert_outcomes(passed=1)


def test_the_help(run: Run) -> None:
    """Options, settings, fixtures and the marker are in pytest's own lists."""
    text = str(run("", "--help").stdout)
    for option in ("world", "url", "host", "port", "coverage", "coverage-fail-under"):
        assert f"--mockpbx-{option}" in text
        assert f"mockpbx_{option.replace('-', '_')}" in text
    assert (
        "@pytest.mark.mockpbx(world=..., readings=..., strict=True, freeze=True, settings={...})"
        in str(run("", "--markers").stdout)
    )
    text = str(run("", "--fixtures").stdout)
    for name in ("mockpbx", "make_mockpbx", "mockpbx_server", "mockpbx_config", "mockpbx_world"):
        assert f"\n{name}" in text
