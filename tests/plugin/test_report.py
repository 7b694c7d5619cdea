"""What a failed test tells of its PBX."""

from __future__ import annotations

import pytest

from .conftest import Run

STORY = """
    import pytest

    @pytest.fixture
    def pbx(mockpbx):
        import datetime
        mockpbx.clock.freeze()
        mockpbx.clock.move_to(datetime.datetime(2026, 3, 1, 12))
        return mockpbx

    def use(pbx):
        session = pbx.session()
        session.headers["Authorization"] = "Bearer " + pbx.token()
        pbx.deliver_to("https://crm.example.com", lambda request: (503, "busy"))
        url = "http://mockpbx.test/api/ver1.0/extension/@101/event/"
        for event_type in ("dial-in", "ring"):
            session.post(url, json={"url": "https://crm.example.com/hook", "method": "POST",
                                    "event_type": event_type})
        pbx.clock.advance(2)
        return pbx.incoming_call("+79161112233", to="101")
"""


def test_a_failed_test(run: Run) -> None:
    """One section tells requests, refusals, notes, deliveries and calls; a passed test has none."""
    done = run(
        STORY
        + """
    def test_fails(pbx):
        use(pbx).answer()
        assert 0

    def test_passes(pbx):
        use(pbx)
"""
    )
    done.assert_outcomes(passed=1, failed=1)
    [at] = [number for number, line in enumerate(done.outlines) if line.strip("- ") == "mockpbx"]
    section = done.outlines[
        at + 1 : done.outlines.index("", done.outlines.index("deliveries:", at))
    ]
    lines = [line for line in section if not line.startswith("note ")]
    refusal = (
        "event_type: must be one of dial-in, dial-out, hangup, answer, message-in, message-out, "
        "voicemail"
    )
    assert lines[:-1] == [
        "world office",
        "requests:",
        "  12:00:00.000 POST /api/ver1.0/extension/@101/event/ -> 201",
        "  12:00:00.000 POST /api/ver1.0/extension/@101/event/ -> 400 EVT-4",
        f"      {refusal}",
        '      sent: {"url": "https://crm.example.com/hook", "method": "POST", '
        '"event_type": "ring"}',
        f'      answered: {{"message": "{refusal}"}}',
        "deliveries:",
    ]
    assert lines[-1].startswith("  12:00:02.000 #1 dial-in of ")
    assert lines[-1].endswith(" POST https://crm.example.com/hook -> 503 'busy'")
    rest = done.outlines[at + 1 + len(section) :]
    assert any("     0.000  |<------------|   101 answer" in line for line in rest)


def test_several_worlds(run: Run) -> None:
    """Each world of a failed test has a section, wherever it failed, and only once."""
    done = run(
        """
        import pytest

        @pytest.fixture
        def late(mockpbx):
            yield
            assert 0, "late"

        def test_it(mockpbx, make_mockpbx, late):
            make_mockpbx("documented")
            make_mockpbx("empty")
            assert 0, "early"
        """
    )
    done.assert_outcomes(failed=1, errors=1)
    titles = [line.strip("- ") for line in done.outlines if line.startswith("-----")]
    assert titles == ["mockpbx", "mockpbx 1", "mockpbx 2"]
    assert [line for line in done.outlines if line.startswith("world ")] == [
        "world office",
        "world documented",
        "world empty",
    ]


def test_only_the_end_fails(run: Run) -> None:
    """A test that fails after its body tells all the same."""
    done = run(
        """
        import pytest

        @pytest.fixture
        def late(mockpbx):
            yield
            assert 0, "late"

        def test_it(mockpbx, late):
            mockpbx.incoming_call("+79161112233", to="101")
        """
    )
    done.assert_outcomes(passed=1, errors=1)
    assert "world office" in done.outlines


def test_a_reading_is_told(run: Run) -> None:
    """The section names the readings that are not the default."""
    done = run(
        """
        import pytest

        @pytest.mark.mockpbx(readings={"slashes": "strict"})
        def test_it(mockpbx):
            assert 0
        """
    )
    assert "world office, slashes=strict" in done.outlines


def test_secrets_stay_secret(run: Run) -> None:
    """The section shows neither tokens nor secrets."""
    done = run(
        """
        def test_it(mockpbx):
            session = mockpbx.session()
            form = {"grant_type": "client_credentials", "client_id": "app",
                    "client_secret": "hidden-1"}
            session.post("http://mockpbx.test/oauth/token?password=hidden-2", data=form)
            assert mockpbx.requests == []
        """,
        "--tb=native",
    )
    assert "sent: grant_type=client_credentials&client_id=app&client_secret=***" in str(done.stdout)
    assert "hidden-" not in str(done.stdout)


