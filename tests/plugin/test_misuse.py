"""What goes wrong in the use of the plugin is said clearly."""

from __future__ import annotations

import pytest

from .conftest import Run


def test_a_pbx_that_is_kept(run: Run) -> None:
    """Who keeps a PBX, its session or its address beyond the test is told of it."""
    done = run(
        """
        import json
        import urllib.error
        import urllib.request
        import pytest

        kept = []

        def test_one(mockpbx):
            call = mockpbx.incoming_call("+79161112233", to="101")
            kept.extend([mockpbx, mockpbx.session(), mockpbx.url, call, mockpbx.clock])
            kept.extend([mockpbx.faults, mockpbx.fork()])
            mockpbx.intercept("http://pbx.example.com").__enter__()

        def test_two():
            pbx, session, url, call, clock, faults, fork = kept
            text = "this PBX belonged to the test test_it.py::test_one, which is over"
            for use in (lambda: pbx.requests, lambda: pbx.url, lambda: pbx.add_extension(),
                        lambda: session.get("http://mockpbx.test/"), call.answer, clock.now,
                        lambda: faults.add(status=500), fork.token):
                with pytest.raises(RuntimeError) as caught:
                    use()
                assert str(caught.value) == text
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(url + "/api/ver1.0/user/")
            assert caught.value.code == 410
            assert json.load(caught.value) == {"message": text}

        def test_three(mockpbx):
            with mockpbx.intercept("https://other.example.com", only=True):
                with pytest.raises(urllib.error.URLError, match="only https://other.example.com"):
                    urllib.request.urlopen("http://pbx.example.com/")
            assert urllib.request.urlopen(kept[2] + "/_mockpbx/health").status == 200
            with pytest.raises(RuntimeError, match="test_one"):
                kept[1].get("http://mockpbx.test/")
        """
    )
    done.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (
            "wrld='office'",
            "@pytest.mark.mockpbx knows no wrld; it knows world, readings, strict, freeze, "
            "settings",
        ),
        (
            "'office'",
            "@pytest.mark.mockpbx takes keywords only: world, readings, strict, freeze, settings",
        ),
        (
            "settings={'sed': 1}",
            "@pytest.mark.mockpbx: settings: sed: no such setting; did you mean seed?; there are "
            "readings, rate_limits, seed, journal_limit, journal_bytes, delivery_timeout_s, "
            "retry_delays_s, quirks, callback_script",
        ),
        ("settings=5", "@pytest.mark.mockpbx: settings: must be a mapping, not 5"),
        ("strict='no'", "@pytest.mark.mockpbx: strict must be True or False"),
        ("readings='some'", "readings: 'some' is neither 'all' nor a mapping of readings"),
        (
            "readings={'slash': 'strict'}",
            "reading slash: no such reading; there are bundle_delete, registration_expires, "
            "registration_list, record_stereo, event_get, call_flow_case, record_delete, "
            "call_result, record_uuid_case, callback_ids, hangup_order, "
            "att_tr_number, current_calls_flow, to_username, slashes, "
            "unknown_fields, ivr_events",
        ),
        (
            "readings={'slashes': 'lax'}",
            "reading slashes: 'lax' is none of tolerant, strict",
        ),
        (
            "world='nowhere'",
            "world nowhere: no such file, and no world of that name: documented, empty, office",
        ),
        (
            "world='broken.json'",
            "world broken.json: clients[0].prefix: is required; clients[0].colour: is not known "
            "here",
        ),
    ],
)
def test_a_marker_that_cannot_be(
    run: Run, pytester: pytest.Pytester, marker: str, text: str
) -> None:
    """What a marker cannot mean is an error of the collection, with the test and the reason."""
    pytester.path.joinpath("broken.json").write_text(
        '{"format": 1, "clients": [{"id": 1, "name": "A", "domain": "a.example.com", "colour": 1}]}'
    )
    done = run(
        f"""
        import pytest

        @pytest.mark.mockpbx({marker})
        def test_one(mockpbx):
            pass
        """
    )
    done.assert_outcomes(errors=1)
    assert f"test_it.py::test_one: {text}" in done.outlines
    traces = ("Traceback", "mockpbx/plugin", "During handling")
    assert not [line for line in done.outlines for trace in traces if trace in line]


