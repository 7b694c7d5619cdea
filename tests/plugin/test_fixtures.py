"""The fixtures, as somebody uses them who has installed mockpbx."""

from __future__ import annotations

import pytest

from .conftest import Run


def test_a_fresh_pbx_for_each_test(run: Run) -> None:
    """Each test finds the start world, at the same address, with the same first token."""
    done = run(
        """
        import urllib.request
        import pytest

        seen = []

        @pytest.mark.parametrize("number", range(3))
        def test_one(mockpbx, number):
            assert mockpbx.requests == []
            mockpbx.add_extension("300")
            assert urllib.request.urlopen(mockpbx.url + "/_mockpbx/health").status == 200
            seen.append((mockpbx.url, mockpbx.token(), mockpbx.extension("300").id))

        def test_all(mockpbx):
            assert len(seen) == 3 and len(set(seen)) == 1
        """
    )
    done.assert_outcomes(passed=4)


def test_a_missed_call(run: Run) -> None:
    """The example of the documentation: a missed call becomes a lead."""
    done = run(
        """
        import pytest
        import requests
        from flask import Flask, request

        class Crm:
            def __init__(self, pbx):
                self.leads = []
                self.app = Flask("crm")
                self.app.add_url_rule("/hook", view_func=self.hook, methods=["POST"])
                pbx.deliver_to("https://crm.example.com", self.app)

            def hook(self):
                if request.form["CallStatus"] == "CANCEL":
                    self.leads.append(request.form["CallerIDNum"])
                return ""

            def connect(self, url, app_id, app_secret):
                form = {"grant_type": "client_credentials", "client_id": app_id,
                        "client_secret": app_secret}
                token = requests.post(url + "/oauth/token", data=form).json()["access_token"]
                api = url + "/api/ver1.0/extension/85218/event/"
                for event_type in ("dial-in", "dial-out", "answer", "hangup"):
                    event = {"url": "https://crm.example.com/hook", "method": "POST",
                             "event_type": event_type}
                    headers = {"Authorization": "Bearer " + token}
                    assert requests.post(api, json=event, headers=headers).status_code == 201

        @pytest.fixture
        def crm(mockpbx):
            return Crm(mockpbx)

        def test_missed_call_becomes_a_lead(mockpbx, crm):
            crm.connect(mockpbx.url, mockpbx.app_id, mockpbx.app_secret)
            mockpbx.register("101")
            call = mockpbx.incoming_call("+79161112233", to="101")
            call.hang_up()
            assert crm.leads == ["+79161112233"]
            mockpbx.assert_requested("POST", "/extension/{id}/event/", times=4)
        """
    )
    done.assert_outcomes(passed=1)


def test_several_worlds(run: Run) -> None:
    """`make_mockpbx` makes worlds that do not meet, and the marker and the fixture set them up."""
    done = run(
        """
        import pytest

        @pytest.mark.mockpbx(readings={"slashes": "strict"})
        def test_it(mockpbx, make_mockpbx):
            one = make_mockpbx()
            two = make_mockpbx("documented", freeze=True, readings={"bundle_delete": "no_content"})
            assert len({mockpbx.url, one.url, two.url}) == 3
            names = [pbx.world.start.name for pbx in (mockpbx, one, two)]
            assert names == ["office", "office", "documented"]
            slashes = [pbx.world.readings.slashes for pbx in (mockpbx, one, two)]
            assert slashes == ["strict", "strict", "tolerant"]
            assert two.config.freeze and two.world.readings.bundle_delete == "no_content"
            one.add_extension("300")
            with pytest.raises(Exception, match="300"):
                mockpbx.extension("300")
        """
    )
    done.assert_outcomes(passed=1)