def test_the_line_of_the_test(run: Run, taken_port: int) -> None:
    """What mockpbx refuses shows the line of the test that asked, and none of mockpbx's own."""
    done = run(
        """
        def test_requested(mockpbx):
            mockpbx.assert_requested("GET", "/user/")

        def test_not_requested(mockpbx):
            mockpbx.session().get("http://mockpbx.test/api/ver1.0/user/")
            mockpbx.assert_not_requested("GET", "/user/")

        def test_waiting(mockpbx):
            mockpbx.wait_for_request("GET", "/user/", timeout=0)

        def test_delivery(mockpbx):
            mockpbx.wait_for_delivery("hangup", timeout=0)

        def test_a_taken_port(mockpbx):
            mockpbx.url
        """,
        f"--mockpbx-port={taken_port}",
    )
    done.assert_outcomes(failed=5)
    places = [line for line in done.outlines if ".py:" in line and "::" not in line]
    assert [line.partition(":")[0] for line in places] == ["test_it.py"] * 5
    done.stdout.fnmatch_lines([f"E*ServerError: cannot listen on 127.0.0.1:{taken_port}: *"])


RECEIVER = """
    import pytest

    def listen(pbx, target, **options):
        pbx.deliver_to("https://crm.example.com", target, **options)
        pbx.session().post(
            "http://mockpbx.test/api/ver1.0/extension/@101/event/",
            json={"url": "https://crm.example.com/hook", "method": "POST",
                  "event_type": "dial-in"},
            headers={"Authorization": "Bearer " + pbx.token()},
        )
        pbx.incoming_call("+79161112233", to="101")

    def hook(request):
        assert b"CANCEL" in request.body, "what the receiver found"
"""


def test_a_receiver_that_fails_fails_the_test(run: Run) -> None:
    """At its end, with the receiver's line and message; with a test that failed it stays silent."""
    done = run(
        RECEIVER
        + """
    def test_fails(mockpbx):
        listen(mockpbx, hook)

    def test_fails_of_another(make_mockpbx):
        listen(make_mockpbx(), hook)

    def test_is_off(mockpbx):
        listen(mockpbx, hook, strict=False)

    def test_fails_itself(mockpbx):
        listen(mockpbx, hook)
        assert 0, "the test's own"
        """
    )
    done.assert_outcomes(failed=3, passed=1)
    text = str(done.stdout)
    assert text.count('>       assert b"CANCEL" in request.body') == 2
    assert text.count("AssertionError: the test's own") == 2  # its traceback, and the summary


def test_options_of_the_server_fail_no_test(run: Run) -> None:
    """`OPTIONS *` is a question for no path: it fails no strict test, `OPTIONS /none` does."""
    done = run(
        """
    import socket
    import pytest

    @pytest.mark.parametrize("target", ["*", "/none"])
    def test_it(mockpbx, target):
        host, port = mockpbx.url.removeprefix("http://").rsplit(":", 1)
        with socket.create_connection((host, int(port)), 5) as connection:
            head = f"OPTIONS {target} HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"
            connection.sendall(head.encode())
            assert connection.recv(9) == b"HTTP/1.1 "
        """
    )
    done.assert_outcomes(passed=1, failed=1)
    assert "OPTIONS /none: no such path" in str(done.stdout)


MISTAKES = (
    'mockpbx.assert_requested("POST", "/extensoin/{id}/event/")',
    'mockpbx.assert_requested("POST", "/user/", jsn=1)',
    'mockpbx.assert_requested("POST", "/user/", times="x")',
    'mockpbx.assert_requested("GET", "/user/")',
    'mockpbx.wait_for_delivery(extension="999")',
    'mockpbx.faults.add("GET /usr/", status=500)',
    'mockpbx.faults.add("GET /user/")',
    "mockpbx.add_extension(colour=1)",
    'mockpbx.incoming_call("+79161112233", to="105").answer()',
    'mockpbx.clock.advance("x")',
    "mockpbx.settings.sed",
    "mockpbx.settings.change(sed=1)",
)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_the_test(run: Run, mistake: str) -> None:
    """A mistake in what a test asks of its PBX shows the test's line, and none of mockpbx."""
    done = run(f"def test_it(mockpbx):\n    {mistake}\n")
    done.assert_outcomes(failed=1)
    assert [line for line in done.outlines if line.startswith(">")] == [f">       {mistake}"]
    places = [line for line in done.outlines if ".py:" in line and not line.startswith("FAILED")]
    assert [line.partition(":")[0] for line in places] == ["test_it.py"]


def test_a_mistake_in_a_receiver(run: Run) -> None:
    """A step that a receiver makes in vain shows the receiver's line."""
    done = run(
        """
        def test_it(mockpbx):
            call = mockpbx.incoming_call("+79161112233", to="105")
            def again():
                call.answer()
            again()
        """
    )
    done.assert_outcomes(failed=1)
    assert [line.strip("> ") for line in done.outlines if line.startswith(">")] == [
        "again()",
        "call.answer()",
    ]


def test_the_full_trace(run: Run) -> None:
    """Who asks pytest for the full trace sees it."""
    done = run("def test_it(mockpbx):\n    mockpbx.add_extension(colour=1)\n", "--full-trace")
    done.assert_outcomes(failed=1)
    assert "provisioning.py" in str(done.stdout)