def test_readings_without_a_pbx(run: Run) -> None:
    """A test under each reading needs a PBX that follows them."""
    done = run(
        """
        import pytest

        @pytest.mark.mockpbx(readings="all")
        def test_one():
            pass
        """
    )
    done.assert_outcomes(errors=1)
    text = "test_it.py::test_one: readings='all' is for tests that use the fixture mockpbx"
    assert text in done.outlines


@pytest.mark.parametrize(
    ("fixture", "text"),
    [
        (
            "mockpbx_world",
            "mockpbx: world nowhere.json: no such file, and no world of that name: documented, "
            "empty, office",
        ),
        ("mockpbx_config", "mockpbx: mockpbx_config: no wrld; there are "),
        ("_config", "mockpbx: mockpbx_config: must be a Config or a mapping, not 5"),
    ],
)
def test_a_fixture_that_cannot_be(run: Run, fixture: str, text: str) -> None:
    """What a fixture cannot mean fails the test before it begins, in a line."""
    values = {"mockpbx_world": "'nowhere.json'", "mockpbx_config": "{'wrld': 1}", "_config": "5"}
    value = values[fixture]
    fixture = fixture if fixture.startswith("mockpbx") else "mockpbx_config"
    done = run(
        "def test_one(mockpbx): pass",
        conftest=f"""
        import pytest

        @pytest.fixture(scope="session")
        def {fixture}():
            return {value}
        """,
    )
    done.assert_outcomes(errors=1)
    assert [line for line in done.outlines if line.startswith(text)]


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--mockpbx-port=http", "--mockpbx-port: 'http' is no port from 0 to 65535"),
        ("--mockpbx-port=70000", "--mockpbx-port: '70000' is no port from 0 to 65535"),
        (
            "--mockpbx-coverage-fail-under=101",
            "--mockpbx-coverage-fail-under: '101' is no number from 0 to 100",
        ),
        ("--mockpbx-url=pbx", "--mockpbx-url: 'pbx' is no http address"),
        (
            "--mockpbx-world=nowhere",
            "mockpbx: world nowhere: no such file, and no world of that name: documented, empty, "
            "office",
        ),
    ],
)
def test_an_option_that_cannot_be(run: Run, option: str, text: str) -> None:
    """What an option cannot be is said in a line."""
    done = run("def test_one(mockpbx): pass", option)
    assert done.ret != 0
    lines = [*done.outlines, *done.errlines]
    assert [line for line in lines if text in line]
    assert not [line for line in lines if "Traceback" in line or "mockpbx/plugin" in line]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("MOCKPBX_PORT", "x", "MOCKPBX_PORT: 'x' is no port from 0 to 65535"),
        (
            "MOCKPBX_COVERAGE_FAIL_UNDER",
            "most",
            "MOCKPBX_COVERAGE_FAIL_UNDER: 'most' is no number from 0 to 100",
        ),
    ],
)
def test_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str
) -> None:
    """What the environment says wrongly is named by its variable."""
    monkeypatch.setenv(name, value)
    done = run("def test_one(mockpbx): mockpbx.url")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert done.errlines[0] == f"ERROR: {text}"


def test_a_taken_port(run: Run, taken_port: int) -> None:
    """A port that is taken is said in the test that asks for the address."""
    done = run(
        f"""
        import pytest

        def test_one(mockpbx):
            with pytest.raises(OSError, match="cannot listen on 127.0.0.1:{taken_port}"):
                mockpbx.url
        """,
        f"--mockpbx-port={taken_port}",
    )
    done.assert_outcomes(passed=1)


def test_undocumented_paths(run: Run) -> None:
    """A test whose code asks for a path that the PBX does not have fails, unless it allows that."""
    done = run(
        """
        import pytest

        def ask(mockpbx):
            mockpbx.session().get("http://mockpbx.test/api/ver1.0/usr/")

        def test_strict(mockpbx):
            ask(mockpbx)

        @pytest.mark.mockpbx(strict=False)
        def test_lax(mockpbx):
            ask(mockpbx)

        def test_right_path(mockpbx):
            mockpbx.session().get("http://mockpbx.test/api/ver1.0/extension/1/phone/")
        """
    )
    done.assert_outcomes(passed=2, failed=1)
    at = done.outlines.index("requests to paths that the PBX does not have:")
    assert done.outlines[at + 1 : at + 3] == [
        "  GET /api/ver1.0/usr/: no such path; the nearest is /api/ver1.0/user/",
        "(@pytest.mark.mockpbx(strict=False) allows them)",
    ]