def test_overridden_fixtures(run: Run) -> None:
    """A project sets configuration and world for all its tests; a marker goes before."""
    done = run(
        """
        import pytest

        def test_all(mockpbx):
            assert (mockpbx.world.start.name, mockpbx.clock.now().year) == ("custom", 2026)
            assert mockpbx.world.clock.frozen and mockpbx.extension("11")

        @pytest.mark.mockpbx(world="documented")
        def test_one(mockpbx):
            assert mockpbx.world.start.name == "documented" and mockpbx.world.clock.frozen
        """,
        conftest="""
        import pytest

        @pytest.fixture(scope="session")
        def mockpbx_config():
            return {"freeze": True}

        @pytest.fixture(scope="session")
        def mockpbx_world():
            return {"format": 1, "clients": [{"id": 1, "name": "Own", "prefix": "77",
                "domain": "sip.example.com", "extension_len": 2,
                "extensions": [{"id": 11, "name": "11", "type": "phone"}]}]}
        """,
    )
    done.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("args", "environment", "ini", "fixture", "world"),
    [
        ((), {}, "", "", "office"),
        ((), {}, "mockpbx_world = empty", "", "empty"),
        ((), {"MOCKPBX_WORLD": "documented"}, "mockpbx_world = empty", "", "documented"),
        (
            ("--mockpbx-world=empty",),
            {"MOCKPBX_WORLD": "documented"},
            "mockpbx_world = office",
            "",
            "empty",
        ),
        (("--mockpbx-world=empty",), {}, "", "documented", "documented"),
    ],
    ids=["default", "ini", "environment", "option", "fixture"],
)
def test_which_setting_wins(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    environment: dict[str, str],
    ini: str,
    fixture: str,
    world: str,
) -> None:
    """Marker, fixture, option, environment, ini file, default: in this order."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = run(
        f"""
        import pytest

        def test_it(mockpbx):
            assert mockpbx.world.start.name == {world!r}

        @pytest.mark.mockpbx(world="office")
        def test_marker(mockpbx):
            assert mockpbx.world.start.name == "office"
        """,
        *args,
        ini=ini,
        conftest=f"""
        import pytest

        @pytest.fixture(scope="session")
        def mockpbx_world():
            return {fixture or None!r}
        """,
    )
    done.assert_outcomes(passed=2)


def test_which_settings_win(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A marker's settings go before the fixture's, and those before the environment's."""
    monkeypatch.setenv("MOCKPBX_SEED", "1")
    monkeypatch.setenv("MOCKPBX_JOURNAL_LIMIT", "10")
    monkeypatch.setenv("MOCKPBX_RETRY_DELAYS_S", "[5]")
    done = run(
        """
        import pytest

        @pytest.mark.mockpbx(settings={"seed": 3})
        def test_it(mockpbx):
            found = mockpbx.settings.now()
            assert (found.seed, found.journal_limit, found.retry_delays_s) == (3, 20, (5,))
        """,
        conftest="""
        import pytest

        @pytest.fixture(scope="session")
        def mockpbx_config():
            return {"seed": 2, "journal_limit": 20}
        """,
    )
    done.assert_outcomes(passed=1)


def test_the_session_server(run: Run) -> None:
    """`mockpbx_server` answers all along; while a test has its own PBX, that one answers there."""
    done = run(
        """
        import json
        import urllib.request

        def extensions(url):
            state = json.load(urllib.request.urlopen(url + "/_mockpbx/state"))
            return len(state["clients"][0]["extensions"])

        def test_first(mockpbx_server):
            mockpbx_server.add_extension("300")
            assert extensions(mockpbx_server.url) == 13

        def test_own(mockpbx, mockpbx_server):
            assert mockpbx.url == mockpbx_server.url
            assert extensions(mockpbx.url) == 12

        def test_last(mockpbx_server):
            assert extensions(mockpbx_server.url) == 13
        """
    )
    done.assert_outcomes(passed=3)


def test_host_and_port(run: Run, free_port: int) -> None:
    """The socket is where the options say."""
    done = run(
        f"""
        def test_it(mockpbx):
            assert mockpbx.url == "http://127.0.0.1:{free_port}"
        """,
        f"--mockpbx-port={free_port}",
        "--mockpbx-host=127.0.0.1",
    )
    done.assert_outcomes(passed=1)


def test_a_host_of_ipv6(run: Run) -> None:
    """The host of the socket may be an address of IPv6, in brackets."""
    done = run(
        """
        import pytest
        import urllib3

        def test_it(mockpbx):
            try:
                url = mockpbx.url
            except OSError:
                pytest.skip("no IPv6 here")
            assert url.startswith("http://[::1]:")
            assert urllib3.request("GET", url + "/_mockpbx/health").status == 200
        """,
        "--mockpbx-host=[::1]",
    )
    assert done.parseoutcomes() in ({"passed": 1}, {"skipped": 1})


def test_every_reading(run: Run) -> None:
    """With `readings="all"` a test runs under the default and under each other reading."""
    done = run(
        """
        import pytest

        @pytest.mark.mockpbx(readings="all")
        def test_it(mockpbx):
            pass
        """,
        "-v",
    )
    done.assert_outcomes(passed=18)
    lines = [line.split(" ")[0] for line in done.outlines if line.startswith("test_it.py::")]
    assert lines == [
        f"test_it.py::test_it[{name}]"
        for name in (
            "default",
            "bundle_delete=no_content",
            "registration_expires=utc",
            "registration_list=array",
            "record_stereo=words",
            "event_get=header",
            "call_flow_case=upper",
            "record_delete=204",
            "call_result=answered",
            "record_uuid_case=lower",
            "callback_ids=recorded",
            "hangup_order=menu_first",
            "att_tr_number=name",
            "current_calls_flow=lower",
            "to_username=did",
            "slashes=strict",
            "unknown_fields=refuse",
            "ivr_events=all",
        )
    ]


def test_a_reading_counts(run: Run) -> None:
    """Each of these runs follows its reading, one at a time."""
    done = run(
        """
        import pytest
        from mockpbx import Readings

        seen = []

        @pytest.mark.mockpbx(readings="all")
        def test_it(mockpbx):
            seen.append(mockpbx.world.readings)

        def test_all():
            assert seen[0] == Readings() and len(set(seen)) == 18
            assert Readings(slashes="strict") in seen
        """
    )
    done.assert_outcomes(passed=19)


def test_time(run: Run) -> None:
    """Freezegun and time-machine, on the test itself, rule tokens, registrations and calls."""
    done = run(
        """
        import datetime
        import freezegun
        import time_machine
        import requests

        def status(mockpbx, token):
            headers = {"Authorization": "Bearer " + token}
            return [client.get(root + "/api/ver1.0/user/", headers=headers).status_code
                    for client, root in ((mockpbx.session(), "http://mockpbx.test"),
                                         (requests, mockpbx.url))]

        @freezegun.freeze_time("2026-03-01 12:00:00")
        def test_ten_years(mockpbx):
            assert mockpbx.clock.now().isoformat() == "2026-03-01T12:00:00+00:00"
            with freezegun.freeze_time("2036-03-01") as frozen:
                token = mockpbx.token()
                assert status(mockpbx, token) == [200, 200]
                frozen.tick(3599)
                assert status(mockpbx, token) == [200, 200]
                frozen.tick(1)
                assert status(mockpbx, token) == [401, 401]

        def test_registrations_and_calls(mockpbx):
            with freezegun.freeze_time("2026-03-01", auto_tick_seconds=1) as frozen:
                mockpbx.add_extension("300", vm_enabled=False)
                mockpbx.register("300", expires=3600)
                call = mockpbx.incoming_call("+79161112233", to="300")
                assert call.state == "ringing"
                frozen.move_to("2026-03-01 00:59:00")
                assert call.state == "finished" and call.result == "NOANSWER"
                frozen.move_to("2026-03-01 01:01:00")
                assert mockpbx.incoming_call("+79161112233", to="300").state == "finished"

        @time_machine.travel("2026-03-01 12:00:00+00:00", tick=False)
        def test_travel(mockpbx):
            token = mockpbx.token()
            with time_machine.travel(datetime.datetime(2026, 3, 1, 13, 0, 1,
                                                       tzinfo=datetime.timezone.utc)):
                assert status(mockpbx, token) == [401, 401]
            assert status(mockpbx, token) == [200, 200]
        """
    )
    done.assert_outcomes(passed=3)


def test_threads_and_forgotten_calls(run: Run) -> None:
    """Threads of a test use its PBX; what rings at its end keeps nobody waiting."""
    done = run(
        """
        import threading

        def test_it(mockpbx):
            found = []
            thread = threading.Thread(
                target=lambda: found.append(mockpbx.incoming_call("+79161112233", to="101")))
            thread.start()
            thread.join()
            assert found[0].state == "ringing"
        """
    )
    done.assert_outcomes(passed=1)


def test_the_session_server_comes_later(run: Run) -> None:
    """`mockpbx_server` answers between tests, whichever opened the socket first."""
    done = run(
        """
        import requests

        def test_own(mockpbx):
            assert mockpbx.url

        def test_server(mockpbx_server):
            url = mockpbx_server.api_url + "/user/"
            assert requests.get(url).status_code == 401
            headers = {"Authorization": "Bearer " + mockpbx_server.token()}
            assert requests.get(url, headers=headers).status_code == 200
        """
    )
    done.assert_outcomes(passed=2)
